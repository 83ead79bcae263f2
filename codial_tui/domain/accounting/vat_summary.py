"""VAT of a period by rate, from the entries of the period: what is due because it was invoiced, and
because it was paid; what was invoiced and waits (domain.md §6). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from codial_tui.domain.lines.lines import Key

from .accounting import Entry


class VatRow(NamedTuple):
    """One VAT key. Cents HT and VAT: due when invoiced, invoiced and due when paid, paid."""

    category: str
    rate: int
    debits_base: int = 0
    debits: int = 0
    receipts_base: int = 0
    receipts: int = 0
    received_base: int = 0
    received: int = 0

    @property
    def due(self) -> int:
        """VAT to declare for the period."""
        return self.debits + self.received

    @property
    def invoiced(self) -> int:
        return self.debits + self.receipts


_PLACES = {"debits": 0, "receipts": 2, "received": 4}


def vat_summary(entries: Iterable[Entry]) -> list[VatRow]:
    """The rows by VAT key, highest rate first."""
    found: dict[Key, list[int]] = {}
    for entry in entries:
        for part in entry.vat:
            sums = found.setdefault((part.category, part.rate), [0] * 6)
            sums[_PLACES[part.on]] += part.base
            sums[_PLACES[part.on] + 1] += part.vat
    keys = sorted(found, key=lambda key: (-key[1], key[0]))
    return [VatRow(*key, *found[key]) for key in keys]
