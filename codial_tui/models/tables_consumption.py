"""What an order really consumed."""

from __future__ import annotations

from .tables import Id, Int, Maybe, Table, Text


class ConsumptionEntry(Table):
    """One record of consumption, only added to; a later one may reverse it."""

    id = Id()
    uid = Text()
    document_id = Int()
    kind = Text("use")
    what = Text()
    planned = Int()
    item_id = Maybe()
    reference = Text()
    label = Text()
    unit = Text()
    category = Text()
    quantity = Int()
    unit_cost = Int()
    price_per = Int(10_000)
    typed = Int()
    amount = Int()
    source_uid = Text()
    source_ref = Text()
    date = Text()
    worker_id = Maybe()
    worker_name = Text()
    reverses = Maybe()
    at = Text()
    user_id = Int()
    user_name = Text()


class ConsumptionOut(Table):
    """What a line of a delivery note takes out of the stock for an order."""

    id = Id()
    order_id = Int()
    what = Text()
    line_uid = Text()
