"""A visit as people write it: `[technicien] [date] départ arrivée fin retour [km] [zone]`.

Times are those of the wall: `0800`, `8:00`, `8h`, `8h35`, `-` for one that is not known. A time
before the one typed just before it is of the next day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from codial_tui.domain import clock
from codial_tui.domain.dates import parse_date
from codial_tui.domain.document import Visit
from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.quantity import format_scaled, parse_plain
from codial_tui.domain.text import clean

from . import times

Clock = time | datetime | None
"""A time of the wall; with its day; with its zone, the moment itself; None: not known."""
UNKNOWN = "-"
_JOINED = re.compile(r"(\d{1,2})(\d{2})")
_PARTED = re.compile(r"(\d{1,2})[:hH](\d{2})?")
_DATE = re.compile(r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|\d{6}|\d{8}|\d{1,2}|\+\d{1,4}[jJ]?")
_FIGURES = re.compile(r"\d{4}")
_ZONE = re.compile(r"[^\W_][\w-]{0,9}")
_QUOTED = re.compile(r'\s*"([^"]*)"')
_DISTANCE = re.compile(r"([0-9]+(?:[.,][0-9]*)?)(km)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. technician: words, "" when none; clocks: as many as were typed, four at
    most; distance: 10⁻⁴ km, None when none."""

    technician: str = ""
    day: date | None = None
    clocks: tuple[time | None, ...] = ()
    distance: int | None = None
    zone: str = ""


def parse(text: str, today: date) -> Typed:
    """What a line asks for. Raises Invalid. Four figures are a time; a date when four times and
    more come behind them: `2211 2150 2210 2320 2335`. A name with figures stands in quotes."""
    quoted = _QUOTED.match(clean(text))
    names = [" ".join(quoted.group(1).split())] if quoted else []
    words = (clean(text)[quoted.end() :] if quoted else clean(text)).split()
    while words and not (words[0][0].isdecimal() or words[0][0] in "+-"):
        names.append(words.pop(0))
    day = _day(words, today)
    clocks: list[time | None] = []
    while words and len(clocks) < len(times.MOMENTS) and _is_clock(words[0]):
        clocks.append(parse_clock(words.pop(0)))
    distance = None
    if words and (found := _DISTANCE.fullmatch(words[0])) and words.pop(0):
        distance = parse_plain(found.group(1), SCALE4, 1)
        if words and words[0].casefold() == "km":
            words.pop(0)
    if not (names or day or clocks or distance is not None):
        raise _unreadable(text)
    if len(words) > 1 or (words and not _ZONE.fullmatch(words[0])):
        raise invalid("visit.unreadable", f"« {words[0][:24]} » en trop", EXAMPLE)
    return Typed(" ".join(names), day, tuple(clocks), distance, "".join(words).upper())


EXAMPLE = "0800 0835 1105 1145"


def parse_clock(text: str) -> time | None:
    """A time of the wall: `0800`, `800`, `8:00`, `8h`, `8h35`; None for `-`. Raises Invalid."""
    stripped = text.strip()
    if stripped in (UNKNOWN, ""):
        return None
    found = _PARTED.fullmatch(stripped) or _JOINED.fullmatch(stripped)
    if found is None:
        raise invalid("time.unreadable", f"« {stripped[:24]} » n'est pas une heure", "0835, 8h35")
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    if hour > 23 or minute > 59:
        raise invalid("time.unknown", f"« {stripped} » : 00:00 à 23:59")
    return time(hour, minute)


def place(day: date, clocks: Sequence[Clock], zone: tzinfo) -> dict[str, Any]:
    """The moments of a visit that begins on a day, by field name, from its times in order.
    A bare time before the moment that precedes it is of the next day. Raises Invalid, naming the
    field: a time that does not exist, more than 24 hours, a wrong order."""
    found: dict[str, Any] = dict.fromkeys(times.MOMENTS)
    before = ""
    for name, at in zip(times.MOMENTS, clocks, strict=False):
        if at is None:
            continue
        try:
            here = _moment(day, at, zone, before)
        except Invalid as error:
            raise Invalid(*(one._replace(field=name) for one in error.problems)) from None
        found[name] = before = here
        day = clock.local(here, zone).date()
    visit = Visit("")
    for name, value in found.items():
        setattr(visit, name, value)
    wrong = [one for one in times.problems(visit) if one.level == "error"]
    if wrong:
        raise Invalid(*wrong)
    return found


