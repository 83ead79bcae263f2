"""Address files against the parties."""

from pathlib import Path

import pytest
from import_files import numbers, plan, refusals, run

from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.imports.importing import undo_import
from codial_tui.services.records import parties

pytestmark = pytest.mark.both

HEAD = "code;nom;adresse;code postal;ville;siren"


def stored(context: Context, *columns: str) -> list[tuple[object, ...]]:
    return context.database.rows(f"SELECT {', '.join(columns)} FROM party ORDER BY id")


def test_customers_are_added_changed_and_left_alone(context: Context, tmp_path: Path) -> None:
    lines = (HEAD, "C7;Élan SARL;3 rue du Lac;69003;LYON;732829320", "C8;Pinson;;1000;BOURG;")
    assert numbers(run(context, tmp_path, *lines, kind="customers")) == (2, 0, 0, 0)
    assert stored(context, "code", "name_fold", "postcode", "siren", "is_customer", "country") == [
        ("C7", "elan sarl", "69003", "732829320", 1, "FR"),
        ("C8", "pinson", "1000", "", 1, "FR"),
    ]
    assert [hit.code for hit in parties.search(context, "elan lyon")] == ["C7"]
    assert numbers(run(context, tmp_path, *lines, kind="customers")) == (0, 0, 2, 0)
    moved = (HEAD, "c7;Élan SARL;9 quai Perrache;69002;LYON;")
    assert numbers(run(context, tmp_path, *moved, kind="customers")) == (0, 1, 0, 0)
    assert stored(context, "code", "street", "siren")[0] == ("C7", "9 quai Perrache", "732829320")


def test_a_customer_may_become_a_supplier_too(context: Context, tmp_path: Path) -> None:
    lines = ("code;nom", "X;Rexo")
    run(context, tmp_path, *lines, kind="customers")
    assert numbers(run(context, tmp_path, *lines, kind="suppliers")) == (0, 1, 0, 0)
    run(context, tmp_path, "code;nom", "Y;Élec", kind="suppliers")
    assert stored(context, "code", "is_customer", "is_supplier") == [("X", 1, 1), ("Y", 0, 1)]


def test_without_code_identifiers_then_name_and_postcode_recognise(
    context: Context, tmp_path: Path
) -> None:
    lines = (
        "nom;code postal;siren;siret;pays",
        "Élan;69003;732829320;;France",
        "Pinson;69001;;73282932000074;",
        "Dupont;69002;;;Belgique",
    )
    assert numbers(run(context, tmp_path, *lines, kind="customers")) == (3, 0, 0, 0)
    assert [row[0] for row in stored(context, "code")] == ["C00001", "C00002", "C00003"]
    assert stored(context, "country")[2] == ("BE",)
    assert numbers(run(context, tmp_path, *lines, kind="customers")) == (0, 0, 3, 0)
    renamed = ("nom;siren;siret", "Pinson et fils;;73282932000074", "DUPONT;;")
    assert numbers(run(context, tmp_path, *renamed, kind="customers")) == (1, 1, 0, 0)
    assert stored(context, "name", "postcode")[1] == ("Pinson et fils", "69001")


def test_free_codes_step_over_those_of_the_file(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, "code;nom", ";Un", "C00001;Deux", ";Trois", "C00A12;Q", kind="customers")
    found = {name: code for code, name in stored(context, "code", "name")}
    assert found == {"Un": "C00002", "Deux": "C00001", "Trois": "C00003", "Q": "C00A12"}
    run(context, tmp_path, "code;nom", ";Cinq", kind="customers")
    assert ("C00004",) in stored(context, "code")


def test_twins_are_told_and_duplicates_refused(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, HEAD, "C1;Dupont;;69002;LYON;", kind="customers")
    made = plan(
        context, tmp_path, HEAD,
        "C2;DUPONT;;69002;LYON;", "C2;Autre;;;;", "C3;Faux;;;;123456789", ";;;;;", "C4;;;;;",
        kind="customers",
    )  # fmt: skip
    (twin,) = made.rows(("added",))
    assert [(one.code, one.message) for one in twin.problems] == [
        ("party.twin", "même nom et code postal que C1")
    ]
    assert refusals(made) == [
        (3, "party.duplicate", "tiers en double (ligne 2)"),
        (4, "siren.invalid", "SIREN : faux"),
        (6, "party.name", "Nom absent, et tiers inconnu"),
    ]


def test_countries_nobody_knows(context: Context, tmp_path: Path) -> None:
    made = plan(context, tmp_path, "nom;pays", "A;Syldavie", "B;be", kind="customers")
    assert refusals(made) == [(2, "country.unknown", "pays inconnu")]
    assert made.counts.added == 1


def test_a_contact_comes_along_and_goes_with_the_import(context: Context, tmp_path: Path) -> None:
    lines = ("code;nom;contact", "C1;Élan;Mme Léa Roy", "C2;Pinson;")
    run(context, tmp_path, *lines, kind="customers")
    more = run(context, tmp_path, "code;contact", "C2;M. Paul", "C1;Mme Léa Roy", kind="customers")
    assert numbers(more) == (0, 1, 1, 0)
    contacts = "SELECT name, name_fold FROM contact ORDER BY id"
    assert context.database.rows(contacts) == [
        ("Mme Léa Roy", "mme lea roy"), ("M. Paul", "m. paul")
    ]  # fmt: skip
    assert undo_import(context, more.batch_id).undone == 1
    assert len(context.database.rows(contacts)) == 1


def test_what_was_edited_here_stays(database: Database, context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, "code;nom;téléphone", "C1;Élan;04 78 00 00 00", kind="customers")
    with context.database.write():
        context.database.execute("UPDATE party SET phone = '06', user_columns = '[\"phone\"]'")
    again = run(context, tmp_path, "code;nom;téléphone", "C1;Élan;04 78 00 00 00", kind="customers")
    assert numbers(again) == (0, 0, 1, 0)
    assert stored(context, "phone") == [("06",)]
