"""Programs that are open on the database of a test."""

from datetime import UTC, datetime

from codial_tui.bootstrap import start
from codial_tui.models.database import Database
from codial_tui.services.context import Context

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def session(database: Database, login: str = "claire") -> Context:
    """One program on the database, at noon. One a `Database`: open another for a second."""
    return start(database, program="test", clock=lambda: NOON, login=login)
