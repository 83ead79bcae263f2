"""Where money goes: over instalments, then over the VAT keys of an invoice. Pure; cents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from codial_tui.domain.money import spread


class Open(NamedTuple):
    """An instalment that is not settled. left: cents, negative of a credit note."""

    id: int
    document_id: int
    left: int


class KeyLeft(NamedTuple):
    """What is left of a VAT key of an invoice, in cents TTC."""

    category: str
    rate: int
    left: int


class Share(NamedTuple):
    """What goes to a VAT key."""

    category: str
    rate: int
    amount: int


def oldest_first(amount: int, several: Sequence[Open]) -> dict[int, int]:
    """An amount over instalments of its sign, in their order, each filled before the next; by id.
    It is at most what is left of all."""
    found = {}
    for one in several:
        part = min(amount, one.left) if amount > 0 else max(amount, one.left)
        if part and amount:
            found[one.id] = part
            amount -= part
    return found


def shares(amount: int, keys: Sequence[KeyLeft]) -> list[Share]:
    """An amount over what is left of each VAT key, by largest remainder: the shares add up to it,
    and none is more than its key has left as long as the amount is not (also where keys of both
    signs stand on one invoice). What is sent as « encaissée », and VAT on receipts, follow it."""
    parts = spread(amount, [key.left for key in keys])
    return [Share(key.category, key.rate, part) for key, part in zip(keys, parts) if part]
