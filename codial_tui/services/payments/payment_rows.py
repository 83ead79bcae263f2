"""Rows of payments and allocations, written inside the caller's transaction. Each is sealed in
the chained journal of payments as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from codial_tui.domain.payments.allocation import KeyLeft, Share, shares
from codial_tui.domain.quantity import format_cents
from codial_tui.services.context import Context
from codial_tui.services.law import chain_links

from . import instalments
from .payment_facts import head, ref_of

JOURNAL = "payments"


def insert(context: Context, values: Mapping[str, Any]) -> int:
    """A payment; returns its id."""
    return _sealed(
        context,
        "payment",
        {
            "uid": context.uid(),
            **values,
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
        },
    )


def _sealed(context: Context, table: str, values: Mapping[str, Any]) -> int:
    made = context.database.insert(table, values)
    chain_links.seal_row(context, JOURNAL, table, made)
    return made


def allocate(
    context: Context, payment_id: int, parts: Mapping[int, int], kind: str = "payment"
) -> None:
    """Write what of a payment goes to each instalment (by id, cents), by VAT key."""
    database = context.database
    given = database.value("SELECT amount FROM payment WHERE id = ?", (payment_id,))
    for instalment_id, amount in parts.items():
        document_id = database.value(
            "SELECT document_id FROM instalment WHERE id = ?", (instalment_id,)
        )
        keys = database.rows(
            "SELECT vat_category, vat_rate, amount - paid FROM receivable "
            "WHERE document_id = ? ORDER BY vat_rate DESC, vat_category",
            (document_id,),
        )
        found = shares(amount, [KeyLeft(*row) for row in keys])
        for share in sorted(found, key=lambda one: one.amount, reverse=given < 0):
            _allocation(context, payment_id, document_id, instalment_id, kind, share)


def _allocation(
    context: Context,
    payment_id: int,
    document_id: int,
    instalment_id: int | None,
    kind: str,
    share: Share,
    reverses: int | None = None,
) -> None:
    values = {
        "uid": context.uid(),
        "payment_id": payment_id,
        "document_id": document_id,
        "instalment_id": instalment_id,
        "kind": kind,
        "vat_category": share.category,
        "vat_rate": share.rate,
        "amount": share.amount,
        "reverses": reverses,
        "at": context.now,
        "user_name": context.user.name,
    }
    _sealed(context, "payment_allocation", values)


def mirror(
    context: Context, payment_id: int, standing: Sequence[Mapping[str, Any]], amount: int
) -> None:
    """Take allocations back, on behalf of a payment of this amount: in the order in which it
    never gives more than it has."""
    for one in sorted(standing, key=lambda one: int(one["amount"]), reverse=amount >= 0):
        share = Share(one["vat_category"], one["vat_rate"], -one["amount"])
        ids = (payment_id, one["document_id"], one["instalment_id"])
        _allocation(context, *ids, one["kind"], share, one["id"])


def close(context: Context, payment_id: int, touched: Iterable[int], words: str) -> dict[int, int]:
    """What follows from a gesture: caches of the documents, their log. Returns what is allocated
    of the payment, by document. words: of the log, before what is left."""
    database, found = context.database, {}
    for document_id in sorted(set(touched)):
        instalments.settle(context, document_id)
        found[document_id] = int(
            database.value(
                "SELECT COALESCE(SUM(amount), 0) FROM payment_allocation "
                "WHERE payment_id = ? AND document_id = ?",
                (payment_id, document_id),
            )
        )
        _log(context, payment_id, document_id, f"{words} {format_cents(found[document_id])}")
    return {key: value for key, value in found.items() if value}


def _log(context: Context, payment_id: int, document_id: int, words: str) -> None:
    context.database.insert(
        "document_event",
        {
            "uid": context.uid(),
            "document_id": document_id,
            "document_uid": head(context, document_id)["uid"],
            "type": "state",
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
            "text": f"{ref_of(payment_id)} : {words}",
        },
    )
