"""What the home screen shows: what to do, what to open, what was touched last, where one was."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from codial_tui.domain.kinds import doc_type, doc_types, ref_of
from codial_tui.domain.records.records import RECORD_TYPES
from codial_tui.domain.spec import Side
from codial_tui.errors import CodialError
from codial_tui.services.context import Context
from codial_tui.services.documents import resume
from codial_tui.services.records import settings

from . import lists

RECENT = 5
KEPT_DUES = "home.contracts_due"
"""the setting that keeps the count, and the state of things that it is of"""
MOST_CONTRACTS = 500
"""in force whose due things home counts: one takes 0.15 ms"""

EDITIONS = {"trade": "Négoce", "services": "Services", "building": "Bâtiment"}


class Todo(NamedTuple):
    """One line of À FAIRE: documents of a kind that bear a mark."""

    label: str
    kind: str
    mark: str
    rows: int
    urgent: bool
    exact: bool = True


class Door(NamedTuple):
    """One line of OUVRIR: the list of a kind or record by its two letters, or another side of the
    house (a side of documents, or a room of records). command: what opens it, when it is no list.
    """

    code: str
    label: str
    name: str
    rows: int
    exact: bool = True
    side: str | None = None
    command: str = ""


SIDES: dict[str, tuple[str, str]] = {
    Side.PURCHASE: ("ac", "Achats"),
    "maintenance": ("ma", "Maintenance, abonnements"),
}
"""What lies behind a door of home: its code and name."""
OWN_DOORS = {"maintenance": (Door("pl", "Planning", "appointment", 0, command="planning"),)}
"""By side: what has a screen of its own; name: its table."""


def company_line(context: Context) -> str:
    """`DÉMO SARL · Négoce et bâtiment`: who we are and what we do."""
    own = settings.company(context)
    tagline = settings.value(context, "home.tagline") or EDITIONS.get(own.get("edition", ""), "")
    return " · ".join(part for part in (str(own.get("name", "")), tagline) if part)


def todos(context: Context, side: str = Side.SALE) -> list[Todo]:
    """What waits to be done on a side of the house, from the marks that the declarations call work
    to do; in front what is urgent on the others, too."""
    found = []
    for kind in doc_types(context.editions):
        for mark in kind.marks:
            urgent = mark.role == "danger"
            here = kind.side == side
            if not mark.todo or not (here or (urgent and side == Side.SALE)):
                continue
            count = lists.marked(context, kind, mark.name)
            if (here and mark.front) or count.rows:
                found.append(Todo(mark.todo, kind.kind, mark.name, count.rows, urgent, count.exact))
    return found


def subscriptions_due(context: Context) -> int | None:
    """How many subscriptions have something to bill today; None where there is none at all."""
    row = context.database.row(
        "SELECT COUNT(*), SUM(CASE WHEN next_date <= ? AND "
        "(stop_date IS NULL OR next_date <= stop_date) THEN 1 ELSE 0 END) "
        "FROM subscription WHERE active = 1",
        (context.today.isoformat(),),
    )
    return int(row[1]) if row and row[0] else None


def contracts_due(context: Context) -> int | None:
    """How many things fall due of contracts up to today; None where there is no contract, −1 where
    there are so many that home would wait for it. Kept in the database, for the next start too,
    until something is written that may change it."""
    database = context.database
    count, touched = database.row(
        "SELECT COUNT(*), MAX(updated_at) FROM contract WHERE state <> 'ended'"
    ) or (0, "")
    if not 0 < count <= MOST_CONTRACTS:
        return -1 if count else None
    later = database.row(
        "SELECT COUNT(*), MAX(id), (SELECT MAX(id) FROM contract_use), "
        "(SELECT MAX(id) FROM equipment_reading) FROM contract_due"
    )
    state = [context.today.isoformat(), count, touched, *(later or ())]
    known = settings.value(context, KEPT_DUES)
    if known is None or known[0] != state:
        from codial_tui.services.maintenance import contract_plan

        known = [state, len(contract_plan.plan(context, context.today))]
        with suppress(CodialError):  # busy, or of another hand: counted again next time
            settings.store(context, KEPT_DUES, known, own=False)
    return int(known[1])


def closing_due(context: Context) -> str:
    """The first day that is over, has invoices and is not closed, ISO; "" when there is none."""
    found = context.database.value(
        "SELECT MIN(date) FROM document WHERE kind = 'invoice' AND state <> 'provisional' "
        "AND date > COALESCE((SELECT MAX(last_day) FROM closing), '') AND date < ? "
        "AND NOT EXISTS (SELECT 1 FROM training)",
        (context.today.isoformat(),),
    )
    return str(found or "")


def cut_import(context: Context) -> str:
    """The file of an import that was cut and waits for Reprendre or Annuler, "" when none does."""
    if not context.database.row("SELECT 1 FROM import_batch WHERE state = 'running'"):
        return ""
    from codial_tui.services.imports.importing import unfinished

    return next((one.file_name for one in unfinished(context)), "")


def doors(context: Context, side: str = Side.SALE) -> list[Door]:
    """The lists one can open on a side of the house, with how many rows they hold (up to 10 000);
    in front the records and the doors to the other sides, too."""
    found = []
    for kind in doc_types(context.editions):
        if kind.side == side:
            count = lists.capped(context, "FROM document WHERE kind = ?", (kind.kind,))
            found.append(Door(kind.code, kind.plural, kind.kind, count.rows, count.exact))
    if side == Side.SALE:
        found += [_other(context, other) for other in SIDES]
    for record in RECORD_TYPES.values():
        if record.room == ("" if side == Side.SALE else side):
            count = lists.capped(context, f"FROM {record.table}")
            found.append(Door(record.code, record.plural, record.name, count.rows, count.exact))
    for own in OWN_DOORS.get(side, ()):
        count = lists.capped(context, f"FROM {own.name}")
        found.append(own._replace(rows=count.rows, exact=count.exact))
    return found


def _other(context: Context, side: str) -> Door:
    """The door to another side, with how much is behind it."""
    code, label = SIDES[side]
    names = [one.kind for one in doc_types(context.editions) if one.side == side]
    count = lists.capped(
        context, f"FROM document WHERE kind IN ({', '.join('?' * len(names))})", names
    )
    records = [one for one in RECORD_TYPES.values() if one.room == side]
    counts = [count, *(lists.capped(context, f"FROM {one.table}") for one in records)]
    exact = all(one.exact for one in counts)
    return Door(code, label, "", sum(one.rows for one in counts), exact, side)


def codes(context: Context) -> dict[str, Door]:
    """What each code typed at home opens, whatever side is shown; without counts."""
    found = {
        one.code: Door(one.code, one.plural, one.kind, 0) for one in doc_types(context.editions)
    }
    found |= {one.code: Door(one.code, one.plural, one.name, 0) for one in RECORD_TYPES.values()}
    found |= {one.code: one for doors in OWN_DOORS.values() for one in doors}
    return found | {
        code: Door(code, label, "", 0, side=side) for side, (code, label) in SIDES.items()
    }


def is_fresh(context: Context) -> bool:
    """Nothing has been sold yet, no contract either: À FAIRE gives way to three first steps."""
    return bool(context.edition) and not any(
        context.database.row(f"SELECT 1 FROM {table} LIMIT 1") for table in ("document", "contract")
    )


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
        row["number"] = row["number"] or ref_of(row["kind"], row["id"])
        row["state_label"] = doc_type(row["kind"]).state(row["state"]).label
    return found


def was(context: Context) -> str:
    """`Hier 18:42 vous étiez dans DE26-00042, ligne 2.3`; "" when nowhere."""
    place = resume.place(context)
    if place is None:
        return ""
    at = context.local(place["at"])
    days = (context.today - at.date()).days
    day = {0: "Aujourd'hui", 1: "Hier"}.get(days, f"Le {at:%d/%m}")
    where = _where(context, place)
    return f"{day} {at:%H:%M} vous étiez dans {place['ref']}{where}"


def _where(context: Context, place: dict[str, Any]) -> str:
    from codial_tui.domain.structure import outline
    from codial_tui.services.documents import rows

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
