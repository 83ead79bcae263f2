"""The F7 tools on prices: one step each, exact to the cent or saying what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from document_strategies import document, documents, heading, line, uids
from hypothesis import assume, given
from hypothesis import strategies as st
from test_changes import snapshot

from codial_tui.domain.changes import apply, inverse
from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.draft import Plan
from codial_tui.domain.lines import arrange, choices, tools
from codial_tui.domain.lines.costing import taux_de_marge, taux_de_marque
from codial_tui.domain.lines.force_price import force_price, force_total
from codial_tui.domain.lines.lines import line_problems
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.money import BOUND
from codial_tui.domain.problems import Invalid


def done(made: Document, plan: Plan) -> Document:
    apply(made, plan.changes)
    return made


def codes(plan: Plan) -> list[str]:
    return [problem.code for problem in plan.problems]


def two_chapters() -> Document:
    return document(
        heading("c1"),
        line("a", "12", "8.45", cost_price=51_000),
        line("b", "1", "100", cost_price=700_000),
        heading("c2"),
        line("c", "4", "25", cost_price=200_000),
        line("locked", "1", "50", cost_price=100_000, price_forced=1),
        line("option", "1", "10", tag="option", cost_price=50_000),
    )


def test_discount_on_a_chapter_leaves_the_other_alone() -> None:
    made = two_chapters()
    done(made, tools.discount(made, ["c1"], (100_000,)))
    assert [one.discounts for one in made.lines if one.is_priced] == [
        (100_000,),
        (100_000,),
        (),
        (),
        (),
    ]
    assert made.line("a").amount == 91_26


def test_discount_on_everything_skips_forced_prices_and_says_so() -> None:
    made = two_chapters()
    plan = tools.discount(made, None, (100_000, 50_000))
    assert codes(plan) == ["tool.locked"]
    done(made, plan)
    assert made.line("locked").discounts == ()
    assert made.line("option").amount == 8_55
    done(made, tools.discount(made, None, (0,)))
    assert made.line("option").discounts == ()


def test_a_discount_beyond_100_percent_is_refused() -> None:
    with pytest.raises(Invalid):
        tools.discount(two_chapters(), None, (1_000_001,))


def test_coefficient_marque_and_marge() -> None:
    made = two_chapters()
    done(made, tools.apply_coefficient(made, ["b"], 1_500_000))
    assert (made.line("b").unit_price, made.line("b").coefficient) == (1_050_000, 1_500_000)
    done(made, tools.apply_marque(made, ["b"], 300_000))
    assert made.line("b").unit_price == 1_000_000
    assert taux_de_marque(1_000_000, 700_000) == 300_000
    done(made, tools.apply_marge(made, ["b"], 428_600))
    assert made.line("b").unit_price == 1_000_000
    assert taux_de_marge(1_000_000, 700_000) == 428_571


def test_a_marque_of_100_percent_is_impossible() -> None:
    with pytest.raises(Invalid):
        tools.apply_marque(two_chapters(), None, 1_000_000)


def test_coefficients_give_ttc_prices_in_ttc_mode() -> None:
    made = document(line("a", "1", "0", cost_price=100_000), price_mode="gross")
    done(made, tools.apply_coefficient(made, None, 1_333_000))
    # 10 × 1,333 × 1,20 = 15,996: rounded once
    assert made.line("a").unit_price == 160_000


def test_lines_without_cost_are_left_and_counted() -> None:
    made = document(line("a", "1", "5"), line("b", "1", "5", cost_price=10_000))
    plan = tools.apply_coefficient(made, None, 2_000_000)
    assert codes(plan) == ["tool.no_cost"]
    done(made, plan)
    assert [one.unit_price for one in made.lines] == [50_000, 20_000]


def test_a_coefficient_reaches_the_components_of_an_ad_hoc_assembly() -> None:
    made = document(
        line("e", "2", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("x", "2", "1", parent_uid="e", ratio=1_000_000, cost_price=100_000),
        line("y", "4", "1", parent_uid="e", ratio=2_000_000, cost_price=50_000),
    )
    done(made, tools.apply_coefficient(made, ["e"], 1_200_000))
    assert made.line("e").unit_price == 240_000
    assert made.line("e").amount == 48_00


def test_an_assembly_is_priced_from_its_components_costs() -> None:
    made = document(
        line("e", "1", "5", type=LineType.ASSEMBLY),
        line("x", "3", "1", parent_uid="e", ratio=3_000_000, cost_price=100_000),
    )
    done(made, tools.apply_marque(made, None, 400_000))
    assert (made.line("e").unit_price, made.line("x").unit_price) == (500_000, 10_000)


def test_another_price_list() -> None:
    made = two_chapters()
    plan = tools.set_prices(made, {"a": 90_000, "locked": 1, "c1": 5})
    assert codes(plan) == ["tool.locked"]
    done(made, plan)
    assert (made.line("a").amount, made.line("locked").unit_price) == (108_00, 500_000)


def test_change_vat_on_a_selection_and_in_ttc_mode() -> None:
    made = document(line("a", "1", "120"), line("b", "1", "120"), price_mode="gross")
    done(made, tools.change_vat(made, ["a"], 100_000))
    assert [one.amount for one in made.lines] == [120_00, 120_00]
    assert [one.net_amount for one in made.lines] == [109_09, 100_00]
    done(made, tools.change_vat(made, None, 200_000, "AE"))
    assert {(one.vat_category, one.vat_rate) for one in made.lines} == {("AE", 0)}
    assert totals(made).vat_total == 0


def test_footer_elements_are_made_changed_and_taken_away() -> None:
    made, new = two_chapters(), uids()
    done(made, tools.set_footer(made, "discount", new, percent=50_000, label="Remise"))
    done(made, tools.set_footer(made, "shipping", new, amount=10_00))
    assert [(one.type, one.percent, one.amount) for one in made.adjustments] == [
        ("discount", 50_000, 0),
        ("shipping", None, 10_00),
    ]
    done(made, tools.set_footer(made, "discount", new, percent=None, amount=30_00))
    assert totals(made).discount == -30_00
    done(made, tools.set_footer(made, "discount", new, amount=0))
    assert [one.type for one in made.adjustments] == ["shipping"]
    with pytest.raises(Invalid):
        tools.set_footer(made, "gift", new, amount=1)
    with pytest.raises(Invalid):
        tools.set_footer(made, "charge", new, amount=BOUND + 1)


def test_hidden_charges_are_added_one_by_one() -> None:
    made, new = two_chapters(), uids()
    before = totals(made).net
    done(made, tools.hide_charge(made, new, amount=10_00))
    done(made, tools.hide_charge(made, new, percent=10_000, label="Gestion"))
    assert [one.hidden for one in made.adjustments] == [1, 1]
    assert totals(made).net == before + 10_00 + 3_51  # 1 % of 351,40


# -- a price forced from above --------------------------------------------------------------


def test_force_one_line_and_lock_it() -> None:
    made = two_chapters()
    plan = force_price(made, ["b"], 95_00)
    assert plan.problems == []
    done(made, plan)
    assert (made.line("b").unit_price, made.line("b").price_forced) == (950_000, 1)


def test_force_a_chapter_exactly_and_leave_locked_lines() -> None:
    made = two_chapters()
    plan = force_price(made, ["c2"], 140_01)
    assert codes(plan) == ["tool.locked", "tool.cents"]  # 4 × price cannot make 90,01
    done(made, plan)
    assert (made.line("c").amount, made.line("locked").amount) == (90_01, 50_00)
    assert (made.line("c").unit_price, made.line("c").discount_amount) == (22_5100, 3)
    assert plan.problems[1].message == "0,03 de remise sur « c » pour l'arrondi"


def test_cents_that_are_too_many_are_taken_off_without_raising_a_price() -> None:
    made = document(line("a", "1000", "10"))
    plan = force_total(made, 9_999_97)
    done(made, plan)
    assert (made.line("a").unit_price, made.line("a").discount_amount) == (10_0000, 3)
    assert totals(made).net == 9_999_97
    done(made, force_total(made, 5_000_00))
    assert totals(made).net == 5_000_00


def test_the_discount_stands_on_the_assembly_whose_parts_are_added_up() -> None:
    made = document(
        line("e", "3", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("x", "21", "10", parent_uid="e", ratio=7_000_000),
    )
    plan = force_total(made, 200_01)
    done(made, plan)
    assert totals(made).net == made.line("e").amount == 200_01
    assert (made.line("e").discount_amount > 0, made.line("x").discount_amount) == (True, 0)
    assert recompute(made) == []


def test_the_cents_go_on_the_largest_line_that_can_take_them() -> None:
    made = two_chapters()
    plan = force_price(made, ["c1"], 199_99)
    assert plan.problems == []
    done(made, plan)
    assert made.line("a").amount + made.line("b").amount == 199_99
    assert made.line("b").price_forced == 0


def test_force_the_whole_with_its_footer() -> None:
    made = document(
        line("a", "12", "8.45"),
        line("b", "1", "1234.56"),
        line("c", "7", "3.33", vat_rate=100_000),
        adjustments=(
            Adjustment("r", percent=50_000),
            Adjustment("s", "shipping", amount=12_00),
        ),
    )
    plan = force_total(made, 1_300_00)
    assert plan.problems == []
    done(made, plan)
    assert totals(made).net == 1_300_00


def test_force_the_whole_ttc() -> None:
    made = document(
        line("a", "3", "19.90"), line("b", "1", "50", vat_rate=55_000), price_mode="gross"
    )
    done(made, force_total(made, 100_00))
    assert totals(made).gross == 100_00


def test_force_an_ad_hoc_assembly_takes_the_price_when_its_parts_cannot() -> None:
    made = document(
        line("e", "1", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("x", "7", "10", parent_uid="e", ratio=7_000_000),
        line("y", "11", "10", parent_uid="e", ratio=11_000_000),
    )
    plan = force_price(made, ["e"], 200_01)
    assert plan.problems == []
    done(made, plan)
    assert (made.line("e").amount, made.line("e").price_forced) == (200_01, 1)
    assert recompute(made) == []


def test_prices_from_nothing_follow_the_costs() -> None:
    made = document(
        line("a", "1", "0", cost_price=300_000), line("b", "1", "0", cost_price=100_000)
    )
    done(made, force_price(made, None, 60_00))
    assert [one.amount for one in made.lines] == [45_00, 15_00]


def test_force_to_nothing_and_nothing_to_force() -> None:
    made = two_chapters()
    done(made, force_price(made, ["c1"], 0))
    assert made.line("a").amount == 0
    plan = force_price(document(), None, 10_00)
    assert (plan.changes, codes(plan)) == ([], ["tool.gap"])
    with pytest.raises(Invalid):
        force_price(made, None, BOUND + 1)


@given(documents(max_lines=6), st.integers(1, 10**6))
def test_forcing_is_exact_or_says_the_gap(made: Document, target: int) -> None:
    plan = force_total(made, target)
    done(made, plan)
    found = totals(made)
    reached = found.gross if made.gross_mode else found.net
    gap = target - reached
    said = [problem.message for problem in plan.problems if problem.code == "tool.gap"]
    assert said == ([tools.gap_message(gap)] if gap else [])
    assert recompute(made) == []


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**8), st.integers(1, 10**8), st.sampled_from([0, 50_000, 123_456])
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(2, 4),
    st.sampled_from([None, 0, 20_000, 333_333]),
    st.booleans(),
    st.integers(1, 10**7),
)
def test_with_one_unlocked_line_the_total_is_met_to_the_cent(
    sold: list[tuple[int, int, int]],
    decimals: int,
    footer: int | None,
    gross: bool,
    target: int,
) -> None:
    """Any quantities and prices, discounts on lines and foot, HT or TTC."""
    notch = 10 ** (4 - decimals)
    lines = [
        Line(
            f"l{n}",
            quantity=quantity,
            unit_price=price * notch,
            discounts=(discount,) if discount else (),
        )
        for n, (quantity, price, discount) in enumerate(sold)
    ]
    percent = () if footer is None else (Adjustment("f", percent=footer),)
    made = document(
        *lines,
        adjustments=percent,
        price_decimals=decimals,
        price_mode="gross" if gross else "net",
    )
    apply(made, recompute(made))
    plan = force_total(made, target)
    done(made, plan)
    found = totals(made)
    assert (found.gross if gross else found.net) == target
    assert all(one.discount_amount >= 0 for one in made.lines)
    assert not any(problem for one in made.lines for problem in line_problems(one, decimals))


# -- every tool is one step that undo takes back --------------------------------------------

Tool = Callable[[Document, list[str]], Plan]


def first(tool: Callable[[Document, str], Plan], made: Document) -> Plan:
    """What a one-line tool plans on the first line that it accepts, nothing when none is."""
    for one in made.lines:
        try:
            return tool(made, one.uid)
        except Invalid:
            continue
    return Plan()


TOOLS: dict[str, Tool] = {
    "discount": lambda made, here: tools.discount(made, here, (50_000,)),
    "coefficient": lambda made, here: tools.apply_coefficient(made, here, 1_400_000),
    "marque": lambda made, here: tools.apply_marque(made, None, 250_000),
    "vat": lambda made, here: tools.change_vat(made, here, 55_000),
    "prices": lambda made, here: tools.set_prices(made, dict.fromkeys(here, 12_300)),
    "footer": lambda made, here: tools.set_footer(made, "discount", uids(), percent=30_000),
    "hidden": lambda made, here: tools.hide_charge(made, uids(), amount=7_77),
    "force": lambda made, here: force_price(made, here, 123_45),
    "total": lambda made, here: force_total(made, 543_21),
    "indent": lambda made, here: arrange.indent(made, here),
    "outdent": lambda made, here: arrange.indent(made, here, -1),
    "up": lambda made, here: arrange.move(made, here, down=False),
    "down": lambda made, here: arrange.move(made, here, down=True),
    "delete": lambda made, here: arrange.delete(made, here),
    "heading": lambda made, here: arrange.delete(made, here, with_content=False),
    "duplicate": lambda made, here: arrange.duplicate(made, here, uids()),
    "options": lambda made, here: choices.choose_options(made, here),
    "variant": lambda made, here: first(choices.choose_variant, made),
    "subtitle": lambda made, here: first(choices.close_subtitle, made),
    "explode": lambda made, here: first(choices.explode, made),
}


@pytest.mark.long
@pytest.mark.parametrize("name", TOOLS)
@given(made=documents(max_lines=8), data=st.data())
def test_a_tool_is_one_step_that_undo_takes_back(
    name: str, made: Document, data: st.DataObject
) -> None:
    here = [one.uid for one in made.lines]
    assume(here)
    chosen = data.draw(st.lists(st.sampled_from(here), min_size=1, unique=True))
    before = snapshot(made)
    try:
        plan = TOOLS[name](made, chosen)
    except Invalid:  # an amount beyond its bounds
        assert name == "force"
        plan = Plan()
    assert snapshot(made) == before, "a tool only plans"
    apply(made, plan.changes)
    assert recompute(made) == [], "amounts come with the same step"
    positions = [one.position for one in made.lines]
    assert positions == sorted(set(positions))
    parents = {one.uid: index for index, one in enumerate(made.lines)}
    assert all(parents[one.parent_uid] < parents[one.uid] for one in made.lines if one.parent_uid)
    apply(made, inverse(plan.changes))
    assert snapshot(made) == before
