"""Price lists against the items: added, changed, unchanged, refused, and why."""

from pathlib import Path

import pytest
from import_files import item, numbers, plan, refusals, run, write

from codial_tui.domain.problems import Invalid
from codial_tui.errors import Refused, Unreadable
from codial_tui.exchange.mapping import Mapping
from codial_tui.models.database import Database
from codial_tui.models.staging import staging_place
from codial_tui.services.context import Context
from codial_tui.services.imports.importing import apply_import, plan_import
from codial_tui.services.records import catalogue, parties

pytestmark = pytest.mark.both

HEAD = "référence;désignation;prix;unité"


def test_a_list_is_added_then_changed_then_left_alone(context: Context, tmp_path: Path) -> None:
    report = run(context, tmp_path, HEAD, "TUB12;Tube cuivré Ø12;8,45;ml", "VIS;Vis 4x40;0,1234;u")
    assert numbers(report) == (2, 0, 0, 0)
    columns = ("label", "label_fold", "sale_price", "purchase_price", "unit", "vat_rate")
    assert item(context, "TUB12", *columns) == (
        "Tube cuivré Ø12", "tube cuivre o12", 84_500, 0, "ml", 200_000,
    )  # fmt: skip
    assert item(context, "VIS", "sale_price") == 1_234
    report = run(context, tmp_path, HEAD, "tub12;Tube cuivré Ø12;9,00;ml", "VIS;Vis 4x40;0,1234;u")
    assert numbers(report) == (0, 1, 1, 0)
    assert item(context, "TUB12", "reference", "sale_price") == ("TUB12", 90_000)
    report = run(context, tmp_path, HEAD, "tub12;Tube cuivré Ø12;9,00;ml", "VIS;Vis 4x40;0,1234;u")
    assert numbers(report) == (0, 0, 2, 0)


def test_what_was_added_is_found_by_searching(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, HEAD + ";ean", "AB-1;Té laiton égal;3,15;u;3400949497294")
    for words in ("laiton egal", "ab-1", "3400949497294", "494972"):
        assert [one.reference for one in catalogue.search(context.database, words)] == ["AB-1"]
    run(context, tmp_path, HEAD, "AB-1;Manchon fonte;3,15;u")
    assert catalogue.search(context.database, "laiton") == []
    assert len(catalogue.search(context.database, "fonte")) == 1
    assert context.database.check() == []


def test_empty_cells_erase_nothing(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, HEAD, "A1;Tube;8,45;ml")
    assert numbers(run(context, tmp_path, HEAD, "A1;;;")) == (0, 0, 1, 0)
    assert item(context, "A1", "label", "sale_price", "unit") == ("Tube", 84_500, "ml")


def test_what_the_user_edited_here_stays(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, HEAD, "A1;Tube;8,45;ml")
    with context.database.write():
        context.database.execute(
            "UPDATE item SET label = 'Mon tube', user_columns = '[\"label\"]', sale_price = 100000"
        )
    assert numbers(run(context, tmp_path, HEAD, "A1;Tube;9,00;ml")) == (0, 1, 0, 0)
    assert item(context, "A1", "label", "sale_price") == ("Mon tube", 90_000)
    assert numbers(run(context, tmp_path, HEAD, "A1;Autre nom;9,00;ml")) == (0, 0, 1, 0)


def test_every_refusal_says_where_and_why(context: Context, tmp_path: Path) -> None:
    made = plan(
        context, tmp_path, "référence;désignation;prix;tva;ean",
        "A1;Tube;2,849,83;20;",
        "A2;Tube;4A,10;20;",
        "A3;Tube;42,10;20;",
        "a3;Tube;42,10;20;",
        "A4;Tube;3,15;19,6;",
        "A5;Tube;3,15;20;3400949497295",
        ";Tube;3,15;20;",
        "A6;Tube;-3;20;",
        "A7;Tube;1,23456;20;",
    )  # fmt: skip
    assert refusals(made) == [
        (2, "price.unreadable", "prix : deux virgules"),
        (3, "price.unreadable", "prix illisible"),
        (5, "reference.duplicate", "référence en double (ligne 4)"),
        (6, "vat_rate.unknown", "TVA inconnue : 19,6 %"),
        (7, "ean.check_digit", "EAN : clé fausse"),
        (8, "reference.missing", "Référence absent"),
        (9, "price.negative", "prix négatif"),
        (10, "price.decimals", "prix : plus de 4 décimales"),
    ]
    assert numbers(made.counts) == (1, 0, 0, 8)
    assert (made.counts.rows, made.counts.prices, made.counts.unpriced) == (9, 1, 0)
    assert numbers(apply_import(context, made)) == (1, 0, 0, 8)
    assert context.database.value("SELECT count(*) FROM item") == 1


