"""Goods that come from suppliers, or go back to them: their moves and their prices (domain.md §7).

What a line costs is its net after discounts with its share of the footer; it enters in the item's
unit of stock. The same gesture keeps the last purchase price of the item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codial_tui.domain.buying.average_cost import (
    MICRO_CENT,
    Unconvertible,
    average_of,
    in_stock_unit,
    landed,
    price_of,
)
from codial_tui.domain.document import Document, Line
from codial_tui.domain.money import SCALE4, SCALE6, div_round, spread
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.text import fold
from codial_tui.errors import Refused
from codial_tui.models.queries import Queries
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import journal
from .stock_moves import default_warehouse, moving

RECEIPT, BACK = "receipt", "supplier_return"
SUPPLIER_PRICE = "stock.supplier_price"
"""keep: the price list of a supplier is theirs; follow: a receipt writes what was paid"""


class Units(NamedTuple):
    """Units and prices of an item. factor: units of stock in one purchase unit, 10⁻⁶."""

    reference: str
    stock: str
    purchase: str
    factor: int
    purchase_price: int
    price_per: int

    def stocked(self, line: Line) -> int | Unconvertible:
        """The quantity of a line in the unit of stock."""
        return in_stock_unit(
            line.quantity, line.unit, stock=self.stock, purchase=self.purchase, factor=self.factor
        )


def units_of(database: Queries, items: Iterable[int | None]) -> dict[int, Units]:
    """Units of items by id."""
    found: dict[int, Units] = {}
    for item in sorted({one for one in items if one}):
        row = database.row(
            "SELECT reference, unit, purchase_unit, purchase_factor, purchase_price, price_per "
            "FROM item WHERE id = ?",
            (item,),
        )
        if row is not None:
            found[item] = Units(*row)
    return found


def problems(context: Context, document: Document) -> list[Problem]:
    """Why a receipt cannot enter the stock: units that say nothing of the unit of stock."""
    lines = [one for one in document.lines if one.item_id and one.is_priced]
    units = units_of(context.database, (one.item_id for one in lines))
    found = []
    for line in lines:
        known = units.get(line.item_id or 0)
        said = known.stocked(line) if known else 0
        if isinstance(said, Unconvertible):
            found.append(
                Problem(
                    "unit.unknown",
                    "unit",
                    f"{line.reference or line.label} : « {said.unit} » ne se convertit pas "
                    f"en {said.stock_unit}",
                    "corrigez l'unité, ou F9 l'article : Unité d'achat",
                )
            )
    return found


def enter(context: Context, document: Document, reason: str) -> None:
    """Bring what a validated receipt holds into its warehouse, or take back out what goes back,
    inside the caller's transaction. Raises Refused when a unit does not convert, or when more
    goes back than is there and the setting `stock.negative` is `block`."""
    found = problems(context, document)
    if found:
        raise Refused(*found)
    warehouse = document.number("warehouse_id") or default_warehouse(context)
    units = units_of(context.database, (one.item_id for one in document.lines))
    costs = dict(_costs(document))
    entries = []
    for line in moving(document):
        quantity = units[line.item_id or 0].stocked(line)
        assert isinstance(quantity, int)
        if not quantity:
            continue
        cost: int | None = costs.get(line.uid)
        if reason == BACK:
            cost = _received_at(context.database, document, line, quantity)
        entries.append(
            journal.Entry(line.item_id or 0, warehouse, quantity, reason, line.uid, cost)
        )
    _check_there(context, entries, warehouse, units)
    journal.write(context, entries)
    if reason == RECEIPT:
        _keep_prices(context, document, units, costs)


def _costs(document: Document) -> Iterator[tuple[str, int]]:
    """What each line that moves costs, 10⁻⁶ €; the components of an assembly that is not kept in
    stock share its cost by what they are bought at."""
    cents = landed(document)
    inside: dict[str, list[Line]] = {}
    parents = {line.uid: line.parent_uid for line in document.lines}
    for line in moving(document):
        top = line.uid
        while (above := parents.get(top)) is not None:
            top = above
        if top in cents:
            inside.setdefault(top, []).append(line)
    for top, lines in inside.items():
        if lines[0].uid == top:
            yield top, cents[top] * MICRO_CENT
            continue
        weights = [max(0, one.quantity * (one.purchase_price or one.unit_price)) for one in lines]
        if not any(weights):
            weights = [max(0, one.quantity) for one in lines]
        parts = spread(cents[top] * MICRO_CENT, weights)
        yield from zip((one.uid for one in lines), parts)


def _received_at(database: Queries, document: Document, line: Line, quantity: int) -> int | None:
    """What goes back costs what it came in at; None (the average) without its receipt."""
    for link in document.links.values():
        if link.target_uid == line.uid and link.relation == "return":
            row = database.row(
                "SELECT m.cost, m.quantity FROM stock_move m JOIN document_line l "
                "ON l.uid = m.line_uid WHERE l.id = ? AND m.reason = ?",
                (link.source_line_id, RECEIPT),
            )
            if row is not None and row[0] is not None:
                return div_round(row[0] * quantity, row[1])
    return None


def _check_there(
    context: Context, entries: list[journal.Entry], warehouse: int, units: dict[int, Units]
) -> None:
    if settings.value(context, "stock.negative", "warn") != "block":
        return
    moved: dict[int, int] = {}
    for one in entries:
        moved[one.item_id] = moved.get(one.item_id, 0) + one.quantity
    short = []
    for item, quantity in moved.items():
        there = context.database.value(
            "SELECT on_hand FROM stock_level WHERE item_id = ? AND warehouse_id = ?",
            (item, warehouse),
            0,
        )
        if quantity < 0 and there + quantity < 0:
            said = (
                f"{units[item].reference} : stock {format_quantity(there, 0)}, "
                f"il en repart {format_quantity(-quantity, 0)}"
            )
            short.append(Problem("stock.negative", "quantity", said, "corrigez la quantité"))
    if short:
        raise Refused(*short)


def _keep_prices(
    context: Context, document: Document, units: dict[int, Units], costs: dict[str, int]
) -> None:
    """The last purchase price of each item of a receipt, and where it comes from."""
    cents = landed(document)
    supplier = document.header.get("party_id")
    day = document.text("received_on") or document.text("date")
    follows = settings.value(context, SUPPLIER_PRICE, "keep") == "follow"
    last = {item: one.purchase_price for item, one in units.items()}
    for line in document.top_lines():
        known = units.get(line.item_id or 0)
        quantity = known.stocked(line) if known else 0
        if known is None or not isinstance(quantity, int) or quantity <= 0:
            continue
        cost = cents.get(line.uid, 0) * MICRO_CENT
        price = price_of(average_of(quantity, cost), known.price_per)
        if price <= 0:  # given for nothing: the usual price stays
            continue
        item = line.item_id or 0
        context.database.insert(
            "purchase_price",
            {
                "item_id": item,
                "supplier_id": supplier,
                "line_uid": line.uid,
                "ref": document.ref,
                "on_day": day,
                "quantity": quantity,
                "price": price,
                "before": last[item],
                "price_per": known.price_per,
                "at": context.now,
            },
        )
        last[item] = price
        context.database.update("item", item, {"purchase_price": price})
        if follows and supplier:
            _supplier_price(context, item, int(supplier), line, day)


def _supplier_price(context: Context, item: int, supplier: int, line: Line, day: str) -> None:
    """What was paid becomes the supplier's price, in the unit of the line, net of discounts."""
    row = context.database.row(
        "SELECT id, unit FROM item_supplier WHERE item_id = ? AND supplier_id = ?",
        (item, supplier),
    )
    if row is None or fold(row[1] or line.unit) != fold(line.unit or row[1]):
        return
    price = div_round(line.net_amount * SCALE6, line.quantity)
    values = {"price": price, "price_per": SCALE4, "discount": 0, "priced_at": day}
    context.database.update("item_supplier", row[0], values)
