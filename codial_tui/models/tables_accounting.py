"""Accounts and the entries handed to accounting."""

from __future__ import annotations

from .tables import Id, Int, Maybe, Table, Text


class AccountingJournal(Table):
    """A journal: its code and what it is called."""

    id = Id()
    code = Text()
    label = Text()
    active = Int(1)
    position = Int()


class AccountRule(Table):
    """Which account something goes to; the most precise rule wins."""

    id = Id()
    role = Text()
    vat_category = Text()
    vat_rate = Maybe()
    supply_nature = Text()
    family_id = Maybe()
    account = Text()
    label = Text()
    active = Int(1)
    position = Int()


class AccountingBatch(Table):
    """One export: its entries never leave it."""

    id = Id()
    uid = Text()
    period_from = Text()
    period_to = Text()
    valid_date = Text()
    entries = Int()
    debit = Int()
    sha256 = Text()
    made_at = Text()
    made_by = Maybe()
    made_name = Text()


class AccountingEntry(Table):
    """One balanced entry, as it was exported."""

    id = Id()
    batch_id = Int()
    number = Int(1)
    journal = Text()
    journal_label = Text()
    date = Text()
    piece = Text()
    piece_date = Text()
    label = Text()
    source = Text("invoice")
    source_uid = Text()
    branch_id = Maybe()
    project_id = Maybe()


class AccountingLine(Table):
    """One row of an entry."""

    id = Id()
    entry_id = Int()
    position = Int()
    account = Text()
    account_label = Text()
    auxiliary = Text()
    auxiliary_label = Text()
    debit = Int()
    credit = Int()
