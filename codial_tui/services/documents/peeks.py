"""What F9 shows of what is under the cursor while the caret stays: stock, cost, last prices of a
line or an item; what a customer has going on; what a document holds."""

from __future__ import annotations

from codial_tui.domain.document import Document, Line, Value
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.costing import taux_de_marque
from codial_tui.domain.quantity import format_cents, format_percent, format_price, format_quantity
from codial_tui.services.buying import back_to_back
from codial_tui.services.context import Context
from codial_tui.services.lists import row_context
from codial_tui.services.stock import coming

ROWS, BOUGHT = 6, 2
"""rows that are shown, and those of what is bought for a line"""


def of_line(context: Context, document: Document, line: Line) -> list[str]:
    """At most six rows about a priced line: the item, stock by warehouse, cost, last prices."""
    rows = [f"{line.reference or 'article libre'} · {line.label}"]
    if line.item_id is not None:
        rows.append(_stock(context, line.item_id))
        rows += coming.said(context.database, line.item_id)
    if context.user.may("see_costs"):
        rows.append(_cost(line))
    rows[1:1] = back_to_back.said(context.database, line.uid, context.today.isoformat())[:BOUGHT]
    if line.item_id is not None:
        rows += _last_prices(context, document, line.item_id, ROWS - len(rows))
    return [row for row in rows if row][:ROWS]


def of(context: Context, name: str, row_id: int) -> list[str]:
    """At most six rows about a row of a list (name: a document kind, party or item); [] for
    what has no more to show than its record."""
    if name == "item":
        return _item(context, row_id)
    if name == "party":
        return _party(context, row_id)
    said = context.database.row("SELECT 1 FROM document WHERE id = ? AND kind = ?", (row_id, name))
    return _document(context, row_id) if said else []


def _item(context: Context, item_id: int) -> list[str]:
    rows = [row_context.of(context, "item", item_id), _stock(context, item_id)]
    rows += coming.said(context.database, item_id)
    return [*rows, *_sales(context, item_id, 0, None, ROWS - len(rows))]


def _party(context: Context, party_id: int) -> list[str]:
    found = context.database.rows(
        "SELECT kind, number, date, state, net_total, subject FROM document WHERE party_id = ? "
        "ORDER BY date DESC, id DESC LIMIT ?",
        (party_id, ROWS - 1),
    )
    rows = [
        f"{number or '':<11} {_day(date)}  {doc_type(kind).state(state).label:<12}"
        f"{format_cents(net):>12}  {subject}"
        for kind, number, date, state, net, subject in found
    ]
    return [row_context.of(context, "party", party_id), *(rows or ["Aucun document encore"])]


def _document(context: Context, document_id: int) -> list[str]:
    row = context.database.row(
        "SELECT kind, net_total, vat_total, gross_total FROM document WHERE id = ?", (document_id,)
    )
    if row is None:
        return []
    kind, net, vat, gross = row
    sums = f"HT {format_cents(net)}  TVA {format_cents(vat)}  TTC {format_cents(gross)}"
    found = context.database.rows(
        "SELECT reference, label, amount FROM document_line WHERE document_id = ? "
        "AND parent_uid IS NULL AND tag = '' AND amount <> 0 ORDER BY amount DESC LIMIT ?",
        (document_id, ROWS - 2),
    )
    lines = [
        f"{ref:<14.14} {label:<44.44} {format_cents(cents):>12}" for ref, label, cents in found
    ]
    return [row_context.of(context, kind, document_id), sums, *lines]


def _day(date: str) -> str:
    return f"{date[8:10]}/{date[5:7]}/{date[2:4]}"


def _stock(context: Context, item_id: int) -> str:
    found = context.database.rows(
        "SELECT w.name, s.on_hand FROM stock_level s JOIN warehouse w ON w.id = s.warehouse_id "
        "WHERE s.item_id = ? ORDER BY w.position, w.id",
        (item_id,),
    )
    parts = [f"{name} {format_quantity(level, 0)}" for name, level in found]
    return "Stock : " + (" · ".join(parts) if parts else "aucun mouvement")


def _cost(line: Line) -> str:
    cost = line.cost_price * line.quantity // (100 * line.price_per)
    rate = taux_de_marque(line.net_amount, cost) if cost else None
    parts = [
        f"Achat {format_price(line.purchase_price)}",
        f"revient {format_price(line.cost_price)}",
    ]
    if rate is not None:
        parts.append(f"marque {format_percent(rate // 1000 * 1000)}")
    return " · ".join(parts)


def _last_prices(context: Context, document: Document, item_id: int, most: int) -> list[str]:
    return _sales(context, item_id, document.id, document.header.get("party_id"), most)


def _sales(context: Context, item_id: int, but: int, party_id: Value, most: int) -> list[str]:
    """The last prices of an item, those to this customer first. but: a document to leave out."""
    found = context.database.rows(
        "SELECT d.number, d.date, l.quantity, l.unit, l.unit_price, d.party_name "
        "FROM document_line l JOIN document d ON d.id = l.document_id "
        "WHERE l.item_id = ? AND d.id <> ? ORDER BY COALESCE(d.party_id, 0) = ? DESC, "
        "d.date DESC, d.id DESC LIMIT ?",
        (item_id, but, party_id or 0, most),
    )
    rows = [
        f"{number or '':<11} {_day(date)}  {format_quantity(quantity, 0):>8} {unit:<4}"
        f"{format_price(price):>12}  {party}"
        for number, date, quantity, unit, price, party in found
    ]
    return rows or ["Jamais vendu encore"]
