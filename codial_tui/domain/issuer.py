"""Who issues a document, and how that stands at the head and foot of its pages."""

from __future__ import annotations

from dataclasses import dataclass

from .quantity import format_cents


@dataclass(frozen=True, slots=True)
class Insurance:
    """Professional (décennale) insurance, as it must be quoted."""

    insurer: str = ""
    contact: str = ""
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

    capital: cents, 0 without. registry: "RCS Lyon", "RM 069". late_rate: words of the penalty
    rate. mediator: name and address of the consumer mediator.
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


def identity(issuer: Issuer) -> tuple[str, ...]:
    """Legal identity for the foot of every page, at most two lines.

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
    first = " – ".join(part for part in (form, issuer.street, seat) if part)
    numbers = (
        ("SIRET", grouped_siret(issuer.siret or issuer.siren)),
        ("", issuer.registry),
        ("APE", issuer.activity_code),
        ("TVA", issuer.vat_number),
    )
    second = " – ".join(f"{label} {value}".strip() for label, value in numbers if value)
    return tuple(line for line in (first, second) if line)


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
        ", ".join(part for part in (issuer.street, town) if part),
        " – ".join(part for part in (phone, issuer.email) if part),
        issuer.website,
        f"SIRET {siret}" if siret else "",
    )
    return tuple(line for line in lines if line)
