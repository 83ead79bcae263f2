"""Search as one types: every word, anywhere, without accents; kept up to date by itself."""

import sqlite3

import pytest

from codial_tui.domain.text import fold, words
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.models.dialect import Dialect
from codial_tui.models.uid import new_uid

ITEMS = [
    ("TUB12", "Tube cuivre écroui Ø12", "3250614512345"),
    ("TUB14", "Tube cuivre écroui Ø14", "3250614512352"),
    ("TU-PER", "Tube PER 12 nu", ""),
    ("COU12", "Coude laiton pour tube 12", "3250614599999"),
    ("A%B_C!", 'Joint 1/2" 100 % fibre', ""),
]


def add(d: Dialect, reference: str, label: str, ean: str = "") -> int:
    return d.insert(
        "item",
        {
            "uid": new_uid(),
            "reference": reference,
            "reference_fold": fold(reference),
            "label": label,
            "search_text": fold(f"{reference} {label}"),
            "ean": ean,
        },
    )


@pytest.fixture
def d(database: Database) -> Dialect:
    with database.dialect.write():
        for one in ITEMS:
            add(database.dialect, *one)
    return database.dialect


def found(d: Dialect, typed: str, **options: object) -> list[str]:
    return [row[0] for row in d.search("item", words(typed), "item.reference", **options)]  # type: ignore[arg-type]


@pytest.mark.both
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("t", ["TU-PER", "TUB12", "TUB14"]),  # references that start so
        ("tu", ["TU-PER", "TUB12", "TUB14"]),
        ("3250614512345", ["TUB12"]),
        ("32", ["TUB12", "TUB14", "COU12"]),
        ("tub12", ["TUB12"]),
        ("TÛBE", ["TUB12", "TUB14", "TU-PER", "COU12"]),
        ("ecroui", ["TUB12", "TUB14"]),
        ("roui uivr", ["TUB12", "TUB14"]),  # any order, part of a word
        ("tube 14", ["TUB14"]),
        ("12 tube", ["TUB12", "TU-PER", "COU12"]),
        ("tu 14", ["TUB14"]),
        ('1/2"', ["A%B_C!"]),
        ("100 %", ["A%B_C!"]),
        ("a%", ["A%B_C!"]),
        ("b_c", ["A%B_C!"]),
        ("b%c", []),
        ("tub NOT cuivre", []),
        ('"', []),
        ("*", []),
        ("zzz", []),
        ("", []),
    ],
)
def test_what_is_typed_finds(d: Dialect, typed: str, expected: list[str]) -> None:
    assert sorted(found(d, typed)) == sorted(expected)


@pytest.mark.both
def test_a_reference_comes_before_a_mention(d: Dialect) -> None:
    with d.write():
        add(d, "VIS1", "vis pour cou12 et tub12")
        d.execute("UPDATE item SET id = 100 WHERE reference = 'COU12'")
    assert found(d, "cou12") == ["COU12", "VIS1"]


@pytest.mark.both
def test_limits_and_conditions(d: Dialect) -> None:
    assert len(found(d, "tube", limit=2)) == 2
    assert len(found(d, "t", limit=2)) == 2
    with d.write():
        d.execute("UPDATE item SET blocked = 1 WHERE reference = 'TUB12'")
    assert "TUB12" not in found(d, "tube", where="item.blocked = ?", params=[0])
    assert "TUB12" not in found(d, "tu", where="item.blocked = ?", params=[0])


@pytest.mark.both
def test_the_index_follows_every_change(d: Dialect) -> None:
    with d.write():
        d.execute("UPDATE item SET search_text = 'robinet' WHERE reference = 'TUB12'")
        d.execute("UPDATE item SET search_text = 'vanne' WHERE reference = 'TUB12'")
    assert found(d, "robinet") == []
    assert found(d, "ecroui") == ["TUB14"]
    assert found(d, "vanne") == ["TUB12"]
    with d.write():
        key = add(d, "NEW", "ephemere")
        d.execute("DELETE FROM item WHERE id = ?", [key])
        d.execute("DELETE FROM item WHERE reference = 'TUB12'")
    assert found(d, "vanne") == found(d, "ephemere") == []
    with pytest.raises(Refused), d.write():
        add(d, "X1", "fantome")
        add(d, "X1", "fantome")
    assert found(d, "fantome") == []


@pytest.mark.both
def test_a_worker_searches_on_its_own_connection(d: Dialect) -> None:
    reader = d.reader()
    assert reader.search("item", ["ecroui"], "item.reference, item.label") == [
        ("TUB12", "Tube cuivre écroui Ø12"),
        ("TUB14", "Tube cuivre écroui Ø14"),
    ]
    reader.close()


def test_the_index_holds_exactly_the_rows(d: Dialect) -> None:
    with d.write():
        d.execute("UPDATE item SET search_text = 'vanne' WHERE reference = 'TUB12'")
        d.execute("DELETE FROM item WHERE reference = 'TUB14'")
    check = "INSERT INTO item_search (item_search, rank) VALUES ('integrity-check', 1)"
    d.execute(check)  # FTS5 raises when index and table differ
    d.execute("DELETE FROM item_search WHERE rowid = 1")
    with pytest.raises(Exception, match="abîmée"):
        d.execute(check)
    with d.write():
        d.rebuild_index("item")
    d.execute(check)
    assert found(d, "vanne") == ["TUB12"]


def test_a_foreign_program_s_change_is_indexed_with_the_next_write(d: Dialect) -> None:
    other = sqlite3.connect(d.value("SELECT file FROM pragma_database_list"))
    other.execute("UPDATE item SET search_text = 'sirene' WHERE reference = 'TUB12'")
    other.commit()
    other.close()
    with d.write():
        pass
    assert found(d, "sirene") == ["TUB12"]


@pytest.mark.both
def test_parties_are_found_the_same_way(database: Database) -> None:
    d = database.dialect
    with d.write():
        for code, name, rest in (
            ("C42", "Élec Martin", "69003 lyon 0472000000 732829320"),
            ("C43", "SARL Dupont", "33000 bordeaux 0556000000"),
        ):
            d.insert(
                "party",
                {
                    "uid": new_uid(),
                    "code": code,
                    "code_fold": fold(code),
                    "name": name,
                    "name_fold": fold(name),
                    "search_text": fold(f"{code} {name} {rest}"),
                },
            )
    for typed, expected in (
        ("el", ["Élec Martin"]),
        ("c4", ["Élec Martin", "SARL Dupont"]),
        ("lyon", ["Élec Martin"]),
        ("0556", ["SARL Dupont"]),
        ("732829", ["Élec Martin"]),
        ("dupont bord", ["SARL Dupont"]),
        ("dupont lyon", []),
    ):
        assert [row[0] for row in d.search("party", words(typed), "party.name")] == expected
