"""The databases of these tests: see tests/database_fixtures.py."""

from database_fixtures import (  # noqa: F401
    database,
    database_url,
    postgres_server,
    sqlite_template,
)
from database_fixtures import generate as pytest_generate_tests  # noqa: F401
