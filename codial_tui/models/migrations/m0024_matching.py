"""Schema 24: what is invoiced against what came (domain.md §7)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    """Nothing yet."""
