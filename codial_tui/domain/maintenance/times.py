"""What the visits of a work order took: travel and work, in minutes (domain.md §8).

Moments are UTC, so that midnight and daylight saving need no care here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from codial_tui.domain.document import Visit
from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity

MOMENTS = ("departure", "arrival", "ended", "returned")
"""The four times of a visit, in order."""
WORDS = {"departure": "départ", "arrival": "arrivée", "ended": "fin", "returned": "retour"}
MOST, LONG = 24 * 60, 16 * 60
"""Minutes of one visit: never more; worth a warning."""
FAR = 5_000 * SCALE4
"""Kilometres of one visit (10⁻⁴): never more."""


class Times(NamedTuple):
    """Minutes on the road, there and back, and minutes at work."""

    travel: int
    work: int


def of_visit(visit: Visit) -> Times:
    """What one visit took; a part whose two ends are not both known counts nothing."""
    there = minutes(visit.departure, visit.arrival)
    back = minutes(visit.ended, visit.returned)
    return Times(there + back, minutes(visit.arrival, visit.ended))


def times(visits: Iterable[Visit]) -> Times:
    """What several visits took together."""
    found = [of_visit(one) for one in visits]
    return Times(sum(one.travel for one in found), sum(one.work for one in found))


def minutes(start: str | None, end: str | None) -> int:
    """Whole minutes from a moment to another, 0 when one is not known."""
    if not start or not end:
        return 0
    return int((_at(end) - _at(start)).total_seconds()) // 60


def span(visit: Visit) -> int:
    """Minutes from its first known moment to its last one."""
    known = [getattr(visit, name) for name in MOMENTS if getattr(visit, name)]
    return minutes(known[0], known[-1]) if known else 0


def problems(visit: Visit) -> list[Problem]:
    """What is wrong with the times of a visit, naming the field: departure ≤ arrival ≤ end ≤
    return, whichever are known, and 24 hours at most. A warning when it is longer than 16 hours."""
    before = ""
    for name in MOMENTS:
        if not (value := getattr(visit, name)):
            continue
        if before and value < getattr(visit, before):
            said = f"{WORDS[name].capitalize()} avant {_THE[before]}"
            return [Problem("visit.order", name, said, "corrigez l'heure ou sa date")]
        before = name
    if span(visit) > MOST:
        said, remedy = "Plus de 24 heures pour une visite", "corrigez une heure, ou deux visites"
        return [Problem("visit.too_long", before, said, remedy)]
    if span(visit) > LONG:
        hours = f"{span(visit) // 60} h {span(visit) % 60:02d}"
        said, remedy = f"Une visite de {hours}", "vérifiez les heures"
        return [Problem("visit.long", before, said, remedy, "warning")]
    return []


def distance_problem(visit: Visit) -> Problem | None:
    """What is wrong with the kilometres of a visit."""
    if visit.distance < 0:
        return Problem("visit.distance", "distance", "Kilomètres négatifs", "0 au moins")
    if visit.distance > FAR:
        said = f"{format_quantity(visit.distance, 0)} km pour une visite"
        return Problem("visit.distance", "distance", said, f"{format_quantity(FAR, 0)} au plus")
    return None


def missing(visit: Visit) -> str:
    """Which time of the work a visit that took place does not say: `de fin`, `d'arrivée`, ""."""
    if not any(getattr(visit, name) for name in MOMENTS):
        return ""
    return "de fin" if not visit.ended else "" if visit.arrival else "d'arrivée"


_THE = {
    "departure": "le départ",
    "arrival": "l'arrivée",
    "ended": "la fin",
    "returned": "le retour",
}


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment.replace("Z", "+00:00"))
