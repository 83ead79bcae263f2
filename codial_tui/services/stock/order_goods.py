"""Goods of an order that its delivery notes and invoices took out of the stock, and that work
orders then fit: they leave once (domain.md §8).

Quantities 10⁻⁴, by item. What a work order has of its order is covered by it (`covered`).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

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
    "SELECT w.order_id, l.item_id, SUM(l.quantity), SUM(COALESCE((SELECT SUM(m.quantity) "
    "FROM stock_move m WHERE m.line_uid = l.uid), 0)) FROM document_work_order w "
    "JOIN document d ON d.id = w.document_id JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN document_line a ON a.document_id = d.id AND a.uid = l.parent_uid "
    f"WHERE d.state = 'closed' AND (l.covered = '{ORDER}' OR a.covered = '{ORDER}') "
    "AND l.stock_managed = 1 AND l.item_id IS NOT NULL AND l.tag = '' AND {where} "
    "GROUP BY w.order_id, l.item_id"
)


def delivered(database: Queries, order_id: int) -> dict[int, int]:
    """What left the stock for an order with what took its lines, less what came back of that."""
    found: dict[int, Fraction] = {}
    sources = {
        row[0]: Fraction(1)
        for row in database.rows("SELECT id FROM document_line WHERE document_id = ?", (order_id,))
    }
    seen = set(sources)
    while sources:
        targets = _targets(database, sources)
        sources = {key: share for key, share in targets.items() if key not in seen}
        seen |= sources.keys()
        for line_id, share in sources.items():
            for item_id, quantity in database.rows(_MOVED, (line_id,)):
                found[item_id] = found.get(item_id, Fraction(0)) - quantity * share
    return {item: div_round(one.numerator, one.denominator) for item, one in found.items()}


def _targets(database: Queries, sources: dict[int, Fraction]) -> dict[int, Fraction]:
    """The lines that were made of others, and how much of each is theirs."""
    pairs: dict[tuple[int, int], Fraction] = {}
    ids = sorted(sources)
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        for source, target, taken, whole in database.rows(
            "SELECT k.source_line_id, k.target_line_id, k.quantity, t.quantity FROM line_link k "
            "JOIN document_line t ON t.id = k.target_line_id "
            "WHERE k.relation NOT IN ('supply', 'consume') AND "
            f"k.source_line_id IN ({', '.join('?' * len(page))})",
            page,
        ):
            share = Fraction(abs(taken), abs(whole)) if whole else Fraction(0)
            key = source, target  # a direct invoice takes two pools of a line
            pairs[key] = max(pairs.get(key, Fraction(0)), sources[source] * share)
    found: dict[int, Fraction] = {}
    for (_, target), share in pairs.items():
        found[target] = min(found.get(target, Fraction(0)) + share, Fraction(1))
    return found


def unmoved(database: Queries) -> dict[tuple[int, int], int]:
    """By order and item: what closed work orders fitted of goods that were delivered already."""
    sql = _FITTED.format(where="w.order_id IS NOT NULL")
    return {
        (order, item): fitted + moved
        for order, item, fitted, moved in database.rows(sql, ())
        if fitted + moved > 0
    }


def fitted(database: Queries, order_id: int) -> dict[int, tuple[int, int]]:
    """By item: what closed work orders have of an order, and what of it left the stock."""
    sql = _FITTED.format(where="w.order_id = ?")
    return {item: (own, -moved) for _, item, own, moved in database.rows(sql, (order_id,))}


def leaving(database: Queries, document: Document) -> Document:
    """An open work order with what leaves the stock once it is closed: without the goods that the
    order it works for has delivered."""
    order_id = document.number("order_id")
    if not order_id:
        return document
    there = delivered(database, order_id)
    for item, (own, moved) in fitted(database, order_id).items():
        there[item] = there.get(item, 0) - (own - moved)
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
