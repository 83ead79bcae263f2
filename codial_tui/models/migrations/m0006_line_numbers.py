"""Schema 6: how the lines of a document are numbered (domain/lines/line_numbers.py)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.add_column("document", "numbering text")
