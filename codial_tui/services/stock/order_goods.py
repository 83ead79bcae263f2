"""Goods of an order that its delivery notes and invoices took out of the stock, and that work
orders then fit: they leave once (domain.md §8).

Quantities 10⁻⁴, by item. What a work order has of its order is covered by it (`covered`).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from codial_tui.domain.document import Document, Line
from codial_tui.domain.maintenance.coverage import ORDER
from codial_tui.domain.money import div_round
from codial_tui.domain.quantity import format_quantity
from codial_tui.models.queries import Queries

from .stock_moves import moving

CHUNK = 400
_MOVED = (
    "SELECT m.item_id, SUM(m.quantity) FROM document_line t JOIN document_line x "
    "ON x.document_id = t.document_id LEFT JOIN document_line y "
    "ON y.document_id = x.document_id AND y.uid = x.parent_uid "
    "JOIN stock_move m ON m.line_uid = x.uid "
    "WHERE t.id = ? AND (x.uid = t.uid OR x.parent_uid = t.uid OR y.parent_uid = t.uid) "
    "GROUP BY m.item_id"
)
_FITTED = (
    "SELECT w.order_id, l.item_id, SUM(l.quantity), "
    "SUM(COALESCE((SELECT SUM(m.quantity) FROM stock_move m WHERE m.line_uid = l.uid), 0)) "
    "FROM document_work_order w "
    "JOIN document d ON d.id = w.document_id JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN document_line a ON a.document_id = d.id AND a.uid = l.parent_uid "
    "LEFT JOIN document_line b ON b.document_id = d.id AND b.uid = a.parent_uid "
    "WHERE d.state = 'closed' AND l.stock_managed = 1 AND l.item_id IS NOT NULL AND l.tag = '' "
    "AND {where} GROUP BY w.order_id, l.item_id"
)
_COVERED = f"COALESCE('{ORDER}' IN (l.covered, a.covered, b.covered), FALSE)"
_DUE = (
    "SELECT o.document_id FROM document_order o JOIN document e ON e.id = o.document_id "
    "WHERE e.delivery IN ('none', 'part') AND o.given_up_at IS NULL "
    "AND o.consumption_at IS NOT NULL"
)
_LINKS = (
    "SELECT k.source_line_id, k.target_line_id, k.relation, k.pool, k.quantity, t.quantity, "
    "(SELECT SUM(o.quantity) FROM line_link o "
    "WHERE o.target_line_id = k.target_line_id AND o.pool = 'deliver') FROM line_link k "
    "JOIN document_line t ON t.id = k.target_line_id "
    "WHERE k.relation NOT IN ('supply', 'consume') AND k.source_line_id IN ({marks})"
)


class _Share(NamedTuple):
    """How much of a line, and of what it moved, comes from an order."""

    line: Fraction = Fraction(0)
    moves: Fraction = Fraction(0)


def delivered(database: Queries, order_id: int) -> dict[int, int]:
    """What left the stock for an order with what took its lines, less what came back of that."""
    found: dict[int, Fraction] = {}
    sources = {
        row[0]: Fraction(1)
        for row in database.rows("SELECT id FROM document_line WHERE document_id = ?", (order_id,))
    }
    seen = set(sources)
    while sources:
        targets = {
            key: share for key, share in _targets(database, sources).items() if key not in seen
        }
        seen |= targets.keys()
        sources = {key: share.line for key, share in targets.items()}
        for line_id, share in targets.items():
            for item_id, quantity in database.rows(_MOVED, (line_id,)) if share.moves else ():
                found[item_id] = found.get(item_id, Fraction(0)) - quantity * share.moves
    return {item: div_round(one.numerator, one.denominator) for item, one in found.items()}


def _targets(database: Queries, sources: dict[int, Fraction]) -> dict[int, _Share]:
    """The lines that were made of others, and how much of each is theirs. A line of an invoice
    moves what it took to deliver, or takes back; not what it bills of a delivery note."""
    pairs: dict[tuple[int, int], _Share] = {}
    ids = sorted(sources)
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        for source, target, relation, pool, taken, whole, going in database.rows(
            _LINKS.format(marks=", ".join("?" * len(page))), page
        ):
            line = sources[source] * Fraction(abs(taken), abs(whole)) if whole else Fraction(0)
            moves = Fraction(0)
            if pool == "deliver" and going:
                moves = sources[source] * Fraction(abs(taken), abs(going))
            elif relation in ("return", "correct"):
                moves = line
            before = pairs.get((source, target), _Share())  # one line may take two pools
            pairs[source, target] = _Share(max(before.line, line), max(before.moves, moves))
    found: dict[int, _Share] = {}
    for (_, target), share in pairs.items():
        both = (
            min(one + more, Fraction(1)) for one, more in zip(found.get(target, _Share()), share)
        )
        found[target] = _Share(*both)
    return found


def noted(database: Queries, order_id: int) -> dict[int, int]:
    """What left the stock with the notes of an order's consumption."""
    return dict(
        database.rows(
            "SELECT m.item_id, -SUM(m.quantity) FROM consumption_out c "
            "JOIN stock_move m ON m.line_uid = c.line_uid WHERE c.order_id = ? GROUP BY m.item_id",
            (order_id,),
        )
    )


