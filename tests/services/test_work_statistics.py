"""Time and amounts of work orders, to the minute and to the cent, along every axis."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from codial_tui.domain.document import Line, Visit
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.maintenance import statistics
from codial_tui.services.records import parties

MORNING = ("2026-11-09T07:00:00Z", "2026-11-09T07:35:00Z", "2026-11-09T10:05:00Z")
BACK = "2026-11-09T10:45:00Z"


def visit(context: Context, user: int | None, name: str) -> Visit:
    return Visit(context.uid(), user, name, *MORNING, BACK)


def line(context: Context, billing_class: str, price: int, covered: str = "") -> Line:
    found = Line(context.uid(), label=billing_class, quantity=1_0000, unit_price=price)
    found.billing_class, found.covered = billing_class, covered
    found.amount = found.net_amount = 0 if covered else price // 100
    return found


def work(context: Context, party: int, lines: list[Line], visits: list[Visit], **own: Any) -> int:
    document = documents.blank(context, "work_order", party)
    document.lines, document.visits = lines, visits
    document.header.update(own)
    made = documents.insert(context, document)
    if "billing" in own:
        context.database.update("document", made, {"billing": own["billing"]})
    return made


@pytest.fixture
def day(context: Context) -> Context:
    """Three work orders: one invoiced, by two technicians; one under warranty; one to bill."""
    lebrun = parties.create(context, {"name": "LEBRUN", "is_customer": 1})
    other = parties.create(context, {"name": "TILLEULS", "is_customer": 1})
    me = context.user.id
    both = [visit(context, me, "Claire"), visit(context, None, "Paul (intérim)")]
    labour, travel = line(context, "labour", 100_0100), line(context, "travel", 40_0000)
    work(context, lebrun, [labour, travel], both, billing="full")
    free = [line(context, "labour", 90_0000, "warranty"), line(context, "article", 96_0000)]
    work(context, other, free, [visit(context, me, "Claire")])
    due = [line(context, "labour", 50_0000), line(context, "travel", 20_0000, "offered")]
    work(context, other, due, [visit(context, me, "Claire")])
    return context


def rows(context: Context, axis: str) -> dict[str, tuple[Any, ...]]:
    first = context.today.replace(day=1)
    found = statistics.by(context, axis, first, context.today)
    return {str(row[1]): tuple(row[2:]) for row in found.rows}


@pytest.mark.both
def test_by_technician(day: Context) -> None:
    found = rows(day, "technician")
    # three times 75 minutes of travel and 150 of work; billed: labour and travel of the first
    assert found["Claire"] == (
        *(3, 225, 450),
        *(225, 150, 300),
        *(Decimal("70.01"), Decimal("146.00"), Decimal("110.00")),
    )
    assert found["Paul (intérim)"] == (1, 75, 150, 225, 0, 0, Decimal("70.00"), 0, 0)
    assert found["TOTAL"] == (
        *(3, 300, 600, 450, 150, 300),
        *(Decimal("140.01"), Decimal("146.00"), Decimal("110.00")),
    )


def test_by_customer_machine_contract_and_month(day: Context) -> None:
    found = rows(day, "customer")
    assert found["LEBRUN"][:6] == (1, 150, 300, 450, 0, 0)
    assert found["TILLEULS"][:6] == (2, 150, 300, 0, 150, 300)
    for axis, only in (("equipment", "Sans machine"), ("contract", "Hors contrat")):
        assert rows(day, axis)[only] == rows(day, axis)["TOTAL"] == rows(day, "customer")["TOTAL"]
    (month, total) = rows(day, "month")
    assert (month, total) == (f"{day.today:%m/%Y}", "TOTAL")


def test_nothing_in_a_period_is_no_row(context: Context) -> None:
    assert rows(context, "technician") == {}
