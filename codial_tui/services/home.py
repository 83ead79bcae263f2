"""What the home screen shows: what to do, what to open, what was touched last, where one was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.records import RECORD_TYPES
from codial_tui.models.dialect import Dialect

from . import lists
from .context import Context

RECENT = 6


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of À FAIRE: documents of a kind that bear a mark."""

    label: str
    kind: str
    mark: str
    count: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class Door:
    """One line of OUVRIR: the list of a kind or record by its two letters."""

    code: str
    label: str
    name: str
    count: int
    exact: bool = True


def todos(context: Context) -> list[Todo]:
    """What waits to be done, from the marks that the declarations call work to do."""
    found = []
    for kind in doc_types(context.edition):
        for mark in kind.marks:
            if mark.todo:
                query = lists.Query(kind.kind, mark=mark.name)
                count = lists.DocumentList(context, query).count().rows
                found.append(Todo(mark.todo, kind.kind, mark.name, count, mark.role == "danger"))
    return found


def doors(context: Context) -> list[Door]:
    """The lists one can open, with how many rows they hold (up to 10 000)."""
    database = context.database
    found = [
        Door(one.code, one.plural, one.kind, *_count(database, "document", "kind = ?", (one.kind,)))
        for one in doc_types(context.edition)
    ]
    found += [
        Door(one.code, one.plural, one.name, *_count(database, one.table, "1 = 1", ()))
        for one in RECORD_TYPES.values()
    ]
    return found


def _count(database: Dialect, table: str, where: str, params: tuple[Any, ...]) -> tuple[int, bool]:
    rows: int = database.value(
        "SELECT COUNT(*) FROM "
        f"(SELECT 1 FROM {table} WHERE {where} LIMIT {lists.EXACT + 1}) AS found",
        params,
    )
    return min(rows, lists.EXACT), rows <= lists.EXACT


def recent(context: Context) -> list[dict[str, Any]]:
    """The documents this user touched last, newest first."""
    found = context.database.mappings(
        "SELECT d.id, d.kind, d.number, d.party_name, d.subject, d.state, d.gross_total "
        "FROM document d "
        "JOIN (SELECT document_id, MAX(id) AS last FROM (SELECT id, document_id FROM step "
        "WHERE user_id = ? ORDER BY id DESC LIMIT 500) AS mine GROUP BY document_id) AS touched "
        "ON touched.document_id = d.id ORDER BY touched.last DESC LIMIT ?",
        (context.user.id, RECENT),
    )
    for row in found:
        row["state_label"] = doc_type(row["kind"]).state(row["state"]).label
    return found
