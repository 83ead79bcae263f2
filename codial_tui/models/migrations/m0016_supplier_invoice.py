"""Schema 16: invoices of suppliers, recorded (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect

SUPPLIER_INVOICE = """
    document_id     key document
    supplier_number text        # what the paper bears
    supplier_key    text        # party, year and folded number; the same paper is never kept twice
    due_date        date
    stated_gross    int?        # cents: what the paper says, whatever the lines add up to
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table("document_supplier_invoice", SUPPLIER_INVOICE)
    dialect.create_index(
        "document_supplier_invoice",
        "supplier_key",
        unique=True,
        where="supplier_key <> ''",
        name="supplier_invoice__once",
    )
