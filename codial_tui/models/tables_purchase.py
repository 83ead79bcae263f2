"""What only purchase documents have."""

from __future__ import annotations

from .tables import Int, Maybe, MaybeText, Table, Text


class DocumentSupplierInvoice(Table):
    """What only supplier invoices have."""

    document_id = Int(key=True)
    supplier_number = Text()
    supplier_key = Text()
    due_date = MaybeText()
    stated_gross = Maybe()


class DocumentPurchase(Table):
    """What orders to suppliers, their receipts, returns and requests have."""

    document_id = Int(key=True)
    expected_date = MaybeText()
    supplier_reference = Text()
    received_on = MaybeText()
    carrier = Text()
    sent_on = MaybeText()
    given_up_at = MaybeText()
