"""An invoice that a supplier sent as data (Factur-X, CII or UBL, EN 16931), read for recording.

What is read is what the paper says: amounts are taken, never worked out again. Whatever cannot be
kept exactly is refused. The file comes from outside: no entity is expanded, nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from codial_tui.domain.money import CENT, SCALE4, SCALE6, div_round
from codial_tui.domain.quantity import parse_plain
from codial_tui.domain.text import clean
from codial_tui.errors import Unreadable

from . import factur_x

LIMIT = 20 << 20
"""bytes of a file"""
CREDITS = frozenset(("381", "396", "502", "503", "261", "262"))
"""types whose amounts are owed to us (UNTDID 1001)"""
_DECIMALS = 8
"""beyond, a price is cut and its line keeps the amount it says"""
_EXPANDS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REMEDY = "demandez une facture électronique EN 16931"


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sent it; siren and vat_number without blanks, "" where unknown."""

    name: str
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """quantity, unit_price, price_per: 10⁻⁴ · discount, amount: cents HT · vat_rate: 10⁻⁶.
    exact: whether quantity × price − discount gives the amount."""

    label: str
    reference: str
    quantity: int
    unit: str
    unit_price: int
    price_per: int
    discount: int
    amount: int
    vat_category: str
    vat_rate: int
    exact: bool


@dataclass(frozen=True, slots=True)
class ReceivedPart:
    """An allowance (negative) or charge of the whole, cents HT."""

    reason: str
    amount: int
    vat_category: str
    vat_rate: int


@dataclass(frozen=True, slots=True)
class Received:
    """A supplier's invoice as it says it is; days in ISO, amounts in cents, negative on a credit
    note. buyer_siren: whom it is addressed to; order: what they say our order is."""

    number: str
    date: str
    due_date: str
    currency: str
    is_credit: bool
    seller: Seller
    buyer_name: str
    buyer_siren: str
    order: str
    lines: tuple[ReceivedLine, ...]
    parts: tuple[ReceivedPart, ...]
    net: int
    vat: int
    gross: int


def read(content: bytes) -> Received:
    """Out of a PDF or XML file. Raises Unreadable."""
    if len(content) > LIMIT:
        raise Unreadable(f"Fichier de plus de {LIMIT >> 20} Mo", "ce n'est pas une facture")
    xml = factur_x.xml_of(content) if content.startswith(b"%PDF") else content
    if _EXPANDS.search(xml[:65_536]):
        raise Unreadable("Ce XML définit des entités", _REMEDY)
    return _received(_terms(xml))


def _terms(xml: bytes) -> Mapping[str, Any]:
    """The terms of EN 16931 in an XML; the library raises bare Exception for what it is not."""
    factur_x.hush()
    from facturx import parse_ubl_cii_xml

    try:
        found: Mapping[str, Any] = parse_ubl_cii_xml(xml)
    except Exception as error:
        raise Unreadable("Ce n'est pas une facture électronique lisible", _REMEDY) from error
    return found


def _received(terms: Mapping[str, Any]) -> Received:
    try:
        sign = -1 if _text(terms, "BT-3") in CREDITS else 1
        lines = tuple(_line(one, sign) for one in terms.get("BG-25", ()))
        parts = (*_parts(terms, "BG-20", -sign), *_parts(terms, "BG-21", sign))
        found = Received(
            number=_text(terms, "BT-1")[:40],
            date=_day(terms.get("BT-2")),
            due_date=_day(terms.get("BT-9")),
            currency=_text(terms, "BT-5"),
            is_credit=sign < 0,
            seller=_seller(terms.get("BG-4") or {}),
            buyer_name=_text(terms.get("BG-7") or {}, "name"),
            buyer_siren=_siren(terms.get("BG-7") or {}),
            order=_text(terms, "BT-13")[:40],
            lines=lines,
            parts=parts,
            net=sign * _cents(terms, "BT-109"),
            vat=sign * _cents(terms, "BT-110", "0"),
            gross=sign * _cents(terms, "BT-112"),
        )
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unreadable("Une valeur de cette facture ne se lit pas", _REMEDY) from error
    if not (found.number and found.date and found.seller.name):
        raise Unreadable("Numéro, date ou vendeur manque dans cette facture", _REMEDY)
    if found.currency != "EUR":
        raise Unreadable(f"Facture en {found.currency or '?'}", "seul l'euro se saisit ici")
    return found


def _text(terms: Mapping[str, Any], name: str) -> str:
    return clean(str(terms.get(name) or ""))


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else ""


def _cents(terms: Mapping[str, Any], name: str, default: str = "") -> int:
    return parse_plain(str(terms.get(name) or default), CENT, 2)


def _scaled(text: str, scale: int) -> tuple[int, bool]:
    """A number on a scale, and whether it is exactly that."""
    whole, _, fraction = text.partition(".")
    fine = parse_plain(f"{whole}.{fraction[:_DECIMALS] or 0}", 10**_DECIMALS, _DECIMALS)
    step = 10**_DECIMALS // scale
    return div_round(fine, step), fine % step == 0 and not fraction[_DECIMALS:].strip("0")


def _rate(text: object) -> int:
    return parse_plain(str(text or "0"), SCALE6 // 100, 4)


def _line(terms: Mapping[str, Any], sign: int) -> ReceivedLine:
    quantity, whole = _scaled(str(terms["BT-129"]), SCALE4)
    price, fits = _scaled(str(terms["BT-146"]), SCALE4)
    per = _scaled(str(terms.get("BT-149") or "1"), SCALE4)[0] or SCALE4
    amount = sign * _cents(terms, "BT-131")
    discount = sign * (_sum(terms, "BG-27") - _sum(terms, "BG-28"))
    worked = div_round(sign * quantity * price * CENT, per * SCALE4) - discount
    return ReceivedLine(
        label=_text(terms, "BT-153"),
        reference=_text(terms, "BT-155")[:40],
        quantity=sign * quantity,
        unit=_text(terms, "BT-130"),
        unit_price=price,
        price_per=per,
        discount=discount,
        amount=amount,
        vat_category=_text(terms, "BT-151") or "S",
        vat_rate=_rate(terms.get("BT-152")),
        exact=whole and fits and worked == amount,
    )


def _sum(terms: Mapping[str, Any], group: str) -> int:
    return sum(_cents(one, "amount") for one in terms.get(group, ()))


def _parts(terms: Mapping[str, Any], group: str, sign: int) -> Iterable[ReceivedPart]:
    for one in terms.get(group, ()):
        yield ReceivedPart(
            _text(one, "reason"),
            sign * _cents(one, "amount"),
            _text(one, "vat_category_code") or "S",
            _rate(one.get("vat_rate")),
        )


def _siren(terms: Mapping[str, Any]) -> str:
    own = _text(terms, "legal_identifier").replace(" ", "")
    return own[:9] if own[:9].isdigit() and len(own) in (9, 14) else ""


def _seller(terms: Mapping[str, Any]) -> Seller:
    person = (terms.get("contacts") or [{}])[0]
    siret = _text(terms.get("identifiers") or {}, "0009")
    lines = (_text(terms, f"addr_l{number}") for number in (1, 2, 3))
    return Seller(
        name=_text(terms, "name")[:120],
        siren=_siren(terms),
        siret=siret if len(siret) == 14 else "",
        vat_number=_text(terms, "vat_identifier").replace(" ", ""),
        street=" ".join(filter(None, lines)),
        postcode=_text(terms, "postcode"),
        city=_text(terms, "city"),
        country=_text(terms, "country_code") or "FR",
        phone=_text(person, "phone"),
        email=_text(person, "email"),
    )
