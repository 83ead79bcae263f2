"""Schema 34: the points of its contract that a work order takes once it is closed."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.add_column("document_work_order", "points int    # 10⁻⁴")
