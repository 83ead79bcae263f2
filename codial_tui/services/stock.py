"""Stock on hand, by item and warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from codial_tui.domain.text import fold
from codial_tui.errors import refuse

from .context import Context


@dataclass(frozen=True, slots=True)
class Level:
    """quantity: 10⁻⁴ on hand."""

    reference: str
    label: str
    warehouse: str
    quantity: int
    unit: str


def levels(context: Context, reference: str = "") -> list[Level]:
    """What is on hand of an item, or of every item kept in stock. Raises Refused."""
    database = context.database
    where = "i.stock_managed = 1"
    values: tuple[int, ...] = ()
    if reference:
        found = database.value(
            "SELECT id FROM item WHERE reference_fold = ?", (fold(" ".join(reference.split())),)
        )
        if found is None:
            raise refuse("item.unknown", f"Article {reference} inconnu", "", "reference")
        where, values = "i.id = ?", (found,)
    rows = database.rows(
        "SELECT i.reference, i.label, COALESCE(w.code, ''), COALESCE(l.on_hand, 0), i.unit "
        "FROM item i LEFT JOIN stock_level l ON l.item_id = i.id "
        f"LEFT JOIN warehouse w ON w.id = l.warehouse_id WHERE {where} "
        "ORDER BY i.reference_fold, w.code",
        values,
    )
    return [Level(*row) for row in rows]
