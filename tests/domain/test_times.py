"""Times of visits: travel and work to the minute, over midnight and daylight saving."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain import clock
from codial_tui.domain.document import Visit
from codial_tui.domain.maintenance.times import Times, of_visit, problems, times

PARIS = ZoneInfo("Europe/Paris")


def visit(day: str, *clocks: str) -> Visit:
    """A visit of four times on the wall in Paris; `+` before one: the next day."""
    found: list[str] = []
    for one in clocks:
        at = datetime.fromisoformat(f"{day}T{one.removeprefix('+')}")
        at += timedelta(days=one.startswith("+"))
        found.append(clock.moment(at, PARIS, found[-1] if found else ""))
    return Visit("v", None, "", *found)


def test_there_work_and_back() -> None:
    assert of_visit(visit("2026-11-23", "08:00", "08:35", "11:05", "11:45")) == Times(75, 150)


def test_two_visits_over_midnight() -> None:
    first = visit("2026-11-22", "21:50", "22:10", "23:20", "23:35")
    second = visit("2026-11-22", "23:40", "+00:05", "+01:25", "+01:40")
    assert (of_visit(first), of_visit(second)) == (Times(35, 70), Times(40, 80))
    assert times([first, second]) == Times(75, 150)
    assert times([]) == Times(0, 0)


def test_daylight_saving_is_worked_or_not() -> None:
    spring = visit("2026-03-29", "01:30", "01:45", "03:15", "03:30")
    assert of_visit(spring) == Times(30, 30)  # from 02:00 on it is 03:00
    autumn = visit("2026-10-25", "01:30", "02:30", "02:15", "03:15")
    assert of_visit(autumn) == Times(120, 45)  # 02:15 comes again after 02:30


def test_what_is_not_known_counts_nothing() -> None:
    assert of_visit(Visit("v")) == Times(0, 0)
    at = visit("2026-11-23", "08:00", "08:35", "11:05", "11:45")
    at.arrival = None
    assert of_visit(at) == Times(40, 0)
    at.returned = None
    assert of_visit(at) == Times(0, 0)


@pytest.mark.parametrize(
    ("name", "moment", "code", "said"),
    [
        ("arrival", "06:00", "visit.order", "Arrivée avant le départ"),
        ("ended", "07:30", "visit.order", "Fin avant l'arrivée"),
        ("returned", "10:00", "visit.order", "Retour avant la fin"),
    ],
)
def test_the_order_names_the_field(name: str, moment: str, code: str, said: str) -> None:
    at = visit("2026-11-23", "08:00", "08:35", "11:05", "11:45")
    assert problems(at) == []
    setattr(at, name, f"2026-11-23T{moment}:00Z")
    (found,) = problems(at)
    assert (found.code, found.field, found.message) == (code, name, said)


def test_order_is_asked_past_what_is_missing() -> None:
    at = Visit("v", departure="2026-11-23T08:00:00Z", returned="2026-11-23T07:00:00Z")
    assert [one.field for one in problems(at)] == ["returned"]


def test_long_visits_warn_and_more_than_a_day_is_refused() -> None:
    at = Visit("v", departure="2026-11-22T08:00:00Z", returned="2026-11-23T00:00:00Z")
    assert problems(at) == []
    at.returned = "2026-11-23T00:01:00Z"
    assert [(one.level, one.message) for one in problems(at)] == [
        ("warning", "Une visite de 16 h 01")
    ]
    at.returned = "2026-11-23T08:00:00Z"
    assert [one.level for one in problems(at)] == ["warning"]
    at.returned = "2026-11-23T08:01:00Z"
    assert [one.code for one in problems(at)] == ["visit.too_long"]


FIRST = datetime.fromisoformat("2026-10-24T12:00")
MOMENTS = st.lists(st.integers(0, 24 * 60), min_size=4, max_size=4).map(sorted)


@given(st.datetimes(FIRST, FIRST + timedelta(days=366)), MOMENTS)
def test_travel_and_work_make_the_whole(start: datetime, offsets: list[int]) -> None:
    start = start.replace(second=0, microsecond=0)
    at = [f"{start + timedelta(minutes=one):%Y-%m-%dT%H:%M:%SZ}" for one in offsets]
    found = of_visit(Visit("v", None, "", *at))
    assert found.travel >= 0 and found.work >= 0
    assert sum(found) == offsets[3] - offsets[0]
    assert not [one for one in problems(Visit("v", None, "", *at)) if one.level == "error"]


@given(st.lists(MOMENTS, max_size=4))
def test_several_add_up(several: list[list[int]]) -> None:
    base = FIRST
    visits = [
        Visit("v", None, "", *(f"{base + timedelta(minutes=m):%Y-%m-%dT%H:%M:%SZ}" for m in one))
        for one in several
    ]
    found = times(visits)
    assert sum(found) == sum(one[3] - one[0] for one in several)
    assert found.work == sum(one[2] - one[1] for one in several)
