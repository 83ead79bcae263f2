"""Where an import waits off the database: one row of the file each, in a file of its own.

Reading and comparing take no lock of the database (design.md §3): they fill this file; applying
reads it chunk by chunk. It survives the program that made it, so that a killed import can go on.
Only the writer of an import knows what the texts mean; here they are stored and counted.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .dialect import Dialect

_CACHE = 4_000
"""Kibibytes of the file kept in memory: it may hold a million rows, and memory stays flat."""

_SCHEMA = """
CREATE TABLE row (
  seq INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL, outcome TEXT NOT NULL,
  data TEXT NOT NULL, changes TEXT NOT NULL, problems TEXT NOT NULL, raw TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX row__key ON row (key) WHERE key <> '';
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_COLUMNS = "seq, number, key, outcome, data, changes, problems, raw"


class StagedRow(NamedTuple):
    """seq: 1, 2, 3… in file order; number: line of the file; key: what no two rows may share,
    "" for none; outcome: what would become of it; the others are JSON, "" for nothing."""

    seq: int
    number: int
    key: str
    outcome: str
    data: str
    changes: str = ""
    problems: str = ""
    raw: str = ""


class Staging:
    """An open staging file; used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode = off",  # nothing is rolled back: a cut plan is made again
            "synchronous = off",  # `settle` syncs it once, before anything depends on it
            f"cache_size = -{_CACHE}",
        ):
            self._file.execute(f"PRAGMA {pragma}")

    @classmethod
    def create(cls, path: Path) -> Staging:
        """A new, empty staging file."""
        staging = cls(path)
        staging._file.executescript(_SCHEMA)
        return staging

    def add(self, rows: Iterable[StagedRow]) -> None:
        """Append rows."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._file.execute("COMMIT")

    def replace(self, row: StagedRow) -> None:
        """Write a row again, found by its seq."""
        self._file.execute(f"REPLACE INTO row ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def by_key(self, keys: Sequence[str]) -> dict[str, StagedRow]:
        """The rows that hold these keys."""
        marks = ", ".join("?" * len(keys))
        sql = f"SELECT {_COLUMNS} FROM row WHERE key IN ({marks}) AND key <> ''"
        return {row[2]: StagedRow(*row) for row in self._file.execute(sql, keys)}

    def get(self, seq: int) -> StagedRow | None:
        found = self._file.execute(f"SELECT {_COLUMNS} FROM row WHERE seq = ?", (seq,)).fetchone()
        return StagedRow(*found) if found else None

    def between(self, first: int, last: int, outcomes: Sequence[str]) -> list[StagedRow]:
        """Rows with these outcomes and first ≤ seq ≤ last."""
        marks = ", ".join("?" * len(outcomes))
        sql = f"SELECT {_COLUMNS} FROM row WHERE seq BETWEEN ? AND ? AND outcome IN ({marks})"
        return [StagedRow(*row) for row in self._file.execute(sql, (first, last, *outcomes))]

    def next_seq(self, after: int, outcomes: Sequence[str]) -> int | None:
        """The first seq beyond `after` with one of these outcomes."""
        marks = ", ".join("?" * len(outcomes))
        sql = f"SELECT seq FROM row WHERE seq > ? AND outcome IN ({marks}) ORDER BY seq LIMIT 1"
        found = self._file.execute(sql, (after, *outcomes)).fetchone()
        return int(found[0]) if found else None

    def page(self, outcomes: Sequence[str], offset: int, limit: int) -> list[StagedRow]:
        """Some of the rows with these outcomes, in file order."""
        marks = ", ".join("?" * len(outcomes))
        sql = f"SELECT {_COLUMNS} FROM row WHERE outcome IN ({marks}) ORDER BY seq LIMIT ? OFFSET ?"
        return [StagedRow(*row) for row in self._file.execute(sql, (*outcomes, limit, offset))]

    def each(self, outcomes: Sequence[str]) -> Iterator[StagedRow]:
        """All rows with these outcomes, in file order, a page in memory at a time."""
        seq = 0
        while True:
            marks = ", ".join("?" * len(outcomes))
            found = self._file.execute(
                f"SELECT {_COLUMNS} FROM row WHERE seq > ? AND outcome IN ({marks}) "
                "ORDER BY seq LIMIT 500",
                (seq, *outcomes),
            ).fetchall()
            if not found:
                return
            yield from (StagedRow(*row) for row in found)
            seq = found[-1][0]

    def counts(self) -> dict[str, int]:
        """Outcome → number of rows."""
        return dict(self._file.execute("SELECT outcome, count(*) FROM row GROUP BY outcome"))

    def last_seq(self) -> int:
        return int(self._file.execute("SELECT COALESCE(max(seq), 0) FROM row").fetchone()[0])

    def facts(self) -> dict[str, str]:
        """What was noted about the file as a whole."""
        return dict(self._file.execute("SELECT name, value FROM fact"))

    def note(self, facts: dict[str, str]) -> None:
        self._file.executemany("REPLACE INTO fact (name, value) VALUES (?, ?)", facts.items())

    def settle(self) -> None:
        """Make sure the disk holds everything: from here on a batch relies on it."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        self._file.close()

    def delete(self) -> None:
        """Close it for good."""
        self.close()
        self.path.unlink(missing_ok=True)


def staging_place(database: Dialect) -> tuple[Path, str]:
    """(folder, start of the file names) of the staging files of a database: beside an SQLite
    file, in the user's data folder for a server."""
    path: Path | None = getattr(database, "path", None)
    if path is not None:
        return path.parent, f"{path.name}-import-"
    from codial_tui.config import data_dir

    folder = data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return folder, "server-import-"
