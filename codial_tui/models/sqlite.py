"""SQLite: the verbs of `dialect` for the one-machine database."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import CodialError, DatabaseRefused
from . import columns, sqlite_file
from .dialect import Dialect
from .liveness import FileLiveness
from .queries import Params
from .sqlite_queries import WAIT, SqliteQueries, SqliteReader
from .turn import turn

PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = 1",
    f"busy_timeout = {WAIT * 1000}",
    "temp_store = memory",
)

MERGE_OFTEN = {"automerge": 4, "crisismerge": 16}
MERGE_SELDOM = {"automerge": 8, "crisismerge": 64}
"""After how many pieces FTS5 merges its index a little, and all at once: its defaults, and those
of an import. Not `automerge` alone: at 16 pieces a crisis merge holds everybody up for 0,2 s."""

PAGES, PAGES_OF_MANY = 2_000, 16_000
"""KiB of pages in memory: SQLite's default, and during an import, whose every transaction touches
the same pages of the search index again (a third less time)."""

PAGES_OF_CHECK = 64_000
"""KiB while the whole file is looked at, index by index: a fourth of the time on 850 MB."""


class SqliteDialect(SqliteQueries, Dialect):
    """The main connection to an SQLite file, which exists and has been checked."""

    name = "sqlite"
    types = columns.Types(
        integer="INTEGER",
        text="TEXT",
        blob="BLOB",
        id="INTEGER PRIMARY KEY",
        kept_id="INTEGER PRIMARY KEY AUTOINCREMENT",
    )

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, opened when it is first asked for."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
            for pragma in PRAGMAS:
                found.execute(f"PRAGMA {pragma}").close()
            self._own.connection = found
        return found

    @cached_property
    def peewee(self) -> Any:
        from .sqlite_peewee import PeeweeSqlite

        return PeeweeSqlite(self)

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    @cached_property
    def _indexed(self) -> list[str]:
        """The searchable tables of a migrated database."""
        found = "SELECT name FROM sqlite_schema WHERE name LIKE '%_search_queue' ORDER BY name"
        return [row[0].removesuffix("_search_queue") for row in self.run(found)]

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        return self.connection.execute(sql, params)

    def executemany(self, sql: str, rows: Iterable[Params]) -> None:
        try:
            self.connection.executemany(sql, rows)
        except Exception as error:
            raise self._french(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        connection = self.connection
        own_turn = turn(self.path.with_name(self.path.name + "-turn"), WAIT)
        with own_turn:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                for table in self._indexed:
                    self._feed_index(table)
                connection.execute("COMMIT")
            except BaseException:
                # SQLite itself takes back what met a full disk, and a
                # second ROLLBACK would hide the reason
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def lock_rows(self, table: str, ids: Iterable[int]) -> None:
        """Nothing to do: the writer has the whole file."""

    def reader(self) -> SqliteReader:
        return SqliteReader(self.path)

    def liveness(self, token: str) -> FileLiveness:
        return FileLiveness(self.path.with_name(self.path.name + "-sessions"), token)

    def relieve(self) -> None:
        """Fold the log into the file as far as it goes; takes no turn and waits for nobody."""
        self.run("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    @contextmanager
    def many_writes(self) -> Iterator[None]:
        self._merge_at(MERGE_SELDOM)
        self._hold(PAGES_OF_MANY)
        try:
            yield
        except BaseException:
            with suppress(CodialError):  # what went wrong first is what is told
                self._merge_at(MERGE_OFTEN)
            raise
        finally:
            self._hold(PAGES)
        self._merge_at(MERGE_OFTEN)

    def _hold(self, kib: int) -> None:
        """How much of the file this connection keeps in memory."""
        self.run(f"PRAGMA cache_size = -{kib}").close()

    def _merge_at(self, limits: Mapping[str, int]) -> None:
        """How many pieces of a search index are left lying before they are merged."""
        with self.write():
            for table in self._indexed:
                for name, pieces in limits.items():
                    self.execute(
                        f"INSERT INTO {table}_search ({table}_search, rank) VALUES (?, ?)",
                        (name, pieces),
                    )

    def backup(self, path: Path) -> None:
        if path.exists():
            raise DatabaseRefused(f"{path} existe déjà", "choisissez un autre nom")
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        try:
            sqlite_file.make_private(part)
            target = sqlite3.connect(part)
            try:
                self.connection.backup(target, pages=1000)
                target.execute("PRAGMA journal_mode=delete")
            finally:
                target.close()
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.rename(path)
        except Exception as error:
            part.unlink(missing_ok=True)
            raise self._french(error) from error

    def engine(self) -> dict[str, str]:
        return {
            "moteur": f"SQLite {sqlite3.sqlite_version}",
            "journal": str(self.value("PRAGMA journal_mode")),
            "fichier": str(self.path),
        }

    def check(self) -> list[str]:
        self._hold(PAGES_OF_CHECK)
        try:
            found = [row[0] for row in self.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
        finally:
            self._hold(PAGES)
        found += [
            f"{table}, ligne {row} : renvoie à {parent}, qui n'existe pas"
            for table, row, parent, _ in self.rows("PRAGMA foreign_key_check")
        ]
        return found

    def rebuild_index(self, table: str) -> None:
        self.execute(f"DELETE FROM {table}_search_queue")
        self.execute(f"INSERT INTO {table}_search ({table}_search) VALUES ('rebuild')")

    def schema_version(self) -> int:
        if not self.value("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'"):
            return 0
        return int(self.value("SELECT COALESCE(max(version), 0) FROM schema_version"))

    def record_version(self, version: int, name: str) -> None:
        self.run(
            "INSERT INTO schema_version (version, name, applied_at) "
            "VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))",
            [version, name],
        )
        self.run(f"PRAGMA user_version = {version}")

    def create_table(
        self, table: str, text: str, constraints: Mapping[str, str] | None = None
    ) -> None:
        body = columns.ddl(table, text, constraints or {}, self.types)
        self.run(f"CREATE TABLE {table} (\n  {body}\n) STRICT")

    def add_column(self, table: str, text: str) -> None:
        self.run(f"ALTER TABLE {table} ADD COLUMN {columns.ddl(table, text, {}, self.types)}")

    def drop_trigger(self, name: str, table: str) -> None:
        self.run(f"DROP TRIGGER {name}")

    def trigger(self, name: str, table: str, event: str, body: str, when: str = "") -> None:
        self._trigger(name, f"AFTER {event}", table, body, when)

    def refuse(self, name: str, table: str, event: str, refusal: str, when: str = "") -> None:
        text = refusal.replace("'", "''")
        self._trigger(name, f"BEFORE {event}", table, f"SELECT RAISE(ABORT, '{text}');", when)

    def _trigger(self, name: str, event: str, table: str, body: str, when: str) -> None:
        condition = f" WHEN {when}" if when else ""
        self.run(
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW{condition} BEGIN {body} END"
        )

    def append_only(self, table: str, refusal: str) -> None:
        self.refuse(f"{table}__no_update", table, "UPDATE", refusal)
        self.refuse(f"{table}__no_delete", table, "DELETE", refusal)

    def search_index(self, table: str) -> None:
        """An FTS5 trigram index, fed by a queue that each write() empties before it commits.

        Not by triggers alone: FTS5 writes its pending words out at every statement that has
        triggers, which makes an import seven times slower (measured: 100 000 rows, 9.2 s, 1.3 s).
        """
        index, queue = f"{table}_search", f"{table}_search_queue"
        self.run(
            f"CREATE VIRTUAL TABLE {index} USING fts5(search_text, content='{table}', "
            "content_rowid='id', tokenize='trigram')"
        )
        self.__dict__.pop("_indexed", None)
        # old: the text the index holds for the row, NULL for a row it does not hold yet
        self.run(f"CREATE TABLE {queue} (id INTEGER PRIMARY KEY, old TEXT)")
        put = f"INSERT INTO {queue} (id, old) VALUES ({{}}) ON CONFLICT (id) DO NOTHING;"
        changed = "OLD.search_text <> NEW.search_text OR OLD.id <> NEW.id"
        new, old = put.format("NEW.id, NULL"), put.format("OLD.id, OLD.search_text")
        self.trigger(f"{index}__insert", table, "INSERT", new)
        self.trigger(f"{index}__delete", table, "DELETE", old)
        self.trigger(f"{index}__update", table, "UPDATE", old + " " + new, changed)

    def _feed_index(self, table: str) -> None:
        """Bring the search index up to the rows this transaction touched."""
        index, queue = f"{table}_search", f"{table}_search_queue"
        if self.run(f"SELECT 1 FROM {queue} LIMIT 1").fetchone() is None:
            return
        self.run(
            f"INSERT INTO {index} ({index}, rowid, search_text) "
            f"SELECT 'delete', id, old FROM {queue} WHERE old IS NOT NULL"
        )
        self.run(
            f"INSERT INTO {index} (rowid, search_text) SELECT {table}.id, search_text "
            f"FROM {queue} JOIN {table} ON {table}.id = {queue}.id"
        )
        self.run(f"DELETE FROM {queue}")

    def describe(self) -> dict[str, dict[str, bool]]:
        tables = [
            row[0]
            for row in self.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%) STRICT'"
            )
        ]
        return {
            table: {
                row[1]: not row[3] and not row[5]
                for row in self.rows(f"PRAGMA table_info({table})")
            }
            for table in tables
        }

    def checkpoint(self) -> None:
        """Fold the log into the file, as far as other programs let us."""
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def mark_as_ours(self) -> None:
        """Write the application id into a new file."""
        self.run(f"PRAGMA application_id = {sqlite_file.APPLICATION_ID}")

    def close(self) -> None:
        found, self._own.connection = getattr(self._own, "connection", None), None
        if "peewee" in vars(self):
            self.peewee.close()
        if found is not None:
            found.close()
