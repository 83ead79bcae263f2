"""Rules and marks by name: the pure functions that declarations name (design.md §2).

A rule takes the document and the facts services give it and returns problems; a predicate
answers yes or no for a mark. Only services raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .chain import chain_rules
from .document import Document
from .lines import purchase_rules
from .maintenance import work_rules
from .money import BOUND, in_bounds
from .problems import Problem
from .quantity import format_percent
from .spec import DocType, Mark


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may know beyond the document. rates: ratios 10⁻⁶ that may be used today."""

    today: str
    rates: frozenset[int] = frozenset()
    location: str = "office"


Rule = Callable[[Document, Facts], list[Problem]]
Predicate = Callable[[Mapping[str, object], str], bool]


def has_party(document: Document, facts: Facts) -> list[Problem]:
    if document.text("party_name"):
        return []
    return [Problem("party.missing", "party_id", "Le client manque", "Entête, champ Client")]


def has_lines(document: Document, facts: Facts) -> list[Problem]:
    if any(line.is_priced for line in document.lines):
        return []
    return [Problem("lines.missing", "lines", "Aucune ligne chiffrée", "tapez une référence")]


def known_rates(document: Document, facts: Facts) -> list[Problem]:
    """A document with a rate that is not in the table is refused (cli.md, `vat_rate.unknown`)."""
    problems = []
    for number, line in enumerate(document.lines, 1):
        if line.is_priced and line.vat_rate not in facts.rates:
            problems.append(
                Problem(
                    "vat_rate.unknown",
                    f"lines.{number}.vat_rate",
                    f"TVA {format_percent(line.vat_rate)} inconnue",
                    "codial-tui vat add, ou F7 V pour changer le taux",
                )
            )
    return problems


def amounts_in_bounds(document: Document, facts: Facts) -> list[Problem]:
    """No stored integer goes beyond the CHECK bounds of the schema (domain.md §5)."""
    problems = []
    total = 0
    for number, line in enumerate(document.lines, 1):
        total += abs(line.amount)
        if not all(map(in_bounds, (line.amount, line.net_amount, line.quantity, line.unit_price))):
            problems.append(
                Problem(
                    "amount.too_big",
                    f"lines.{number}",
                    "Montant trop grand",
                    "réduisez la quantité",
                )
            )
    if total > BOUND:
        problems.append(
            Problem("amount.too_big", "lines", "Total trop grand", "réduisez les quantités")
        )
    return problems


def editable_state(document: Document, facts: Facts) -> list[Problem]:
    if document.text("location") not in ("", facts.location):
        return [
            Problem(
                "document.elsewhere",
                "",
                f"Document confié à {document.text('location')}, lecture seule",
                "attendez son retour ou reprenez-le",
            )
        ]
    return []


def quote_expired(row: Mapping[str, object], today: str) -> bool:
    """A pending quote whose validity date is past."""
    until = row.get("valid_until")
    return row.get("state") == "pending" and isinstance(until, str) and "" < until < today


def follow_up_due(row: Mapping[str, object], today: str) -> bool:
    """A pending quote with an action planned for today or earlier."""
    at = row.get("next_action_at")
    return row.get("state") == "pending" and isinstance(at, str) and "" < at[:10] <= today


def _alone(rule: Callable[[Document], list[Problem]]) -> Rule:
    """A rule that needs no facts."""
    return lambda document, facts: rule(document)


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (has_party, has_lines, known_rates, amounts_in_bounds, editable_state)
} | {
    rule.__name__: _alone(rule)
    for rule in (*chain_rules.RULES, *purchase_rules.RULES, *work_rules.RULES)
}
PREDICATES: dict[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        quote_expired,
        follow_up_due,
        *chain_rules.PREDICATES,
        *purchase_rules.PREDICATES,
        *work_rules.PREDICATES,
    )
}


def check(names: Sequence[str], document: Document, facts: Facts) -> list[Problem]:
    """Everything the named rules find, in the order of the names."""
    return [problem for name in names for problem in RULES[name](document, facts)]


def said_marks(kind: DocType, row: Mapping[str, object], today: str) -> tuple[Mark, ...]:
    """The marks that a document bears and that are said beside its state."""
    return tuple(one for one in kind.marks if one.said and PREDICATES[one.predicate](row, today))
