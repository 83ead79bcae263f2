"""The other stories of the chain by keys alone at 80×24: billed first and delivered next week;
three orders of two branches; a month of delivery notes for fifty customers."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from demo_program import NOON, running

from codial_tui.bootstrap import Program
from codial_tui.screens.chain.grouped_billing import GroupedBilling
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.document.document import DocumentScreen

sys.path.insert(0, str(Path(__file__).parents[1] / "screens"))
sys.path.insert(0, str(Path(__file__).parents[1] / "services"))

from chain_desk import Desk
from opened_program import Session
from test_transfer_screens import made, party_of, quantities

pytestmark = pytest.mark.long


def ref_of(program: Program, document_id: int) -> str:
    return str(
        program.context.database.value("SELECT number FROM document WHERE id = ?", (document_id,))
    )


def moves(program: Program, since: int = 0) -> list[tuple[str, int]]:
    """What left the stock, in whole units, after a move."""
    return [
        (reference, quantity // 10_000)
        for reference, quantity in program.context.database.rows(
            "SELECT i.reference, m.quantity FROM stock_move m JOIN item i ON i.id = m.item_id "
            "WHERE m.id > ? ORDER BY m.id",
            (since,),
        )
    ]


async def open_from_home(session: Session, ref: str) -> None:
    """Back home from wherever one is, and to a document by its number."""
    while type(session.screen).__name__ != "HomeScreen":
        await session.press("escape")
    await session.type(ref)
    await session.press("enter")
    assert isinstance(session.screen, DocumentScreen), session.text


async def test_billed_first_and_delivered_next_week(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = made(demo, "tub12 12", "grsec 2", kind="order")
    database = demo.context.database

    def stored(*ids: int) -> list[tuple[object, ...]]:
        return [
            database.row("SELECT state, delivery, billing FROM document WHERE id = ?", (one,))
            for one in ids
        ]

    before = database.value("SELECT MAX(id) FROM stock_move")
    ref = ref_of(demo, order)
    async with running(demo, monkeypatch, ref=ref) as session:
        await session.press("f6", "f", "f8")
        assert "Marchandise emportée ? O/N" in session.rows()[22]
        await session.press("n")
        invoice = session.screen.document_id
        await session.press("f8", "o")
        assert "validée" in session.rows()[22], session.text
    assert stored(order, invoice) == [("open", "none", "full"), ("validated", "", "")]
    assert moves(demo, before) == []

    demo.context.clock = lambda: NOON + timedelta(days=7)
    async with running(demo, monkeypatch, ref=ref) as session:
        assert "12,00   0,00  12,00" in session.text, session.text
        await session.press("f6")
        assert "►Bon de livraison" in session.rows()[1]
        await session.press("f8")
        note = session.screen.document_id
        await session.press("f3", "enter", "o")
        await session.settled()
        await session.press("f6")  # it was billed with the order: only a return is left to make
        assert "►Retour" in session.rows()[1], session.text
        await session.press("f", "f8")
        assert "Rien à transférer" in session.rows()[22], session.text
    assert stored(order, note) == [("open", "full", "full"), ("printed", "", "full")]
    assert moves(demo, before) == [("TUB12", -12), ("GRSEC", -2)]
    net = database.value("SELECT net_total FROM document WHERE id = ?", (order,))
    assert database.rows(
        "SELECT kind, net_total FROM document WHERE id IN (?, ?) ORDER BY id", (invoice, note)
    ) == [("invoice", net), ("delivery_note", net)]


async def test_of_three_orders_two_merge_and_the_third_says_why(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = demo.context.database
    (north, name), *_, (south, other) = database.rows("SELECT id, name FROM branch ORDER BY id")
    first = made(demo, "tub12 2", kind="order", branch_id=north)
    party = party_of(demo, first)
    second = made(demo, "racc12 3", kind="order", party=party, branch_id=north)
    third = made(demo, "grsec", kind="order", party=party, branch_id=south)
    async with running(demo, monkeypatch) as session:
        await open_from_home(session, ref_of(demo, first))
        await session.press("f6", "f8")
        note = session.screen.document_id
        await open_from_home(session, ref_of(demo, second))
        await session.press("f6", "f8")
        assert isinstance(session.screen, MergeScreen), session.text
        await session.press("enter")
        assert session.screen.document_id == note, session.text
        await open_from_home(session, ref_of(demo, third))
        await session.press("f6", "f8")
        alone = session.screen.document_id
        assert alone not in (note, third)
        assert "1 refusée : F1 pourquoi" in session.rows()[22], session.text
        await session.press("f1")
        assert f"Agence « {name} », ici « {other} »" in session.text, session.text
        assert "F9" in session.text  # the remedy
        await session.press("escape", "ctrl+r")  # undone: the third order is as it was
        assert session.screen.document_id == third, session.text
    assert quantities(demo, note) == {"TUB12": 2, "RACC12": 3}
    titles = database.rows(
        "SELECT label FROM document_line WHERE document_id = ? AND type = 'title' "
        "ORDER BY position",
        (note,),
    )
    expected = [f"Selon commande {ref_of(demo, one)} du 09/11/2026" for one in (first, second)]
    assert [one for (one,) in titles] == expected
    assert database.rows(
        "SELECT delivery FROM document WHERE id IN (?, ?, ?) ORDER BY id", (first, second, third)
    ) == [("full",), ("full",), ("none",)]
    assert database.value("SELECT 1 FROM document WHERE id = ?", (alone,)) is None


async def test_a_month_for_fifty_customers_is_invoiced_at_once(
    demo: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One provisional invoice a delivery address: 50, and 16 for those with a site of their own."""
    desk = Desk(demo.context, tmp_path)
    database = demo.context.database
    demo.context.clock = lambda: NOON + timedelta(days=30)
    expected: dict[tuple[str, str], int] = {}
    for number in range(50):
        code = f"GRP{number:02}"
        desk.customer(code)
        for place in range(1 + number % 3):
            line = ("TUB12", 1 + number, "3.33")
            note = desk.make("delivery_note", line, customer=code, date="2026-11-12")
            if place == 2:
                note = desk.set(note, delivery_street="9 quai Y", delivery_city="LYON")
            desk.print(note)
            key = (code.title(), note.text("delivery_street"))
            expected[key] = expected.get(key, 0) + note.number("net_total")
    async with running(demo, monkeypatch) as session:
        await session.type(":facturation g")
        await session.press("enter")
        assert isinstance(session.screen, GroupedBilling), session.text
        shown = session.rows()[0]
        await session.press("f8", "o")
        await session.settled()
        assert "factures provisoires créées" in session.rows()[22], session.text
    billed = {
        (name, street or ""): net
        for name, street, net in database.rows(
            "SELECT party_name, delivery_street, net_total FROM document "
            "WHERE kind = 'invoice' AND party_code LIKE 'GRP%'"
        )
    }
    assert billed == expected and len(expected) == 66
    assert " factures · HT " in shown
    assert not database.rows(
        "SELECT 1 FROM document WHERE kind = 'delivery_note' AND party_code LIKE 'GRP%' "
        "AND billing <> 'full'"
    )
    assert sum(billed.values()) == database.value(
        "SELECT SUM(net_total) FROM document WHERE kind = 'delivery_note' "
        "AND party_code LIKE 'GRP%'"
    )
