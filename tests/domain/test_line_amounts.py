"""What one line amounts to."""

from __future__ import annotations

import pytest
from document_strategies import document, line
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.document import Line, LineType
from codial_tui.domain.lines.lines import (
    component_quantity,
    component_ratio,
    eco_amount,
    line_amount,
    line_cost,
    line_problems,
    needs_amount,
    round_price,
    unit_cost,
    unit_share,
)
from codial_tui.domain.money import BOUND
from codial_tui.domain.problems import Invalid


def test_quantity_times_price() -> None:
    assert line_amount(line("a", "12", "8.45")) == 101_40


def test_discounts_cascade_and_are_rounded_once() -> None:
    # 12 × 8,45 = 101,40 less 10 % = 91,26 (screens/quote-lines-grid)
    assert line_amount(line("a", "12", "8.45", discounts=(100_000,))) == 91_26
    # 100 less 10 % less 5 % = 85,50, not 85
    assert line_amount(line("a", "1", "100", discounts=(100_000, 50_000))) == 85_50
    # 3 × 0,335 × 0,99 = 0,99495: rounding the discounted price first would give 0,99 × 3
    assert line_amount(line("a", "3", "0.335", discounts=(10_000,))) == 99


def test_price_for_a_hundred() -> None:
    assert line_amount(line("a", "250", "12.34", price_per=1_000_000)) == 30_85


def test_half_a_cent_goes_away_from_zero_on_both_sides() -> None:
    assert line_amount(line("a", "1", "0.005")) == 1
    assert line_amount(line("a", "-1", "0.005")) == -1


def test_amount_discount_and_eco_contribution_come_after_the_percentages() -> None:
    fridge = line("a", "2", "100", discounts=(100_000,), discount_amount=500, eco_contribution=250)
    # 2 × 100 less 10 % = 180, less 5, plus 2 × 2,50 which no discount touches
    assert line_amount(fridge) == 180_00 - 5_00 + 5_00
    assert eco_amount(fridge) == 5_00


def test_eco_contribution_of_part_of_a_unit() -> None:
    assert eco_amount(line("a", "0.5", "1", eco_contribution=25)) == 13


def test_cost_prefers_cost_price_then_purchase_price() -> None:
    assert line_cost(line("a", "12", "8.45", purchase_price=51_000)) == 61_20
    assert line_cost(line("a", "12", "8.45", purchase_price=51_000, cost_price=60_000)) == 72_00


def test_an_assembly_costs_what_its_components_cost_if_any_does() -> None:
    assembly = line("e", "2", "100", type=LineType.ASSEMBLY, cost_price=400_000)
    bare = line("c", "6", "1", parent_uid="e", ratio=3_000_000)
    known = line("d", "4", "1", parent_uid="e", ratio=2_000_000, cost_price=100_000)
    option = line("f", "4", "1", parent_uid="e", ratio=2_000_000, cost_price=1, tag="option")
    assert line_cost(assembly, [bare]) == 80_00
    assert line_cost(assembly, [bare, known, option]) == 40_00
    assert unit_cost(assembly, [bare]) == 400_000
    assert unit_cost(assembly, [bare, known, option]) == 200_000


def test_component_quantity_and_ratio() -> None:
    assert component_quantity(12_500_000, 20_000) == 250_000
    assert component_ratio(250_000, 20_000) == 12_500_000
    assert component_ratio(250_000, 0) == 25_000_000


def test_unit_share_is_the_component_for_one_assembly() -> None:
    part = line("c", "6", "9.99", ratio=3_000_000, discounts=(100_000,), eco_contribution=10)
    assert unit_share(part) == 26_97 + 30
    part.discount_amount = 200  # of both assemblies
    assert unit_share(part) == 26_97 + 30 - 1_00


def test_what_keeps_its_stored_amount() -> None:
    assert needs_amount(line("a"))
    assert not needs_amount(line("a", basis="forced"))
    assert not needs_amount(line("a", basis="progress"))
    assert not needs_amount(Line("a", LineType.COMMENT))


@pytest.mark.parametrize(
    ("numerator", "decimals", "expected"),
    [(84_549, 2, 84_500), (84_550, 2, 84_600), (-84_550, 2, -84_600), (84_545, 3, 84_550)],
)
def test_prices_have_the_documents_decimals(numerator: int, decimals: int, expected: int) -> None:
    assert round_price(numerator, 1, decimals) == expected


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"price_per": 0}, "price_per.not_positive"),
        ({"price_per": -10_000}, "price_per.not_positive"),
        ({"discounts": (1_000_001,)}, "discount.range"),
        ({"discounts": (-1,)}, "discount.range"),
        ({"quantity": 10**9 * 10_000, "unit_price": BOUND}, "amount.too_big"),
        ({"quantity": BOUND + 1}, "number.too_big"),
        ({"unit_price": -BOUND - 1}, "number.too_big"),
        ({"unit_price": 1}, "price.decimals"),
        ({"vat_category": "XX"}, "vat_category.unknown"),
        ({"vat_category": "E", "vat_rate": 200_000}, "vat_rate.not_zero"),
        ({"vat_rate": 1_000_001}, "vat_rate.range"),
    ],
)
def test_wrong_figures_are_named(values: dict[str, object], code: str) -> None:
    wrong = line("a", "1", "10")
    for name, value in values.items():
        setattr(wrong, name, value)
    assert code in [problem.code for problem in line_problems(wrong, 2)]


def test_a_right_line_has_no_problem() -> None:
    assert line_problems(line("a", "12", "8.45", discounts=(1_000_000,)), 2) == []


def test_amounts_beyond_the_schema_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        line_amount(line("a", "1000000000", "900000000"))
    assert caught.value.problems[0].code == "amount.too_big"
    with pytest.raises(Invalid):
        line_amount(line("a", "1", "1", price_per=0))


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 10**9),
    st.lists(st.integers(0, 1_000_000), max_size=4),
)
def test_a_returned_line_mirrors_the_sold_one(
    quantity: int, price: int, discounts: list[int]
) -> None:
    sold = Line("a", quantity=quantity, unit_price=price, discounts=tuple(discounts))
    back = Line("a", quantity=-quantity, unit_price=price, discounts=tuple(discounts))
    assert line_amount(back) == -line_amount(sold)


def test_an_ad_hoc_assembly_costs_the_sum_of_its_parts() -> None:
    made = document(
        line("e", "3", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("a", "36", "9.80", parent_uid="e", ratio=12_000_000, discounts=(100_000,)),
        line("b", "6", "0.333", parent_uid="e", ratio=2_000_000),
        line("o", "3", "50", parent_uid="e", ratio=1_000_000, tag="option"),
    )
    # 12 × 9,80 less 10 % = 105,84; 2 × 0,333 = 0,67; the option counts nowhere
    assert made.line("e").unit_price == 1_065_100
    assert made.line("e").amount == 319_53
