"""CMP: what stock is worth after each move, exactly."""

from fractions import Fraction

import pytest
from document_strategies import documents
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.buying.average_cost import (
    Moved,
    Unconvertible,
    Worth,
    after,
    average_of,
    in_stock_unit,
    landed,
    price_of,
    replay,
    unit_of,
)
from codial_tui.domain.document import Adjustment, Document, Line
from codial_tui.domain.lines.totals import totals

ONE = 10_000
EURO = 1_000_000


def bought(quantity: int, unit: int) -> Moved:
    return Moved(quantity * ONE, quantity * unit * EURO)


def left(quantity: int) -> Moved:
    return Moved(-quantity * ONE)


def test_each_entry_weighs_what_it_brings() -> None:
    """10 at 5,00 and 30 at 7,00: 6,50; what leaves does not change it."""
    found = replay([bought(10, 5), bought(30, 7)])
    assert found == Worth(40 * ONE, 260 * EURO, 6_500_000)
    assert after(found, left(15)) == Worth(25 * ONE, 162_500_000, 6_500_000)
    assert price_of(found.average) == 65_000


def test_the_order_of_moves_matters() -> None:
    first = replay([bought(10, 5), left(5), bought(10, 8)])
    assert first.average == 7_000_000
    assert replay([bought(10, 5), bought(10, 8), left(5)]).average == 6_500_000


def test_nothing_is_worth_nothing() -> None:
    """Thirds leave one by one: the last takes what rounding left; the average is remembered."""
    found = replay([Moved(3 * ONE, 10 * EURO), left(1), left(1)])
    assert found.quantity == ONE and found.value == 3_333_333
    assert after(found, left(1)) == Worth(0, 0, 3_333_333)


def test_below_zero_is_worth_its_quantity_and_the_next_entry_sets_the_average() -> None:
    below = replay([bought(5, 10), left(8)])
    assert below == Worth(-3 * ONE, -30 * EURO, 10 * EURO)
    assert after(below, left(2)) == Worth(-5 * ONE, -50 * EURO, 10 * EURO)
    assert after(below, bought(10, 12)) == Worth(7 * ONE, 84 * EURO, 12 * EURO)
    assert after(below, bought(3, 12)) == Worth(0, 0, 12 * EURO)
    assert after(below, bought(1, 12)) == Worth(-2 * ONE, -24 * EURO, 12 * EURO)


def test_a_return_takes_the_cost_of_its_receipt_along() -> None:
    found = replay([bought(10, 5), bought(10, 9), Moved(-10 * ONE, -90 * EURO)])
    assert found == Worth(10 * ONE, 50 * EURO, 5 * EURO)
    dear = replay([bought(10, 1), bought(10, 9), left(15), Moved(-4 * ONE, -36 * EURO)])
    assert dear == Worth(ONE, 5 * EURO, 5 * EURO)  # at the average: 25 − 36 would be below nothing


def test_what_has_no_average_yet_moves_at_the_usual_cost() -> None:
    assert after(Worth(), Moved(2 * ONE, None, 4 * EURO)) == Worth(2 * ONE, 8 * EURO, 4 * EURO)
    assert after(Worth(), Moved(-2 * ONE, None, 4 * EURO)) == Worth(-2 * ONE, -8 * EURO, 4 * EURO)
    assert after(Worth(), Moved(0)) == Worth()


def test_a_gift_halves_the_average() -> None:
    assert replay([bought(10, 5), Moved(10 * ONE, 0)]).average == 2_500_000


QUANTITY = st.integers(1, 10**8)
ENTRY = st.builds(lambda q, unit: Moved(q, q * unit), QUANTITY, st.integers(0, 10**5))
MOVES = st.lists(ENTRY | st.builds(lambda q: Moved(-q), QUANTITY), max_size=40)


