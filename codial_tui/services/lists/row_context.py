"""Row 23 of a list: what one wants to know about the current row without opening it."""

from __future__ import annotations

from codial_tui.domain.quantity import format_price, format_quantity
from codial_tui.domain.records.records import find_record
from codial_tui.services.context import Context

_TOUCHES = "('sent', 'reminder', 'call', 'visit', 'note', 'printed')"


def of(context: Context, name: str, row_id: int) -> str:
    """A sentence about a document (name: its kind), a party or an item; "" when it is gone."""
    if find_record(name) is None:
        return _document(context, row_id)
    says = {"party": _party, "item": _item}.get(name)
    return says(context, row_id) if says else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _document(context: Context, document_id: int) -> str:
    row = context.database.row(
        "SELECT party_name, party_phone, subject FROM document WHERE id = ?", (document_id,)
    )
    return _joined(row[0], row[1], _last_touch(context, document_id), row[2]) if row else ""


def _last_touch(context: Context, document_id: int) -> str:
    """`contact 05/11, JD`: the last contact. Before the subject, which the list shows already."""
    row = context.database.row(
        "SELECT e.at, COALESCE(u.initials, e.user_name) FROM document_event e "
        "LEFT JOIN app_user u ON u.id = e.user_id "
        f"WHERE e.document_id = ? AND e.type IN {_TOUCHES} ORDER BY e.at DESC, e.id DESC LIMIT 1",
        (document_id,),
    )
    return f"contact {row[0][8:10]}/{row[0][5:7]}, {row[1]}" if row else ""


def _party(context: Context, party_id: int) -> str:
    row = context.database.row(
        "SELECT name, street, postcode, city, phone, email, blocked_reason, blocked FROM party "
        "WHERE id = ?",
        (party_id,),
    )
    if row is None:
        return ""
    town = f"{row[2]} {row[3]}".strip()
    blocked = f"! bloqué {row[6]}".rstrip() if row[7] else ""
    return _joined(blocked, row[0], row[4], row[5], row[1], town)


def _item(context: Context, item_id: int) -> str:
    row = context.database.row(
        "SELECT i.label, i.stock_managed, i.purchase_price, p.name, i.unit, i.blocked, "
        "i.average_cost "
        "FROM item i LEFT JOIN party p ON p.id = i.supplier_id WHERE i.id = ?",
        (item_id,),
    )
    if row is None:
        return ""
    label, managed, purchase, supplier, unit, blocked, average = row
    stock = ""
    if managed:
        on_hand = context.database.value(
            "SELECT COALESCE(SUM(on_hand), 0) FROM stock_level WHERE item_id = ?", (item_id,)
        )
        stock = f"stock {format_quantity(on_hand)} {unit}".rstrip()
    bought = cost = ""
    if context.user.may("see_costs"):
        bought = f"achat {format_price(purchase)}" if purchase else ""
        cost = f"CMP {format_price(average)}" if managed and average else ""
    return _joined("! bloqué" if blocked else "", label, stock, bought, cost, supplier or "")
