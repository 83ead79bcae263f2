"""Totals, footer and VAT of a document: worked examples, then laws."""

from __future__ import annotations

from dataclasses import replace

import pytest
from document_strategies import document, documents, heading, line
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Adjustment, Document
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import (
    Totals,
    VatLine,
    counting,
    footer_shares,
    net_amounts,
    printed_nets,
    settle,
    spread_hidden,
    totals,
)


def test_the_quote_on_the_drawing() -> None:
    """Row 21 of screens/quote-lines-grid: brut 12 900, remise 559,50, TVA 2 468,10."""
    made = document(
        heading("p"),
        line("a", "1", "5300"),
        heading("e"),
        line("b", "1", "7600"),
        line("o", "1", "980", tag="option"),
        line("v", "1", "1240", tag="variant"),
        adjustments=(Adjustment("r", amount=559_50),),
    )
    found = totals(made)
    assert (found.brut, found.discount, found.net) == (12_900_00, -559_50, 12_340_50)
    assert (found.vat_total, found.gross) == (2_468_10, 14_808_60)
    assert found.options == 980_00


def test_vat_is_rounded_once_per_rate_or_once_per_line() -> None:
    """Two lines of 1,24 at 10 %: 0,25 per rate, 0,24 per line (practice.md §3.1)."""
    lines = (line("a", "1", "1.24", vat_rate=100_000), line("b", "1", "1.24", vat_rate=100_000))
    assert totals(document(*lines)).vat_total == 25
    assert totals(document(*lines)).gross == 2_73
    per_line = totals(document(*lines, vat_rounding="line"))
    assert (per_line.vat_total, per_line.gross) == (24, 2_72)


def test_gross_mode_takes_the_vat_out() -> None:
    found = totals(document(line("a", "1", "119.90"), price_mode="gross"))
    assert (found.net, found.vat_total, found.gross) == (99_92, 19_98, 119_90)


def test_gross_lines_add_up_to_the_base() -> None:
    """Three times 10,00 TTC at 20 % is 25,00 HT and not 3 × 8,33."""
    made = document(*(line(name, "1", "10") for name in "abc"), price_mode="gross")
    assert totals(made).lines_net == 25_00
    assert [one.net_amount for one in made.lines] == [8_34, 8_33, 8_33]


def test_a_percent_is_spread_over_the_vat_bases() -> None:
    made = document(
        line("a", "1", "100", vat_rate=200_000),
        line("b", "1", "50", vat_rate=100_000),
        adjustments=(Adjustment("r", percent=33_333),),
    )
    # 3,3333 % of 150,00 = 5,00: 3,33 and 1,67
    assert totals(made).vat == (
        VatLine("S", 200_000, 96_67, 19_33),
        VatLine("S", 100_000, 48_33, 4_83),
    )


def test_a_discount_with_a_vat_key_takes_its_percent_of_that_base() -> None:
    made = document(
        line("a", "1", "100", vat_rate=200_000),
        line("b", "1", "50", vat_rate=100_000),
        adjustments=(Adjustment("r", percent=100_000, vat_category="S", vat_rate=100_000),),
    )
    assert totals(made).discount == -5_00
    assert [row.base for row in totals(made).vat] == [100_00, 45_00]


def test_charges_are_never_discounted_and_go_to_their_base() -> None:
    made = document(
        line("a", "1", "100", vat_rate=100_000),
        adjustments=(
            Adjustment("r", percent=100_000),
            Adjustment("s", "shipping", amount=10_00, vat_rate=200_000),
            Adjustment("f", "billing_fee", amount=5_00),
        ),
    )
    found = totals(made)
    assert found.vat == (VatLine("S", 200_000, 10_00, 2_00), VatLine("S", 100_000, 95_00, 9_50))
    assert (found.discount, found.charges, found.adjustments) == (-10_00, 15_00, 5_00)


