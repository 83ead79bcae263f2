"""Reports of the buyer and margins: what is open, what is late, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.services.buying import reports
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.invoicing import validating
from codial_tui.services.records import parties


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    parties.create(context, {"code": "RHONE", "name": "Rhône", "is_supplier": 1})
    desk.customer("MARTIN")
    family = {"uid": context.uid(), "code": "CUI", "label": "Cuivre"}
    with context.database.write():
        own = context.database.insert("item_family", family)
    desk.item("TUB12", family_id=own, cost_price=6_0000)
    desk.item("COU90")
    return desk


def expect(desk: Desk, document_id: int, day: date) -> None:
    desk.context.database.execute(
        "UPDATE document_purchase SET expected_date = ? WHERE document_id = ?",
        (day.isoformat(), document_id),
    )


@pytest.mark.both
def test_what_is_to_come_and_what_is_late(desk: Desk) -> None:
    context = desk.context
    today = context.today
    order = desk.make(
        "purchase_order", ("TUB12", "10", "5.00"), ("COU90", "4", "2.50"), customer=None,
        supplier="RHONE",
    )  # fmt: skip
    expect(desk, order.id, today - timedelta(days=3))
    later = desk.make("purchase_order", ("TUB12", "1", "5.00"), customer=None, supplier="RHONE")
    expect(desk, later.id, today + timedelta(days=3))
    receipt = transfer(
        context,
        Request((order.id,), "goods_receipt", takes={order.id: {order.lines[0].uid: 4_0000}}),
    )
    validating.validate(context, receipt.target_id)
    rows = reports.open_orders(context).rows
    due = today - timedelta(days=3)
    assert rows[:2] == [
        (
            *(order.ref, "Rhône", date.fromisoformat(order.text("date")), due, "TUB12"),
            *("Article TUB12", Decimal(10), Decimal(4), Decimal(6), Decimal("30.00")),
        ),
        (
            *(order.ref, "Rhône", date.fromisoformat(order.text("date")), due, "COU90"),
            *("Article COU90", Decimal(4), Decimal(0), Decimal(4), Decimal("10.00")),
        ),
    ]
    assert [row[0] for row in rows] == [order.ref, order.ref, later.ref]
    assert [(row[0], row[3], row[6], row[7]) for row in reports.late(context).rows] == [
        (order.ref, Decimal(3), Decimal(6), ""),
        (order.ref, Decimal(3), Decimal(4), ""),
    ]


@pytest.mark.both
def test_margins_add_up_to_the_invoices(desk: Desk) -> None:
    context = desk.context
    day = context.today
    order = desk.make("order", ("TUB12", "10", "10.00"), ("COU90", "1", "3.00"))
    invoice = desk.make(
        "invoice", ("TUB12", "10", "10.00"), ("COU90", "1", "3.00"),
        adjustments=[{"type": "discount", "percent": "10"}],
    )  # fmt: skip
    desk.make("invoice", ("TUB12", "99", "10.00"))  # provisional: not sold
    context.database.execute(
        "UPDATE document_invoice SET goods = 'no' WHERE document_id = ?", (invoice.id,)
    )
    sold = validating.validate(context, invoice.id)
    by_order = reports.BY["order"](context, day, day).rows
    figures = (Decimal("103.00"), Decimal("60.00"), Decimal("43.00"), Decimal("41.75"))
    assert by_order == [(order.ref, "Martin", "", *figures, "", "")]
    billed = (Decimal("92.70"), Decimal("60.00"), Decimal("32.70"), Decimal("35.28"))
    assert reports.BY["customer"](context, day, day).rows == [("MARTIN", "Martin", *billed)]
    families = reports.BY["family"](context, day, day).rows
    assert families == [
        ("CUI Cuivre", Decimal("100.00"), Decimal("60.00"), Decimal("40.00"), Decimal("40.00")),
        (reports.NO_FAMILY, Decimal("3.00"), Decimal("0.00"), Decimal("3.00"), Decimal("100.00")),
        (reports.FOOTER, Decimal("-10.30"), Decimal("0.00"), Decimal("-10.30"), Decimal("100.00")),
    ]
    assert sum(row[1] for row in families) == Decimal(sold.number("net_total")).scaleb(-2)  # type: ignore[misc]
    assert reports.BY["customer"](context, day + timedelta(1), day + timedelta(2)).rows == []
    assert documents.get(context, order.ref).ref == order.ref
