"""Schema 2: a works quote says what becomes of this site's own waste (art. D. 541-45-1)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.add_column("document_quote", "waste_text text")
