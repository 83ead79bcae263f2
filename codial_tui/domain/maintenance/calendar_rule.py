"""When visits fall: a rule as people write it, and its days.

4 par an                          evenly over a year, from the start
tous les 3 mois le 15             the 15th, every third month from the start's on
tous les mois le dernier jour     28, 29, 30 or 31
toutes les 2 semaines             from the start on
tous les 90 jours
mars, septembre                   on the day of the month that the start has
le 15 mars et septembre           a day beyond a month is its last one (31 → 30, 28 or 29)
1er lundi de mars et octobre      1er to 4e, dernier
dernier vendredi de chaque mois
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from codial_tui.domain.dates import LAST
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.text import fold

MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet"),
    *("aout", "septembre", "octobre", "novembre", "decembre"),
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOST = 365
"""days of a rule in a year"""
LAST_DAY = 31
REMEDY = "4 par an ; tous les 3 mois le 15 ; mars, septembre ; 1er lundi de mars"

_RANK = r"(1er|[1-4]e|dernier)"
_DAY = r"(?:le )?(1er|\d{1,2}|dernier jour)"


class Rule(NamedTuple):
    """unit: `year` (`every` a year), `month`, `week`, `day` (every so many), or `months`, those of
    `months` (1 to 12). day: of the month, 0 that of the start; rank, weekday: the n-th (−1 the
    last) of a weekday (0 Monday) instead; rank 0: none."""

    unit: str
    every: int = 1
    months: tuple[int, ...] = ()
    day: int = 0
    rank: int = 0
    weekday: int = 0

    @property
    def per_year(self) -> int:
        """How many days it has in a year, rounded down."""
        if self.unit == "year":
            return self.every
        if self.unit == "months":
            return len(self.months)
        return {"month": 12, "week": 52, "day": 365}[self.unit] // self.every


def parse(text: str) -> Rule:
    """A rule of what was typed. Raises Invalid."""
    words = " ".join(fold(text).split())
    for pattern, made in _FORMS:
        found = re.fullmatch(pattern, words)
        rule = made(*found.groups("")) if found else None
        if rule is not None and 1 <= rule.every <= MOST:
            return rule
    raise Invalid(Problem("visit_rule", "visit_rule", f"« {text} » : quels jours ?", REMEDY))


def days(rule: Rule, start: date, until: date) -> Iterator[date]:
    """Its days from a start (included) to a day (not included), in order, up to LAST."""
    end = min(until, LAST + timedelta(days=1))
    for day in _from(rule, start, end):
        if day >= end:
            return
        if day >= start:
            yield day


def shifted(day: date, months: int, anchor: int = 0) -> date:
    """So many calendar months later, on the anchor's day (the day's own when 0) or the last one of
    a shorter month. Beyond the calendar of documents: the day after LAST."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > LAST.year:
        return LAST + timedelta(days=1)
    return _of_month(year, month + 1, anchor or day.day)


def _of_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _from(rule: Rule, start: date, end: date) -> Iterator[date]:
    if rule.unit in ("week", "day"):
        step = timedelta(days=rule.every * (7 if rule.unit == "week" else 1))
        day = start
        while day < end:
            yield day
            day += step
    elif rule.unit == "year" and 12 % rule.every:
        yield from _spread(rule.every, start, end)
    else:
        months = 12 // rule.every if rule.unit == "year" else rule.every
        months = 1 if rule.unit == "months" else months
        month = date(start.year, start.month, 1)
        while month < end:
            if rule.unit != "months" or month.month in rule.months:
                yield _day_in(rule, month.year, month.month, start)
            month = shifted(month, months)


def _spread(count: int, start: date, end: date) -> Iterator[date]:
    """Evenly over each year from the start on, in whole days."""
    years = 0
    while (first := shifted(start, 12 * years)) < end:
        length = (shifted(start, 12 * (years + 1)) - first).days
        yield from (first + timedelta(days=one * length // count) for one in range(count))
        years += 1


def _day_in(rule: Rule, year: int, month: int, start: date) -> date:
    if not rule.rank:
        return _of_month(year, month, rule.day or start.day)
    if rule.rank < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - rule.weekday) % 7)
    first = date(year, month, 1)
    ahead = (rule.weekday - first.weekday()) % 7 + 7 * (rule.rank - 1)
    return first + timedelta(days=ahead)


# reading what was typed --------------------------------------------------------------------------


def _months(text: str) -> tuple[int, ...]:
    """`mars, juin et octobre`, each once, in order; () when one is no month."""
    if text in ("chaque mois", "tous les mois"):
        return tuple(range(1, 13))
    names = [one for one in re.split(r"\s*,\s*|\s+et\s+", text) if one]
    if not all(one in MONTHS for one in names):
        return ()
    return tuple(sorted({MONTHS.index(one) + 1 for one in names}))


def _number(text: str) -> int:
    """Of a day: 1er, 15, dernier jour; 0 for none or one that no month has."""
    if text == "dernier jour":
        return LAST_DAY
    count = int(text.removesuffix("er") or 0)
    return count if count <= LAST_DAY else 0


def _each(every: str, day: str) -> Rule | None:
    wanted = _number(day)
    return None if day and not wanted else Rule("month", int(every or 1), day=wanted)


def _named(day: str, months: str) -> Rule | None:
    found, wanted = _months(months), _number(day)
    if not found or (day and not wanted):
        return None
    return Rule("months", months=found, day=wanted)


def _ranked(rank: str, weekday: str, months: str) -> Rule | None:
    found = _months(months)
    place = -1 if rank == "dernier" else int(rank[0])
    if not found:
        return None
    return Rule("months", months=found, rank=place, weekday=WEEKDAYS.index(weekday))


_FORMS = (
    (r"(\d{1,3}) (?:visites? )?par an", lambda count: Rule("year", int(count))),
    (rf"(?:tous les (?:(\d{{1,3}}) )?mois|chaque mois)(?: {_DAY})?", _each),
    (
        r"toutes les (?:(\d{1,2}) )?semaines|chaque semaine",
        lambda count: Rule("week", int(count or 1)),
    ),
    (r"tous les (\d{1,3}) jours", lambda count: Rule("day", int(count))),
    (rf"{_RANK} ({'|'.join(WEEKDAYS)}) (?:de |d')?(.+)", _ranked),
    (rf"{_DAY} (?:de |d')?(.+)", _named),
    (r"()(.+)", _named),
)
