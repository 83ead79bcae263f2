"""Schema 15: subscriptions (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect

SUBSCRIPTION = """
    id              id
    uid             uid
    party_id        ref! party
    label           text
    model_id        ref! document   # the invoice it began with; the last issued one is the model
    every           positive=1
    unit            choice month|day
    next_date       date!
    anchor_day      positive=1      # the day of the month it comes back to: 31 → 28 → 31
    stop_date       date            # the last day on which one may fall
    revision        choice none|coefficient|index
    coefficient     positive=1000000    # 10⁻⁶ of the prices of the first invoice
    index_base      positive=1000000    # 10⁻⁶: the index when the prices were agreed
    index_now       positive=1000000
    revised_from    date            # empty: at once
    active          flag=1
    notes           text
    created_at      moment!
    created_by      ref app_user
"""

RUN = """
    id              id
    subscription_id ref! subscription
    due_date        date!
    document_id     own document    # a draft that is deleted gives its date back
    model_id        int             # the invoice it was copied from
    coefficient     positive=1000000    # 10⁻⁶ of the prices of the first invoice, all in all
    made_at         moment!
    made_by         ref app_user
"""


def apply(dialect: Dialect) -> None:
    ends = "CHECK (stop_date IS NULL OR stop_date >= '2000-01-01')"
    dialect.create_table(
        "subscription",
        SUBSCRIPTION,
        {
            "anchor_day": "CHECK (anchor_day <= 31)",
            "every": "CHECK (every <= 3660)",
            "stop_date": ends,
        },
    )
    dialect.create_index("subscription", "active, next_date")
    dialect.create_index("subscription", "model_id")
    dialect.create_table("subscription_run", RUN)
    # whoever makes the invoice of a day second is refused: it is there already
    dialect.create_index("subscription_run", "subscription_id, due_date", unique=True)
    dialect.create_index("subscription_run", "document_id", unique=True)
    dialect.trigger(  # a draft that is deleted gives its day back
        "subscription_run__given_back",
        "subscription_run",
        "DELETE",
        "UPDATE subscription SET next_date = OLD.due_date "
        "WHERE id = OLD.subscription_id AND next_date > OLD.due_date;",
    )