def test_a_price_that_falls_by_eighty_percent_is_looked_at_first(
    context: Context, tmp_path: Path
) -> None:
    run(context, tmp_path, HEAD, "BORN7;Borne 7 kW;980,00;u", "B2;Borne;100;u", "B3;Borne;100;u")
    lines = (HEAD, "BORN7;Borne 7 kW;98,00;u", "B2;Borne;20,01;u", "B3;Borne;0,00;u")
    made = plan(context, tmp_path, *lines)
    assert refusals(made) == [
        (2, "price.drop", "prix -90 % (980,00)"),
        (4, "price.zero", "prix à zéro"),
        (4, "price.drop", "prix -100 % (100,00)"),
    ]
    assert (made.counts.changed, made.counts.held) == (1, 2)
    accepted = made.accept(1)
    assert (accepted.outcome, accepted.changes) == (
        "changed",
        (("sale_price", 9_800_000, 980_000),),
    )
    assert (made.counts.changed, made.counts.held) == (2, 1)
    apply_import(context, made)
    assert item(context, "BORN7", "sale_price") == 980_000
    assert item(context, "B3", "sale_price") == 1_000_000


def test_a_row_is_corrected_or_ignored_in_the_preview(context: Context, tmp_path: Path) -> None:
    lines = (HEAD, "A1;Tube;2,849,83;u", "A2;Coude;4A;u", "A3;Té;1;u", "A3;Té;2;u")
    made = plan(context, tmp_path, *lines)
    first, second, twin = made.rows()
    assert first.raw == {"price": "2,849,83"} and first.reference == "A1"
    with pytest.raises(Invalid):
        made.correct(first.seq, "price", "2,849,83")
    assert made.rows()[0] == first
    assert made.correct(first.seq, "price", "2849,83").outcome == "added"
    assert made.correct(twin.seq, "reference", "A1").problems[0].message == (
        "référence en double (ligne 2)"
    )
    assert made.correct(twin.seq, "reference", "A4").outcome == "added"
    assert made.ignore(second.seq).outcome == "ignored"
    assert (made.counts.added, made.counts.refused, made.counts.ignored) == (3, 0, 1)
    assert made.rows() == []
    assert numbers(apply_import(context, made)) == (3, 0, 0, 1)
    assert item(context, "A1", "sale_price") == 28_498_300
    assert item(context, "A4", "sale_price") == 20_000


def test_preview_pages_and_columns(context: Context, tmp_path: Path) -> None:
    made = plan(context, tmp_path, HEAD, *(f"R{n};Tube;x;u" for n in range(1200)))
    assert made.counts.refused == 1200
    assert [row.number for row in made.rows(offset=1100, limit=3)] == [1102, 1103, 1104]
    assert made.columns[0] == ("référence", "Référence")
    with pytest.raises(Refused, match="Aucune ligne"):
        apply_import(context, made)
    assert context.database.value("SELECT count(*) FROM import_batch") == 0


def test_a_list_for_another_quantity_rescales_the_price_it_does_not_give(
    context: Context, tmp_path: Path
) -> None:
    run(context, tmp_path, "ref;libelle;prix;prix d'achat", "V;Vis;0,12;0,08")
    run(context, tmp_path, "ref;prix;prix par", "V;12,3456;100")
    columns = ("sale_price", "price_per", "purchase_price")
    assert item(context, "V", *columns) == (123_456, 1_000_000, 80_000)
    again = run(context, tmp_path, "ref;prix;prix par", "V;12,3456;100")
    assert numbers(again) == (0, 0, 1, 0)


def test_families_are_found_or_made(context: Context, tmp_path: Path) -> None:
    with context.database.write():
        known = context.database.insert(
            "item_family", {"uid": "f" * 32, "code": "CUIVRE", "label": "Tubes cuivre"}
        )
    head = "ref;libelle;famille;sous famille"
    lines = (head, "A;Tube;cuivre;", "B;Tube;Tubes Cuivre;", "C;Tube;Neuve;Fine", "D;Tube;Neuve;")
    run(context, tmp_path, *lines)
    assert item(context, "A", "family_id") == item(context, "B", "family_id") == known
    rows = context.database.rows("SELECT id, code, label, parent_id FROM item_family ORDER BY id")
    assert [row[1:3] for row in rows[1:]] == [("Neuve", "Neuve"), ("Neuve / Fine", "Fine")]
    assert rows[2][3] == rows[1][0] == item(context, "D", "family_id")
    assert item(context, "C", "family_id") == rows[2][0]
    assert numbers(run(context, tmp_path, *lines)) == (0, 0, 4, 0)


