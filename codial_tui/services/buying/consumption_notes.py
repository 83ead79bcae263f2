"""What consumption makes: the delivery note of what leaves the stock, and supplier orders for what
is missing (domain.md §7). The note is internal and never invoiced; printing it moves the stock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from codial_tui.domain.buying.consumption import Tracked
from codial_tui.domain.buying.needs import Need
from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Line, LineType, Link
from codial_tui.domain.kinds.sales import CARRIED
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.money import div_round
from codial_tui.errors import refuse
from codial_tui.models.queries import Queries
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.records import catalogue
from codial_tui.services.stock import coming, followed, order_goods

from . import needs, ordering
from .consumption import Tracking, look

RELATION = "consume"
_OUT = (
    "SELECT o.what, SUM(l.quantity) FROM consumption_out o "
    "JOIN document_line l ON l.uid = o.line_uid WHERE o.order_id = ? GROUP BY o.what"
)


class Made(NamedTuple):
    """The note that was made."""

    document_id: int
    ref: str
    lines: int


def to_leave(context: Context, found: Tracking) -> dict[str, int]:
    """What is consumed and on no delivery note yet, by line, 10⁻⁴; negative: it comes back. What
    ordinary delivery notes and work orders took of the order has left already."""
    out: dict[str, int] = {}
    for what, quantity in context.database.rows(_OUT, (found.order.id,)):
        now = found.moved.get(what, what)
        out[now] = out.get(now, 0) + quantity
    gone = _delivered(context.database, found)
    waiting = [
        (one.what, one.item_id or 0, one.consumed - gone.get(one.what, 0)) for one in found.lines
    ]
    worked = followed.spread_over(waiting, order_goods.moved(context.database, found.order.id))
    left = {}
    for one in found.lines:
        if not one.stocked:
            continue
        before = out.get(one.what, 0)
        taken = gone.get(one.what, 0) + worked.get(one.what, 0)
        wanted = max(0, one.consumed - taken) - before
        if wanted:
            left[one.what] = wanted
    return left


def _delivered(database: Queries, found: Tracking) -> dict[str, int]:
    """What ordinary notes and invoices of the order took along, components in proportion."""
    done = pools.delivered(database, found.order.id)
    lines = {line.uid: line for line in found.order.lines}
    gone = {}
    for line in found.order.lines:
        top = line
        while top.parent_uid is not None and top.parent_uid in lines:
            top = lines[top.parent_uid]
        if done.get(top.uid) and top.quantity:
            gone[found.moved.get(line.uid, line.uid)] = div_round(
                line.quantity * done[top.uid], top.quantity
            )
    return gone


def make_note(context: Context, order_id: int) -> Made:
    """A delivery note of what was consumed and is on none yet, open. Raises Refused when there is
    nothing."""
    with context.database.write():
        pools.turn(context.database)
        found = look(context, order_id)
        left = to_leave(context, found)
        if not left:
            raise refuse(
                "consumption.left", "Rien à sortir du stock", "saisissez ce qui est consommé"
            )
        document = _note(context, found)
        sources = {line.uid: line for line in found.planned.lines}
        marks = []
        for one in found.lines:
            if one.what not in left:
                continue
            line = _line(context, document, one, sources.get(one.what), left[one.what])
            document.lines.append(line)
            marks.append((order_id, one.what, line.uid))
            if one.line_id is not None:
                link = Link(context.uid(), line.uid, one.line_id, RELATION, "", line.quantity)
                document.links[link.uid] = link
        apply(document, recompute(document))
        documents.prepare(document)
        documents.write_new(context, document, f"Consommation de {found.order.ref}")
        context.database.insert_many("consumption_out", ("order_id", "what", "line_uid"), marks)
        documents.log_event(context, found.order, "transfer", f"Consommation → {document.ref}")
    return Made(document.id, document.ref, len(document.lines))


def _note(context: Context, found: Tracking) -> Document:
    order = found.order
    party = order.number("party_id")
    document = documents.blank(context, "delivery_note", party or None)
    document.header.update({name: order.header.get(name) for name in CARRIED})
    document.header.update(nature="internal", consumption_of=order.id, closing_text="")
    return document


def _line(
    context: Context, document: Document, one: Tracked, source: Line | None, quantity: int
) -> Line:
    """What leaves, without a price: it is the order that is invoiced."""
    item = catalogue.by_id(context, one.item_id) if one.item_id and source is None else None
    if source is not None:
        line = replace(source, uid=context.uid(), parent_uid=None, id=None, quantity=quantity)
    elif item is not None:
        line = catalogue.line_of(context, document, item, quantity, 0)
    else:
        line = Line(context.uid(), quantity=quantity, label=one.label, unit=one.unit)
    line.type, line.tag, line.ratio, line.to_deliver = LineType.ITEM, "", 0, 0
    line.unit_price, line.discounts, line.discount_amount = 0, (), 0
    line.price_forced, line.basis, line.amount, line.net_amount = 0, "computed", 0, 0
    line.eco_contribution = 0
    return line


# what is missing ----------------------------------------------------------------------------------


def missing(context: Context, order_id: int) -> list[Need]:
    """What has to be ordered for an order that is followed: what its lines still need, and what was
    consumed beyond them and is not there. What will not be fitted is not bought any more."""
    found = look(context, order_id)
    refused = {one.line_id for one in found.lines if one.unfitted is not None}
    planned = {}
    for need in needs.of_documents(context, [order_id], whole=True):
        kept = tuple(one for one in need.sources if one.line_id not in refused)
        less = need.needed - sum(one.quantity for one in kept)
        if kept:
            left = max(0, need.to_order - less)
            planned[need.item_id] = need._replace(sources=kept, to_order=left)
    for item_id, beyond in _beyond(context, found, planned).items():
        known = planned.get(item_id) or _unplanned(found, item_id)
        planned[item_id] = known._replace(to_order=known.to_order + beyond)
    return [one for one in planned.values() if one.to_order]


def _beyond(context: Context, found: Tracking, planned: Mapping[int, Need]) -> dict[int, int]:
    """By item: what was consumed beyond the plan, has not left the stock and is not there."""
    left = to_leave(context, found)
    wanted: dict[int, int] = {}
    for one in found.lines:
        if one.item_id is not None and one.stocked:
            extra = min(one.consumed - one.quantity, left.get(one.what, 0))
            if extra > 0:
                wanted[one.item_id] = wanted.get(one.item_id, 0) + extra
    if not wanted:
        return {}
    database, items = context.database, sorted(wanted)
    there = catalogue.stock(context, items)
    due = coming.expected(database, items)
    result = {}
    for item_id, extra in wanted.items():
        need = planned.get(item_id)
        own = max(0, need.needed - need.ordered) if need else 0
        free = there.get(item_id, 0) + due.get(item_id, 0) - own
        if (short := extra - max(0, free)) > 0:
            result[item_id] = short
    return result


def _unplanned(found: Tracking, item_id: int) -> Need:
    line = next(one for one in found.lines if one.item_id == item_id)
    return Need(item_id, line.reference, line.label, line.unit, ())


def wanted(context: Context, order_id: int) -> Sequence[ordering.Wanted]:
    """The lines to order for what is missing, from the usual suppliers. Raises Refused when
    nothing is, or an item has no supplier, price or unit that converts."""
    found = missing(context, order_id)
    offers = needs.offers(context, [one.item_id for one in found])
    made = ordering.propose(context, found, offers)
    if not made:
        raise refuse("needs.nothing", "Rien à commander", "tout est commandé ou en stock")
    return made


def notes(context: Context, order_id: int) -> list[tuple[int, str]]:
    """The delivery notes of an order's consumption: id and reference, the newest first."""
    found = context.database.rows(
        "SELECT document_id FROM document_delivery_note WHERE consumption_of = ? "
        "ORDER BY document_id DESC",
        (order_id,),
    )
    several = [rows.load(context.database, row[0]) for row in found]
    return [(one.id, one.ref) for one in several if one is not None]
