"""What a planning shows: who is where between two days, what clashes, what waits to be planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from codial_tui.domain import clock
from codial_tui.domain.maintenance import planning_rules
from codial_tui.domain.maintenance.planning_rules import Slot
from codial_tui.errors import refuse
from codial_tui.services.context import Context

MOST = 2_000
"""appointments that are read at once"""


class Appointment(NamedTuple):
    """One thing of a planning. starts, ends: on the company's wall; resource: its code; ref, state:
    of its work order, "" without one; place: town; clashes: ids of those it does not go with."""

    id: int
    version: int
    resource_id: int
    resource: str
    kind: str
    starts: datetime
    ends: datetime
    document_id: int | None
    ref: str
    state: str
    party_id: int | None
    customer: str
    place: str
    label: str
    note: str
    uid: str
    slot: Slot
    clashes: tuple[int, ...] = ()


class Waiting(NamedTuple):
    """An open work order that stands on no planning. wanted: the day it is wished or due."""

    document_id: int
    ref: str
    customer: str
    place: str
    subject: str
    wanted: str
    technician_id: int | None


_TOWN = "COALESCE(NULLIF(d.delivery_city, ''), d.billing_city)"
_SELECT = """
    SELECT a.id, a.version, a.resource_id, r.code, a.kind, a.starts_at, a.ends_at, a.document_id,
           d.number, d.state, a.party_id, COALESCE(d.party_name, p.name, ''),
           COALESCE(NULLIF(d.delivery_city, ''), d.billing_city, ''), a.label, a.note, a.uid
    FROM appointment a
    JOIN resource r ON r.id = a.resource_id
    LEFT JOIN document d ON d.id = a.document_id
    LEFT JOIN party p ON p.id = a.party_id
"""


def between(
    context: Context, first: date, last: date, resource_ids: Collection[int] | None = None
) -> list[Appointment]:
    """All that touches the days from first to last, both included, in order of time; each knows
    what it clashes with."""
    begin = clock.midnight(first, context.zone)
    end = clock.midnight(last + timedelta(days=1), context.zone)
    where, params = "a.starts_at < ? AND a.ends_at > ?", [end, begin]
    found = _read(context, where, params)
    if resource_ids is not None:
        found = [one for one in found if one.resource_id in resource_ids]
    return found


def of_document(context: Context, document_id: int) -> list[Appointment]:
    """Where a work order stands on the planning, the earliest first."""
    return _read(context, "a.document_id = ?", [document_id])


def get(context: Context, appointment_id: int) -> Appointment:
    """Raises Refused for one that is gone."""
    found = _read(context, "a.id = ?", [appointment_id])
    if not found:
        raise refuse("planning.gone", "Ce n'est plus au planning", "codial-tui planning list")
    return found[0]


def waiting(context: Context) -> list[Waiting]:
    """The open work orders that are on no planning, the most urgent first: those that are due,
    then the oldest."""
    rows = context.database.rows(
        f"SELECT d.id, d.number, d.party_name, {_TOWN}, d.subject, "
        "COALESCE(w.due_on, d.planned_date, ''), w.technician_id FROM document d "
        "JOIN document_work_order w ON w.document_id = d.id "
        "WHERE d.kind = 'work_order' AND d.state = 'open' AND NOT EXISTS "
        "(SELECT 1 FROM appointment a WHERE a.document_id = d.id) "
        "ORDER BY COALESCE(w.due_on, d.planned_date, '9999'), d.id LIMIT 500"
    )
    found = []
    for document_id, number, customer, place, subject, wanted, technician in rows:
        words = (number or "", customer, place or "", subject, str(wanted or ""))
        found.append(Waiting(document_id, *words, technician))
    return found


def _read(context: Context, where: str, params: Sequence[object]) -> list[Appointment]:
    rows = context.database.rows(
        f"{_SELECT} WHERE {where} ORDER BY a.starts_at, a.id LIMIT {MOST}", params
    )
    found = [_appointment(context, row) for row in rows]
    if not found:
        return []
    clashes = planning_rules.conflicts([one.slot for one in found] + _around(context, found))
    return [
        one._replace(clashes=tuple(other.id for other in clashes.get(one.id, ()))) for one in found
    ]


def _around(context: Context, found: list[Appointment]) -> list[Slot]:
    """What else the same resources do while these last."""
    begin, end = min(one.slot.begin for one in found), max(one.slot.end for one in found)
    rows = context.database.rows(
        "SELECT id, resource_id, kind, starts_at, ends_at, label FROM appointment "
        f"WHERE starts_at < ? AND ends_at > ? ORDER BY starts_at, id LIMIT {MOST}",
        (end, begin),
    )
    known = {one.id for one in found}
    return [slot for slot in map(Slot._make, rows) if slot.id not in known]


def _appointment(context: Context, row: tuple[Any, ...]) -> Appointment:
    (key, version, owner, code, kind, begin, end, document_id) = row[:8]
    number, state, party_id, customer, place, label, note, uid = row[8:]
    starts, ends = context.local(begin), context.local(end)
    who = (document_id, number or "", state or "", party_id, customer, place or "")
    slot = Slot(key, owner, kind, begin, end, label)
    return Appointment(
        key,
        version,
        owner,
        code,
        kind,
        starts,
        ends,
        *who,
        label=label,
        note=note,
        uid=uid,
        slot=slot,
    )
