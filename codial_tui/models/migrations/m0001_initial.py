"""The first schema: everything domain.md §3 lists, even where no screen uses it yet.

Units: amounts are cents; prices, quantities and `price_per` 10⁻⁴; ratios, percentages and
coefficients 10⁻⁶. `…_fold` columns hold `domain.text.fold` of their neighbour, for search and
order. `uid` marks what travels between databases. Column language: `models.columns`.
"""

from __future__ import annotations

from ..dialect import Dialect
from . import (
    m0001_company,
    m0001_documents,
    m0001_items,
    m0001_journal,
    m0001_lines,
    m0001_parties,
    m0001_system,
)


def apply(dialect: Dialect) -> None:
    for part in (
        m0001_company,
        m0001_parties,
        m0001_items,
        m0001_system,
        m0001_documents,
        m0001_lines,
        m0001_journal,
    ):
        part.apply(dialect)
