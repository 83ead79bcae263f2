"""Needs: cumulated, exploded, ordered once; from whom and how much, to the last unit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.buying.needs import Source, to_order
from codial_tui.domain.buying.supplier_choice import CHOICES, Offer, Step
from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.buying import joining, needs, ordering
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import parties, record_parts
from codial_tui.services.stock import stock


class Buyer(Desk):
    """A desk that buys: suppliers RHONE and ELEC, items with their prices."""

    def supplier(self, code: str, **values: Any) -> int:
        row = {"code": code, "name": code.title(), "is_supplier": 1, "is_customer": 0, **values}
        return parties.create(self.context, row)

    def sold_by(self, item: int, supplier: int, price: str, **values: Any) -> None:
        from codial_tui.domain.quantity import parse_price

        row = {"item_id": item, "supplier_id": supplier, "price": parse_price(price), **values}
        row.setdefault("is_main", 1)
        with self.context.database.write():
            self.context.database.insert("item_supplier", row)

    def needs(self, *several: Document, **values: Any) -> dict[str, Any]:
        found = needs.of_documents(self.context, [one.id for one in several], **values)
        return {one.reference: one for one in found}

    def wanted(self, *several: Document, **values: Any) -> list[ordering.Wanted]:
        found = needs.of_documents(self.context, [one.id for one in several])
        offers = needs.offers(self.context, [one.item_id for one in found])
        return ordering.propose(self.context, found, offers, **values)


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Buyer:
    desk = Buyer(context, tmp_path)
    desk.customer("MARTIN")
    desk.rhone, desk.elec = desk.supplier("RHONE"), desk.supplier("ELEC")  # type: ignore[attr-defined]
    desk.tube, desk.coude = desk.item("TUB12"), desk.item("COU90")  # type: ignore[attr-defined]
    desk.sold_by(desk.tube, desk.rhone, "5.00")  # type: ignore[attr-defined]
    desk.sold_by(desk.coude, desk.elec, "2.00")  # type: ignore[attr-defined]
    return desk


def assembly(quantity: str, ratio: str) -> Mapping[str, Any]:
    """So many of an assembly that holds TUB12."""
    return {
        "type": "ad_hoc_assembly", "label": "Réseau", "quantity": quantity, "unit_price": "20",
        "components": [{"type": "item", "reference": "TUB12", "quantity": ratio}],
    }  # fmt: skip


def links(desk: Buyer) -> list[tuple[Any, ...]]:
    return desk.context.database.rows(
        "SELECT d.number, t.reference, s.reference, k.quantity FROM line_link k "
        "JOIN document_line s ON s.id = k.source_line_id "
        "JOIN document_line t ON t.id = k.target_line_id "
        "JOIN document d ON d.id = t.document_id "
        "WHERE k.relation = 'supply' ORDER BY k.id"
    )


@pytest.mark.both
def test_what_was_ordered_is_no_longer_needed(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "4", "9"), ("TUB12", "5.5", "9"), ("COU90", "3", "4"))
    found = desk.needs(order)
    assert {name: one.to_order for name, one in found.items()} == {
        "TUB12": 9_5000,
        "COU90": 3_0000,
    }
    done = ordering.order(desk.context, desk.wanted(order, quantities={desk.tube: 6_0000}))  # type: ignore[attr-defined]
    assert [(one.ref, one.lines, one.created) for one in done] == [
        ("CF26-00001", 1, True),
        ("CF26-00002", 1, True),
    ]
    assert {name: one.to_order for name, one in desk.needs(order).items()} == {"TUB12": 3_5000}
    assert links(desk) == [
        ("CF26-00002", "TUB12", "TUB12", 4_0000),
        ("CF26-00002", "TUB12", "TUB12", 2_0000),
        ("CF26-00001", "COU90", "COU90", 3_0000),
    ] or sorted(links(desk)) == [
        ("CF26-00001", "COU90", "COU90", 3_0000),
        ("CF26-00002", "TUB12", "TUB12", 2_0000),
        ("CF26-00002", "TUB12", "TUB12", 4_0000),
    ]


def test_a_need_is_bought_once_by_two_people_at_once(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "4", "9"))
    mine, theirs = desk.wanted(order), desk.wanted(order)
    ordering.order(desk.context, mine)
    with pytest.raises(Refused, match="commandé ou changé entre-temps"):
        ordering.order(desk.context, theirs)
    assert (
        desk.context.database.value(
            "SELECT COUNT(*) FROM document WHERE kind = ?", ("purchase_order",)
        )
        == 1
    )


@pytest.mark.both
def test_lines_join_an_open_order_as_one_step_that_undo_takes_back(desk: Buyer) -> None:
    context = desk.context
    first = desk.make("order", ("TUB12", "4", "9"))
    done = ordering.order(context, desk.wanted(first))
    second = desk.make("order", ("TUB12", "2", "9"))
    (open_one,) = joining.candidates(context, "purchase_order", desk.rhone)  # type: ignore[attr-defined]
    assert (open_one.ref, open_one.group) == (done[0].ref, "mergeable")
    again = ordering.order(context, desk.wanted(second), into={desk.rhone: open_one.id})  # type: ignore[attr-defined]
    assert [(one.document_id, one.created) for one in again] == [(open_one.id, False)]
    stored = rows.load(context.database, open_one.id)
    assert stored is not None
    assert [line.quantity for line in stored.lines] == [4_0000, 2_0000]
    assert stored.number("net_total") == 30_00
    assert desk.needs(second) == {}
    editor = Editor(context, open_one.id)
    editor.undo()
    editor.close()
    assert desk.needs(second)["TUB12"].to_order == 2_0000
    documents.delete(context, open_one.id)
    assert desk.needs(first)["TUB12"].to_order == 4_0000


def test_a_sent_order_refuses_and_says_why(desk: Buyer) -> None:
    context = desk.context
    done = ordering.order(context, desk.wanted(desk.make("order", ("TUB12", "4", "9"))))
    context.database.execute(
        "UPDATE document SET state = 'sent', printed_at = ? WHERE id = ?",
        (context.now, done[0].document_id),
    )
    second = desk.make("order", ("TUB12", "2", "9"))
    (one,) = joining.candidates(context, "purchase_order", desk.rhone)  # type: ignore[attr-defined]
    assert one.group == "refused" and [c.code for c in one.criteria] == ["target_state"]
    with pytest.raises(Refused):
        ordering.order(context, desk.wanted(second), into={desk.rhone: one.id})  # type: ignore[attr-defined]
    assert desk.needs(second)["TUB12"].to_order == 2_0000


def test_who_cannot_be_asked_is_said_for_every_item(desk: Buyer) -> None:
    nobody, no_price = desk.item("SEUL"), desk.item("SANSPRIX")
    box = desk.item("BOITE", unit="u")
    desk.sold_by(no_price, desk.rhone, "0")  # type: ignore[attr-defined]
    desk.sold_by(box, desk.rhone, "3", unit="palette")  # type: ignore[attr-defined]
    order = desk.make("order", ("SEUL", "1", "9"), ("SANSPRIX", "1", "9"), ("BOITE", "1", "9"))
    with pytest.raises(Refused) as refused:
        desk.wanted(order)
    assert sorted(one.code for one in refused.value.problems) == [
        "price.missing",
        "supplier.missing",
        "unit.unknown",
    ]
    assert nobody and desk.context.database.value("SELECT COUNT(*) FROM line_link") == 0


def test_packages_and_units(desk: Buyer) -> None:
    """7.5 m needed, sold by the bar of 5 m, by two bars at least: two bars, 7.5 m for the order."""
    tube = desk.item("BARRE", unit="m", purchase_unit="barre", purchase_factor=5_000_000)
    desk.sold_by(tube, desk.rhone, "20", unit="barre", minimum=2_0000, multiple=1_0000)  # type: ignore[attr-defined]
    order = desk.make("order", ("BARRE", "7.5", "9"))
    (one,) = desk.wanted(order)
    assert (one.quantity, one.unit, one.price) == (2_0000, "barre", 20_0000)
    assert [quantity for _, quantity in one.sources] == [7_5000]
    done = ordering.order(desk.context, [one])
    stored = rows.load(desk.context.database, done[0].document_id)
    assert stored is not None and stored.number("net_total") == 40_00
    assert desk.needs(order) == {}


def test_a_supplier_line_that_shrinks_or_changes_unit_gives_needs_back(desk: Buyer) -> None:
    """3 bars of 5 m for 7.5 m and 5 m: two bars are 10 m, 3 m are 3 m; undo brings it all back."""
    tube = desk.item("BARRE", unit="m", purchase_unit="barre", purchase_factor=5_000_000)
    desk.sold_by(tube, desk.rhone, "20", unit="barre", multiple=1_0000)  # type: ignore[attr-defined]
    order = desk.make("order", ("BARRE", "7.5", "9"), ("BARRE", "5", "9"))
    (done,) = ordering.order(desk.context, desk.wanted(order))
    bought = desk.load(done.document_id)
    assert [line.quantity for line in bought.lines] == [3_0000]

    def held() -> list[int]:
        return [row[3] for row in links(desk)]

    desk.edit(bought, 0, quantity=2_0000)
    assert held() == [7_5000, 2_5000]
    desk.edit(bought, 0, unit="m", quantity=3_0000)
    assert held() == [3_0000]
    assert desk.needs(order)["BARRE"].to_order == 9_5000
    editor = Editor(desk.context, bought.id)
    editor.undo()
    editor.undo()
    editor.close()
    assert held() == [7_5000, 5_0000] and desk.needs(order) == {}
    desk.edit(bought, 0, unit="m")
    assert held() == [3_0000]


def test_an_assembly_that_holds_itself_is_refused_and_never_opened_for_ever(desk: Buyer) -> None:
    context = desk.context
    outer, inner = desk.item("RESEAU", is_assembly=1), desk.item("BOUCLE", is_assembly=1)
    for position, (whole, part) in enumerate(((outer, inner), (outer, desk.tube), (inner, outer))):  # type: ignore[attr-defined]
        row = {"assembly_id": whole, "component_id": part, "position": position}
        with context.database.write():  # as if something else had written it
            context.database.insert("assembly_component", row)
    with pytest.raises(Refused, match="se contiendrait lui-même"):
        record_parts.create(
            context, "assembly_component", outer, {"component_id": outer, "ratio": 1_000_000}
        )
    order = desk.make("order", ("RESEAU", "3", "9"))
    assert desk.needs(order)["TUB12"].to_order == 3_0000


def test_choices() -> None:
    cheap = Offer(1, "A", "A", price=10_0000, multiple=100_0000, delay=9)
    dear = Offer(2, "B", "B", price=12_0000, delay=2, is_main=True)
    steps = Offer(3, "C", "C", price=15_0000, delay=3, steps=(Step(50_0000, 9_0000),))
    none = Offer(4, "D", "D", delay=0)
    several = [none, cheap, dear, steps]
    assert CHOICES["usual"](several, 10_0000) is dear
    assert CHOICES["cheapest"](several, 10_0000) is dear  # 100 at 10 is more than 10 at 12
    assert CHOICES["cheapest"](several, 60_0000) is steps
    assert CHOICES["fastest"](several, 10_0000) is dear
    assert CHOICES["usual"]([], 1) is None


@pytest.mark.parametrize(
    ("ordered", "arrived", "delivered", "free", "left"),
    [
        (6_0000, 0, 0, 0, 3_5000),
        (6_0000, 6_0000, 0, 6_0000, 3_5000),  # what came for it is not free a second time
        (6_0000, 6_0000, 6_0000, 0, 3_5000),
        (0, 0, 0, 4_0000, 5_5000),
        (0, 0, 2_0000, 0, 7_5000),
        (9_5000, 0, 0, 0, 0),
        (12_0000, 0, 0, 0, 0),
        (6_0000, 0, 3_5000, 0, 0),  # what left came from the stock
        (0, 0, 0, -3_0000, 9_5000),
    ],
)
def test_the_formula(ordered: int, arrived: int, delivered: int, free: int, left: int) -> None:
    one = Source(1, "CC", 1, 9_5000, ordered, arrived, delivered)
    assert to_order([one], free) == left


def test_everywhere_with_filters(desk: Buyer) -> None:
    context = desk.context
    soon = desk.make("order", ("TUB12", "4", "9"))
    desk.make("order", ("COU90", "2", "9"))
    desk.make("quote", ("TUB12", "50", "9"))
    context.database.execute(
        "UPDATE document SET planned_date = '2020-01-01' WHERE id = ?", (soon.id,)
    )
    every = needs.everywhere(context)
    assert [(one.reference, one.to_order) for one in every] == [
        ("COU90", 2_0000),
        ("TUB12", 4_0000),
    ]
    by = {
        "supplier": needs.Filter(supplier_id=desk.elec),  # type: ignore[attr-defined]
        "late": needs.Filter(late=True),
        "until": needs.Filter(until="2021-01-01"),
        "text": needs.Filter(text="tub"),
        "nothing": needs.Filter(text="zzz"),
    }
    assert {
        name: [one.reference for one in needs.everywhere(context, one)] for name, one in by.items()
    } == {
        "supplier": ["COU90"],
        "late": ["TUB12"],
        "until": ["TUB12"],
        "text": ["TUB12"],
        "nothing": [],
    }


def test_what_a_customer_has_already_is_bought_for_no_more(desk: Buyer) -> None:
    """4 of the first line left from the stock: what is bought is bought for the second."""
    context = desk.context
    order = desk.make("order", ("TUB12", "4", "9"), ("TUB12", "5.5", "9"))
    desk.print(desk.move(order, "delivery_note", {0: "4", 1: "0"}))
    ordering.order(context, desk.wanted(order))
    assert links(desk) == [("CF26-00001", "TUB12", "TUB12", 5_5000)]
    linked = context.database.value("SELECT source_line_id FROM line_link WHERE pool = 'buy'")
    assert linked == order.lines[1].id


def test_a_quote_takes_nothing_that_an_order_has_reserved(desk: Buyer) -> None:
    context = desk.context
    stock.move(context, "TUB12", 4_0000)
    order = desk.make("order", ("TUB12", "4", "9"))
    quote = desk.make("quote", ("TUB12", "4", "9"))
    assert desk.needs(order) == {}
    found = desk.needs(quote)["TUB12"]
    assert (found.on_hand, found.reserved, found.to_order) == (4_0000, 4_0000, 4_0000)


def test_an_execution_quote_knows_what_its_order_has(desk: Buyer) -> None:
    """10 sold, 2 bought for the order, then planned 12; 5 delivered."""
    desk.context.size = "enterprise"
    order = desk.make("order", ("TUB12", "10", "9"))
    ordering.order(desk.context, desk.wanted(order, quantities={desk.tube: 2_0000}))  # type: ignore[attr-defined]
    plan = desk.move(order, "execution_quote")
    desk.edit(plan, 0, quantity=12_0000)
    found = desk.needs(order)["TUB12"]
    assert (found.needed, found.ordered, found.reserved, found.to_order) == (
        (12_0000, 2_0000, 0, 10_0000)
    )
    desk.print(desk.move(order, "delivery_note", {0: "5"}))
    (line,) = desk.wanted(order)
    assert line.quantity == 5_0000  # 12 less 5 delivered less 2 to come
    ordering.order(desk.context, [line])
    assert desk.needs(order) == desk.needs(plan) == {}


def test_who_is_cheapest_by_the_unit_of_each(desk: Buyer) -> None:
    """7.5 m: two bars of 5 m at 20 are 40, 7.5 m at 5.20 are 39: by the metre; at 5.40 by bars."""
    tube = desk.item("BARRE", unit="m", purchase_unit="barre", purchase_factor=5_000_000)
    desk.sold_by(tube, desk.rhone, "20", unit="barre", multiple=1_0000)  # type: ignore[attr-defined]
    desk.sold_by(tube, desk.elec, "5.20", unit="m", is_main=0)  # type: ignore[attr-defined]
    order = desk.make("order", ("BARRE", "7.5", "9"))
    (one,) = desk.wanted(order, how="cheapest")
    assert (one.supplier_id, one.quantity, one.unit) == (desk.elec, 7_5000, "m")  # type: ignore[attr-defined]
    with desk.context.database.write():
        desk.context.database.execute("UPDATE item_supplier SET price = 54000 WHERE unit = 'm'")
    (one,) = desk.wanted(order, how="cheapest")
    assert (one.supplier_id, one.quantity, one.unit) == (desk.rhone, 2_0000, "barre")  # type: ignore[attr-defined]


def test_the_last_price_is_that_of_the_unit_of_stock(desk: Buyer) -> None:
    tube = desk.item(
        "BARRE", unit="m", purchase_unit="barre", purchase_factor=5_000_000, purchase_price=4_0000
    )
    desk.sold_by(tube, desk.rhone, "0", unit="barre", multiple=1_0000)  # type: ignore[attr-defined]
    (one,) = desk.wanted(desk.make("order", ("BARRE", "7.5", "9")))
    assert (one.quantity, one.unit, one.price) == (2_0000, "barre", 20_0000)


def test_an_order_in_gross_prices_takes_no_needs(desk: Buyer) -> None:
    context = desk.context
    bought = desk.make(
        "purchase_order", ("TUB12", "1", "9"), customer=None, supplier="RHONE", price_mode="gross"
    )
    order = desk.make("order", ("TUB12", "4", "9"))
    (one,) = joining.candidates(context, "purchase_order", desk.rhone)  # type: ignore[attr-defined]
    assert (one.id, one.group) == (bought.id, "refused")
    with pytest.raises(Refused, match="HT ≠ TTC"):
        ordering.order(context, desk.wanted(order), into={desk.rhone: bought.id})  # type: ignore[attr-defined]
    assert desk.needs(order)["TUB12"].to_order == 4_0000


def test_nobody_waits_for_what_was_given_up_nor_for_purchases(desk: Buyer) -> None:
    context = desk.context
    quote = desk.make("quote", ("TUB12", "4", "9"))
    context.database.execute("UPDATE document SET state = 'refused' WHERE id = ?", (quote.id,))
    assert desk.needs(quote) == {}
    bought = ordering.order(context, desk.wanted(desk.make("order", ("TUB12", "4", "9"))))
    with pytest.raises(Refused, match="est un achat"):
        needs.of_documents(context, [bought[0].document_id])


def test_the_filter_by_supplier_asks_who_would_be_asked(desk: Buyer) -> None:
    """Without a main supplier the first with a price is."""
    desk.context.database.execute("UPDATE item_supplier SET is_main = 0")
    desk.make("order", ("TUB12", "4", "9"), ("COU90", "2", "9"))
    found = needs.everywhere(desk.context, needs.Filter(supplier_id=desk.rhone))  # type: ignore[attr-defined]
    assert [one.reference for one in found] == ["TUB12"]


def test_the_filters_leave_the_lines_of_others_out(desk: Buyer) -> None:
    """Another project's lines are neither counted nor ordered, and hold their stock."""
    context = desk.context
    stock.move(context, "TUB12", 5_0000)
    with context.database.write():
        row = {"uid": context.uid(), "code": "GARE", "name": "Gare"}
        gare = context.database.insert("project", row)
    desk.make("order", ("TUB12", "3", "9"))
    mine = desk.set(desk.make("order", ("TUB12", "4", "9")), project_id=gare)
    (one,) = needs.everywhere(context, needs.Filter(project_id=gare))
    assert (one.needed, one.on_hand, one.reserved, one.to_order) == (
        (4_0000, 5_0000, 3_0000, 2_0000)
    )
    assert [each.document_id for each in one.sources] == [mine.id]
    assert needs.everywhere(context, cancelled=lambda: True) == []


