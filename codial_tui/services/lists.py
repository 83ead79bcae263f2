"""Lists: any kind of document or record, filtered, sorted and paged by SQL (ux.md §5).

A list never reads more than the rows on screen; it counts exactly up to 10 000, then says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from codial_tui.domain.kinds import doc_type
from codial_tui.domain.records import RECORD_TYPES
from codial_tui.domain.rules import PREDICATES
from codial_tui.domain.spec import DocType
from codial_tui.domain.text import fold, words
from codial_tui.domain.typing_lines import ListFilter
from codial_tui.models.queries import like

from .context import Context

EXACT = 10_000

MARK_SQL = {
    "quote_expired": "d.state = 'pending' AND s.valid_until < ?",
    "follow_up_due": "d.state = 'pending' AND s.next_action_at < ?",
}
"""The predicates of marks as conditions on the tables (d: document, s: its side table), one
parameter: the first day that is too late. A test proves that both say the same."""

_DOCUMENT_COLUMNS = (
    "d.id, d.number, d.date, d.party_name, d.party_code, d.subject, d.state, d.net_total, "
    "d.gross_total, d.salesperson_name, d.printed_at, b.name AS branch_label"
)


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows. state "" = all; mark: only documents that bear it; sort: column name."""

    kind: str
    state: str = ""
    mark: str = ""
    filter: ListFilter = field(default_factory=ListFilter)
    sort: str = "date"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows and their HT total in cents (0 for records). exact: False beyond 10 000."""

    rows: int
    net_total: int = 0
    exact: bool = True


class DocumentList:
    """The documents of one query; `rows` pages through them."""

    SORTS = ("date", "number", "party_name", "net_total", "state")

    def __init__(self, context: Context, query: Query) -> None:
        self.context = context
        self.query = query
        self.kind = doc_type(query.kind)
        self._where, self._params = self._conditions()

    def _conditions(self) -> tuple[str, list[Any]]:
        query = self.query
        clauses = ["d.kind = ?"]
        params: list[Any] = [query.kind]
        if query.state:
            clauses.append("d.state = ?")
            params.append(query.state)
        if query.mark:
            mark = next(one for one in self.kind.marks if one.name == query.mark)
            clauses.append(MARK_SQL[mark.predicate])
            params.append(self._too_late(mark.predicate))
        for word in query.filter.words:
            clauses.append(
                "(d.party_name_fold LIKE ? ESCAPE '!' OR LOWER(d.number) LIKE ? ESCAPE '!' "
                "OR LOWER(d.subject) LIKE ? ESCAPE '!')"
            )
            params += [like(fold(word)), like(word.lower()), like(word.lower())]
        for bound, sign in ((query.filter.above, ">"), (query.filter.below, "<")):
            if bound is not None:
                clauses.append(f"d.net_total {sign} ?")
                params.append(bound)
        if query.filter.month is not None:
            year, month = query.filter.month
            clauses.append("d.date LIKE ?")
            params.append(f"{year:04d}-{month:02d}-%")
        return " AND ".join(clauses), params

    def _too_late(self, predicate: str) -> str:
        today = self.context.today
        return today.isoformat() + ("T99" if predicate == "follow_up_due" else "")

    def _source(self) -> str:
        side = self.kind.side_table
        join = f" LEFT JOIN {side} s ON s.document_id = d.id" if side else ""
        return f"FROM document d LEFT JOIN branch b ON b.id = d.branch_id{join}"

    def count(self) -> Count:
        """Rows and HT of what the filter leaves, exact up to 10 000."""
        row = self.context.database.row(
            "SELECT COUNT(*), COALESCE(SUM(net_total), 0) FROM "
            f"(SELECT d.net_total {self._source()} WHERE {self._where} LIMIT {EXACT + 1}) AS found",
            self._params,
        )
        assert row is not None
        return Count(min(row[0], EXACT), int(row[1]), row[0] <= EXACT)

    def rows(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Rows by column name, with `state_label`, `sign` and `role` of their marks."""
        query = self.query
        sort = query.sort if query.sort in self.SORTS else "date"
        way = "DESC" if query.descending else "ASC"
        column = "d.party_name_fold" if sort == "party_name" else f"d.{sort}"
        side = "".join(f", s.{one.name}" for one in self.kind.fields if one.store == "side")
        found = self.context.database.mappings(
            f"SELECT {_DOCUMENT_COLUMNS}{side} {self._source()} WHERE {self._where} "
            f"ORDER BY {column} {way}, d.id {way} LIMIT ? OFFSET ?",
            [*self._params, stop - start, start],
        )
        for row in found:
            decorate(self.kind, row, self.context.today.isoformat())
        return found


def decorate(kind: DocType, row: dict[str, Any], today: str) -> None:
    """Give a row its state in words and the sign and role of the first mark it bears."""
    state = kind.state(row["state"])
    row["state_label"], row["sign"], row["role"] = state.label, state.sign, state.role
    for mark in kind.marks:
        if PREDICATES[mark.predicate](row, today):
            row["sign"], row["role"] = mark.sign, mark.role
            break


def state_counts(context: Context, kind: str) -> dict[str, int]:
    """Documents of a kind by state."""
    return dict(
        context.database.rows(
            "SELECT state, COUNT(*) FROM document WHERE kind = ? GROUP BY state", (kind,)
        )
    )


class RecordList:
    """Parties or items: found by the search index, or all of them in order of their key."""

    def __init__(self, context: Context, name: str, text: str = "") -> None:
        self.context = context
        self.record = RECORD_TYPES[name]
        self._hits = self._search(text) if words(text) else None

    def _columns(self) -> str:
        table = self.record.table
        stored = {
            one.name for one in self.record.list_columns if not one.source.startswith("provider:")
        } - {"family_label"}
        names = ["id", *sorted(stored)]
        return ", ".join(f"{table}.{name}" for name in names)

    def _search(self, text: str) -> list[dict[str, Any]]:
        columns = self._columns()
        found = self.context.database.search(self.record.table, words(text), columns, limit=EXACT)
        names = [column.split(".")[1] for column in columns.split(", ")]
        return [dict(zip(names, row)) for row in found]

    def count(self) -> Count:
        if self._hits is not None:
            return Count(len(self._hits), exact=len(self._hits) < EXACT)
        total = self.context.database.value(f"SELECT COUNT(*) FROM {self.record.table}")
        return Count(int(total))

    def rows(self, start: int, stop: int) -> list[dict[str, Any]]:
        if self._hits is not None:
            found: list[dict[str, Any]] = self._hits[start:stop]
        else:
            key = f"{self.record.key}_fold"
            found = self.context.database.mappings(
                f"SELECT {self._columns()} FROM {self.record.table} "
                f"ORDER BY {key} LIMIT ? OFFSET ?",
                (stop - start, start),
            )
        self._provide(found)
        return found

    def _provide(self, rows: Sequence[dict[str, Any]]) -> None:
        names = {column.source for column in self.record.list_columns}
        if "provider:stock" in names:
            from .catalogue import stock

            levels = stock(self.context, [row["id"] for row in rows])
            for row in rows:
                row["stock"] = levels.get(row["id"], 0)
