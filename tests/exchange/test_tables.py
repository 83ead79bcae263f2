"""Tables for spreadsheets: every digit of an amount, days as days, no formula from a text."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from codial_tui.exchange import tables
from codial_tui.exchange.tables import write_csv, write_xlsx

ROW = ("0012", Decimal("12340.50"), date(2026, 11, 9), "")


def test_csv_as_french_spreadsheets_read_it() -> None:
    file = io.StringIO()
    assert write_csv(file, ("a", "b", "c", "d"), [ROW, ('x;"', Decimal(-3), "é\n", "-1")]) == 2
    assert file.getvalue() == ('a;b;c;d\r\n0012;12340,50;09/11/2026;\r\n"x;""";-3;"é\n";-1\r\n')


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_looks_like_a_formula_is_text(text: str, tmp_path: Path) -> None:
    file = io.StringIO(newline="")
    write_csv(file, ("a",), [(text,)], safe=True)
    assert file.getvalue().removeprefix("a\r\n").lstrip('"').startswith(f"'{text[:1]}")
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ("a",), [(text,)])
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert "<f>" not in sheet and 't="inlineStr"' in sheet
    assert 'quotePrefix="1"' in styles


@pytest.mark.parametrize(
    "amount", ["0.00", "-0.01", "0.10", "12340.50", "9999999999999.99", "-1234567890123.45"]
)
def test_a_number_is_written_with_its_own_digits(amount: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ("a",), [(Decimal(amount),)])
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert re.findall(r"<v>([^<]*)</v>", sheet) == [amount]
    assert "#,##0.00" in styles or 'numFmtId="4"' in styles


def test_a_sheet_holds_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    assert write_xlsx(tmp_path / "a.xlsx", ("a",), [(str(n),) for n in range(9)]) == 3
