"""Schema 10: deposits, footer deductions, invoices that others correct (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    """Nothing yet."""
