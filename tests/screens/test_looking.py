"""Looking without leaving: F9 in Lignes, models in the texts, a document somebody else leaves."""

import pytest
from demo_program import running

from codial_tui.bootstrap import Program, open_program
from codial_tui.screens.lists.list import ListScreen
from codial_tui.services.documents import documents, peeks
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import parties

REF = "DE26-00042"


async def test_f9_shows_stock_and_last_prices_then_the_record(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, ref=REF) as session:
        await session.press(*["up"] * 13, "f9")
        assert "TUB12 · Tube cuivre Ø12 barre 5 m" in session.text
        assert "Stock : " in session.text
        assert "140" in session.text
        assert "Achat 5,10" in session.text
        await session.press("escape")
        assert "Achat 5,10" not in session.text
        await session.press("f9", "f9")
        assert "Article TUB12" in session.rows()[0]


async def test_f9_shows_the_components_of_an_assembly(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, ref=REF) as session:
        assert "2.6.1" not in session.text
        await session.press("f9")
        assert "2.6.1" in session.text
        await session.press("f9")
        assert "2.6.1" not in session.text


async def test_a_text_starts_from_a_model(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, ref=REF) as session:
        await session.press("ctrl+g", "e", "ctrl+g", "e", "f4", "down", "enter")
        document_id = documents.find(demo.context, REF)
        text = demo.context.database.value(
            "SELECT opening_text FROM document WHERE id = ?", (document_id,)
        )
        assert str(text).startswith("Après visite des lieux")


async def test_a_document_becomes_writable_when_the_other_leaves(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = documents.find(demo.context, REF)
    assert document_id is not None
    other = open_program(demo.database.url, login="jean")
    holder = Editor(other.context, document_id)
    assert holder.reason == ""
    async with running(demo, monkeypatch, ref=REF) as session:
        assert "lecture seule" in session.text
        screen = session.screen
        await screen.try_again()
        assert screen.editor.reason
        holder.set_header("Objet", subject="Vu par Jean")
        holder.close()
        await screen.try_again()
        await session.press("f10", "escape")
        assert "lecture seule" not in session.rows()[0]
        assert screen.editor.document.text("subject") == "Vu par Jean"
    other.close()


async def test_f9_in_a_list_looks_first_and_opens_at_once_what_has_no_more(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.type("DE26-00042")
        await session.press("f9")
        assert isinstance(session.screen, ListScreen)
        rows = session.rows()
        at = next(n for n, row in enumerate(rows) if row.startswith("─ F9 encore ouvre"))
        assert rows[at + 1].startswith(" MARTIN SARL · 04 78 11 22 33")
        assert "HT 12 340,50  TVA" in rows[at + 2]
        assert rows[21].startswith("► DE26-00042_"), "the caret stays"
        await session.press("escape")
        assert "F9 encore ouvre" not in session.text
        await session.press("f9", "f9")
        assert session.rows()[0].startswith(" Devis DE26-00042")


async def test_f9_in_the_header_looks_at_the_customer(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, ref=REF) as session:
        await session.press("ctrl+g", "e", "f9")
        rows = session.rows()
        at = next(n for n, row in enumerate(rows) if row.startswith("─ F9 encore ouvre la fiche"))
        assert "MARTIN SARL" in rows[at + 1]
        assert any("DE26-00042" in row and "En attente" in row for row in rows[at + 2 :])
        await session.press("down")
        assert "F9 encore ouvre" not in session.text
        await session.press("f9", "f9")
        assert "MARTIN SARL" in session.rows()[0] and "Devis" not in session.rows()[0]


def test_what_is_shown_of_items_and_customers(demo: Program) -> None:
    value = demo.context.database.value
    item = value("SELECT id FROM item WHERE reference = 'TUB12'")
    shown = peeks.of(demo.context, "item", item)
    assert shown[1].startswith("Stock : ") and len(shown) <= peeks.ROWS
    unsold = parties.create(demo.context, {"name": "NOUVEAU SARL"})
    assert peeks.of(demo.context, "party", unsold)[1:] == ["Aucun document encore"]
    assert peeks.of(demo.context, "vat_rate", 1) == []
    assert peeks.of(demo.context, "quote", 4711) == []
