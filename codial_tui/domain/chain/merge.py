"""Whether a document may join another one, and why not (seed 001; domain.md §4).

A criterion compares the source's header with the target's; a difference either blocks or asks
which value wins. No product that this program is compared with says which criterion refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Value

Header = Mapping[str, Value]


class Criterion(NamedTuple):
    """A difference between source and target. level: `blocking` or `choice`. source, target: in
    French, as shown; field: the header field to mend, "" when it is not in the header."""

    code: str
    label: str
    source: str
    target: str
    level: str
    remedy: str
    field: str = ""


class TargetFacts(NamedTuple):
    """What a header does not say of a target. locked_by: who has it open elsewhere; parts: refs
    of the documents that took something of it."""

    state_label: str = ""
    gender: str = "m"
    is_initial: bool = True
    locked_by: str = ""
    location: str = "office"
    parts: tuple[str, ...] = ()
    wording: Mapping[str, str] = {}
    """`FIELD:id` → name, for both documents"""


class _Rule(NamedTuple):
    label: str
    fields: tuple[str, ...]
    remedy: str
    level: str = "blocking"


_SAME = "corrigez l'une des deux pièces (F9), ou créez-en une nouvelle"
_ADDRESS = ("street", "street2", "postcode", "city", "country")

RULES: dict[str, _Rule] = {
    "customer": _Rule("Client", ("party_id", "party_name"), "une pièce n'a qu'un client"),
    "supplier": _Rule("Fournisseur", ("party_id", "party_name"), "une pièce, un fournisseur"),
    "ordering_party": _Rule("Tiers commande", ("ordering_party_id",), _SAME),
    "delivery_party": _Rule("Tiers livré", ("delivery_party_id",), _SAME),
    "invoice_party": _Rule("Tiers facture", ("invoice_party_id",), _SAME),
    "tariff_party": _Rule("Tiers tarif", ("tariff_party_id",), _SAME),
    "billing_address": _Rule(
        "Adresse de facturation", tuple(f"billing_{one}" for one in _ADDRESS), _SAME
    ),
    "delivery_address": _Rule(
        "Adresse de livraison",
        tuple(f"delivery_{one}" for one in _ADDRESS),
        "une facture électronique n'a qu'une adresse de livraison",
    ),
    "establishment": _Rule("Établissement", ("establishment_id",), _SAME),
    "branch": _Rule("Agence", ("branch_id",), _SAME),
    "assignment": _Rule("Affectation", ("assignment_id",), _SAME),
    "project": _Rule("Affaire", ("project_id",), _SAME),
    "price_mode": _Rule("Prix", ("price_mode",), "HT et TTC ne se mêlent pas"),
    "price_decimals": _Rule("Décimales", ("price_decimals",), _SAME),
    "rounding": _Rule("Arrondi de TVA", ("vat_rounding",), _SAME),
    "currency": _Rule("Devise", ("currency",), "créez une nouvelle pièce"),
    "vat_regime": _Rule("Régime de TVA", ("vat_regime",), _SAME),
    "subject": _Rule("Objet", ("subject",), "", "choice"),
    "salesperson": _Rule("Commercial", ("salesperson_id",), "", "choice"),
    "payment_terms": _Rule("Règlement", ("payment_terms_id",), "", "choice"),
    "planned_date": _Rule("Livraison prévue", ("planned_date",), "", "choice"),
    "texts": _Rule("Texte de fin", ("closing_text",), "", "choice"),
}
"""Criteria that compare header values. Two empty values agree; so does an empty one of a choice,
where the other simply stays."""

CHOICE_FIELDS = {
    "subject": ("subject",),
    "salesperson": ("salesperson_id", "salesperson_name"),
    "payment_terms": ("payment_terms_id", "payment_terms_label", "payment_terms"),
    "planned_date": ("planned_date",),
    "texts": ("closing_text",),
}
"""What goes over when the source's value wins."""

_OF_SUPPLIER = ("supplier", "billing_address", "delivery_address", "vat_regime")

_FEMININE = ("branch", "assignment", "project", "currency")

_WORDS = {
    "price_mode": {"net": "HT", "gross": "TTC"},
    "vat_rounding": {"rate": "par taux", "line": "par ligne"},
}


def compare(
    names: tuple[str, ...], source: Header, target: Header, facts: TargetFacts
) -> list[Criterion]:
    """Everything that differs, blocking ones first. names: those the target's kind declares. What
    has no supplier yet takes the target's, with all that comes with one."""
    found = []
    anybody = "supplier" in names and not source.get("party_id") and not source.get("party_name")
    for name in names:
        if anybody and name in _OF_SUPPLIER:
            continue
        if name in _TARGET:
            one = _TARGET[name](target, facts)
        else:
            one = _difference(name, source, target, facts)
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: one.level != "blocking")


