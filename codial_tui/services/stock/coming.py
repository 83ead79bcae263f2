"""What is to come of an item and what is held: expected from suppliers, reserved for orders.

Quantities are 10⁻⁴ of the unit of stock. Expected is what open and sent supplier orders have left
to receive, and what receipts hold that are not validated yet. What came for a sale (its lines are
linked to the purchase by `supply`) is held for it: it is part of what that order reserves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from codial_tui.domain.buying.average_cost import Unconvertible, in_stock_unit
from codial_tui.domain.chain.transfer import same_side
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.money import div_round
from codial_tui.domain.quantity import format_quantity
from codial_tui.models.queries import Queries

from . import followed


@dataclass(frozen=True, slots=True)
class Coming:
    """What a supplier's document brings of an item. due: ISO day or ""."""

    item_id: int
    document_id: int
    ref: str
    party: str
    quantity: int
    due: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer's order waits for of an item. arrived: bought for it and in stock."""

    document_id: int
    ref: str
    party: str
    quantity: int
    arrived: int


_UNITS = "l.unit, i.unit, i.purchase_unit, i.purchase_factor"
_COMING = (
    "SELECT l.item_id, d.id, d.kind, d.number, d.party_name, d.state, "
    "COALESCE(l.delivery_date, s.expected_date, ''), "
    f"COALESCE(p.quantity - p.taken, l.quantity), {_UNITS} FROM document d "
    "JOIN document_purchase s ON s.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id JOIN item i ON i.id = l.item_id "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'deliver' "
    "WHERE d.kind = 'purchase_order' AND d.delivery IN ('none', 'part') "
    "AND s.given_up_at IS NULL AND l.parent_uid IS NULL AND l.tag = ''{own} UNION ALL "
    "SELECT l.item_id, d.id, d.kind, d.number, d.party_name, 'sent', "
    f"COALESCE(s.received_on, d.date), l.quantity, {_UNITS} FROM document d "
    "JOIN document_purchase s ON s.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id JOIN item i ON i.id = l.item_id "
    "WHERE d.kind = 'goods_receipt' AND d.state = 'open' AND l.parent_uid IS NULL "
    "AND l.tag = ''{own} ORDER BY 7, 2"
)


def coming(database: Queries, item_ids: Sequence[int] = ()) -> list[Coming]:
    """What suppliers still bring, of these items or of all, the first to come first."""
    own = f" AND l.item_id IN ({', '.join('?' * len(item_ids))})" if item_ids else ""
    found = []
    for item, key, kind, number, party, state, due, left, *units in database.rows(
        _COMING.format(own=own), [*item_ids, *item_ids]
    ):
        quantity = stocked(left, *units)
        if quantity > 0:
            ref = str(number or ref_of(kind, key))
            found.append(Coming(item, key, ref, party, quantity, due, state == "sent"))
    return found


def expected(database: Queries, item_ids: Sequence[int] = ()) -> dict[int, int]:
    """What is to come, by item."""
    found: dict[int, int] = {}
    for one in coming(database, item_ids):
        found[one.item_id] = found.get(one.item_id, 0) + one.quantity
    return found


def stocked(quantity: int, unit: str, stock: str, purchase: str, factor: int) -> int:
    """A bought quantity in the unit of stock; as it is where the unit does not convert (its
    receipt will be refused)."""
    said = in_stock_unit(quantity, unit, stock=stock, purchase=purchase, factor=factor)
    return quantity if isinstance(said, Unconvertible) else said


_WAITING = (
    "SELECT d.id, d.number, d.party_name, l.id, l.quantity, r.quantity, "
    "COALESCE(p.quantity - p.taken, r.quantity) FROM document d "
    "JOIN document_order o ON o.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN document_line m ON m.uid = l.parent_uid "
    "LEFT JOIN document_line n ON n.uid = m.parent_uid "
    "JOIN document_line r ON r.id = COALESCE(n.id, m.id, l.id) "
    "LEFT JOIN line_pool p ON p.line_id = r.id AND p.pool = 'deliver' "
    "WHERE d.kind = 'order' AND d.delivery IN ('none', 'part') AND o.given_up_at IS NULL "
    "AND l.item_id = ? AND l.stock_managed = 1 AND l.tag = '' AND COALESCE(m.tag, '') = '' "
    "AND r.tag = '' ORDER BY d.date, d.id, l.position"
)


