"""From files to rows: what is taken, what is refused and why, cell by cell."""

import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from codial_tui.domain.problems import Invalid
from codial_tui.exchange.detection import detect
from codial_tui.exchange.formats import Row, RowKind
from codial_tui.exchange.mapping import Mapping, load_mapping
from codial_tui.exchange.rows import read_rows, records

DATA = Path(__file__).parents[1] / "data"
WHOLE_LIST = Path(__file__).parents[3] / "shared" / "data" / "bdpm" / "CIS_CIP_bdpm.txt"


def read(
    tmp_path: Path, text: str, kind: RowKind = "items", mapping: Mapping | None = None
) -> list[Row]:
    path = tmp_path / "liste.csv"
    path.write_text(text, "utf-8", newline="")
    return list(read_rows(detect(path), mapping, kind))


def codes(row: Row) -> list[str]:
    return [problem.code for problem in row.problems]


def medicines(path: Path) -> list[Row]:
    return list(read_rows(detect(path), load_mapping("bdpm"), "items"))


def outcome(rows: list[Row]) -> Counter[str]:
    return Counter(
        "refused" if row.refused else "priced" if "price" in row.values else "unpriced"
        for row in rows
    )


def test_five_hundred_medicines() -> None:
    rows = medicines(DATA / "bdpm-500.txt")
    assert outcome(rows) == {"priced": 318, "unpriced": 162, "refused": 20}
    assert rows[0] == Row(
        1,
        {
            "reference": "4949729",
            "label": "plaquette(s) PVC PVDC aluminium de 30 comprimé(s)",
            "ean": "3400949497294",
            "price": 443_800,
        },
    )
    misprint = next(row for row in rows if row.refused)
    assert codes(misprint) == ["price.unreadable"]
    assert misprint.problems[0].message == "prix : deux virgules"
    assert misprint.problems[0].field == "price"
    assert misprint.raw == {"price": "2,849,83"}
    assert "price" not in misprint.values
    (zero,) = (row for row in rows if codes(row) == ["price.zero"])
    assert zero.values["price"] == 0 and not zero.refused
    labels = [str(row.values["label"]) for row in rows]
    assert max(map(len, labels)) == 255
    assert any("’" in label for label in labels)
    assert any('"push-through"' in label for label in labels)


@pytest.mark.skipif(not WHOLE_LIST.exists(), reason="the full medicines list is not here")
def test_the_whole_list_of_medicines() -> None:
    rows = medicines(WHOLE_LIST)
    assert outcome(rows) == {"priced": 12_706, "unpriced": 7_254, "refused": 123}
    assert [row.number for row in rows] == list(range(1, 20_084))
    assert len({row.values["ean"] for row in rows}) == 20_083
    assert all(codes(row) == ["price.unreadable"] for row in rows if row.refused)


def test_a_header_is_not_a_row_and_blank_lines_are_none(tmp_path: Path) -> None:
    rows = read(tmp_path, "ref;libelle;prix\r\n\r\nA1;Tube Ø12;8,45\r\n  \r\nA2;Coude;\r\n\x1a")
    assert rows == [
        Row(3, {"reference": "A1", "label": "Tube Ø12", "price": 84_500}),
        Row(5, {"reference": "A2", "label": "Coude"}),
    ]


def test_a_word_to_excel_is_no_row(tmp_path: Path) -> None:
    rows = read(tmp_path, "sep=;\nref;libelle\nA;Tube\n")
    assert rows == [Row(3, {"reference": "A", "label": "Tube"})]


def test_every_field_of_an_item(tmp_path: Path) -> None:
    header = (
        "Référence;Désignation;EAN;Prix de vente;Prix d'achat;Prix par;Unité;TVA;"
        "Éco-contribution;Famille;Catégorie;Marque;Réf fournisseur;Texte long;Date tarif"
    )
    row = (
        "V1;Vis;4006381333931;12,5;7,1234;100;u;5,5 %;0,02;Vis;Inox;Rexo;R-1;Vis à bois;01/02/2026"
    )
    (found,) = read(tmp_path, f"{header}\n{row}\n")
    assert found.problems == ()
    assert found.values == {
        "reference": "V1", "label": "Vis", "ean": "4006381333931", "sale_price": 125_000,
        "purchase_price": 71_234, "price_per": 1_000_000, "unit": "u", "vat_rate": 55_000,
        "eco_contribution": 200, "family": "Vis", "category": "Inox", "brand": "Rexo",
        "supplier_reference": "R-1", "long_label": "Vis à bois", "price_date": "2026-02-01",
    }  # fmt: skip


