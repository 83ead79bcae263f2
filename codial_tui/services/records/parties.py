"""Parties: finding them while somebody types, creating them on the spot, copying them into a
document (domain.md §3: a document holds its own copy)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codial_tui.domain.document import Value
from codial_tui.domain.problems import Problem
from codial_tui.domain.text import clean, fold, words
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context

from . import settings

COUNTER_NAME = "Client comptoir"
SEARCH_LIMIT = 50
_SNAPSHOT = (
    "id, code, name, siren, siret, vat_number, phone, email, is_consumer, vat_regime, "
    "payment_terms_id, price_list_id, salesperson_id, opening_text, closing_text, "
    "ordering_party_id, delivery_party_id, invoice_party_id, tariff_party_id"
)


@dataclass(frozen=True, slots=True)
class PartyHit:
    """One party found by a search."""

    id: int
    code: str
    name: str
    postcode: str
    city: str
    phone: str


def search(
    context: Context, text: str, *, role: str = "", limit: int = SEARCH_LIMIT
) -> list[PartyHit]:
    """Parties whose name, code, town, phone or SIREN hold every word typed. role: `customer`
    (prospects too), `supplier`, or "" for all."""
    where = {"customer": "(party.is_customer = 1 OR party.is_prospect = 1)"}.get(
        role, f"party.is_{role} = 1" if role else "1 = 1"
    )
    columns = "party.id, party.code, party.name, party.postcode, party.city, party.phone"
    number = phone_digits(text)
    for wanted in [[number], words(text)] if number else [words(text)]:
        found = context.database.search(
            "party", wanted, columns, limit=limit, where=f"party.blocked = 0 AND {where}"
        )
        if found:
            return [PartyHit(*row) for row in found]
    return []


_PHONE = re.compile(r"\+?[\d\s./()-]+")


def phone_digits(text: str) -> str:
    """The digits of a phone number by which it is found however it is written, "" for what is
    none: `04 78 00`, `04.78.00.11.22`, `+33 4 78 00 11 22` → `478…`."""
    stripped = text.strip()
    digits = "".join(char for char in stripped if char.isdigit())
    parted = len(digits) < len(stripped)
    if not _PHONE.fullmatch(stripped) or len(digits) < (4 if parted else 9):
        return ""
    if stripped[0] == "+" or len(digits) > 10:
        digits = digits.removeprefix("00").removeprefix("33")
    return digits.removeprefix("0")


def snapshot(context: Context, party_id: int) -> dict[str, Value]:
    """The header values a document copies from a party. Raises Refused when there is none."""
    database = context.database
    row = database.mapping(f"SELECT {_SNAPSHOT} FROM party WHERE id = ?", (party_id,))
    if row is None:
        raise refuse("party.unknown", "Client introuvable", "F4 ouvre la liste", "party_id")
    values: dict[str, Value] = {
        "party_id": row["id"],
        "party_name_fold": fold(row["name"]),
        "party_is_consumer": row["is_consumer"],
        "payment_terms_label": _terms_label(context, row["payment_terms_id"]),
        "contact_id": None,
        "contact_name": "",
    }
    for name in ("code", "name", "siren", "siret", "vat_number", "phone", "email"):
        values[f"party_{name}"] = row[name]
    for name in ("vat_regime", "price_list_id", "payment_terms_id", *SECONDARY):
        values[name] = row[name]
    values["vat_regime"] = settings.regime_of(context, row["vat_regime"])
    for name in ("opening_text", "closing_text"):
        if row[name]:
            values[name] = row[name]
    if row["salesperson_id"]:
        values["salesperson_id"] = row["salesperson_id"]
        values["salesperson_name"] = user_name(context, row["salesperson_id"])
    values.update(address_values(context, party_id, "billing"))
    if row["delivery_party_id"]:
        values.update(address_values(context, row["delivery_party_id"], "delivery"))
    else:
        values.update(dict.fromkeys(ADDRESS_NAMES["delivery"], ""))
        values["delivery_country"] = "FR"
    return values


SECONDARY = ("ordering_party_id", "delivery_party_id", "invoice_party_id", "tariff_party_id")
ADDRESS_PARTS = ("name", "street", "street2", "postcode", "city", "country")
ADDRESS_NAMES = {
    use: tuple(f"{use}_{part}" for part in ADDRESS_PARTS) for use in ("billing", "delivery")
}


def address_values(context: Context, party_id: int, use: str) -> dict[str, Value]:
    """The `billing_*` or `delivery_*` header values of a party: its address for that use when it
    has one, else its own."""
    database = context.database
    found = database.row(
        "SELECT COALESCE(NULLIF(a.name, ''), p.name), a.street, a.street2, a.postcode, a.city, "
        "a.country FROM address a JOIN party p ON p.id = a.party_id WHERE a.party_id = ? "
        "AND a.role = ? AND a.active = 1 ORDER BY a.is_default DESC, a.position, a.id LIMIT 1",
        (party_id, use),
    ) or database.row(
        "SELECT name, street, street2, postcode, city, country FROM party WHERE id = ?", (party_id,)
    )
    return dict(zip(ADDRESS_NAMES[use], found or [""] * len(ADDRESS_PARTS)))


def _terms_label(context: Context, terms_id: int | None) -> str:
    row = context.database.row("SELECT label FROM payment_terms WHERE id = ?", (terms_id,))
    return row[0] if row else ""


def user_name(context: Context, user_id: int) -> str:
    row = context.database.row("SELECT name FROM app_user WHERE id = ?", (user_id,))
    return row[0] if row else ""


def counter(context: Context) -> int:
    """The « Client comptoir » for sales without a name, created the first time it is needed."""
    row = context.database.row("SELECT id FROM party WHERE name = ?", (COUNTER_NAME,))
    return row[0] if row else create(context, {"name": COUNTER_NAME, "is_consumer": 1})


def by_code(context: Context, code: str) -> int:
    """The party of a code. Raises Refused."""
    found = context.database.value("SELECT id FROM party WHERE code_fold = ?", (fold(code),))
    if found is None:
        raise refuse("party.unknown", f"Client {code} introuvable", "son code : C00128", "customer")
    return int(found)


def is_counter(context: Context, party_id: int) -> bool:
    """Whether a party stands for customers without a name."""
    name = context.database.value("SELECT name FROM party WHERE id = ?", (party_id,))
    return bool(name == COUNTER_NAME)


def check(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a party's identifiers; checked with python-stdnum."""
    from stdnum.eu import vat
    from stdnum.fr import siren, siret

    problems = []
    if not clean(str(values.get("name") or "")):
        problems.append(Problem("party.name", "name", "Le nom manque", "tapez un nom"))
    checks = (
        ("siren", siren, "SIREN : clé fausse", "9 chiffres"),
        ("siret", siret, "SIRET : clé fausse", "14 chiffres"),
        ("vat_number", vat, "N° de TVA : clé fausse", "FR et 11 caractères"),
    )
    for name, module, message, remedy in checks:
        value = values.get(name)
        if value and not module.is_valid(str(value)):
            problems.append(Problem(f"{name}.invalid", name, message, remedy))
    code, number = values.get("siren"), values.get("siret")
    if code and number and not str(number).replace(" ", "").startswith(str(code).replace(" ", "")):
        problems.append(
            Problem(
                "siret.mismatch",
                "siret",
                "Le SIRET ne commence pas par le SIREN",
                "vérifiez les deux",
            )
        )
    where = str(values.get("electronic_address") or "")
    if where and not ELECTRONIC_ADDRESS.fullmatch(where):
        said = "Adresse de facturation électronique : SIREN, puis _ et la suite"
        problems.append(
            Problem(
                "electronic_address.form", "electronic_address", said, "lettres, chiffres, + - _ ."
            )
        )
    return problems


