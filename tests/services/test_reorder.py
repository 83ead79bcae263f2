"""What is short of its minimum, ordered again once; several items to another warehouse."""

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.records import settings
from codial_tui.services.stock import journal, reorder, stock

ONE = 10_000


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    found = Desk(context, tmp_path)
    found.customer("MARTIN")
    found.customer("DUPONT", is_supplier=1, is_customer=0)
    with context.database.write():
        context.database.insert(
            "warehouse", {"uid": context.uid(), "code": "VAN", "name": "Camion"}
        )
    return found


def supplied(desk: Desk, reference: str, price: int = 20_000, **values: int) -> int:
    item = desk.item(reference, unit="u", stock_minimum=10 * ONE, stock_maximum=25 * ONE)
    supplier = desk.context.database.value("SELECT id FROM party WHERE code = 'DUPONT'")
    with desk.context.database.write():
        desk.context.database.insert(
            "item_supplier",
            {"item_id": item, "supplier_id": supplier, "price": price, "is_main": 1, **values},
        )
    return item


@pytest.mark.both
def test_what_is_below_its_minimum_is_ordered_up_to_its_maximum(desk: Desk) -> None:
    supplied(desk, "VIS", multiple=8 * ONE)
    supplied(desk, "CLOU")
    stock.move(desk.context, "VIS", 12 * ONE)
    stock.move(desk.context, "CLOU", 10 * ONE)
    assert reorder.proposals(desk.context) == []
    order = desk.make("order", ("VIS", "4", "20"))
    (one,) = reorder.proposals(desk.context)
    figures = (one.on_hand, one.reserved, one.expected, one.available, one.to_order)
    assert [figure // ONE for figure in figures] == [12, 4, 0, 8, 17]
    assert one.supplier == "Dupont" and order.ref
    (done,) = reorder.order(desk.context)
    bought = desk.load(done.document_id)
    assert [(line.reference, line.quantity // ONE, line.unit_price) for line in bought.lines] == [
        ("VIS", 24, 20_000)
    ]  # 17 are three packages of eight
    assert reorder.proposals(desk.context) == []
    with pytest.raises(Refused, match="Rien à commander"):
        reorder.order(desk.context)


def test_another_quantity_and_only_some_items(desk: Desk) -> None:
    one, two = supplied(desk, "VIS"), supplied(desk, "CLOU")
    assert {each.item_id for each in reorder.proposals(desk.context, "dupont")} == {one, two}
    with pytest.raises(Refused, match="Fournisseur LUNE inconnu"):
        reorder.proposals(desk.context, "LUNE")
    (done,) = reorder.order(desk.context, [two], {two: 3 * ONE})
    lines = desk.load(done.document_id).lines
    assert [(line.reference, line.quantity) for line in lines] == [("CLOU", 3 * ONE)]
    assert [each.item_id for each in reorder.proposals(desk.context)] == [two, one]


def test_without_supplier_or_price_nothing_is_ordered(desk: Desk) -> None:
    supplied(desk, "VIS")
    desk.item("CLOU", unit="u", stock_minimum=ONE)
    assert [one.supplier for one in reorder.proposals(desk.context)] == ["", "Dupont"]
    before = desk.context.database.value("SELECT COUNT(*) FROM document")
    with pytest.raises(Refused, match="CLOU : aucun fournisseur"):
        reorder.order(desk.context)
    assert desk.context.database.value("SELECT COUNT(*) FROM document") == before


@pytest.mark.both
def test_several_items_go_to_another_warehouse_at_once(desk: Desk) -> None:
    desk.item("VIS", unit="u", purchase_price=50_000)
    desk.item("CLOU", unit="u")
    stock.move(desk.context, "VIS", 10 * ONE)
    stock.move(desk.context, "CLOU", 5 * ONE)
    stock.transfer(desk.context, [("VIS", 4 * ONE), ("CLOU", 5 * ONE)], to="VAN")

    def there(code: str) -> list[int]:
        return [
            one.quantity // ONE
            for reference in ("VIS", "CLOU")
            for one in stock.levels(desk.context, reference, code)
        ]

    home = desk.context.database.value("SELECT code FROM warehouse ORDER BY id LIMIT 1")
    assert there("VAN") == [4, 5] and there(home) == [6, 0]
    assert journal.verify(desk.context.database) == []
    settings.store(desk.context, "stock.negative", "block", own=False)
    with pytest.raises(Refused, match="CLOU : 0 dans ce dépôt"):
        stock.transfer(desk.context, [("VIS", ONE), ("CLOU", ONE)], to="VAN")
    assert there("VAN") == [4, 5] and there(home) == [6, 0]
    for wrong in ([("VIS", -ONE)], [("VIS", 0)], [], [("LUNE", ONE)]):
        with pytest.raises(Refused):
            stock.transfer(desk.context, wrong, to="VAN")
    with pytest.raises(Refused, match="Deux dépôts"):
        stock.transfer(desk.context, [("VIS", ONE)], warehouse=home, to=home)


@pytest.mark.both
def test_two_people_order_what_is_short_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one orders between the look and the transaction."""
    from codial_tui.services.buying import ordering

    supplied(desk, "VIS")
    usual, before = ordering.propose, []

    def late(*given: Any, **more: Any) -> Any:
        found = usual(*given, **more)
        if not before:
            before.append(1)
            reorder.order(desk.context)
        return found

    monkeypatch.setattr(ordering, "propose", late)
    with pytest.raises(Refused, match="VIS : commandé entre-temps"):
        reorder.order(desk.context)
    database = desk.context.database
    assert database.value("SELECT COUNT(*) FROM document WHERE kind = 'purchase_order'") == 1
