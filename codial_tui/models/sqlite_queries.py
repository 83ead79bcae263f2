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


def _pieces(word: str) -> set[str]:
    """Two trigrams of a word, from its end: numbers begin alike."""
    return {word[start : start + 3] for start in (len(word) - 3, max(0, len(word) - 6))}


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
        """Asks for pieces of several words first: that needs no look at where they stand in the
        text, which costs three to six times as much. When too many have them, for the words."""
        whole = [word for word in words if len(word) >= 3]
        if len(whole) > 1:
            found = self._matching(table, [one for word in whole for one in _pieces(word)], limit)
            if len(found) < limit:
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

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, params)

    def interrupt(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close()
