"""What the register of equipment shows: machines inside others, their interventions, contracts and
the ends of their warranties (domain.md §8)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from codial_tui.domain.kinds import doc_type
from codial_tui.domain.maintenance.times import times
from codial_tui.services.context import Context
from codial_tui.services.lists.reports import Report

from .equipment import DEEPEST


class Node(NamedTuple):
    """A machine of a tree, and how deep inside others it stands."""

    id: int
    code: str
    label: str
    depth: int
    active: bool


class Visit(NamedTuple):
    """A work order on a machine. net: cents HT."""

    document_id: int
    ref: str
    day: str
    state: str
    subject: str
    fault: str
    minutes: int
    net: int


def tree(context: Context, party_id: int) -> list[Node]:
    """The machines of a customer, each followed by those inside it."""
    rows = context.database.rows(
        "SELECT id, parent_id, code, label, active FROM equipment WHERE party_id = ? "
        "ORDER BY code_fold, id",
        (party_id,),
    )
    inside: dict[int | None, list[Any]] = {}
    known = {row[0] for row in rows}
    for row in rows:
        inside.setdefault(row[1] if row[1] in known else None, []).append(row)
    found: list[Node] = []

    def walk(above: int | None, depth: int) -> None:
        for row in inside.get(above, ()):
            found.append(Node(row[0], row[2], row[3], depth, bool(row[4])))
            if depth < DEEPEST:
                walk(row[0], depth + 1)

    walk(None, 0)
    return found


def history(context: Context, equipment_id: int) -> list[Visit]:
    """Its work orders, the newest first."""
    from codial_tui.services.documents import bulk_rows

    ids = [
        row[0]
        for row in context.database.rows(
            "SELECT DISTINCT d.id, d.date FROM work_machine m "
            "JOIN document d ON d.id = m.document_id WHERE m.equipment_id = ? "
            "ORDER BY d.date DESC, d.id DESC LIMIT 200",
            (equipment_id,),
        )
    ]
    loaded = bulk_rows.load_many(context.database, ids)
    found = []
    for key in ids:
        document = loaded.get(key)
        if document is not None:
            took = times(document.visits)
            fault = next(
                (one.fault for one in document.machines if one.equipment_id == equipment_id), ""
            )
            found.append(
                Visit(
                    key,
                    document.ref,
                    document.text("date"),
                    doc_type(document.kind).state(document.state).label,
                    document.text("subject"),
                    fault,
                    took.work,
                    document.number("net_total"),
                )
            )
    return found


def contracts(context: Context, equipment_id: int) -> list[tuple[str, str, str, str]]:
    """Number, label, state and term of the contracts it is under."""
    return context.database.rows(
        "SELECT c.number, c.label, c.state, COALESCE(m.until, c.ended_on, c.term_on, '') "
        "FROM contract_machine m JOIN contract c ON c.id = m.contract_id "
        "WHERE m.equipment_id = ? ORDER BY c.starts_on DESC, c.id DESC",
        (equipment_id,),
    )


def warranties(
    context: Context, until: date, *, since: date | None = None, party_id: int | None = None
) -> Report:
    """Machines in service whose warranty ends by a day, the soonest first. since: not those that
    ended before."""
    where, params = ["e.active = 1", "e.warranty_until <= ?"], [until.isoformat()]
    if since is not None:
        where.append("e.warranty_until >= ?")
        params.append(since.isoformat())
    if party_id:
        where.append("e.party_id = ?")
        params.append(str(party_id))
    rows = context.database.rows(
        "SELECT e.warranty_until, e.code, e.serial, e.label, p.name, p.phone FROM equipment e "
        "LEFT JOIN party p ON p.id = e.party_id "
        f"WHERE {' AND '.join(where)} ORDER BY e.warranty_until, e.code_fold",
        params,
    )
    return Report(
        "garanties",
        ("warranty_until", "equipment", "serial", "machine", "customer_name", "phone"),
        ("Garantie", "Code", "N° de série", "Machine", "Client", "Téléphone"),
        [(date.fromisoformat(row[0]), *(one or "" for one in row[1:])) for row in rows],
    )