def is_same(one: Visit, other: Visit) -> bool:
    """Whether two visits are one told twice: the same person at the same times."""
    names = ("technician_id", "technician_name", *times.MOMENTS)
    return all(getattr(one, name) == getattr(other, name) for name in names)


def kept(before: Visit, found: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """The moments of a visit that was typed again: one whose time on the wall did not change is
    the moment it was, the second 02:30 of an autumn night too."""
    walls = {one: clock.local(one, zone) for one in found.values() if one}
    after = dict(found)
    for name in times.MOMENTS:
        known = getattr(before, name)
        if known and found[name] and clock.local(known, zone) == walls[found[name]]:
            after[name] = known
    return after


def zone_problems(code: str) -> list[Problem]:
    """Why the code of a travel zone could not be typed behind a visit."""
    if _ZONE.fullmatch(code) and not _DISTANCE.fullmatch(code):
        return []
    said = f"« {code} » ne se tape pas derrière une visite"
    return [Problem("zone.code", "code", said, "une lettre, ou un mot sans espace")]


def written(visit: Visit, zone: tzinfo) -> str:
    """The line that says what a visit holds, as `parse` reads it."""
    known = [getattr(visit, name) for name in times.MOMENTS]
    walls = [clock.local(one, zone) if one else None for one in known]
    first = next((f"{one:%d/%m/%y}" for one in walls if one), "")
    clocks = [f"{one:%H:%M}" if one else UNKNOWN for one in walls] if first else []
    while clocks and clocks[-1] == UNKNOWN:
        clocks.pop()
    distance = f"{format_scaled(visit.distance, SCALE4, 4, minimum=0)}km" if visit.distance else ""
    name = visit.technician_name.replace('"', "'")
    plain = all(word[0] not in "+-" and not word[0].isdecimal() for word in name.split())
    name = name if plain else f'"{name}"'
    words = (name, first, *clocks, distance.replace(" ", ""), visit.zone)
    return " ".join(filter(None, words))


def _moment(day: date, at: time | datetime, zone: tzinfo, before: str) -> str:
    if isinstance(at, datetime):
        at = at.replace(second=0, microsecond=0)
        return clock.utc(at) if at.tzinfo else clock.moment(at, zone, before)
    here = clock.moment(datetime.combine(day, at), zone, before)
    if here < before:
        here = clock.moment(datetime.combine(day + timedelta(days=1), at), zone, before)
    return here


def _day(words: list[str], today: date) -> date | None:
    """Take the date off, where the line begins with one."""
    if not words or not (_DATE.fullmatch(words[0]) or _is_day(words)):
        return None
    return parse_date(words.pop(0), today)


def _is_day(words: list[str]) -> bool:
    """Four figures that are no time, or before as many times as a visit has."""
    if not _FIGURES.fullmatch(words[0]):
        return False
    if words[0][:2] > "23" or words[0][2:] > "59":
        return True
    if not ("01" <= words[0][:2] <= "31" and "01" <= words[0][2:] <= "12"):
        return False
    following = words[1 : 1 + len(times.MOMENTS)]
    last = following[-1] if following else ""
    whole = len(following) == len(times.MOMENTS) and all(map(_is_clock, following))
    figures = len(last) == len(words[0]) and last[:-2] <= "23" and last[-2:] <= "59"
    return whole and (last == UNKNOWN or not last.isdecimal() or figures)


def _is_clock(word: str) -> bool:
    return bool(word == UNKNOWN or _PARTED.fullmatch(word) or _JOINED.fullmatch(word))


def _unreadable(text: str) -> Invalid:
    return invalid("visit.unreadable", f"« {text.strip()[:24]} » : ni heure ni date", EXAMPLE)
