"""Who issues a document, and how that stands at the head and foot of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codial_tui.domain.quantity import format_cents


@dataclass(frozen=True, slots=True)
class Insurance:
    """Professional (décennale) insurance, as it must be quoted. insurer: name and address."""

    insurer: str = ""
    policy: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Waste:
    """The four facts on the waste of the works, in free words."""

    quantity: str = ""
    handling: str = ""
    collection: str = ""
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the document: the company, through the establishment that acts.

    capital: cents, 0 without. registry: "RCS Lyon 123 456 782". late_rate: words of the penalty
    rate. mediator: name and address of the consumer mediator. waste_mention, quote_mention,
    legal_mention: the company's own words on waste, on every quote, at the foot of every page.
    logo: bytes of a PNG or JPEG picture.
    """

    name: str
    legal_form: str = ""
    capital: int = 0
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    phone: str = ""
    email: str = ""
    website: str = ""
    siren: str = ""
    siret: str = ""
    registry: str = ""
    activity_code: str = ""
    vat_number: str = ""
    iban: str = ""
    bic: str = ""
    insurance: Insurance = Insurance()
    vat_franchise: bool = False
    works: bool = False
    late_rate: str = ""
    discount_terms: str = ""
    mediator: str = ""
    waste_mention: str = ""
    quote_mention: str = ""
    legal_mention: str = ""
    logo: bytes = b""


def issuer_of(row: Mapping[str, object]) -> Issuer:
    """The issuer from the values of the company's row, by column name; missing ones are empty."""

    def text(name: str) -> str:
        return str(row.get(name) or "")

    capital, logo = row.get("capital"), row.get("logo")
    town = text("register_city")
    return Issuer(
        name=text("name"),
        legal_form=text("legal_form"),
        capital=capital if isinstance(capital, int) else 0,
        street="\n".join(part for part in (text("street"), text("street2")) if part),
        postcode=text("postcode"),
        city=text("city"),
        country=text("country") or "FR",
        phone=text("phone"),
        email=text("email"),
        website=text("website"),
        siren=text("siren"),
        siret=text("siret"),
        registry=f"RCS {town} {grouped_siret(text('siren'))}".strip() if town else "",
        activity_code=text("activity_code"),
        vat_number=text("vat_number"),
        iban=text("iban"),
        bic=text("bic"),
        insurance=Insurance(text("insurer"), text("insurance_policy"), text("insurance_area")),
        vat_franchise=text("vat_regime") == "franchise",
        works=text("edition") == "building",
        late_rate=text("late_penalty"),
        waste_mention=text("waste_mention"),
        quote_mention=text("quote_mention"),
        legal_mention=text("legal_mention"),
        logo=bytes(logo) if isinstance(logo, bytes | memoryview) else b"",
    )


def identity(issuer: Issuer) -> tuple[str, ...]:
    """Legal identity for the foot of every page, then the company's own words.

    Code de commerce R. 123-237 and R. 123-238 (form, capital, registration), CGI ann. II
    art. 242 nonies A (VAT number).
    """
    form = " ".join(part for part in (issuer.name, issuer.legal_form) if part)
    if issuer.legal_form and issuer.name.upper().endswith(issuer.legal_form.upper()):
        form = issuer.name
    if issuer.capital:
        capital = format_cents(issuer.capital).removesuffix(",00")
        form = f"{form} au capital de {capital} €"
    seat = " ".join(part for part in (issuer.postcode, issuer.city) if part)
    street = issuer.street.replace("\n", ", ")
    first = " – ".join(part for part in (form, street, seat) if part)
    numbers = (
        ("SIRET" if issuer.siret else "SIREN", grouped_siret(issuer.siret or issuer.siren)),
        ("", issuer.registry),
        ("APE", issuer.activity_code),
        ("TVA", issuer.vat_number),
    )
    second = " – ".join(f"{label} {value}".strip() for label, value in numbers if value)
    return tuple(line for line in (first, second, issuer.legal_mention) if line)


def grouped_siret(number: str) -> str:
    """`12345678200010` as `123 456 782 00010`; a SIREN as `123 456 782`."""
    digits = number.replace(" ", "")
    if len(digits) not in (9, 14) or not digits.isdigit():
        return number
    return " ".join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)


def letterhead(issuer: Issuer) -> tuple[str, ...]:
    """The issuer at the head of the first page, name first."""
    town = " ".join(part for part in (issuer.postcode, issuer.city) if part)
    phone = f"Tél. {issuer.phone}" if issuer.phone else ""
    siret = grouped_siret(issuer.siret)
    lines = (
        issuer.name,
        ", ".join(part for part in (*issuer.street.split("\n"), town) if part),
        " – ".join(part for part in (phone, issuer.email) if part),
        issuer.website,
        f"SIRET {siret}" if siret else "",
    )
    return tuple(line for line in lines if line)
