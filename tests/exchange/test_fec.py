"""The layout of the FEC extract, and that its checker sees what is wrong."""

from __future__ import annotations

import pytest
from fec_checker import check

from codial_tui.exchange.accounting_csv import PACKAGES, package_csv, plain_csv
from codial_tui.exchange.fec import FecRow, amount, encoded, fec, file_name

ROWS = (
    FecRow(
        *("VE", "Ventes", 1, "2026-11-22", "411000", "Clients", "C1", "MARTIN & C° ; « Ça »"),
        *("FA26-00001", "2026-11-22", "Facture\tFA26|00001\r\nMARTIN", 120_000, 0, "2026-11-30"),
    ),
    FecRow(
        *("VE", "Ventes", 1, "2026-11-22", "707000", "Ventes", "", "", "FA26-00001"),
        *("2026-11-22", "=2+3", 0, 120_000, "2026-11-30", "LYO", "CH1"),
    ),
)


def wrong(content: bytes, encoding: str = "utf-8") -> list[str]:
    return check("123456782FEC20261130.txt", content, "20261101", "20261130", encoding)


def test_the_bytes() -> None:
    assert file_name("123456782", "2026-11-30") == "123456782FEC20261130.txt"
    content = fec(ROWS)
    assert wrong(content) == []
    lines = content.decode().split("\r\n")
    assert lines[1] == (
        "VE\tVentes\t1\t20261122\t411000\tClients\tC1\tMARTIN & C° ; « Ça »\tFA26-00001\t20261122\t"
        "Facture FA26 00001 MARTIN\t1200,00\t0,00\t\t\t20261130\t\t"
    )
    assert fec(ROWS) == content


def test_another_encoding_loses_nothing_but_what_it_lacks() -> None:
    content = fec(ROWS, "iso-8859-15")
    assert wrong(content, "iso8859-15") == [] and "« Ça »".encode("iso8859-15") in content
    assert encoded("Łódź €œ 漢", "iso-8859-15").decode("iso8859-15") == "?ódz €œ ?"


def test_amounts() -> None:
    assert [amount(one) for one in (0, 5, -5, 123_456_789)] == [
        "0,00",
        "0,05",
        "-0,05",
        "1234567,89",
    ]


def test_the_plain_csv() -> None:
    lines = plain_csv(ROWS).decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("journal;numero;date;compte;auxiliaire;piece;date_piece;libelle;")
    assert lines[2] == "VE;1;22/11/2026;707000;;FA26-00001;22/11/2026;'=2+3;0,00;1200,00;LYO;CH1"


def test_the_columns_of_packages() -> None:
    """The customer on the left, what was sold on the right; accents in Windows-1252."""
    found = {name: package_csv(name, ROWS).decode("windows-1252") for name in PACKAGES}
    label = "Facture FA26 00001 MARTIN"
    assert found["cegid"].split("\r\n") == [
        f"22112026;VE;411000;C1;D;1200,00;{label};FA26-00001",
        "22112026;VE;707000;;C;1200,00;'=2+3;FA26-00001",
        "",
    ]
    assert found["coala"].split("\r\n") == [
        f"22/11/2026;VE;411000;1;{label};1200,00;0,00;E;C1",
        "22/11/2026;VE;707000;1;'=2+3;0,00;1200,00;E;",
        "",
    ]
    name = "MARTIN & C° ; « Ça »"
    assert found["ebp"].split("\r\n") == [
        f"1,22112026,VE,C1,{name},{label},FA26-00001,1200.00,D,22112026,EUR",
        "1,22112026,VE,707000,Ventes,'=2+3,FA26-00001,1200.00,C,22112026,EUR",
        "",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROWS[0]._replace(account="41"), "account 41"),
        (ROWS[0]._replace(account="512000"), "an auxiliary on 512000"),
        (ROWS[0]._replace(piece=""), "PieceRef is empty"),
        (ROWS[0]._replace(day="2026-12-01"), "outside the period"),
        (ROWS[0]._replace(debit=119_999), "entry 1 is not balanced"),
        (ROWS[0]._replace(number=3), "numbers with a gap"),
        (ROWS[0]._replace(credit=1), "both sides"),
        (ROWS[0]._replace(auxiliary_label=""), "without its name"),
    ],
)
def test_the_checker_sees(row: FecRow, said: str) -> None:
    assert any(said in one for one in wrong(fec((row, ROWS[1]))))
    assert wrong(fec(())) == []
    assert check("FEC.txt", fec(ROWS), "20261101", "20261130") == ["name FEC.txt"]
