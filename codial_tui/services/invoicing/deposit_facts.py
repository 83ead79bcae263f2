"""What the database knows of deposits: of an order, and of the invoices that descend from it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.deposits import Share
from codial_tui.domain.lines.lines import Key, line_key
from codial_tui.domain.lines.totals import counting, totals
from codial_tui.domain.money import div_round
from codial_tui.models.queries import Queries
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.payments.payment_facts import paid


class Standing(NamedTuple):
    """One deposit of an order, in cents TTC: asked = what it was issued for; paid, by payments,
    not by credit notes; deducted, on invoices that are validated or not; credited; left: still to
    be deducted."""

    deposit_id: int
    document_id: int
    number: str
    date: str
    kind: str
    asked: int
    paid: int
    deducted: int
    credited: int
    left: int

    @property
    def due(self) -> int:
        """What nobody paid of it."""
        return max(0, self.asked - self.credited - self.paid)


_SHARES = (
    "SELECT d.id, d.document_id, i.number, i.date, p.vat_category, p.vat_rate, d.price_mode, "
    "p.amount - (SELECT COALESCE(SUM(u.amount), 0) FROM deposit_use u WHERE {other}), "
    "p.net - (SELECT COALESCE(SUM(u.net), 0) FROM deposit_use u WHERE {other}), "
    "p.vat - (SELECT COALESCE(SUM(u.vat), 0) FROM deposit_use u WHERE {other}) "
    "FROM deposit d JOIN document i ON i.id = d.document_id "
    "JOIN deposit_part p ON p.deposit_id = d.id "
    "WHERE d.{name} IN ({marks}) AND i.state <> 'provisional' "
    "ORDER BY d.id, p.vat_rate DESC, p.vat_category"
)
COUNTS = (
    "NOT (u.amount < 0 AND EXISTS (SELECT 1 FROM document g WHERE g.id = u.document_id "
    "AND g.state = 'provisional'))"
)
"""Of a `deposit_use u`: what a credit note gives back is there once it is validated."""
_OTHER = (
    "u.deposit_id = d.id AND u.vat_category = p.vat_category AND u.vat_rate = p.vat_rate "
    f"AND {COUNTS} AND {{beside}}"
)
_NO_DRAFT = (
    "NOT EXISTS (SELECT 1 FROM document e JOIN document_invoice w ON w.document_id = e.id "
    "WHERE e.id = u.document_id AND e.state = 'provisional' AND w.is_credit = 0)"
)


def shares(database: Queries, document: Document) -> list[Share]:
    """What an invoice can deduct, the oldest deposit first; of a credit note what it gives back
    or credits."""
    if not database.row("SELECT 1 FROM deposit LIMIT 1"):
        return []
    if document.number("is_credit"):
        name, ids = "id", {one.deposit_id for one in document.uses}
    else:
        name, ids = "order_id", orders_of(database, document)
    return _shares(database, name, ids, f"u.document_id <> {document.id:d}") if ids else []


def creditable(database: Queries, document_id: int) -> list[Share]:
    """What of a deposit invoice is neither credited nor deducted for good: provisional invoices
    let go of what is credited. [] of what is no deposit."""
    return _shares(database, "document_id", {document_id}, _NO_DRAFT)


def _shares(
    database: Queries, name: str, ids: Collection[int], beside: str = "1 = 1"
) -> list[Share]:
    other, marks = _OTHER.format(beside=beside), ", ".join("?" * len(ids))
    sql = _SHARES.format(other=other, name=name, marks=marks)
    return [
        Share(row[0], row[1], row[2], row[3], (row[4], row[5]), row[6], *row[7:])
        for row in database.rows(sql, sorted(ids))
    ]


def orders_of(database: Queries, document: Document) -> set[int]:
    """The documents that an invoice, stored or not, descends from."""
    direct = pools.documents_of(
        database,
        {one.source_line_id for one in document.links.values() if one.relation != "correct"},
    )
    return direct | pools.origins_of(database, direct) if direct else set()


def is_last(database: Queries, document: Document) -> bool:
    """Whether all that an invoice descends from and that has a deposit is wholly billed."""
    ids = sorted(orders_of(database, document))
    marks = ", ".join("?" * len(ids)) or "0"
    sql = (
        f"SELECT 1 FROM document d WHERE d.id IN ({marks}) AND d.billing <> 'full' "
        "AND EXISTS (SELECT 1 FROM deposit p WHERE p.order_id = d.id)"
    )
    return database.row(sql, ids) is None


def invoices_of(database: Queries, order_id: int) -> list[int]:
    """The provisional invoices that descend from an order, by id."""
    found: set[int] = set()
    wanted = {order_id}
    while wanted:
        marks = ", ".join("?" * len(wanted))
        targets = {
            row[0]
            for row in database.rows(
                "SELECT DISTINCT t.document_id FROM document_line s "
                "JOIN line_link k ON k.source_line_id = s.id "
                "JOIN document_line t ON t.id = k.target_line_id "
                f"WHERE s.document_id IN ({marks})",
                tuple(wanted),
            )
        }
        wanted = targets - found
        found |= targets
    marks = ", ".join("?" * len(found)) or "0"
    sql = (
        "SELECT d.id FROM document d JOIN document_invoice i ON i.document_id = d.id "
        f"WHERE d.id IN ({marks}) AND d.state = 'provisional' AND i.is_credit = 0 ORDER BY d.id"
    )
    return [row[0] for row in database.rows(sql, sorted(found))]


def remaining(context: Context, order: Document) -> dict[Key, int]:
    """Cents TTC of an order that neither invoices nor deposits have asked for yet, by VAT key."""
    database = context.database
    ids = {line.id: line for line in counting(order) if line.id}
    nets: dict[Key, int] = {}
    for line in ids.values():
        nets[line_key(line)] = nets.get(line_key(line), 0) + line.net_amount
    billed: dict[Key, int] = {}
    for line_id, amount in database.rows(
        "SELECT k.source_line_id, SUM(k.amount) FROM line_link k "
        "JOIN document_line l ON l.id = k.source_line_id "
        "WHERE l.document_id = ? AND k.pool = 'bill' GROUP BY k.source_line_id",
        (order.id,),
    ):
        if line_id in ids:
            key = line_key(ids[line_id])
            billed[key] = billed.get(key, 0) + amount
    found = {}
    for row in totals(order).vat:
        key, gross = (row.category, row.rate), row.base + row.amount
        net = nets.get(key, 0)
        found[key] = div_round(gross * (net - billed.get(key, 0)), net) if net else gross
    for share in _shares(database, "order_id", {order.id}):
        found[share.key] = found.get(share.key, 0) - share.net - share.vat
    return {key: rest for key, rest in found.items() if rest > 0}


def of_order(context: Context, order_id: int) -> list[Standing]:
    """The deposits of an order, the oldest first."""
    rows = context.database.rows(
        "SELECT d.id, d.document_id, i.number, i.date, d.kind, i.gross_total, "
        "(SELECT COALESCE(SUM(u.net + u.vat), 0) FROM deposit_use u "
        "JOIN document_invoice v ON v.document_id = u.document_id "
        f"WHERE u.deposit_id = d.id AND {COUNTS} AND (v.is_credit = 0 OR u.amount < 0)), "
        "(SELECT COALESCE(SUM(u.net + u.vat), 0) FROM deposit_use u "
        f"WHERE u.deposit_id = d.id AND {COUNTS}), "
        "(SELECT COALESCE(SUM(p.net + p.vat), 0) FROM deposit_part p WHERE p.deposit_id = d.id) "
        "FROM deposit d JOIN document i ON i.id = d.document_id "
        "WHERE d.order_id = ? AND i.state <> 'provisional' ORDER BY d.id",
        (order_id,),
    )
    ids = [row[1] for row in rows]
    money = paid(context, ids) if rows else {}
    marks = ", ".join("?" * len(ids)) or "0"
    offset: dict[int, int] = dict(context.database.rows(_OFFSET.format(marks=marks), ids))
    return [
        Standing(
            id_, invoice, number, day, kind, asked, money[invoice] - offset.get(invoice, 0), *used
        )
        for id_, invoice, number, day, kind, asked, *found in rows
        for used in [(found[0], found[1] - found[0], found[2] - found[1])]
    ]


_OFFSET = (
    "SELECT a.document_id, SUM(a.amount) FROM payment_allocation a "
    "JOIN payment p ON p.id = a.payment_id LEFT JOIN payment r ON r.id = p.reverses "
    "WHERE a.document_id IN ({marks}) AND (p.kind = 'offset' OR r.kind = 'offset') "
    "GROUP BY a.document_id"
)
"""Cents of credit notes set against invoices."""


def unpaid(context: Context, document: Document) -> list[Standing]:
    """The requests that an invoice deducts and that are not wholly paid."""
    ids = {one.deposit_id for one in document.uses if one.amount > 0}
    if not ids or document.number("is_credit"):
        return []
    marks = ", ".join("?" * len(ids))
    orders = context.database.rows(
        f"SELECT DISTINCT order_id FROM deposit WHERE id IN ({marks})", sorted(ids)
    )
    return [
        one
        for (order_id,) in orders
        for one in of_order(context, order_id)
        if one.deposit_id in ids and one.due
    ]
