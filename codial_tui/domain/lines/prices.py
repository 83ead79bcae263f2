"""Which price and which discounts apply to an item for a party (issue 2, cli.md).

Pure: services fetch the rows of the *tariff party* and ask. Prices are HT, 10⁻⁴, per `price_per`
(10⁻⁴); quantities 10⁻⁴; ratios 10⁻⁶.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from codial_tui.domain.money import SCALE4, SCALE6

from .lines import round_price

Source = Literal["customer", "price_list", "item", "coefficient", "none"]


@dataclass(frozen=True, slots=True)
class ItemPrices:
    """What the item itself says. selling_price 0: none; family_coefficient 0: none."""

    item_id: int
    selling_price: int = 0
    price_per: int = SCALE4
    purchase_price: int = 0
    family_id: int | None = None
    family_coefficient: int = 0


@dataclass(frozen=True, slots=True)
class ListPrice:
    """One price of a price list for an item, from a quantity on (10⁻⁴, absolute)."""

    item_id: int
    price: int
    price_per: int = SCALE4
    from_quantity: int = 0


@dataclass(frozen=True, slots=True)
class CustomerDiscount:
    """Discounts or a net price granted to a party: on an item, a family, or everything, from a
    quantity on. `net_price` (per price_per of the item) replaces price and discounts."""

    item_id: int | None = None
    family_id: int | None = None
    from_quantity: int = 0
    discounts: tuple[int, ...] = ()
    net_price: int | None = None


@dataclass(frozen=True, slots=True)
class PriceFound:
    """source: where the price comes from; "none": nobody knows, the typing line asks."""

    unit_price: int
    price_per: int
    discounts: tuple[int, ...]
    source: Source


def tariff_party(header: Mapping[str, object]) -> int | None:
    """The party whose prices apply: the tariff party when there is one, else the customer."""
    for name in ("tariff_party_id", "party_id"):
        value = header.get(name)
        if isinstance(value, int):
            return value
    return None


def price_for(
    item: ItemPrices,
    quantity: int,
    list_prices: Iterable[ListPrice] = (),
    discounts: Iterable[CustomerDiscount] = (),
    *,
    vat_rate: int = 0,
    decimals: int = 2,
) -> PriceFound:
    """The price and discounts of so many of an item.

    A net price granted on the item wins, then the price list, the item's selling price, and
    purchase price × family coefficient. Of the discounts the most particular counts alone (item
    before family before everything), at the highest quantity step reached; they do not apply to
    a net price. vat_rate: the rate to add when the document's prices are TTC, else 0.
    """
    granted = best_discount(item, quantity, discounts)
    if granted is not None and granted.net_price is not None:
        price = with_vat(granted.net_price, vat_rate, decimals)
        return PriceFound(price, item.price_per, (), "customer")
    ratios = granted.discounts if granted is not None else ()
    listed = best_list_price(item, quantity, list_prices)
    if listed is not None:
        price = with_vat(listed.price, vat_rate, decimals)
        return PriceFound(price, listed.price_per, ratios, "price_list")
    if item.selling_price:
        price = with_vat(item.selling_price, vat_rate, decimals)
        return PriceFound(price, item.price_per, ratios, "item")
    if item.purchase_price and item.family_coefficient:
        numerator = item.purchase_price * item.family_coefficient * (SCALE6 + vat_rate)
        price = round_price(numerator, SCALE6 * SCALE6, decimals)
        return PriceFound(price, item.price_per, ratios, "coefficient")
    return PriceFound(0, item.price_per, ratios, "none")


def with_vat(price: int, vat_rate: int, decimals: int) -> int:
    """A price HT as the document takes it: in its decimals, TTC when a rate is given."""
    return round_price(price * (SCALE6 + vat_rate), SCALE6, decimals)


def best_list_price(
    item: ItemPrices, quantity: int, list_prices: Iterable[ListPrice]
) -> ListPrice | None:
    """The list price of the highest quantity step reached; a return is priced like a sale."""
    reached = [
        one
        for one in list_prices
        if one.item_id == item.item_id and one.from_quantity <= abs(quantity)
    ]
    return max(reached, key=lambda one: one.from_quantity, default=None)


def best_discount(
    item: ItemPrices, quantity: int, discounts: Iterable[CustomerDiscount]
) -> CustomerDiscount | None:
    """The most particular discount that applies, at the highest quantity step reached."""
    found: tuple[tuple[int, int], CustomerDiscount] | None = None
    for one in discounts:
        if one.from_quantity > abs(quantity):
            continue
        if one.item_id is not None:
            nearness = 2 if one.item_id == item.item_id else -1
        elif one.family_id is not None:
            nearness = 1 if one.family_id == item.family_id else -1
        else:
            nearness = 0
        if nearness < 0:
            continue
        key = (nearness, one.from_quantity)
        if found is None or key > found[0]:
            found = (key, one)
    return found[1] if found else None
