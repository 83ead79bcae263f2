"""What orders whose consumption is followed have taken out of the stock with its own delivery
notes (domain.md §7), where others look at what is reserved, needed or leaves twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.money import div_round
from codial_tui.domain.problems import Problem
from codial_tui.models.queries import Queries

from . import order_goods
from .stock_moves import moving

CHUNK = 400
_DUE = (
    "d.kind = 'order' AND d.delivery IN ('none', 'part') AND o.given_up_at IS NULL "
    "AND o.consumption_at IS NOT NULL"
)
_OUT = (
    "SELECT c.order_id, n.item_id, SUM(n.quantity) FROM consumption_out c "
    "JOIN document_line n ON n.uid = c.line_uid JOIN document d ON d.id = c.order_id "
    f"JOIN document_order o ON o.document_id = d.id WHERE {_DUE} "
    "GROUP BY c.order_id, n.item_id"
)
_LINES = (
    "FROM document d JOIN document_order o ON o.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN document_line m ON m.uid = l.parent_uid "
    "LEFT JOIN document_line n ON n.uid = m.parent_uid "
    "LEFT JOIN document_line r ON r.id = COALESCE(n.id, m.id) "
    "LEFT JOIN line_pool p ON p.line_id = COALESCE(r.id, l.id) AND p.pool = 'deliver' "
    "WHERE l.stock_managed = 1 AND l.item_id IS NOT NULL AND l.tag = ''"
)
"""Lines of orders that are kept in stock, components in assemblies `r` too, and their pool."""
_LEFT = (
    "SELECT d.id, l.item_id, l.quantity, COALESCE(r.quantity, l.quantity), "
    f"COALESCE(p.quantity - p.taken, r.quantity, l.quantity) {_LINES} AND {_DUE}"
)
_ORDERED = (
    "SELECT l.item_id, l.reference, l.label, l.quantity, COALESCE(r.id, l.id), "
    f"COALESCE(r.quantity, l.quantity) {_LINES} AND d.id = ? ORDER BY l.position, l.id"
)
_NOTES = (
    "SELECT n.item_id, SUM(n.quantity) FROM consumption_out c "
    "JOIN document_line n ON n.uid = c.line_uid WHERE c.order_id = ? GROUP BY n.item_id"
)


def taken(database: Queries) -> dict[tuple[int, int], int]:
    """By order that still delivers and item: what notes of its consumption took, open
    ones too, and its work orders."""
    found = {(row[0], row[1]): int(row[2]) for row in database.rows(_OUT)}
    for key, quantity in order_goods.worked(database).items():
        found[key] = found.get(key, 0) + quantity
    return found


def unreserved(database: Queries) -> dict[int, int]:
    """By item: what orders still have to deliver, but is on a note of their consumption or was
    fitted by a work order."""
    out = taken(database)
    if not out:
        return {}
    left: dict[tuple[int, int], int] = {}
    for order_id, item_id, quantity, whole, rest in database.rows(_LEFT):
        key = order_id, item_id
        left[key] = left.get(key, 0) + (div_round(quantity * rest, whole) if whole else 0)
    found: dict[int, int] = {}
    for key, quantity in out.items():
        part = min(max(0, quantity), max(0, left.get(key, 0)))
        if part:
            found[key[1]] = found.get(key[1], 0) + part
    return found


def gone(database: Queries, planned: Document, delivered: Mapping[str, int]) -> dict[str, int]:
    """By uid of a line of an order, or of its execution quote: what printed notes of its
    consumption, or work orders, took; of what these took an order tells, not its quote. delivered:
    by uid, which work orders leave to it."""
    found: dict[str, int] = {}
    for what, quantity in _noted(database, planned.id):
        found[what] = found.get(what, 0) + quantity
    works = order_goods.fitted(database, planned.id)
    worked = {item_id: moved for item_id, (_, moved) in works.items()}
    waiting = [
        (
            line.uid,
            line.item_id or 0,
            line.quantity - found.get(line.uid, 0) - delivered.get(line.uid, 0),
        )
        for line in moving(planned)
    ]
    for uid, quantity in spread_over(waiting, worked).items():
        found[uid] = found.get(uid, 0) + quantity
    return found


def spread_over(
    lines: Iterable[tuple[str, int, int]], quantities: Mapping[int, int]
) -> dict[str, int]:
    """Quantities by item shared among lines `(uid, item, how much it takes)`, from the first one
    on; what no line takes goes to the last one of its item."""
    rest = dict(quantities)
    found: dict[str, int] = {}
    last: dict[int, str] = {}
    for uid, item_id, most in lines:
        if item_id in rest:
            found[uid] = min(max(0, most), max(0, rest[item_id]))
            rest[item_id] -= found[uid]
            last[item_id] = uid
    for item_id, uid in last.items():
        found[uid] += rest[item_id]
    return found


def _noted(database: Queries, document_id: int) -> list[tuple[str, int]]:
    return list(
        database.rows(
            "SELECT o.what, SUM(l.quantity) FROM consumption_out o "
            "JOIN document_line l ON l.uid = o.line_uid JOIN document d ON d.id = l.document_id "
            "WHERE d.state = 'printed' AND o.what IN "
            "(SELECT uid FROM document_line WHERE document_id = ?) GROUP BY o.what",
            (document_id,),
        )
    )


def unfitted(database: Queries, document_id: int) -> set[str]:
    """The uids of planned lines that its consumption says will not be fitted."""
    rows = database.rows(
        "SELECT what FROM consumption_entry e WHERE document_id = ? AND kind = 'unfitted' "
        "AND NOT EXISTS (SELECT 1 FROM consumption_entry r WHERE r.reverses = e.id)",
        (document_id,),
    )
    return {row[0] for row in rows}


class _Item(NamedTuple):
    """Of an item of an order: what it is called, what was ordered and what goes with a note."""

    name: str
    ordered: int
    going: int


def twice(database: Queries, document: Document) -> list[Problem]:
    """What would leave with a delivery note though notes of consumption, or work orders, took it
    already: more than the order has, with what was delivered."""
    found = []
    for order_id in _orders(database, document):
        notes: dict[int, int] = dict(database.rows(_NOTES, (order_id,)))
        works = {item: moved for item, (_, moved) in order_goods.fitted(database, order_id).items()}
        delivered = order_goods.delivered(database, order_id)
        for item_id, one in _items(database, order_id, document).items():
            out, worked = notes.get(item_id) or 0, works.get(item_id, 0)
            gone = out + worked + delivered.get(item_id, 0)
            if out + worked > 0 and one.going > 0 and gone + one.going > one.ordered:
                by = "bon de consommation" if out > 0 else "bon d'intervention"
                said = f"{one.name} : déjà sortie par un {by}"
                found.append(Problem("consumption.out", "quantity", said, "retirez-la de ce bon"))
    return found


def free(database: Queries, order_id: int, line_id: int, wanted: int) -> int:
    """How much of a line of an order may still leave the stock, `wanted` at most: what notes, work
    orders and deliveries took of its items, or of those in it, left."""
    gone = order_goods.delivered(database, order_id)
    noted: dict[int, int] = dict(database.rows(_NOTES, (order_id,)))
    works = {item: moved for item, (_, moved) in order_goods.fitted(database, order_id).items()}
    rest: dict[int, int] = {}
    rows = database.rows(_ORDERED, (order_id,))
    for item_id, _, _, quantity, _, _ in rows:
        rest[item_id] = rest.get(item_id, 0) + quantity
    for took in (gone, noted, works):
        for item_id, quantity in took.items():
            rest[item_id] = rest.get(item_id, 0) - quantity
    for item_id, _, _, quantity, top, whole in rows:
        if top == line_id and quantity > 0:
            wanted = min(wanted, max(0, rest[item_id]) * whole // quantity)
    return wanted


def _items(database: Queries, order_id: int, document: Document) -> dict[int, _Item]:
    """The items of an order, with what a document delivers of it, components in proportion."""
    takes: dict[int, int] = {}
    for link in document.links.values():
        if link.pool == "deliver":
            takes[link.source_line_id] = takes.get(link.source_line_id, 0) + link.quantity
    found: dict[int, _Item] = {}
    for item_id, reference, label, quantity, top, whole in database.rows(_ORDERED, (order_id,)):
        before = found.get(item_id, _Item(reference or label, 0, 0))
        going = div_round(quantity * takes.get(top, 0), whole) if whole else 0
        found[item_id] = _Item(before.name, before.ordered + quantity, before.going + going)
    return found


def _orders(database: Queries, document: Document) -> list[int]:
    """The orders whose consumption is followed that a document delivers."""
    ids = sorted({one.source_line_id for one in document.links.values() if one.pool == "deliver"})
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        rows = database.rows(
            "SELECT DISTINCT l.document_id FROM document_line l JOIN document_order o "
            "ON o.document_id = l.document_id AND o.consumption_at IS NOT NULL "
            f"WHERE l.id IN ({', '.join('?' * len(page))})",
            page,
        )
        found |= {row[0] for row in rows}
    return sorted(found)
