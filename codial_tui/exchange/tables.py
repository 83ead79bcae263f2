"""Writing tables for other programs: CSV as French spreadsheets open it, and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

BOM = "\ufeff"
"""First character of a CSV file, without which spreadsheets do not see its UTF-8."""


def write_csv(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Rows under a header, separated by `;`; returns how many there are."""
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """The same in a workbook, every cell a text: a reference keeps its zeros, and nothing that
    begins with `=` becomes a formula."""
    import xlsxwriter

    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for place, title in enumerate(header):
            sheet.write_string(0, place, title, bold)
        for row in rows:
            count += 1
            for place, text in enumerate(row):
                sheet.write_string(count, place, text)
    return count
