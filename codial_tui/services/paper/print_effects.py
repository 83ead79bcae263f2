"""What an official print entails beside the paper: declarations name these (domain.md §2, §7).

Each runs inside the transaction of the print, and only once does what must happen once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.errors import Refused
from codial_tui.services.chain import pools, returns
from codial_tui.services.context import Context
from codial_tui.services.payments import instalments
from codial_tui.services.stock import followed, stock_moves

if TYPE_CHECKING:
    from .printing import Job


def mark_processed(context: Context, job: Job) -> None:
    """A printed order is processed; it stays editable."""
    if job.document.state != "open":
        return
    _state(context, job.document, "processed")
    context.database.execute(
        "UPDATE document_order SET processed_at = ? WHERE document_id = ?",
        (context.now, job.document.id),
    )


def mark_state_printed(context: Context, job: Job) -> None:
    """The stored state follows the first official print."""
    kind = doc_type(job.document.kind)
    if kind.can_move(job.document.state, "printed"):
        _state(context, job.document, "printed")


def mark_sent(context: Context, job: Job) -> None:
    """What goes to a supplier is sent by its first official print."""
    if job.document.state != "open":
        return
    _state(context, job.document, "sent")
    context.database.execute(
        "UPDATE document_purchase SET sent_on = ? WHERE document_id = ?",
        (context.today.isoformat(), job.document.id),
    )


def _state(context: Context, document: Document, state: str) -> None:
    context.database.execute("UPDATE document SET state = ? WHERE id = ?", (state, document.id))


def stock_out(context: Context, job: Job) -> None:
    """Printing a delivery note moves the stock, once; what comes back comes in (domain.md §7)."""
    document, database = job.document, context.database
    if document.header.get("printed_at"):
        return
    nature = document.text("nature") or "sale"
    reason = {"sale": "delivery", "return": "return", "internal": "internal"}[nature]
    if document.header.get("consumption_of"):
        reason = "consumption"
    elif again := followed.twice(database, document):
        raise Refused(*again)
    stock_moves.leave(context, document, reason)
    if not document.header.get("delivery_date"):
        database.execute(
            "UPDATE document_delivery_note SET delivery_date = ? WHERE document_id = ?",
            (context.today.isoformat(), document.id),
        )
    if nature == "return":
        returns.settle(context, document)
    pools.refresh(database, {document.id, *pools.origins_of(database, {document.id})})


EFFECTS = {
    one.__name__: one
    for one in (
        mark_processed,
        mark_state_printed,
        mark_sent,
        stock_out,
        instalments.make_instalments,
    )
}
