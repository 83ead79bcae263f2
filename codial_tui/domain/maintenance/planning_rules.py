"""When two things of a planning do not go together, and what to know before one is put there.

Moments are UTC, ISO (`clock.moment`): they compare as text, over the change of hour too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from codial_tui.domain.problems import Problem

KINDS = (("work", "Intervention"), ("appointment", "Rendez-vous"), ("absence", "Absence"))
LONGEST = timedelta(days=366)
SHORTEST = timedelta(minutes=5)


class Slot(NamedTuple):
    """A resource is taken from one moment to another. id: 0 for one that is not there yet."""

    id: int
    resource_id: int
    kind: str
    begin: str
    end: str
    label: str = ""


class Hours(NamedTuple):
    """When a company works: from an hour to another, on these days (Monday is 0)."""

    start: time = time(8)
    end: time = time(18)
    days: frozenset[int] = frozenset(range(5))


def clash(one: Slot, other: Slot) -> bool:
    """Whether one resource is taken twice; two absences say the same thing twice."""
    return (
        one.resource_id == other.resource_id
        and (one.kind, other.kind) != ("absence", "absence")
        and one.begin < other.end
        and other.begin < one.end
    )


def conflicts(slots: Iterable[Slot]) -> dict[int, list[Slot]]:
    """By id of a slot, those it clashes with, the earliest first; only slots that clash."""
    found: dict[int, list[Slot]] = {}
    open_slots: list[Slot] = []
    for one in sorted(slots, key=lambda slot: (slot.begin, slot.end, slot.id)):
        open_slots = [other for other in open_slots if other.end > one.begin]
        for other in open_slots:
            if clash(one, other):
                found.setdefault(one.id, []).append(other)
                found.setdefault(other.id, []).append(one)
        open_slots.append(one)
    return {key: sorted(others, key=_order) for key, others in found.items()}


def _order(one: Slot) -> tuple[str, str, int]:
    return one.begin, one.end, one.id


def span_problems(starts: datetime, ends: datetime) -> list[Problem]:
    """What forbids such a span of time on the wall."""
    if ends - starts < SHORTEST:
        said = "La fin n'est pas après le début" if ends <= starts else "Moins de 5 minutes"
        return [Problem("planning.span", "ends", said, "changez l'heure de fin")]
    if ends - starts > LONGEST:
        return [Problem("planning.span", "ends", "Plus d'un an", "faites-en plusieurs")]
    return []


def warnings(
    kind: str, starts: datetime, ends: datetime, hours: Hours, holidays: Mapping[date, str]
) -> list[Problem]:
    """What to know of a span for work or an appointment: a public holiday, a day or an hour the
    company does not work. Nothing of an absence."""
    if kind == "absence":
        return []
    for day in days(starts, ends):
        if day in holidays:
            said = f"Le {day:%d/%m} est férié : {holidays[day]}"
            return [Problem("planning.holiday", "starts", said, "", "warning")]
    outside = [day for day in days(starts, ends) if day.weekday() not in hours.days]
    if outside:
        said = f"Le {outside[0]:%d/%m} n'est pas un jour ouvré"
        return [Problem("planning.closed", "starts", said, "", "warning")]
    within = starts.time() >= hours.start and ends.time() <= hours.end
    if not within or starts.date() != ends.date():
        said = f"Hors des heures : {hours.start:%H:%M} à {hours.end:%H:%M}"
        return [Problem("planning.hours", "starts", said, "", "warning")]
    return []


def days(starts: datetime, ends: datetime) -> list[date]:
    """The days that a span touches; one that ends at midnight does not touch the next."""
    last = max(starts, ends - timedelta(microseconds=1)).date()
    first = starts.date()
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]
