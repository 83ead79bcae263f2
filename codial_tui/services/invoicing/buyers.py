"""Who an invoice is billed to, as it will be stored: the invoice party where there is one
(domain.md §1), and what a record has learnt since the invoice copied it."""

from __future__ import annotations

from dataclasses import replace

from codial_tui.domain.document import Document, Value
from codial_tui.domain.kinds import doc_type
from codial_tui.services.context import Context
from codial_tui.services.records import parties

IDENTIFIERS = {
    "party_siren": "siren",
    "party_siret": "siret",
    "party_vat_number": "vat_number",
}


def buyer_id(document: Document) -> Value:
    """The record of who is billed."""
    return document.header.get("invoice_party_id") or document.header.get("party_id")


def values(context: Context, document: Document) -> dict[str, Value]:
    """Header values that the invoice gets when it is validated.

    Of an invoice party: its identifiers, and its name and address unless another address was typed.
    Else the identifiers that miss: an invoice made from an order keeps its customer, whose record
    is mended.
    """
    payer = document.number("invoice_party_id")
    columns = ", ".join(IDENTIFIERS.values())
    row = context.database.mapping(
        f"SELECT {columns}, is_consumer FROM party WHERE id = ?", (buyer_id(document),)
    )
    if row is None:
        return {}
    if not payer or payer == document.number("party_id"):
        empty = [name for name in IDENTIFIERS if not document.text(name)]
        return {name: row[IDENTIFIERS[name]] for name in empty if row[IDENTIFIERS[name]]}
    found: dict[str, Value] = {name: row[column] for name, column in IDENTIFIERS.items()}
    found |= {"party_is_consumer": row["is_consumer"], "billing_siret": ""}
    usual = parties.address_values(context, document.number("party_id"), "billing")
    if all(document.text(name) == str(value or "") for name, value in usual.items()):
        found |= parties.address_values(context, payer, "billing")
    return found


def completed(context: Context, document: Document) -> Document:
    """A provisional invoice as it will be stored; anything else as it is."""
    kind = doc_type(document.kind)
    if kind.numbering.given != "validate" or document.state != kind.initial:
        return document
    found = values(context, document)
    return replace(document, header={**document.header, **found}) if found else document
