"""Integers for money and French numbers: what is written is read back, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain import quantity
from codial_tui.domain.money import BOUND, SCALE6, div_round, in_bounds, percent_of, spread
from codial_tui.domain.problems import Invalid
from codial_tui.domain.text import clean, display, fold

stored = st.integers(-BOUND, BOUND)

KINDS: dict[str, tuple[Callable[[int], str], Callable[[str], int]]] = {
    "cents": (quantity.format_cents, quantity.parse_cents),
    "price": (quantity.format_price, quantity.parse_price),
    "price, four decimals": (lambda v: quantity.format_price(v, 4), quantity.parse_price),
    "quantity": (quantity.format_quantity, quantity.parse_quantity),
    "quantity, bare": (lambda v: quantity.format_quantity(v, 0), quantity.parse_quantity),
    "percent": (quantity.format_percent, quantity.parse_percent),
    "coefficient": (quantity.format_coefficient, quantity.parse_coefficient),
    "cents, exchanged": (
        lambda v: quantity.decimal_text(v, 100, minimum=2),
        lambda text: quantity.parse_plain(text, 100, 2),
    ),
    "price, exchanged": (
        lambda v: quantity.decimal_text(v, 10_000, minimum=2),
        lambda text: quantity.parse_plain(text, 10_000, 4),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@given(value=stored)
def test_what_is_formatted_is_parsed_back(kind: str, value: int) -> None:
    write, read = KINDS[kind]
    assert read(write(value)) == value


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f"])
@given(value=stored)
def test_pasted_blanks_between_thousands_are_read(blank: str, value: int) -> None:
    text = quantity.format_cents(value).replace(" ", blank)
    assert quantity.parse_cents(text) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    """Never another exception, never a number beyond the schema."""
    for read in (quantity.parse_cents, quantity.parse_percent, quantity.parse_quantity):
        try:
            assert in_bounds(read(text))
        except Invalid as refused:
            assert refused.problems[0].message


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234,5", 1_234_50),
        ("1 234,50", 1_234_50),
        ("1234.5", 1_234_50),
        ("-0,01", -1),
        ("+3", 3_00),
        (",5", 50),
        ("5,", 5_00),
        (" 12 ", 12_00),
        ("1 234 567,00", 1_234_567_00),
        ("0,500", 50),
    ],
)
def test_how_people_write_amounts(text: str, cents: int) -> None:
    assert quantity.parse_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2,849,83", "number.unreadable"),
        ("1.234,50", "number.unreadable"),
        ("12 34", "number.unreadable"),
        ("", "number.unreadable"),
        (",", "number.unreadable"),
        ("-", "number.unreadable"),
        ("--1", "number.unreadable"),
        ("1e5", "number.unreadable"),
        ("²", "number.unreadable"),
        ("NaN", "number.unreadable"),
        ("0,001", "number.decimals"),
        ("9" * 17, "number.too_big"),
        ("9" * 5000, "number.too_big"),
        ("\x1b[31m1", "number.unreadable"),
    ],
)
def test_what_is_no_amount_is_refused_never_misread(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        quantity.parse_cents(text)
    assert caught.value.problems[0].code == code


# -- the one rounding ------------------------------------------------------------------------


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20), st.booleans())
def test_rounding_is_half_away_from_zero(top: int, bottom: int, flip: bool) -> None:
    exact = Fraction(top, bottom)
    rounded = div_round(-top, -bottom) if flip else div_round(top, bottom)
    assert abs(exact - rounded) <= Fraction(1, 2)
    if abs(exact - rounded) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
    assert div_round(-top, bottom) == -rounded


@given(stored, st.integers(0, SCALE6))
def test_a_percent_is_never_more_than_the_whole(amount: int, ratio: int) -> None:
    assert abs(percent_of(amount, ratio)) <= abs(amount)
    assert percent_of(-amount, ratio) == -percent_of(amount, ratio)


@given(stored, st.lists(st.integers(-(10**12), 10**12), max_size=12))
def test_spread_parts_add_up_and_mirror(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert len(parts) == len(weights)
    assert sum(parts) == (total if weights else 0)
    assert spread(-total, weights) == [-part for part in parts]
    if sum(weights):
        assert all(part == 0 for part, weight in zip(parts, weights) if not weight)


@given(stored, st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_spread_parts_are_within_a_cent_of_their_share(total: int, weights: list[int]) -> None:
    base = sum(weights)
    if base:
        for part, weight in zip(spread(total, weights), weights):
            assert abs(Fraction(total * weight, base) - part) < 1


# -- text from outside -------------------------------------------------------------------------

hostile = st.text(
    st.sampled_from("a\x1b]52;c\x07[31m\x9b\u202e\u200d\ufe0f\r\n\t\x00é\ud800 "), max_size=40
)


@given(st.one_of(st.text(max_size=40), hostile))
def test_cleaned_text_is_stable_and_free_of_controls(text: str) -> None:
    for multiline in (False, True):
        once = clean(text, multiline=multiline)
        assert clean(once, multiline=multiline) == once
        assert not any((ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160 for char in once)
        once.encode("utf-8")
    assert "\n" not in clean(text)


@given(st.one_of(st.text(max_size=40), hostile))
def test_displayed_text_cannot_steer_a_terminal(text: str) -> None:
    shown = display(text)
    assert display(shown) == shown
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    assert not set(shown) & set("\u200d\ufe0f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