def test_a_replacement_may_come_later_in_the_file(context: Context, tmp_path: Path) -> None:
    lines = ("ref;libelle;arrêté;remplacé par", "OLD;Ancien;oui;NEW", "NEW;Nouveau;;", "X;X;;NO")
    assert numbers(run(context, tmp_path, *lines)) == (3, 0, 0, 0)
    new = item(context, "NEW", "id")
    assert item(context, "OLD", "replaced_by_id", "stopped_at") == (new, "2026-11-22")
    assert item(context, "X", "replaced_by_id") is None
    assert numbers(run(context, tmp_path, *lines)) == (0, 0, 3, 0)


def test_rates_and_eco_contributions(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, "ref;libelle;tva;éco-contribution", "A;Lampe;5,5;0,25", "B;Livre;0;")
    assert item(context, "A", "vat_rate", "vat_category", "eco_contribution") == (55_000, "S", 25)
    assert item(context, "B", "vat_rate", "vat_category") == (0, "Z")


# suppliers


@pytest.fixture
def supplier(context: Context) -> int:
    return parties.create(context, {"code": "REXO", "name": "REXO Négoce", "is_supplier": 1})


def supplied(context: Context) -> list[tuple[object, ...]]:
    return context.database.rows(
        "SELECT i.reference, s.reference, s.price, s.price_per, s.is_main FROM item_supplier s "
        "JOIN item i ON i.id = s.item_id ORDER BY s.id"
    )


def test_under_a_supplier_any_price_is_what_he_asks(
    context: Context, tmp_path: Path, supplier: int
) -> None:
    run(context, tmp_path, HEAD, "TUB12;Mon tube;8,45;ml")
    lines = ("ref;libelle;prix;prix par", "TUB12;Tube;510;100", "NEW;Neuf;3,20;1")
    assert numbers(run(context, tmp_path, *lines, supplier="rexo")) == (1, 1, 0, 0)
    columns = ("sale_price", "purchase_price", "price_per", "supplier_id")
    assert item(context, "TUB12", *columns) == (84_500, 51_000, 10_000, supplier)
    assert item(context, "NEW", *columns) == (0, 32_000, 10_000, supplier)
    assert supplied(context) == [
        ("TUB12", "TUB12", 5_100_000, 1_000_000, 1),
        ("NEW", "NEW", 32_000, 10_000, 1),
    ]
    assert numbers(run(context, tmp_path, *lines, supplier="REXO")) == (0, 0, 2, 0)


def test_an_item_is_recognised_by_its_suppliers_reference(
    context: Context, tmp_path: Path, supplier: int
) -> None:
    run(context, tmp_path, HEAD, "TUB12;Tube;8,45;ml")
    head = "référence;réf fournisseur;prix d'achat"
    run(context, tmp_path, head, "TUB12;RX-55-12;5,10", supplier="REXO")
    report = run(context, tmp_path, "ref;prix", "rx-55-12;5,30", supplier="REXO")
    assert numbers(report) == (0, 1, 0, 0)
    assert item(context, "TUB12", "purchase_price") == 53_000
    assert len(catalogue.search(context.database, "rx-55")) == 1


def test_another_suppliers_price_does_not_touch_the_item(
    context: Context, tmp_path: Path, supplier: int
) -> None:
    other = parties.create(context, {"code": "ELEC", "name": "Élec", "is_supplier": 1})
    run(context, tmp_path, "ref;libelle;prix", "A;Tube;5", supplier="REXO")
    assert numbers(run(context, tmp_path, "ref;prix", "A;4", supplier="ELEC")) == (0, 1, 0, 0)
    assert item(context, "A", "purchase_price", "supplier_id") == (50_000, supplier)
    assert [row[2:] for row in supplied(context)] == [(50_000, 10_000, 1), (40_000, 10_000, 0)]
    assert other != supplier
    run(context, tmp_path, "ref;réf fournisseur;prix", "A;EL-990;4", supplier="ELEC")
    assert [one.reference for one in catalogue.search(context.database, "el-990")] == ["A"]


def test_suppliers_that_are_none(context: Context, tmp_path: Path) -> None:
    parties.create(context, {"code": "C1", "name": "Client"})
    for code in ("NOBODY", "C1"):
        with pytest.raises(Refused) as refused:
            run(context, tmp_path, HEAD, "A;Tube;1;u", supplier=code)
        assert refused.value.problems[0].code == "supplier.unknown"
    with pytest.raises(Unreadable):
        run(context, tmp_path, "code;nom", "A;B", kind="customers", supplier="C1")


# files from hell


