"""Transfert by keys: the chain as a tree, the lines one by one, Enter opens."""

from __future__ import annotations

import pytest
from test_transfer_screens import at, made, moved

from codial_tui.bootstrap import Program
from codial_tui.services.chain import chains
from codial_tui.services.documents.rows import load


def lines_of(program: Program, document_id: int) -> list[str]:
    found = load(program.context.database, document_id)
    assert found is not None
    return [one.uid for one in found.lines if one.is_priced]


async def test_the_tree_and_the_lines_say_where_all_went(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = made(demo, "tub12 12 x10")
    order = moved(demo, quote, "order")
    [uid] = lines_of(demo, order)
    first = moved(demo, order, "delivery_note", takes={order: {uid: 50_000}})
    second = moved(demo, order, "delivery_note")
    with demo.context.database.write():
        demo.context.database.execute(
            "UPDATE document SET state = 'printed' WHERE id = ?", (first,)
        )
    invoice = moved(demo, first, "invoice")
    found = chains.tree(demo.context, first)
    assert [(one.id, one.depth, one.quantity, one.amount, one.here) for one in found] == [
        (quote, 0, None, None, False),
        (order, 1, 120_000, 12_000, False),
        (first, 2, 50_000, 5_000, True),
        (invoice, 3, 50_000, 5_000, False),
        (second, 2, 70_000, 7_000, False),
    ]
    assert chains.tree(demo.context, invoice)[:3] == [
        one._replace(here=one.id == invoice) for one in found[:3]
    ]
    async with at(demo, monkeypatch, order) as session:
        await session.press("ctrl+g", "t")
        rows = session.rows()
        assert "Transfert 1/2" in rows[1]
        assert rows[3].startswith("  DE26-")
        assert rows[4].startswith("► → CC26-") and rows[4].endswith("12,00     120,00")
        assert rows[5].startswith("    → BL26-") and rows[5].endswith("5,00      50,00")
        assert rows[6].startswith("      → FA-P") and rows[6].endswith("5,00      50,00")
        assert rows[7].startswith("    → BL26-") and rows[7].endswith("7,00      70,00")
        await session.press("down", "enter")
        assert session.screen.document_id == first, session.text
        await session.press("escape", "ctrl+g", "t")
        assert "Transfert 2/2" in session.rows()[1]
        rows = session.rows()
        assert rows[2].split()[-4:] == ["livrer", "À", "facturer", "U"]
        assert rows[3].split()[:2] == ["►", "1"] or rows[3].split()[0] == "►1"
        assert rows[3].split()[-4:] == ["12,00", "0,00", "7,00", "ml"]
        said = [" ".join(row.split()) for row in rows[4:8]]
        assert said[0].startswith("de DE26-") and "transféré" in said[0]
        assert said[1].startswith("→ BL26-") and "livré 09/11/26 · imprimé" in said[1]
        assert said[1].endswith("5,00")
        assert said[2].startswith("→ BL26-") and said[2].endswith("7,00")
        assert said[3].startswith("→ FA-P") and "facturé 09/11/26 · " in said[3]
        await session.press("down", "down", "down", "down", "enter")
        assert session.screen.document_id == invoice, session.text
        assert session.screen.pane.place() == lines_of(demo, invoice)[0]
        await session.press("escape", "f9")
        assert "Transfert 1/2" in session.rows()[1]
        await session.press("f9", "home", "enter")
        assert session.screen.document_id == order
        assert session.screen.pane.place() == uid


async def test_a_document_with_two_parents_stands_below_each(demo: Program) -> None:
    one = made(demo, "tub12 2 x10")
    document = load(demo.context.database, one)
    assert document is not None
    other = made(demo, "racc12 3 x10", party=document.number("party_id"))
    order = moved(demo, one, "order")
    moved(demo, other, "order", into=order)
    found = chains.tree(demo.context, order)
    assert [(each.id, each.depth, each.amount) for each in found] == [
        (one, 0, None),
        (order, 1, 2_000),
        (other, 0, None),
        (order, 1, 3_000),
    ]


async def test_goods_taken_with_the_invoice_are_counted_once(demo: Program) -> None:
    order = made(demo, "tub12 2 x10", kind="order")
    invoice = moved(demo, order, "invoice", goods_taken=True)
    assert [(one.id, one.quantity, one.amount) for one in chains.tree(demo.context, order)] == [
        (order, None, None),
        (invoice, 20_000, 2_000),
    ]
    document = load(demo.context.database, order)
    assert document is not None
    [trail] = chains.trails(demo.context, document)
    assert trail.left == {"deliver": 0, "bill": 0}
    assert [(one.did, one.quantity, one.ref) for one in trail.passages] == [
        ("facturé", 20_000, f"FA-P{invoice}"),
        ("emporté", 20_000, f"FA-P{invoice}"),
    ]


def test_a_ring_of_documents_ends(demo: Program) -> None:
    one = made(demo, "tub12 1")
    two = moved(demo, one, "order")
    database = demo.context.database
    source, target = (
        database.value("SELECT id FROM document_line WHERE document_id = ?", (each,))
        for each in (two, one)
    )
    with database.write():
        database.insert(
            "line_link",
            {"uid": demo.context.uid(), "source_line_id": source, "target_line_id": target},
        )
    assert [each.id for each in chains.tree(demo.context, one)] == [one, two, one]


async def test_a_document_alone_says_so(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at(demo, monkeypatch, made(demo, "tub12 1")) as session:
        await session.press("ctrl+g", "t")
        assert "Ce document ne vient d'aucun autre" in session.rows()[3]
        await session.press("enter", "f2")
        assert "×" in session.rows()[22]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["quote", "order", "delivery_note", "invoice"])
async def test_both_pages_fit_for_every_kind_of_the_demo(
    demo: Program, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """`rows` fails on a row that is wider than 80 cells."""
    document_id = demo.context.database.value(
        "SELECT d.id FROM document d JOIN document_line l ON l.document_id = d.id "
        "JOIN line_link k ON l.id IN (k.source_line_id, k.target_line_id) "
        "WHERE d.kind = ? GROUP BY d.id ORDER BY COUNT(*) DESC LIMIT 1",
        (kind,),
    )
    nodes = chains.tree(demo.context, document_id)
    document = load(demo.context.database, document_id)
    assert document is not None
    async with at(demo, monkeypatch, document_id) as session:
        await session.press("ctrl+g", "t")
        shown = [row[1:].split()[0:2] for row in session.rows()[3 : 3 + len(nodes)]]
        assert [node.ref in words for node, words in zip(nodes, shown)] == [True] * len(nodes)
        await session.press("f9")
        rows = session.rows()
        heads = {"quote": "Reste", "order": "À livrer À facturer", "delivery_note": "À facturer"}
        assert heads.get(kind, "Qté") in rows[2]
        assert any(node.ref in row for node in nodes for row in rows[3:20] if not node.here)
