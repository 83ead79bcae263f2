"""The order that a work order works for (commande suivie, domain.md §8): one of the same customer,
of which it takes no pool. What that order sold is not billed again."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.changes import Change
from codial_tui.domain.document import Document, Line, LineType, Value
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.maintenance import order_cover
from codial_tui.domain.maintenance.coverage import ORDER
from codial_tui.domain.maintenance.report_check import article
from codial_tui.domain.quantity import format_quantity
from codial_tui.errors import refuse
from codial_tui.services.context import Context


def check(context: Context, document: Document, order_id: Value) -> None:
    """Raises Refused for what is no order of this customer."""
    if not order_id:
        return
    row = context.database.row(
        "SELECT kind, party_id, number FROM document WHERE id = ?", (order_id,)
    )
    if row is None or row[0] != "order" or row[1] != document.header.get("party_id"):
        said = f"{row[2] if row else ''} n'est pas une commande de ce client".strip()
        raise refuse("order.other", said, "F4 montre les siennes", "order_id")


def number(context: Context, document: Document) -> str | None:
    """The number of the order that a work order works for, None for none."""
    found = context.database.value(
        "SELECT number FROM document WHERE id = ?", (document.number("order_id"),)
    )
    return str(found) if found else None


def without(document: Document) -> dict[str, Value]:
    """Header values of a work order whose customer changes: neither his order nor his site."""
    return {"order_id": None, "address_id": None} if "order_id" in document.header else {}


def covering(context: Context, document: Document, changes: Sequence[Change]) -> list[Change]:
    """What changes of a work order that were applied entail for what its order sold, applied."""
    if "order_id" not in document.header or not any(map(_matters, changes)):
        return []
    typed = {one.uid for one in changes if one.target == "line" and "quantity" in (one.after or {})}
    return order_cover.covering(document, left(context, document), typed)


def cover(context: Context, document: Document) -> None:
    """Leave out of the bill of a new work order in memory what its order sold."""
    if document.header.get("order_id"):
        typed = [one.uid for one in document.lines]
        order_cover.covering(document, left(context, document), typed)


def warnings(context: Context, document: Document) -> list[str]:
    """What a work order has of its order that the order did not sell: an assembly, a line of
    another document, or what two people took at once."""
    if not document.header.get("order_id"):
        return []
    rest = left(context, document)
    return [
        f"{one.reference or one.label} : {format_quantity(one.quantity, 0)} non facturé, la "
        f"commande n'en a plus que {format_quantity(max(0, rest.get(key, 0)), 0)}"
        for key, one in order_cover.taken(document).items()
        if one.quantity > max(0, rest.get(key, 0)) and key in rest
    ]


def left(context: Context, document: Document) -> dict[str, int]:
    """Article → how much of it the followed order sold and no other work order took of it."""
    database, order_id = context.database, document.number("order_id")
    found: dict[str, int] = {}
    if not order_id:
        return found
    sold = database.rows(f"{_LINES} WHERE l.document_id = ?", (order_id,))
    taken = database.rows(
        f"{_LINES} JOIN document_work_order w ON w.document_id = l.document_id "
        "JOIN document d ON d.id = l.document_id "
        "LEFT JOIN document_line a ON a.document_id = l.document_id AND a.uid = l.parent_uid "
        "WHERE w.order_id = ? AND (l.covered = ? OR a.covered = ?) "
        "AND d.state <> 'dropped' AND d.id <> ?",
        (order_id, ORDER, ORDER, document.id or 0),
    )
    for side, rows in ((1, sold), (-1, taken)):
        for item_id, label, quantity, type_, tag in rows:
            line = Line("", LineType(type_), item_id=item_id, label=label)
            if line.is_priced and not tag:
                key = article(line)
                found[key] = found.get(key, 0) + side * quantity
    return found


_LINES = "SELECT l.item_id, l.label, l.quantity, l.type, l.tag FROM document_line l"


_DECIDES = {"order_id", "coverage", *BILLED_AS.values()}


def _matters(change: Change) -> bool:
    if change.target == "document":
        return not _DECIDES.isdisjoint(change.after or {})
    return change.target == "line"
