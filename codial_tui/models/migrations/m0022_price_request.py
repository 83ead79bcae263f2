"""Schema 22: answers of suppliers (domain.md §7)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    """Nothing yet."""
