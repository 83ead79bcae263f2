"""What a customer has that is not yet invoiced: printed delivery notes, then orders."""

from __future__ import annotations

from codial_tui.domain.document import Document
from codial_tui.services.context import Context

MOST = 200
"""Documents that are added to one invoice at once."""

NOTES, ORDERS = "delivery_note", "order"

_OF_PARTY = {
    NOTES: "SELECT d.id FROM document d JOIN document_delivery_note s ON s.document_id = d.id "
    "WHERE d.kind = ? AND d.party_id = ? AND d.state = 'printed' AND s.nature <> 'internal' "
    "AND d.billing IN ('none', 'part') ORDER BY d.date, d.id LIMIT ?",
    ORDERS: "SELECT d.id FROM document d WHERE d.kind = ? AND d.party_id = ? "
    "AND d.billing IN ('none', 'part') ORDER BY d.date, d.id LIMIT ?",
}


def of_customer(context: Context, invoice: Document, kind: str) -> tuple[int, ...]:
    """The documents of a kind (`NOTES`, `ORDERS`) with something left to bill, oldest first; none
    for an invoice without customer."""
    party = invoice.header.get("party_id")
    rows = context.database.rows(_OF_PARTY[kind], (kind, party, MOST))
    return tuple(row[0] for row in rows)
