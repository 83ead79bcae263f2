"""Writing tables for other programs: CSV as French spreadsheets open it, and XLSX.

A cell is a text, a `Decimal` or a date; what is text stays text, so that a reference keeps its
zeros. A text that a spreadsheet would take for a formula is written as one with `safe`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

BOM = "\ufeff"
"""First character of a CSV file, without which spreadsheets do not see its UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet calculates, or that hides such a sign."""
SHEET_ROWS = 1_048_575
"""Rows an XLSX sheet can hold under its header."""

Cell = str | Decimal | date


def write_csv(
    file: TextIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, safe: bool = False
) -> int:
    """Rows under a header, separated by `;`; returns how many there are. Numbers have a decimal
    comma, dates are `09/11/2026`. safe: texts that look like formulas get an apostrophe."""
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([_text(cell, safe) for cell in row])
        count += 1
    return count


def _text(cell: Cell, safe: bool) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return f"'{cell}" if safe and cell.startswith(FORMULA) else cell


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """The same in a workbook: nothing that begins with `=` becomes a formula, not even when
    somebody edits the cell. At most SHEET_ROWS rows, the others are left out.

    A `Decimal` is written as its own digits (16 of them), never through a float; spreadsheets then
    keep 15, more than an amount in cents has here.
    """
    import xlsxwriter

    count = 0
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        quoted = book.add_format({"quote_prefix": True})
        decimals = [book.add_format({"num_format": _number_format(n)}) for n in range(7)]
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(header):
            sheet.write_string(0, place, title, bold)
        for row in rows:
            if count == SHEET_ROWS:
                break
            count += 1
            for place, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    exponent = cell.as_tuple().exponent
                    digits = -exponent if isinstance(exponent, int) else 0
                    sheet.write_number(count, place, cell, decimals[max(0, min(6, digits))])
                elif isinstance(cell, date):
                    sheet.write_datetime(count, place, cell)
                elif cell.startswith(FORMULA):
                    sheet.write_string(count, place, cell, quoted)
                else:
                    sheet.write_string(count, place, cell)
    return count


def _number_format(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")
