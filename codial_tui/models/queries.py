"""Reading: what the main connection and a worker's connection have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from ..errors import CodialError

Row = tuple[Any, ...]
Params = Sequence[Any]

PREFIX_COLUMNS = {
    "item": ("reference_fold", "ean"),
    "party": ("code_fold", "name_fold"),
    "equipment": ("serial_fold", "code_fold"),
}
"""The searchable tables, and the b-tree columns that answer one and two typed characters. Each
also has `search_text`: everything it is found by, folded."""

LAST = "\U0010ffff"


class Queries(ABC):
    """Reading: what the main connection and a worker's connection have in common."""

    @abstractmethod
    def run(self, sql: str, params: Params = ()) -> Any:
        """Execute one statement and return its cursor; low-level errors pass through."""

    @abstractmethod
    def translate(self, error: BaseException) -> Exception | None:
        """The French error for a low-level one; None when it is not the database's."""

    @abstractmethod
    def _search_sql(self, table: str, words: Sequence[str]) -> tuple[str, str, list[Any]]:
        """FROM, WHERE and parameters that find every word in `search_text`."""

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a query."""
        try:
            return self.run(sql, params).fetchall()  # type: ignore[no-any-return]
        except Exception as error:
            raise self._french(error) from error

    def row(self, sql: str, params: Params = ()) -> Row | None:
        """The first row of a query, None when there is none."""
        try:
            return self.run(sql, params).fetchone()  # type: ignore[no-any-return]
        except Exception as error:
            raise self._french(error) from error

    def value(self, sql: str, params: Params = (), default: Any = None) -> Any:
        """The first value of the first row, `default` when there is no row."""
        row = self.row(sql, params)
        return default if row is None else row[0]

    def mappings(self, sql: str, params: Params = ()) -> list[dict[str, Any]]:
        """All rows of a query by column name."""
        try:
            cursor = self.run(sql, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor]
        except Exception as error:
            raise self._french(error) from error

    def mapping(self, sql: str, params: Params = ()) -> dict[str, Any] | None:
        """The first row of a query by column name, None when there is none."""
        found = self.mappings(sql, params)
        return found[0] if found else None

    def search(
        self,
        table: str,
        words: Sequence[str],
        select: str,
        *,
        limit: int = 50,
        where: str = "",
        params: Params = (),
    ) -> list[Row]:
        """Rows of `item` or `party` that hold every word (already folded), at most `limit`.

        select: SQL column list; where, params: more conditions. A single word finds references,
        barcodes, codes and names that start with it first. One or two characters search the
        b-trees only. Not ordered by relevance: sorting every hit costs more than it helps
        (measurements.md §3).
        """
        words = [word for word in words if word]
        if not words:
            return []
        found: dict[Any, Row] = {}
        if len(words) == 1 or max(map(len, words)) < 3:
            for column in PREFIX_COLUMNS[table]:
                rest = "".join(f" AND {_holds(table)}" for _ in words[1:])
                name = f"{table}.{column}"  # <> '': so says the partial index
                sql = self._select(
                    table, select, f"{name} >= ? AND {name} < ? AND {name} <> ''{rest}", where
                )
                found |= self._found(
                    f"{sql} ORDER BY {name} LIMIT ?",
                    [words[0], words[0] + LAST, *map(like, words[1:]), *params, limit],
                )
                if len(found) >= limit:
                    return list(found.values())[:limit]
        if max(map(len, words)) >= 3:
            source, condition, values = self._search_sql(table, words)
            sql = self._select(source, select, condition, where, table)
            found |= self._found(
                f"{sql} LIMIT ?", [*values, *params, limit + (len(found) if found else 0)]
            )
        return list(found.values())[:limit]

    def holding(self, table: str, words: Sequence[str], limit: int) -> list[int]:
        """Ids of at most `limit` rows of a table with a search index that hold every word
        (already folded, one of three characters at least), in no order; fewer than `limit` may
        be among them that hold only parts of the words: whoever asks looks at the text too."""
        source, condition, values = self._search_sql(table, words)
        sql = f"SELECT {table}.id FROM {source} WHERE {condition} LIMIT ?"
        return [row[0] for row in self.rows(sql, [*values, limit])]

    def _select(self, source: str, select: str, condition: str, where: str, table: str = "") -> str:
        more = f" AND ({where})" if where else ""
        return f"SELECT {table or source}.id, {select} FROM {source} WHERE {condition}{more}"

    def _found(self, sql: str, params: Params) -> dict[Any, Row]:
        return {row[0]: row[1:] for row in self.rows(sql, params)}

    def _french(self, error: Exception) -> Exception:
        return error if isinstance(error, CodialError) else self.translate(error) or error


class Reader(Queries):
    """A second, read-only connection for a worker thread."""

    @abstractmethod
    def interrupt(self) -> None:
        """Stop the running query from any thread; it raises Interrupted."""

    @abstractmethod
    def close(self) -> None: ...


def like(word: str) -> str:
    """A LIKE pattern (ESCAPE '!') that finds a word anywhere."""
    for char in "!%_":
        word = word.replace(char, "!" + char)
    return f"%{word}%"


def _holds(table: str) -> str:
    return f"{table}.search_text LIKE ? ESCAPE '!'"