@pytest.mark.both
def test_an_open_order_that_refuses_leaves_nothing_ordered_elsewhere(desk: Buyer) -> None:
    """ELEC gets a new order, a first open one takes its lines, the second is full."""
    context = desk.context
    third, nail = desk.supplier("ZINC"), desk.item("CLOU")
    desk.sold_by(nail, third, "90000000")
    opened = [
        desk.make("purchase_order", (name, "1", price), customer=None, supplier=who)
        for who, name, price in (("RHONE", "TUB12", "5"), ("ZINC", "CLOU", "1"))
    ]
    order = desk.make("order", ("COU90", "3", "4"), ("TUB12", "4", "9"), ("CLOU", "900000", "9"))
    into = {desk.rhone: opened[0].id, third: opened[1].id}  # type: ignore[attr-defined]
    before = desk.shown(*opened)
    with pytest.raises(Refused, match="Total trop grand"):
        ordering.order(context, desk.wanted(order), into=into)
    assert desk.shown(*opened) == before and links(desk) == []
    count = context.database.value("SELECT COUNT(*) FROM document WHERE kind = 'purchase_order'")
    assert count == 2
    assert len(desk.needs(order)) == 3


@pytest.mark.both
def test_what_was_bought_for_a_quote_counts_for_its_orders(desk: Buyer) -> None:
    context = desk.context
    quote = desk.make("quote", ("TUB12", "10", "9"))
    ordering.order(context, desk.wanted(quote, quantities={desk.tube: 8_0000}))  # type: ignore[attr-defined]
    made = transfer(context, Request((quote.id,), "order"))
    order = rows.load(context.database, made.target_id)
    assert order is not None
    (need,) = [one for one in desk.needs(order).values() if one.reference == "TUB12"]
    assert (need.needed, need.ordered, need.to_order) == (10_0000, 8_0000, 2_0000)
    ordering.order(context, desk.wanted(order))
    assert desk.needs(order) == {}
    bought = sum(row[3] for row in links(desk))
    assert bought == 10_0000
