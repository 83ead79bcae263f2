"""The one door to the journal of stock: every move with what it changes of the item's value.

Quantities are 10⁻⁴ of the stock unit, costs and values 10⁻⁶ € (`domain.buying.average_cost`).
Writers take the turn of the chain, so that each move is worked out on what all others left, on
both back ends; the order of the rows is the order of the moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from codial_tui.domain.buying.average_cost import Moved, Worth, after, average_of, price_of
from codial_tui.domain.money import SCALE4, div_round, in_bounds
from codial_tui.domain.problems import Problem
from codial_tui.errors import refuse
from codial_tui.models.queries import Queries
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

TRANSFER = "transfer"
"""between warehouses: the item is worth what it was"""
_NAMES = (
    *("uid", "item_id", "warehouse_id", "quantity", "unit_cost", "cost", "value", "average"),
    *("reason", "line_uid", "user_id", "at"),
)
CHUNK = 500


class Entry(NamedTuple):
    """A move to be written. quantity: signed; cost: of its own, with the sign of the quantity,
    None at the average."""

    item_id: int
    warehouse_id: int
    quantity: int
    reason: str
    line_uid: str = ""
    cost: int | None = None


class _Usual(NamedTuple):
    """What an item costs while no average is known, 10⁻⁴ of one unit, and its price_per."""

    cost: int = 0
    price_per: int = SCALE4


def write(context: Context, entries: Sequence[Entry]) -> None:
    """Add moves to the journal in their order, inside the caller's transaction, and bring the
    average costs of their items up to date."""
    if not entries:
        return
    database = context.database
    pools.turn(database)
    items = {one.item_id for one in entries}
    worth, usual = worths(database, items), _usual(database, items)
    rows = []
    for one in entries:
        before = worth.get(one.item_id, Worth())
        known = usual[one.item_id]
        unit = known.cost
        if one.cost is not None:
            unit = price_of(average_of(one.quantity, one.cost))
        now = before
        if one.reason != TRANSFER:
            now = after(before, Moved(one.quantity, one.cost, unit * 100))
            if not all(map(in_bounds, (*now, now.value - before.value, one.cost or 0))):
                raise refuse(
                    "stock.bound",
                    "Un article vaudrait plus de 9 milliards d'euros en stock",
                    "revoyez quantité et prix",
                    "quantity",
                )
            worth[one.item_id] = now
        rows.append(
            (
                *(context.uid(), one.item_id, one.warehouse_id, one.quantity, unit, one.cost),
                *(now.value - before.value, now.average, one.reason, one.line_uid),
                *(context.user.id, context.now),
            )
        )
    database.insert_many("stock_move", _NAMES, rows)
    averages = {
        item: price_of(found.average, usual[item].price_per) for item, found in worth.items()
    }
    database.executemany(
        "UPDATE item SET average_cost = ? WHERE id = ? AND average_cost <> ?",
        [(cost, item, cost) for item, cost in sorted(averages.items())],
    )


def worths(database: Queries, items: Collection[int]) -> dict[int, Worth]:
    """What items are worth now, in all warehouses; only those that ever moved."""
    return {
        key: Worth(*values)
        for key, *values in _chunks(
            database,
            "SELECT item_id, quantity, value, average FROM stock_worth WHERE item_id IN ({})",
            items,
        )
    }


def _usual(database: Queries, items: Collection[int]) -> dict[int, _Usual]:
    return {
        key: _Usual(div_round(cost * SCALE4, price_per), price_per)
        for key, cost, price_per in _chunks(
            database,
            "SELECT id, COALESCE(NULLIF(average_cost, 0), NULLIF(cost_price, 0), "
            "purchase_price), price_per FROM item WHERE id IN ({})",
            items,
        )
    }


def _chunks(database: Queries, sql: str, keys: Collection[int]) -> Iterator[tuple[int, ...]]:
    found = sorted(keys)
    for start in range(0, len(found), CHUNK):
        page = found[start : start + CHUNK]
        yield from database.rows(sql.format(", ".join("?" * len(page))), page)


def verify(database: Queries) -> list[Problem]:
    """The journal worked out anew: each move's value and average, and what they leave."""
    found: list[Problem] = []
    last, pages = 0, True
    while pages:  # a page of items at a time: memory stays flat
        items: dict[int, str] = dict(
            database.rows(
                "SELECT id, reference FROM item WHERE id > ? ORDER BY id LIMIT ?", (last, CHUNK)
            )
        )
        pages = bool(items)
        if pages:
            found += _verify_page(database, items, last + 1, max(items))
            last = max(items)
    return found


def _verify_page(database: Queries, names: dict[int, str], first: int, last: int) -> list[Problem]:
    now: dict[int, Worth] = {}
    wrong: set[int] = set()
    for item, quantity, cost, unit, value, average in database.rows(
        "SELECT item_id, quantity, cost, unit_cost, value, average FROM stock_move "
        "WHERE item_id BETWEEN ? AND ? AND reason <> 'transfer' ORDER BY item_id, id",
        (first, last),
    ):
        before = now.get(item, Worth())
        now[item] = one = after(before, Moved(quantity, cost, unit * 100))
        if (one.value - before.value, one.average) != (value, average):
            wrong.add(item)
    kept = {
        key: Worth(*values)
        for key, *values in database.rows(
            "SELECT item_id, quantity, value, average FROM stock_worth "
            "WHERE item_id BETWEEN ? AND ?",
            (first, last),
        )
    }
    found = [
        Problem("stock.value", names[item], "un mouvement n'a pas la valeur qui se recalcule")
        for item in sorted(wrong)
    ]
    for item in sorted({*now, *kept} - wrong):
        if now.get(item, Worth()) != kept.get(item, Worth()):
            found.append(
                Problem("stock.worth", names[item], "la valeur n'est pas celle du journal")
            )
    return found
