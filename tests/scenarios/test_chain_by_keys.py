"""The story of the chain by keys alone at 80×24: two quotes become one order, three deliveries, one
of them comes back in part, one invoice takes them all; the database is right to the cent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.money import div_round
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.documents.rows import load

sys.path.insert(0, str(Path(__file__).parents[1] / "screens"))

from test_transfer_screens import made, party_of


@pytest.mark.long
async def test_quotes_order_deliveries_return_and_one_invoice(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = demo.context.database
    first = made(demo, "tub12 12")
    second = made(demo, "racc12 24", party=party_of(demo, first))
    ref = database.value("SELECT number FROM document WHERE id = ?", (first,))
    other = database.value("SELECT number FROM document WHERE id = ?", (second,))

    async with running(demo, monkeypatch, ref=ref) as session:

        async def deliver(*quantities: str) -> int:
            """From the order: these quantities line by line, printed; back on the order."""
            await session.press("f6")
            for quantity in quantities:
                await session.press(*quantity, "enter")
            await session.press("f8")
            if isinstance(session.screen, MergeScreen):
                await session.press("c")
            note: int = session.screen.document_id
            await session.press("f3", "enter", "o")
            await session.settled()
            return note

        await session.press("f6", "f8")
        order = session.screen.document_id
        await session.press("escape", "escape")
        await session.type(other)
        await session.press("enter", "f6", "f8")
        assert isinstance(session.screen, MergeScreen), session.text
        await session.press("enter")
        assert session.screen.document_id == order, session.text

        notes = []
        for quantities in (("4", "8"), ("4", "8"), ("4", "8")):
            notes.append(await deliver(*quantities))
            assert isinstance(session.screen, DocumentScreen), session.text
            await session.press("escape")
            assert session.screen.document_id == order, session.text

        number = database.value("SELECT number FROM document WHERE id = ?", (notes[2],))
        await session.press("escape", "escape")
        if session.screen.__class__.__name__ != "HomeScreen":
            await session.press("escape")
        await session.type(number)
        await session.press("enter", "f6", "r", "1", "enter", "0", "enter", "f8")
        back = session.screen.document_id
        assert session.screen.editor.document.text("nature") == "return", session.text
        await session.press("f3", "enter", "o")
        await session.settled()

        await session.press("escape")
        assert session.screen.document_id == notes[2], session.text
        await session.press("f6", "f8")
        invoice = session.screen.document_id
        await session.press("f7", "z")
        assert "Ajouter 2 BL, HT 89,20 €" in session.rows()[22], session.text
        await session.press(
            "o"
        )  # the order has nothing left once its notes are billed: no question
        assert "2 BL : dans FA-P" in session.rows()[22], session.text

    billed = load(database, invoice)
    assert billed is not None
    quantity: dict[str, int] = {}
    for line in billed.lines:
        if line.reference:
            quantity[line.reference] = quantity.get(line.reference, 0) + line.quantity
    assert quantity == {"TUB12": 11 * 10_000, "RACC12": 24 * 10_000}
    prices = {line.reference: line.net_amount for line in load(database, order).lines}  # type: ignore[union-attr]
    assert billed.number("net_total") == div_round(prices["TUB12"] * 11, 12) + prices["RACC12"]
    stock = dict(
        database.rows(
            "SELECT i.reference, SUM(m.quantity) FROM stock_move m JOIN item i ON i.id = m.item_id "
            "JOIN document_line l ON l.uid = m.line_uid JOIN document d ON d.id = l.document_id "
            "WHERE d.id IN (?, ?, ?, ?) GROUP BY i.reference",
            (*notes, back),
        )
    )
    assert stock == {"TUB12": -11 * 10_000, "RACC12": -24 * 10_000}
    assert database.row("SELECT delivery, billing FROM document WHERE id = ?", (order,)) == (
        "full",
        "full",
    )
