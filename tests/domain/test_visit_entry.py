"""A visit as people type it: times, midnight, daylight saving, what is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain import clock
from codial_tui.domain.document import Visit
from codial_tui.domain.maintenance import time_units, visit_entry
from codial_tui.domain.maintenance.times import MOMENTS, Times, of_visit
from codial_tui.domain.maintenance.visit_entry import Typed, parse, place
from codial_tui.domain.problems import Invalid

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 23)
FOUR = (time(8), time(8, 35), time(11, 5), time(11, 45))
SIXTEEN = (time(16), time(16, 10), time(17), time(17, 10))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("0800 0835 1105 1145", Typed(clocks=FOUR)),
        ("8:00 8h35 11H05 11:45", Typed(clocks=FOUR)),
        ("8h 835 1105 1145 125", Typed(clocks=FOUR, distance=125_0000)),
        ("0800 0835 1105 1145 12,5 b", Typed(clocks=FOUR, distance=12_5000, zone="B")),
        ("0800 0835 1105 1145 12 km", Typed(clocks=FOUR, distance=12_0000)),
        ("0800 0835 1105 1145 A", Typed(clocks=FOUR, zone="A")),
        ("2211 0800 0835 1105 1145", Typed(day=date(2026, 11, 22), clocks=FOUR)),
        ("2911 0800", Typed(day=date(2026, 11, 29), clocks=(time(8),))),
        ("22 0800 - 1105", Typed(day=date(2026, 11, 22), clocks=(time(8), None, time(11, 5)))),
        ("221126 0800", Typed(day=date(2026, 11, 22), clocks=(time(8),))),
        ("22/11 0800", Typed(day=date(2026, 11, 22), clocks=(time(8),))),
        ("+1 0800", Typed(day=date(2026, 11, 24), clocks=(time(8),))),
        ("Léa Petit 0800 0835", Typed("Léa Petit", clocks=FOUR[:2])),
        ("lp 22/11/26 0800", Typed("lp", date(2026, 11, 22), (time(8),))),
        ("1600 1610 1700 1710 9999 B", Typed(clocks=SIXTEEN, distance=9999_0000, zone="B")),
        ("1600 1610 1700 1710 1200", Typed(clocks=SIXTEEN, distance=1200_0000)),
        ("0112 1600 1610 1700 1710", Typed(day=date(2026, 12, 1), clocks=SIXTEEN)),
        ('"Intérim 2" 0800 0835', Typed("Intérim 2", clocks=FOUR[:2])),
        ("0800 0835 1105 1145 1200km", Typed(clocks=FOUR, distance=1200_0000)),
    ],
)
def test_what_is_typed(text: str, typed: Typed) -> None:
    assert parse(text, TODAY) == typed


@pytest.mark.parametrize(
    ("code", "is_typed"),
    [("A", True), ("NORD-2", True), ("25,005", False), ("1", False), ("A B", False)],
)
def test_the_code_of_a_zone_can_be_typed(code: str, is_typed: bool) -> None:
    assert (visit_entry.zone_problems(code) == []) is is_typed
    if is_typed:
        assert parse(f"0800 0835 1105 1145 {code}", TODAY).zone == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ni heure ni date"),
        ("Léa 2570", "n'est pas au calendrier"),
        ("0800 0875", "00:00 à 23:59"),
        ("0800 0835 1105 1145 12 A quoi", "« A » en trop"),
        ("0800 §", "« § » en trop"),
        ("3002 0800", "n'est pas au calendrier"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parse(text, TODAY)


@given(st.text(max_size=60))
def test_nothing_else_is_raised(text: str) -> None:
    try:
        typed = parse(text, TODAY)
        place(typed.day or TODAY, typed.clocks, PARIS)
    except Invalid as error:
        assert error.problems[0].message


def lasting(day: str, text: str) -> Times:
    return of_visit(Visit("v", **place(date.fromisoformat(day), parse(text, TODAY).clocks, PARIS)))


def test_midnight_comes_by_itself() -> None:
    assert lasting("2026-11-22", "2150 2210 2320 2335") == Times(35, 70)
    assert lasting("2026-11-22", "2340 0005 0125 0140") == Times(40, 80)
    found = place(date(2026, 11, 22), parse("2340 0005 0125 0140", TODAY).clocks, PARIS)
    assert found == {
        "departure": "2026-11-22T22:40:00Z",
        "arrival": "2026-11-22T23:05:00Z",
        "ended": "2026-11-23T00:25:00Z",
        "returned": "2026-11-23T00:40:00Z",
    }


@pytest.mark.parametrize("text", ["0835 0800 1105 1145", "0800 0835 0820 1145", "0800 0801 0800"])
def test_more_than_a_day_is_an_error(text: str) -> None:
    if text == "0800 0801 0800":  # exactly 24 hours
        assert lasting("2026-11-22", text) == Times(1, 23 * 60 + 59)
        return
    with pytest.raises(Invalid, match="Plus de 24 heures"):
        lasting("2026-11-22", text)


def test_an_hour_that_is_missing_or_comes_twice() -> None:
    with pytest.raises(Invalid, match="02:30 n'existe pas le 29/03/2026") as found:
        lasting("2026-03-29", "0130 0230 0330 0400")
    assert found.value.problems[0].field == "arrival"
    assert lasting("2026-03-29", "0130 0145 0315 0330") == Times(30, 30)
    assert lasting("2026-10-25", "0130 0230 0215 0315") == Times(120, 45)
    assert lasting("2026-10-24", "2300 0230 0245 0305") == Times(210 + 80, 15)


def test_moments_with_a_day_or_a_zone() -> None:
    local, aware = datetime.fromisoformat("2026-11-23T00:05"), "2026-11-23T00:25:00+00:00"
    day = date(2026, 11, 22)
    found = place(day, (time(23, 40), local, datetime.fromisoformat(aware), time(1, 40)), PARIS)
    assert [*found.values()] == [
        *("2026-11-22T22:40:00Z", "2026-11-22T23:05:00Z"),
        *("2026-11-23T00:25:00Z", "2026-11-23T00:40:00Z"),
    ]
    with pytest.raises(Invalid, match="Arrivée avant le départ") as wrong:
        place(day, (time(23, 40), datetime.fromisoformat("2026-11-22T23:30")), PARIS)
    assert wrong.value.problems[0].field == "arrival"


@given(
    st.lists(st.integers(0, 23 * 60), min_size=4, max_size=4).map(sorted),
    st.integers(0, 366 * 24 * 60 - 1),
)
def test_it_is_written_as_it_is_read(offsets: list[int], start: int) -> None:
    """Whatever the day, but where a whole hour comes twice between two times."""
    first = datetime.fromisoformat("2026-01-01T00:00+00:00") + timedelta(minutes=start)
    moments = [clock.utc(first + timedelta(minutes=one)) for one in offsets]
    visit = Visit("v", None, "Léa Petit", *moments, distance=12_5000, zone="A")
    typed = parse(visit_entry.written(visit, PARIS), TODAY)
    assert (typed.technician, typed.distance, typed.zone) == ("Léa Petit", 12_5000, "A")
    assert typed.day is not None
    again = place(typed.day, typed.clocks, PARIS)
    walls = [clock.local(one, PARIS) for one in moments]
    assert [clock.local(str(again[name]), PARIS) for name in MOMENTS] == walls
    if clock.local(moments[0], PARIS).date() not in (date(2026, 10, 24), date(2026, 10, 25)):
        assert [again[name] for name in MOMENTS] == moments


def test_how_long_it_took_in_words_and_on_a_line() -> None:
    assert [time_units.words(75, unit) for unit, _ in time_units.UNITS] == [
        *("1:15", "75 min", "1,25 h"),
    ]
    assert time_units.words(0, "hours") == "0:00"
    assert time_units.words(1500, "hours") == "25:00"
    assert [time_units.rounded(61, step) for step in (0, 1, 15, 60)] == [61, 61, 75, 120]
    assert time_units.rounded(0, 15) == 0
    assert time_units.billed(150, "h", "hours") == (2_5000, "h")
    assert time_units.billed(140, "h", "hours") == (2_3333, "h")
    assert time_units.billed(140, "H", "hundredths") == (2_3300, "H")
    assert time_units.billed(140, "", "minutes") == (140_0000, "min")
    assert time_units.billed(140, "u", "hours") == (2_3333, "h")
    # priced by the hour, never billed as so many hours as there were minutes
    assert time_units.billed(150, "h", "minutes") == (2_5000, "h")
    assert time_units.billed(150, "min", "hours") == (150_0000, "min")
