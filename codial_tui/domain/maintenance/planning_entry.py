"""An appointment or an absence as people write it: `[abs] [date [date]] [début fin] objet`.

`0830 1000 Réunion`, `24/11 8h 10h Garage`, `abs congé`, `abs 24/11 28/11 congé`, `abs 14h 18h`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from codial_tui.domain.dates import parse_date
from codial_tui.domain.problems import invalid
from codial_tui.domain.text import clean, fold

from .visit_entry import parse_clock

EXAMPLE = "0830 1000 Réunion"
ABSENCES = {"abs": "", "absence": "", "conge": "Congé", "conges": "Congés", "rtt": "RTT"}
"""First words of an absence, and what they say by themselves."""
_DATE = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?|\+\d{1,3}[jJ]?")
_CLOCK = re.compile(r"\d{3,4}|\d{1,2}[:hH](?:\d{2})?")


class Typed(NamedTuple):
    """What was typed. kind: appointment or absence."""

    kind: str
    starts: datetime
    ends: datetime
    label: str


def parse(text: str, day: date, today: date) -> Typed:
    """What a line asks for, on a day unless it names one. Raises Invalid."""
    words = clean(text).split()
    kind, label = "appointment", ""
    if words and fold(words[0]) in ABSENCES:
        kind, label = "absence", ABSENCES[fold(words.pop(0))]
    first = last = day
    if words and _DATE.fullmatch(words[0]):
        first = last = parse_date(words.pop(0), today)
        if words and _DATE.fullmatch(words[0]):
            last = parse_date(words.pop(0), first)
    clocks: list[time] = []
    while words and len(clocks) < 2 and _CLOCK.fullmatch(words[0]):
        found = parse_clock(words.pop(0))
        clocks += [found] if found is not None else []
    label = " ".join([*filter(None, (label,)), *words])
    if len(clocks) == 1 or (not clocks and kind == "appointment"):
        raise invalid("planning.times", "De quelle heure à quelle heure ?", EXAMPLE)
    if not clocks:
        return Typed(kind, _at(first), _at(last) + timedelta(days=1), label)
    starts = datetime.combine(first, clocks[0])
    ends = datetime.combine(last, clocks[1])
    if ends <= starts and last == first:
        ends += timedelta(days=1)  # over midnight
    return Typed(kind, starts, ends, label)


def _at(day: date) -> datetime:
    return datetime.combine(day, time())