def worked(database: Queries) -> dict[tuple[int, int], int]:
    """By order that still delivers and item: what its closed work orders took of the stock of what
    it sold."""
    sql = _FITTED.format(where=f"w.order_id IN ({_DUE}) AND {_COVERED}")
    return {(order, item): -moved for order, item, _, moved in database.rows(sql, ())}


def moved(database: Queries, order_id: int) -> dict[int, int]:
    """By item: what closed work orders took of the stock for an order, sold by it or not."""
    sql = _FITTED.format(where="w.order_id = ?")
    return {item: -moved for _, item, _, moved in database.rows(sql, (order_id,))}


def fitted(database: Queries, order_id: int) -> dict[int, tuple[int, int]]:
    """By item: what closed work orders have of an order, and what of it left the stock."""
    sql = _FITTED.format(where=f"w.order_id = ? AND {_COVERED}")
    return {item: (own, -moved) for _, item, own, moved in database.rows(sql, (order_id,))}


def leaving(database: Queries, document: Document) -> Document:
    """An open work order with what leaves the stock once it is closed: without the goods that the
    order it works for has delivered, or taken out with a note of its consumption."""
    return _without(database, document, of_notes=False)


def unrecorded(database: Queries, document: Document) -> Document:
    """An open work order with what its order is to record as consumed: without what a note of its
    consumption took out, which is recorded."""
    return _without(database, document, of_notes=True)


def _without(database: Queries, document: Document, *, of_notes: bool) -> Document:
    order_id = document.number("order_id")
    if not order_id:
        return document
    there = noted(database, order_id)
    if not of_notes:
        for item, quantity in delivered(database, order_id).items():
            there[item] = there.get(item, 0) + quantity
    for item, (own, gone) in fitted(database, order_id).items():
        there[item] = there.get(item, 0) - (own - gone)
    lines = []
    for line, is_covered in _covered(document):
        here = there.get(line.item_id or 0, 0) if is_covered else 0
        part = min(max(0, here), max(0, line.quantity))
        if part:
            there[line.item_id or 0] -= part
        lines.append(replace(line, quantity=line.quantity - part) if part else line)
    return replace(document, lines=lines)


def told(database: Queries, document: Document) -> list[str]:
    """What of a work order does not leave the stock again, in French."""
    left = {line.uid: line.quantity for line in leaving(database, document).lines}
    found = []
    for line in moving(document):
        if (here := line.quantity - left[line.uid]) > 0:
            name, quantity = line.reference or line.label, format_quantity(here, 0)
            found.append(f"{name} : {quantity} livré par la commande, ne sort pas encore du dépôt")
    return found


def _covered(document: Document) -> list[tuple[Line, bool]]:
    """The lines, and whether each moves stock and is covered by the order, itself or above."""
    by_uid = {line.uid: line for line in document.lines}
    stocked = {line.uid for line in moving(document)}
    found = []
    for line in document.lines:
        above: Line | None = line
        while above is not None and above.covered != ORDER:
            above = by_uid.get(above.parent_uid or "")
        found.append((line, above is not None and line.uid in stocked))
    return found
