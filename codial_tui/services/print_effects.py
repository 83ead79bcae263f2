"""What an official print entails beside the paper: declarations name these (domain.md §2, §7).

Each runs inside the transaction of the print, and only once does what must happen once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type

from . import pools, stock_moves
from .context import Context

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


def _state(context: Context, document: Document, state: str) -> None:
    context.database.execute("UPDATE document SET state = ? WHERE id = ?", (state, document.id))


def stock_out(context: Context, job: Job) -> None:
    """Printing a delivery note moves the stock, once; what comes back comes in (domain.md §7)."""
    document = job.document
    if document.header.get("printed_at"):
        return
    nature = document.text("nature") or "sale"
    reason = {"sale": "delivery", "return": "return", "internal": "internal"}[nature]
    stock_moves.leave(context, document, reason)
    if not document.header.get("delivery_date"):
        context.database.execute(
            "UPDATE document_delivery_note SET delivery_date = ? WHERE document_id = ?",
            (context.today.isoformat(), document.id),
        )
    touched = {document.id}
    if nature == "return":
        touched |= settle_return(context, document)
    touched |= {
        row[0]
        for row in context.database.rows(
            "SELECT DISTINCT s.document_id FROM line_link k "
            "JOIN document_line t ON t.id = k.target_line_id "
            "JOIN document_line s ON s.id = k.source_line_id WHERE t.document_id = ?",
            (document.id,),
        )
    }
    pools.refresh(context.database, touched)


def settle_return(context: Context, document: Document) -> set[int]:
    """What comes back, seen from the order: to be delivered again when the user said so, else no
    longer to be billed (domain.md §3). What was billed already gets a negative `bill` of its own,
    for a credit note (design.md §2). Returns the orders touched."""
    database = context.database
    again = bool(document.number("deliver_again"))
    touched: set[int] = set()
    by_uid = {line.uid: line for line in document.lines}
    unbilled: dict[str, int] = {}
    for link in document.links.values():
        if link.relation == "return" and link.pool == "bill":
            unbilled[link.target_uid] = unbilled.get(link.target_uid, 0) + link.quantity
    for uid, line in by_uid.items():
        returned = -line.quantity
        if line.id is None or not line.is_priced or line.parent_uid is not None:
            continue
        rest = returned - unbilled.get(uid, 0)
        database.execute(
            "INSERT INTO line_pool (line_id, pool, quantity, taken) VALUES (?, 'bill', ?, 0) "
            "ON CONFLICT (line_id, pool) DO NOTHING",
            (line.id, -rest),
        )
        source = _source(document, line)
        if source is not None:
            touched |= _order_side(context, line, source, unbilled.get(uid, 0), again)
    return touched


def _source(document: Document, line: Line) -> int | None:
    for link in document.links.values():
        if link.target_uid == line.uid and link.relation == "return":
            return link.source_line_id
    return None


def _order_side(
    context: Context, line: Line, note_line: int, unbilled: int, again: bool
) -> set[int]:
    """Give back to the order's `deliver`, or take from its `bill`, what came back."""
    database = context.database
    wanted = -line.quantity if again else unbilled
    pool = "deliver" if again else "bill"
    touched = set()
    for order_line, order_id, quantity, net, linked, left in database.rows(
        "SELECT o.id, o.document_id, o.quantity, o.net_amount, k.quantity, "
        "COALESCE(p.quantity - p.taken, o.quantity) FROM line_link k "
        "JOIN document_line o ON o.id = k.source_line_id "
        "LEFT JOIN line_pool p ON p.line_id = o.id AND p.pool = ? "
        "WHERE k.target_line_id = ? AND k.relation = 'fulfil' ORDER BY k.id",
        (pool, note_line),
    ):
        taken = min(wanted, linked if again else max(left, 0))
        if taken <= 0:
            continue
        wanted -= taken
        touched.add(order_id)
        pools.ensure(database, [(order_line, pool)])
        signed = -taken if again else taken
        database.insert(
            "line_link",
            {
                "uid": context.uid(),
                "source_line_id": order_line,
                "target_line_id": line.id,
                "relation": "return",
                "pool": pool,
                "quantity": signed,
                "amount": pools.share(net, quantity, signed),
            },
        )
    return touched


EFFECTS = {one.__name__: one for one in (mark_processed, mark_state_printed, stock_out)}
