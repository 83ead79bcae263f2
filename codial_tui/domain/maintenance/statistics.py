"""Time and amounts of work orders, billed or not, along a dimension.

What is billed of a line is what invoices have of its quantity, provisional ones too, less what
credit notes took back. A work order's work is billed as its labour lines are, its travel as its
travel lines: minutes of a class are shared as the amounts HT of its lines that nothing covers,
between `billed`, `due` (no invoice has it yet) and `free` (credited: no other invoice will take
it). All are `free` when such lines amount to nothing or the work order is dropped. Amounts are the
work order's own; of its footer what invoices took of it, which for fees is all the first time.

Minutes belong to the technician and the day of their visit, its first known time on the company's
wall. Amounts belong to the day of the first visit, else to the planned day, else to that of the
document, and are shared among technicians by their minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from codial_tui.domain.chain.footer_transfer import shares_of
from codial_tui.domain.document import COVERS, Document, Line, Visit
from codial_tui.domain.lines.lines import work_amount
from codial_tui.domain.money import div_round, spread

from .times import MOMENTS, of_visit

INVOICED = ("full", "part")
"""`billing` of a work order of which something is invoiced."""
Technician = tuple[int | None, str]
"""Id and name as the visit has them."""


class Taken(NamedTuple):
    """Of a line (10⁻⁴) or of a footer (cents of the price mode): what invoices have of it, and
    what credit notes took back of that."""

    invoiced: int = 0
    credited: int = 0


class Shares(NamedTuple):
    """Something split three ways; no invoice will take what is `gone` any more."""

    billed: int = 0
    due: int = 0
    gone: int = 0


class Facts(NamedTuple):
    """What one work order, or a part of it, adds up to. Minutes; cents HT.
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


class Part(NamedTuple):
    """What somebody did of a work order on a day; its facts do not count the work order."""

    day: date
    who: Technician
    facts: Facts


def parts(
    document: Document, taken: Mapping[str, Taken], local: Callable[[str], date]
) -> list[Part]:
    """All of a work order, by day and technician; the one of the header, on the day of the work
    order, when there is no visit. taken: by uid of a line or footer. local: the day of a moment."""
    found: dict[tuple[date, Technician], Facts] = {}
    weights: dict[Technician, int] = {}
    day = day_of(document, local)
    work, travel = (_class_shares(document, taken, name) for name in ("labour", "travel"))
    for visit in document.visits:
        who, spent = (visit.technician_id, visit.technician_name), of_visit(visit)
        weights[who] = weights.get(who, 0) + spent.travel + spent.work
        both = zip(_minutes(spent.work, work), _minutes(spent.travel, travel))
        here = Facts(0, spent.travel, spent.work, *map(sum, both))
        key = (local(start) if (start := _start(visit)) else day), who
        found[key] = found.get(key, Facts()).plus(here)
    if not weights:
        technician = document.header.get("technician_id")
        weights[technician if isinstance(technician, int) else None, ""] = 1
    net = net_shares(document, taken)
    split = [
        spread(amount, list(weights.values()))
        for amount in (net.billed, net.due, offered(document))
    ]
    for who, billed, due, given in zip(weights, *split):
        if billed or due or given or not found:
            key, here = (day, who), Facts(billed_net=billed, due_net=due, offered=given)
            found[key] = found.get(key, Facts()).plus(here)
    return [Part(on, who, one) for (on, who), one in found.items()]


def day_of(document: Document, local: Callable[[str], date]) -> date:
    """The day that the amounts of a work order belong to."""
    starts = [start for start in map(_start, document.visits) if start]
    if starts:
        return local(min(starts))
    return date.fromisoformat(document.text("planned_date") or document.text("date"))


def net_shares(document: Document, taken: Mapping[str, Taken]) -> Shares:
    """Cents HT of a work order; a dropped one is never billed."""
    net = document.number("net_total")
    if document.state == "dropped":
        return Shares(gone=net)
    invoiced = document.text("billing") in INVOICED
    lines = [_line(document, line, taken) for line in document.lines if line.counts]
    sums = Shares(*map(sum, zip(*lines))) if lines else Shares()
    if sum(sums) == 0:  # a footer only
        return Shares(billed=net) if invoiced else Shares(due=net)
    sums = Shares(*map(sum, zip(sums, _footer(document, taken, sums))))
    return sums if sum(sums) == net else Shares(*spread(net, sums))


def _footer(document: Document, taken: Mapping[str, Taken], lines: Shares) -> Shares:
    """Cents of the price mode. A credit note of a whole invoice copies its footer."""
    whole = sum(one.amount for one in shares_of(document))
    own = [taken.get(one.uid, Taken()) for one in document.adjustments]
    invoiced, gone = sum(one.invoiced for one in own), sum(one.credited for one in own)
    if lines.gone and not lines.billed:
        gone = invoiced
    return Shares(invoiced - gone, whole - invoiced, gone)


def offered(document: Document) -> int:
    """Cents that its covered lines would have cost."""
    return sum(work_amount(one) for one in document.lines if one.counts and one.covered in COVERS)


def _line(document: Document, line: Line, taken: Mapping[str, Taken]) -> Shares:
    """Cents HT of a line."""
    if not line.quantity:
        full = document.text("billing") == "full"
        return Shares(billed=line.net_amount) if full else Shares(due=line.net_amount)
    own = taken.get(line.uid, Taken())
    invoiced = div_round(line.net_amount * own.invoiced, line.quantity)
    gone = div_round(line.net_amount * own.credited, line.quantity)
    return Shares(invoiced - gone, line.net_amount - invoiced, gone)


def _class_shares(document: Document, taken: Mapping[str, Taken], billing_class: str) -> Shares:
    """What the minutes of a class are shared by; all 0 when they are free."""
    lines = [
        [abs(part) for part in _line(document, line, taken)]
        for line in document.lines
        if line.counts and line.billing_class == billing_class and not line.covered
    ]
    if document.state == "dropped" or not lines:
        return Shares()
    return Shares(*map(sum, zip(*lines)))


def _minutes(minutes: int, shares: Shares) -> Shares:
    """Whole minutes; the first share takes a tie."""
    return Shares(*spread(minutes, shares)) if any(shares) else Shares(gone=minutes)


def _start(visit: Visit) -> str:
    """Its first known time, "" when there is none."""
    return next(filter(None, (getattr(visit, name) for name in MOMENTS)), "")
