"""The marks that a stored document bears: what its row says, and what only its links know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.rules import said_marks
from codial_tui.domain.spec import DocType, Mark
from codial_tui.services.buying import back_to_back
from codial_tui.services.context import Context

LATE = "supply_late"
"""the predicate, and the value of a row that it looks at"""
PLANNED = "planned"
"""the value that says whether a work order stands on the planning"""
SIGNED = "signed"
"""the mark of a work order whose customer signed; it says when that was changed since"""


def complete(context: Context, kind: DocType, found: Sequence[dict[str, Any]]) -> None:
    """Give rows of documents (by `id`) what predicates look at and no column holds."""
    if any(one.predicate == LATE for one in kind.marks):
        today = context.today.isoformat()
        late = back_to_back.late(context.database, [row["id"] for row in found], today)
        for row in found:
            row[LATE] = row["id"] in late
    if found and any(one.name == PLANNED for one in kind.marks):
        marks = ", ".join("?" * len(found))
        planned = context.database.rows(
            f"SELECT DISTINCT document_id FROM appointment WHERE document_id IN ({marks})",
            [row["id"] for row in found],
        )
        ids = {one[0] for one in planned}
        for row in found:
            row[PLANNED] = row["id"] in ids


def of(context: Context, document: Document) -> tuple[Mark, ...]:
    """The marks said beside a document's state."""
    kind = doc_type(document.kind)
    row: dict[str, Any] = {**document.header, "id": document.id}
    complete(context, kind, [row])
    found = said_marks(kind, row, context.today.isoformat())
    if document.header.get("signed_at"):
        from codial_tui.services.maintenance import reports

        report = reports.of(context, document)
        if report is not None and report.changed:
            signed = next(one for one in found if one.name == SIGNED)
            others = (one for one in found if one is not signed)
            return (signed._replace(label=f"{signed.label}, modifié"), *others)
    return found
