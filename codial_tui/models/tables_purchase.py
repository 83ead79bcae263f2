"""What only purchase documents have."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


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


class PriceAsked(Table):
    """A supplier that a price request was sent to."""

    id = Id()
    uid = Text()
    request_id = Int()
    supplier_id = Int()
    sent_at = MaybeText()
    sent_by = Text()


class PriceAnswer(Table):
    """What a supplier answered to one line of a price request."""

    id = Id()
    asked_id = Int()
    line_uid = Text()
    price = Int()
    discount = Int()
    minimum = Int()
    delay_days = Maybe()
    declined = Int()
    chosen = Int()
    answered_at = Text()
    answered_by = Text()
