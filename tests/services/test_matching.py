"""A supplier's invoice against what came: proposed, linked once, differences to the cent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.domain.buying.matching import Came, propose
from codial_tui.domain.chain.transfer import Pool
from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Document, Line
from codial_tui.errors import Refused
from codial_tui.services.buying import matching
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import validating
from codial_tui.services.records import parties


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    for code in ("RHONE", "AUTRE"):
        values = {"code": code, "name": code.title(), "is_supplier": 1, "is_customer": 0}
        parties.create(context, values)
    for reference in ("TUB12", "COU90", "VAN20"):
        desk.item(reference)
    return desk


def bought(
    desk: Desk, kind: str, *lines: object, supplier: str = "RHONE", **values: object
) -> Document:
    return desk.make(kind, *lines, customer=None, supplier=supplier, **values)


def received(desk: Desk, *lines: object, supplier: str = "RHONE") -> Document:
    """An order, all of it received and validated."""
    order = bought(desk, "purchase_order", *lines, supplier=supplier)
    receipt = transfer(desk.context, Request((order.id,), "goods_receipt"))
    return validating.validate(desk.context, receipt.target_id)


def matched(desk: Desk, document: Document) -> int:
    editor = Editor(desk.context, document.id)
    try:
        return matching.match(editor)
    finally:
        editor.close()


def seen(desk: Desk, document: Document) -> list[tuple[object, ...]]:
    stored = rows.load(desk.context.database, document.id)
    assert stored is not None
    return [
        (one.quantity // 10_000, one.came // 10_000, one.gap, one.refs)
        for one in matching.seen(desk.context, stored)
    ]


def left(desk: Desk, document: Document) -> list[tuple[str, int]]:
    return desk.context.database.rows(
        "SELECT p.pool, p.quantity - p.taken FROM line_pool p JOIN document_line l "
        "ON l.id = p.line_id WHERE l.document_id = ? ORDER BY l.position, p.pool",
        (document.id,),
    )


def billing(desk: Desk, document: Document) -> str:
    return str(
        desk.context.database.value("SELECT billing FROM document WHERE id = ?", (document.id,))
    )


@pytest.mark.both
def test_quantity_and_price_that_differ_are_said(desk: Desk) -> None:
    receipt = received(desk, ("TUB12", "10", "5.00"), ("COU90", "4", "2.50"))
    invoice = bought(desk, "supplier_invoice", ("COU90", "4", "2.50"), ("TUB12", "12", "5.10"))
    assert billing(desk, invoice) == "none"
    assert matched(desk, invoice) == 2
    assert seen(desk, invoice) == [(4, 4, 0, receipt.ref), (12, 10, 11_20, receipt.ref)]
    assert left(desk, receipt) == [("bill", 0), ("bill", 0)]
    assert billing(desk, invoice) == "part"  # two that nothing answers
    assert billing(desk, receipt) == "full"
    with pytest.raises(Refused, match="Toutes les lignes sont rapprochées"):
        matched(desk, invoice)


@pytest.mark.both
def test_what_came_is_invoiced_once(desk: Desk) -> None:
    receipt = received(desk, ("TUB12", "10", "5.00"))
    first = bought(desk, "supplier_invoice", ("TUB12", "6", "5.00"))
    second = bought(desk, "supplier_invoice", ("TUB12", "6", "5.00"))
    third = bought(desk, "supplier_invoice", ("TUB12", "6", "5.00"))
    matched(desk, first)
    matched(desk, second)
    assert seen(desk, second) == [(6, 4, 10_00, receipt.ref)]
    with pytest.raises(Refused, match="Rien de reçu de Rhone ne répond"):
        matched(desk, third)
    assert billing(desk, third) == "none"


def test_the_order_behind_the_receipt_is_invoiced_too(desk: Desk) -> None:
    receipt = received(desk, ("TUB12", "10", "5.00"))
    invoice = bought(desk, "supplier_invoice", ("TUB12", "10", "5.00"))
    matched(desk, invoice)
    assert seen(desk, invoice) == [(10, 10, 0, receipt.ref)]
    order = desk.context.database.row(
        "SELECT d.id, d.billing, d.delivery FROM document d WHERE d.kind = 'purchase_order'"
    )
    assert order is not None and order[1:] == ("full", "full")
    assert billing(desk, invoice) == "full"


def test_the_rest_is_matched_when_it_comes(desk: Desk) -> None:
    """10 invoiced, 4 received, then the other 6: once more F8, and nothing is left."""
    order = bought(desk, "purchase_order", ("TUB12", "10", "5"))
    for number in (4, 6):
        request = Request(
            (order.id,), "goods_receipt", None, {order.id: {order.lines[0].uid: number * 10_000}}
        )
        receipt = transfer(desk.context, request)
        validating.validate(desk.context, receipt.target_id)
        if number == 4:
            invoice = bought(desk, "supplier_invoice", ("TUB12", "10", "5"))
        assert matched(desk, invoice) == 1
    (one,) = matching.seen(desk.context, desk.again(invoice))
    assert (one.came, one.more, one.gap) == (10_0000, 0, 0)
    assert one.refs == "BR26-00001, BR26-00002"
    assert billing(desk, order) == billing(desk, invoice) == "full"
    with pytest.raises(Refused, match="Toutes les lignes sont rapprochées"):
        matched(desk, invoice)
    editor = Editor(desk.context, invoice.id)
    matching.unmatch(editor, one.uid)
    editor.close()
    assert billing(desk, order) == "none"
    assert left(desk, order) == [("bill", 10_0000), ("deliver", 0)]
    assert matched(desk, invoice) == 1  # of both receipts at once
    assert left(desk, order) == [("bill", 0), ("deliver", 0)]
    (one,) = matching.seen(desk.context, desk.again(invoice))
    assert (one.came, one.expected) == (10_0000, 50_00)


@pytest.mark.both
def test_undo_and_unmatch_give_back(desk: Desk) -> None:
    receipt = received(desk, ("TUB12", "10", "5.00"))
    invoice = bought(desk, "supplier_invoice", ("TUB12", "10", "5.00"))
    editor = Editor(desk.context, invoice.id)
    matching.match(editor)
    editor.undo()
    assert left(desk, receipt) == [("bill", 10_0000)] and billing(desk, invoice) == "none"
    matching.match(editor)
    matching.unmatch(editor, editor.document.lines[0].uid)
    assert left(desk, receipt) == [("bill", 10_0000)]
    with pytest.raises(Refused, match="pas rapprochée"):
        matching.unmatch(editor, editor.document.lines[0].uid)
    matching.match(editor)
    line = editor.document.lines[0]
    editor.commit([set_line(line, quantity=3_0000)], "Quantité")
    assert left(desk, receipt) == [("bill", 7_0000)] and billing(desk, invoice) == "full"
    editor.close()


def test_only_what_is_validated_and_of_this_supplier(desk: Desk) -> None:
    received(desk, ("TUB12", "10", "5.00"), supplier="AUTRE")
    order = bought(desk, "purchase_order", ("TUB12", "10", "5.00"))
    transfer(desk.context, Request((order.id,), "goods_receipt"))  # still open
    invoice = bought(desk, "supplier_invoice", ("TUB12", "10", "5.00"))
    with pytest.raises(Refused, match="Rien de reçu"):
        matched(desk, invoice)


def test_works_are_invoiced_on_their_order(desk: Desk) -> None:
    order = bought(desk, "subcontract_order", ("Pose du carrelage", "1", "800.00"))
    desk.context.database.execute("UPDATE document SET state = 'sent' WHERE id = ?", (order.id,))
    invoice = bought(desk, "supplier_invoice", ("Pose du carrelage", "1", "850.00"))
    matched(desk, invoice)
    assert seen(desk, invoice) == [(1, 1, 50_00, order.ref)]


def test_the_same_item_comes_before_the_same_words() -> None:
    line = Line("a", label="Tube", quantity=50_000, item_id=7)
    words = Came(
        "BR1", "2026-01-01", None, frozenset(), "TUBE", 50_000, Pool(1, "bill", 50_000, 0, 0, 0)
    )
    item = words._replace(ref="BR2", date="2026-02-01", item_id=7, label="x", left=20_000)
    item = item._replace(pool=item.pool._replace(line_id=2))
    assert [(one.ref, part) for one, part in propose([line], [words, item])["a"]] == [
        ("BR2", 20_000),
        ("BR1", 30_000),
    ]
    assert propose([replace(line, quantity=-50_000)], [words, item]) == {}
