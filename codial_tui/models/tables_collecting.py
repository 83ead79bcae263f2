"""Reminders, bank statements, mandates and direct debits."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


class ReminderLevel(Table):
    """A letter of reminder, and how late it goes."""

    id = Id()
    position = Int(1)
    label = Text()
    days = Int()
    body = Text()
    active = Int(1)


class Reminder(Table):
    """A reminder that was sent to a customer."""

    id = Id()
    uid = Text()
    party_id = Int()
    level = Int(1)
    label = Text()
    date = Text()
    total = Int()
    penalties = Int()
    at = Text()
    user_id = Int()
    user_name = Text()


class ReminderInstalment(Table):
    """What a reminder asked for."""

    id = Id()
    reminder_id = Int()
    instalment_id = Int()
    amount = Int()


class BankStatement(Table):
    """A file of the bank that was read."""

    id = Id()
    uid = Text()
    name = Text()
    account = Text()
    digest = Text()
    at = Text()
    user_name = Text()


class BankLine(Table):
    """A movement of a bank account, and the payment it became."""

    id = Id()
    uid = Text()
    statement_id = Int()
    position = Int()
    date = Text()
    amount = Int()
    label = Text()
    reference = Text()
    counterparty = Text()
    iban = Text()
    digest = Text()
    state = Text("open")
    payment_id = Maybe()


class Mandate(Table):
    """What allows to debit a customer's account."""

    id = Id()
    uid = Text()
    party_id = Int()
    reference = Text()
    iban = Text()
    bic = Text()
    signed_on = Text()
    scheme = Text("CORE")
    sequence = Text("FRST")
    active = Int(1)
    position = Int()
    used_on = MaybeText()


class Debit(Table):
    """A file of direct debits for the bank."""

    id = Id()
    uid = Text()
    message = Text()
    date = Text()
    amount = Int(1)
    count = Int(1)
    at = Text()
    user_name = Text()


class DebitLine(Table):
    """One direct debit of a file."""

    id = Id()
    debit_id = Int()
    mandate_id = Int()
    document_id = Int()
    payment_id = Maybe()
    amount = Int(1)
    end_to_end = Text()
    sequence = Text()
