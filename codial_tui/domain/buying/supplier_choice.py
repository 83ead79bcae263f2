"""From whom an item is bought: usual, cheapest or fastest, at the price of the quantity, in whole
packages (domain.md §7). Pure: quantities and prices 10⁻⁴, discounts 10⁻⁶.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from codial_tui.domain.buying.average_cost import Unconvertible
from codial_tui.domain.money import SCALE4, SCALE6, div_round


class Step(NamedTuple):
    """The price from a quantity of the purchase unit on; None: that of the offer."""

    from_quantity: int
    price: int | None = None
    discount: int = 0


class Offer(NamedTuple):
    """An item at a supplier. price: for price_per of the purchase unit, 0 when none is known;
    minimum, multiple: of the purchase unit, 0 for none; delay: days; factor: units of stock in one
    purchase unit, 10⁻⁶, 0 where they say nothing of one another."""

    supplier_id: int
    code: str
    name: str
    reference: str = ""
    label: str = ""
    unit: str = ""
    price: int = 0
    price_per: int = SCALE4
    discount: int = 0
    minimum: int = 0
    multiple: int = 0
    delay: int = 0
    is_main: bool = False
    steps: tuple[Step, ...] = ()
    factor: int = SCALE6

    def bought(self, quantity: int) -> int:
        """So many units of stock in the purchase unit, in whole packages."""
        return self.packed(-(-quantity * SCALE6 // (self.factor or SCALE6)))

    def price_for(self, quantity: int) -> int:
        """What a purchase unit costs when so many units of stock are needed, 0 when unknown."""
        return self.step(self.bought(quantity)).price or 0

    def cost_for(self, quantity: int) -> int:
        """Cents of what has to be bought when so many units of stock are needed."""
        return self.cost(self.bought(quantity))

    def step(self, quantity: int) -> Step:
        """What the price list says for so many: the highest step that is reached."""
        reached = [one for one in self.steps if one.from_quantity <= quantity]
        best = max(reached, key=lambda one: one.from_quantity, default=Step(0))
        return Step(best.from_quantity, best.price or self.price, best.discount or self.discount)

    def packed(self, quantity: int) -> int:
        """So many, raised to the minimum and to whole packages."""
        wanted = max(quantity, self.minimum)
        if self.multiple > 0 and wanted % self.multiple:
            wanted += self.multiple - wanted % self.multiple
        return wanted

    def cost(self, quantity: int) -> int:
        """Cents that what has to be bought for so many costs, packages and discount included."""
        wanted = self.packed(quantity)
        step = self.step(wanted)
        gross = wanted * (step.price or 0) * (SCALE6 - step.discount)
        return div_round(gross, self.price_per * SCALE6 * 100)


def in_purchase_unit(
    quantity: int, unit: str, *, stock: str, purchase: str, factor: int
) -> int | Unconvertible:
    """A quantity of the stock unit in the unit that a supplier sells by, never less. factor: units
    of stock in one purchase unit, 10⁻⁶. Without a unit, the unit of stock."""
    said, own, bought = (" ".join(one.split()).casefold() for one in (unit, stock, purchase))
    if not said or not own or said == own:
        return quantity
    if said == bought and factor > 0:
        return -(-quantity * SCALE6 // factor)
    return Unconvertible(unit, stock)


def factor_of(unit: str, *, stock: str, purchase: str, factor: int) -> int:
    """Units of stock in one unit that a supplier sells by, 10⁻⁶; 0 where they say nothing of one
    another."""
    if in_purchase_unit(1, unit, stock=stock, purchase=stock, factor=0) == 1:
        return SCALE6
    one = in_purchase_unit(1, unit, stock=stock, purchase=purchase, factor=factor)
    return 0 if isinstance(one, Unconvertible) else factor


def usual(offers: Sequence[Offer], quantity: int) -> Offer | None:
    """The main supplier, else the first with a price. quantity: of the unit of stock, here and
    below."""
    return min(offers, key=lambda one: (not one.is_main, not one.price, one.code), default=None)


def cheapest(offers: Sequence[Offer], quantity: int) -> Offer | None:
    """Who asks least for what has to be bought; without a price last."""
    return min(
        offers,
        key=lambda one: (
            not one.factor or not one.price_for(quantity),
            one.cost_for(quantity),
            one.code,
        ),
        default=None,
    )


def fastest(offers: Sequence[Offer], quantity: int) -> Offer | None:
    """Who brings it first; at the same delay who asks less."""
    return min(
        offers,
        key=lambda one: (
            not one.factor or not one.price_for(quantity),
            one.delay,
            one.cost_for(quantity),
            one.code,
        ),
        default=None,
    )


CHOICES: dict[str, Callable[[Sequence[Offer], int], Offer | None]] = {
    "usual": usual,
    "cheapest": cheapest,
    "fastest": fastest,
}
