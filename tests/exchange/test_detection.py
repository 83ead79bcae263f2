"""What a file is, and the French refusals of what is none."""

import os
from pathlib import Path

import pytest
import xlsxwriter

from codial_tui.domain.problems import Invalid
from codial_tui.exchange.detection import detect
from codial_tui.exchange.formats import SourceFormat

DATA = Path(__file__).parents[1] / "data"


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        detect(path)
    problem = caught.value.problems[0]
    assert problem.message and problem.level == "error"
    return problem.code


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> SourceFormat:
    return detect(written(tmp_path / "liste.csv", text, encoding))


def test_the_medicines_list() -> None:
    source = detect(DATA / "bdpm-500.txt")
    assert (source.kind, source.encoding, source.separator) == ("csv", "windows-1252", "\t")
    assert (source.header_row, source.decimal, source.rows) == (0, ",", 500)
    assert source.columns == tuple(str(position) for position in range(1, 14))
    assert not source.quoted and not source.has_header
    assert source.sample[0][6] == "3400949497294"


@pytest.mark.parametrize(
    ("encoding", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("windows-1252", "windows-1252"),
        ("iso8859-15", "iso8859-15"),
        ("cp850", "cp850"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, detected: str) -> None:
    euro = "" if encoding == "cp850" else " €"
    text = f"Référence;Désignation;Prix{euro}\nA1;Élément chauffé à cœur;12,50\n"
    source = table(tmp_path, text.replace("œ", "oe"), encoding)
    assert source.encoding == detected
    assert source.columns[:2] == ("Référence", "Désignation")
    assert source.sample[0] == ("A1", "Élément chauffé à coeur", "12,50")


def test_one_apostrophe_of_windows_is_no_dos_page(tmp_path: Path) -> None:
    assert table(tmp_path, "ref;libelle\nA;L’axe\n", "windows-1252").encoding == "windows-1252"


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_separators(tmp_path: Path, separator: str) -> None:
    rows = [("ref", "libelle", "prix"), ("A", "Tube", "1.50"), ("B", "Coude", "2.75")]
    source = table(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert source.separator == separator
    assert source.columns == ("ref", "libelle", "prix")
    assert source.decimal == "."
    assert source.rows == 2


def test_commas_in_labels_and_prices_do_not_make_a_separator(tmp_path: Path) -> None:
    source = table(tmp_path, "ref;libelle;prix\nA;Tube, cuivre, 1 m;1,50\nB;Té, laiton;2,75\n")
    assert (source.separator, source.decimal) == (";", ",")


def test_a_header_under_titles_is_found(tmp_path: Path) -> None:
    text = "Tarif 2026;;\n\nSociété Rexo;;\nRéf.;Désignation;Prix HT\nA;Tube;1,50\n"
    source = table(tmp_path, text)
    assert source.header_row == 4
    assert source.columns == ("Réf.", "Désignation", "Prix HT")
    assert source.sample == (("A", "Tube", "1,50"),)


def test_an_unknown_header_above_numbers_is_a_header(tmp_path: Path) -> None:
    assert table(tmp_path, "clef;texte;somme\nA;Tube;1,50\n").header_row == 1
    assert table(tmp_path, "A;Tube;1,50\nB;Coude;2,50\n").header_row == 0
    assert table(tmp_path, "client;remarque\nDupont;bon\n").header_row == 1
    assert table(tmp_path, "Dupont;bon\nMartin;mauvais\n").header_row == 0


def test_the_last_columns_may_have_no_name(tmp_path: Path) -> None:
    source = table(tmp_path, "ref;libelle\nA;Tube;1;x\nB;Coude;2;y\nC;Té;3;z\n")
    assert source.columns == ("ref", "libelle", "colonne 3", "colonne 4")


def test_columns_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    source = table(tmp_path, "ref;prix;prix;;ref\nA;1;2;3;4\n")
    assert source.columns == ("ref", "prix", "prix (2)", "colonne 4", "ref (2)")


def test_a_header_cannot_drive_the_terminal(tmp_path: Path) -> None:
    source = table(tmp_path, "ref;lib\x1b]52;c;x\x07elle;prix\nA;B;C\n")
    assert not any("\x1b" in column for column in source.columns)


def test_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "tarif.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("vide")
        sheet = book.add_worksheet("tarif")
        for row, cells in enumerate([["Réf", "Libellé", "Prix"], ["A", "Tube", 1.5]], 2):
            sheet.write_row(row, 0, cells)
    source = detect(path)
    assert (source.kind, source.sheet, source.sheets) == ("xlsx", "tarif", ("vide", "tarif"))
    assert (source.header_row, source.columns) == (3, ("Réf", "Libellé", "Prix"))
    assert source.sample == (("A", "Tube", "1,5"),)


def test_refusals(tmp_path: Path) -> None:
    book = tmp_path / "bon.xlsx"
    with xlsxwriter.Workbook(book) as empty:
        empty.add_worksheet()
    whole = book.read_bytes()
    archive = b"PK\x03\x04" + b"\0" * 100
    cases = {
        "absent.csv": (None, "import.not_found"),
        "vide.csv": (b"", "import.empty"),
        "blanc.csv": (b"\xef\xbb\xbf \r\n\n\x1a", "import.empty"),
        "photo.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "import.not_a_table"),
        "notice.pdf": (b"%PDF-1.7\n" + b"x;y\n" * 50, "import.not_a_table"),
        "page.csv": (b"<html><table><tr><td>1</td></tr></table></html>", "import.not_a_table"),
        "sans-bom.csv": ("ref;prix\nA;1\n".encode("utf-16-le"), "import.not_a_table"),
        "moitie.csv": ("ref;prix\nA;1\n".encode("utf-16")[:-1], "import.not_a_table"),
        "roman.txt": (b"Il etait une fois\nun homme\nsans tableau\n", "import.not_a_table"),
        "coupe.xlsx": (whole[: len(whole) // 2], "import.bad_workbook"),
        "faux.xlsx": (archive, "import.bad_workbook"),
        "faux.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "import.bad_workbook"),
        "bon.xlsx": (whole, "import.empty"),
        "ligne.csv": (b"a;b\n" + b"x" * (5 << 20), "import.not_a_table"),
        "v3.001": (b"V 010126" + b" " * 115 + b"03EUR\r\n", "import.datanorm_version"),
    }
    for name, (content, code) in cases.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        assert refusal(path) == code, name
    assert refusal(tmp_path) == "import.not_a_file"
    assert refusal(tmp_path / "a\0b") == "import.not_found"
    assert refusal(tmp_path / ("x" * 400)) == "import.unreadable"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.csv")
    assert refusal(tmp_path / "tube.csv") == "import.not_a_file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = written(tmp_path / "secret.csv", "ref;prix\nA;1\n")
    path.chmod(0)
    assert refusal(path) == "import.denied"
