"""What comes back: its order and its billing, settled when the return is printed (domain.md §3)."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.document import Document, Line
from codial_tui.domain.footer_transfer import behind
from codial_tui.domain.kinds import outbound
from codial_tui.domain.transfer import same_side

from . import pools
from .context import Context
from .rows import load
from .transfer_plan import already_gone


def settle(context: Context, document: Document) -> None:
    """What came back, seen from the order: to be delivered again when the user said so, else no
    longer to be billed (domain.md §3). What was billed already, of the note or of its order, gets
    a negative `bill` of its own, for a credit note (design.md §2); what replaces it is billed
    again."""
    again = bool(document.number("deliver_again"))
    sources = {one.target_uid: one for one in document.links.values() if one.relation == "return"}
    unbilled = {
        one.target_uid: one.quantity
        for one in document.links.values()
        if one.relation == "return" and one.pool == "bill"
    }
    for line in document.lines:
        if line.id is None or not line.is_priced or line.parent_uid is not None:
            continue
        source = sources.get(line.uid)
        origins = _origins(context, source.source_line_id) if source is not None else []
        back = unbilled.get(line.uid, 0)
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
            _move(context, line, origins, "deliver", -1, -line.quantity)
            _move(context, line, origins, "bill", -1, -line.quantity - back)
        else:
            _move(context, line, origins, "bill", 1, back)
    for order_id in pools.origins_of(context.database, {document.id}):
        _follow(context, document, order_id)


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


def _move(
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
