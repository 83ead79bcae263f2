"""The price a document's party pays for an item: fetches the rows, `domain.prices` decides."""

from __future__ import annotations

from dataclasses import dataclass

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.prices import (
    CustomerDiscount,
    ItemPrices,
    ListPrice,
    price_for,
    tariff_party,
)
from codial_tui.domain.money import SCALE6, div_round
from codial_tui.domain.spec import Side
from codial_tui.services.context import Context
from codial_tui.services.records.catalogue import Item


@dataclass(frozen=True, slots=True)
class Usual:
    """price: 10⁻⁴ in the document's mode and decimals, None when nobody knows it; discounts:
    ratios 10⁻⁶."""

    price: int | None
    price_per: int
    discounts: tuple[int, ...] = ()


def price_of(context: Context, document: Document, item: Item, quantity: int) -> Usual:
    """What the document's tariff party pays for so many (10⁻⁴) of an item today."""
    if doc_type(document.kind).side is Side.PURCHASE:
        return _purchase(context, document, item, quantity)
    today = document.text("date") or context.today.isoformat()
    facts = ItemPrices(
        item.id,
        item.sale_price,
        item.price_per,
        item.purchase_price,
        item.family_id,
        _family_coefficient(context, item),
    )
    list_id = document.header.get("price_list_id")
    found = price_for(
        facts,
        quantity,
        [*_list_prices(context, list_id, item, today), *_own_steps(context, item)],
        [*_list_discounts(context, list_id, today), *_party_discounts(context, document, today)],
        vat_rate=item.vat_rate if document.gross_mode else 0,
        decimals=document.price_decimals,
    )
    if found.source == "none":
        return Usual(None, found.price_per)
    return Usual(found.unit_price, found.price_per, found.discounts)


def _purchase(context: Context, document: Document, item: Item, quantity: int) -> Usual:
    """What the document's supplier asks for so many of an item, else its last known price."""
    row = context.database.row(
        "SELECT s.price, s.price_per, s.discount, t.price, t.discount FROM item_supplier s "
        "LEFT JOIN item_supplier_step t ON t.item_supplier_id = s.id AND t.from_quantity <= ? "
        "WHERE s.item_id = ? AND s.supplier_id = ? ORDER BY t.from_quantity DESC LIMIT 1",
        (quantity, item.id, document.header.get("party_id")),
    )
    price, per, discount, step, own = row or (item.purchase_price, item.price_per, 0, None, 0)
    price, discount = step or price, own or discount
    if not price:
        return Usual(None, per)
    if document.gross_mode:
        price = div_round(price * (SCALE6 + item.vat_rate), SCALE6)
    unit = 10 ** (4 - document.price_decimals)
    return Usual(div_round(price, unit) * unit, per, (discount,) if discount else ())


def _family_coefficient(context: Context, item: Item) -> int:
    if item.sale_price or item.family_id is None:
        return 0
    found: int = context.database.value(
        "SELECT coefficient FROM item_family WHERE id = ?", (item.family_id,), 0
    )
    return found


_VALID = "(valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)"


def _list_prices(context: Context, list_id: object, item: Item, today: str) -> list[ListPrice]:
    """Prices of the price list for this item, those of the lists it is based on behind them."""
    database = context.database
    ratio = SCALE6
    for _ in range(5):  # a list may rest on another; a loop of lists ends here
        if not isinstance(list_id, int):
            break
        rows = database.rows(
            "SELECT from_quantity, price FROM price_list_line WHERE price_list_id = ? "
            f"AND item_id = ? AND price IS NOT NULL AND {_VALID}",
            (list_id, item.id, today, today),
        )
        if rows:
            return [
                ListPrice(item.id, div_round(price * ratio, SCALE6), item.price_per, step)
                for step, price in rows
            ]
        base = database.row("SELECT base_id, coefficient FROM price_list WHERE id = ?", (list_id,))
        if base is None:
            break
        ratio = div_round(ratio * base[1], SCALE6)
        list_id = base[0]
    if ratio == SCALE6 or not item.sale_price:
        return []
    return [ListPrice(item.id, div_round(item.sale_price * ratio, SCALE6), item.price_per)]


def _own_steps(context: Context, item: Item) -> list[ListPrice]:
    rows = context.database.rows(
        "SELECT from_quantity, price, discount FROM item_price_step WHERE item_id = ?", (item.id,)
    )
    return [
        ListPrice(
            item.id,
            price
            if price is not None
            else div_round(item.sale_price * (SCALE6 - discount), SCALE6),
            item.price_per,
            step,
        )
        for step, price, discount in rows
    ]


def _list_discounts(context: Context, list_id: object, today: str) -> list[CustomerDiscount]:
    if not isinstance(list_id, int):
        return []
    rows = context.database.rows(
        "SELECT item_id, family_id, from_quantity, discount FROM price_list_line "
        f"WHERE price_list_id = ? AND price IS NULL AND discount <> 0 AND {_VALID}",
        (list_id, today, today),
    )
    return [CustomerDiscount(item, family, step, (ratio,)) for item, family, step, ratio in rows]


def _party_discounts(context: Context, document: Document, today: str) -> list[CustomerDiscount]:
    party_id = tariff_party(document.header)
    if party_id is None:
        return []
    database = context.database
    rows = database.rows(
        "SELECT item_id, family_id, from_quantity, discount, price FROM customer_discount "
        f"WHERE party_id = ? AND {_VALID}",
        (party_id, today, today),
    )
    found = [
        CustomerDiscount(item, family, step, (ratio,) if ratio else (), price)
        for item, family, step, ratio, price in rows
    ]
    everything = database.value("SELECT discount FROM party WHERE id = ?", (party_id,), 0)
    if everything:
        found.append(CustomerDiscount(discounts=(everything,)))
    return found
