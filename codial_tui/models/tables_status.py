"""What becomes of electronic invoices: statuses, and which were handed over."""

from __future__ import annotations

from .tables import Id, Int, Maybe, Table, Text


class InvoiceStatus(Table):
    """One status of an invoice; only added to."""

    id = Id()
    uid = Text()
    document_id = Int()
    code = Text()
    reason = Text()
    note = Text()
    vat_rate = Maybe()
    amount = Maybe()
    at = Text()
    source = Text("manual")
    file_key = Text()
    user_name = Text()
    recorded_at = Text()


class InvoiceOutbox(Table):
    """An invoice handed over to the platform's folder."""

    document_id = Int(key=True)
    name = Text()
    sha256 = Text()
    at = Text()
    user_name = Text()
