"""What stock is worth: the weighted average cost (coût moyen pondéré, CMP) of an item. Pure.

The value of what is there is kept as an integer beside the quantity, and each move of the journal
says by how much it changed that value: the sum of the moves is the value, at any date, and what
was rounded once is never rounded again (plan comptable général, art. 213-34: CMP after each entry).

Quantities are 10⁻⁴ of the stock unit, values and averages 10⁻⁶ € (the average: of one unit).

- What enters at a cost of its own (a receipt) brings that cost.
- What leaves, and what enters without a cost (a customer's return, a count), moves at the average.
- A supplier return takes the cost of its receipt along; at the average where that would leave
  less than nothing.
- Without stock nothing is worth anything: no quantity, no value. Stock below zero is worth its
  quantity at the last average; the next entry sets the average anew, to its own cost: what had
  already left without having come in is not brought back to life.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from codial_tui.domain.document import Document, Line
from codial_tui.domain.lines.lines import line_key
from codial_tui.domain.lines.totals import counting, footer_shares, printed_nets
from codial_tui.domain.money import SCALE4, SCALE6, div_round, spread

MICRO_CENT = 10_000
"""10⁻⁶ € in a cent"""


class Worth(NamedTuple):
    """An item in all its warehouses. average: the last one known, also once all has left."""

    quantity: int = 0
    value: int = 0
    average: int = 0


class Moved(NamedTuple):
    """One move. quantity: signed; cost: what it brings or takes of its own, with the sign of the
    quantity, None at the average; usual: the cost of one unit while no average is known."""

    quantity: int
    cost: int | None = None
    usual: int = 0


def after(before: Worth, moved: Moved) -> Worth:
    """What an item is worth after a move."""
    quantity = before.quantity + moved.quantity
    if not moved.quantity:
        return before
    if before.quantity > 0 and quantity > 0:
        value = before.value + _own(before, moved)
        if value < 0:
            value = before.value + _followed(before, moved.quantity)
        return Worth(quantity, value, average_of(quantity, value))
    if moved.quantity < 0:  # the last of it leaves, and perhaps more
        average = before.average or _unit(moved)
        if before.quantity > 0:
            return Worth(quantity, div_round(before.value * quantity, before.quantity), average)
        return Worth(quantity, div_round(average * quantity, SCALE4), average)
    own = moved.cost
    if own is None:
        own = div_round((before.average or moved.usual) * moved.quantity, SCALE4)
    value = div_round(own * quantity, moved.quantity)
    return Worth(quantity, value, average_of(moved.quantity, own))


def replay(moves: Iterable[Moved]) -> Worth:
    """What the moves of a journal leave, in their order."""
    found = Worth()
    for one in moves:
        found = after(found, one)
    return found


def _own(before: Worth, moved: Moved) -> int:
    return _followed(before, moved.quantity) if moved.cost is None else moved.cost


def _followed(before: Worth, quantity: int) -> int:
    return div_round(before.value * quantity, before.quantity)


def _unit(moved: Moved) -> int:
    if moved.cost is None:
        return moved.usual
    return average_of(moved.quantity, moved.cost)


def average_of(quantity: int, value: int) -> int:
    """The cost of one unit, 10⁻⁶ €."""
    return div_round(value * SCALE4, quantity) if quantity else 0


def price_of(average: int, price_per: int = SCALE4) -> int:
    """An average as a price of the item: 10⁻⁴ €, for `price_per` of it."""
    return div_round(average * price_per, SCALE6)


def unit_of(price: int, price_per: int = SCALE4) -> int:
    """A price of the item as the cost of one unit, 10⁻⁶ €."""
    return div_round(price * SCALE6, price_per)


def landed(document: Document) -> dict[str, int]:
    """What each counting line of a receipt costs, by uid, in cents HT: its net after discounts
    with its share of the footer (discounts, carriage). They add up to the document's HT."""
    nets: dict[str, int] = printed_nets(document)
    lines = counting(document)
    for share in footer_shares(document):
        held = [line for line in lines if line_key(line) == share.key] or lines
        for line, cents in zip(held, spread(share.net, _weights(held, nets))):
            nets[line.uid] += cents
    return nets


def _weights(lines: Iterable[Line], nets: Mapping[str, int]) -> list[int]:
    chosen = list(lines)
    found = [max(0, nets[line.uid]) for line in chosen]
    return found if any(found) else [max(0, line.quantity) for line in chosen]


class Unconvertible(NamedTuple):
    """A unit that says nothing of the unit of stock."""

    unit: str
    stock_unit: str


def in_stock_unit(
    quantity: int, unit: str, *, stock: str, purchase: str, factor: int
) -> int | Unconvertible:
    """A bought quantity in the item's unit of stock. factor: units of stock in one purchase unit,
    10⁻⁶. A line or an item without unit is taken to be in the unit of stock."""
    said, own, bought = (" ".join(one.split()).casefold() for one in (unit, stock, purchase))
    if said and bought and said == bought != own:
        return div_round(quantity * factor, SCALE6)
    if not said or not own or said == own:
        return quantity
    return Unconvertible(unit, stock)
