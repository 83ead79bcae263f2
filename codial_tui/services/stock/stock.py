"""Stock as people ask for it: on hand, reserved, expected, by item and warehouse; moves by hand,
inventory counts, and where an item's stock went.

Quantities are 10⁻⁴. On hand is what the journal adds up to; reserved is promised and still here:
what orders have left to deliver, with what their assemblies hold, and what open delivery notes and
provisional invoices take along. Expected is what suppliers still bring (`coming`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codial_tui.domain.kinds import ref_of
from codial_tui.domain.money import div_round
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.models.queries import Queries
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.records import rights, settings

from . import coming, followed, journal
from .stock_moves import default_warehouse

REASONS = {
    "opening": "Stock de départ",
    "count": "Inventaire",
    "correction": "Correction",
    "transfer": "Entre dépôts",
    "delivery": "Livraison",
    "return": "Retour",
    "internal": "Sortie interne",
    "receipt": "Réception",
    "supplier_return": "Retour fournisseur",
    "consumption": "Consommation",
    "invoice": "Facture",
}
"""Why stock moved, and how it is said."""

BY_HAND = ("opening", "correction")
MOST = 200
"""Moves that a history shows."""


@dataclass(frozen=True, slots=True)
class Level:
    """One item in one warehouse; reserved and expected are of the item, on its first row."""

    reference: str
    label: str
    warehouse: str
    quantity: int
    unit: str
    reserved: int = 0
    expected: int = 0

    @property
    def available(self) -> int:
        return self.quantity - self.reserved + self.expected


@dataclass(frozen=True, slots=True)
class Move:
    """One move of an item. after: on hand in that warehouse afterwards; ref: the document that
    caused it, document_id its row; "" and None for a move by hand."""

    at: str
    quantity: int
    after: int
    warehouse: str
    reason: str
    user: str
    ref: str
    document_id: int | None


def levels(context: Context, reference: str = "", warehouse: str = "") -> list[Level]:
    """What is there of an item, or of every item kept in stock. Raises Refused."""
    database = context.database
    where = "i.stock_managed = 1"
    values: list[object] = []
    if reference:
        where, values = "i.id = ?", [item_of(context, reference)]
    if warehouse:
        where += " AND l.warehouse_id = ?"
        values.append(warehouse_of(context, warehouse))
    rows = database.rows(
        "SELECT i.id, i.reference, i.label, COALESCE(w.code, ''), COALESCE(l.on_hand, 0), i.unit "
        "FROM item i LEFT JOIN stock_level l ON l.item_id = i.id "
        f"LEFT JOIN warehouse w ON w.id = l.warehouse_id WHERE {where} "
        "ORDER BY i.reference_fold, w.position, w.code",
        values,
    )
    named = [row[0] for row in rows] if reference else []
    promised, awaited = reserved(database, named), coming.expected(database, named)
    found, seen = [], set()
    for item_id, own, label, place, quantity, unit in rows:
        first = item_id not in seen
        seen.add(item_id)
        held = promised.get(item_id, 0) if first else 0
        due = awaited.get(item_id, 0) if first else 0
        found.append(Level(own, label, place, quantity, unit, held, due))
    return found


def reserved(database: Queries, item_ids: Sequence[int] = ()) -> dict[int, int]:
    """What is promised and still here, by item (all of them when none is named)."""
    own = f" AND l.item_id IN ({', '.join('?' * len(item_ids))})" if item_ids else ""
    counting = f"l.stock_managed = 1 AND l.item_id IS NOT NULL AND l.tag = ''{own}"
    found: dict[int, int] = dict(
        database.rows(
            "SELECT item_id, SUM(quantity) FROM ("
            "SELECT l.item_id AS item_id, COALESCE(p.quantity - p.taken, l.quantity) AS quantity "
            f"FROM {_ORDERED} LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'deliver' "
            f"WHERE {_DUE} AND l.parent_uid IS NULL AND {counting} UNION ALL "
            "SELECT l.item_id, l.quantity FROM document d "
            "JOIN document_line l ON l.document_id = d.id "
            f"WHERE d.kind = 'delivery_note' AND d.state = 'open' AND {counting} UNION ALL "
            "SELECT l.item_id, l.quantity FROM document d "
            "JOIN document_line l ON l.document_id = d.id "
            "LEFT JOIN document_line m ON m.uid = l.parent_uid "
            "LEFT JOIN document_line n ON n.uid = m.parent_uid "
            "WHERE d.kind = 'invoice' AND d.state = 'provisional' AND EXISTS (SELECT 1 FROM "
            "line_link k WHERE k.target_line_id = COALESCE(n.id, m.id, l.id) "
            f"AND k.pool = 'deliver') AND {counting}) AS promised GROUP BY item_id",
            [*item_ids, *item_ids, *item_ids],
        )
    )
    for item_id, quantity, whole, left in database.rows(
        "SELECT l.item_id, l.quantity, r.quantity, COALESCE(p.quantity - p.taken, r.quantity) "
        f"FROM {_ORDERED} JOIN document_line m ON m.uid = l.parent_uid "
        "LEFT JOIN document_line n ON n.uid = m.parent_uid "
        "JOIN document_line r ON r.id = COALESCE(n.id, m.id) "
        "LEFT JOIN line_pool p ON p.line_id = r.id AND p.pool = 'deliver' "
        f"WHERE {_DUE} AND m.tag = '' AND r.tag = '' AND {counting}",
        item_ids,
    ):  # what an assembly holds goes with it
        part = div_round(quantity * left, whole) if whole else 0
        found[item_id] = found.get(item_id, 0) + part
    for item_id, quantity in followed.unreserved(database).items():
        if item_id in found:
            found[item_id] -= quantity
    return found


_ORDERED = (
    "document d JOIN document_order o ON o.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id"
)
_DUE = "d.kind = 'order' AND d.delivery IN ('none', 'part') AND o.given_up_at IS NULL"


def item_of(context: Context, reference: str) -> int:
    """The id of an item by reference or barcode. Raises Refused."""
    text = " ".join(reference.split())
    found = context.database.value(
        "SELECT id FROM item WHERE reference_fold = ? OR (ean = ? AND ean <> '') "
        "ORDER BY reference_fold = ? DESC LIMIT 1",
        (fold(text), text, fold(text)),
    )
    if found is None:
        raise refuse("item.unknown", f"Article {text} inconnu", "", "reference")
    return int(found)


def warehouse_of(context: Context, code: str) -> int:
    """The id of a warehouse by code or name; "" is the usual one. Raises Refused."""
    if not code:
        return default_warehouse(context)
    for key, own, name in context.database.rows("SELECT id, code, name FROM warehouse"):
        if fold(code) in (fold(own), fold(name)):
            return int(key)
    raise refuse("warehouse.unknown", f"Dépôt {code} inconnu", "F10 Paramètres, Dépôts")


def move(
    context: Context,
    reference: str,
    quantity: int,
    *,
    warehouse: str = "",
    to: str = "",
    reason: str = "correction",
) -> None:
    """Bring in (positive) or take out (negative) by hand; with `to`, from one warehouse to
    another, as two moves of one transaction. Raises Refused."""
    rights.require(context, "move_stock")
    item, place = item_of(context, reference), warehouse_of(context, warehouse)
    if not quantity:
        raise refuse("stock.zero", "Quantité nulle", "tapez ce qui entre ou sort", "quantity")
    if reason not in BY_HAND:
        words = ", ".join(BY_HAND)
        raise refuse("stock.reason", f"Motif « {reason} » : pas à la main", words, "reason")
    if to and quantity < 0:
        raise refuse("stock.places", "Deux dépôts différents, quantité positive", "", "to")
    if to:
        transfer(context, [(reference, quantity)], warehouse=warehouse, to=to)
        return
    with context.database.write():
        journal.write(context, [journal.Entry(item, place, quantity, reason)])


def transfer(
    context: Context, moves: Sequence[tuple[str, int]], *, warehouse: str = "", to: str = ""
) -> None:
    """Bring several items from one warehouse to another, all in one transaction: with each what
    leaves and what comes in. More than there is is refused when the setting `stock.negative` is
    `block`. Raises Refused; nothing is then written."""
    rights.require(context, "move_stock")
    here, there = warehouse_of(context, warehouse), warehouse_of(context, to)
    if here == there:
        raise refuse("stock.places", "Deux dépôts différents", "vers quel dépôt ?", "to")
    entries: list[journal.Entry] = []
    leaving: dict[int, int] = {}
    for reference, quantity in moves:
        if quantity <= 0:
            raise refuse("stock.zero", f"{reference} : quantité positive", "", "quantity")
        item = item_of(context, reference)
        leaving[item] = leaving.get(item, 0) + quantity
        entries += [
            journal.Entry(item, here, -quantity, journal.TRANSFER),
            journal.Entry(item, there, quantity, journal.TRANSFER),
        ]
    if not entries:
        raise refuse("stock.nothing", "Rien à transférer", "tapez une référence et sa quantité")
    with context.database.write():
        pools.turn(context.database)
        if settings.value(context, "stock.negative", "warn") == "block":
            _check_there(context, here, leaving)
        journal.write(context, entries)


def _check_there(context: Context, warehouse: int, leaving: dict[int, int]) -> None:
    for item, quantity in leaving.items():
        row = context.database.row(
            "SELECT i.reference, COALESCE(l.on_hand, 0) FROM item i LEFT JOIN stock_level l "
            "ON l.item_id = i.id AND l.warehouse_id = ? WHERE i.id = ?",
            (warehouse, item),
        )
        assert row is not None
        if row[1] < quantity:
            said = f"{row[0]} : {format_quantity(row[1], 0)} dans ce dépôt"
            raise refuse("stock.negative", said, f"pas {format_quantity(quantity, 0)}", "quantity")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count found. before, quantity, difference: 10⁻⁴."""

    reference: str
    before: int
    quantity: int

    @property
    def difference(self) -> int:
        return self.quantity - self.before


