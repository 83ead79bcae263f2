"""What paying early earns and what paying late costs. Pure; amounts in cents, rates in 10⁻⁶.

Sources: C. com. L441-10 II (penalties of the day after the due date, on the whole amount TTC that
is late; 40 € an invoice), D441-5 (the 40 €), L441-9 I (both stand on the invoice, and the discount
for early payment). Consumers owe no 40 € and no such penalties.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from codial_tui.domain.money import SCALE6, div_round, percent_of

FIXED = 4_000
"""Cents of compensation for what collecting costs, once an invoice (C. com. D441-5)."""

CASH_LIMIT = 100_000
"""Cents that may be paid in cash to a business (CMF L112-6, D112-3)."""

DAYS_OF_YEAR = 365

AGES = (0, 30, 60, 90)
"""Days late from which a debt is older, for the aged balance."""


class Late(NamedTuple):
    """What is late of an invoice. left: cents TTC; penalties and fixed: cents on top of it."""

    days: int
    left: int
    penalties: int
    fixed: int


def discount(amount: int, rate: int, *, eco: int = 0) -> int:
    """What is taken off an amount (TTC) paid early; never off eco-contributions (TTC) in it."""
    return percent_of(amount - eco, rate)


def is_early(day: date, invoiced: date, days: int) -> bool:
    """Whether a day is within the days of the discount."""
    return days > 0 and day <= invoiced + timedelta(days=days)


def penalties(left: int, rate: int, days: int) -> int:
    """Penalties on what is left (TTC) after so many days late: left × rate × days ÷ 365."""
    return div_round(left * rate * days, SCALE6 * DAYS_OF_YEAR) if days > 0 and left > 0 else 0


def late(dues: Sequence[tuple[date, int]], day: date, rate: int, *, consumer: bool = False) -> Late:
    """What is late of one invoice on a day. dues: (due date, cents left) of its instalments."""
    behind = [(due, left) for due, left in dues if left > 0 and due < day]
    if not behind:
        return Late(0, 0, 0, 0)
    asked = 0 if consumer else sum(penalties(left, rate, (day - due).days) for due, left in behind)
    return Late(
        max((day - due).days for due, _ in behind),
        sum(left for _, left in behind),
        asked,
        0 if consumer else FIXED,
    )


def age_of(due: date, day: date) -> int:
    """The column of an aged balance: 0 not yet due, 1 from a day late, 2 from 31, 3 from 61, 4
    from 91."""
    days = (day - due).days
    return sum(days > age for age in AGES)
