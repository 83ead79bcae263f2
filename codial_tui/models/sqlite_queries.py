"""Reading from SQLite: what the main connection and a worker's connection share."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .queries import Params, Queries, Reader, like
from .sqlite_errors import translate

WAIT = 10
"""Seconds a writer waits for its turn, and then for the file."""


PAGES_OF_READER = 16_000
"""KiB of pages in memory for what is read beside the keys, as long as that takes."""
FEW = 2_000
"""Rows that may be looked at one by one to see whether they hold the words."""


def _piece(word: str) -> str:
    """The trigram that tells most of a word: numbers begin alike, names end alike."""
    return word[-3:] if word[-1].isdigit() else word[:3]


class SqliteQueries(Queries):
    def translate(self, error: BaseException) -> Exception | None:
        return translate(error)

    def _search_sql(self, table: str, words: Sequence[str]) -> tuple[str, str, list[Any]]:
        index = f"{table}_search"
        quoted = ['"' + word.replace('"', '""') + '"' for word in words if len(word) >= 3]
        short = [word for word in words if len(word) < 3]
        condition = f"{index} MATCH ?" + f" AND {table}.search_text LIKE ? ESCAPE '!'" * len(short)
        source = f"{index} JOIN {table} ON {table}.id = {index}.rowid"
        return source, condition, [" ".join(quoted), *map(like, short)]

    def holding(self, table: str, words: Sequence[str], limit: int) -> list[int]:
        """Asks for a piece of each of several words first: that needs no look at where they stand
        in the text, which costs up to ten times as much. When many have them, for the words."""
        whole = [word for word in words if len(word) >= 3]
        if len(whole) > 1:
            found = self._matching(table, [_piece(word) for word in whole], min(limit, FEW))
            if len(found) < min(limit, FEW):
                return found
        if len(whole) < len(words):
            return super().holding(table, words, limit)
        return self._matching(table, whole, limit)

    def _matching(self, table: str, texts: Sequence[str], limit: int) -> list[int]:
        index = f"{table}_search"
        quoted = " ".join('"' + text.replace('"', '""') + '"' for text in texts)
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH ? LIMIT ?"
        return [row[0] for row in self.rows(sql, [quoted, limit])]


class SqliteReader(SqliteQueries, Reader):
    """A read-only connection that another thread may interrupt."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=WAIT,
            isolation_level=None,
            check_same_thread=False,
        )
        self._connection.execute(f"PRAGMA cache_size = -{PAGES_OF_READER}").close()

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, params)

    def interrupt(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close()