def test_all_that_is_wrong_with_a_row_is_said(tmp_path: Path) -> None:
    text = "ref;libelle;ean;prix;tva\n;Tube;4006381333932;-3;vingt\n"
    (row,) = read(tmp_path, text)
    assert codes(row) == [
        "ean.check_digit", "price.negative", "vat_rate.unreadable", "reference.missing",
    ]  # fmt: skip
    assert [problem.field for problem in row.problems] == ["ean", "price", "vat_rate", "reference"]
    assert dict(row.raw) == {"ean": "4006381333932", "price": "-3", "vat_rate": "vingt"}


def test_a_shifted_or_cut_row_is_refused_never_misread(tmp_path: Path) -> None:
    rows = read(tmp_path, "ref;libelle;prix\nA;Vis ; tête plate;12,00\nB;Coude;1,00;;\nC;Té")
    assert [codes(row) for row in rows] == [["row.columns"], [], ["row.columns"]]
    assert rows[0].values == {}
    (row,) = read(tmp_path, "ref;libelle;prix\nA;Vis;4;12,00\n")
    assert codes(row) == ["row.columns"]


def test_quotes(tmp_path: Path) -> None:
    text = (
        'ref;libelle;prix\n"A;1";"Tube ""cuivre""\nen deux lignes";"1,50"\n'
        'B;Raccord 3/4" mâle;2,00\nC;"jamais fermé;3,00\nD;Coude;4,00\n'
    )
    rows = read(tmp_path, text)
    assert [row.number for row in rows] == [2, 4, 5, 6]
    assert rows[0].values == {
        "reference": "A;1", "label": 'Tube "cuivre" en deux lignes', "price": 15_000,
    }  # fmt: skip
    assert rows[1].values["label"] == 'Raccord 3/4" mâle'
    assert codes(rows[2]) == ["row.quote"]
    assert rows[3].values["price"] == 40_000


def test_a_quote_that_never_closes_loses_no_other_row(tmp_path: Path) -> None:
    lines = [f"R{number};Tube;1,00" for number in range(500)]
    lines[7] = 'R7;"Tube;1,00'
    rows = read(tmp_path, "ref;libelle;prix\n" + "\n".join(lines))
    assert len(rows) == 500
    assert [row.number for row in rows if row.refused] == [9]


def test_texts_are_cleaned_and_kept_whole(tmp_path: Path) -> None:
    text = "ref;libelle\n A\x07 1 ;Tube\x1b]0:titre\x07 [bold]e\u0301\n"
    rows = read(tmp_path, text + f"B;{'x' * 2000}\nC;{'x' * 2001}\n{'R' * 65};trop\n")
    assert rows[0].values == {"reference": "A 1", "label": "Tube [bold]é"}
    assert len(str(rows[1].values["label"])) == 2000
    assert codes(rows[2]) == ["label.too_long"]
    assert codes(rows[3]) == ["reference.too_long"]


def test_customers(tmp_path: Path) -> None:
    header = "code;nom;adresse;code postal;ville;siren;siret;tva intra;téléphone;email;contact;pays"
    good = "C1;Martin SA;1 rue X;1000;Bourg;732829320;;FR44732829320;04 74;a@b.fr;Léa;France"
    rows = read(
        tmp_path,
        f"{header}\n{good}\nC2;Faux;;;;732829321;;;;;;\nC3;Siret;;;;;73282932000074;;;;;\n"
        f"C4;Deux;;;;552100554;73282932000074;;;;;\nC5;;;;;;;;;;;\n"
        ";;1 rue X;;;;;;;;;\n;; ;;;;;;;;;\nC6;Belge;;1000;Bruxelles;;;;;;;Belgique\n",
        "customers",
    )
    assert rows[0].values == {
        "code": "C1", "name": "Martin SA", "street": "1 rue X", "postcode": "01000",
        "city": "Bourg", "siren": "732829320", "vat_number": "FR44732829320", "phone": "04 74",
        "email": "a@b.fr", "contact": "Léa", "country": "FR",
    }  # fmt: skip
    assert codes(rows[1]) == ["siren.invalid"]
    assert rows[2].values["siren"] == "732829320"
    assert codes(rows[3]) == ["siret.other_siren"]
    assert rows[4].problems == () and rows[4].values == {"code": "C5"}
    assert codes(rows[5]) == ["name.missing"]
    assert rows[6].values["postcode"] == "1000"


