"""Schema 24: invoices of suppliers answer what came; those of before answer nothing (§7)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.execute(
        "UPDATE document SET billing = 'none' WHERE kind = 'supplier_invoice' AND EXISTS "
        "(SELECT 1 FROM document_line l WHERE l.document_id = document.id AND l.quantity <> 0)"
    )
