"""Schema 16: supplier invoices read in (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    """Nothing yet."""
