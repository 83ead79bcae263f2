"""Wall-clock times and the moments they stand for, through both changes of the hour."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from codial_tui.domain.clock import local, moment
from codial_tui.domain.problems import Invalid

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("typed", "after", "found"),
    [
        ("2026-11-22T21:50", "", "2026-11-22T20:50:00Z"),
        ("2026-07-14T08:00", "", "2026-07-14T06:00:00Z"),
        ("2026-10-25T02:30", "", "2026-10-25T00:30:00Z"),  # the first of the two
        ("2026-10-25T02:30", "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z"),  # the second
        ("2026-10-25T02:30", "2026-10-25T03:00:00Z", "2026-10-25T00:30:00Z"),  # neither
    ],
)
def test_a_local_time_is_a_moment(typed: str, after: str, found: str) -> None:
    assert moment(at(typed), PARIS, after) == found
    assert local(found, PARIS) == at(typed)


def test_an_hour_that_does_not_exist() -> None:
    with pytest.raises(Invalid, match="02:30 n'existe pas le 29/03/2026"):
        moment(at("2026-03-29T02:30"), PARIS)
