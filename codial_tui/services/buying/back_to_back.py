"""Contremarque: what is bought for which line of a sale, seen from both sides (domain.md §1).

A `supply` link goes from the sale's line to the purchase's. It follows the sale: a line made
smaller or deleted keeps no more than it has (`released`), what was bought beyond is then for the
stock. Quantities are 10⁻⁴ of the sale line's unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from codial_tui.domain.changes import Change
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.quantity import format_quantity
from codial_tui.models.queries import Queries
from codial_tui.services.context import Context
from codial_tui.services.lists.mark_sql import LATE_SUPPLY
from codial_tui.services.stock.coming import stocked

RELATION = "supply"


class Supply(NamedTuple):
    """So much of a purchase line that is bought for a sale line. expected: when the supplier
    brings it, wanted: when the sale needs it, ISO days or ""; arrived: what receipts brought, of
    works what the subcontractor has billed too."""

    uid: str
    sale_line: str
    sale_id: int
    sale_ref: str
    customer: str
    project: str
    label: str
    unit: str
    wanted: str
    purchase_line: str
    purchase_id: int
    purchase_ref: str
    supplier: str
    expected: str
    quantity: int
    arrived: int
    ended: bool
    """nothing more comes of it: its rest was given up"""

    def is_late(self, today: str) -> bool:
        """Still to come, and announced for a day that is over or too late for the sale."""
        if self.ended or self.arrived >= self.quantity or not self.expected:
            return False
        return self.expected < today or bool(self.wanted and self.expected > self.wanted)

    def bought(self, today: str) -> str:
        """What the sale says: `commandé 6 sur CF26-00012 (Rhône, attendu 30/11), reçu 4`."""
        due = f", attendu {_day(self.expected)}" if self.expected and not self.ended else ""
        came = f", reçu {format_quantity(self.arrived, 0)}" if self.arrived else ""
        late = "! en retard, " if self.is_late(today) else ""
        given_up = ", reste abandonné" if self.ended else ""
        quantity = format_quantity(self.quantity, 0)
        return (
            f"{late}commandé {quantity} sur {self.purchase_ref} ({self.supplier}{due})"
            f"{came}{given_up}"
        )

    @property
    def bought_for(self) -> str:
        """What the purchase says: `6 pour CC26-00011 (Martin, chantier Gare, voulu 02/12)`."""
        parts = [self.customer, self.project, f"voulu {_day(self.wanted)}" if self.wanted else ""]
        who = ", ".join(filter(None, parts))
        return f"{format_quantity(self.quantity, 0)} pour {self.sale_ref}" + (
            f" ({who})" if who else ""
        )


def _day(iso: str) -> str:
    return f"{iso[8:10]}/{iso[5:7]}"


_LINKS = (
    "SELECT k.uid, s.uid, c.id, c.kind, c.number, c.party_name, COALESCE(j.name, ''), s.label, "
    "s.unit, COALESCE(s.delivery_date, c.planned_date, ''), t.uid, t.id, b.id, b.kind, b.number, "
    "b.party_name, COALESCE(t.delivery_date, u.expected_date, ''), k.quantity, "
    "CASE WHEN u.given_up_at IS NULL THEN 0 ELSE 1 END, "
    "COALESCE((SELECT SUM(f.quantity) FROM line_link f "
    "JOIN document_line x ON x.id = f.target_line_id JOIN document e ON e.id = x.document_id "
    "WHERE f.source_line_id = t.id AND f.relation = 'fulfil' AND f.pool = 'deliver' "
    "AND e.state = 'validated'), 0), CASE WHEN b.kind = 'subcontract_order' THEN COALESCE(("
    "SELECT y.taken FROM line_pool y WHERE y.line_id = t.id AND y.pool = 'bill'), 0) ELSE 0 END, "
    "t.unit, COALESCE(i.unit, ''), COALESCE(i.purchase_unit, ''), "
    "COALESCE(i.purchase_factor, 1000000) FROM line_link k "
    "JOIN document_line s ON s.id = k.source_line_id JOIN document c ON c.id = s.document_id "
    "JOIN document_line t ON t.id = k.target_line_id JOIN document b ON b.id = t.document_id "
    "LEFT JOIN document_purchase u ON u.document_id = b.id LEFT JOIN item i ON i.id = t.item_id "
    "LEFT JOIN project j ON j.id = COALESCE(t.project_id, s.project_id, c.project_id) "
    "WHERE k.relation = 'supply' AND k.target_line_id IN ("
    "SELECT q.target_line_id FROM line_link q JOIN document_line r ON r.id = q.{side} "
    "WHERE q.relation = 'supply' AND r.{which}) ORDER BY k.id"
)


def _read(database: Queries, side: str, which: str, params: Sequence[Any]) -> list[Supply]:
    """Links of the purchase lines that some lines are tied to; what came of a purchase line serves
    them in the order in which it was bought for them."""
    found: list[Supply] = []
    came: dict[int, int] = {}
    for row in database.rows(_LINKS.format(side=side, which=which), params):
        uid, sale, sale_id, kind, number, customer, project, label, unit, wanted = row[:10]
        line, line_id, bought_id, bought_kind, bought_number, supplier, expected = row[10:17]
        quantity, ended, received, billed, *units = row[17:]
        left = came.setdefault(line_id, stocked(max(received, billed), *units))
        arrived = min(quantity, max(0, left))
        came[line_id] = left - arrived
        found.append(
            Supply(
                uid,
                sale,
                sale_id,
                number or ref_of(kind, sale_id),
                customer,
                project,
                label,
                unit,
                wanted,
                line,
                bought_id,
                bought_number or ref_of(bought_kind, bought_id),
                supplier,
                expected,
                quantity,
                arrived,
                bool(ended),
            )
        )
    return found


def of_document(database: Queries, document_id: int) -> list[Supply]:
    """What is bought for a document's lines, or what its lines are bought for."""
    for side, mine in (("source_line_id", "sale_id"), ("target_line_id", "purchase_id")):
        found = _read(database, side, "document_id = ?", (document_id,))
        own = [one for one in found if getattr(one, mine) == document_id]
        if own:
            return own
    return []