@pytest.mark.long
@given(MOVES)
def test_value_never_drifts(moves: list[Moved]) -> None:
    """Beside exact fractions: never further away than half a millionth a move, below zero that of
    the last that was there for each such quantity; no quantity, no value; the moves' values add up
    to what is there."""
    now, quantity, value, average = Worth(), Fraction(0), Fraction(0), Fraction(0)
    summed, last = 0, Fraction(ONE)
    for count, one in enumerate(moves, 1):
        before, now = now, after(now, one)
        summed += now.value - before.value
        left_over = quantity + one.quantity
        if one.quantity > 0 and quantity <= 0:
            average = Fraction(one.cost or 0, one.quantity)
            value = average * left_over
        elif one.quantity > 0:
            value += one.cost or 0
            average = value / left_over
        else:
            value = average * left_over
        quantity = left_over
        last = quantity if quantity > 0 else last
        slack = Fraction(count) * (1 + abs(quantity) / min(last, Fraction(ONE)))
        assert now.quantity == quantity
        assert abs(now.value - value) <= (count if quantity > 0 else slack)
        assert (now.value == 0) or quantity != 0
    assert summed == now.value
    assert replay(moves) == now


@given(st.lists(ENTRY, min_size=1, max_size=20), st.data())
def test_the_average_stays_among_the_prices_paid(moves: list[Moved], data: st.DataObject) -> None:
    found = replay(moves)
    units = [average_of(one.quantity, one.cost or 0) for one in moves]
    assert min(units) - 1 <= found.average <= max(units) + 1
    gone = data.draw(st.integers(1, found.quantity))
    rest = after(found, Moved(-gone))
    assert after(rest, Moved(-rest.quantity)) == (
        rest if not rest.quantity else Worth(0, 0, rest.average)
    )


@given(ENTRY, ENTRY)
def test_a_receipt_that_goes_back_leaves_what_was(first: Moved, second: Moved) -> None:
    before = replay([first])
    now = replay([first, second, Moved(-second.quantity, -(second.cost or 0))])
    assert now == before


def test_prices_and_costs_of_one_unit() -> None:
    assert unit_of(12_300, 1_000_000) == 12_300  # 1,23 for a hundred
    assert price_of(12_300, 1_000_000) == 12_300
    assert price_of(6_500_000) == 65_000


def test_units() -> None:
    box = {"stock": "u", "purchase": "Boîte", "factor": 100 * EURO}
    assert in_stock_unit(3 * ONE, "boîte", **box) == 300 * ONE
    assert in_stock_unit(3 * ONE, "U", **box) == 3 * ONE
    assert in_stock_unit(3 * ONE, "", **box) == 3 * ONE
    assert in_stock_unit(3 * ONE, "kg", **box) == Unconvertible("kg", "u")
    assert in_stock_unit(3 * ONE, "kg", stock="", purchase="", factor=EURO) == 3 * ONE
    same = {"stock": "u", "purchase": "u", "factor": 100 * EURO}
    assert in_stock_unit(3 * ONE, "u", **same) == 3 * ONE


def receipt(*adjustments: Adjustment) -> Document:
    lines = [
        Line("a", quantity=10 * ONE, unit_price=5 * ONE, amount=5_000, net_amount=5_000),
        Line("b", quantity=ONE, amount=2_500, net_amount=2_500, discounts=(500_000,)),
        Line("o", quantity=ONE, amount=900, net_amount=900, tag="option"),
    ]
    return Document(1, "d", "goods_receipt", {}, lines, list(adjustments))


def test_the_footer_is_part_of_what_goods_cost() -> None:
    assert landed(receipt()) == {"a": 5_000, "b": 2_500}
    less = Adjustment("x", "discount", percent=100_000)
    port = Adjustment("y", "shipping", amount=1_000, position=1)
    assert landed(receipt(less)) == {"a": 4_500, "b": 2_250}
    assert landed(receipt(port)) == {"a": 5_667, "b": 2_833}
    other = Adjustment("z", "shipping", amount=1_000, vat_category="S", vat_rate=55_000)
    assert landed(receipt(other)) == {"a": 5_667, "b": 2_833}


@pytest.mark.long
@given(documents())
def test_what_lines_cost_adds_up_to_the_document(document: Document) -> None:
    found = landed(document)
    if found:
        assert sum(found.values()) == totals(document).net
