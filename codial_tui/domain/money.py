"""Integers for money, and the one place where anything is rounded.

Amounts are cents (10⁻²), unit prices and quantities ten-thousandths (10⁻⁴), ratios,
coefficients and percentages millionths (10⁻⁶; 20 % is 200 000). Rounding is half away from
zero (domain.md §5), so that a credit note mirrors its invoice to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence

CENT = 100
SCALE4 = 10_000
SCALE6 = 1_000_000
BOUND = 9 * 10**15
"""No stored integer goes beyond ±BOUND: the schema checks it, products are made in Python."""


def div_round(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator, rounded half away from zero. The only rounding in the program."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, rest = divmod(abs(numerator), denominator)
    if 2 * rest >= denominator:
        quotient += 1
    return quotient if numerator >= 0 else -quotient


def percent_of(amount: int, ratio: int) -> int:
    """ratio (10⁻⁶) of an amount, in the amount's own unit."""
    return div_round(amount * ratio, SCALE6)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` over `weights` by largest remainder: the parts add up to `total` exactly.

    Zero weights get nothing; when all weights are zero (or cancel out) the first part takes all.
    Ties go to the earlier part, so the result does not depend on anything but its arguments.
    """
    if not weights:
        return []
    if total < 0:  # a credit note mirrors its invoice, part by part
        return [-part for part in spread(-total, weights)]
    base = sum(weights)
    if base == 0:
        return [total] + [0] * (len(weights) - 1)
    exact = [total * weight for weight in weights]
    parts = [value // base for value in exact]
    missing = total - sum(parts)
    by_remainder = sorted(
        (index for index, weight in enumerate(weights) if weight),
        key=lambda index: (-abs(exact[index] - parts[index] * base), index),
    )
    for index in by_remainder[:missing]:
        parts[index] += 1
    return parts


def in_bounds(value: int) -> bool:
    """True when the schema can hold this integer."""
    return -BOUND <= value <= BOUND
