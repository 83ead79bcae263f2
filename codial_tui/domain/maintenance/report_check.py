"""What a report brought back beside what its order asked for (domain.md §8; seed 004, « Validation
automatique des rapports »).

Quantities 10⁻⁴. An article is told by its item, else by its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from codial_tui.domain.buying.needs import supplies
from codial_tui.domain.document import Document, Line
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.text import fold

NONE, IDENTICAL, PLUS, NO_ORDER, ALL = "none", "identical", "identical_plus", "no_order", "all"
MODES = (
    (NONE, "Aucun"),
    (IDENTICAL, "Identiques à la commande"),
    (PLUS, "Identiques, ajouts admis"),
    (NO_ORDER, "Sans commande"),
    (ALL, "Tous"),
)
"""Which reports close their work order by themselves, with what people call it."""
TIMES = ("labour", "travel")


class Counted(NamedTuple):
    """How much of an article there is, and what it is called."""

    label: str
    quantity: int


def articles(document: Document) -> dict[str, Counted]:
    """The articles of a document and how much of each, assemblies opened, time left out: what is
    ordered of it is worked, not counted."""
    return counted(one for one in supplies(document) if one.billing_class not in TIMES)


def article(line: Line) -> str:
    """What tells an article of a document from another."""
    return f"#{line.item_id}" if line.item_id else fold(line.label)


def counted(lines: Iterable[Line]) -> dict[str, Counted]:
    found: dict[str, Counted] = {}
    for line in lines:
        key = article(line)
        before = found.get(key)
        quantity = line.quantity + (before.quantity if before else 0)
        found[key] = Counted(line.reference or line.label, quantity)
    return {key: one for key, one in found.items() if one.quantity}


def differences(ordered: Mapping[str, Counted], used: Mapping[str, Counted]) -> list[str]:
    """What of an order is missing in a report, is more or less, or was added, in French."""
    found = []
    for key, one in ordered.items():
        other = used.get(key)
        asked = format_quantity(one.quantity, 0)
        if other is None:
            found.append(f"{one.label} : {asked} commandé, rien de posé")
        elif other.quantity != one.quantity:
            found.append(
                f"{one.label} : {asked} commandé, {format_quantity(other.quantity, 0)} posé"
            )
    for key, one in used.items():
        if key not in ordered:
            said = format_quantity(one.quantity, 0)
            found.append(f"{one.label} : {said} posé, pas commandé")
    return found


def passes(mode: str, ordered: Mapping[str, Counted] | None, used: Mapping[str, Counted]) -> bool:
    """Whether a report closes by itself. ordered: None without an order; such a report passes in
    both identical modes (seed 004)."""
    if mode == ALL:
        return True
    if mode == NONE:
        return False
    if ordered is None:
        return True
    if mode == NO_ORDER:
        return False
    if mode == PLUS:
        return all(
            key in used and used[key].quantity >= one.quantity for key, one in ordered.items()
        )
    return ordered.keys() == used.keys() and all(
        one.quantity == used[key].quantity for key, one in ordered.items()
    )
