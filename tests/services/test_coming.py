"""What is expected from suppliers, what is held and for whom."""

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import peeks
from codial_tui.services.invoicing import validating
from codial_tui.services.stock import coming, stock

ONE = 10_000
EURO = 1_000_000


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    found = Desk(context, tmp_path)
    found.customer("MARTIN")
    found.customer("DUPONT", is_supplier=1, is_customer=0)
    return found


def ordered(desk: Desk, *lines: Any, **values: Any) -> Document:
    return desk.make("purchase_order", *lines, customer=None, supplier="DUPONT", **values)


def supply(desk: Desk, sale: Document, purchase: Document, quantity: int) -> None:
    """The contremarque of their first lines."""
    with desk.context.database.write():
        source, target = sale.lines[0].id, purchase.lines[0].id
        assert source is not None
        pools.ensure(desk.context.database, [(source, "buy")])
        desk.context.database.insert(
            "line_link",
            {
                "uid": desk.context.uid(),
                "source_line_id": source,
                "target_line_id": target,
                "relation": "supply",
                "pool": "buy",
                "quantity": quantity * ONE,
            },
        )


def level(desk: Desk, reference: str) -> tuple[int, int, int, int]:
    one = stock.levels(desk.context, reference)[0]
    figures = (one.quantity, one.reserved, one.expected, one.available)
    return tuple(figure // ONE for figure in figures)


@pytest.mark.both
def test_expected_is_what_suppliers_still_bring(desk: Desk) -> None:
    desk.item("VIS", unit="u", purchase_unit="boîte", purchase_factor=10 * EURO)
    box = {"type": "item", "reference": "VIS", "quantity": "3", "unit": "boîte", "unit_price": "12"}
    first = ordered(desk, box)
    assert level(desk, "VIS") == (0, 0, 30, 30)
    assert coming.coming(desk.context.database)[0].sent is False
    first = desk.print(first)
    ordered(desk, ("VIS", "7", "2"))
    assert level(desk, "VIS") == (0, 0, 37, 37)
    receipt = desk.move(first, "goods_receipt", {0: "2"})
    assert level(desk, "VIS") == (0, 0, 37, 37)  # on the dock, not yet in stock
    validating.validate(desk.context, receipt.id)
    assert level(desk, "VIS") == (20, 0, 17, 37)


@pytest.mark.both
def test_what_came_for_an_order_is_held_for_it(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    one, two = desk.make("order", ("VIS", "8", "20")), desk.make("order", ("VIS", "4", "20"))
    bought = ordered(desk, ("VIS", "10", "5"))
    supply(desk, one, bought, 6)
    supply(desk, two, bought, 4)
    bought = desk.print(bought)
    receipt = desk.move(bought, "goods_receipt", {0: "7"})
    validating.validate(desk.context, receipt.id)
    database = desk.context.database
    found = [
        (held.ref, held.quantity // ONE, held.arrived // ONE)
        for held in coming.held(database, item)
    ]
    assert found == [(one.ref, 8, 6), (two.ref, 4, 1)]
    assert level(desk, "VIS") == (7, 12, 3, -2)
    assert sum(held.quantity for held in coming.held(database, item)) == 12 * ONE
    note = desk.print(desk.move(one, "delivery_note", {0: "6"}))
    assert note.state == "printed"
    found = [
        (held.ref, held.quantity // ONE, held.arrived // ONE)
        for held in coming.held(database, item)
    ]
    assert found == [(one.ref, 2, 0), (two.ref, 4, 1)]
    rows = peeks.of(desk.context, "item", item)
    assert rows[2] == f"Réservé : {one.ref} 2 · {two.ref} 4 (arrivé 1)"
    assert rows[3] == f"Attendu : {bought.ref} 3"


def test_components_of_assemblies_are_held_too(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    desk.item("KIT", stock_managed=0, is_assembly=1)
    with desk.context.database.write():
        desk.context.database.execute(
            "INSERT INTO assembly_component (assembly_id, position, component_id, ratio) "
            "SELECT id, 1, ?, 300000 FROM item WHERE reference = 'KIT'",
            (item,),
        )
    order = desk.make("order", ("KIT", "10", "20"), ("VIS", "2", "1"))
    database = desk.context.database
    assert [(one.ref, one.quantity) for one in coming.held(database, item)] == [
        (order.ref, 5 * ONE)
    ]
    assert stock.reserved(database, [item]) == {item: 5 * ONE}