def count(
    context: Context, counts: Sequence[tuple[str, int]], *, warehouse: str = ""
) -> list[Counted]:
    """An inventory count: what was counted becomes what is on hand, by a move of the difference,
    all in one transaction. The same item twice is what was found in two places: it adds up.
    Raises Refused; nothing is then written."""
    rights.require(context, "move_stock")
    place = warehouse_of(context, warehouse)
    wanted: dict[int, int] = {}
    names: dict[int, str] = {}
    for reference, quantity in counts:
        if quantity < 0:
            raise refuse("stock.counted", f"{reference} : on ne compte pas moins que zéro")
        item = item_of(context, reference)
        names[item] = context.database.value("SELECT reference FROM item WHERE id = ?", (item,))
        wanted[item] = wanted.get(item, 0) + quantity
    found, moves = [], []
    with context.database.write():
        pools.turn(context.database)  # what is on hand stays so until it is counted
        for item, quantity in wanted.items():
            before = int(
                context.database.value(
                    "SELECT on_hand FROM stock_level WHERE item_id = ? AND warehouse_id = ?",
                    (item, place),
                    0,
                )
            )
            if quantity != before:
                moves.append(journal.Entry(item, place, quantity - before, "count"))
            found.append(Counted(names[item], before, quantity))
        journal.write(context, moves)
    return found


def history(context: Context, item_id: int) -> list[Move]:
    """The last moves of an item, the newest first, with what each left on hand."""
    rows = context.database.rows(
        "SELECT m.at, m.quantity, SUM(m.quantity) OVER ("
        "PARTITION BY m.warehouse_id ORDER BY m.id ROWS UNBOUNDED PRECEDING), w.code, m.reason, "
        "COALESCE(u.name, ''), d.id, d.kind, d.number FROM stock_move m "
        "JOIN warehouse w ON w.id = m.warehouse_id LEFT JOIN app_user u ON u.id = m.user_id "
        "LEFT JOIN document_line l ON l.uid = m.line_uid AND m.line_uid <> '' "
        "LEFT JOIN document d ON d.id = l.document_id "
        "WHERE m.item_id = ? ORDER BY m.id DESC LIMIT ?",
        (item_id, MOST),
    )
    return [
        Move(
            at,
            quantity,
            int(after),
            warehouse,
            REASONS.get(reason) or str(reason),
            user,
            str(number or ref_of(kind, key)) if key else "",
            key,
        )
        for at, quantity, after, warehouse, reason, user, key, kind, number in rows
    ]