def group_of(criteria: list[Criterion]) -> str:
    """`mergeable`, `choice` or `refused`."""
    if any(one.level == "blocking" for one in criteria):
        return "refused"
    return "choice" if criteria else "mergeable"


def _difference(name: str, source: Header, target: Header, facts: TargetFacts) -> Criterion | None:
    rule = RULES[name]
    pairs = [(one, _known(source, one), _known(target, one)) for one in rule.fields]
    if name in ("customer", "supplier") and source.get("party_id") and target.get("party_id"):
        pairs = pairs[:1]
    different = [one for one, left, right in pairs if left != right]
    if rule.level == "choice" and any(not left or not right for _, left, right in pairs):
        return None
    if not different:
        return None
    return Criterion(
        name,
        rule.label,
        _shown(source, rule, name, facts),
        _shown(target, rule, name, facts),
        rule.level,
        rule.remedy or "dites lequel garder",
        different[0],
    )


def _known(header: Header, field: str) -> Value:
    """A value to compare: texts without regard to case and blanks; a delivery address that is not
    given is the billing address."""
    value = header.get(field)
    if field.startswith("delivery_") and not _has_delivery(header):
        value = header.get(field.replace("delivery_", "billing_"))
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    return value or None


def _has_delivery(header: Header) -> bool:
    return any(header.get(f"delivery_{one}") for one in ("street", "postcode", "city"))


def _shown(header: Header, rule: _Rule, name: str, facts: TargetFacts) -> str:
    if name.endswith("_address"):
        use = "delivery" if name == "delivery_address" and _has_delivery(header) else "billing"
        parts = [str(header.get(f"{use}_{one}") or "") for one in ("street", "postcode", "city")]
        return " ".join(filter(None, parts)) or "aucune"
    field = rule.fields[0]
    value = header.get(field)
    if name in ("customer", "supplier"):
        return str(header.get("party_name") or "aucun")
    if field == "planned_date":
        return _day(value) if value else "aucune"
    if value in (None, ""):
        return "aucune" if name in _FEMININE else "aucun"
    words = _WORDS.get(field, {}).get(str(value)) or facts.wording.get(f"{field}:{value}")
    return words or " ".join(str(value).split())


def _day(value: Value) -> str:
    return format_date(date.fromisoformat(str(value)[:10]))


def _state(target: Header, facts: TargetFacts) -> Criterion | None:
    printed = target.get("printed_at")
    if facts.is_initial and not printed and not target.get("given_up_at"):
        return None
    words = "reste abandonné" if target.get("given_up_at") else facts.state_label.lower()
    if printed:
        words = f"imprimé{'e' if facts.gender == 'f' else ''} le {_day(printed)}"
    return Criterion(
        "target_state", "État de la cible", "", words, "blocking", "créez une nouvelle pièce"
    )


def _locked(target: Header, facts: TargetFacts) -> Criterion | None:
    if not facts.locked_by:
        return None
    return Criterion(
        "target_locked", "Cible ouverte", "", facts.locked_by, "blocking", "demandez-lui de fermer"
    )


def _station(target: Header, facts: TargetFacts) -> Criterion | None:
    place = str(target.get("location") or facts.location)
    if place == facts.location:
        return None
    return Criterion(
        "target_station", "Cible confiée", "", place, "blocking", "attendez son retour"
    )


def _transferred(target: Header, facts: TargetFacts) -> Criterion | None:
    if not facts.parts:
        return None
    words = ", ".join(facts.parts)
    return Criterion(
        "target_transferred",
        "Cible déjà transférée",
        "",
        words,
        "blocking",
        "créez une nouvelle pièce",
    )


def _nature(target: Header, facts: TargetFacts) -> Criterion | None:
    """What comes back, or is never billed, takes nothing from an order."""
    words = {"return": "retour", "internal": "interne"}.get(str(target.get("nature") or ""))
    if words is None:
        return None
    return Criterion(
        "target_nature", "Nature de la cible", "", words, "blocking", "créez une nouvelle pièce"
    )


_TARGET: dict[str, Callable[[Header, TargetFacts], Criterion | None]] = {
    "target_state": _state,
    "target_locked": _locked,
    "target_station": _station,
    "target_transferred": _transferred,
    "target_nature": _nature,
}

NAMES = frozenset({*RULES, *_TARGET})
"""Every criterion a declaration may name."""
