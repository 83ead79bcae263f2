"""What a buyer and a boss look at: open supplier orders, late ones, prices that moved, margins.

Each is a table worked out from what is stored; nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_types
from codial_tui.domain.lines.lines import line_cost
from codial_tui.domain.lines.totals import counting
from codial_tui.domain.money import div_round
from codial_tui.domain.structure import children_of
from codial_tui.exchange.tables import Cell
from codial_tui.services.context import Context
from codial_tui.services.documents import bulk_rows
from codial_tui.services.lists.reports import Report, cents, quantity, share

_OPEN = (
    "SELECT d.number, d.party_name, d.date, COALESCE(l.delivery_date, s.expected_date), "
    "l.reference, l.label, l.quantity, COALESCE(p.taken, 0), l.net_amount, l.id "
    "FROM document d JOIN document_purchase s ON s.document_id = d.id "
    "JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'deliver' "
    "WHERE d.kind IN ('purchase_order', 'subcontract_order') AND d.delivery IN ('none', 'part') "
    "AND s.given_up_at IS NULL AND l.parent_uid IS NULL AND l.tag = '' "
    "AND l.type IN ('item', 'assembly', 'ad_hoc_assembly') "
    "AND l.quantity <> COALESCE(p.taken, 0) ORDER BY 4, d.date, d.id, l.position"
)


def open_orders(context: Context) -> Report:
    """What suppliers still have to bring, what is due first above."""
    rows: list[tuple[Cell, ...]] = []
    for number, who, day, due, reference, label, ordered, came, net, _ in context.database.rows(
        _OPEN
    ):
        rest = ordered - came
        rows.append(
            (
                *(number or "", who, _day(day), _day(due), reference, label),
                *(quantity(ordered), quantity(came), quantity(rest)),
                cents(div_round(net * rest, ordered) if ordered else 0),
            )
        )
    return Report(
        "open-orders",
        (
            *("order", "supplier", "date", "due", "reference", "label"),
            *("ordered", "received", "rest", "rest_net"),
        ),
        (
            *("Commande", "Fournisseur", "Date", "Attendu", "Réf.", "Désignation"),
            *("Cdé", "Reçu", "Reste", "HT restant"),
        ),
        rows,
    )


_FOR = (
    "SELECT k.target_line_id, d.number, d.party_name FROM line_link k "
    "JOIN document_line s ON s.id = k.source_line_id JOIN document d ON d.id = s.document_id "
    "WHERE k.relation = 'supply' AND k.target_line_id = ? ORDER BY d.id"
)


def late(context: Context) -> Report:
    """What should have come before today, the longest wait above, and who waits for it."""
    today = context.today
    rows: list[tuple[Cell, ...]] = []
    for number, who, _, due, reference, label, ordered, came, _, line_id in context.database.rows(
        _OPEN
    ):
        if not due or date.fromisoformat(due) >= today:
            continue
        waiting = ", ".join(
            dict.fromkeys(
                f"{one or ''} {name}".strip()
                for _, one, name in context.database.rows(_FOR, (line_id,))
            )
        )
        days = (today - date.fromisoformat(due)).days
        rows.append(
            (
                *(number or "", who, _day(due), Decimal(days), reference, label),
                *(quantity(ordered - came), waiting),
            )
        )
    return Report(
        "late",
        ("order", "supplier", "due", "days", "reference", "label", "rest", "for"),
        ("Commande", "Fournisseur", "Attendu", "Jours", "Réf.", "Désignation", "Reste", "Pour"),
        rows,
    )


def prices(context: Context, first: date, last: date) -> Report:
    """Purchase prices that changed in a period: before, now, and by how much."""
    found = context.database.rows(
        "SELECT p.on_day, i.reference, i.label, COALESCE(t.name, ''), p.before, p.price, p.ref "
        "FROM purchase_price p JOIN item i ON i.id = p.item_id "
        "LEFT JOIN party t ON t.id = p.supplier_id "
        "WHERE p.on_day BETWEEN ? AND ? AND p.before <> p.price AND p.before <> 0 "
        "ORDER BY p.on_day, p.id",
        (first.isoformat(), last.isoformat()),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(_day(day), reference, label, who, _price(before), _price(now)),
            *(share(now - before, before), ref),
        )
        for day, reference, label, who, before, now, ref in found
    ]
    return Report(
        "prices",
        ("date", "reference", "label", "supplier", "before", "now", "change", "receipt"),
        ("Date", "Réf.", "Désignation", "Fournisseur", "Avant", "Après", "Écart %", "Réception"),
        rows,
    )


def _price(value: int) -> Decimal:
    return Decimal(value).scaleb(-4)


def _day(text: Any) -> Cell:
    return date.fromisoformat(str(text)[:10]) if text else ""


MARGIN_KEYS = ("net", "cost", "margin", "rate")
MARGIN_HEAD = ("HT", "Coût", "Marge", "Marque %")


def _margins(net: int, cost: int) -> tuple[Cell, ...]:
    return cents(net), cents(cost), cents(net - cost), share(net - cost, net)


def margin_by_order(context: Context, first: date, last: date) -> Report:
    """Every order of a period: what it sells, what it costs, what is left; what is really left of
    those whose consumption is followed."""
    from . import consumption

    kinds = [one.kind for one in doc_types() if one.deposits]
    marks = ", ".join("?" * len(kinds))
    found = context.database.rows(
        "SELECT d.number, d.party_name, d.subject, d.net_total, d.cost_total, d.id, "
        f"o.{consumption.FIELD} FROM document d "
        "LEFT JOIN document_order o ON o.document_id = d.id "
        f"WHERE d.kind IN ({marks}) AND d.date BETWEEN ? AND ? ORDER BY d.date, d.id",
        (*kinds, first.isoformat(), last.isoformat()),
    )
    rows: list[tuple[Cell, ...]] = []
    for number, who, subject, net, cost, order_id, followed in found:
        real: tuple[Cell, Cell] = ("", "")
        if followed:
            summary = consumption.look(context, order_id).summary
            real = cents(summary.spent), cents(summary.real_margin)
        rows.append((number or "", who, subject, *_margins(net, cost), *real))
    return Report(
        "margin",
        ("order", "customer", "label", *MARGIN_KEYS, "spent", "real_margin"),
        ("Commande", "Client", "Objet", *MARGIN_HEAD, "Déboursé", "Réelle"),
        rows,
    )


_SOLD = (
    "FROM document d WHERE d.kind IN ({kinds}) AND d.number IS NOT NULL AND d.date BETWEEN ? AND ?"
)


def _sold(first: date, last: date) -> tuple[str, tuple[str, ...]]:
    """The numbered invoices and credit notes of a period, as the end of a query."""
    kinds = [one.kind for one in doc_types() if one.bills]
    sql = _SOLD.format(kinds=", ".join("?" * len(kinds)))
    return sql, (*kinds, first.isoformat(), last.isoformat())


def margin_by_customer(context: Context, first: date, last: date) -> Report:
    """What each customer was invoiced in a period, credit notes taken off, and what it cost."""
    sql, parameters = _sold(first, last)
    found = context.database.rows(
        "SELECT MAX(d.party_code), MAX(d.party_name), SUM(d.net_total), SUM(d.cost_total) "
        f"{sql} GROUP BY COALESCE(d.party_id, 0), CASE WHEN d.party_id IS NULL THEN d.party_name "
        "END ORDER BY SUM(d.net_total) - SUM(d.cost_total) DESC, 1, 2",
        parameters,
    )
    rows: list[tuple[Cell, ...]] = [
        (code, who, *_margins(net, cost)) for code, who, net, cost in found
    ]
    return Report("margin", ("code", "label", *MARGIN_KEYS), ("Code", "Client", *MARGIN_HEAD), rows)


class _Sum(NamedTuple):
    net: int = 0
    cost: int = 0


FOOTER, NO_FAMILY = "Pied de facture, acomptes", "Sans famille"


def margin_by_family(context: Context, first: date, last: date) -> Report:
    """What each family of items was invoiced for in a period, and what it cost. What is in no
    line of items (footers, deposits) has a row of its own, so that the sum is that of the
    invoices."""
    database = context.database
    sql, parameters = _sold(first, last)
    ids = [row[0] for row in database.rows(f"SELECT d.id {sql} ORDER BY d.id", parameters)]
    families: dict[int, str] = dict(
        database.rows(
            "SELECT i.id, f.code || ' ' || f.label FROM item i JOIN item_family f "
            "ON f.id = i.family_id"
        )
    )
    found: dict[str, _Sum] = {}
    for start in range(0, len(ids), bulk_rows.PAGE):
        several = bulk_rows.load_many(database, ids[start : start + bulk_rows.PAGE])
        for document in several.values():
            if document is not None:
                _add(found, document, families)
    behind = {NO_FAMILY: 1, FOOTER: 2}
    names = sorted(found, key=lambda name: (behind.get(name, 0), name))
    rows: list[tuple[Cell, ...]] = [(name, *_margins(*found[name])) for name in names]
    return Report("margin", ("label", *MARGIN_KEYS), ("Famille", *MARGIN_HEAD), rows)


def _add(found: dict[str, _Sum], document: Document, families: dict[int, str]) -> None:
    """Add an invoice's lines to their families, what is left of its total to the footer."""
    children = children_of(document)
    net, cost = document.number("net_total"), document.number("cost_total")
    for line in counting(document):
        if line.nature:
            continue
        name = families.get(line.item_id or 0, NO_FAMILY)
        own = _cost(line, children)
        _sum(found, name, line.net_amount, own)
        net, cost = net - line.net_amount, cost - own
    if net or cost:
        _sum(found, FOOTER, net, cost)


def _cost(line: Line, children: Any) -> int:
    return line_cost(line, children.get(line.uid, ()))


def _sum(found: dict[str, _Sum], name: str, net: int, cost: int) -> None:
    before = found.get(name, _Sum())
    found[name] = _Sum(before.net + net, before.cost + cost)


BY: dict[str, Callable[[Context, date, date], Report]] = {
    "order": margin_by_order,
    "customer": margin_by_customer,
    "family": margin_by_family,
}
"""What margins are shown by."""
