"""Fixtures every folder of tests may import: a fresh database, on SQLite or on both back ends.

`database` is an open Database of the newest schema. A test marked `both` runs once more on
PostgreSQL when a server can be started (one server a run, one database a test), else that second
run is a visible skip.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codial_tui.models.database import Database, open_database

Template = Callable[[], Path]


def generate(metafunc: pytest.Metafunc) -> None:
    """What `pytest_generate_tests` of a conftest must do for the `both` marker."""
    if "back_end" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both")
        metafunc.parametrize("back_end", ["sqlite", "postgresql"] if both else ["sqlite"])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied and never opened again."""
    path = tmp_path_factory.mktemp("template") / "codial.sqlite3"
    open_database(str(path), create=True).close()
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a running server with a migrated database `template_codial`; skips without one."""
    pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed")
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    server, reasons = None, []
    while server is None and len(reasons) < 3:  # a busy machine does not make it in ten seconds
        try:
            server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
        except Exception as error:
            reasons.append(f"{type(error).__name__} {error}")
    if server is None:
        pytest.skip(f"PostgreSQL does not start here: {reasons}")
    server.psql("CREATE DATABASE template_codial TEMPLATE template0 ENCODING 'UTF8'")
    open_database(server.get_uri("template_codial"), create=True).close()
    yield server.get_uri("template_codial")
    server.cleanup()


@pytest.fixture
def database_url(back_end: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """URL of a fresh, migrated database; can be opened many times."""
    if back_end == "sqlite":
        path = tmp_path / "codial.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return str(path)
    import psycopg

    template: str = request.getfixturevalue("postgres_server")
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(template.replace("/template_codial", "/postgres"), autocommit=True) as pg:
        pg.execute(f"DROP DATABASE IF EXISTS {name}")
        pg.execute(f"CREATE DATABASE {name} TEMPLATE template_codial")
    return template.replace("/template_codial", f"/{name}")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, open database of the newest schema, without a company."""
    opened = open_database(database_url, create=False)
    yield opened
    opened.close()
