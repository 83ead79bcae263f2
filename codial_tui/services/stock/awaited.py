"""What a receipt waits for: a scan, or a reference typed on it, is taken from the open orders of
its supplier, and each line says what was ordered, came before, comes now and is still to come.

Quantities are 10⁻⁴ of the unit of the order's line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codial_tui.domain.chain.transfer import Pool
from codial_tui.domain.changes import Change, insert, insert_after, set_line
from codial_tui.domain.document import Document, Line, Link
from codial_tui.domain.kinds import doc_type, ref_of
from codial_tui.domain.lines.lines import line_amount
from codial_tui.domain.money import div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import load

if TYPE_CHECKING:
    from codial_tui.services.documents.editing import Editor

RELATION, POOL = "fulfil", "deliver"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A line of an open order with something left to come."""

    line_id: int
    document_id: int
    uid: str
    ref: str
    left: int
    price: int

    @property
    def text(self) -> str:
        """`attendu 5 (CF26-00001)`."""
        return f"attendu {format_quantity(self.left, 0)} ({self.ref})"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a line of a receipt brings of an order."""

    ref: str
    ordered: int
    before: int
    now: int

    @property
    def rest(self) -> int:
        return max(0, self.ordered - self.before - self.now)


def receives(document: Document) -> bool:
    """Whether what is typed on a document comes from an order to its supplier."""
    kind = doc_type(document.kind)
    enters = "stock_in" in kind.effects.get("validate", ())
    return enters and document.state == kind.initial and bool(document.header.get("party_id"))


_AWAITED = (
    "SELECT l.id, d.id, l.uid, d.kind, d.number, COALESCE(p.quantity - p.taken, l.quantity), "
    "l.unit_price FROM document d JOIN document_purchase s ON s.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'deliver' "
    "WHERE d.kind = 'purchase_order' AND d.party_id = ? AND d.price_mode = ? "
    "AND d.delivery IN ('none', 'part') AND s.given_up_at IS NULL AND l.item_id = ? "
    "AND l.parent_uid IS NULL AND l.tag = '' AND COALESCE(p.quantity - p.taken, l.quantity) > 0 "
    "ORDER BY CASE WHEN d.state = 'sent' THEN 0 ELSE 1 END, "
    "COALESCE(l.delivery_date, s.expected_date, d.date), d.id, l.position"
)


def awaited(context: Context, document: Document, item_id: int) -> list[Awaited]:
    """Lines of the supplier's open orders that wait for an item: sent ones first, by date; [] for
    what is no receipt."""
    if not receives(document):
        return []
    rows = context.database.rows(
        _AWAITED, (document.header.get("party_id"), document.text("price_mode"), item_id)
    )
    return [
        Awaited(line_id, key, uid, str(number or ref_of(kind, key)), left, price)
        for line_id, key, uid, kind, number, left, price in rows
    ]


def enter(
    editor: Editor, item_id: int, quantity: int, after: str | None, price: int | None = None
) -> str | None:
    """Take a scanned or typed item from what is on order, as one step: lines that are there grow,
    others are added, at the order's price unless one was typed. What nobody ordered becomes a
    line without order. Returns the line to stand on; None when nothing of it is on order: it is
    then entered as everywhere."""
    context, document = editor.context, editor.document
    waiting = awaited(context, document, item_id)
    if quantity <= 0 or not waiting:
        return None
    changes: list[Change] = []
    links: list[Change] = []
    added: list[Line] = []
    rest = quantity
    stand: Line | None = None
    linked = {
        link.source_line_id: link.target_uid
        for link in document.links.values()
        if link.relation == RELATION
    }
    for one in waiting:
        part = min(rest, one.left)
        rest -= part
        if one.line_id in linked:
            stand = document.line(linked[one.line_id])
            changes += _grown(stand, part, price)
        else:
            stand, link = _taken(context, one, part, price)
            added.append(stand)
            links.append(insert(link))
        if not rest:
            break
    assert stand is not None
    if rest:
        own = [one for one in document.lines if one.item_id == item_id and one.parent_uid is None]
        beyond = next((one for one in own if one.uid not in linked.values()), None)
        if beyond is None:
            added.append(replace(stand, id=None, uid=context.uid(), quantity=rest, position=0))
            added[-1].amount = line_amount(added[-1])
        else:
            changes += _grown(beyond, rest, price)
    changes += [*insert_after(document, added, after), *links]
    editor.commit(changes, f"Reçu {format_quantity(quantity, 0)} {stand.reference}")
    return stand.uid


def _grown(line: Line, part: int, price: int | None) -> list[Change]:
    typed = {} if price is None else {"unit_price": price}
    change = set_line(line, quantity=line.quantity + part, **typed)
    return [change] if change else []


def _taken(context: Context, one: Awaited, part: int, price: int | None) -> tuple[Line, Link]:
    """The line that brings a part of an order's line, and its link."""
    source = load(context.database, one.document_id)
    assert source is not None
    model = source.line(one.uid)
    uid = context.uid()
    line = replace(
        model,
        id=None,
        uid=uid,
        quantity=part,
        unit_price=model.unit_price if price is None else price,
        to_deliver=0,
        discount_amount=div_round(model.discount_amount * part, model.quantity),
    )
    line.amount = line_amount(line)
    amount = Pool(one.line_id, POOL, model.quantity, 0, model.net_amount, 0).amount_of(part)
    return line, Link(
        uid=context.uid(),
        target_uid=uid,
        source_line_id=one.line_id,
        relation=RELATION,
        pool=POOL,
        quantity=part,
        amount=amount,
    )


