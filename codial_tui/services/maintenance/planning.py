"""The planning: work orders, appointments and absences of resources, each gesture in one
transaction (domain.md §8).

Times are those of the company's wall, without a zone; stored as moments. What does not go together
is written and said: the person at the telephone decides, not the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from codial_tui.domain import clock
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.maintenance import planning_grid, planning_rules
from codial_tui.domain.maintenance.planning_rules import Hours, Slot
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.text import clean
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain.transfers import claim
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company_settings

from . import holidays, resources

KIND = "work_order"
LIMITS = {"label": 120, "note": 2000}
_SLOT = "SELECT id, resource_id, kind, starts_at, ends_at, label FROM appointment"


class Planned(NamedTuple):
    """What was written, and what to know of it (warnings)."""

    id: int
    conflicts: list[Problem]


def plan(
    context: Context, what: Editor | int, resource_id: int, starts: datetime, ends: datetime
) -> Planned:
    """Put a work order on the planning of a resource; its planned date and its technician follow
    the first one that it has there. Raises Refused: not open, open at somebody else's, a span that
    is none, one that it has already."""
    document_id = what.document.id if isinstance(what, Editor) else what
    if isinstance(what, Editor) and what.reason:
        raise refuse("document.locked", what.reason)
    span = _span(context, starts, ends)
    with context.database.write():
        document = _open_order(context, document_id)
        resource = _active(context, resource_id)
        values = {
            "kind": "work",
            "document_id": document_id,
            "party_id": document.header.get("party_id"),
            "label": document.text("subject")[: LIMITS["label"]],
        }
        _once(context, document, resource_id, span)
        before = _first_of(context, document_id).user_id
        made = _insert(context, resource_id, span, values)
        words = f"Planifié : {resource.code} {planning_grid.words(starts, ends)}"
        _follow(context, document, before, words)
        told = _told(context, Slot(made, resource_id, "work", *span), starts, ends)
    if isinstance(what, Editor):
        what.reload()
    return Planned(made, told)


def appoint(
    context: Context,
    resource_id: int,
    kind: str,
    starts: datetime,
    ends: datetime,
    *,
    party_id: int | None = None,
    label: str = "",
    note: str = "",
) -> Planned:
    """Write an appointment or an absence. Raises Refused."""
    if kind not in ("appointment", "absence"):
        raise refuse("planning.kind", f"« {kind} » ne se note pas ainsi", "rendez-vous, absence")
    span = _span(context, starts, ends)
    values = {"kind": kind, "party_id": party_id, **_texts({"label": label, "note": note})}
    with context.database.write():
        _active(context, resource_id)
        made = _insert(context, resource_id, span, values)
        told = _told(context, Slot(made, resource_id, kind, *span), starts, ends)
    return Planned(made, told)


def move(
    context: Context,
    appointment_id: int,
    version: int,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    resource_id: int | None = None,
    **texts: str,
) -> Planned:
    """Give one another time, resource, label or note; its work order follows. Another start alone
    keeps its length. version: as it was seen. Raises Refused when somebody else moved it meanwhile,
    its work order is not open or has this very place already."""
    with context.database.write():
        row = _seen(context, appointment_id, version)
        begin, end = (context.local(row[name]) for name in ("starts_at", "ends_at"))
        starts = starts or begin
        ends = ends or starts + (end - begin)
        span = _span(context, starts, ends)
        owner = row["resource_id"] if resource_id is None else resource_id
        moved = (owner, *span) != (row["resource_id"], row["starts_at"], row["ends_at"])
        document = _open_order(context, row["document_id"]) if row["document_id"] else None
        if moved:
            _active(context, owner)
        if moved and document is not None:
            _once(context, document, owner, span)
        before = _first_of(context, row["document_id"]).user_id
        values = {"resource_id": owner, "starts_at": span[0], "ends_at": span[1], **_texts(texts)}
        own = {"version": version + 1, "updated_at": context.now}
        context.database.update("appointment", appointment_id, {**values, **own})
        if document is not None:
            who = resources.get(context, owner)
            words = f"{who.code} {planning_grid.words(starts, ends)}"
            gesture = "Déplacé" if moved else "Autres mots"
            _follow(context, document, before, f"{gesture} : {words}")
        told = _told(context, Slot(appointment_id, owner, row["kind"], *span), starts, ends)
    return Planned(appointment_id, told)


def remove(context: Context, appointment_id: int, version: int) -> None:
    """Take one off the planning; its work order is to be planned again when it has no other.
    Raises Refused when somebody else moved it meanwhile, or its work order is not open."""
    with context.database.write():
        row = _seen(context, appointment_id, version)
        document = _open_order(context, row["document_id"]) if row["document_id"] else None
        before = _first_of(context, row["document_id"]).user_id
        context.database.execute("DELETE FROM appointment WHERE id = ?", (appointment_id,))
        if document is not None:
            _follow(context, document, before, "Ôté du planning")
        else:
            detail = {"kind": row["kind"], "label": row["label"], "at": row["starts_at"]}
            documents.log_audit(context, "planning.remove", detail)


def forget(context: Context, document_id: int) -> None:
    """A work order is dropped: its places are free, inside the caller's transaction."""
    context.database.execute("DELETE FROM appointment WHERE document_id = ?", (document_id,))


