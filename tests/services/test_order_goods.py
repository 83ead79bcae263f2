"""Goods of an order leave the stock once, whether its deliveries or its work orders take them, in
whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.domain.changes import delete, insert_after
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.errors import Refused
from codial_tui.services.buying import (
    consumption,
    consumption_notes,
    consumption_records,
    needs,
)
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.maintenance import closing
from codial_tui.services.stock import coming, order_goods, stock


class Site(Desk):
    """A customer whose order of ten cables is fitted by work orders."""

    def __init__(self, context: Context, folder: Path) -> None:
        super().__init__(context, folder)
        self.customer("MARTIN")
        self.cable = self.item("CABLE", "10")
        stock.move(context, "CABLE", 100_0000)

    def order(self) -> Document:
        return self.make("order", ("CABLE", 10))

    def work(self, order: Document, quantity: int) -> Document:
        return self.make("work_order", ("CABLE", quantity), order=order.ref)

    def close(self, order: Document, quantity: int) -> Document:
        return closing.close(self.context, self.work(order, quantity).id)

    @property
    def left(self) -> int:
        """How many are not in stock any more."""
        sql = "SELECT SUM(on_hand) FROM stock_level WHERE item_id = ?"
        return 100 - int(self.context.database.value(sql, (self.cable,))) // 10_000

    @property
    def needed(self) -> int:
        found = needs.everywhere(self.context, from_stock=False)
        return sum(one.to_order for one in found) // 10_000

    def record(self, order: Document, quantity: int) -> None:
        """Consumption that somebody writes down."""
        editor = Editor(self.context, order.id)
        if not consumption.is_followed(editor.document):
            consumption.start(editor)
        editor.close()
        what = consumption.line_named(consumption.look(self.context, order.id), "CABLE").what
        one = consumption_records.Record(what, quantity * 10_000)
        consumption_records.record(self.context, order.id, one)

    @property
    def reserved(self) -> int:
        return stock.reserved(self.context.database).get(self.cable, 0) // 10_000


@pytest.fixture
def site(context: Context, tmp_path: Path) -> Site:
    return Site(context, tmp_path)


@pytest.mark.both
def test_what_was_delivered_does_not_leave_again_with_a_work_order(site: Site) -> None:
    order = site.order()
    site.print(site.move(order, "delivery_note", {0: "6"}))
    assert site.left == 6
    work = site.work(order, 8)
    assert order_goods.told(site.context.database, work) == [
        "CABLE : 6 livré par la commande, ne sort pas encore du dépôt"
    ]
    closing.close(site.context, work.id)
    assert (site.left, site.reserved) == (8, 2)
    found = consumption.look(site.context, order.id)
    assert [one.consumed for one in found.lines] == [8_0000]
    assert consumption_notes.to_leave(site.context, found) == {}
    site.close(order, 2)
    assert (site.left, site.reserved) == (10, 0)
    closing.reopen(site.context, work.id)
    assert site.left == 8
    closing.close(site.context, work.id)
    assert site.left == 10


@pytest.mark.both
def test_what_a_work_order_fitted_does_not_leave_with_a_delivery_note(site: Site) -> None:
    order = site.order()
    site.close(order, 4)
    note = site.move(order, "delivery_note")
    with pytest.raises(Refused, match="CABLE : déjà sortie par un bon d'intervention"):
        site.print(note)
    assert site.left == 4
    site.edit(note, 0, quantity=6_0000)
    site.print(note)
    assert (site.left, site.reserved) == (10, 0)


@pytest.mark.both
def test_what_a_direct_invoice_takes_beside_a_work_order_leaves(site: Site) -> None:
    order = site.order()
    site.close(order, 4)
    made = site.move(order, "invoice", {0: "6"}, goods_taken=True)
    validating.validate(site.context, made.id)
    assert (site.left, site.reserved, site.needed) == (10, 0, 0)


def test_a_followed_order_that_is_recorded_by_hand_leaves_with_its_notes(site: Site) -> None:
    order = site.order()
    site.record(order, 4)
    made = site.move(order, "invoice", {0: "6"}, goods_taken=True)
    validating.validate(site.context, made.id)
    assert site.left == 0


def test_what_a_note_of_consumption_took_is_fitted_once(site: Site) -> None:
    order = site.order()
    site.record(order, 6)
    site.print(site.load(consumption_notes.make_note(site.context, order.id).document_id))
    assert site.left == 6
    site.close(order, 4)
    assert site.left == 6
    site.close(order, 6)
    assert site.left == 10
    found = consumption.look(site.context, order.id)
    assert [one.consumed for one in found.lines] == [10_0000]
    assert consumption_notes.to_leave(site.context, found) == {}


def test_an_execution_quote_knows_what_work_orders_fitted(site: Site) -> None:
    site.context.size = "enterprise"
    order = site.order()
    site.close(order, 4)
    site.move(order, "execution_quote")
    found = consumption.look(site.context, order.id)
    assert consumption_notes.to_leave(site.context, found) == {}
    assert site.needed == 6
    site.close(order, 6)
    found = consumption.look(site.context, order.id)
    assert consumption_notes.to_leave(site.context, found) == {}
    assert (site.left, site.reserved, site.needed) == (10, 0, 0)


def test_needs_and_reservations_with_the_same_article_twice(site: Site) -> None:
    order = site.make("order", ("CABLE", 4), ("CABLE", 6))
    site.close(order, 2)
    assert (site.left, site.reserved, site.needed) == (2, 8, 8)
    site.close(order, 6)
    assert (site.left, site.reserved, site.needed) == (8, 2, 2)
    assert [one.quantity for one in coming.held(site.context.database, site.cable)] == [2_0000]
    site.close(order, 2)
    assert (site.left, site.reserved, site.needed) == (10, 0, 0)
    assert coming.held(site.context.database, site.cable) == []


def test_what_is_not_of_the_order_leaves_it_whole(site: Site) -> None:
    order = site.order()
    part = {"reference": "CABLE", "quantity": "4", "billed": False}
    closing.close(site.context, site.make("work_order", parts_used=[part], order=order.ref).id)
    assert (site.left, site.reserved, site.needed) == (4, 10, 10)
    site.print(site.move(order, "delivery_note"))
    assert (site.left, site.reserved) == (14, 0)


def nested(site: Site, kind: str, quantity: int, **values: str) -> Document:
    """A lot of lots of one cable."""
    made = site.make(kind, ("CABLE", quantity), **values)
    editor, new = Editor(site.context, made.id), site.context.uid
    (cable,), whole = editor.document.lines, quantity * 10_000
    outer = Line(new(), LineType.AD_HOC_ASSEMBLY, label="Lot", quantity=whole)
    inner = replace(outer, uid=new(), parent_uid=outer.uid, ratio=1_000_000)
    part = replace(cable, id=None, uid=new(), parent_uid=inner.uid, ratio=1_000_000)
    lines = insert_after(editor.document, [outer, inner, part], None)
    editor.commit([delete(cable), *lines], "Lot")
    editor.close()
    return site.load(made.id)


def test_an_assembly_in_an_assembly_is_taken_once(site: Site) -> None:
    order = nested(site, "order", 2)
    site.print(site.move(order, "delivery_note", {0: "1"}))
    for left in (1, 2):
        closing.close(site.context, nested(site, "work_order", 1, order=order.ref).id)
        assert site.left == left
    alone = site.work(order, 2)
    assert [(one.covered, one.amount) for one in alone.lines] == [("", 20_00)]


def test_a_merged_invoice_gives_each_order_what_it_moved(site: Site) -> None:
    from codial_tui.services.records import settings

    settings.store(site.context, "transfer.sum_equal", True)
    taken, left = site.order(), site.order()
    made = site.move(taken, "invoice", {0: "10"}, goods_taken=True)
    made = site.move(left, "invoice", {0: "10"}, into=made, goods_taken=False)
    validating.validate(site.context, made.id)
    database = site.context.database
    assert order_goods.delivered(database, taken.id) == {site.cable: 10_0000}
    assert order_goods.delivered(database, left.id).get(site.cable, 0) == 0
    site.close(taken, 10)
    assert site.left == 10
    site.close(left, 10)
    assert (site.left, site.reserved) == (20, 0)


def test_what_is_fitted_beyond_the_order_leaves(site: Site) -> None:
    order = site.order()
    site.print(site.move(order, "delivery_note"))
    work = site.close(order, 13)
    assert [(one.quantity // 10_000, one.covered) for one in work.lines] == [(10, "order"), (3, "")]
    assert site.left == 13


@pytest.mark.parametrize("first", ["invoice", "work"])
def test_a_direct_invoice_and_a_work_order_take_the_same_goods_once(site: Site, first: str) -> None:
    context, order = site.context, site.order()

    def work() -> None:
        site.close(order, 10)

    def invoice() -> None:
        made = site.move(order, "invoice", {0: "10"}, goods_taken=True)
        validating.validate(context, made.id)

    for gesture in (work, invoice) if first == "work" else (invoice, work):
        gesture()
        assert site.left == 10


def test_what_came_back_leaves_again(site: Site) -> None:
    context, order = site.context, site.order()
    made = site.move(order, "invoice", {0: "10"}, goods_taken=True)
    invoice = validating.validate(context, made.id)
    back = credit_notes.credit(context, invoice.id, goods=True)
    validating.validate(context, back.id)
    assert site.left == 0
    assert order_goods.delivered(context.database, order.id) == {site.cable: 0}
    site.close(order, 10)
    assert site.left == 10


def test_two_orders_on_one_note_have_each_its_own(site: Site) -> None:
    from codial_tui.services.records import settings

    settings.store(site.context, "transfer.sum_equal", True)
    one, other = site.order(), site.make("order", ("CABLE", 30))
    note = site.move((one, other), "delivery_note")
    assert [line.quantity // 10_000 for line in note.lines if line.is_priced] == [40]
    site.print(note)
    database = site.context.database
    assert order_goods.delivered(database, one.id) == {site.cable: 10_0000}
    assert order_goods.delivered(database, other.id) == {site.cable: 30_0000}
    site.close(one, 10)
    assert site.left == 40
