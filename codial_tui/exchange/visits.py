"""Visits of a work order as JSON: part of what `document create` takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from codial_tui.domain.maintenance.visit_entry import Clock

from .json_reader import JsonObject

MOST_VISITS = 200
TIMES = ("departure", "arrival", "end", "return")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """A visit: technician a login or a name, "" for whoever is the work order's; date ISO, None for
    the document's; clocks: departure, arrival, end, return; distance 10⁻⁴ km."""

    technician: str
    date: str | None
    clocks: tuple[Clock, ...]
    distance: int = 0
    zone: str = ""
    note: str = ""


def read(entry: JsonObject) -> VisitRequest:
    """A visit out of its object. What is wrong goes to its problems."""
    clocks = tuple(_clock(entry, name) for name in TIMES)
    if not any(map(entry.has, TIMES)):
        entry.refuse("json.missing", "departure", "aucune heure")
    request = VisitRequest(
        technician=entry.text("technician", limit=60),
        date=entry.day("date"),
        clocks=clocks,
        distance=entry.number("km", signed=False) or 0,
        zone=entry.text("zone", limit=10).upper(),
        note=entry.text("note", limit=200),
    )
    entry.close()
    return request


def _clock(entry: JsonObject, name: str) -> Clock:
    """`21:50`, `2026-11-22T21:50` as on the wall, or with its offset or Z."""
    entry.text(name)
    text = entry.keys.get(name)
    if not isinstance(text, str):
        return None
    try:
        if found := _HOUR.fullmatch(text):
            return time(int(found.group(1)), int(found.group(2)))
        if _MOMENT.fullmatch(text) and "2000" <= text[:4] <= "2099":
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    entry.refuse("time.unreadable", name, "heure illisible", "21:50, ou 2026-11-22T21:50")
    return None
