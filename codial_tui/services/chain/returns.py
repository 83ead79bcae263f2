"""What comes back: its order and its billing, settled when the return is printed (domain.md §3)."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.chain.footer_transfer import behind
from codial_tui.domain.chain.transfer import same_side
from codial_tui.domain.document import Document, Line, Link
from codial_tui.domain.kinds import outbound
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import load

from . import pools
from .credited import CAME_BACK
from .transfer_plan import already_gone


def settle(context: Context, document: Document) -> None:
    """What came back, seen from the order: to be delivered again when the user said so. What was
    not billed yet is no longer billed of the note, nor, when it came back for good, of the order.
    What was billed already, of the note or of its order, gets a negative `bill` of its own, for a
    credit note (design.md §2); what replaces it is billed again. `credited` says the law."""
    again = bool(document.number("deliver_again"))
    own: dict[str, list[Link]] = {}
    for one in document.links.values():
        if one.relation == "return":
            own.setdefault(one.target_uid, []).append(one)
    for line in document.lines:
        if line.id is None or not line.is_priced or line.parent_uid is not None:
            continue
        credit = _settle_line(context, line, own.get(line.uid, []), again)
        context.database.execute(
            "INSERT INTO line_pool (line_id, pool, quantity, taken) VALUES (?, 'bill', ?, 0) "
            "ON CONFLICT (line_id, pool) DO NOTHING",
            (line.id, -credit),
        )
    for order_id in pools.origins_of(context.database, {document.id}):
        _follow(context, document, order_id)


def _settle_line(context: Context, line: Line, own: list[Link], again: bool) -> int:
    """Link a line of a return to the lines that its note fulfils; returns what is to be credited,
    10⁻⁴, with the sign of the note. own: its links to the note."""
    rest = -line.quantity
    unbilled = sum(one.quantity for one in own if one.pool == "bill")
    credit = 0
    for one in _origins(context, own[0].source_line_id) if own else ():
        back = same_side(rest, one.out)
        still = same_side(same_side(back, unbilled), one.left)
        billed = same_side(back - still, one.due)
        if again:
            _link(context, line, one, "deliver", -back)
        _link(context, line, one, "bill", -billed if again else back - billed)
        _link(context, line, one, "", billed)
        rest -= back
        unbilled -= same_side(unbilled, back - billed)
        credit += billed
    return credit + rest - same_side(rest, unbilled)


class _Origin(NamedTuple):
    """The order line that a line of a delivery note fulfils. out: how much of it the note has
    still delivered; left: what of it is still to be billed; due: what was billed and not credited;
    all 10⁻⁴. net: cents HT of quantity."""

    line_id: int
    quantity: int
    net: int
    out: int
    left: int
    due: int


_ORIGINS = (
    "SELECT o.id, o.quantity, o.net_amount, k.quantity - "
    "(SELECT COALESCE(SUM(CASE WHEN r.pool = 'deliver' THEN -r.quantity ELSE r.quantity END), 0) "
    "FROM line_link r WHERE r.source_line_id = o.id AND r.relation = 'return' AND EXISTS ("
    "SELECT 1 FROM line_link n WHERE n.target_line_id = r.target_line_id "
    "AND n.source_line_id = k.target_line_id AND n.relation = 'return')), "
    "COALESCE(p.quantity - p.taken, o.quantity), "
    f"COALESCE(p.taken, 0) - {CAME_BACK.format(line='o.id')} "
    "FROM line_link k JOIN document_line o ON o.id = k.source_line_id "
    "LEFT JOIN line_pool p ON p.line_id = o.id AND p.pool = 'bill' "
    "WHERE k.target_line_id = ? AND k.relation = 'fulfil' ORDER BY k.id"
)


def _origins(context: Context, note_line: int) -> list[_Origin]:
    return [_Origin(*row) for row in context.database.rows(_ORIGINS, (note_line,))]


def _link(context: Context, line: Line, one: _Origin, pool: str, quantity: int) -> None:
    """Take from a pool of an order's line, or give back to it (the other sign)."""
    if not quantity:
        return
    if pool:
        pools.ensure(context.database, [(one.line_id, pool)])
    context.database.insert(
        "line_link",
        {
            "uid": context.uid(),
            "source_line_id": one.line_id,
            "target_line_id": line.id,
            "relation": "return",
            "pool": pool,
            "quantity": quantity,
            "amount": pools.share(one.net, one.quantity, quantity),
        },
    )


def _follow(context: Context, document: Document, order_id: int) -> None:
    """Let the footer of an order follow what was given back to its pools, or taken of them."""
    database = context.database
    order = load(database, order_id)
    if order is None or not order.adjustments:
        return
    targets: dict[int, int] = dict(
        database.rows(
            "SELECT up.source_id, k.target_id FROM adjustment_link k "
            "JOIN document_adjustment a ON a.id = k.target_id "
            "JOIN adjustment_link up ON up.target_id = k.source_id WHERE a.document_id = ?",
            (document.id,),
        )
    )
    already = already_gone(context, order)
    ids = {one.uid: one.id or 0 for one in order.adjustments}
    rows = []
    for _, inbound in outbound(order.kind):
        if inbound.pools[:1] in (("deliver",), ("bill",)):
            pool = inbound.pools[0]
            left = pools.left_of(database, order, inbound)
            for uid, key, amount in behind(order, left, already.get(pool, {}), pool):
                if ids[uid] in targets:
                    rows.append((ids[uid], targets[ids[uid]], pool, *key, amount))
    names = ("source_id", "target_id", "pool", "vat_category", "vat_rate", "amount")
    database.insert_many("adjustment_link", names, rows)
