"""Subscriptions and the invoices they made."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


class Subscription(Table):
    """What a customer is billed again and again."""

    id = Id()
    uid = Text()
    party_id = Int()
    label = Text()
    model_id = Int()
    every = Int(1)
    unit = Text("month")
    next_date = Text()
    anchor_day = Int(1)
    stop_date = MaybeText()
    revision = Text("none")
    coefficient = Int(1_000_000)
    index_base = Int(1_000_000)
    index_now = Int(1_000_000)
    revised_from = MaybeText()
    active = Int(1)
    notes = Text()
    created_at = Text()
    created_by = Maybe()


class SubscriptionRun(Table):
    """One invoice that a subscription made for one of its days."""

    id = Id()
    subscription_id = Int()
    due_date = Text()
    document_id = Int()
    model_id = Int()
    coefficient = Int(1_000_000)
    made_at = Text()
    made_by = Maybe()
