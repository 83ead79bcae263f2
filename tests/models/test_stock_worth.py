"""What the schema keeps of the worth of stock, and gives to moves that were there before."""

from pathlib import Path

import pytest

from codial_tui.errors import Refused
from codial_tui.models import schema
from codial_tui.models.database import Database, open_database
from codial_tui.models.dialect import Dialect
from codial_tui.models.sqlite import SqliteDialect
from codial_tui.services.stock import journal

ONE = 10_000
AT = "2026-11-22T08:00:00.000Z"


def item(dialect: Dialect, reference: str, **values: object) -> int:
    own = {"uid": f"{reference:0>32}", "reference": reference, "reference_fold": reference}
    return dialect.insert("item", {**own, **values})


def move(dialect: Dialect, count: int, item_id: int, quantity: int, cost: int, why: str) -> None:
    dialect.insert(
        "stock_move",
        {
            "uid": f"{count:032x}",
            "item_id": item_id,
            "warehouse_id": 1,
            "quantity": quantity * ONE,
            "unit_cost": cost,
            "reason": why,
            "line_uid": f"l{count}",
            "at": AT,
        },
    )


def test_moves_of_before_get_a_value_that_verifies(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    old = SqliteDialect(path)
    old.mark_as_ours()
    schema.migrate(old, 20)
    with old.write():
        old.insert("warehouse", {"uid": "a" * 32, "code": "1"})
        one = item(old, "VIS", price_per=100 * ONE)
        two = item(old, "CLOU", average_cost=7)
        moves = [(one, 10, 33_333, "opening"), (two, -3, 20_000, "delivery")]
        moves += [(one, -4, 99_999, "delivery"), (one, -4, 0, "transfer"), (one, 4, 0, "transfer")]
        for count, values in enumerate(moves):
            move(old, count, *values)
    old.close()
    found = open_database(str(path), create=False)
    d = found.dialect
    assert d.rows("SELECT item_id, quantity, value, average FROM stock_worth ORDER BY 1") == [
        (one, 6 * ONE, 19_999_800, 3_333_300),
        (two, -3 * ONE, -6_000_000, 2_000_000),
    ]
    assert d.rows("SELECT average_cost FROM item ORDER BY id") == [(3_333_300,), (7,)]
    assert journal.verify(d) == []
    with pytest.raises(Refused, match="ne se modifie pas"), d.write():
        d.execute("UPDATE stock_move SET value = 0")
    found.close()


@pytest.mark.both
def test_nothing_is_worth_nothing_and_what_was_paid_stays(database: Database) -> None:
    d = database.dialect
    with d.write():
        d.insert("warehouse", {"uid": "a" * 32, "code": "1"})
        one = item(d, "VIS")
        move(d, 1, one, 2, 0, "opening")
        price = {"item_id": one, "line_uid": "x", "on_day": "2026-11-22", "price": 5, "at": AT}
        d.insert("purchase_price", price)
    with pytest.raises(Refused), d.write():
        d.execute("UPDATE stock_worth SET quantity = 0, value = 1")
    with pytest.raises(Refused, match="Un prix payé ne se modifie pas"), d.write():
        d.execute("UPDATE purchase_price SET price = 6")
    with pytest.raises(Refused, match="Un prix payé ne se modifie pas"), d.write():
        d.execute("DELETE FROM purchase_price")
    with pytest.raises(Refused), d.write():
        d.insert("purchase_price", price)
