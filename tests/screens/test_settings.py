"""Paramètres: reference records and the parts of a record, keys only, down to the price."""

from __future__ import annotations

from typing import Any

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.screens.lists.list import ListScreen
from codial_tui.screens.records.record import RecordScreen
from codial_tui.screens.records.settings import SettingsScreen
from codial_tui.services.documents import documents, pricing, rows
from codial_tui.services.records import catalogue


async def open_settings(session: Session, name: str) -> None:
    await session.press("f10")
    await session.type("param")
    await session.press("enter")
    assert isinstance(session.screen, SettingsScreen)
    await session.type(name)
    await session.press("enter")


def value(program: Program, sql: str, *params: Any) -> Any:
    return program.context.database.value(sql, params)


def price(program: Program, reference: str, quantity: int, price_list: int | None = None) -> Any:
    """What a new quote of the first customer asks for so many."""
    context = program.context
    party = value(program, "SELECT id FROM party WHERE is_customer = 1 ORDER BY id LIMIT 1")
    made = documents.create(context, "quote", party)
    document = rows.load(context.database, made)
    assert document is not None
    document.header["price_list_id"] = price_list
    found = value(program, "SELECT id FROM item WHERE reference = ?", reference)
    item = catalogue.by_id(context, found)
    assert item is not None
    return pricing.price_of(context, document, item, quantity * 10_000).price


async def test_a_branch_is_made_and_retired(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await open_settings(session, "agence")
        assert isinstance(session.screen, ListScreen)
        await session.press("f5")
        assert session.rows()[0] == " Nouvelle agence"
        await session.type("BX")
        await session.press("enter")
        await session.type("Bordeaux")
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        assert session.rows()[0] == " Agence BX · Bordeaux"
        await session.screen.form.enter("postcode")
        await session.type("33000")
        await session.press("enter")
        await session.screen.form.enter("active")
        await session.press("n")
        sql = "SELECT name, postcode, city, active FROM branch WHERE code = 'BX'"
        assert demo.context.database.row(sql) == ("Bordeaux", "33000", "BORDEAUX", 0)
        await session.press("escape", "f5")
        await session.type("bx")
        await session.press("enter")
        await session.type("Encore")
        await session.press("enter")
        assert session.rows()[22].startswith(" × bx existe déjà")
    assert value(demo, "SELECT COUNT(*) FROM branch WHERE name = 'Encore'") == 0


async def test_the_last_administrator_stays_one(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.context.database.execute("UPDATE app_user SET role = 'user' WHERE login <> 'claire'")
    async with running(demo, monkeypatch) as session:
        await open_settings(session, "utilisateur")
        await session.type("administrateur claire")
        await session.press("enter")
        await session.screen.form.enter("role")
        await session.press("u")
        assert session.rows()[22].startswith(" × Il faut un administrateur")
        sql = "SELECT role FROM app_user WHERE login = 'claire'"
        assert value(demo, sql) == "admin"


async def test_only_administrators_change_settings(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.context.user = demo.context.user._replace(role="user")
    async with running(demo, monkeypatch) as session:
        await open_settings(session, "agence")
        await session.press("f5")
        await session.type("ZZ")
        await session.press("enter")
        await session.type("Interdite")
        await session.press("enter")
        assert session.rows()[22].startswith(" × Réservé aux administrateurs")
    assert value(demo, "SELECT COUNT(*) FROM branch WHERE code = 'ZZ'") == 0


async def test_the_company_opens_at_once(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await open_settings(session, "societe")
        assert isinstance(session.screen, RecordScreen)
        await session.screen.form.enter("siren")
        await session.press("ctrl+a", "ctrl+k")
        await session.type("123456789")
        await session.press("enter")
        assert session.rows()[22].startswith(" × SIREN : clé fausse")
        assert value(demo, "SELECT siren FROM company") != "123456789"


async def test_a_line_of_a_price_list_prices_the_quote(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = value(demo, "SELECT reference FROM item WHERE is_assembly = 0 AND sale_price > 0")
    usual = price(demo, reference, 1)
    async with running(demo, monkeypatch) as session:
        await open_settings(session, "tarif")
        await session.press("f5")
        await session.type("ZPRO")
        await session.press("enter")
        await session.type("Pro")
        await session.press("f8", "ctrl+g l", "f5")
        assert session.rows()[0] == " Nouvelle ligne"
        await session.type(reference)
        await session.press("enter", "enter")
        await session.type("10")
        await session.press("enter")
        await session.press("f8")
        assert session.rows()[22].startswith(" × Un prix ou une remise")
        await session.type("0,77")
        await session.press("f8")
        assert "►Lignes 1" in session.rows()[1]
    listed = value(demo, "SELECT id FROM price_list WHERE code = 'ZPRO'")
    sql = "SELECT from_quantity, price FROM price_list_line WHERE price_list_id = ?"
    assert demo.context.database.row(sql, (listed,)) == (100_000, 7_700)
    assert price(demo, reference, 9, listed) == usual
    assert price(demo, reference, 10, listed) == 7_700


async def test_components_make_an_assembly(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    found = demo.context.database.rows(
        "SELECT id, reference FROM item WHERE is_assembly = 0 ORDER BY reference_fold LIMIT 2"
    )
    (assembly, _), (part, part_reference) = found
    async with running(demo, monkeypatch, screen="items") as session:
        await session.type(found[0][1])
        await session.press("enter")
        if not isinstance(session.screen, RecordScreen):
            await session.press("enter")
        await session.press("ctrl+g c", "f5")
        await session.type(part_reference)
        await session.press("enter")
        await session.type("2,5")
        await session.press("enter")
        assert "►Composants 1" in session.rows()[1]
        sql = "SELECT component_id, ratio FROM assembly_component WHERE assembly_id = ?"
        assert demo.context.database.rows(sql, (assembly,)) == [(part, 2_500_000)]
        assert value(demo, "SELECT is_assembly FROM item WHERE id = ?", assembly) == 1
        await session.press("delete", "o")
        assert demo.context.database.rows(sql, (assembly,)) == []
        assert value(demo, "SELECT is_assembly FROM item WHERE id = ?", assembly) == 0
