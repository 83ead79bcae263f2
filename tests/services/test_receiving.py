"""Receipts: what enters the stock, in which unit, at what cost; what goes back."""

import random
import threading
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from sessions import session

from codial_tui.domain.buying.average_cost import price_of
from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.law import verification
from codial_tui.services.paper import papers
from codial_tui.services.records import settings
from codial_tui.services.stock import journal, stock

ONE = 10_000
EURO = 1_000_000


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    found = Desk(context, tmp_path)
    found.customer("MARTIN")
    found.customer("DUPONT", is_supplier=1, is_customer=0)
    return found


def ordered(desk: Desk, *lines: Any, **values: Any) -> Document:
    """A supplier order that was sent."""
    made = desk.make("purchase_order", *lines, customer=None, supplier="DUPONT", **values)
    return desk.print(made)


def received(desk: Desk, *lines: Any, **values: Any) -> Document:
    made = desk.make("goods_receipt", *lines, customer=None, supplier="DUPONT", **values)
    return validating.validate(desk.context, made.id)


def worth(desk: Desk, item: int) -> tuple[int, int, int]:
    found = journal.worths(desk.context.database, [item]).get(item)
    return tuple(found) if found else (0, 0, 0)


def item_row(desk: Desk, item: int) -> tuple[int, int]:
    row = desk.context.database.row(
        "SELECT average_cost, purchase_price FROM item WHERE id = ?", (item,)
    )
    assert row is not None
    return row[0], row[1]


def clean(desk: Desk) -> None:
    assert journal.verify(desk.context.database) == []


