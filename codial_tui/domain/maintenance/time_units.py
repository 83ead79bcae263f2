"""How long something took, as the company counts: minutes, hours and minutes, or hundredths of
hours."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.money import SCALE4, div_round
from codial_tui.domain.quantity import format_scaled
from codial_tui.domain.text import fold

UNITS = (
    ("hours", "Heures:minutes"),
    ("minutes", "Minutes"),
    ("hundredths", "Centièmes d'heure"),
)
"""Values of the setting `work.time_unit`."""
_MINUTES = ("min", "mn", "minute", "minutes", "'")
_HOURS = ("h", "hr", "heure", "heures")


class Lasting(NamedTuple):
    """A time as a line bills it: quantity 10⁻⁴ of a unit."""

    quantity: int
    unit: str


def words(minutes: int, unit: str) -> str:
    """`2:30`, `150 min` or `2,50 h`."""
    if unit == "minutes":
        return f"{minutes} min"
    if unit == "hundredths":
        return f"{format_scaled(div_round(minutes * 100, 60), 100, 2)} h"
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}"


def in_minutes(unit: str) -> bool:
    """Whether a line of this unit counts minutes."""
    return fold(unit.strip()) in _MINUTES


def rounded(minutes: int, step: int) -> int:
    """Up to the next multiple of a step in minutes; a step of 0 or 1 leaves it."""
    return -(-minutes // step) * step if step > 1 else minutes


def billed(minutes: int, item_unit: str, unit: str) -> Lasting:
    """The quantity that a line of an item bills. An item priced by the minute or by the hour keeps
    its unit, whatever the company counts in; any other is counted as the company does."""
    own = fold(item_unit.strip())
    if own in _MINUTES or (own not in _HOURS and unit == "minutes"):
        return Lasting(minutes * SCALE4, item_unit if own in _MINUTES else "min")
    name = item_unit if own in _HOURS else "h"
    if unit == "hundredths":
        return Lasting(div_round(minutes * 100, 60) * (SCALE4 // 100), name)
    return Lasting(div_round(minutes * SCALE4, 60), name)
