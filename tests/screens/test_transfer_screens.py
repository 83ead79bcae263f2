"""F6 by keys at 80×24: transfer screen, merge dialog, undo; what the database then holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.chain.transfer_choice import TransferScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfers import transfer
from codial_tui.services.documents import documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load
from codial_tui.services.records import parties

LINES = ("=Plomberie", "tub12 12", "racc12 24", "ce200s", "grsec", "=Électricité", "disj16 12")


def made(program: Program, *texts: str, kind: str = "quote", party: int = 0, **header: str) -> int:
    """A document with these entry lines for a customer of its own."""
    context = program.context
    if not party:
        party = parties.create(
            context, {"name": "ATELIER NEUF", "city": "LYON", "siren": "732829320"}
        )
    document_id = documents.create(context, kind, party, **header)
    editor = Editor(context, document_id)
    after = None
    for text in texts or LINES:
        reading = entering.read(editor, text, after)
        assert not reading.error, reading.text
        after = entering.enter(editor, reading, after)
    editor.close()
    return document_id


@asynccontextmanager
async def at(program: Program, monkeypatch: pytest.MonkeyPatch, one: int) -> AsyncIterator[Session]:
    document = load(program.context.database, one)
    assert document is not None
    async with running(program, monkeypatch, ref=document.ref) as session:
        yield session


def quantities(program: Program, document_id: int) -> dict[str, int]:
    document = load(program.context.database, document_id)
    assert document is not None
    return {one.reference: one.quantity // 10_000 for one in document.lines if one.reference}


def moved(program: Program, source: int, kind: str, **options: object) -> int:
    return transfer(program.context, Request((source,), kind, **options)).target_id  # type: ignore[arg-type]


def party_of(program: Program, document_id: int) -> int:
    found = load(program.context.database, document_id)
    assert found is not None
    return found.number("party_id")


async def test_two_keys_move_a_quote_into_an_order_and_ctrl_r_takes_it_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = made(demo)
    value = demo.context.database.value
    async with at(demo, monkeypatch, quote) as session:
        await session.press("f6")
        rows = session.rows()
        assert rows[0].startswith(" Transférer le devis DE26-")
        assert "►Commande" in rows[1]
        assert "Prendre" in rows[2]
        assert "12,00   0,00  12,00   12,00" in session.text
        await session.press("f8")
        assert isinstance(session.screen, DocumentScreen), session.text
        order = session.screen.document_id
        assert session.screen.editor.kind.kind == "order"
        assert "créée depuis DE26-" in session.rows()[22]
        assert "Ctrl+R annule" in session.rows()[22]
        assert quantities(demo, order) == quantities(demo, quote)
        assert value("SELECT state FROM document WHERE id = ?", (quote,)) == "accepted"
        await session.press("ctrl+r")
        assert session.screen.document_id == quote, session.text
        assert value("SELECT 1 FROM document WHERE id = ?", (order,)) is None
        assert value("SELECT state FROM document WHERE id = ?", (quote,)) == "pending"
        assert session.screen.editor.document.state == "pending"
        await session.press("f6", "f8")
        assert session.screen.editor.kind.kind == "order"


async def test_ten_keys_take_two_quantities(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    order = moved(demo, made(demo), "order")
    async with at(demo, monkeypatch, order) as session:
        keys = ("f6", "down", "2", "0", "enter", "down", "down", "5", "enter", "f8")
        assert len(keys) == 10
        await session.press(*keys)
        assert isinstance(session.screen, DocumentScreen), session.text
        target = session.screen.document_id
    found = quantities(demo, target)
    assert found == {"TUB12": 12, "RACC12": 20, "CE200S": 1, "GRSEC": 1, "DISJ16": 5}


async def test_more_than_the_rest_is_refused_or_asked(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = made(demo, "tub12 12")
    async with at(demo, monkeypatch, quote) as session:
        await session.press("f6", "1", "3", "enter")
        assert "TUB12 : reste 12,00" in session.rows()[22]
        assert isinstance(session.screen, TransferScreen)
        await session.press("escape", "f8", "f6", "1", "3", "enter")
        assert "1,00 au-delà du reste" in session.rows()[22]
        await session.press("o", "f8")
        note = session.screen.document_id
    document = load(demo.context.database, note)
    assert document is not None
    assert [line.quantity for line in document.lines] == [120_000, 10_000]
    assert [one.quantity for one in document.links.values()] == [120_000]


async def test_a_typed_quantity_never_goes_to_another_line(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = moved(demo, made(demo, "tub12 12", "racc12 24"), "order")
    async with at(demo, monkeypatch, order) as session:
        await session.press("f6", "5", "space")  # leaves the line; 5 was for that one
        assert session.rows()[21].startswith("► RACC12 à prendre : _"), session.rows()[21]
        await session.press("7", "f7", "r", "up", "4", "f8")
        note = session.screen.document_id
    assert quantities(demo, note) == {"TUB12": 4}


async def test_f9_looks_at_the_line_then_opens_its_item(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = moved(demo, made(demo, "tub12 12", "racc12 24"), "order")
    async with at(demo, monkeypatch, order) as session:
        await session.press("f6", "down", "5", "f9")
        assert "RACC12 · Coude 90°" in session.text and "Stock" in session.text, session.text
        assert session.rows()[21].startswith("► RACC12 à prendre : 5_")
        await session.press("f9")
        assert type(session.screen).__name__ == "RecordScreen", session.text
        await session.press("escape")
        assert isinstance(session.screen, TransferScreen), session.text
        await session.press("f9", "escape")  # closes the peek, nothing else
        assert "F9 encore" not in session.text and isinstance(session.screen, TransferScreen)
        await session.press("f8")
        note = session.screen.document_id
    assert quantities(demo, note) == {"TUB12": 12, "RACC12": 5}


async def test_letters_none_all_and_goods(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    order = moved(demo, made(demo), "order")
    async with at(demo, monkeypatch, order) as session:
        await session.press("f6")
        assert "►Bon de livraison" in session.rows()[1]
        await session.press("f")
        assert "►Facture" in session.rows()[1]
        await session.press("f7", "r", "f8")
        assert "Rien à transférer" in session.rows()[22]
        await session.press("z")
        assert "pas de cible ici" in session.rows()[22]
        await session.press("f7", "t", "f8")
        assert "Marchandise emportée ?" in session.rows()[22]
        await session.press("enter")
        assert isinstance(session.screen, TransferScreen)
        await session.press("n")
        invoice = session.screen.document_id
    document = load(demo.context.database, invoice)
    assert document is not None
    assert document.kind == "invoice"
    assert {one.pool for one in document.links.values()} == {"bill"}


async def test_the_dialog_merges_asks_and_says_why(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(demo, "tub12 2")
    party = party_of(demo, first)
    same = moved(demo, first, "order")
    other = made(demo, "grsec", kind="order", party=party, subject="Chantier Duval")
    branch = demo.context.database.value("SELECT MAX(id) FROM branch")
    refused = made(demo, "grsec", kind="order", party=party, branch_id=branch)
    quote = made(demo, "racc12 3", party=party, subject="Local technique")
    async with at(demo, monkeypatch, quote) as session:
        await session.press("f6", "f8")
        assert isinstance(session.screen, MergeScreen), session.text
        text = session.text
        assert "2 possibles · 1 refusée" in text
        assert "avec un choix" in text and "refusées" in text
        assert "agence" in text
        assert " Après ajout : HT 20,95, 1 article sous « Selon devis DE26-" in text
        await session.press("down", "enter")
        assert (
            "Objet : C « Chantier Duval » (cible) S « Local technique » (source)"
            in (session.rows()[22])
        )
        await session.press("escape", "up", "enter")
        assert session.screen.document_id == same, session.text
        assert quantities(demo, same) == {"TUB12": 2, "RACC12": 3}
        await session.press("ctrl+r")
        assert session.screen.document_id == same
        assert quantities(demo, same) == {"TUB12": 2}
        await session.press("escape", "f6", "f8", "down", "enter", "s")
        assert session.screen.document_id == other, session.text
    merged = load(demo.context.database, other)
    assert merged is not None
    assert merged.text("subject") == "Local technique"
    assert quantities(demo, refused) == {"GRSEC": 1}


async def test_with_none_mergeable_f1_says_why(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = made(demo, "racc12 3")
    branch = demo.context.database.value("SELECT MAX(id) FROM branch")
    made(demo, "grsec", kind="order", party=party_of(demo, quote), branch_id=branch)
    async with at(demo, monkeypatch, quote) as session:
        await session.press("f6", "f8")
        assert "1 refusée : F1 pourquoi" in session.rows()[22]
        await session.press("f1")
        assert "Agence" in session.text


async def test_duplicate_by_f7(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = made(demo, "racc12 3")
    async with at(demo, monkeypatch, quote) as session:
        await session.press("f7", "x", "c")
        assert session.screen.editor.kind.kind == "order", session.text
        assert quantities(demo, session.screen.document_id) == {"RACC12": 3}
        assert not session.screen.editor.document.links


async def test_an_order_is_delivered_printed_and_invoiced_in_seven_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ux.md §8 and the issue allow eight: F6 F8, F3 Enter O, F6 F8."""
    order = made(demo, "tub12 2", "grsec", kind="order")
    database = demo.context.database
    before = dict(database.rows("SELECT item_id, SUM(on_hand) FROM stock_level GROUP BY item_id"))
    async with at(demo, monkeypatch, order) as session:
        await session.press("f6", "f8")
        note = session.screen.document_id
        await session.press("f3", "enter", "o")
        await session.settled()
        await session.press("f6", "f8")
        invoice = session.screen.document_id
    rows = database.rows(
        "SELECT id, kind, state, net_total, delivery, billing FROM document "
        "WHERE id IN (?, ?, ?) ORDER BY id",
        (order, note, invoice),
    )
    net = rows[0][3]
    assert rows == [
        (order, "order", "open", net, "full", "full"),
        (note, "delivery_note", "printed", net, "", "full"),
        (invoice, "invoice", "provisional", net, "", ""),
    ]
    assert quantities(demo, invoice) == {"TUB12": 2, "GRSEC": 1}
    after = dict(database.rows("SELECT item_id, SUM(on_hand) FROM stock_level GROUP BY item_id"))
    assert sorted(before[one] - after[one] for one in before if before[one] != after[one]) == [
        10_000,
        20_000,
    ]
