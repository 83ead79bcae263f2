"""What the stock is worth, today and on a day that is over."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.stock import stock, valuation

ONE = 10_000


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    found = Desk(context, tmp_path)
    found.customer("MARTIN")
    found.customer("DUPONT", is_supplier=1, is_customer=0)
    return found


def at(desk: Desk, day: int) -> None:
    desk.context.clock = lambda: datetime(2026, 11, day, 11, 0, tzinfo=UTC)


def receive(desk: Desk, *line: str) -> None:
    made = desk.make("goods_receipt", line, customer=None, supplier="DUPONT")
    validating.validate(desk.context, made.id)


def told(desk: Desk, day: int, warehouse: str = "") -> list[tuple[str, ...]]:
    found = valuation.value(desk.context, date(2026, 11, day), warehouse)
    return [(str(row[0]), str(row[2]), str(row[4]), str(row[5])) for row in found.rows]


@pytest.mark.both
def test_a_past_day_is_read_as_it_was(desk: Desk) -> None:
    desk.item("VIS", unit="u")
    desk.item("CLOU", unit="u", price_per=100 * ONE)
    at(desk, 1)
    receive(desk, "VIS", "10", "5")
    at(desk, 5)
    receive(desk, "VIS", "30", "7")
    receive(desk, "CLOU", "3", "1")
    at(desk, 9)
    desk.print(desk.make("delivery_note", ("VIS", "40", "20")))
    assert told(desk, 1) == [("VIS", "10", "5.0000", "50.00"), ("TOTAL", "", "", "50.00")]
    assert told(desk, 4) == told(desk, 1)
    assert told(desk, 5) == [
        ("CLOU", "3", "1.0000", "0.03"),
        ("VIS", "40", "6.5000", "260.00"),
        ("TOTAL", "", "", "260.03"),
    ]
    assert told(desk, 9)[-1] == ("TOTAL", "", "", "0.03")
    with pytest.raises(Refused):
        told(desk, 9, "LUNE")


def test_what_warehouses_are_worth_adds_up(desk: Desk) -> None:
    desk.item("VIS", unit="u")
    with desk.context.database.write():
        desk.context.database.insert(
            "warehouse", {"uid": desk.context.uid(), "code": "VAN", "name": "Camion"}
        )
    receive(desk, "VIS", "3", "3.33")
    stock.move(desk.context, "VIS", ONE, to="VAN")
    home = desk.context.database.value("SELECT code FROM warehouse ORDER BY id LIMIT 1")
    whole = valuation.value(desk.context)
    parts = [valuation.value(desk.context, None, code).rows[-1][5] for code in (home, "VAN")]
    assert parts == [Decimal("6.66"), Decimal("3.33")]
    assert sum(parts) == whole.rows[-1][5] == Decimal("9.99")


def test_below_zero_is_said(desk: Desk) -> None:
    desk.item("VIS", unit="u", purchase_price=40_000)
    desk.print(desk.make("delivery_note", ("VIS", "3", "20")))
    assert told(desk, 22)[0] == ("VIS", "-3", "4.0000", "-12.00")


def test_costs_are_for_those_who_may_see_them(desk: Desk) -> None:
    desk.context.user = desk.context.user._replace(role="user")
    with pytest.raises(Refused, match="Réservé"):
        valuation.value(desk.context)
