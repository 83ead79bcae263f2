"""À livrer of an order: what was typed goes with one delivery, and is not proposed again."""

from pathlib import Path

import pytest
from chain_desk import Desk, quantities

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor

pytestmark = pytest.mark.both


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    desk.item("POSE", "4", stock_managed=0)
    return desk


def typed(desk: Desk, order: Document) -> list[int]:
    return [line.to_deliver // 10_000 for line in desk.again(order).lines]


def test_what_was_typed_goes_once(desk: Desk) -> None:
    """Else F6 F8 once more would deliver it again, beyond the rest and without a question."""
    order = desk.make("order", ("TUBE", 12), ("POSE", 5))
    desk.edit(order, 0, to_deliver=80_000)
    first = desk.print(desk.move(desk.again(order), "delivery_note"))
    assert quantities(first) == [8] and typed(desk, order) == [0, 0]
    assert quantities(desk.move(desk.again(order), "delivery_note")) == [4, 5]


def test_what_was_typed_comes_back_when_the_transfer_is_undone(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 12), ("POSE", 5))
    desk.edit(order, 0, to_deliver=140_000)  # two more than ordered
    desk.edit(desk.again(order), 1, to_deliver=20_000)
    note = desk.move(desk.again(order), "delivery_note", {0: "14"})
    assert quantities(note) == [12, 2]
    assert typed(desk, order) == [0, 2]  # what stayed behind is still wanted
    desk.undo(note)
    assert typed(desk, order) == [14, 2]
    note = desk.move(desk.again(order), "delivery_note")
    assert typed(desk, order) == [0, 0]
    desk.edit(desk.again(order), 1, to_deliver=10_000)
    desk.undo(note)
    assert typed(desk, order) == [14, 1]


def test_goods_taken_with_the_invoice_need_no_delivery(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 12))
    desk.edit(order, 0, to_deliver=80_000)
    later = desk.move(desk.again(order), "invoice", {0: "3"}, goods_taken=False)
    assert typed(desk, order) == [8]
    desk.undo(later)
    taken = desk.move(desk.again(order), "invoice", goods_taken=True)
    assert typed(desk, order) == [0]
    with pytest.raises(Refused):
        desk.move(desk.again(order), "delivery_note")
    desk.undo(taken)
    assert typed(desk, order) == [8]


def test_it_is_a_step_of_the_order_like_any_other(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 12))
    desk.edit(order, 0, to_deliver=80_000)
    desk.move(desk.again(order), "delivery_note", {0: "5"})
    editor = Editor(desk.context, order.id)
    assert editor.undo() == "À livrer : BL26-00001"
    assert typed(desk, order) == [8]
    editor.undo()
    assert typed(desk, order) == [0]
    editor.close()