def of_line(database: Queries, uid: str) -> list[Supply]:
    """What is bought for a line, or what it is bought for."""
    for side in ("source_line_id", "target_line_id"):
        found = _read(database, side, "uid = ?", (uid,))
        own = [one for one in found if uid in (one.sale_line, one.purchase_line)]
        if own:
            return own
    return []


def said(database: Queries, uid: str, today: str) -> list[str]:
    """What a line says of it: on a sale what is bought, on a purchase for whom."""
    return [
        one.bought(today) if one.sale_line == uid else one.bought_for
        for one in of_line(database, uid)
    ]


def late(database: Queries, ids: Sequence[int], today: str) -> set[int]:
    """Which of these customers' orders wait for something that a supplier brings too late."""
    if not ids:
        return set()
    marks = ", ".join("?" * len(ids))
    planned = database.rows(
        f"SELECT t.target_id FROM transfer t WHERE t.source_id IN ({marks})", tuple(ids)
    )
    bought = sorted({*ids, *(row[0] for row in planned)})
    those = f"IN ({', '.join(map(str, bought))})"
    return {
        row[0]
        for row in database.rows(
            f"SELECT d.id FROM document d WHERE d.id IN ({marks}) "
            f"AND {LATE_SUPPLY.format(those=those)}",
            (*ids, today),
        )
    }


# when the sale changes ----------------------------------------------------------------------------


def ordered_for(database: Queries, uids: Iterable[str]) -> list[Supply]:
    """What is bought for some lines of a sale."""
    wanted = list(uids)
    found: list[Supply] = []
    for start in range(0, len(wanted), 400):
        page = wanted[start : start + 400]
        marks = ", ".join("?" * len(page))
        own = set(page)
        found += [
            one
            for one in _read(database, "source_line_id", f"uid IN ({marks})", page)
            if one.sale_line in own
        ]
    return found


def counted(supplies: Sequence[Supply]) -> str:
    """`6 sur CF26-00012 (Rhône)`, order by order."""
    by_order: dict[tuple[str, str], int] = {}
    for one in supplies:
        key = one.purchase_ref, one.supplier
        by_order[key] = by_order.get(key, 0) + one.quantity
    return ", ".join(
        f"{format_quantity(quantity, 0)} sur {ref} ({supplier})"
        for (ref, supplier), quantity in by_order.items()
    )


def kept(supplies: Sequence[Supply], left: Mapping[str, int]) -> list[Change]:
    """The changes of links that leave each sale line (by uid) no more than it still needs: what
    was bought last is given up first. They travel in the sale's step, whose undo puts them back."""
    changes = []
    rest = dict(left)
    for one in supplies:
        wanted = min(one.quantity, max(0, rest.get(one.sale_line, one.quantity)))
        rest[one.sale_line] = rest.get(one.sale_line, one.quantity) - wanted
        if wanted != one.quantity:
            ends = {"source_uid": one.sale_line, "target_uid": one.purchase_line}
            before = {**ends, "quantity": one.quantity}
            changes.append(Change("set", "supply", one.uid, before, {**ends, "quantity": wanted}))
    return changes