def test_a_rate_alone_means_the_base_that_has_it() -> None:
    """A charge "at 0 %" on an export goes to the export base, not to a base of its own."""
    made = document(
        line("a", "1", "100", vat_category="G", vat_rate=0),
        adjustments=(Adjustment("s", "shipping", amount=10_00, vat_rate=0),),
    )
    assert totals(made).vat == (VatLine("G", 0, 110_00, 0),)


def test_eco_contribution_is_outside_every_discount_base() -> None:
    made = document(
        line("a", "2", "100", discounts=(100_000,), eco_contribution=10_00),
        adjustments=(Adjustment("r", percent=100_000),),
    )
    found = totals(made)
    # 180 + 20 eco; 10 % of 180; VAT also on the eco-contribution
    assert (found.brut, found.eco, found.discount) == (200_00, 20_00, -18_00)
    assert found.vat == (VatLine("S", 200_000, 182_00, 36_40),)


def test_hidden_charges_go_into_the_prices() -> None:
    made = document(
        line("a", "1", "200"),
        line("b", "1", "100"),
        line("o", "1", "50", tag="option"),
        adjustments=(Adjustment("h", "charge", amount=10_00, hidden=1),),
    )
    found = totals(made)
    assert (found.brut, found.hidden, found.charges, found.net) == (300_00, 10_00, 0, 310_00)
    assert spread_hidden(made) == {"a": 206_67, "b": 103_33, "o": 50_00}


def test_a_hidden_charge_with_a_key_stays_in_that_base() -> None:
    made = document(
        line("a", "1", "200", vat_rate=200_000),
        line("b", "1", "100", vat_rate=100_000),
        adjustments=(Adjustment("h", "charge", amount=10_00, vat_rate=100_000, hidden=1),),
    )
    assert spread_hidden(made) == {"a": 200_00, "b": 110_00}


def test_a_hidden_charge_without_lines_counts_for_nothing() -> None:
    made = document(adjustments=(Adjustment("h", "charge", amount=10_00, hidden=1),))
    assert totals(made) == Totals()


def test_an_empty_document_is_all_zeros() -> None:
    assert totals(document()) == Totals()
    assert net_amounts(document()) == {}


def test_an_empty_document_with_a_charge_uses_the_default_rate() -> None:
    made = document(adjustments=(Adjustment("s", "shipping", amount=10_00),), vat_rate=55_000)
    assert totals(made).vat == (VatLine("S", 55_000, 10_00, 55),)


def test_only_options_total_nothing() -> None:
    found = totals(
        document(line("o", "1", "10", tag="option"), line("i", "1", "10", tag="informative"))
    )
    assert found == Totals(options=10_00)


def test_bases_that_are_all_zero_still_take_a_discount() -> None:
    made = document(
        line("a", "1", "0", vat_rate=100_000),
        line("b", "1", "0", vat_rate=200_000),
        adjustments=(Adjustment("r", amount=12_00),),
    )
    assert totals(made).vat == (
        VatLine("S", 200_000, -12_00, -2_40),
        VatLine("S", 100_000, 0, 0),
    )


@pytest.mark.parametrize("category", ["AE", "E", "Z", "G", "K", "O"])
def test_categories_without_rate_bear_no_vat(category: str) -> None:
    found = totals(document(line("a", "1", "100", vat_category=category, vat_rate=200_000)))
    assert found.vat == (VatLine(category, 0, 100_00, 0),)


def test_rates_are_data() -> None:
    """Any rate works: 8,5 % of Réunion, 27 % of Hungary."""
    made = document(line("a", "1", "10", vat_rate=85_000), line("b", "1", "10", vat_rate=270_000))
    assert [row.amount for row in totals(made).vat] == [2_70, 85]


def test_cost_and_margin() -> None:
    made = document(
        line("a", "10", "10", cost_price=70_000),
        line("o", "10", "10", cost_price=70_000, tag="option"),
        line("b", "1", "12", eco_contribution=3_00, purchase_price=50_000),
    )
    found = totals(made)
    # the eco-contribution is paid on: it costs what it brings
    assert (found.net, found.cost, found.margin) == (115_00, 78_00, 37_00)


