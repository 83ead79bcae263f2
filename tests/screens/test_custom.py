"""Fiche perso: fields the company defines, filled with keys and stored when they are left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opened_program import make_program, make_quote, opened

from codial_tui.bootstrap import Program
from codial_tui.screens.document.custom import DefineScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.documents import custom_forms
from codial_tui.services.documents.editing import Editor


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    yield made
    made.close()


def define_all(program: Program) -> None:
    define = custom_forms.define
    define(program.context, "quote", "Étage", "text")
    define(program.context, "quote", "Surface", "number")
    define(program.context, "quote", "Visite le", "date")
    define(program.context, "quote", "Chauffage", "choice", ("gaz", "bois", "granulés"))
    define(program.context, "quote", "Ascenseur", "yes_no")


def stored(program: Program) -> dict[str, str]:
    return dict(
        program.context.database.rows(
            "SELECT f.label, v.value FROM custom_form_value v "
            "JOIN custom_form_field f ON f.id = v.field_id"
        )
    )


async def test_every_type_is_filled_and_comes_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    define_all(program)
    quote = make_quote(program.context)
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        assert "Étage" in session.rows()[21]
        await session.type("3e gauche")
        assert stored(program) == {}
        await session.press("enter")
        assert stored(program) == {"Étage": "3e gauche"}
        await session.type("12,5")
        await session.press("enter")
        await session.type("0912")
        await session.press("enter")
        assert "Chauffage : gaz · bois · granulés" in session.rows()[21]
        await session.press("f4")
        assert "première lettre" in session.rows()[22]
        await session.press("b", "enter", "o", "enter")
        assert stored(program) == {
            "Étage": "3e gauche",
            "Surface": "125000",
            "Visite le": "2026-12-09",
            "Chauffage": "bois",
            "Ascenseur": "1",
        }
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        text = session.text
        for shown in ("3e gauche", "12,50", "09/12", "bois", "oui"):
            assert shown in text
        await session.press("ctrl+u", "enter")
        assert "Étage" not in stored(program), "an emptied field takes its value away"
        await session.press("escape")


async def test_wrong_values_stay_to_be_mended(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    define_all(program)
    quote = make_quote(program.context)
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        await session.press("down")
        for wrong in ("douze", "1e9", "9" * 30):
            await session.press("ctrl+u")
            await session.type(wrong)
            await session.press("enter")
            assert session.rows()[22].startswith(" ×")
            assert wrong[:10] in session.text
        await session.press("ctrl+u", "enter")
        await session.type("3002")
        await session.press("enter")
        assert session.rows()[22].startswith(" ×")
        await session.press("ctrl+u", "enter", "z")
        assert session.rows()[22].startswith(" ×")
    assert stored(program) == {}


async def test_without_fields_it_says_where_they_come_from(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = make_quote(program.context)
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        assert "Aucun champ défini" in session.text
        for key in ("x", "enter", "down", "f4", "delete"):
            await session.press(key)
            session.rows()


async def test_another_program_has_the_document(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    define_all(program)
    quote = make_quote(program.context)
    from codial_tui.bootstrap import open_program

    other = open_program(str(tmp_path / "codial.sqlite3"), login="jean")
    held = Editor(other.context, quote)
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        await session.type("abc")
        await session.press("enter")
        assert "lecture seule" in session.text
    assert stored(program) == {}
    held.close()
    other.close()


async def test_many_fields_stand_in_two_columns(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        custom_forms.define(program.context, "quote", f"Champ n° {number} {'é' * 60}", "text")
    quote = make_quote(program.context)
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        for _ in range(59):
            await session.press("down")
        assert "Champ n° 59" in session.rows()[21]
        await session.type("dernier")
        await session.press("enter")
    assert list(stored(program).values()) == ["dernier"]


async def test_define_a_field_of_each_type(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DefineScreen(), monkeypatch) as session:
        assert "Tapez le nom du premier" in session.text
        for label, letter in (("Étage", "t"), ("Surface", "n"), ("Visite", "d"), ("Neuf", "o")):
            await session.type(label)
            await session.press("enter")
            assert "T texte  N nombre  D date  C choix  O oui/non" in session.rows()[22]
            await session.press(letter)
        await session.type("Chauffage")
        await session.press("enter", "c")
        await session.type("gaz")
        await session.press("enter")
        assert "× Un choix a deux valeurs au moins" in session.rows()[22]
        await session.type("; bois ;gaz;")
        await session.press("enter")
        assert "« Chauffage » ajouté" in session.rows()[22]
        assert "gaz · bois" in session.text
        assert session.screen.table.count == 5
        await session.type("Étage")
        await session.press("enter", "escape")
        assert session.screen.table.count == 5
        await session.press("enter", "t")
        assert session.rows()[22].startswith(" ×")
        await session.press("ctrl+u", "up", "escape")
    found = custom_forms.fields(program.context, "quote")
    assert [one.field.label for one in found] == [
        "Étage",
        "Surface",
        "Visite",
        "Neuf",
        "Chauffage",
    ]
    assert found[-1].field.choices == (("gaz", "gaz"), ("bois", "bois"))


async def test_only_an_administrator_defines(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.context.user = program.context.user._replace(role="user")
    async with opened(program, DefineScreen(), monkeypatch) as session:
        await session.type("Étage")
        await session.press("enter")
        assert "× Réservé aux administrateurs" in session.rows()[22]
    assert custom_forms.fields(program.context, "quote") == []


async def test_a_field_is_renamed_moved_and_removed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    define_all(program)
    quote = make_quote(program.context)
    uid = program.context.database.value("SELECT uid FROM document WHERE id = ?", (quote,))
    floor = custom_forms.fields(program.context, "quote")[0]
    custom_forms.put(program.context, floor, uid, "2")
    async with opened(program, DefineScreen(), monkeypatch) as session:
        await session.press("f2", "ctrl+u")
        await session.type("ascenseur")
        await session.press("enter")
        assert "× « ascenseur » existe déjà" in session.rows()[22]
        await session.press("ctrl+u")
        await session.type("Palier")
        await session.press("enter")
        assert stored(program) == {"Palier": "2"}
        await session.press("f7", "d", "f7", "d")
        labels = [one.field.label for one in custom_forms.fields(program.context, "quote")]
        assert labels == ["Surface", "Visite le", "Palier", "Chauffage", "Ascenseur"]
        await session.press("up", "down", "delete")
        assert "Retirer « Palier » de la fiche ? (1 valeur gardée)" in session.rows()[22]
        await session.press("n")
        assert session.screen.table.count == 5
        await session.press("delete", "o")
        assert session.screen.table.count == 4
        assert custom_forms.values(program.context, "quote", uid) == {}
        assert stored(program) == {"Palier": "2"}, "what was entered stays in the database"
        await session.type("Palier")
        await session.press("enter", "t")
    assert custom_forms.values(program.context, "quote", uid) == {"palier": "2"}


async def test_hostile_labels_and_values(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "\x1b]52;c;QUJD\x07[red]漢字\u202e" + "x" * 300
    custom_forms.define(program.context, "quote", bad, "choice", ("\x1b[2J" + "y" * 200, "[b]"))
    quote = make_quote(program.context)
    field = custom_forms.fields(program.context, "quote")[0]
    uid = program.context.database.value("SELECT uid FROM document WHERE id = ?", (quote,))
    custom_forms.put(program.context, field, uid, "\x1b[31m" + "z" * 500)
    async with opened(program, DocumentScreen(quote, tab="custom"), monkeypatch) as session:
        session.rows()
        await session.press("f4", "f1")
        session.rows()
    async with opened(program, DefineScreen(), monkeypatch) as session:
        session.rows()
