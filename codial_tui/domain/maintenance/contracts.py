"""Maintenance contracts: terms, what is billed when, what prices become, the end that is sent.

domain.md §8. A term is a stretch of the duration, counted from the start so that the day of the
month is kept (31/01, 28/02, 31/03). The bounds of a period are its first day and the first day
after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from codial_tui.domain.dates import LAST, format_date
from codial_tui.domain.money import SCALE4, SCALE6, div_round

from .calendar_rule import shifted

BEYOND = LAST + timedelta(days=1)
MOST_TERMS = 2_000
"""of one contract that are looked at; a term has a day at least"""


class Terms(NamedTuple):
    """What says when things fall. start: first day; duration in months, or days (`unit`); renewal:
    tacit, none or open; final: first day after the last renewal that is agreed, None for none;
    ended: first day that it was given up for, None; renewed: how often it was renewed."""

    start: date
    duration: int = 12
    unit: str = "month"
    renewal: str = "tacit"
    final: date | None = None
    ended: date | None = None
    renewed: int = 0


def terms_of(row: Mapping[str, Any]) -> Terms:
    """Those of a contract as it is stored."""
    return Terms(
        date.fromisoformat(row["starts_on"]),
        row["duration"],
        row["duration_unit"],
        row["renewal"],
        date.fromisoformat(row["final_on"]) if row["final_on"] else None,
        date.fromisoformat(row["ended_on"]) if row["ended_on"] else None,
        row["renewed"],
    )


class Period(NamedTuple):
    """first: its first day, until: the first day after it; term: which term it lies in, 0 the
    first; part, whole: days that are billed of so many, when it is cut short (else equal)."""

    first: date
    until: date
    term: int = 0
    part: int = 1
    whole: int = 1

    @property
    def words(self) -> str:
        last = self.until - timedelta(days=1)
        return f"du {format_date(self.first)} au {format_date(last)}"


def term_start(terms: Terms, index: int) -> date:
    """First day of a term, whether or not the contract gets that far."""
    if terms.unit == "day":
        ahead = min(terms.duration * index, (BEYOND - terms.start).days)
        return terms.start + timedelta(days=ahead)
    return shifted(terms.start, terms.duration * index)


def over(terms: Terms) -> date:
    """The first day that a contract no longer covers; the day after LAST when nothing ends it. One
    that is no longer renewed ends with the term it was renewed for."""
    ends = [one for one in (terms.final, terms.ended) if one is not None]
    if terms.renewal == "none":
        ends.append(term_start(terms, terms.renewed + 1))
    return min([BEYOND, *ends])


def term_at(terms: Terms, day: date) -> int:
    """Which term a day lies in; 0 before the start."""
    index = 0
    while index < MOST_TERMS and term_start(terms, index + 1) <= day < BEYOND:
        index += 1
    return index


def renewals(terms: Terms, since: int, until: date) -> Iterator[tuple[int, date]]:
    """The terms that begin by renewal after the running one (`since`), up to a day included, with
    their first day."""
    end, index = over(terms), since + 1
    while (
        terms.renewal != "none"
        and index < MOST_TERMS
        and (day := term_start(terms, index)) <= until
        and day < end
    ):
        yield index, day
        index += 1


def periods(terms: Terms, every: int, since: date, until: date) -> Iterator[Period]:
    """What is billed, one stretch of `every` months after the other, anew in each term: those that
    end on `since` or after and begin by `until`. The last one of a term may be shorter, and so is
    one that the contract's end cuts: they bill their share of days. A term that is shorter than
    the rhythm is billed whole."""
    end = over(terms)
    anchor = terms.start.day if terms.unit == "month" else 0
    for index in range(term_at(terms, since), MOST_TERMS):
        first, after = term_start(terms, index), term_start(terms, index + 1)
        if first > until or first >= end:
            return
        yield from (
            one._replace(term=index)
            for one in _pieces(first, after, every, end, anchor)
            if one.until >= since and one.first <= until
        )


def _pieces(first: date, after: date, every: int, end: date, anchor: int) -> Iterator[Period]:
    """anchor: the day of the month that shorter months made earlier, 0 for the first day's."""
    day, step = first, 0
    while day < min(after, end):
        step += 1
        natural = shifted(first, every * step, anchor)
        whole = natural if day > first or natural <= after else after
        cut = min(natural, after, end)
        yield Period(day, cut, 0, (cut - day).days, (whole - day).days)
        day = natural


def price_of(price: int, period: Period) -> int:
    """Cents for a period: the whole price, or its share of days."""
    return div_round(price * period.part, period.whole)


def revised(price: int, revision: str, coefficient: int, base: int, now: int) -> int:
    """The price (cents) of the next term: by a coefficient (10⁻⁶), or by index now ÷ base (10⁻⁶
    each), half a cent away from zero."""
    if revision == "coefficient":
        return div_round(price * coefficient, SCALE6)
    if revision == "index" and base > 0 and now > 0:
        return div_round(price * now, base)
    return price


def end_sent(terms: Terms, renewed: int, setting: str) -> date:
    """The end date that is told outside (domain.md §8): of a fixed term the day before its renewal,
    or (setting `term`) before the end that is agreed for good when there is one; open-ended, the
    day of renewal itself. Given up: its last day."""
    due = term_start(terms, renewed + 1)
    if terms.ended is not None and terms.ended <= due:
        return terms.ended - timedelta(days=1)
    if terms.renewal == "open":
        return due
    final = terms.final or due
    return (final if setting == "term" else min(due, final)) - timedelta(days=1)


def counted_copies(readings: Sequence[tuple[date, int]], day: date) -> int:
    """What a counter has made (10⁻⁴) from its first reading to the last one by a day. A lower
    reading is a new counter, which began at zero."""
    made, before = 0, None
    for read_on, value in readings:
        if read_on > day:
            break
        if before is not None:
            made += value - before if value >= before else value
        before = value
    return made


def beyond_quota(used: int, quota: int, billed: int) -> int:
    """What a term used (10⁻⁴) over its quota and was not billed yet; never below zero."""
    return max(0, max(0, used - quota) - billed)


def extra_amount(quantity: int, price: int) -> int:
    """Cents for so many (10⁻⁴) at a price (10⁻⁴ €)."""
    return div_round(quantity * price * 100, SCALE4 * SCALE4)
