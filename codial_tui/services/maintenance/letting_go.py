"""What points at a work order or a contract's invoice that is deleted."""

from __future__ import annotations

from codial_tui.domain.document import Document
from codial_tui.errors import refuse
from codial_tui.services.context import Context

KEPT = {
    "work_report": "un rapport signé",
    "equipment_reading": "un relevé de compteur",
    "contract_use": "une consommation de contrat",
}
"""Journals that are only added to, and what they hold."""


def let_go(context: Context, document: Document) -> None:
    """Its call may become another work order, its place on the planning and its contract's day are
    free again; inside the caller's transaction. Raises Refused for what a journal keeps."""
    database = context.database
    for table, words in KEPT.items():
        if database.row(f"SELECT 1 FROM {table} WHERE document_id = ? LIMIT 1", (document.id,)):
            remedy = "classez-le sans suite" if document.kind == "work_order" else "faites un avoir"
            raise refuse("document.kept", f"{document.ref} a {words}", remedy)
    database.execute(
        "UPDATE phone_call SET document_id = NULL WHERE document_id = ?", (document.id,)
    )
    for table in ("appointment", "contract_due"):
        database.execute(f"DELETE FROM {table} WHERE document_id = ?", (document.id,))
