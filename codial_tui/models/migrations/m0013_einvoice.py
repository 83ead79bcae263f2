"""Schema 13: where electronic invoices go (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    # of a French business, scheme 0225: SIREN, SIREN_SIRET…; "" is its SIREN alone
    dialect.add_column("party", "electronic_address text")
