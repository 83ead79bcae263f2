"""What the stock is worth on a day: the journal up to that day, at the average of that day.

The value of an item is the sum of what its moves changed, so that a past day is read as it was.
A day ends at midnight where this program runs.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from codial_tui.domain import clock
from codial_tui.domain.buying.average_cost import MICRO_CENT, average_of, price_of
from codial_tui.domain.dates import format_date
from codial_tui.domain.money import div_round, spread
from codial_tui.domain.quantity import format_cents, format_price
from codial_tui.exchange.tables import Cell
from codial_tui.services.context import Context
from codial_tui.services.lists.reports import Report, cents, quantity
from codial_tui.services.records import rights

from . import stock

KEYS = ("reference", "label", "quantity", "unit", "average_cost", "value")
HEAD = ("Référence", "Désignation", "Stock", "U", "CMP", "Valeur HT")

_VALUE = (
    "SELECT m.item_id, SUM(m.value), SUM(m.quantity) FROM stock_move m WHERE m.at < ? "
    "GROUP BY m.item_id"
)
_THERE = (
    "SELECT m.item_id, m.warehouse_id, SUM(m.quantity) FROM stock_move m WHERE m.at < ? "
    "GROUP BY m.item_id, m.warehouse_id ORDER BY m.item_id, m.warehouse_id"
)
_ITEMS = (
    "SELECT i.id, i.reference, i.label, i.unit, i.price_per FROM item i "
    "WHERE i.id IN (SELECT item_id FROM stock_move) ORDER BY i.reference_fold, i.id"
)


def value(context: Context, day: date | None = None, warehouse: str = "") -> Report:
    """Each item there was at the end of a day (today: now), its average cost and its value, in
    cents that add up; of one warehouse its share, by quantity. Raises Refused for a warehouse
    there is not, or without the right to see costs."""
    rights.require(context, "see_costs")
    place = stock.warehouse_of(context, warehouse) if warehouse else 0
    database, last = context.database, day or context.today
    until = _end(context, last)
    places: dict[int, dict[int, int]] = {}
    for item, where, there in database.rows(_THERE, (until,)):
        places.setdefault(item, {})[where] = int(there)
    worth = {row[0]: row[1:] for row in database.rows(_VALUE, (until,))}
    averages: dict[int, int] = dict(
        database.rows(
            "SELECT m.item_id, m.average FROM stock_move m WHERE m.id IN (SELECT MAX(n.id) "
            "FROM stock_move n WHERE n.at < ? AND n.reason <> 'transfer' GROUP BY n.item_id)",
            (until,),
        )
    )
    rows: list[tuple[Cell, ...]] = []
    total = 0
    for item, reference, label, unit, price_per in database.rows(_ITEMS):
        if item not in worth:
            continue
        micro, held = int(worth[item][0]), int(worth[item][1])
        there = places[item]
        parts = dict(zip(there, spread(_cents(micro), list(there.values()))))
        here = there.get(place, 0) if place else held
        amount = parts.get(place, 0) if place else _cents(micro)
        if not here and not amount:
            continue
        total += amount
        unit_cost = average_of(held, micro) if held > 0 else averages.get(item, 0)
        rows.append(
            (
                *(reference, label, quantity(here), unit),
                *(Decimal(price_of(unit_cost, price_per)).scaleb(-4), cents(amount)),
            )
        )
    rows.append(("TOTAL", f"au {format_date(last)}", "", "", "", cents(total)))
    return Report("stock-value", KEYS, HEAD, rows)


def said(context: Context, item_id: int) -> str:
    """` · CMP 4,11 · valeur 574,00` of an item now; "" without the right to see costs, or before
    its first move."""
    if not context.user.may("see_costs"):
        return ""
    row = context.database.row(
        "SELECT w.average, w.value, i.price_per FROM stock_worth w "
        "JOIN item i ON i.id = w.item_id WHERE w.item_id = ?",
        (item_id,),
    )
    if row is None:
        return ""
    average, micro, price_per = row
    price = format_price(price_of(average, price_per))
    return f" · CMP {price} · valeur {format_cents(_cents(micro))}"


def _cents(micro: int) -> int:
    return div_round(micro, MICRO_CENT)


def _end(context: Context, day: date) -> str:
    """The moment at which a day is over, UTC."""
    return clock.midnight(day + timedelta(days=1), context.zone).removesuffix("Z")
