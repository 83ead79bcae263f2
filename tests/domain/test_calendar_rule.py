"""Visits by calendar rule: what is typed, and the days it gives."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from codial_tui.domain.maintenance.calendar_rule import MONTHS, WEEKDAYS, days, parse
from codial_tui.domain.problems import Invalid


def shown(text: str, start: str, until: str) -> list[str]:
    return [
        f"{one:%d/%m/%y}"
        for one in days(parse(text), date.fromisoformat(start), date.fromisoformat(until))
    ]


@pytest.mark.parametrize(
    ("text", "start", "until", "expected"),
    [
        ("4 par an", "2027-01-15", "2028-01-15", "15/01/27 15/04/27 15/07/27 15/10/27"),
        ("4 visites par an", "2027-11-30", "2028-11-30", "30/11/27 29/02/28 30/05/28 30/08/28"),
        ("1 par an", "2028-02-29", "2031-01-01", "29/02/28 28/02/29 28/02/30"),
        ("5 par an", "2027-01-01", "2028-01-01", "01/01/27 15/03/27 27/05/27 08/08/27 20/10/27"),
        ("tous les 3 mois le 15", "2027-01-20", "2028-01-01", "15/04/27 15/07/27 15/10/27"),
        ("Tous les 3 mois le 15", "2027-01-10", "2027-06-01", "15/01/27 15/04/27"),
        ("tous les mois le dernier jour", "2028-02-01", "2028-05-01", "29/02/28 31/03/28 30/04/28"),
        ("chaque mois le 31", "2027-02-01", "2027-05-01", "28/02/27 31/03/27 30/04/27"),
        ("toutes les 2 semaines", "2027-01-04", "2027-02-02", "04/01/27 18/01/27 01/02/27"),
        ("tous les 90 jours", "2027-01-01", "2027-07-01", "01/01/27 01/04/27 30/06/27"),
        ("mars, septembre", "2026-12-15", "2027-12-15", "15/03/27 15/09/27"),
        ("le 31 mars et février", "2027-01-01", "2028-03-01", "28/02/27 31/03/27 29/02/28"),
        ("1er mars et septembre", "2027-01-01", "2028-01-01", "01/03/27 01/09/27"),
        ("1er lundi de mars et octobre", "2027-01-01", "2028-04-01", "01/03/27 04/10/27 06/03/28"),
        ("dernier vendredi d'avril", "2027-01-01", "2029-01-01", "30/04/27 28/04/28"),
        ("2e mardi de chaque mois", "2027-01-13", "2027-04-01", "09/02/27 09/03/27"),
    ],
)
def test_the_days_of_a_rule(text: str, start: str, until: str, expected: str) -> None:
    assert shown(text, start, until) == expected.split()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("4 par an", 4),
        ("tous les 3 mois le 15", 4),
        ("mars, septembre", 2),
        ("2e mardi de chaque mois", 12),
        ("tous les 90 jours", 4),
    ],
)
def test_how_many_a_year(text: str, count: int) -> None:
    assert parse(text).per_year == count


@pytest.mark.parametrize(
    "text",
    [
        *("", "4", "souvent", "0 par an", "400 par an", "tous les 3 mois le 32", "le 0 mars"),
        *("5e lundi de mars", "1er lundi de smarch", "mars,,", "tous les 0 jours", "mars le 15"),
    ],
)
def test_what_is_no_rule_is_refused_with_examples(text: str) -> None:
    if text == "mars,,":
        assert parse(text).months == (3,)  # commas too many say the same
        return
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert refused.value.problems[0].field == "visit_rule"
    assert "4 par an" in refused.value.problems[0].remedy


RULES = some.one_of(
    some.integers(1, 365).map("{} par an".format),
    some.builds("tous les {} mois le {}".format, some.integers(1, 36), some.integers(1, 31)),
    some.builds("1er {} de {}".format, some.sampled_from(WEEKDAYS), some.sampled_from(MONTHS)),
    some.builds("le {} {}".format, some.integers(1, 31), some.sampled_from(MONTHS)),
)
DAYS = some.dates(date(2020, 1, 1), date(2090, 12, 31))


@given(RULES, DAYS, some.integers(1, 1500))
def test_days_are_in_order_within_bounds_and_the_same_from_any_cut(
    text: str, start: date, length: int
) -> None:
    rule = parse(text)
    until = date.fromordinal(start.toordinal() + length)
    found = list(days(rule, start, until))
    assert found == sorted(set(found))
    assert all(start <= one < until for one in found)
    if found:
        assert list(days(rule, start, found[-1])) == found[:-1]


def test_a_rule_ends_with_the_calendar() -> None:
    assert shown("tous les mois le 31", "2099-11-01", "2099-12-31") == ["30/11/99"]
    assert len(shown("tous les 365 jours", "2099-01-01", "2099-12-31")) == 1
