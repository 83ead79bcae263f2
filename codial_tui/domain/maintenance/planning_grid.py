"""A planning as rows and columns: a week of resources by days, a day of half-hours by resources.

Times are those of the wall, without a zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

STEP = 30
"""minutes of a row of a day"""
MIDNIGHT = 24 * 60


class Item(NamedTuple):
    """A thing of the planning. id: 0 for one that is not written yet; title: what a cell says;
    clash: it does not go with another."""

    id: int
    resource_id: int
    kind: str
    starts: datetime
    ends: datetime
    title: str
    clash: bool = False


class Line(NamedTuple):
    """A row of a week: the things of one resource, one a day; first: of the resource's rows."""

    resource_id: int
    first: bool
    items: tuple[Item | None, ...]


class Slot(NamedTuple):
    """A row of a day: minutes since midnight, and for each resource what takes it then."""

    minute: int
    items: tuple[tuple[Item, ...], ...]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(day: date, items: Iterable[Item] = ()) -> list[date]:
    """The days of a week that are shown: Monday to Saturday, Sunday too when it has something or
    is the day that is asked for."""
    first = monday(day)
    days = [first + timedelta(days=one) for one in range(7)]
    return days if day == days[6] or any(touches(one, days[6]) for one in items) else days[:6]


def touches(item: Item, day: date) -> bool:
    """Whether a thing takes any of a day; one that ends at midnight does not take the next."""
    begin = datetime.combine(day, time())
    return item.starts < begin + timedelta(days=1) and item.ends > begin


def lines(items: Iterable[Item], resource_ids: Sequence[int], days: Sequence[date]) -> list[Line]:
    """The rows of a week: each resource has as many as its fullest day, one at least; things of a
    day one below the other, in order of time."""
    known = sorted(items, key=lambda one: (one.starts, one.ends, one.id))
    found = []
    for owner in resource_ids:
        own = [one for one in known if one.resource_id == owner]
        columns = [[one for one in own if touches(one, day)] for day in days]
        for row in range(max(1, *map(len, columns)) if columns else 1):
            cells = tuple(column[row] if row < len(column) else None for column in columns)
            found.append(Line(owner, row == 0, cells))
    return found


def slots(
    items: Iterable[Item], resource_ids: Sequence[int], day: date, first: int, last: int
) -> list[Slot]:
    """The rows of a day from a minute to another, and what its things need before and after; one
    that takes the whole day needs no more."""
    known = sorted(
        (one for one in items if touches(one, day)), key=lambda one: (one.starts, one.ends, one.id)
    )
    spans = {one: span(one, day) for one in known}
    parts = [one for one in spans.values() if one != (0, MIDNIGHT)]
    begin = min([first, *(start for start, _ in parts)]) // STEP * STEP
    end = max([last, *(until for _, until in parts)])
    found = []
    for minute in range(begin, end, STEP):
        cells = tuple(
            tuple(
                one
                for one in known
                if one.resource_id == owner
                and spans[one][0] < minute + STEP
                and spans[one][1] > minute
            )
            for owner in resource_ids
        )
        found.append(Slot(minute, cells))
    return found


def span(item: Item, day: date) -> tuple[int, int]:
    """From which minute of a day to which a thing takes it."""
    begin = datetime.combine(day, time())
    start = max(0, _minutes(item.starts - begin))
    return start, min(MIDNIGHT, _minutes(item.ends - begin))


def _minutes(length: timedelta) -> int:
    return length.days * MIDNIGHT + length.seconds // 60


def begins(item: Item, day: date, minute: int, first: int = 0) -> bool:
    """Whether a thing is named in this row of a day: the first one that it takes, from the first
    row that is shown on."""
    return max(first, span(item, day)[0]) // STEP * STEP == minute


def week_text(item: Item, day: date) -> str:
    """`8h30 Tilleuls`; `→10h Tilleuls` for one that began before; a whole day has no time. `!` in
    place of the blank where it clashes."""
    start, end = span(item, day)
    mark = "!" if item.clash else " "
    if (start, end) == (0, MIDNIGHT):
        return f"{mark.strip()}{item.title}" if item.clash else item.title
    if item.starts.date() < day:
        return f"→{_clock(item.ends)}{mark}{item.title}"
    return f"{_clock(item.starts)}{mark}{item.title}"


def _clock(at: datetime) -> str:
    return f"{at.hour}h{at.minute:02d}" if at.minute else f"{at.hour}h"


def shifted(
    item: Item, *, minutes: int = 0, longer: int = 0, resource_id: int | None = None
) -> Item:
    """The same thing later (earlier), longer (shorter: a quarter of an hour remains), with another
    resource."""
    starts = item.starts + timedelta(minutes=minutes)
    ends = item.ends + timedelta(minutes=minutes + longer)
    ends = max(ends, starts + timedelta(minutes=15))
    owner = item.resource_id if resource_id is None else resource_id
    return item._replace(starts=starts, ends=ends, resource_id=owner)


def at_day(item: Item, day: date) -> Item:
    """The same thing on another day, at the same time."""
    return shifted(item, minutes=(day - item.starts.date()).days * MIDNIGHT)


def words(starts: datetime, ends: datetime) -> str:
    """`ma 24/11 08:00–10:00`, with the last day when it is another."""
    until = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{ends:%d/%m %H:%M}"
    return f"{DAYS[starts.weekday()]} {starts:%d/%m %H:%M}–{until}"


DAYS = ("lu", "ma", "me", "je", "ve", "sa", "di")
