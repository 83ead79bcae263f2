"""Schema 11: instalments, payments and their allocations (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    """Nothing yet."""
