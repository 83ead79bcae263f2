"""What is reported to the tax administration beside e-invoices (flux 10): sales to consumers by
day, invoices to foreign businesses one by one, and receipts on services. Pure.

Sales between French businesses are e-invoices and not in it; their receipts go as status 212.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.einvoice_parties import FRENCH

from .accounting import exigible

B2C, FOREIGN = "b2c", "b2bint"
GOODS, SERVICES, UNTAXED = "TLB1", "TPS1", "TNT1"
"""Categories of flux 10.3: deliveries of goods, services, not subject to French VAT."""
HOME = FRENCH | {"MC"}
"""Monaco is France for VAT."""


class Figure(NamedTuple):
    """HT and VAT (cents) of one category and rate (10⁻⁶) of an invoice."""

    category: str
    rate: int
    base: int
    vat: int


def report_of(document: Document) -> str:
    """Which report an invoice is in: b2c, b2bint, or "" for none."""
    if document.number("party_is_consumer"):
        return B2C
    return "" if document.text("billing_country").upper() in HOME else FOREIGN


def figures(document: Document) -> list[Figure]:
    """The VAT table of an invoice, goods and services apart."""
    as_sold = replace(document, header={**document.header, "vat_on_debits": 0, "nature": "direct"})
    found = []
    for (category, rate), due in exigible(as_sold).items():
        base = due.gross - due.vat
        parts = (
            (GOODS, base - due.waiting_base, due.vat - due.waiting),
            (SERVICES, due.waiting_base, due.waiting),
        )
        for name, net, vat in parts:
            if net or vat:
                found.append(Figure(name if category == "S" else UNTAXED, rate, net, vat))
    return found
