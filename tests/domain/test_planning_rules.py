"""What clashes on a planning, and what is said of a span of time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.maintenance import planning_rules
from codial_tui.domain.maintenance.planning_rules import Hours, Slot, clash, conflicts

MONDAY = datetime.fromisoformat("2026-11-23")


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def moment(number: int) -> str:
    return f"2026-11-23T{number:02d}:00:00Z"


slots = st.builds(
    lambda key, who, kind, begin, long: Slot(key, who, kind, moment(begin), moment(begin + long)),
    st.integers(1, 10_000),
    st.integers(1, 3),
    st.sampled_from(["work", "appointment", "absence"]),
    st.integers(0, 18),
    st.integers(1, 5),
)


@given(st.lists(slots, max_size=12, unique_by=lambda one: one.id))
def test_conflicts_are_those_of_each_pair(found: list[Slot]) -> None:
    told = conflicts(found)
    for one in found:
        wanted = {other.id for other in found if other.id != one.id and clash(one, other)}
        assert {other.id for other in told.get(one.id, [])} == wanted


def test_what_touches_does_not_clash() -> None:
    first = Slot(1, 1, "work", moment(8), moment(10))
    assert not clash(first, Slot(2, 1, "work", moment(10), moment(12)))
    assert clash(first, Slot(2, 1, "absence", moment(9), moment(12)))
    assert not clash(first, Slot(2, 2, "absence", moment(9), moment(12)))
    away = Slot(3, 1, "absence", moment(8), moment(12))
    assert not clash(away, away._replace(id=4))


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (at(9), at(9), "La fin n'est pas après le début"),
        (at(9), at(8), "La fin n'est pas après le début"),
        (at(9), at(9, 4), "Moins de 5 minutes"),
        (at(9), at(9, 0, 367), "Plus d'un an"),
        (at(9), at(9, 5), ""),
    ],
)
def test_spans(starts: datetime, ends: datetime, said: str) -> None:
    assert "".join(one.message for one in planning_rules.span_problems(starts, ends)) == said


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (at(8), at(18), ""),
        (at(7), at(9), "Hors des heures : 08:00 à 18:00"),
        (at(17), at(18, 15), "Hors des heures : 08:00 à 18:00"),
        (at(22), at(2, 0, 1), "Hors des heures : 08:00 à 18:00"),
        (at(9, 0, 5), at(10, 0, 5), "Le 28/11 n'est pas un jour ouvré"),
        (at(9, 0, 2), at(10, 0, 2), "Le 25/11 est férié : Fête"),
    ],
)
def test_what_to_know_of_a_span(starts: datetime, ends: datetime, said: str) -> None:
    free = {date(2026, 11, 25): "Fête"}
    told = planning_rules.warnings("work", starts, ends, Hours(), free)
    assert "".join(one.message for one in told) == said
    assert planning_rules.warnings("absence", starts, ends, Hours(), free) == []


def test_a_span_that_ends_at_midnight_is_of_one_day() -> None:
    assert planning_rules.days(at(20), at(0, 0, 1)) == [date(2026, 11, 23)]
    assert planning_rules.days(at(20), at(0, 1, 1)) == [date(2026, 11, 23), date(2026, 11, 24)]
