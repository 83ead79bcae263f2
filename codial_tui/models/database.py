"""Opening a database by path or URL: checks first, then connects and migrates."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import DatabaseRefused
from . import schema
from .dialect import Dialect, Reader
from .liveness import Liveness
from .uid import new_uid


class Database:
    """An open database of the current schema. What bootstrap puts in the Context."""

    def __init__(self, dialect: Dialect, url: str) -> None:
        self.dialect = dialect
        self.url = url
        self._liveness: Liveness | None = None

    @property
    def liveness(self) -> Liveness:
        """This program's life sign, from the first time somebody asks until close()."""
        if self._liveness is None:
            self._liveness = self.dialect.liveness(new_uid())
        return self._liveness

    def reader(self) -> Reader:
        """A second, read-only connection for a worker thread."""
        return self.dialect.reader()

    def close(self) -> None:
        if self._liveness is not None:
            self._liveness.close()
            self._liveness = None
        self.dialect.close()


def open_database(url: str, *, create: bool, mounts: str | None = None) -> Database:
    """Open a path, `sqlite:///path` or `postgresql://…`, bringing its schema up to date.

    create: make the SQLite file (and its folder) or fill the empty PostgreSQL database.
    mounts: text of /proc/mounts, for tests. Raises DatabaseRefused; the file is then untouched.
    """
    if is_server(url):
        from .postgresql import connect

        dialect: Dialect = connect(url, create=create, newest=schema.NEWEST)
    elif "://" in url and not url.startswith("sqlite://"):
        raise DatabaseRefused(
            f"« {url.partition(':')[0]} » n'est pas une base connue",
            "un chemin de fichier, ou postgresql://…",
        )
    else:
        dialect = _open_sqlite(sqlite_path(url), create, mounts)
    try:
        schema.migrate(dialect)
        dialect.activate()
    except BaseException:
        dialect.close()
        raise
    return Database(dialect, url)


def is_server(url: str) -> bool:
    """Whether a path or URL means a PostgreSQL server, and not a file of that name."""
    return re.match(r"postgres(ql)?(\+\w+)?://", url) is not None


def sqlite_path(url: str) -> Path:
    """The file of a path or an `sqlite:///` URL (a fourth slash makes it absolute)."""
    if url.startswith("sqlite://"):
        url = url.removeprefix("sqlite://").removeprefix("/")
    return Path(url).expanduser().absolute()


def _open_sqlite(path: Path, create: bool, mounts: str | None) -> Dialect:
    from . import sqlite, sqlite_file

    sqlite_file.check_file(path, create=create, newest=schema.NEWEST, mounts=mounts)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sqlite_file.make_private(path)
    dialect = sqlite.SqliteDialect(path)
    try:
        if dialect.schema_version() == 0:  # also when a first start was killed before its mark
            dialect.mark_as_ours()
        if schema.migrate(dialect):
            dialect.checkpoint()  # so that a later refusal can read the version from the file
    except BaseException as error:
        dialect.close()
        raise dialect.translate(error) or error from error
    return dialect