def test_hostile_labels_are_stored_harmless(context: Context, tmp_path: Path) -> None:
    evil = "\x1b]52;c;aGFja2Vk\x07Tube [red]x[/red] \u202egnp.exe"
    run(context, tmp_path, HEAD, f'A\x1b[31m1;"{evil}";8,45;u', "=CMD;[link=x]y;1;u")
    assert item(context, "A1", "label") == "Tube [red]x[/red] \u202egnp.exe"
    assert item(context, "=CMD", "label") == "[link=x]y"


def test_files_that_are_none(context: Context, tmp_path: Path) -> None:
    for number, content in enumerate(
        (b"", b"x", b"\n\n", b"\x00\x01\x02\x03" * 99, b"PK\x03\x04 cut")
    ):
        path = tmp_path / f"bad{number}.csv"
        path.write_bytes(content)
        with pytest.raises(Unreadable):
            plan_import(context, path, "items")
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(Unreadable):
            plan_import(context, path, "items")
    with pytest.raises(Unreadable, match="fabdis"):
        plan(context, tmp_path, HEAD, "A;B;1;u", format="fabdis")
    assert leftovers(context) == []


def leftovers(context: Context) -> list[str]:
    folder, start = staging_place(context.database)
    return [one.name for one in folder.iterdir() if one.name.startswith(start)]


def test_one_cell_and_no_rows(context: Context, tmp_path: Path) -> None:
    with plan(context, tmp_path, "référence") as made:
        assert made.counts.rows == 0
        with pytest.raises(Refused):
            apply_import(context, made)
    assert numbers(run(context, tmp_path, "référence", "A1")) == (1, 0, 0, 0)
    assert item(context, "A1", "label", "sale_price") == ("A1", 0)


def test_fifty_columns(context: Context, tmp_path: Path) -> None:
    names = [f"colonne {n}" for n in range(50)]
    names[17], names[33], names[49] = "référence", "désignation", "prix"
    cells = [f"v{n}" for n in range(50)]
    cells[17], cells[33], cells[49] = "A1", "Tube", "8,45"
    run(context, tmp_path, ";".join(names), ";".join(cells))
    assert item(context, "A1", "label", "sale_price") == ("Tube", 84_500)


def test_prices_beyond_what_is_stored_and_huge_labels(context: Context, tmp_path: Path) -> None:
    made = plan(context, tmp_path, HEAD, f"A;Tube;{'9' * 30};u", f"B;{'x' * 5000};1;u", "C;Té;1;u")
    assert [code for _, code, _ in refusals(made)] == ["price.too_big", "label.too_long"]
    assert numbers(apply_import(context, made)) == (1, 0, 0, 2)


def test_a_mapping_given_by_hand_or_by_name(context: Context, tmp_path: Path) -> None:
    mapping = Mapping("items", {"reference": 2, "label": 1, "price": 3}, header=False)
    assert numbers(run(context, tmp_path, "Tube;A1;8,45", "Té;A2;1,10", mapping=mapping))[0] == 2
    assert item(context, "A2", "sale_price") == 11_000
    with pytest.raises(Unreadable):
        plan(context, tmp_path, "Tube;A1;8,45", "Té;A2;1,10", mapping="nosuchmapping")


def test_fabdis_and_workbooks_through_exchange(context: Context, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "tarif.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("B01_COMMERCE")
        sheet.write_row(0, 0, ["MARQUE", "REFCIALE", "LIBELLE80", "TARIF", "QT", "FAM1L"])
        sheet.write_row(1, 0, ["REX", "R1", "Disjoncteur", 12.34, 1, "Tableaux"])
        sheet.write_row(2, 0, ["REX", "R2", "Câble", 56.7, 100, "Câbles"])
    with plan_import(context, path, "items") as made:
        assert made.source.kind == "fabdis"
        assert numbers(apply_import(context, made)) == (2, 0, 0, 0)
    assert item(context, "R2", "sale_price", "price_per", "brand") == (567_000, 1_000_000, "REX")
    with plan_import(context, path, "items") as made:
        assert numbers(made.counts) == (0, 0, 2, 0)


def test_planning_writes_nothing(database: Database, context: Context, tmp_path: Path) -> None:
    path: Path | None = getattr(context.database, "path", None)  # a file to compare: SQLite's
    before = path and path.read_bytes()
    with plan(context, tmp_path, HEAD, "A;Tube;1;u"):
        assert len(leftovers(context)) == 1
    assert (path and path.read_bytes()) == before
    assert context.database.value("SELECT count(*) FROM import_batch") == 0
    assert context.database.value("SELECT count(*) FROM item") == 0
    assert leftovers(context) == []
    assert write(tmp_path, "x").exists()
