"""Whatever the bytes: rows, or one French refusal; never another error, never a wrong price."""

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.problems import Invalid
from codial_tui.exchange.detection import detect
from codial_tui.exchange.formats import Row, RowKind
from codial_tui.exchange.mapping import load_mapping
from codial_tui.exchange.rows import read_rows

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "fichier"


def taken(path: Path, content: bytes, kind: RowKind = "items") -> list[Row]:
    """The rows of a file, none when it is refused."""
    path.write_bytes(content)
    try:
        return list(read_rows(detect(path), None, kind))
    except Invalid as error:
        assert error.problems[0].code.startswith("import.")
        assert error.problems[0].message
        return []


@given(st.binary(max_size=400))
def test_any_bytes(path: Path, content: bytes) -> None:
    taken(path, content)


@given(st.binary(max_size=200), st.sampled_from(["items", "customers", "suppliers"]))
def test_any_bytes_under_a_header(path: Path, content: bytes, kind: RowKind) -> None:
    header = "code;nom;référence;désignation;prix;ean;tva;siren;tva intra\n".encode()
    for row in taken(path, header + content, kind):
        assert row.number > 1
        assert "price" not in row.values or row.values["price"] >= 0  # type: ignore[operator]


@given(st.text(max_size=300))
def test_any_text_in_a_quoted_cell_comes_back_clean(path: Path, text: str) -> None:
    cell = text.replace('"', '""')
    content = f'ref;libelle;prix\nA;"{cell}";1,50\nB;Tube;2,50\n'
    rows = taken(path, content.encode("utf-8", "ignore"))
    if len(rows) != 2:  # past 60 lines the quote counts as never closed
        return
    assert rows[1].values == {"reference": "B", "label": "Tube", "price": 25_000}
    assert rows[0].refused or rows[0].values["price"] == 15_000
    assert not any(char < " " for char in str(rows[0].values.get("label", "")))


@given(st.binary(max_size=200))
def test_any_bytes_as_datanorm(path: Path, content: bytes) -> None:
    taken(path, b"V;050;A;20260101;EUR;;;\r\nA;N;" + content)
    taken(path, b"V 010126" + b" " * 115 + b"04EUR\r\nA;N;R1;00;" + content)


def test_a_list_cut_anywhere_gives_no_price_it_did_not_hold(path: Path) -> None:
    whole = (DATA / "bdpm-500.txt").read_bytes()[:6000]
    mapping = load_mapping("bdpm")
    path.write_bytes(whole)
    right = {row.number: row.values for row in read_rows(detect(path), mapping, "items")}
    for end in range(3000, 3400, 4):
        path.write_bytes(whole[:end])
        for row in read_rows(detect(path), mapping, "items"):
            assert row.refused or row.values == right[row.number]


def test_a_roofing_list_cut_anywhere(path: Path) -> None:
    whole = (DATA / "datanorm-sample.001").read_bytes()
    for end in range(40, 2000, 7):
        taken(path, whole[:end])


def test_a_workbook_cut_or_changed_anywhere(path: Path) -> None:
    source = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("Tarif")
        sheet.write_row(0, 0, ["Référence", "Désignation", "Prix HT"])
        sheet.write_row(1, 0, ["A1", "Tube", 12.5])
    whole = source.read_bytes()
    for end in range(5, len(whole), 97):
        taken(path, whole[:end])
    for place in range(0, len(whole), 61):
        taken(path, whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])


def test_nothing_but_separators_or_quotes(path: Path) -> None:
    taken(path, b"ref;libelle;prix\n" + b";" * 200_000 + b"\n")
    taken(path, b"ref;libelle;prix\n" + b'"' * 1_000_001 + b"\n")
    rows = taken(path, b"ref;libelle;prix\n" + b'"\n' * 3_000)
    assert all(row.refused for row in rows)


def test_a_file_named_like_an_attack(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b]52;c;x\x07[bold].csv"
    path.write_bytes(b"rien")
    with pytest.raises(Invalid) as caught:
        detect(path)
    assert "\x1b" not in caught.value.problems[0].message
