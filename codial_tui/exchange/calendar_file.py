"""Appointments as an iCalendar file (RFC 5545, library `icalendar`), for telephones and calendars.

Times are written in UTC: no reader has to know the zone of the company.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

PRODUCT = "-//codial-tui//planning//FR"


class Event(NamedTuple):
    """One appointment. uid: stable, so that a second import replaces the first; version: how often
    it was moved; begin, end, changed: moments, UTC ISO."""

    uid: str
    version: int
    begin: str
    end: str
    changed: str
    summary: str
    location: str = ""
    description: str = ""
    category: str = ""


def written(name: str, events: Sequence[Event]) -> bytes:
    """The file of a calendar of this name; lines end in CRLF and are folded at 75 bytes."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in events:
        event = icalendar.Event()
        event.add("uid", f"{one.uid}@codial-tui")
        event.add("sequence", one.version - 1)
        event.add("dtstamp", _moment(one.changed))
        event.add("dtstart", _moment(one.begin))
        event.add("dtend", _moment(one.end))
        event.add("summary", one.summary)
        for field in ("location", "description"):
            if words := getattr(one, field):
                event.add(field, words)
        if one.category:
            event.add("categories", [one.category])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(microsecond=0)