def released(database: Queries, changes: Sequence[Change]) -> tuple[list[Change], list[Supply]]:
    """What these changes of a sale's lines give up of what is bought for them, as changes that go
    before them; and each purchase with what it has too much."""
    left = {}
    for one in changes:
        if one.target == "supply":
            return [], []  # the step says itself what becomes of them
        if one.target == "line" and one.op == "delete":
            left[one.uid] = 0
        elif one.target == "line" and one.op == "set" and "quantity" in (one.after or {}):
            left[one.uid] = (one.after or {})["quantity"]
    if not left:
        return [], []
    supplies = ordered_for(database, left)
    return _with_what(supplies, kept(supplies, left))


def undelivered(
    database: Queries, document: Document, delivered: Mapping[str, int]
) -> tuple[list[Change], list[Supply]]:
    """What an order that gives up its rest no longer needs of what is bought for it. delivered:
    what the customer has of every line, by uid."""
    supplies = [one for one in of_document(database, document.id) if one.sale_id == document.id]
    left = {one.sale_line: delivered.get(one.sale_line, 0) for one in supplies}
    return _with_what(supplies, kept(supplies, left))


def _with_what(
    supplies: Sequence[Supply], changes: list[Change]
) -> tuple[list[Change], list[Supply]]:
    by_uid = {one.uid: one for one in supplies}
    too_many = [
        by_uid[one.uid]._replace(quantity=(one.before or {})["quantity"] - one.after["quantity"])
        for one in changes
        if one.after is not None
    ]
    return changes, too_many


def warned(too_many: Sequence[Supply]) -> str:
    """Row 23 after it: what is on order and no longer needed, and what to do about it."""
    if not too_many:
        return ""
    return f"Déjà commandé : {counted(too_many)} · réduisez-la, ou gardez-le en stock"


def write(database: Any, change: Change) -> None:
    """Write a `supply` change inside the caller's transaction. What the purchase no longer has,
    or gave to others meanwhile, is not put back."""
    before, after = change.before or {}, change.after or {}
    target = database.row(
        "SELECT t.id, t.document_id, t.quantity FROM document_line t WHERE t.uid = ?",
        (after["target_uid"],),
    )
    source = database.row(
        "SELECT s.id, s.quantity - COALESCE(p.taken, 0) FROM document_line s "
        "LEFT JOIN line_pool p ON p.line_id = s.id AND p.pool = 'buy' WHERE s.uid = ?",
        (after["source_uid"],),
    )
    if target is None or source is None:
        return
    there = database.row("SELECT quantity FROM line_link WHERE uid = ?", (change.uid,))
    have = there[0] if there else 0
    wanted = have + after["quantity"] - before["quantity"]
    wanted = max(0, min(wanted, have + source[1]))
    if wanted == have:
        return
    if not wanted:
        database.execute("DELETE FROM line_link WHERE uid = ?", (change.uid,))
    elif there:
        database.execute("UPDATE line_link SET quantity = ? WHERE uid = ?", (wanted, change.uid))
    else:
        database.execute(
            "INSERT INTO line_pool (line_id, pool, quantity, taken) "
            "SELECT id, 'buy', quantity, 0 FROM document_line WHERE id = ? "
            "ON CONFLICT (line_id, pool) DO NOTHING",
            (source[0],),
        )
        database.execute(
            "INSERT INTO line_link (uid, source_line_id, target_line_id, relation, pool, quantity, "
            "amount) VALUES (?, ?, ?, 'supply', 'buy', ?, 0)",
            (change.uid, source[0], target[0], wanted),
        )
    # whoever has the purchase open must read its links again
    database.execute("UPDATE document SET version = version + 1 WHERE id = ?", (target[1],))


def forget(context: Context, document: Document) -> list[Supply]:
    """Untie what is bought for a sale that is deleted, inside the caller's transaction; the
    purchases say in their log for whom it was."""
    database = context.database
    found = [one for one in of_document(database, document.id) if one.sale_id == document.id]
    for change in kept(found, dict.fromkeys((one.sale_line for one in found), 0)):
        write(database, change)
    for purchase_id in dict.fromkeys(one.purchase_id for one in found):
        own = [one for one in found if one.purchase_id == purchase_id]
        words = ", ".join(f"{format_quantity(one.quantity, 0)} {one.label}" for one in own)
        database.execute(
            "INSERT INTO document_event (uid, document_id, document_uid, type, at, user_id, "
            "user_name, text) SELECT ?, id, uid, 'transfer', ?, ?, ?, ? FROM document WHERE id = ?",
            (
                context.uid(),
                context.now,
                context.user.id,
                context.user.name,
                f"{document.ref} supprimée : {words} pour le stock",
                purchase_id,
            ),
        )
    return found
