"""Margin, always by its full name (domain.md §5, practice.md §3.1).

taux de marque = margin ÷ selling price · taux de marge = margin ÷ cost · coefficient =
selling price ÷ cost. Bought 70, sold 100: 30 %, 42,86 %, 1,4286. Ratios are 10⁻⁶.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codial_tui.domain.money import SCALE6, div_round
from codial_tui.domain.problems import invalid

from .lines import round_price


def taux_de_marque(selling: int, cost: int) -> int | None:
    """Margin ÷ selling price, 10⁻⁶; None when nothing is sold. Both in the same unit, HT."""
    return div_round((selling - cost) * SCALE6, selling) if selling else None


def taux_de_marge(selling: int, cost: int) -> int | None:
    """Margin ÷ cost, 10⁻⁶; None when nothing is known of the cost."""
    return div_round((selling - cost) * SCALE6, cost) if cost else None


def coefficient(selling: int, cost: int) -> int | None:
    """Selling price ÷ cost, 10⁻⁶; None when nothing is known of the cost."""
    return div_round(selling * SCALE6, cost) if cost else None


def price_from_coefficient(cost: int, ratio: int, decimals: int = 2, vat: int = 0) -> int:
    """Selling price (10⁻⁴) = cost (10⁻⁴ HT) × coefficient (10⁻⁶), rounded once.

    vat: the rate to add where prices are typed TTC, here and below.
    """
    return round_price(cost * ratio * (SCALE6 + vat), SCALE6**2, decimals)


def price_from_marque(cost: int, marque: int, decimals: int = 2, vat: int = 0) -> int:
    """Selling price that leaves this taux de marque. Raises Invalid at 100 % and beyond."""
    if marque >= SCALE6:
        raise invalid(
            "margin.range", "Un taux de marque reste sous 100 %", "tapez par exemple 30", "marque"
        )
    return round_price(cost * (SCALE6 + vat), SCALE6 - marque, decimals)


def price_from_marge(cost: int, marge: int, decimals: int = 2, vat: int = 0) -> int:
    """Selling price that leaves this taux de marge (on cost)."""
    return price_from_coefficient(cost, SCALE6 + marge, decimals, vat)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a works price: quantity and unit cost (10⁻⁴), and the coefficients (10⁻⁶)
    that make a price of it. `quantity_factor` inflates labour hours (K_DIFF, practice.md §2.3).
    """

    quantity: int
    unit_cost: int
    coefficients: Sequence[int] = ()
    quantity_factor: int = SCALE6


def direct_cost(parts: Iterable[Part]) -> int:
    """Déboursé in cents, each part rounded once; the inflated hours are paid hours too."""
    return sum(_product(part, ()) for part in parts)


def works_price(parts: Iterable[Part]) -> int:
    """Selling price in cents: every part through its cascade of coefficients, rounded once each.

    Cascading coefficients, not percentages of the selling price (practice.md §3.2): 10 000 ×
    1,08 × 1,15 × 1,05 = 13 041,00.
    """
    return sum(_product(part, part.coefficients) for part in parts)


def _product(part: Part, coefficients: Sequence[int]) -> int:
    numerator, denominator = part.quantity * part.unit_cost * part.quantity_factor, 10**6 * SCALE6
    for ratio in coefficients:
        numerator, denominator = numerator * ratio, denominator * SCALE6
    return div_round(numerator, denominator)
