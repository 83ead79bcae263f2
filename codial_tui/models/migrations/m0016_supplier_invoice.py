"""Schema 16: invoices of suppliers, recorded; what becomes of e-invoices (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect

SUPPLIER_INVOICE = """
    document_id     key document
    supplier_number text        # what the paper bears
    supplier_key    text        # party, year and folded number; the same paper is never kept twice
    due_date        date
    stated_gross    int?        # cents: what the paper says, whatever the lines add up to
"""

STATUS = """
    id          id+
    uid         uid
    document_id ref! document   # an invoice of ours, or a supplier's
    code        text            # CDAR: domain.statuses.STATUSES
    reason      text            # its code; mandatory for some
    note        text            # in words
    vat_rate    int?            # 10⁻⁶, of what was received (212)
    amount      int?            # cents TTC received
    at          moment!         # when it happened
    source      choice manual|file
    file_key    text            # SHA-256 of the file and the place in it; read once
    user_name   text
    recorded_at moment!
"""

OUTBOX = """
    document_id key document
    name        text            # of the file
    sha256      text
    at          moment!
    user_name   text
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
    dialect.create_table("invoice_status", STATUS)
    dialect.create_index("invoice_status", "document_id, at")
    dialect.create_index("invoice_status", "file_key", unique=True, where="file_key <> ''")
    closed = "status.closed|Un statut enregistré ne change pas|enregistrez le suivant"
    dialect.append_only("invoice_status", closed)
    dialect.create_table("invoice_outbox", OUTBOX)  # handed over once
    dialect.append_only("invoice_outbox", "outbox.closed|Facture déjà déposée|relisez le dossier")
