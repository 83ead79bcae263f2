"""Requests made from what sale lines need, and what an order from a request gives back to them: the
contremarque and the purchase request behind it (domain.md §7).

A request remembers its sale lines as links that take from no pool: asking for a price reserves
nothing, ordering does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codial_tui.domain.chain.transfer import Pool, same_side
from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Line, LineType, Link
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.money import div_round
from codial_tui.domain.spec import Side
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.records import catalogue

from .ordering import Wanted

REQUESTS = ("purchase_request", "price_request")


def from_needs(
    context: Context,
    wanted: Sequence[Wanted],
    *,
    kind: str = "price_request",
    subject: str = "",
) -> Document:
    """A new request of what is needed, in one transaction. Equal items of one project, in one
    unit, stand on one line; a price that is known is kept as what is expected, the supplier is
    not looked at (F4 proposes whom to ask). kind: price_request or purchase_request. Raises
    Refused when nothing is needed."""
    asked = [one for one in wanted if one.quantity > 0]
    if not asked:
        raise refuse("needs.nothing", "Rien à demander", "tout est commandé ou en stock")
    if kind not in REQUESTS:
        raise refuse("kind.unknown", f"« {kind} » n'est pas une demande", "", "kind")
    document = documents.blank(context, kind)
    document.header.update(doc_type(kind).without_party)
    document.header.update(price_mode="net", subject=subject)
    projects = {one.project_id for one in asked}
    if len(projects) == 1:
        document.header["project_id"] = projects.pop()
    lines: dict[tuple[object, ...], Line] = {}
    for one in asked:
        key = (one.item_id, one.project_id, one.unit, "" if one.item_id else one.label)
        if key not in lines:
            lines[key] = _line(context, document, one)
        lines[key].quantity += one.quantity
        _remember(context, document, lines[key].uid, one.sources)
    document.lines = list(lines.values())
    documents.prepare(document)
    apply(document, recompute(document))
    documents.insert(context, document, "Depuis les besoins")
    stored = rows.load(context.database, document.id)
    assert stored is not None
    return stored


def _line(context: Context, document: Document, one: Wanted) -> Line:
    item = catalogue.by_id(context, one.item_id) if one.item_id else None
    if item is None:
        line = Line(context.uid(), label=one.label, cost_category=one.category)
        line.vat_rate = document.number("vat_rate")
    else:
        line = catalogue.line_of(context, document, item, 0, 0)
        line.type = LineType.ITEM
        line.eco_contribution = 0
    line.unit, line.project_id = one.unit or line.unit, one.project_id
    line.unit_price, line.price_per = one.price, one.price_per
    line.discounts = (one.discount,) if one.discount else ()
    return line


def _remember(
    context: Context, document: Document, uid: str, sources: Sequence[tuple[int, int]]
) -> None:
    """Keep the sale lines that a line is asked for; one that comes twice adds up."""
    own = {one.source_line_id: one for one in document.links.values() if one.target_uid == uid}
    for line_id, quantity in sources:
        if line_id not in own:
            link = own[line_id] = Link(context.uid(), uid, line_id)
            document.links[link.uid] = link
        own[line_id].quantity += quantity


class Behind(NamedTuple):
    """A line that a request's line comes from, and how much of it (10⁻⁴, in its own unit)."""

    line_id: int
    quantity: int
    kind: str


_SOURCES = (
    "SELECT s.id, s.quantity, k.quantity, d.kind FROM line_link k JOIN document_line s "
    "ON s.id = k.source_line_id JOIN document d ON d.id = s.document_id "
    "WHERE k.target_line_id = ? ORDER BY k.id"
)


def behind(context: Context, line_id: int, quantity: int, whole: int) -> Iterator[Behind]:
    """What so much of a request's line was asked for: all of it when the whole line goes, else
    in proportion (a purchase may have another unit than the sale)."""
    for source_id, own, linked, kind in context.database.rows(_SOURCES, (line_id,)):
        all_of_it = abs(quantity) >= abs(whole)
        part = linked if all_of_it else div_round(linked * quantity, whole)
        if part:
            yield Behind(source_id, part, kind)
            if kind in REQUESTS:
                yield from behind(context, source_id, part, own)


_POOL = (
    "SELECT COALESCE(p.quantity, l.quantity), COALESCE(p.taken, 0), l.net_amount, "
    "(SELECT COALESCE(SUM(k.amount), 0) FROM line_link k "
    "WHERE k.source_line_id = l.id AND k.pool = ?) FROM document_line l "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = ? WHERE l.id = ?"
)


def supplied(context: Context, links: Sequence[Link]) -> list[Link]:
    """The links of ordered lines to what was asked for behind their request: a sale line's `buy`
    (contremarque), a purchase request's `order`; as far as some is left there. What is bought
    beyond is linked to nothing."""
    found: list[Link] = []
    left: dict[tuple[int, str], Pool] = {}
    own = {(one.source_line_id, one.pool) for one in links}
    for link in links:
        whole = context.database.value(
            "SELECT quantity FROM document_line WHERE id = ?", (link.source_line_id,), 0
        )
        for one in behind(context, link.source_line_id, link.quantity, whole):
            pool = "order" if one.kind == "purchase_request" else "buy"
            if pool == "buy" and doc_type(one.kind).side is not Side.SALE:
                continue
            key = (one.line_id, pool)
            if key in own:  # the transfer takes it itself
                continue
            if key not in left:
                left[key] = _pool(context, one.line_id, pool)
            part = same_side(one.quantity, left[key].left)
            if part:
                amount = left[key].amount_of(part)
                left[key] = left[key]._replace(
                    taken=left[key].taken + part, amount=left[key].amount + amount
                )
                relation = "transfer" if pool == "order" else "supply"
                way = (one.line_id, relation, pool, part, amount)
                found.append(Link(context.uid(), link.target_uid, *way))
    return found


def bought_meanwhile(context: Context, line_id: int, quantity: int) -> bool:
    """Whether some of what a request's line was asked for is ordered already: what is ordered of
    it now is then for the stock."""
    asked = sum(
        one.quantity
        for one in behind(context, line_id, quantity, quantity)
        if doc_type(one.kind).side is Side.SALE
    )
    found = supplied(context, [Link("", "", line_id, quantity=quantity)])
    return sum(one.quantity for one in found if one.pool == "buy") < asked


def _pool(context: Context, line_id: int, pool: str) -> Pool:
    row = context.database.row(_POOL, (pool, pool, line_id))
    assert row is not None
    return Pool(line_id, pool, *row)
