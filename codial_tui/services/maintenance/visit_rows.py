"""Visits as people and programs read them: the rows of Horaires, the data of `document show`."""

from __future__ import annotations

from typing import Any, NamedTuple

from codial_tui.domain import clock
from codial_tui.domain.document import Document, Visit
from codial_tui.domain.maintenance import time_units, times
from codial_tui.domain.money import SCALE4
from codial_tui.domain.quantity import decimal_text, format_quantity
from codial_tui.services.context import Context
from codial_tui.services.records import company_settings

from .visits import in_order, total


class VisitRow(NamedTuple):
    """cells: technician, day, the four times of the wall, kilometres, zone, travel, work."""

    uid: str
    cells: tuple[str, ...]


def rows(context: Context, document: Document) -> list[VisitRow]:
    """The visits of a work order by time. `+` behind a time: it is not of the visit's first day."""
    if not document.visits:
        return []
    zone = context.zone
    unit = str(company_settings.value(context, "work.time_unit"))
    found = []
    for visit in in_order(document.visits):
        known = [getattr(visit, name) for name in times.MOMENTS]
        walls = [clock.local(one, zone) if one else None for one in known]
        first = next((one.date() for one in walls if one), None)
        clocks = [
            f"{one:%H:%M}{'+' if one.date() != first else ''}" if one else "" for one in walls
        ]
        spent = times.of_visit(visit)
        found.append(
            VisitRow(
                visit.uid,
                (
                    visit.technician_name,
                    f"{first:%d/%m/%y}" if first else "",
                    *clocks,
                    format_quantity(visit.distance, 0) if visit.distance else "",
                    visit.zone,
                    time_units.words(spent.travel, unit),
                    time_units.words(spent.work, unit),
                ),
            )
        )
    return found


def summary(context: Context, document: Document) -> str:
    """`Départ 08:00 Arrivée 08:35 Fin 11:05 Retour 11:45  trajet 1:15 · travail 2:30` of the one
    visit, how many there are of several, "" of none."""
    found = rows(context, document)
    if not found:
        return ""
    said = f"{len(found)} visites"
    if len(found) == 1:
        clocks = zip(times.MOMENTS, found[0].cells[2:6], strict=True)
        said = " ".join(f"{times.WORDS[name].capitalize()} {at}" for name, at in clocks if at)
    return f"{said}  {total(context, document)}"


def shown(context: Context, document: Document) -> dict[str, Any]:
    """`visits` and `times` of a work order, in the words of cli.md: local times, minutes."""
    found = times.times(document.visits)
    return {
        "visits": [_visit(context, one) for one in in_order(document.visits)],
        "times": {"travel_minutes": found.travel, "work_minutes": found.work},
    }


def _visit(context: Context, visit: Visit) -> dict[str, Any]:
    spent = times.of_visit(visit)
    return {
        "technician": visit.technician_name,
        "technician_id": visit.technician_id,
        **{
            key: _local(context, getattr(visit, name))
            for key, name in zip(KEYS, times.MOMENTS, strict=True)
        },
        "km": decimal_text(visit.distance, SCALE4),
        "zone": visit.zone,
        "note": visit.note,
        "travel_minutes": spent.travel,
        "work_minutes": spent.work,
    }


KEYS = ("departure", "arrival", "end", "return")
"""What a program calls the times of a visit."""


def _local(context: Context, moment: str | None) -> str | None:
    """`2026-11-22T21:50+01:00`: the wall's time with its offset, so that none comes twice."""
    return clock.at(moment, context.zone) if moment else None
