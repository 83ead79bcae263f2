"""The order that a work order works for (commande suivie, domain.md §8): one of the same customer,
of which it takes no pool. What that order sold is not billed again."""

from __future__ import annotations

from codial_tui.domain.changes import Change, set_line
from codial_tui.domain.document import Document, Value
from codial_tui.errors import refuse
from codial_tui.services.context import Context

COVERED = "order"


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


def without(document: Document) -> dict[str, Value]:
    """Header values of a work order whose customer changes: neither his order nor his site."""
    return {"order_id": None, "address_id": None} if "order_id" in document.header else {}


def items(context: Context, order_id: Value) -> frozenset[int]:
    """The items that an order sold."""
    rows = context.database.rows(
        "SELECT DISTINCT item_id FROM document_line WHERE document_id = ? "
        "AND item_id IS NOT NULL AND tag = ''",
        (order_id or 0,),
    )
    return frozenset(row[0] for row in rows)


def covering(context: Context, document: Document, order_id: Value) -> list[Change]:
    """The changes that leave out of the bill what an order sold, and only that."""
    sold = items(context, order_id)
    changes = []
    for line in document.top_lines():
        ours = line.is_priced and line.item_id in sold
        if ours and not line.covered:
            changes.append(set_line(line, covered=COVERED))
        elif line.covered == COVERED and not ours:
            changes.append(set_line(line, covered=""))
    return [one for one in changes if one is not None]
