"""What a transfer does to its source beside taking from it; declarations name these."""

from __future__ import annotations

from collections.abc import Callable

from codial_tui.domain.document import Document
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows

Effect = Callable[[Context, Document, Document], None]


def accept_source(context: Context, source: Document, target: Document) -> None:
    """Any transfer of a quote accepts it (domain.md §2)."""
    if source.state == "accepted":
        return
    database, now = context.database, context.now
    database.execute(
        "UPDATE document SET state = 'accepted', version = version + 1, updated_at = ? "
        "WHERE id = ?",
        (now, source.id),
    )
    database.execute(
        "UPDATE document_quote SET decided_at = ? WHERE document_id = ?", (now, source.id)
    )
    rows.write_step(context, source, source.version + 1, f"Accepté : {target.ref}", barrier=True)
    documents.log_event(context, source, "state", "Accepté")


def undo_accept_source(context: Context, source: Document, before: str) -> None:
    """Give a quote its state back, when nothing else was made of it."""
    if source.state != "accepted" or before == "accepted":
        return
    database = context.database
    database.execute(
        "UPDATE document SET state = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (before, context.now, source.id),
    )
    database.execute(
        "UPDATE document_quote SET decided_at = NULL WHERE document_id = ?", (source.id,)
    )
    rows.write_step(context, source, source.version + 1, "Transfert annulé", barrier=True)
    documents.log_event(context, source, "state", "Transfert annulé")


EFFECTS: dict[str, Effect] = {"accept_source": accept_source}
UNDONE: dict[str, Callable[[Context, Document, str], None]] = {"accept_source": undo_accept_source}
"""What takes an effect back: source and the state it had."""
