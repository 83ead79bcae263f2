"""FAB-DIS workbooks built from the structure of the public guide."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from codial_tui.domain.problems import Invalid
from codial_tui.exchange.detection import detect
from codial_tui.exchange.formats import Row
from codial_tui.exchange.rows import read_rows

B01 = (
    "MARQUE REFCIALE CTYP GTIN REFINFOR GAMME FONCTION LIBELLE40 LIBELLE80 LIBELLE240 DATETARIF "
    "TARIF TARIFD QT TVA UB QMC MUL QMV QMVT QPKI UC UCCOEF ST DELAI EDI DUG STA DATEPREV DOUANE "
    "MKT1 MKT1L FAM1 FAM1L FAM2 FAM2L FAM3 FAM3L"
)
COLUMNS = B01.split()
SCREW = {
    "MARQUE": "REXO", "REFCIALE": "VIS4X40", "GTIN": 4006381333931, "LIBELLE40": "Vis 4x40",
    "LIBELLE80": "Vis à bois 4x40 inox", "LIBELLE240": "Vis à bois tête fraisée 4x40 inox A2",
    "DATETARIF": "01/02/2026", "TARIF": 12.3456, "QT": 100, "TVA": 20, "UB": "PCE",
    "FAM1": "V", "FAM1L": "Visserie", "FAM2L": "Inox",
}  # fmt: skip

Cells = Mapping[str, Any]


def workbook(
    path: Path,
    *items: Cells,
    count: int | None = None,
    prefix: str = "B",
    columns: list[str] = COLUMNS,
    **others: list[list[Any]],
) -> Path:
    with xlsxwriter.Workbook(path) as book:
        cartouche = book.add_worksheet(f"{prefix}00_CARTOUCHE")
        cartouche.write_row(0, 0, ["FABRICANT", "NRB01", "DATE"])
        cartouche.write_row(1, 0, ["REXO", len(items) if count is None else count, "2026"])
        commerce = book.add_worksheet(f"{prefix}01_COMMERCE")
        commerce.write_row(0, 0, columns)
        for number, item in enumerate(items, 1):
            commerce.write_row(number, 0, [item.get(column, "") for column in columns])
        for name, rows in others.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def read(path: Path) -> list[Row]:
    return list(read_rows(detect(path), None, "items"))


def codes(row: Row) -> list[str]:
    return [problem.code for problem in row.problems]


def test_an_article(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", SCREW)
    source = detect(path)
    assert (source.kind, source.sheet, source.rows) == ("fabdis", "B01_COMMERCE", 1)
    assert source.problems == ()
    assert read(path) == [
        Row(
            2,
            {
                "reference": "VIS4X40",
                "brand": "REXO",
                "label": "Vis à bois 4x40 inox",
                "long_label": "Vis à bois tête fraisée 4x40 inox A2",
                "ean": "4006381333931",
                "price": 123_456,  # for 100
                "price_per": 1_000_000,
                "price_date": "2026-02-01",
                "vat_rate": 200_000,
                "unit": "u",
                "family": "Visserie",
                "category": "Inox",
            },
        )
    ]


def test_older_names_another_order_and_defaults(tmp_path: Path) -> None:
    item = {"REFCIALE": 12345, "MARQUE": "REXO", "LIBELLE40": "Té", "TARIF": "1,5", "TVA": 5.5}
    path = workbook(tmp_path / "f.xlsx", item, prefix="", columns=COLUMNS[::-1])
    (row,) = read(path)
    assert row.values == {
        "reference": "12345", "brand": "REXO", "label": "Té", "price": 15_000,
        "price_per": 10_000, "vat_rate": 55_000,
    }  # fmt: skip


def test_the_announced_number_of_rows(tmp_path: Path) -> None:
    (problem,) = detect(workbook(tmp_path / "f.xlsx", SCREW, count=3)).problems
    assert (problem.code, problem.level) == ("import.row_count", "warning")
    assert problem.message.startswith("1 lignes dans B01_COMMERCE, 3 annoncées (NRB01)")


def test_eco_contributions(tmp_path: Path) -> None:
    header = ["MARQUE", "REFCIALE", "RTYP", "RFLAG", "RVAL", "RVU"]
    path = workbook(
        tmp_path / "f.xlsx",
        *({**SCREW, "REFCIALE": reference} for reference in ("A", "B", "C", "D")),
        B04_REGLEMENTAIRE=[
            header,
            ["REXO", "A", "DEEE", "O", 0.02, "EUR"],
            ["REXO", "A", "ECO-MOB", "", "0,5", ""],
            ["REXO", "A", "REACH", "O", 3, ""],
            ["REXO", "B", "DEEE", "N", 9, "EUR"],
            ["AUTRE", "B", "DEEE", "O", 9, "EUR"],
            ["REXO", "C", "DEEE", "O", "4A", "EUR"],
            ["REXO", "D", "DEEE", "O", 12, "KG"],
        ],
    )
    rows = read(path)
    assert rows[0].values["eco_contribution"] == 5_200
    assert "eco_contribution" not in rows[1].values
    assert codes(rows[2]) == ["eco_contribution.unreadable"] and rows[2].refused
    assert "eco_contribution" not in rows[3].values
    assert codes(rows[3]) == ["eco_contribution.unit"] and not rows[3].refused


def test_stopped_and_replaced_items(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx",
        SCREW,
        C05_ARRET=[["MARQUE", "REFCIALE"], ["REXO", "VIS4X40"], ["REXO", "VIEUX"]],
        C06_SUBSTITUTION=[
            ["MARQUE", "REFCIALE", "MARQUESUB", "REFCIALESUB"],
            ["REXO", "VIEUX", "REXO", "NEUF"],
        ],
    )
    listed, old = read(path)
    assert listed.values["stopped"] is True and not listed.partial
    assert old.partial
    assert old.values == {
        "reference": "VIEUX", "brand": "REXO", "stopped": True, "replaced_by": "NEUF",
    }  # fmt: skip


def test_what_is_wrong_is_refused(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx",
        {**SCREW, "TARIF": "2,849,83"},
        {**SCREW, "QT": 0},
        {**SCREW, "REFCIALE": ""},
        {**SCREW, "GTIN": 4006381333932},
        {**SCREW, "TARIF": ""},
        {**SCREW, "TARIF": 0},
    )
    rows = read(path)
    assert [codes(row) for row in rows] == [
        ["price.unreadable"], ["price_per.zero"], ["reference.missing"], ["ean.check_digit"], [],
        ["price.zero"],
    ]  # fmt: skip
    assert rows[0].raw == {"price": "2,849,83"}
    assert "price" not in rows[4].values


def test_no_reference_column(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", SCREW, columns=["MARQUE", "TARIF"])
    with pytest.raises(Invalid) as caught:
        detect(path)
    assert caught.value.problems[0].code == "import.column_missing"
