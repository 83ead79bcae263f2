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


_TO_ORDER = (
    "SELECT 1 FROM price_answer w JOIN price_asked a ON a.id = w.asked_id "
    "JOIN document_line l ON l.uid = w.line_uid WHERE a.request_id = ? AND w.chosen = 1 "
    "AND NOT EXISTS (SELECT 1 FROM line_link k JOIN document_line t ON t.id = k.target_line_id "
    "JOIN document d ON d.id = t.document_id "
    "WHERE k.source_line_id = l.id AND d.kind = 'purchase_order') LIMIT 1"
)


def close_request(context: Context, source: Document, target: Document) -> None:
    """A price request of which all that was chosen is ordered is closed."""
    if source.state != "closed" and context.database.row(_TO_ORDER, (source.id,)) is None:
        _request_state(context, source, "closed", f"Close : {target.ref}")


def reopen_request(context: Context, source: Document, before: str) -> None:
    """One of its orders is taken back: its answers can be mended, what is ordered stays so."""
    if source.state == "closed":
        sent = bool(source.header.get("printed_at"))
        _request_state(context, source, "sent" if sent else "open", "Rouverte")


def _request_state(context: Context, source: Document, state: str, label: str) -> None:
    context.database.execute(
        "UPDATE document SET state = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (state, context.now, source.id),
    )
    rows.write_step(context, source, source.version + 1, label, barrier=True)
    documents.log_event(context, source, "state", label)


EFFECTS: dict[str, Effect] = {"accept_source": accept_source, "close_request": close_request}
UNDONE: dict[str, Callable[[Context, Document, str], None]] = {
    "accept_source": undo_accept_source,
    "close_request": reopen_request,
}
"""What takes an effect back: source and the state it had."""
