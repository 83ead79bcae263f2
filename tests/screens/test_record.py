"""Parties and items as forms: written field by field, with addresses and contacts, keys only."""

from __future__ import annotations

from typing import Any

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.screens.lists.list import ListScreen
from codial_tui.screens.records.record import RecordScreen


def party(program: Program, code: str) -> dict[str, Any]:
    found = program.context.database.mapping("SELECT * FROM party WHERE code = ?", (code,))
    assert found is not None
    return found


async def test_the_24_rows_of_a_party(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        rows = session.rows()
        assert rows[0] == " Tiers C00007 · MARTIN Paul"
        assert rows[1].startswith("►Entête  Adresses 1  Contacts 0")
        assert rows[3] == "►Code           C00007                         Client         oui"
        assert rows[7].startswith(" Code postal    69160")
        assert rows[9].rstrip().endswith("▼")
        assert rows[21].startswith(" Code · Vide : le prochain numéro.")
        assert rows[23].startswith("1Aide   2       3       4Liste  5Nouv.")


async def test_a_field_is_written_when_it_is_left(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", "down")
        await session.press("ctrl+a", "ctrl+k")
        await session.type("MARTIN Paule")
        assert party(demo, "C00007")["name"] == "MARTIN Paul"
        await session.press("enter")
        found = party(demo, "C00007")
        assert (found["name"], found["name_fold"]) == ("MARTIN Paule", "martin paule")
        assert session.rows()[0].endswith("MARTIN Paule")
        await session.press("down", "down")  # postcode
        await session.type("33000")
        await session.press("enter")
        found = party(demo, "C00007")
        assert (found["postcode"], found["city"]) == ("33000", "BORDEAUX")
        assert "BORDEAUX" in session.text
        await session.press("escape")
        assert isinstance(session.screen, ListScreen)
        assert "BORDEAUX" in session.rows()[3]
    assert '"name"' in party(demo, "C00007")["user_columns"]


async def test_what_somebody_else_wrote_meanwhile_is_shown_first(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", "down")
        with demo.context.database.write():
            demo.context.database.execute(
                "UPDATE party SET name = 'MARTIN et fils' WHERE code = 'C00007'"
            )
        await session.press("ctrl+a", "ctrl+k")
        await session.type("MARTIN Paule")
        await session.press("enter")
        assert "quelqu'un d'autre vient de le changer" in session.rows()[22]
        assert party(demo, "C00007")["name"] == "MARTIN et fils"
        assert "MARTIN Paule" in session.text  # what was typed is still there
        await session.press("enter")
        assert party(demo, "C00007")["name"] == "MARTIN Paule"


async def test_a_wrong_siren_stays_in_its_field(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", *["down"] * 9)
        assert session.rows()[21].startswith(" SIREN")
        await session.type("123456789")
        await session.press("enter")
        rows = session.rows()
        assert rows[22].startswith(" × SIREN : clé fausse")
        assert "123456789" in session.text
        assert party(demo, "C00007")["siren"] == ""


async def test_yes_no_choice_and_list_fields(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", *["down"] * 15)
        assert session.rows()[21].startswith(" Client")
        await session.press("down", "o")  # Prospect
        assert party(demo, "C00007")["is_prospect"] == 1
        await session.press("down", "down", "down")  # Régime TVA
        await session.press("f4")
        assert "Autoliquidation" in session.text
        await session.press("down", "enter")
        assert party(demo, "C00007")["vat_regime"] == "reverse_charge"
        await session.press("down", "down", "down")
        assert session.rows()[21].startswith(" Encours max")
        await session.type("1500,5")
        await session.press("enter")
        assert party(demo, "C00007")["credit_limit"] == 150_050
        await session.press("up", "ctrl+k", "enter")
        assert party(demo, "C00007")["credit_limit"] is None  # no limit, not a limit of 0


async def test_an_emptied_price_is_zero(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, screen="items") as session:
        await session.press("enter")
        reference = session.rows()[0].split()[1]
        await session.screen.form.enter("sale_price")
        await session.press("ctrl+a", "ctrl+k")
        await session.type("12,3456")
        await session.press("enter")
        sql = "SELECT sale_price FROM item WHERE reference = ?"
        assert demo.context.database.value(sql, (reference,)) == 123_456
        await session.press("up", "ctrl+k", "enter")
        assert demo.context.database.value(sql, (reference,)) == 0


async def test_addresses_are_made_changed_and_retired(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", "ctrl+g a")
        assert "►Adresses 1" in session.rows()[1]
        await session.press("f5")
        assert session.rows()[0] == " Nouvelle adresse"
        await session.type("Hangar")
        await session.press("enter")
        await session.type("5 rue du Port")
        await session.press("enter")
        await session.type("33000")
        await session.press("enter", "enter")
        assert "►Adresses 2" in session.rows()[1]
        assert any("Hangar" in row and "BORDEAUX" in row for row in session.rows())
        sql = "SELECT role, street, city, active FROM address WHERE label = 'Hangar'"
        assert demo.context.database.row(sql) == ("delivery", "5 rue du Port", "BORDEAUX", 1)
        await session.press("enter", "t")  # Sert à : Travaux
        await session.press("escape")
        assert demo.context.database.row(sql)[0] == "works"  # type: ignore[index]
        await session.press("delete", "o")
        assert "►Adresses 1" in session.rows()[1]
        assert demo.context.database.row(sql)[3] == 0  # type: ignore[index]


async def test_a_contact_is_made(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", "ctrl+g c")
        assert session.rows()[3] == " Aucun contact. F5 en crée un."
        await session.press("f5")
        await session.type("Anne Roux")
        await session.press("f8")
        assert "►Contacts 1" in session.rows()[1]
        assert "Anne Roux" in session.rows()[3]
    row = demo.context.database.row(
        "SELECT name, name_fold, is_default FROM contact ORDER BY id DESC"
    )
    assert row == ("Anne Roux", "anne roux", 1)


async def test_a_new_item_opens_its_form(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "a")
        await session.type("zz99")
        await session.press("enter", "enter")
        await session.press("f8")
        assert session.rows()[22].startswith(" × Désignation")  # required
        await session.type("Bouchon de test")
        await session.press("enter")
        await session.type("u")
        await session.press("enter")
        await session.type("1,25")
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        assert session.rows()[0] == " Article zz99 · Bouchon de test"
        await session.press("escape")
        await session.press("f5", "a")
        await session.type("ZZ99")
        await session.press("enter")
        await session.type("Encore")
        await session.press("f8")
        assert session.rows()[22].startswith(" × ZZ99 existe déjà")
    found = demo.context.database.rows(
        "SELECT sale_price, unit FROM item WHERE reference_fold = 'zz99'"
    )
    assert found == [(12_500, "u")]


async def test_ctrl_g_arrows_go_through_the_list(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        await session.press("enter", "ctrl+g down")
        assert session.rows()[0].startswith(" Tiers C00012 ·")
        await session.press("ctrl+g up", "ctrl+g up")
        assert session.rows()[0].startswith(" Tiers C00007 ·")
        assert session.rows()[22].startswith(" × C'est la première")


async def test_a_record_begun_waits_for_its_form(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "a")
        await session.type("zz98")
        await session.press("enter")
        await session.type("Bouchon")
        await session.press("escape", "f5", "t", "escape", "f5", "a")
        assert "zz98" in session.rows()[3] and "Bouchon" in session.rows()[4]
        await session.press("f8")
        assert session.rows()[0] == " Article zz98 · Bouchon"
        await session.press("escape", "f5", "a")
        assert "zz98" not in session.text, "made: the next one is a new one"


async def test_a_model_names_its_documents_in_french(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = demo.context.database
    sql = "SELECT id, kind, name FROM letter_model ORDER BY name LIMIT 1"
    model, kind, name = database.row(sql)
    assert kind == "quote"
    async with running(demo, monkeypatch) as session:
        await session.app.push_screen(RecordScreen("letter_model", model))
        assert session.rows()[0] == f" Modèle de lettre {name}"
        assert "quote" not in session.text
        await session.screen.form.enter("kind")
        assert session.rows()[5].split()[1] == "Devis"
        await session.press("t")
        await session.press("f")
        assert database.row(sql)[1] == "invoice"
        await session.press("t", "tab")
        assert database.row(sql)[1] == ""
