"""Schema 7: a delivery moves the stock once, whatever is printed how often (domain.md §7)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.create_index(
        "stock_move",
        "line_uid",
        unique=True,
        where="reason IN ('delivery', 'return', 'internal')",
        name="stock_move__once",
    )