def held(database: Queries, item_id: int) -> list[Held]:
    """Which orders hold how much of an item, the oldest first. Together with what open delivery
    notes and invoices take along they are what is reserved."""
    found: dict[int, Held] = {}
    rows = list(database.rows(_WAITING, (item_id,)))
    came = arrived(database, [row[3] for row in rows])
    for key, number, party, line_id, quantity, whole, left in rows:
        rest = div_round(quantity * left, whole) if whole else 0
        if rest <= 0:
            continue
        gone = quantity - rest  # what came first was delivered first
        here = same_side(rest, max(0, came.get(line_id, 0) - gone))
        before = found.get(key)
        if before is not None:
            rest, here = rest + before.quantity, here + before.arrived
        found[key] = Held(key, str(number or ref_of("order", key)), party, rest, here)
    out = followed.taken(database) if found else {}
    for key, one in list(found.items()):
        rest = one.quantity - min(one.quantity, max(0, out.get((key, item_id), 0)))
        found[key] = replace(one, quantity=rest, arrived=min(one.arrived, rest))
    return [one for one in found.values() if one.quantity]


_BOUGHT = (
    "SELECT k.source_line_id, k.target_line_id, k.quantity, t.quantity, "
    "COALESCE((SELECT SUM(f.quantity) FROM line_link f "
    "JOIN document_line x ON x.id = f.target_line_id JOIN document e ON e.id = x.document_id "
    "WHERE f.source_line_id = t.id AND f.relation = 'fulfil' AND f.pool = 'deliver' "
    "AND e.state = 'validated'), 0), t.unit, i.unit, i.purchase_unit, i.purchase_factor "
    "FROM line_link k JOIN document_line t ON t.id = k.target_line_id "
    "JOIN item i ON i.id = t.item_id "
    "WHERE k.relation = 'supply' AND k.target_line_id IN ("
    "SELECT q.target_line_id FROM line_link q WHERE q.relation = 'supply' "
    "AND q.source_line_id IN ({marks})) ORDER BY k.id"
)


def arrived(database: Queries, line_ids: Iterable[int]) -> dict[int, int]:
    """What validated receipts brought for sale lines, by line: several lines that share a
    purchase line are served in the order in which they were bought for."""
    wanted = sorted(set(line_ids))
    if not wanted:
        return {}
    came: dict[int, int] = {}
    found: dict[int, int] = {}
    marks = ", ".join("?" * len(wanted))
    for sale, purchase, quantity, _, received, *units in database.rows(
        _BOUGHT.format(marks=marks), wanted
    ):
        left = came.setdefault(purchase, stocked(received, *units))
        part = min(quantity, max(0, left))
        came[purchase] = left - part
        found[sale] = found.get(sale, 0) + part
    return found


def said(database: Queries, item_id: int) -> list[str]:
    """Rows for F9: which orders hold what of an item, which suppliers bring what and when."""
    rows = []
    waiting = held(database, item_id)
    if waiting:
        parts = [
            f"{one.ref} {format_quantity(one.quantity, 0)}"
            + (f" (arrivé {format_quantity(one.arrived, 0)})" if one.arrived else "")
            for one in waiting
        ]
        rows.append("Réservé : " + " · ".join(_few(parts)))
    there = coming(database, [item_id])
    if there:
        parts = [
            f"{one.ref} {format_quantity(one.quantity, 0)}"
            + (f" le {one.due[8:10]}/{one.due[5:7]}" if one.due else "")
            + ("" if one.sent else " (non envoyée)")
            for one in there
        ]
        rows.append("Attendu : " + " · ".join(_few(parts)))
    return rows


SHOWN = 3


def _few(parts: list[str]) -> list[str]:
    """The first ones, and how many more."""
    more = len(parts) - SHOWN
    return parts if more <= 0 else [*parts[:SHOWN], f"et {more} de plus"]
