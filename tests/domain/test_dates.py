"""Dates as they are typed at a French counter (ux.md §3, rule 9)."""

from __future__ import annotations

from datetime import date

import pytest

from codial_tui.domain.dates import format_date, parse_date, parse_month
from codial_tui.domain.problems import Invalid

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9", date(2026, 11, 9)),
        ("09", date(2026, 11, 9)),
        ("30", date(2026, 11, 30)),
        ("0911", date(2026, 11, 9)),
        ("2812", date(2026, 12, 28)),
        ("0101", date(2026, 1, 1)),
        ("091126", date(2026, 11, 9)),
        ("09112026", date(2026, 11, 9)),
        ("+30", date(2026, 12, 22)),
        ("+3j", date(2026, 11, 25)),
        ("+3J", date(2026, 11, 25)),
        ("+0", TODAY),
        ("09/11/26", date(2026, 11, 9)),
        ("9/11", date(2026, 11, 9)),
        ("9/1/2027", date(2027, 1, 9)),
        ("9.11.26", date(2026, 11, 9)),
        ("09-11-26", date(2026, 11, 9)),
        (" 290228 ", date(2028, 2, 29)),
    ],
)
def test_forms(typed: str, expected: date) -> None:
    assert parse_date(typed, TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date.unreadable"),
        ("demain", "date.unreadable"),
        ("911", "date.unreadable"),
        ("91126", "date.unreadable"),
        ("9/11/6", "date.unreadable"),
        ("2026-11-09", "date.unreadable"),
        ("+", "date.unreadable"),
        ("+3s", "date.unreadable"),
        ("٣", "date.unreadable"),
        ("+9999999", "date.unreadable"),
        ("0", "date.unknown"),
        ("31", "date.unknown"),
        ("3002", "date.unknown"),
        ("290226", "date.unknown"),
        ("9/13", "date.unknown"),
        ("01010000", "date.unknown"),
        ("31121999", "date.out_of_range"),
        ("01012100", "date.out_of_range"),
        ("+999999", "date.out_of_range"),
    ],
)
def test_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_date(typed, TODAY)
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize("today", [date(1, 1, 1), date(1999, 1, 1), date(9999, 12, 31)])
def test_a_clock_out_of_range_is_no_fault(today: date) -> None:
    for typed in ("+0", "+1", "9", "0911"):
        with pytest.raises(Invalid, match="date hors de 2000 à 2099"):
            parse_date(typed, today)


def test_messages_say_what_to_do() -> None:
    with pytest.raises(Invalid) as caught:
        parse_date("31", TODAY)
    assert (
        caught.value.problems[0].text
        == "« 31 » n'est pas au calendrier · jour, mois, année : 091126"
    )


def test_format() -> None:
    assert format_date(date(2026, 11, 9)) == "09/11/26"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("11/26", (2026, 11)),
        ("1/2027", (2027, 1)),
        ("13/26", None),
        ("0/26", None),
        ("11", None),
        ("11/1999", None),
        ("", None),
    ],
)
def test_month(typed: str, expected: tuple[int, int] | None) -> None:
    assert parse_month(typed) == expected
