"""Chained journals, the keys that sign, closings, and whether this is a training database."""

from __future__ import annotations

from .tables import Id, Int, Maybe, Table, Text


class ChainLink(Table):
    """One entry of a chained journal: only added to."""

    id = Id()
    chain = Text("payments")
    position = Int(1)
    subject = Text()
    canonical = Text()
    previous_hash = Text()
    hash = Text()
    at = Text()
    by = Text()


class SigningKey(Table):
    """The public half of a key that signs closings and counts, from `at` until the next one."""

    id = Id()
    public_key = Text()
    reason = Text("first")
    previous_id = Maybe()
    signature = Text()
    at = Text()
    by = Text()


class Closing(Table):
    """A day, month or year that was closed; its figures are in its link."""

    id = Id()
    kind = Text("day")
    period = Text()
    first_day = Text()
    last_day = Text()
    position = Int(1)
    hash = Text()
    key_id = Int()
    signature = Text()
    at = Text()
    by = Text()


class Training(Table):
    """One row in a database that is for training, for ever."""

    id = Id()
    at = Text()
    by = Text()
    source = Text()
