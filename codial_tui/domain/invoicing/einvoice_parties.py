"""Who sells, who buys and where it is delivered, as an e-invoice names them (BG-4, BG-7, BG-13)."""

from __future__ import annotations

import re
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import counting
from codial_tui.domain.paper.issuer import Issuer, identity

from .einvoice_lines import plain

SIREN_SCHEME, SIRET_SCHEME, ADDRESS_SCHEME = "0002", "0009", "0225"

Data = dict[str, Any]


FRENCH = frozenset({"", "FR", "GP", "MQ", "RE"})
"""Countries of buyers that the reform is about: France and its departments where its VAT is."""


def is_french_business(document: Document) -> bool:
    """Whether the buyer is one: then the French rules (BR-FR) apply too (domain.md §6)."""
    return document.text("billing_country").upper() in FRENCH and not document.number(
        "party_is_consumer"
    )


def _no_vat_numbers(document: Document) -> bool:
    """Outside the scope of VAT neither party bears a VAT number (BR-O-2)."""
    return any(line.vat_category == "O" for line in counting(document))


def seller(document: Document, issuer: Issuer) -> Data:
    siren, siret = digits(issuer.siren) or digits(issuer.siret)[:9], digits(issuer.siret)
    street = issuer.street.split("\n")
    person = plain(document.text("salesperson_name") or issuer.name)
    party: Data = {
        "name": plain(issuer.name),
        "identifiers": {SIRET_SCHEME: siret} if siret.startswith(siren) and siret else {},
        "legal_identifier": siren,
        "legal_identifier_schemeid": SIREN_SCHEME,
        "vat_identifier": "" if _no_vat_numbers(document) else issuer.vat_number,
        "legal_info": plain(" – ".join(identity(issuer))),
        "einvoicing_addr": siren,
        "einvoicing_addr_schemeid": ADDRESS_SCHEME,
        "contacts": [{"name": person, "phone": issuer.phone, "email": issuer.email}],
        "addr_l1": plain(street[0]),
        "addr_l2": plain(" ".join(street[1:])),
        "postcode": issuer.postcode,
        "city": plain(issuer.city),
        "country_code": issuer.country or "FR",
    }
    return _filled(party)


def buyer(document: Document, electronic_address: str) -> Data:
    text = document.text
    siren = buyer_siren(document)
    siret = digits(text("billing_siret") or text("party_siret"))
    french = is_french_business(document)
    where = electronic_address or (siren if french else "")
    person = {
        "name": plain(text("contact_name")),
        "phone": text("contact_phone") or text("party_phone"),
        "email": text("contact_email") or text("party_email"),
    }
    party: Data = {
        "name": plain(text("billing_name") or text("party_name")),
        "identifiers": {SIRET_SCHEME: siret} if siren and siret.startswith(siren) else {},
        "legal_identifier": siren if french else "",
        "legal_identifier_schemeid": SIREN_SCHEME,
        "vat_identifier": "" if _no_vat_numbers(document) else text("party_vat_number"),
        "einvoicing_addr": where,
        "einvoicing_addr_schemeid": ADDRESS_SCHEME if where else "",
        "contacts": [_filled(person)] if text("contact_name") else [],
        **_address(document, "billing"),
    }
    return _filled(party)


def place(document: Document) -> Data:
    """BG-13: where it is delivered; the library writes no valid XML without any delivery."""
    own = _address(document, "delivery")
    elsewhere = any(value for name, value in own.items() if name != "country_code")
    use = "delivery" if elsewhere else "billing"
    name = document.text(f"{use}_name") or document.text("party_name")
    return _filled({"name": plain(name), **_address(document, use)})


def _address(document: Document, use: str) -> Data:
    text = document.text
    street = text(f"{use}_street").split("\n")
    return {
        "addr_l1": plain(street[0]),
        "addr_l2": plain(" ".join([*street[1:], text(f"{use}_street2")]).strip()),
        "postcode": plain(text(f"{use}_postcode")),
        "city": plain(text(f"{use}_city")),
        "country_code": text(f"{use}_country") or "FR",
    }


def buyer_siren(document: Document) -> str:
    """The buyer's SIREN, also out of its SIRET or its French VAT number; "" when none is known."""
    siret = document.text("party_siret") or document.text("billing_siret")
    number = document.text("party_vat_number").replace(" ", "")
    of_number = number[4:] if re.fullmatch(r"FR\w\w\d{9}", number) else ""
    return digits(document.text("party_siren")) or digits(siret)[:9] or of_number


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() and char.isascii())


def _filled(values: Data) -> Data:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