def told_of(
    context: Context,
    resource_id: int,
    kind: str,
    starts: datetime,
    ends: datetime,
    appointment_id: int = 0,
) -> list[Problem]:
    """What `plan`, `appoint` or `move` would tell, nothing written. Raises Refused."""
    slot = Slot(appointment_id, resource_id, kind, *_span(context, starts, ends))
    return _told(context, slot, starts, ends)


class Wish(NamedTuple):
    """When and by whom a work order is wanted, as far as it says; title: what a cell shows."""

    day: date | None
    resource_id: int | None
    title: str


def wish(context: Context, document_id: int) -> Wish:
    """What a work order that is to be planned says. Raises Refused for one that cannot be."""
    found = _plannable(context, document_id)
    day = found.text("planned_date") or found.text("due_on")
    technician = found.number("technician_id")
    who = resources.of_user(context, technician) if technician else None
    title = " ".join(filter(None, (found.text("party_name"), found.text("subject"))))
    return Wish(date.fromisoformat(day) if day else None, who.id if who else None, title)


def hours(context: Context) -> Hours:
    """When the company works."""
    first = int(company_settings.value(context, "planning.day_start"))
    last = int(company_settings.value(context, "planning.day_end"))
    days = 6 if company_settings.value(context, "planning.saturday") else 5
    end = time(last) if last < 24 else time(23, 59)
    return Hours(time(first), end, frozenset(range(days)))


# what it rests on ---------------------------------------------------------------------------------


def _told(context: Context, slot: Slot, starts: datetime, ends: datetime) -> list[Problem]:
    near = context.database.rows(
        f"{_SLOT} WHERE resource_id = ? AND starts_at < ? AND ends_at > ? AND id <> ? "
        "ORDER BY starts_at, id LIMIT 20",
        (slot.resource_id, slot.end, slot.begin, slot.id),
    )
    found = [_clash(context, other) for other in map(Slot._make, near) if _both(slot, other)]
    free = holidays.between(context, starts.date(), ends.date())
    return found + planning_rules.warnings(slot.kind, starts, ends, hours(context), free)


def _both(slot: Slot, other: Slot) -> bool:
    return planning_rules.clash(slot, other)


def _clash(context: Context, other: Slot) -> Problem:
    begin, end = (context.local(one) for one in (other.begin, other.end))
    code = resources.get(context, other.resource_id).code
    what = dict(planning_rules.KINDS)[other.kind].lower()
    said = f"{code} est pris : {what} {planning_grid.words(begin, end)} {other.label}".rstrip()
    return Problem("planning.conflict", "starts", said, "", "warning")


def _span(context: Context, starts: datetime, ends: datetime) -> tuple[str, str]:
    if problems := planning_rules.span_problems(starts, ends):
        raise Refused(*problems)
    try:
        begin = clock.moment(starts, context.zone)
        return begin, clock.moment(ends, context.zone, begin)
    except Invalid as error:
        raise Refused(*error.problems) from error


