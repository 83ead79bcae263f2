"""What invoices are owed, and what was paid of it."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


class PaymentMode(Table):
    """How money comes: cash, card, transfer…, and to which account."""

    id = Id()
    code = Text()
    label = Text()
    method = Text()
    account = Text()
    journal = Text()
    active = Int(1)
    position = Int()


class Receivable(Table):
    """What an invoice is owed at one VAT key, and what of it was paid."""

    id = Id()
    document_id = Int()
    vat_category = Text()
    vat_rate = Int()
    amount = Int()
    paid = Int()


class Instalment(Table):
    """What of an invoice is due on a day."""

    id = Id()
    uid = Text()
    document_id = Int()
    party_id = Maybe()
    position = Int(1)
    due_date = Text()
    amount = Int()
    nature = Text("term")
    label = Text()
    mixed = Int()
    paid = Int()


class Payment(Table):
    """Money received or paid back; never changed, only reversed."""

    id = Id()
    uid = Text()
    party_id = Maybe()
    party_name = Text()
    date = Text()
    kind = Text("payment")
    mode = Text()
    mode_label = Text()
    account = Text()
    amount = Int()
    reference = Text()
    label = Text()
    fees = Int()
    reverses = Maybe()
    source = MaybeText()
    at = Text()
    user_id = Int()
    user_name = Text()


class PaymentAllocation(Table):
    """What of a payment, or of a discount for paying early, goes to a VAT key of an invoice."""

    id = Id()
    uid = Text()
    payment_id = Int()
    document_id = Int()
    instalment_id = Maybe()
    kind = Text("payment")
    vat_category = Text()
    vat_rate = Int()
    amount = Int()
    reverses = Maybe()
    at = Text()
    user_name = Text()
