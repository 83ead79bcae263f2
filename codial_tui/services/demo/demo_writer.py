"""Ways of writing the demo company's rows; codes become ids on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from codial_tui.services.context import Context


class DemoWriter:
    """Writes rows inside the caller's transaction."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.insert_many = context.database.insert_many

    def ids(self, table: str, key: str = "code") -> dict[Any, int]:
        return dict(self.context.database.rows(f"SELECT {key}, id FROM {table}"))

    def put(self, table: str, rows: Iterable[Mapping[str, Any]], *, uid: bool = True) -> None:
        """Insert mappings that all have the same keys."""
        found = list(rows)
        if not found:
            return
        names = [*found[0], *(("uid",) if uid else ())]
        more = [(self.context.uid(),) if uid else () for _ in found]
        self.insert_many(table, names, [(*row.values(), *own) for row, own in zip(found, more)])

    def upsert(self, table: str, rows: Sequence[Mapping[str, Any]], *, uid: bool = True) -> None:
        """Insert rows, or change those whose code is there."""
        there = self.ids(table)
        for place, row in enumerate(rows):
            values = {**row, "position": place}
            if row["code"] in there:
                self.context.database.update(table, there[row["code"]], values)
            else:
                own = {"uid": self.context.uid()} if uid else {}
                self.context.database.insert(table, {**values, **own})
