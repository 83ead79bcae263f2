"""A line made smaller gives back to each of its sources what it no longer has of them.
Equal items are summed here, so that one line comes from several documents."""

from pathlib import Path

import pytest
from chain_desk import Desk, quantities

from codial_tui.services.context import Context
from codial_tui.services.records import settings

pytestmark = pytest.mark.both


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    settings.store(context, "transfer.sum_equal", True)
    return desk


@pytest.mark.parametrize("directly_first", [True, False])
def test_a_line_of_a_note_and_of_its_order_gives_back_to_both(
    desk: Desk, directly_first: bool
) -> None:
    """Five by the note, four directly: eight left are five and three."""
    order = desk.make("order", ("TUBE", 10))
    note = desk.print(desk.move(order, "delivery_note", {0: "5"}))
    ways = [lambda into: desk.move(note, "invoice", None, into)]
    ways.insert(
        0 if directly_first else 1,
        lambda into: desk.move(order, "invoice", {0: "4"}, into, goods_taken=True),
    )
    invoice = ways[1](ways[0](None))
    assert quantities(invoice) == [9] and desk.pool(order, "deliver") == [(10, 9)]
    desk.edit(invoice, 0, quantity=80_000)
    assert desk.pool(order, "bill") == [(10, 8)] and desk.pool(note, "bill") == [(5, 5)]
    assert desk.pool(order, "deliver") == [(10, 8)]
    desk.edit(invoice, 0, quantity=30_000)
    assert desk.pool(order, "bill") == [(10, 3)] and desk.pool(note, "bill") == [(5, 3)]
    assert desk.pool(order, "deliver") == [(10, 5)]


def test_a_line_of_two_orders_gives_back_to_the_right_one(desk: Desk) -> None:
    orders = [desk.make("order", ("TUBE", quantity)) for quantity in (10, 6)]
    notes = [desk.print(desk.move(one, "delivery_note", {0: "5"})) for one in orders]
    invoice = desk.move(notes[1], "invoice", into=desk.move(notes[0], "invoice"))
    assert quantities(invoice) == [10]
    desk.edit(invoice, 0, quantity=70_000)
    assert [desk.pool(one, "bill") for one in notes] == [[(5, 5)], [(5, 2)]]
    assert [desk.pool(one, "bill") for one in orders] == [[(10, 5)], [(6, 2)]]


def test_goods_that_stayed_do_not_leave_with_a_smaller_line(desk: Desk) -> None:
    """Two taken along, four not: of five left no more than two went."""
    order = desk.make("order", ("TUBE", 10))
    invoice = desk.move(order, "invoice", {0: "2"}, goods_taken=True)
    invoice = desk.move(order, "invoice", {0: "4"}, invoice, goods_taken=False)
    assert quantities(invoice) == [6] and desk.pool(order, "deliver") == [(10, 2)]
    desk.edit(invoice, 0, quantity=50_000)
    assert desk.pool(order, "bill") == [(10, 5)] and desk.pool(order, "deliver") == [(10, 2)]
