"""When an invoice falls due, and where money goes by VAT rate: sums that always add up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.payments.allocation import KeyLeft, shares
from codial_tui.domain.payments.instalments import Due, Part, Terms, decode, due_on, encode, split
from codial_tui.domain.payments.payment_entry import Typed, parse
from codial_tui.domain.problems import Problem

MODES = (("VIR", "Virement"), ("CB", "Carte bancaire"), ("CHQ", "Chèque"), ("ESP", "Espèces"))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part(), "2026-01-31"),
        (Part(days=30), "2026-03-02"),
        (Part(days=30, end_of_month=1), "2026-03-31"),
        (Part(days=45, end_of_month=1), "2026-03-31"),
        (Part(end_of_month=1), "2026-01-31"),
        (Part(end_of_month=1, day_of_month=10), "2026-02-10"),
        (Part(days=30, end_of_month=1, day_of_month=15), "2026-04-15"),
        (Part(day_of_month=31), "2026-01-31"),
        (Part(days=1, day_of_month=31), "2026-02-28"),
        (Part(days=1, day_of_month=30), "2026-02-28"),
        (Part(day_of_month=5), "2026-02-05"),
    ],
)
def test_days_then_end_of_month_then_day(part: Part, expected: str) -> None:
    assert due_on(date(2026, 1, 31), part).isoformat() == expected


def test_shares_and_what_they_leave() -> None:
    terms = Terms(parts=(Part(share=300_000), Part(share=333_333, days=30), Part(days=60)))
    assert split(10_001, date(2026, 1, 1), terms) == [
        Due(date(2026, 1, 1), 3_000),
        Due(date(2026, 1, 31), 3_334),
        Due(date(2026, 3, 2), 3_667),
    ]
    only = Terms(parts=(Part(share=500_000), Part(share=500_000, days=10)))
    assert [one.amount for one in split(3, date(2026, 1, 1), only)] == [2, 1]


PARTS = st.builds(
    Part,
    st.integers(0, 1_000_000),
    st.integers(0, 365),
    st.integers(0, 1),
    st.integers(0, 31),
)
TERMS = st.builds(
    Terms, st.just("30"), st.lists(PARTS, min_size=1, max_size=5).map(tuple), st.integers(0, 10**6)
)


@given(st.integers(-(10**12), 10**12), TERMS, st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_instalments_add_up_and_have_one_sign(amount: int, terms: Terms, day: date) -> None:
    found = split(amount, day, terms)
    assert sum(one.amount for one in found) == amount
    assert all(one.amount * amount > 0 for one in found)
    assert all(one.day >= day for one in found)
    assert decode(encode(terms)) == terms


KEYS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6)


@given(KEYS, st.data())
def test_shares_add_up_and_none_is_more_than_its_key_has(
    keys: list[int], data: st.DataObject
) -> None:
    """Whatever the signs of the keys, as long as the amount is not more than all have left."""
    left = sum(keys)
    amount = data.draw(st.integers(min(0, left), max(0, left)))
    several = [KeyLeft("S", number, one) for number, one in enumerate(keys)]
    found = shares(amount, several)
    if not left:
        return
    assert sum(one.amount for one in found) == amount
    for one in found:
        key = keys[one.rate]
        assert min(0, key) <= one.amount <= max(0, key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Typed()),
        ("1705,81 vi", Typed(170_581, "VIR")),
        ("1705.81", Typed(170_581)),
        ("es", Typed(None, "ESP")),
        ("100 c", Typed(10_000, "CB")),
        ("100 cheque 0311 n° 0412778", Typed(10_000, "CHQ", date(2026, 11, 3), "n° 0412778")),
        ("100 ch 0412778", Typed(10_000, "CHQ", None, "0412778")),
        ("-50 vi", Typed(-5_000, "VIR")),
        ("2881,20 vi esc", Typed(288_120, "VIR", None, "", True)),
        ("100€ VIR MARTIN 8841", Typed(10_000, "VIR", None, "MARTIN 8841")),
        ("100 MARTIN", Typed(10_000, "", None, "MARTIN")),
        ("100 vi +3j", Typed(10_000, "VIR", date(2026, 11, 25))),
    ],
)
def test_what_is_typed_in_reglements(text: str, expected: Typed) -> None:
    assert parse(text, MODES, TODAY) == expected


@pytest.mark.parametrize("text", ["1,234 vi", "1 234 vi", "1,2,3", "9" * 30, "--5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert isinstance(parse(text, MODES, TODAY), Problem)


@given(st.text(max_size=40))
def test_no_line_breaks_the_reading(text: str) -> None:
    parse(text, MODES, TODAY)
