"""The databases of these tests: see tests/database_fixtures.py."""

import pytest
from database_fixtures import (  # noqa: F401
    database,
    database_url,
    postgres_server,
    sqlite_template,
)
from database_fixtures import generate as pytest_generate_tests  # noqa: F401
from sessions import session

from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.records import company


@pytest.fixture
def context(database: Database) -> Context:  # noqa: F811
    """A company and the person who made it."""
    context = session(database)
    company.init(context, "Démo", siren="123456782")
    return context