ELECTRONIC_ADDRESS = re.compile(r"\d{9}(_[A-Za-z0-9+\-_.]+)?")
"""Scheme 0225 of the directory: SIREN, SIREN_SIRET, SIREN_SIRET_CODE, SIREN_SUFFIX (BR-FR-23)."""


def create(context: Context, values: Mapping[str, Any]) -> int:
    """A new party with its main address; customer unless told otherwise. Raises Refused."""
    with context.database.write():
        return insert(context, values)


def insert(context: Context, values: Mapping[str, Any]) -> int:
    """The same, inside the caller's transaction."""
    problems = check(values)
    if problems:
        raise Refused(*problems)
    text = {name: clean(str(values.get(name) or "")) for name in (*_TEXT, *ADDRESS_PARTS[1:])}
    for name in ("siren", "siret", "vat_number"):
        text[name] = text[name].replace(" ", "").upper()
    text["country"] = text["country"].upper() or "FR"
    roles = {name: int(bool(values.get(name))) for name in _ROLES}
    roles["is_customer"] = int(bool(values.get("is_customer", not roles["is_supplier"])))
    others = {name: values[name] for name in _OTHERS if values.get(name) is not None}
    database = context.database
    code = text.pop("code") or _next_code(context, supplier=not roles["is_customer"])
    if database.row("SELECT 1 FROM party WHERE code_fold = ?", (fold(code),)):
        raise refuse("party.code", f"Le code {code} existe déjà", "laissez-le vide", "code")
    now = context.now
    return database.insert(
        "party",
        {
            "uid": context.uid(),
            "code": code,
            "code_fold": fold(code),
            **text,
            **roles,
            **others,
            "name_fold": fold(text["name"]),
            "search_text": search_text({**text, "code": code}),
            "created_at": now,
            "updated_at": now,
        },
    )


_TEXT = (
    *("code", "name", "phone", "email", "siren", "siret", "vat_number", "legal_form"),
    "electronic_address",
)
_ROLES = ("is_supplier", "is_prospect", "is_consumer")
_OTHERS = (
    "payment_terms_id",
    "price_list_id",
    "salesperson_id",
    "vat_regime",
    "credit_limit",
    *SECONDARY,
)


def search_text(values: Mapping[str, Any]) -> str:
    """The folded text a party is found by; a phone number is also found without blanks."""
    names = ("code", "name", "city", "postcode", "phone", "siren", "email")
    parts = [str(values.get(name) or "") for name in names]
    digits = "".join(char for char in parts[4] if char.isdigit())
    return fold(" ".join(part for part in (*parts, digits) if part))


def _next_code(context: Context, *, supplier: bool) -> str:
    letter = "F" if supplier else "C"
    row = context.database.row(
        "SELECT code FROM party WHERE code LIKE ? AND LENGTH(code) = 6 ORDER BY code DESC LIMIT 1",
        (f"{letter}0%",),
    )
    last = int(row[0][1:]) if row and row[0][1:].isdigit() else 0
    return f"{letter}{last + 1:05d}"


def towns(context: Context, postcode: str) -> list[str]:
    """The communes of a postcode, for completion."""
    found = context.database.rows(
        "SELECT name FROM commune WHERE postcode = ? ORDER BY name", (postcode.strip(),)
    )
    return [row[0] for row in found]