def test_forced_amounts_are_kept() -> None:
    forced = line("a", "3", "10", basis="forced")
    forced.amount = 29_99
    assert totals(document(forced)).net == 29_99


def test_settle_gives_the_cents_where_rounding_erred_most() -> None:
    assert settle([25, 25, 25, 25], 10, 10) == [3, 3, 2, 2]
    assert settle([-25, -25, -25, -25], 10, -10) == [-3, -3, -2, -2]
    assert settle([], 10, 0) == []


# -- laws -------------------------------------------------------------------------------------


@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(made: Document, random: object) -> None:
    shuffled = replace(made, lines=list(made.lines))
    random.shuffle(shuffled.lines)  # type: ignore[attr-defined]
    assert totals(shuffled) == totals(made)


@given(documents())
def test_the_table_adds_up(made: Document) -> None:
    found = totals(made)
    assert sum(row.base for row in found.vat) == found.net
    assert sum(row.amount for row in found.vat) == found.vat_total
    assert found.lines_net + found.adjustments == found.net
    assert found.net + found.vat_total == found.gross
    assert found.net - found.margin == found.cost
    parts = found.brut + found.discount + found.charges + found.hidden
    assert parts == (found.gross if made.gross_mode else found.net)


@given(documents())
def test_net_amounts_add_up_to_the_lines(made: Document) -> None:
    nets = net_amounts(made)
    assert sum(nets[one.uid] for one in counting(made)) == totals(made).lines_net
    assert {one.uid: one.net_amount for one in made.lines if one.is_priced} == nets


@given(documents())
def test_what_is_printed_adds_up_to_the_table(made: Document) -> None:
    found = totals(made)
    bases = {(row.category, row.rate): 0 for row in found.vat}
    nets = printed_nets(made)
    for one in counting(made):
        bases[one.vat_category, one.vat_rate] += nets[one.uid]
    for share in footer_shares(made):
        bases[share.key] += share.net
    assert bases == {(row.category, row.rate): row.base for row in found.vat}


@given(documents())
def test_hidden_charges_keep_the_net(made: Document) -> None:
    printed = spread_hidden(made)
    counted = sum(printed[one.uid] for one in counting(made))
    assert counted == totals(made).brut + totals(made).hidden
    shown = replace(
        made,
        lines=[replace(one, amount=printed.get(one.uid, one.amount)) for one in made.lines],
        adjustments=[],
    )
    visible = sum(share.amount for share in footer_shares(made))
    total = totals(made).gross if made.gross_mode else totals(made).net
    assert totals(shown).brut + visible == total


@given(documents())
def test_a_negated_document_mirrors_to_the_cent(made: Document) -> None:
    """A credit note is the mirror of its invoice, line by line and base by base."""
    lines = [replace(one, quantity=-one.quantity) for one in made.lines]
    back = replace(made, lines=lines, adjustments=[_negated(one) for one in made.adjustments])
    apply(back, recompute(back))
    found, mirror = totals(made), totals(back)
    assert mirror.net == -found.net
    assert mirror.gross == -found.gross
    assert mirror.vat == tuple(replace(r, base=-r.base, amount=-r.amount) for r in found.vat)
    assert net_amounts(back) == {uid: -cents for uid, cents in net_amounts(made).items()}
    assert spread_hidden(back) == {uid: -cents for uid, cents in spread_hidden(made).items()}


def _negated(one: Adjustment) -> Adjustment:
    return one if one.percent is not None else replace(one, amount=-one.amount)


@given(documents())
def test_recomputing_twice_changes_nothing_more(made: Document) -> None:
    assert recompute(made) == []


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9), st.integers(1, 10**6))
def test_settled_parts_add_up_and_mirror(numerators: list[int], denominator: int) -> None:
    total = sum(numerators) // denominator
    parts = settle(numerators, denominator, total)
    assert sum(parts) == total
    assert settle([-n for n in numerators], denominator, -total) == [-part for part in parts]
