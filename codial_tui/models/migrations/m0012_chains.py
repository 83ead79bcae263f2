"""Schema 12: chained journals, closings, signed counts (domain.md §6 « Law »)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    """Nothing yet."""