def _texts(given: Mapping[str, str]) -> dict[str, str]:
    found = {name: clean(text) for name, text in given.items()}
    for name, text in found.items():
        if len(text) > LIMITS[name]:
            said = f"{len(text)} signes : {LIMITS[name]} au plus"
            raise refuse("field.too_long", said, "raccourcissez", name)
    return found


def _active(context: Context, resource_id: int) -> resources.Resource:
    found = resources.get(context, resource_id)
    if not found.active:
        said = f"{found.name} n'est plus au planning"
        raise refuse("resource.retired", said, "choisissez quelqu'un d'autre", "resource")
    return found


def _insert(
    context: Context, resource_id: int, span: tuple[str, str], values: Mapping[str, Any]
) -> int:
    own = {
        "uid": context.uid(),
        "resource_id": resource_id,
        "starts_at": span[0],
        "ends_at": span[1],
        "version": 1,
        "created_at": context.now,
        "created_by": context.user.id,
    }
    return context.database.insert("appointment", {**own, **values})


def _seen(context: Context, appointment_id: int, version: int) -> dict[str, Any]:
    context.database.lock_rows("appointment", {appointment_id})
    row = context.database.mapping("SELECT * FROM appointment WHERE id = ?", (appointment_id,))
    if row is None:
        raise refuse("planning.gone", "Ce n'est plus au planning", "Ctrl+L relit le planning")
    if row["version"] != version:
        said = "Quelqu'un l'a déplacé entre-temps"
        raise refuse("planning.changed", said, "regardez où il est, puis recommencez")
    return row


def _open_order(context: Context, document_id: int) -> Document:
    """A work order that nobody else has open and that is not over."""
    claim(context, {document_id})
    return _plannable(context, document_id)


def _plannable(context: Context, document_id: int) -> Document:
    found = rows.load(context.database, document_id)
    if found is None or found.kind != KIND:
        raise refuse("planning.kind", "Seul un bon d'intervention se planifie", "F5 I en fait un")
    if found.state != doc_type(KIND).initial:
        label = doc_type(KIND).state(found.state).label.lower()
        raise refuse("state.closed", f"{found.ref} est {label}", "rouvrez-le : F7 6")
    return found


class _First(NamedTuple):
    """The first moment that a work order stands on the planning, and the first user it is for."""

    starts_at: str = ""
    user_id: int | None = None


def _first_of(context: Context, document_id: int | None) -> _First:
    rows = context.database.rows(
        "SELECT a.starts_at, r.user_id FROM appointment a JOIN resource r ON r.id = a.resource_id "
        "WHERE a.document_id = ? ORDER BY a.starts_at, a.id",
        (document_id or 0,),
    )
    return _First(rows[0][0] if rows else "", next((who for _, who in rows if who), None))


def _once(context: Context, document: Document, resource_id: int, span: tuple[str, str]) -> None:
    """Raises Refused when a work order has this very place already."""
    found = context.database.row(
        "SELECT 1 FROM appointment WHERE document_id = ? AND resource_id = ? "
        "AND starts_at = ? AND ends_at = ?",
        (document.id, resource_id, *span),
    )
    if found is not None:
        said = f"{document.ref} y est déjà, à ces heures"
        raise refuse("planning.twice", said, "déplacez-le, ou donnez d'autres heures", "starts")


def _follow(context: Context, document: Document, before: int | None, label: str) -> None:
    """The planned date of a work order is the first day it stands on the planning; its technician,
    the first user it stands there for, once that is another one than before or it has none. Off
    the planning it keeps both. One step, at which undo stops."""
    database, first = context.database, _first_of(context, document.id)
    values: dict[str, Any] = {
        "updated_at": context.now,
        "version": document.version + 1,
    }
    if first.starts_at:
        values["planned_date"] = context.local(first.starts_at).date().isoformat()
    database.update("document", document.id, values)
    if first.user_id and (first.user_id != before or not document.number("technician_id")):
        database.execute(
            "UPDATE document_work_order SET technician_id = ? WHERE document_id = ?",
            (first.user_id, document.id),
        )
    rows.write_step(context, document, document.version + 1, label, barrier=True)
    documents.log_event(context, document, "note", label)
