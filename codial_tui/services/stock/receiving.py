"""Goods that come from suppliers, or go back to them: their moves (domain.md §7)."""

from __future__ import annotations

from codial_tui.domain.document import Document
from codial_tui.services.context import Context

from .stock_moves import default_warehouse, moving


def enter(context: Context, document: Document, reason: str) -> None:
    """Bring what a validated receipt holds into its warehouse, inside the caller's transaction;
    a negative quantity leaves."""
    warehouse = document.number("warehouse_id") or default_warehouse(context)
    context.database.insert_many(
        "stock_move",
        (
            *("uid", "item_id", "warehouse_id", "quantity", "unit_cost", "reason", "line_uid"),
            *("user_id", "at"),
        ),
        [
            (
                context.uid(),
                line.item_id,
                warehouse,
                line.quantity,
                line.unit_price,
                reason,
                line.uid,
                context.user.id,
                context.now,
            )
            for line in moving(document)
        ],
    )
