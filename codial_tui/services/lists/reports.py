"""A report: a table of figures, the same on screen, on the command line and in a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from codial_tui.domain.money import SCALE4, SCALE6, div_round
from codial_tui.exchange.tables import Cell


class Report(NamedTuple):
    """A table. keys: names of its columns for scripts, header: for people."""

    name: str
    keys: tuple[str, ...]
    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def cents(value: int) -> Decimal:
    """Euros with two decimals."""
    return Decimal(value).scaleb(-2)


def quantity(value: int) -> Decimal:
    """A quantity (10⁻⁴) with the decimals it has."""
    found = Decimal(value) / SCALE4
    return found.quantize(Decimal(1)) if found == found.to_integral() else found.normalize()


def percent(rate: int) -> Decimal:
    """A rate (10⁻⁶) in percent, with the decimals it has."""
    found = Decimal(rate * 100) / SCALE6
    return found.quantize(Decimal(1)) if found == found.to_integral() else found.normalize()


def share(part: int, whole: int) -> Decimal:
    """So much of a whole in percent, with two decimals; 0 of nothing."""
    return Decimal(div_round(part * 10_000, whole) if whole else 0).scaleb(-2)
