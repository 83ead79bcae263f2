"""Schema 26: invoices found by the party they are billed to, for what a customer owes."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.create_index("document", "invoice_party_id", where="invoice_party_id IS NOT NULL")
