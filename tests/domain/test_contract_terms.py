"""Terms, periods, prices and end dates of contracts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from codial_tui.domain.maintenance.contracts import (
    Period,
    Terms,
    beyond_quota,
    counted_copies,
    end_sent,
    extra_amount,
    over,
    periods,
    price_of,
    renewals,
    revised,
    term_at,
    term_start,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


YEAR = Terms(day("2027-01-01"))


def test_terms_keep_the_day_of_the_month() -> None:
    monthly = Terms(day("2027-01-31"), 1)
    assert [str(term_start(monthly, one)) for one in range(4)] == [
        *("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30")
    ]
    leap = Terms(day("2028-02-29"))
    assert [str(term_start(leap, one)) for one in (1, 4)] == ["2029-02-28", "2032-02-29"]
    assert str(term_start(Terms(day("2027-01-01"), 90, "day"), 2)) == "2027-06-30"
    assert (term_at(YEAR, day("2027-12-31")), term_at(YEAR, day("2028-01-01"))) == (0, 1)


def test_what_renews_and_what_ends() -> None:
    until = day("2030-06-01")
    assert [str(one) for _, one in renewals(YEAR, 0, until)] == [
        *("2028-01-01", "2029-01-01", "2030-01-01")
    ]
    assert list(renewals(YEAR, 2, day("2029-12-31"))) == []
    assert list(renewals(YEAR._replace(renewal="none"), 0, until)) == []
    assert over(YEAR._replace(renewal="none")) == day("2028-01-01")
    agreed = YEAR._replace(final=day("2029-01-01"))
    assert [index for index, _ in renewals(agreed, 0, until)] == [1]
    assert over(agreed._replace(ended=day("2028-03-01"))) == day("2028-03-01")


def words(terms: Terms, every: int, until: str, since: str = "2000-01-01") -> list[str]:
    found = periods(terms, every, day(since), day(until))
    return [f"{one.term} {one.words} {one.part}/{one.whole}" for one in found]


def test_periods_begin_anew_with_each_term_and_the_last_bills_its_share() -> None:
    assert words(YEAR, 12, "2028-06-01") == [
        "0 du 01/01/27 au 31/12/27 365/365",
        "1 du 01/01/28 au 31/12/28 366/366",
    ]
    assert words(Terms(day("2027-01-01"), 18), 12, "2028-06-30") == [
        "0 du 01/01/27 au 31/12/27 365/365",
        "0 du 01/01/28 au 30/06/28 182/366",
    ]
    ninety = Terms(day("2027-01-01"), 90, "day", "none")
    assert words(ninety, 12, "2028-01-01") == ["0 du 01/01/27 au 31/03/27 90/90"]
    given_up = YEAR._replace(ended=day("2027-05-16"))
    assert words(given_up, 3, "2028-01-01") == [
        "0 du 01/01/27 au 31/03/27 90/90",
        "0 du 01/04/27 au 15/05/27 45/91",
    ]
    assert words(YEAR, 3, "2027-06-30", since="2027-04-02") == ["0 du 01/04/27 au 30/06/27 91/91"]


def test_the_31st_is_billed_once_a_period() -> None:
    """Shorter months do not move the day: domain.md §8 bills whole periods."""
    monthly = Terms(day("2026-01-31"), 1)
    assert words(monthly, 1, "2026-05-31") == [
        "0 du 31/01/26 au 27/02/26 28/28",
        "1 du 28/02/26 au 30/03/26 31/31",
        "2 du 31/03/26 au 29/04/26 30/30",
        "3 du 30/04/26 au 30/05/26 31/31",
        "4 du 31/05/26 au 29/06/26 30/30",
    ]
    quarterly = Terms(day("2026-08-31"), 6)
    assert words(quarterly, 3, "2027-06-01") == [
        "0 du 31/08/26 au 29/11/26 91/91",
        "0 du 30/11/26 au 27/02/27 90/90",
        "1 du 28/02/27 au 30/05/27 92/92",
        "1 du 31/05/27 au 30/08/27 92/92",
    ]
    leap = Terms(day("2024-02-29"))
    assert [one.part == one.whole for one in periods(leap, 12, leap.start, day("2029-01-01"))] == [
        *(True,) * 5
    ]


@given(
    some.dates(day("2024-01-01"), day("2028-12-31")),
    some.integers(1, 36),
    some.sampled_from([1, 2, 3, 6, 12]),
)
def test_periods_follow_one_another(start: date, duration: int, every: int) -> None:
    terms = Terms(start, duration)
    found = list(periods(terms, every, start, day("2032-01-01")))
    assert found[0].first == start
    assert all(one.until == other.first for one, other in pairwise(found))
    if duration % every == 0:
        assert all(one.part == one.whole for one in found)


def test_one_that_is_no_longer_renewed_ends_with_its_last_term() -> None:
    assert over(YEAR._replace(renewal="none", renewed=3)) == day("2031-01-01")


def test_prices_round_half_a_cent_away_from_zero() -> None:
    cut = Period(day("2027-04-01"), day("2027-05-16"), 0, 45, 91)
    assert price_of(30_000, cut) == 14_835
    assert revised(10_050, "coefficient", 1_025_000, 0, 0) == 10_301  # 10 301,25
    assert revised(100, "coefficient", 1_005_000, 0, 0) == 101  # 100,5
    assert revised(-100, "coefficient", 1_005_000, 0, 0) == -101
    assert revised(48_000, "index", 0, 128_400_000, 131_900_000) == 49_308  # 49 308,41
    assert revised(48_000, "index", 0, 0, 131_900_000) == 48_000
    assert revised(48_000, "none", 2_000_000, 1, 2) == 48_000


@pytest.mark.parametrize(
    ("terms", "renewed", "setting", "expected"),
    [
        (YEAR, 0, "renewal", "2027-12-31"),
        (YEAR, 1, "renewal", "2028-12-31"),
        (YEAR._replace(renewal="open"), 0, "renewal", "2028-01-01"),
        (YEAR._replace(final=day("2030-01-01")), 0, "renewal", "2027-12-31"),
        (YEAR._replace(final=day("2030-01-01")), 0, "term", "2029-12-31"),
        (YEAR._replace(renewal="none"), 0, "term", "2027-12-31"),
        (YEAR._replace(ended=day("2027-05-16")), 0, "term", "2027-05-15"),
    ],
)
def test_the_end_that_is_sent(terms: Terms, renewed: int, setting: str, expected: str) -> None:
    assert end_sent(terms, renewed, setting) == day(expected)


def test_what_is_used_beyond_the_quota() -> None:
    readings = [
        (day("2027-01-05"), 10_000_000),
        (day("2027-02-05"), 15_000_000),
        (day("2027-03-05"), 2_000_000),
    ]
    assert [counted_copies(readings, one) for one in map(day, ("2027-01-31", "2027-02-28"))] == [
        *(0, 5_000_000)
    ]
    assert counted_copies(readings, day("2027-03-05")) == 7_000_000  # a new counter, from zero
    assert beyond_quota(7_000_000, 5_000_000, 500_000) == 1_500_000
    assert beyond_quota(4_000_000, 5_000_000, 500_000) == 0
    assert extra_amount(1_500_000, 125) == 188  # 150 at 0,0125 €: 1,875 €


@pytest.mark.long
@given(
    some.dates(date(2020, 1, 1), date(2080, 12, 31)),
    some.integers(1, 48),
    some.sampled_from(("month", "day")),
    some.integers(1, 24),
    some.none() | some.integers(1, 2_000),
)
def test_periods_cover_every_day_once(
    start: date, duration: int, unit: str, every: int, ended: int | None
) -> None:
    given_up = None if ended is None else date.fromordinal(start.toordinal() + ended)
    terms = Terms(start, duration, unit, "tacit", None, given_up)
    last = date.fromordinal(start.toordinal() + 1_000)
    found = list(periods(terms, every, start, last))
    assert found[0].first == start
    for one, other in pairwise(found):
        assert one.until == other.first
        assert other.term - one.term in (0, 1)
    for one in found:
        assert 0 < one.part <= one.whole
        assert term_at(terms, one.first) == one.term
    assert found[-1].until == given_up or found[-1].until > last
