"""What the home screen shows: what to do, what to open, what was touched last, where one was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.records import RECORD_TYPES
from codial_tui.domain.structure import outline
from codial_tui.domain.text import words

from . import catalogue, company, customers, documents, lists, resume, rows, settings
from .context import Context

RECENT = 6
FOUND = 4
"""hits shown of each sort while one types at home"""

EDITIONS = {"trade": "Négoce", "services": "Services", "building": "Bâtiment"}


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of À FAIRE: documents of a kind that bear a mark."""

    label: str
    kind: str
    mark: str
    count: int
    urgent: bool
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Door:
    """One line of OUVRIR: the list of a kind or record by its two letters."""

    code: str
    label: str
    name: str
    count: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found from the line of home. what: `document` or the name of a record type."""

    what: str
    id: int
    title: str
    key: str
    label: str
    detail: str = ""


def company_line(context: Context) -> str:
    """`DÉMO SARL · Négoce et bâtiment`: who we are and what we do."""
    own = settings.company(context)
    tagline = settings.value(context, "home.tagline") or EDITIONS.get(own.get("edition", ""), "")
    return " · ".join(part for part in (str(own.get("name", "")), tagline) if part)


def todos(context: Context) -> list[Todo]:
    """What waits to be done, from the marks that the declarations call work to do."""
    found = []
    for kind in doc_types(context.edition):
        for mark in kind.marks:
            if mark.todo:
                count = lists.marked(context, kind, mark.name)
                urgent = mark.role == "danger"
                found.append(Todo(mark.todo, kind.kind, mark.name, count.rows, urgent, count.exact))
    return found


def doors(context: Context) -> list[Door]:
    """The lists one can open, with how many rows they hold (up to 10 000)."""
    found = []
    for kind in doc_types(context.edition):
        count = lists.capped(context, "FROM document WHERE kind = ?", (kind.kind,))
        found.append(Door(kind.code, kind.plural, kind.kind, count.rows, count.exact))
    for record in RECORD_TYPES.values():
        count = lists.capped(context, f"FROM {record.table}")
        found.append(Door(record.code, record.plural, record.name, count.rows, count.exact))
    return found


def is_fresh(context: Context) -> bool:
    """Nothing has been sold yet: À FAIRE gives way to three first steps."""
    return company.exists(context) and not context.database.row("SELECT 1 FROM document LIMIT 1")


def recent(context: Context) -> list[dict[str, Any]]:
    """The documents this user touched last, newest first; everybody's for who touched none."""
    select = (
        "SELECT d.id, d.kind, d.number, d.party_name, d.subject, d.state, d.gross_total "
        "FROM document d "
    )
    found = context.database.mappings(
        f"{select}"
        "JOIN (SELECT document_id, MAX(id) AS last FROM (SELECT id, document_id FROM step "
        "WHERE user_id = ? ORDER BY id DESC LIMIT 500) AS mine GROUP BY document_id) AS touched "
        "ON touched.document_id = d.id ORDER BY touched.last DESC LIMIT ?",
        (context.user.id, RECENT),
    ) or context.database.mappings(f"{select}ORDER BY d.id DESC LIMIT ?", (RECENT,))
    for row in found:
        row["state_label"] = doc_type(row["kind"]).state(row["state"]).label
    return found


def was(context: Context) -> str:
    """`Hier 18:42 vous étiez dans DE26-00042, ligne 2.3`; "" when nowhere."""
    place = resume.place(context)
    if place is None:
        return ""
    at = datetime.fromisoformat(place["at"]).astimezone()
    days = (context.today - at.date()).days
    day = {0: "Aujourd'hui", 1: "Hier"}.get(days, f"Le {at:%d/%m}")
    where = _where(context, place)
    return f"{day} {at:%H:%M} vous étiez dans {place['ref']}{where}"


def _where(context: Context, place: dict[str, Any]) -> str:
    document = rows.load(context.database, place["document"])
    if document is None:
        return ""
    if place["tab"] != "lines":
        tabs = doc_type(document.kind).tabs
        return next((f", {tab.label}" for tab in tabs if tab.name == place["tab"]), "")
    for line in outline(document):
        if line.uid == place["line"] and line.number:
            return f", ligne {line.number}"
    return ""


def find(context: Context, text: str) -> Hit | None:
    """The document a number typed at home means (`42`, `DE42`, `DE26-00042`)."""
    found = documents.find(context, text)
    return _documents(context, "d.id = ?", (found,))[0] if found else None


def search(context: Context, text: str) -> list[Hit]:
    """Customers, their newest documents and items that hold every word typed."""
    wanted = words(text)
    if not wanted:
        return []
    parties = customers.search(context, text, role="", limit=FOUND)
    found = [
        Hit("party", one.id, "Tiers", one.code, one.name, f"{one.city}  {one.phone}".strip())
        for one in parties
    ]
    if parties:
        marks = ", ".join("?" * len(parties))
        found += _documents(context, f"d.party_id IN ({marks})", [one.id for one in parties], FOUND)
    return found + [
        Hit("item", one.id, "Article", one.reference, one.label, one.unit)
        for one in catalogue.search(context.database, text, limit=FOUND)
    ]


def _documents(context: Context, where: str, params: Sequence[Any], limit: int = 1) -> list[Hit]:
    found = context.database.rows(
        "SELECT d.id, d.kind, d.number, d.party_name, d.subject, d.state FROM document d "
        f"WHERE {where} ORDER BY d.date DESC, d.id DESC LIMIT ?",
        (*params, limit),
    )
    hits = []
    for row_id, kind, number, party, subject, state in found:
        spec = doc_type(kind)
        label = f"{party} · {subject}" if subject else party
        hits.append(
            Hit("document", row_id, spec.title, number or "", label, spec.state(state).label)
        )
    return hits
