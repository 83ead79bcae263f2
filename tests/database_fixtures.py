"""Fixtures every folder of tests may import: a fresh database, on SQLite or on both back ends.

`database` is an open Database of the newest schema. A test marked `both` runs once more on
PostgreSQL, among the long tests, when a server can be started (one server and database a run,
emptied for each test), else that second run is a visible skip.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codial_tui.models.database import Database, open_database
from codial_tui.models.schema import NEWEST


def generate(metafunc: pytest.Metafunc) -> None:
    """What `pytest_generate_tests` of a conftest must do for the `both` marker."""
    if "back_end" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both")
        server = pytest.param("postgresql", marks=pytest.mark.long)
        metafunc.parametrize("back_end", ["sqlite", server] if both else ["sqlite"])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied and never opened again."""
    path = tmp_path_factory.mktemp("template") / "codial.sqlite3"
    open_database(str(path), create=True).close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running server with a migrated database; skips without one."""
    pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed")
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    server, reasons = None, []
    while server is None and len(reasons) < 3:  # a busy machine does not make it in ten seconds
        try:
            folder = tempfile.mkdtemp(prefix="codial-pg-")  # short: it holds a socket
            server = pgserver.get_server(folder, cleanup_mode="delete")
        except Exception as error:
            reasons.append(f"{type(error).__name__} {error}")
    if server is None:
        pytest.skip(f"PostgreSQL does not start here: {reasons}")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # it lives for one run
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE codial TEMPLATE template0 ENCODING 'UTF8'")
    open_database(server.get_uri("codial"), create=True).close()
    yield server.get_uri("codial")
    server.cleanup()


@pytest.fixture
def database_url(back_end: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a fresh, migrated database; can be opened many times."""
    if back_end == "sqlite":
        path = tmp_path / "codial.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield str(path)
        return
    url: str = request.getfixturevalue("postgres_server")
    empty(url)
    yield url


def empty(url: str) -> None:
    """Make the run's PostgreSQL database as fresh as after its migrations.

    Not a database for each test: copying the template takes half a second.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True) as pg:
        pg.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        pg.execute("SET session_replication_role = replica")  # journals refuse TRUNCATE
        names = [
            name
            for (name,) in pg.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename <> 'schema_version'"
            )
        ]
        filled = [
            name
            for (name,) in pg.execute(
                " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names)
            )
        ]
        if filled:
            pg.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
        pg.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) "
            "FROM pg_sequences WHERE last_value IS NOT NULL"
        )
        pg.execute("DELETE FROM schema_version WHERE version > %s", [NEWEST])


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, open database of the newest schema, without a company."""
    opened = open_database(database_url, create=False)
    yield opened
    opened.close()
