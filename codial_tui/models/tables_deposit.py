"""What invoices are made of beside lines: references, footer deductions, deposits and their use."""

from __future__ import annotations

from .tables import CompositeKey, Id, Int, Maybe, MaybeText, Table, Text


class InvoiceReference(Table):
    """An earlier invoice that an invoice names (domain.document.Reference)."""

    id = Id()
    uid = Text()
    document_id = Int()
    type = Text("corrected")
    number = Text()
    date = MaybeText()
    referenced_id = Maybe()
    position = Int()


class InvoiceDeduction(Table):
    """What is kept from the amount to pay (domain.document.Deduction)."""

    id = Id()
    uid = Text()
    document_id = Int()
    kind = Text("retention")
    label = Text()
    percent = Maybe()
    base = Text("gross")
    amount = Int()
    party_id = Maybe()
    bond = Int()
    release_on = MaybeText()
    position = Int()


class Deposit(Table):
    """A deposit invoice and the order it is for."""

    id = Id()
    document_id = Int()
    order_id = Int()
    kind = Text("request")
    price_mode = Text("net")
    percent = Maybe()


class DepositPart(Table):
    """What a deposit is at one VAT key; `used` is kept by the database."""

    deposit_id = Int()
    vat_category = Text("S")
    vat_rate = Int()
    amount = Int(1)
    net = Int()
    vat = Int()
    used = Int()

    class Meta:
        primary_key = CompositeKey("deposit_id", "vat_category", "vat_rate")


class DepositUse(Table):
    """What a line takes of a deposit (domain.document.DepositUse)."""

    id = Id()
    uid = Text()
    deposit_id = Int()
    document_id = Int()
    line_uid = Text()
    vat_category = Text("S")
    vat_rate = Int()
    amount = Int()
    net = Int()
    vat = Int()


class PartEdit(Table):
    """What a step changed of an invoice's own parts; only added to."""

    id = Id()
    step_id = Int()
    seq = Int()
    target = Text("reference")
    uid = Text()
    op = Text("set")
    before = MaybeText()
    after = MaybeText()
