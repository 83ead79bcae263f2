"""What an official print entails beside the paper: declarations name these (domain.md §2, §7).

Each runs inside the transaction of the print, and only once does what must happen once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.transfer import same_side

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
    document, database = job.document, context.database
    if document.header.get("printed_at"):
        return
    nature = document.text("nature") or "sale"
    reason = {"sale": "delivery", "return": "return", "internal": "internal"}[nature]
    stock_moves.leave(context, document, reason)
    if not document.header.get("delivery_date"):
        database.execute(
            "UPDATE document_delivery_note SET delivery_date = ? WHERE document_id = ?",
            (context.today.isoformat(), document.id),
        )
    if nature == "return":
        settle_return(context, document)
    pools.refresh(database, {document.id, *pools.origins_of(database, {document.id})})


def settle_return(context: Context, document: Document) -> None:
    """What came back, seen from the order: to be delivered again when the user said so, else no
    longer to be billed (domain.md §3). What was billed already, of the note or of its order, gets
    a negative `bill` of its own, for a credit note (design.md §2); what replaces it is billed
    again."""
    again = bool(document.number("deliver_again"))
    by_line = {line.uid: line for line in document.lines}
    sources = {one.target_uid: one for one in document.links.values() if one.relation == "return"}
    unbilled = {
        one.target_uid: one.quantity
        for one in document.links.values()
        if one.relation == "return" and one.pool == "bill"
    }
    for uid, line in by_line.items():
        if line.id is None or not line.is_priced or line.parent_uid is not None:
            continue
        source = sources.get(uid)
        origins = _origins(context, source.source_line_id) if source is not None else []
        back = unbilled.get(uid, 0)
        if origins and source is not None:
            note_quantity = context.database.value(
                "SELECT quantity FROM document_line WHERE id = ?", (source.source_line_id,)
            )
            there = note_quantity + sum(one.left - one.linked for one in origins)
            back = same_side(back, there)
        context.database.execute(
            "INSERT INTO line_pool (line_id, pool, quantity, taken) VALUES (?, 'bill', ?, 0) "
            "ON CONFLICT (line_id, pool) DO NOTHING",
            (line.id, line.quantity + back),
        )
        if again:
            _settle(context, line, origins, "deliver", -1, -line.quantity)
            _settle(context, line, origins, "bill", -1, -line.quantity - back)
        else:
            _settle(context, line, origins, "bill", 1, back)


class _Origin(NamedTuple):
    """The order line that a line of a delivery note fulfils. linked: how much of it; left: what
    of it is still to be billed; billed: what was; all 10⁻⁴. net: cents HT of quantity."""

    line_id: int
    quantity: int
    net: int
    linked: int
    left: int
    billed: int


def _origins(context: Context, note_line: int) -> list[_Origin]:
    return [
        _Origin(*row)
        for row in context.database.rows(
            "SELECT o.id, o.quantity, o.net_amount, k.quantity, "
            "COALESCE(p.quantity - p.taken, o.quantity), COALESCE(p.taken, 0) FROM line_link k "
            "JOIN document_line o ON o.id = k.source_line_id "
            "LEFT JOIN line_pool p ON p.line_id = o.id AND p.pool = 'bill' "
            "WHERE k.target_line_id = ? AND k.relation = 'fulfil' ORDER BY k.id",
            (note_line,),
        )
    ]


def _settle(
    context: Context, line: Line, origins: list[_Origin], pool: str, way: int, wanted: int
) -> None:
    """Take from a pool of the order lines (way 1), or give back to it (-1), so much of what came
    back."""
    for one in origins:
        most = one.left if way > 0 else one.linked if pool == "deliver" else one.billed
        quantity = same_side(wanted, most)
        if not quantity:
            continue
        wanted -= quantity
        pools.ensure(context.database, [(one.line_id, pool)])
        context.database.insert(
            "line_link",
            {
                "uid": context.uid(),
                "source_line_id": one.line_id,
                "target_line_id": line.id,
                "relation": "return",
                "pool": pool,
                "quantity": way * quantity,
                "amount": way * pools.share(one.net, one.quantity, quantity),
            },
        )


EFFECTS = {one.__name__: one for one in (mark_processed, mark_state_printed, stock_out)}
