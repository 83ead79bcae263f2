"""The company's wall says the day and the time, wherever the program runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain import clock
from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company, company_settings, parties

LATE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Paris


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/Cayenne"])
def abroad(request: pytest.FixtureRequest) -> Iterator[str]:
    """A machine of another zone than the company's."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def late(database: Database, abroad: str) -> Context:
    context = start(database, program="test", clock=lambda: LATE, login="claire")
    company.init(context, "Démo", siren="123456782")
    return context


def test_a_document_carries_the_day_of_the_company(late: Context) -> None:
    party = parties.create(late, {"name": "Martin", "is_customer": 1})
    quote = Editor(late, documents.create(late, "quote", party), lock=False).document
    assert quote.text("date") == "2027-01-01"
    assert late.local_now.isoformat() == "2027-01-01T00:30:00+01:00"


def test_the_setting_moves_the_day(late: Context) -> None:
    company_settings.put(late, "company.timezone", "America/Cayenne")
    assert late.today == date(2026, 12, 31)
    assert late.local("2027-01-01T02:59:00.123Z") == datetime.fromisoformat(
        "2026-12-31T23:59:00.123"
    )


def test_a_day_begins_at_midnight_of_its_zone(late: Context) -> None:
    assert clock.midnight(date(2026, 7, 1), late.zone) == "2026-06-30T22:00:00Z"
    assert clock.midnight(date(2026, 11, 23), late.zone) == "2026-11-22T23:00:00Z"
