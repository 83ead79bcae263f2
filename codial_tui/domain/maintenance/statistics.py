"""Time and amounts of work orders, billed or not, along a dimension.

A work order's work counts as billed with its labour lines, its travel with its travel lines:
`billed` when such a line is billed and the work order is invoiced, `due` when it is not invoiced
yet, `free` when all such lines are covered or there is none. Minutes of a visit belong to its
technician; amounts of a work order are shared among technicians by their minutes.
"""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.document import COVERS, Document
from codial_tui.domain.lines.lines import work_amount
from codial_tui.domain.money import spread

from .times import Times, of_visit, times

BILLED, DUE, FREE = "billed", "due", "free"
INVOICED = ("full", "part")
"""`billing` of a work order of which something is invoiced."""


class Facts(NamedTuple):
    """What one work order, or one technician's part of it, adds up to. Minutes; cents HT.
    offered: what covered lines would have cost."""

    orders: int = 0
    travel: int = 0
    work: int = 0
    billed: int = 0
    due: int = 0
    free: int = 0
    billed_net: int = 0
    due_net: int = 0
    offered: int = 0

    def plus(self, other: Facts) -> Facts:
        return Facts(*(one + two for one, two in zip(self, other)))


def status(document: Document, billing_class: str) -> str:
    """Whether the time of a class (labour, travel) is billed, due or free."""
    lines = [one for one in document.lines if one.counts and one.billing_class == billing_class]
    if not any(one.amount and not one.covered for one in lines):
        return FREE
    return BILLED if document.text("billing") in INVOICED else DUE


def offered(document: Document) -> int:
    """Cents that its covered lines would have cost."""
    return sum(work_amount(one) for one in document.lines if one.counts and one.covered in COVERS)


def facts(document: Document, found: Times, share: tuple[int, int, int]) -> Facts:
    """Of one work order. share: billed, due and offered cents that are its, or its part's."""
    minutes = {BILLED: 0, DUE: 0, FREE: 0}
    minutes[status(document, "labour")] += found.work
    minutes[status(document, "travel")] += found.travel
    times = (found.travel, found.work, minutes[BILLED], minutes[DUE], minutes[FREE])
    return Facts(1, *times, *share)


def whole(document: Document) -> Facts:
    """All of a work order."""
    return facts(document, times(document.visits), _amounts(document))


def by_technician(document: Document) -> list[tuple[tuple[int | None, str], Facts]]:
    """What each technician (id, name) did of a work order; the first one of the header when there
    is no visit."""
    several: dict[tuple[int | None, str], Times] = {}
    for visit in document.visits:
        key = visit.technician_id, visit.technician_name
        before, took = several.get(key, Times(0, 0)), of_visit(visit)
        several[key] = Times(before.travel + took.travel, before.work + took.work)
    if not several:
        technician = document.header.get("technician_id")
        several = {(technician if isinstance(technician, int) else None, ""): Times(0, 0)}
    weights = [one.travel + one.work for one in several.values()]
    amounts = [spread(amount, weights) for amount in _amounts(document)]
    return [
        (key, facts(document, took, (amounts[0][at], amounts[1][at], amounts[2][at])))
        for at, (key, took) in enumerate(several.items())
    ]


def _amounts(document: Document) -> tuple[int, int, int]:
    """Cents HT billed, due, offered; a dropped work order is never billed."""
    net = document.number("net_total")
    if document.state == "dropped":
        return 0, 0, offered(document)
    if document.text("billing") in INVOICED:
        return net, 0, offered(document)
    return 0, net, offered(document)
