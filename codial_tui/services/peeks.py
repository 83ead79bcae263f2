"""What F9 shows of the line under the cursor while the caret stays: stock, cost, last prices."""

from __future__ import annotations

from codial_tui.domain.costing import taux_de_marque
from codial_tui.domain.document import Document, Line
from codial_tui.domain.quantity import format_percent, format_price, format_quantity

from .context import Context

ROWS = 6


def of_line(context: Context, document: Document, line: Line) -> list[str]:
    """At most six rows about a priced line: the item, stock by warehouse, cost, last prices."""
    rows = [f"{line.reference or 'article libre'} · {line.label}"]
    if line.item_id is not None:
        rows.append(_stock(context, line.item_id))
    if context.user.may("see_costs"):
        rows.append(_cost(line))
    if line.item_id is not None:
        rows += _last_prices(context, document, line.item_id, ROWS - len(rows))
    return [row for row in rows if row][:ROWS]


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
    found = context.database.rows(
        "SELECT d.number, d.date, l.quantity, l.unit, l.unit_price, d.party_name, d.party_id "
        "FROM document_line l JOIN document d ON d.id = l.document_id "
        "WHERE l.item_id = ? AND d.id <> ? ORDER BY d.party_id = ? DESC, d.date DESC, d.id DESC "
        "LIMIT ?",
        (item_id, document.id, document.header.get("party_id"), most),
    )
    rows = []
    for number, date, quantity, unit, price, party, _ in found:
        day = f"{date[8:10]}/{date[5:7]}/{date[2:4]}"
        rows.append(
            f"{number or '':<11} {day}  {format_quantity(quantity, 0):>8} {unit:<4}"
            f"{format_price(price):>12}  {party}"
        )
    return rows or ["Jamais vendu encore"]
