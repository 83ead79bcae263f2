"""The planning for other calendars: who goes where, with all they need on the way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from codial_tui.domain.maintenance.planning_rules import KINDS
from codial_tui.exchange.calendar_file import Event, written
from codial_tui.services.context import Context

from .planning_views import Appointment, between

_ADDRESS = ("street", "street2", "postcode", "city")


def file(
    context: Context, first: date, last: date, resource_ids: Collection[int] | None = None
) -> tuple[bytes, int]:
    """The iCalendar file of what touches these days, for some resources or all of them; how many
    appointments it has."""
    found = between(context, first, last, resource_ids)
    codes = {one.resource for one in found}
    name = str(context.database.value("SELECT name FROM company", (), ""))
    if resource_ids is not None and len(codes) == 1:
        name = f"{name} {codes.pop()}"
    events = [_event(context, one, resource_ids is None) for one in found]
    return written(f"Planning {name}", events), len(events)


def _event(context: Context, one: Appointment, named: bool) -> Event:
    """named: the summary says whose it is."""
    what = one.label or dict(KINDS)[one.kind]
    summary = " · ".join(filter(None, (one.resource if named else "", one.customer, what)))
    changed = context.database.value(
        "SELECT COALESCE(updated_at, created_at) FROM appointment WHERE id = ?", (one.id,)
    )
    place, said = _document(context, one.document_id) if one.document_id else ("", "")
    note = "\n".join(filter(None, (one.ref, said, one.note)))
    return Event(
        *(one.uid, one.version, one.slot.begin, one.slot.end, str(changed)),
        *(summary, place, note, dict(KINDS)[one.kind]),
    )


def _document(context: Context, document_id: int) -> tuple[str, str]:
    """Where a work order takes place, and whom to call about what."""
    row: dict[str, Any] = (
        context.database.mapping("SELECT * FROM document WHERE id = ?", (document_id,)) or {}
    )
    kind = "delivery" if row.get("delivery_city") else "billing"
    street, more, postcode, city = (row.get(f"{kind}_{name}") or "" for name in _ADDRESS)
    place = ", ".join(filter(None, (street, more, f"{postcode} {city}".strip())))
    phone = row.get("contact_phone") or row.get("party_phone")
    who = " ".join(filter(None, (row.get("contact_name"), phone)))
    machines = context.database.rows(
        "SELECT brand, type, serial, fault FROM work_machine WHERE document_id = ? "
        "ORDER BY position, id",
        (document_id,),
    )
    told = [" : ".join(filter(None, (" ".join(filter(None, one[:3])), one[3]))) for one in machines]
    return place, "\n".join(filter(None, (row.get("subject"), who, *told)))
