"""A planning as rows and columns; what is typed on row 22."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.maintenance import planning_entry, planning_grid
from codial_tui.domain.maintenance.planning_grid import Item
from codial_tui.domain.problems import Invalid

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=one) for one in range(7)]
BEGIN = datetime.fromisoformat("2026-11-23")


def at(hours: float) -> datetime:
    return BEGIN + timedelta(minutes=int(hours * 60))


def item(key: int, starts: float, ends: float, owner: int = 1, title: str = "X") -> Item:
    return Item(key, owner, "work", at(starts), at(ends), title)


items = st.lists(
    st.builds(
        lambda key, owner, start, length: item(key, start / 4, (start + length) / 4, owner),
        st.integers(1, 1000),
        st.integers(1, 3),
        st.integers(0, 7 * 96 - 1),
        st.integers(1, 200),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(items)
def test_a_week_shows_each_thing_on_each_of_its_days_once(found: list[Item]) -> None:
    lines = planning_grid.lines(found, [1, 2, 3], DAYS)
    shown = [
        (line.resource_id, cell.id, day)
        for line in lines
        for cell, day in zip(line.items, DAYS, strict=True)
        if cell is not None
    ]
    wanted = [
        (one.resource_id, one.id, day)
        for one in found
        for day in DAYS
        if planning_grid.touches(one, day)
    ]
    assert sorted(shown) == sorted(wanted)
    assert [line.resource_id for line in lines if line.first] == [1, 2, 3]


@given(items)
def test_a_day_shows_each_thing_in_each_half_hour_that_it_takes(found: list[Item]) -> None:
    slots = planning_grid.slots(found, [1, 2, 3], MONDAY, 8 * 60, 18 * 60)
    assert slots[0].minute <= 8 * 60 and slots[-1].minute >= 17 * 60 + 30
    for slot in slots:
        begin = BEGIN + timedelta(minutes=slot.minute)
        end = begin + timedelta(minutes=planning_grid.STEP)
        for owner, cell in zip([1, 2, 3], slot.items, strict=True):
            wanted = {
                one.id
                for one in found
                if one.resource_id == owner and one.starts < end and one.ends > begin
            }
            assert {one.id for one in cell} == wanted


@given(items, st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_what_is_moved_keeps_its_length(found: list[Item], minutes: int, longer: int) -> None:
    for one in found:
        moved = planning_grid.shifted(one, minutes=minutes)
        assert moved.ends - moved.starts == one.ends - one.starts
        stretched = planning_grid.shifted(one, longer=longer)
        assert stretched.starts == one.starts
        assert stretched.ends - stretched.starts >= timedelta(minutes=15)


@pytest.mark.parametrize(
    ("starts", "ends", "day", "text"),
    [
        (8, 10, 0, "8h X"),
        (8.5, 10, 0, "8h30 X"),
        (22, 26, 0, "22h X"),
        (22, 26, 1, "→2h X"),
        (0, 24, 0, "X"),
        (0, 72, 1, "X"),
    ],
)
def test_what_a_cell_says(starts: float, ends: float, day: int, text: str) -> None:
    one = item(1, starts, ends)
    assert planning_grid.week_text(one, DAYS[day]) == text
    clashing = planning_grid.week_text(one._replace(clash=True), DAYS[day])
    assert clashing.replace("!", " ").strip() == text and "!" in clashing


def test_sunday_is_shown_when_it_has_something() -> None:
    assert len(planning_grid.week(MONDAY, [item(1, 8, 10)])) == 6
    assert len(planning_grid.week(MONDAY, [item(1, 8 + 144, 10 + 144)])) == 7
    assert planning_grid.week(date(2026, 11, 29))[0] == MONDAY


def test_a_whole_day_needs_no_rows_of_the_night() -> None:
    slots = planning_grid.slots([item(1, 0, 24)], [1], MONDAY, 480, 1080)
    assert (slots[0].minute, slots[-1].minute) == (480, 1050)
    assert planning_grid.begins(item(1, 0, 24), MONDAY, 480, 480)
    early = planning_grid.slots([item(1, 5.25, 7)], [1], MONDAY, 480, 1080)
    assert early[0].minute == 300


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "kind", "starts", "ends", "label"),
    [
        ("0830 1000 Réunion", "appointment", "2026-11-24T08:30", "2026-11-24T10:00", "Réunion"),
        ("25/11 8h 10h Garage", "appointment", "2026-11-25T08:00", "2026-11-25T10:00", "Garage"),
        ("2200 0130 Astreinte", "appointment", "2026-11-24T22:00", "2026-11-25T01:30", "Astreinte"),
        ("abs", "absence", "2026-11-24T00:00", "2026-11-25T00:00", ""),
        ("congé", "absence", "2026-11-24T00:00", "2026-11-25T00:00", "Congé"),
        ("abs 24/11 28/11 ski", "absence", "2026-11-24T00:00", "2026-11-29T00:00", "ski"),
        ("abs 14h 18h dentiste", "absence", "2026-11-24T14:00", "2026-11-24T18:00", "dentiste"),
    ],
)
def test_what_is_typed(text: str, kind: str, starts: str, ends: str, label: str) -> None:
    found = planning_entry.parse(text, date(2026, 11, 24), TODAY)
    assert found == (kind, datetime.fromisoformat(starts), datetime.fromisoformat(ends), label)


@pytest.mark.parametrize("text", ["Réunion", "0830", "0830 Réunion", "2560 1000 x", "32/13 8h 9h"])
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(Invalid):
        planning_entry.parse(text, date(2026, 11, 24), TODAY)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = planning_entry.parse(text, date(2026, 11, 24), TODAY)
    except Invalid:
        return
    assert found.kind in ("appointment", "absence")