@pytest.mark.both
def test_receipts_make_the_average_and_the_last_price(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    received(desk, ("VIS", "10", "5"))
    assert worth(desk, item) == (10 * ONE, 50 * EURO, 5 * EURO)
    received(desk, ("VIS", "30", "7"))
    assert worth(desk, item) == (40 * ONE, 260 * EURO, 6_500_000)
    assert item_row(desk, item) == (65_000, 70_000)
    note = desk.make("delivery_note", ("VIS", "15", "20"))
    desk.print(note)
    assert worth(desk, item) == (25 * ONE, 162_500_000, 6_500_000)
    history = desk.context.database.rows(
        "SELECT price, before, quantity FROM purchase_price ORDER BY id"
    )
    assert history == [(50_000, 0, 10 * ONE), (70_000, 50_000, 30 * ONE)]
    clean(desk)


@pytest.mark.both
def test_a_purchase_unit_enters_as_units_of_stock(desk: Desk) -> None:
    """2 boxes of 100 at 12,00, 10 % off the paper, 6,00 of carriage: 27,60 for 200."""
    item = desk.item("VIS", unit="u", purchase_unit="boîte", purchase_factor=100 * EURO)
    line = {
        "type": "item",
        "reference": "VIS",
        "quantity": "2",
        "unit": "Boîte",
        "unit_price": "12",
    }
    footer = [
        {"type": "discount", "percent": "10"},
        {"type": "shipping", "amount": "6.00"},
    ]
    received(desk, line, adjustments=footer)
    assert desk.on_hand(item) == 200
    assert worth(desk, item) == (200 * ONE, 27_600_000, 138_000)
    assert item_row(desk, item) == (1_380, 1_380)
    clean(desk)


def test_a_unit_that_does_not_convert_is_refused_and_nothing_is_written(desk: Desk) -> None:
    item = desk.item("VIS", unit="u", purchase_unit="boîte", purchase_factor=100 * EURO)
    line = {"type": "item", "reference": "VIS", "quantity": "2", "unit": "kg", "unit_price": "12"}
    made = desk.make("goods_receipt", line, customer=None, supplier="DUPONT")
    with pytest.raises(Refused) as told:
        validating.validate(desk.context, made.id)
    assert [one.code for one in told.value.problems] == ["unit.unknown"]
    assert "« kg » ne se convertit pas en u" in told.value.problems[0].message
    assert desk.again(made).state == "open"
    assert desk.on_hand(item) == 0 and worth(desk, item) == (0, 0, 0)


def test_prices_for_a_hundred_stay_for_a_hundred(desk: Desk) -> None:
    item = desk.item("VIS", unit="u", price_per=100 * ONE)
    line = {
        "type": "item",
        "reference": "VIS",
        "quantity": "1000",
        "unit_price": "1.23",
        "price_per": "100",
    }
    received(desk, line)
    assert worth(desk, item) == (1_000 * ONE, 12_300_000, 12_300)
    assert item_row(desk, item) == (12_300, 12_300)


@pytest.mark.both
def test_what_goes_back_costs_what_it_came_in_at(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    received(desk, ("VIS", "10", "5"))
    dear = received(desk, ("VIS", "10", "9"))
    back = desk.move(dear, "supplier_return", {0: "4"})
    validating.validate(desk.context, back.id)
    assert worth(desk, item) == (16 * ONE, 104 * EURO, 6_500_000)
    back = desk.move(dear, "supplier_return")
    validating.validate(desk.context, back.id)
    assert worth(desk, item) == (10 * ONE, 50 * EURO, 5 * EURO)
    assert item_row(desk, item) == (50_000, 90_000)
    clean(desk)


def test_no_more_goes_back_than_is_there_when_that_is_refused(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    receipt = received(desk, ("VIS", "10", "5"))
    desk.print(desk.make("delivery_note", ("VIS", "8", "20")))
    settings.store(desk.context, "stock.negative", "block", own=False)
    back = desk.move(receipt, "supplier_return")
    with pytest.raises(Refused) as told:
        validating.validate(desk.context, back.id)
    assert "VIS : stock 2, il en repart 10" in str(told.value)
    assert desk.on_hand(item) == 2


def test_a_gift_keeps_the_last_price_and_lowers_the_average(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    received(desk, ("VIS", "10", "5"), ("VIS", "10", "0"))
    assert worth(desk, item) == (20 * ONE, 50 * EURO, 2_500_000)
    assert item_row(desk, item) == (25_000, 50_000)


def test_below_zero_the_next_receipt_sets_the_average(desk: Desk) -> None:
    item = desk.item("VIS", unit="u", purchase_price=40_000)
    desk.print(desk.make("delivery_note", ("VIS", "3", "20")))
    assert worth(desk, item) == (-3 * ONE, -12 * EURO, 4 * EURO)
    received(desk, ("VIS", "10", "6"))
    assert worth(desk, item) == (7 * ONE, 42 * EURO, 6 * EURO)
    clean(desk)


def test_a_supplier_s_price_stays_theirs_unless_it_is_to_follow(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    database = desk.context.database
    supplier = database.value("SELECT id FROM party WHERE code = 'DUPONT'")
    with database.write():
        database.insert(
            "item_supplier",
            {"item_id": item, "supplier_id": supplier, "price": 60_000, "discount": 100_000},
        )
    said = "SELECT price, discount FROM item_supplier"
    line = {
        "type": "item",
        "reference": "VIS",
        "quantity": "10",
        "unit_price": "6",
        "discounts": ["25"],
    }
    received(desk, line)
    assert database.row(said) == (60_000, 100_000)
    settings.store(desk.context, "stock.supplier_price", "follow", own=False)
    received(desk, line)
    assert database.row(said) == (45_000, 0)


@pytest.mark.both
def test_between_warehouses_nothing_changes_its_worth(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    with desk.context.database.write():
        desk.context.database.insert(
            "warehouse", {"uid": desk.context.uid(), "code": "VAN", "name": "Camion"}
        )
    received(desk, ("VIS", "10", "5"))
    stock.move(desk.context, "VIS", 4 * ONE, to="VAN")
    assert worth(desk, item) == (10 * ONE, 50 * EURO, 5 * EURO)
    stock.count(desk.context, [("VIS", 3 * ONE)], warehouse="VAN")
    assert worth(desk, item) == (9 * ONE, 45 * EURO, 5 * EURO)
    clean(desk)


@pytest.mark.both
def test_two_terminals_validate_receipts_at_once(desk: Desk, database_url: str) -> None:
    """Eight receipts of the same item by two programs: none is lost, in any order of validation."""
    item = desk.item("VIS", unit="u")
    receipts = [
        desk.make("goods_receipt", ("VIS", "1", str(n)), customer=None, supplier="DUPONT").id
        for n in range(1, 9)
    ]
    failed: list[Exception] = []

    def work(login: str, ids: list[int]) -> None:
        try:
            opened = open_database(database_url, create=False)
            other = session(opened, login)
            for one in ids:
                validating.validate(other, one)
            opened.close()
        except Exception as error:
            failed.append(error)

    several = [
        threading.Thread(target=work, args=(login, receipts[n::2]))
        for n, login in enumerate(("paul", "anne"))
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert failed == []
    assert worth(desk, item) == (8 * ONE, 36 * EURO, 4_500_000)
    assert item_row(desk, item)[0] == 45_000
    clean(desk)


def test_verify_finds_a_value_that_was_tampered_with(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    received(desk, ("VIS", "10", "5"))
    with desk.context.database.write():
        desk.context.database.execute("UPDATE stock_worth SET value = value + 1")
    told = [one.code for one in verification._stock(desk.context)]
    assert told == ["stock.worth"], item


def test_what_was_there_before_gets_a_value(desk: Desk) -> None:
    """The migration says the same as the rule of today."""
    from codial_tui.domain.buying.average_cost import Moved, Worth, after
    from codial_tui.models.migrations.m0021_stock_cost import _after

    now, then = Worth(), (0, 0, 0)
    for quantity in (3, -1, -1, -4, 2, 7, -3, -2, 5, -6, 0, -1):
        now = after(now, Moved(quantity * ONE, None, 3_333_300))
        then = _after(then, quantity * ONE, 3_333_300)
        assert tuple(now) == then


@pytest.mark.both
def test_many_moves_of_many_kinds_recompute_to_what_is_kept(desk: Desk) -> None:
    """Two hundred moves by chance: the journal worked out anew says what each terminal saw."""
    chance = random.Random(20261122)
    context = desk.context
    items = [desk.item(name, unit="u", purchase_price=30_000) for name in ("VIS", "CLOU", "ÉCROU")]
    with context.database.write():
        van = context.database.insert(
            "warehouse", {"uid": context.uid(), "code": "VAN", "name": "Camion"}
        )
    home = context.database.value("SELECT MIN(id) FROM warehouse")
    seen: dict[int, int] = {}
    for _ in range(40):
        entries = []
        for _ in range(5):
            item, place = chance.choice(items), chance.choice((home, van))
            quantity = chance.randint(1, 400_000)
            match chance.choice(("receipt", "delivery", "supplier_return", "count", "transfer")):
                case "receipt":
                    cost = quantity * chance.randint(0, 90_000) // 100
                    entries.append(journal.Entry(item, place, quantity, "receipt", "", cost))
                case "delivery":
                    entries.append(journal.Entry(item, place, -quantity, "delivery"))
                case "supplier_return":
                    cost = -quantity * chance.randint(0, 90_000) // 100
                    entries.append(journal.Entry(item, place, -quantity, "count", "", cost))
                case "count":
                    entries.append(journal.Entry(item, place, quantity, "count"))
                case _:
                    entries.append(journal.Entry(item, home, -quantity, "transfer"))
                    entries.append(journal.Entry(item, van, quantity, "transfer"))
        entries = [
            one._replace(line_uid=context.uid()) if one.reason in ("receipt", "delivery") else one
            for one in entries
        ]
        with context.database.write():
            journal.write(context, entries)
    for item in items:
        quantity, value, average = worth(desk, item)
        seen[item] = quantity
        assert average >= 0 and (value == 0 if not quantity else True)
        assert quantity < 0 or value >= 0
        assert item_row(desk, item)[0] == price_of(average)
    on_hand = dict(
        context.database.rows("SELECT item_id, SUM(on_hand) FROM stock_level GROUP BY item_id")
    )
    assert on_hand == seen
    clean(desk)
    assert verification._stock(context) == []


def test_a_second_paper_says_what_came_before_the_first(desk: Desk) -> None:
    desk.item("VIS", unit="u")
    order = desk.print(
        desk.make("purchase_order", ("VIS", "10", "5"), customer=None, supplier="DUPONT")
    )
    one = desk.move(order, "goods_receipt", {0: "4"})
    validating.validate(desk.context, one.id)
    desk.print(one)
    two = desk.move(order, "goods_receipt", {0: "3"})
    validating.validate(desk.context, two.id)

    def paper(document: Document) -> list[tuple[str, ...]]:
        (table,) = papers.paper(desk.context, desk.again(document)).tables()
        return [tuple(row.cells[2:]) for row in table.rows if row.cells[0] == "VIS"]

    assert paper(two) == [("10,00", "4,00", "3,00", "3,00", "u")]
    assert paper(one) == [("10,00", "4,00", "6,00", "u")]


def test_what_no_stock_is_worth_is_refused(desk: Desk) -> None:
    item = desk.item("VIS", unit="u")
    made = desk.make(
        "goods_receipt", ("VIS", "100000", "99999999"), customer=None, supplier="DUPONT"
    )
    with pytest.raises(Refused, match="plus de 9 milliards"):
        validating.validate(desk.context, made.id)
    assert desk.again(made).state == "open" and worth(desk, item) == (0, 0, 0)


def test_the_parts_of_an_assembly_share_what_it_cost(desk: Desk) -> None:
    """A kit that is not kept in stock: 100,00 over parts bought at 3,00 and 1,00."""
    screw = desk.item("VIS", unit="u", purchase_price=30_000)
    nail = desk.item("CLOU", unit="u", purchase_price=10_000)
    kit = desk.item("KIT", stock_managed=0, is_assembly=1, unit="u")
    with desk.context.database.write():
        for place, (part, ratio) in enumerate(((screw, 2_000_000), (nail, 4_000_000))):
            desk.context.database.insert(
                "assembly_component",
                {"assembly_id": kit, "position": place, "component_id": part, "ratio": ratio},
            )
    received(desk, ("KIT", "10", "10"))
    assert worth(desk, screw) == (20 * ONE, 60 * EURO, 3 * EURO)
    assert worth(desk, nail) == (40 * ONE, 40 * EURO, EURO)
    assert item_row(desk, kit) == (0, 100_000)
    clean(desk)
