"""peewee on the connections of an SQLite file; apart, so that no start loads peewee (0.04 s)."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from peewee import SqliteDatabase

if TYPE_CHECKING:
    from .sqlite import SqliteDialect


class PeeweeSqlite(SqliteDatabase):
    """What the table classes are bound to: each thread's own connection of the dialect, so that
    classes and SQL text write in the same transaction."""

    def __init__(self, dialect: SqliteDialect) -> None:
        super().__init__(str(dialect.path))
        self._dialect = dialect

    def _connect(self) -> sqlite3.Connection:
        return self._dialect.connection

    def _close(self, conn: sqlite3.Connection) -> None:
        """The dialect closes it."""
