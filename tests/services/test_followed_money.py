"""What a followed order sold is billed once, by it or beside it, whatever becomes of either."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.buying import consumption
from codial_tui.services.chain import giving_up
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.law import verification
from codial_tui.services.maintenance import closing
from codial_tui.services.records import company_settings, record_parts
from codial_tui.services.stock import stock


class Site(Desk):
    """A customer and a cable of 10 € that costs 4."""

    def __init__(self, context: Context, folder: Path) -> None:
        super().__init__(context, folder)
        self.party = self.customer("MARTIN")
        self.cable = self.item("CABLE", "10", purchase_price=4_0000, cost_price=4_0000)
        stock.move(context, "CABLE", 100_0000)

    def order(self, *lines: Any) -> Document:
        return self.make("order", *(lines or (("CABLE", 10),)))

    def work(self, order: Document, *lines: Any, **values: Any) -> Document:
        return self.make("work_order", *lines, order=order.ref, **values)

    def close(self, document: Document) -> Document:
        return closing.close(self.context, document.id)

    def told(self, document: Document) -> list[tuple[int, str, int]]:
        """Quantity, what covers it and cents of the priced top lines."""
        top = (one for one in self.again(document).lines if one.is_priced and not one.parent_uid)
        return [(one.quantity // 10_000, one.covered, one.amount) for one in top]

    def give_up(self, order: Document) -> None:
        editor = Editor(self.context, order.id)
        try:
            giving_up.give_up(editor)
        finally:
            editor.close()

    def kit(self, quantity: int) -> int:
        kit = self.item("KIT", "50", is_assembly=1, stock_managed=0)
        values = {"component_id": self.cable, "ratio": quantity * 1_000_000}
        record_parts.create(self.context, "assembly_component", kit, values)
        return kit


@pytest.fixture
def site(context: Context, tmp_path: Path) -> Site:
    return Site(context, tmp_path)


@pytest.mark.both
def test_an_order_that_gave_up_its_rest_covers_what_it_billed_only(site: Site) -> None:
    order = site.order()
    site.print(site.move(order, "delivery_note", {0: "3"}))
    work = site.work(order, ("CABLE", 10))
    assert site.told(work) == [(10, "order", 0)]
    site.give_up(order)
    assert site.told(site.close(work)) == [(3, "order", 0), (7, "", 70_00)]
    assert verification.verify(site.context)[1] == []


def test_what_a_closed_one_took_holds_the_rest_of_its_order(site: Site) -> None:
    order = site.order()
    work = site.close(site.work(order, ("CABLE", 4)))
    with pytest.raises(Refused, match=f"{work.ref} y a pris ce qu'elle n'a pas facturé"):
        site.give_up(order)
    site.move(order, "invoice", {0: "4"})
    site.give_up(order)
    assert site.again(order).header["given_up_at"]


def test_an_order_that_became_somebody_elses(site: Site) -> None:
    order = site.order()
    work = site.work(order, ("CABLE", 4))
    other = site.customer("DUPONT")
    site.set(order, party_id=other)
    with pytest.raises(Refused, match="n'est pas une commande de ce client"):
        site.close(work)
    assert site.again(work).state == "open"


def test_what_is_billed_by_hand_stays_billed(site: Site) -> None:
    order, boxes = site.order(), {"billable": ["labour"]}
    part = {"reference": "CABLE", "quantity": "14", "billed": True}
    work = site.work(order, parts_used=[part], **boxes)
    assert site.told(work) == [(10, "order", 0), (4, "", 40_00)]
    second = site.work(order, parts_used=[{**part, "quantity": "3"}], **boxes)
    assert site.told(second) == [(3, "", 30_00)]


@pytest.mark.parametrize("quantities", [(13, -3), (-3, 13)])
def test_what_comes_back_is_given_back_first(site: Site, quantities: tuple[int, int]) -> None:
    work = site.work(site.order(), *(("CABLE", one) for one in quantities))
    assert site.told(work) == [(one, "order", 0) for one in quantities]


def test_a_line_that_joins_leaves_no_old_amount(site: Site) -> None:
    order = site.order()
    first, second = site.work(order, ("CABLE", 10)), site.work(order, ("CABLE", 5))
    assert site.told(second) == [(5, "", 50_00)]
    closing.drop(site.context, first.id)
    site.item("VIS", "2")
    quote = site.make("quote", ("VIS", 3))
    transfer(site.context, Request((quote.id,), "work_order", into=second.id))
    assert site.told(second) == [(5, "order", 0), (3, "", 6_00)]
    closed = site.close(second)
    assert closed.number("net_total") == 6_00
    assert consumption.look(site.context, order.id).summary.beside == 6_00
    assert verification.verify(site.context)[1] == []


def test_an_assembly_that_has_more_is_not_given_away(site: Site) -> None:
    site.kit(2)
    order = site.order(("KIT", 3))
    work = site.work(order, ("KIT", 9))
    with pytest.raises(Refused, match="KIT : 9 non facturé, la commande n'en a plus que 3"):
        site.close(work)
    site.edit(work, 0, quantity=3_0000)
    assert site.told(site.close(work)) == [(3, "order", 0)]
    more = site.close(site.work(order, ("KIT", 6)))
    assert site.told(more) == [(6, "", 300_00)]


def test_an_assembly_whose_parts_were_fitted_one_by_one_is_billed(site: Site) -> None:
    site.kit(2)
    order = site.order(("KIT", 3))
    assert site.told(site.close(site.work(order, ("CABLE", 6)))) == [(6, "order", 0)]
    assert site.told(site.close(site.work(order, ("KIT", 3)))) == [(3, "", 150_00)]


def test_an_assembly_that_is_an_option_sold_nothing(site: Site) -> None:
    site.kit(3)
    order = site.order(("KIT", 2))
    site.edit(order, 0, tag="option")
    assert site.told(site.work(order, ("CABLE", 6))) == [(6, "", 60_00)]


VISIT = {"date": "2026-11-20", "departure": "08:00", "arrival": "08:30", "end": "10:30"}


@pytest.mark.parametrize(("unit", "cost", "consumed"), [("min", 5_000, 180), ("h", 30_0000, 3)])
def test_hours_go_to_the_labour_that_was_sold_in_its_unit(
    site: Site, unit: str, cost: int, consumed: int
) -> None:
    own = {"supply_nature": "service", "stock_managed": 0}
    site.item("DEPL", "30", billing_class="travel", cost_price=2_0000, **own)
    item = site.item("MO", "60", unit=unit, billing_class="labour", cost_price=cost, **own)
    company_settings.put(site.context, "work.labour_item", item)
    order = site.order(("DEPL", 1), ("MO", consumed))
    visit = {**VISIT, "return": "11:00", "technician": "Paul"}
    site.close(site.work(order, ("DEPL", 1), ("MO", consumed), visits=[visit]))
    found = {one.reference: one for one in consumption.look(site.context, order.id).lines}
    assert (found["MO"].consumed, found["MO"].spent) == (consumed * 10_000, 90_00)
    assert found["DEPL"].consumed == 0


def test_what_is_credited_of_it_leaves_the_real_margin(site: Site) -> None:
    context, order = site.context, site.order()
    work = site.close(site.work(order, ("CABLE", 14)))
    assert consumption.look(context, order.id).summary.beside == 40_00
    invoice = validating.validate(context, site.move(work, "invoice").id)
    credit_notes.credit(context, invoice.id, goods=False)
    assert consumption.look(context, order.id).summary.beside == 0


def test_an_order_that_is_followed_is_not_deleted(site: Site) -> None:
    order = site.order()
    work = site.work(order, ("CABLE", 4))
    with pytest.raises(Refused, match=f"{work.ref} travaille pour {order.ref}"):
        documents.delete(site.context, order.id)