_PROGRESS = (
    "SELECT o.id, d.kind, d.number, d.id, o.quantity, k.quantity, "
    "COALESCE((SELECT SUM(b.quantity) FROM line_link b JOIN document_line x "
    "ON x.id = b.target_line_id JOIN document e ON e.id = x.document_id "
    "WHERE b.source_line_id = o.id AND b.relation = 'fulfil' AND e.id <> ? "
    "AND e.state = 'validated'), 0) FROM line_link k "
    "JOIN document_line t ON t.id = k.target_line_id "
    "JOIN document_line o ON o.id = k.source_line_id JOIN document d ON d.id = o.document_id "
    "WHERE t.uid = ? AND k.relation = 'fulfil' ORDER BY k.id"
)


def progress(context: Context, document: Document, line: Line) -> list[Progress]:
    """What a line of a receipt brings of each order it comes from."""
    return [
        Progress(str(number or ref_of(kind, key)), ordered, before, now)
        for _, kind, number, key, ordered, now, before in context.database.rows(
            _PROGRESS, (document.id, line.uid)
        )
    ]


def said(context: Context, document: Document, line: Line) -> list[str]:
    """Row 23 of a line of a receipt: `CF26-00001 : commandé 10, reçu avant 2, ici 5, reste 3`."""
    if "stock_in" not in doc_type(document.kind).effects.get("validate", ()):
        return []
    found = progress(context, document, line)
    parts = []
    for one in found:
        before = f", reçu avant {format_quantity(one.before, 0)}" if one.before else ""
        parts.append(
            f"{one.ref} : commandé {format_quantity(one.ordered, 0)}{before}, "
            f"ici {format_quantity(one.now, 0)}, reste {format_quantity(one.rest, 0)}"
        )
    more = line.quantity - sum(one.now for one in found)
    if found and more > 0:
        parts.append(f"! {format_quantity(more, 0)} de plus que commandé")
    elif not found and line.item_id:
        parts.append("hors commande")
    return parts


def told(context: Context, document: Document, uid: str | None) -> str:
    """What was just received: the line it went to, and what of the item nobody ordered; "" for
    what is no receipt, or from no order."""
    line = next((one for one in document.lines if one.uid == uid), None)
    if line is None or not receives(document) or not progress(context, document, line):
        return ""
    linked = {one.target_uid for one in document.links.values()}
    beyond = sum(
        one.quantity
        for one in document.top_lines()
        if one.item_id == line.item_id and one.uid not in linked and not one.tag
    )
    parts = [f"{format_quantity(line.quantity, 0)} {line.reference or line.label}"]
    parts += said(context, document, line)
    if beyond:
        parts.append(f"! {format_quantity(beyond, 0)} hors commande")
    return " · ".join(parts)


_MISSING = (
    "SELECT DISTINCT o.document_id FROM line_link k "
    "JOIN document_line t ON t.id = k.target_line_id "
    "JOIN document_line o ON o.id = k.source_line_id "
    "WHERE t.document_id = ? AND k.relation = 'fulfil' ORDER BY 1"
)
SHOWN = 3


def warnings(context: Context, document: Document) -> list[Problem]:
    """What differs from the orders of a receipt, before it is validated: what is beyond them, what
    is still to come."""
    if "stock_in" not in doc_type(document.kind).effects.get("validate", ()):
        return []
    orders = [row[0] for row in context.database.rows(_MISSING, (document.id,))]
    found = [
        Problem(
            "receipt.free",
            "unit_price",
            f"{line.reference or line.label} : entre pour rien",
            "tapez son prix",
            "warning",
        )
        for line in document.top_lines()
        if line.counts and line.stock_managed and line.quantity > 0 and not line.net_amount
    ]
    for line in document.top_lines() if orders else ():
        if not line.is_priced or line.tag:
            continue
        parts = progress(context, document, line)
        more = line.quantity - sum(one.now for one in parts)
        if more > 0:
            beyond = "de plus que commandé" if parts else "hors commande"
            text = f"{line.reference or line.label} : {format_quantity(more, 0)} {beyond}"
            found.append(Problem("receipt.more", "quantity", text, "", "warning"))
    for order_id in orders:
        rest = [
            f"{name} {format_quantity(left, 0)}"
            for name, left in context.database.rows(
                "SELECT CASE WHEN l.reference = '' THEN l.label ELSE l.reference END, "
                "COALESCE(p.quantity - p.taken, l.quantity) FROM document_line l "
                "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'deliver' "
                "WHERE l.document_id = ? AND l.parent_uid IS NULL AND l.tag = '' "
                "AND l.type IN ('item', 'assembly', 'ad_hoc_assembly') "
                "AND COALESCE(p.quantity - p.taken, l.quantity) > 0 ORDER BY l.position",
                (order_id,),
            )
        ]
        if rest:
            source = load(context.database, order_id)
            ref = source.ref if source is not None else ""
            more_text = f" et {len(rest) - SHOWN} de plus" if len(rest) > SHOWN else ""
            text = f"reste {', '.join(rest[:SHOWN])}{more_text} ({ref})"
            found.append(Problem("receipt.rest", "lines", text, "", "warning"))
    return found