def test_a_mapping_by_position_with_constants_and_cents(tmp_path: Path) -> None:
    mapping = Mapping(
        "items",
        {"reference": 3, "price": 1},
        {"unit": "u", "vat_rate": "20"},
        cents=True,
        header=False,
    )
    rows = read(tmp_path, "894;x;A\n12,5;y;B\n0,001;z;C\n", mapping=mapping)
    assert rows[0].values == {"unit": "u", "vat_rate": 200_000, "reference": "A", "price": 89_400}
    assert rows[1].values["price"] == 1_250
    assert codes(rows[2]) == ["price.decimals"]


def refusal(tmp_path: Path, text: str, kind: RowKind, mapping: Mapping | None) -> str:
    with pytest.raises(Invalid) as caught:
        read(tmp_path, text, kind, mapping)
    return caught.value.problems[0].code


def test_what_cannot_start(tmp_path: Path) -> None:
    text = "ref;libelle;prix\nA;Tube;1\n"
    assert refusal(tmp_path, "A;B\n1;2\n3;4\n", "items", None) == "import.mapping_needed"
    assert refusal(tmp_path, "libelle;prix\nTube;1\n", "items", None) == "import.mapping_needed"
    for column in ("Code", 9):
        mapping = Mapping("items", {"reference": column})
        assert refusal(tmp_path, text, "items", mapping) == "import.column_missing"
    wrong = Mapping("customers", {"name": 1})
    assert refusal(tmp_path, text, "items", wrong) == "import.wrong_kind"
    constant = Mapping("items", {"reference": 1}, {"vat_rate": "vingt"})
    assert refusal(tmp_path, text, "items", constant) == "import.mapping_invalid"


def test_a_file_that_changes_under_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("ref;libelle\nA;été\n", "utf-8")
    source = detect(path)
    path.write_bytes(b"ref;libelle\nA;\xe9t\xe9\n")
    with pytest.raises(Invalid) as caught:
        list(read_rows(source, None, "items"))
    assert caught.value.problems[0].code == "import.changed"
    path.unlink()
    with pytest.raises(Invalid) as caught:
        list(read_rows(source, None, "items"))
    assert caught.value.problems[0].code == "import.not_found"


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "tarif.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Tarif")
        sheet.write_row(0, 0, ["Tarif Rexo"])
        sheet.write_row(2, 0, ["Référence", "Désignation", "EAN", "Prix HT", "TVA"])
        sheet.write_row(3, 0, [4949729, "Tube", 3400949497294, 0.1 + 0.2, 0.2])
        sheet.write_row(4, 0, ["A2", "Coude", "", 12.34567, 5.5])
        sheet.write_row(6, 0, ["A3", "Té", "", "2,849,83", 20])
        sheet.write_row(7, 0, ["A4", "Bouchon", "", 1.234, 20])
    rows = list(read_rows(detect(path), None, "items"))
    assert [row.number for row in rows] == [4, 5, 7, 8]
    assert rows[0].values == {
        "reference": "4949729", "label": "Tube", "ean": "3400949497294", "price": 3_000,
        "vat_rate": 200_000,
    }  # fmt: skip
    assert codes(rows[1]) == ["price.decimals"]
    assert codes(rows[2]) == ["price.unreadable"]
    assert rows[3].values["price"] == 12_340


def test_the_cells_of_a_row_that_was_refused(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text('ref;libelle;prix\nA;"x;y";4A\n', "utf-8")
    assert list(records(detect(path))) == [
        (1, ["ref", "libelle", "prix"]), (2, ["A", "x;y", "4A"]),
    ]  # fmt: skip
    first, *_ = records(detect(DATA / "datanorm-sample.001"))
    assert first[1] is not None and first[1][:5] == ["V", "050", "A", "20250415", "EUR"]


@pytest.mark.long
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("ref;libelle;prix\n")
            file.writelines(f"R{number};Tube été {number};1,50\n" for number in range(count))
        tracemalloc.start()
        try:
            taken = sum(not row.refused for row in read_rows(detect(path), None, "items"))
            assert taken == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(60_000) < peak(20_000) * 1.2
