"""Lists of records that are no documents: parties, items, settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from codial_tui.domain.records.records import record_type
from codial_tui.domain.text import fold, words
from codial_tui.services.context import Context

from .lists import EXACT, FIRST, MOST, Count, by_id


class RecordList:
    """Records: found by the search index where there is one, else by the words of their columns;
    or all of them in order of a column."""

    def __init__(
        self,
        context: Context,
        name: str,
        text: str = "",
        sort: str = "",
        descending: bool = False,
        ids: Collection[int] = (),
    ) -> None:
        """ids: these and no others."""
        self.context = context
        self.record = record_type(name)
        self._words = words(text)
        self._sort = sort if sort in self.sorts else self.record.key
        self._descending = descending
        self._only = ids
        self._found: list[int] | None = None

    @property
    def sorts(self) -> tuple[str, ...]:
        return (self.record.key, self.record.label)

    def _columns(self) -> str:
        table = self.record.table
        stored = {
            one.name.removesuffix("_label") if one.source == "words" else one.name
            for one in self.record.list_columns
            if not one.source.startswith("provider:")
        } - {"family_label"}
        names = ["id", *sorted(stored), *(("family_id",) if table == "item" else ())]
        return ", ".join(f"{table}.{name}" for name in names)

    @property
    def _held(self) -> list[int]:
        if self._found is None:
            self._found = self._ids(EXACT + 1)
        return self._found

    def _ids(self, limit: int) -> list[int]:
        """Ids in order."""
        table, way = self.record.table, "DESC" if self._descending else "ASC"
        by = f"{self._sort}_fold" if self._sort in self.record.folds else self._sort
        if self._words and self.record.searched:
            rows = self.context.database.search(
                table, self._words, f"{table}.id, {table}.{by}", limit=limit
            )
            rows.sort(key=lambda row: (row[1], row[0]), reverse=self._descending)
        else:
            only = f"WHERE id IN ({', '.join(map(str, self._only))}) " if self._only else ""
            rows = self.context.database.rows(
                f"SELECT id FROM {table} {only}ORDER BY {by} {way}, id {way} LIMIT ?", (limit,)
            )
        if self._words and not self.record.searched:
            rows = self._with_words([row[0] for row in rows])
        return [row[0] for row in rows]

    def _with_words(self, ids: Sequence[int]) -> list[tuple[int]]:
        """Those whose columns hold every word; only for the few rows of a setting."""
        table = self.record.table
        select = f"SELECT {self._columns()} FROM {table}"
        found = []
        for start in range(0, len(ids), 500):
            rows = by_id(self.context, select, f"{table}.id", ids[start : start + 500])
            self._provide(rows)
            for row in rows:
                text = fold(" ".join(str(one) for one in row.values()))
                if all(word in text for word in self._words):
                    found.append((row["id"],))
        return found

    def count(self) -> Count:
        """How many rows, exact up to 10 000."""
        return Count(min(len(self._held), EXACT), exact=len(self._held) <= EXACT)

    def rows(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Rows by column name, with what providers add."""
        return self._read(self._held[start:stop])

    def every(self) -> Iterator[dict[str, Any]]:
        """All its rows in order, however many."""
        ids = self._ids(MOST)
        for start in range(0, len(ids), FIRST):
            yield from self._read(ids[start : start + FIRST])

    def _read(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        table = self.record.table
        select = f"SELECT {self._columns()} FROM {table}"
        found = by_id(self.context, select, f"{table}.id", ids)
        self._provide(found)
        return found

    def index_of(self, row_id: int) -> int | None:
        return self._held.index(row_id) if row_id in self._held else None

    def _provide(self, rows: Sequence[dict[str, Any]]) -> None:
        names = {column.source for column in self.record.list_columns}
        if "words" in names:
            from .choices import put_words

            put_words(self.context, self.record, rows)
        if "provider:stock" in names:
            from codial_tui.services.records.catalogue import stock

            levels = stock(self.context, [row["id"] for row in rows])
            families: dict[int, str] = dict(
                self.context.database.rows("SELECT id, label FROM item_family")
            )
            for row in rows:
                row["stock"] = levels.get(row["id"], 0)
                row["family_label"] = families.get(row["family_id"], "")
