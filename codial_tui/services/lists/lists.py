"""Lists: any kind of document or record, filtered, sorted and paged by SQL (ux.md §5).

A list is the ids of its first 10 000 rows in order, read once from an index; the rows on screen
are then read by id. So a page costs the same wherever it is (an OFFSET of 10 000 over the joined
tables costs 9 ms, an id look-up of 64 rows 0.3 ms), rows do not move under the cursor while
others write, and the place of a row and the sum of the marked ones are known without a query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol

from codial_tui.domain.kinds import doc_type, ref_of
from codial_tui.domain.records.records import find_record
from codial_tui.domain.spec import DocType
from codial_tui.errors import refuse
from codial_tui.models.queries import Queries
from codial_tui.models.refusals import Interrupted
from codial_tui.services.context import Context

from .list_queries import Query as Query
from .list_queries import conditions, narrowed, side

EXACT, FIRST = 10_000, 128
"""Rows a list holds at most, and those it reads to be shown."""
MOST = 10**9

_UNKNOWN: list[int] = []
"""Nobody has asked yet which few documents can pass."""
_DOCUMENT_COLUMNS = (
    "d.id, d.number, d.date, d.party_id, d.party_name, d.party_code, d.subject, d.state, "
    "d.net_total, d.gross_total, d.salesperson_name, d.printed_at, d.planned_date, d.sync_state, "
    "d.delivery, d.billing, d.settlement, d.due_next, d.paid_total, b.name AS branch_label"
)


class Count(NamedTuple):
    """How many rows and their HT total in cents (0 for records). exact: False beyond 10 000."""

    rows: int
    net_total: int = 0
    exact: bool = True


class Listing(Protocol):
    """What a list screen reads, whatever it lists."""

    @property
    def sorts(self) -> tuple[str, ...]:
        """The columns it can be sorted by."""
        ...

    def count(self) -> Count: ...

    def rows(self, start: int, stop: int) -> list[dict[str, Any]]: ...

    def index_of(self, row_id: int) -> int | None: ...

    def every(self) -> Iterator[dict[str, Any]]:
        """All rows, beyond those that `count` counts too."""
        ...


class DocumentList:
    """The documents of one query; `rows` pages through them."""

    SORTS: ClassVar[dict[str, tuple[str, ...]]] = {
        "number": ("d.number",),
        "date": ("d.date",),
        "party_name": ("d.party_name_fold",),
        "net_total": ("d.net_total",),
        "gross_total": ("d.gross_total",),
        "state_label": ("d.state", "d.date"),
    }
    """Columns it can be sorted by, and what the database sorts: an index each has its order."""

    def __init__(self, context: Context, query: Query) -> None:
        self.context = context
        self.query = query
        self.kind = doc_type(query.kind)
        self._where, self._params = conditions(context, self.kind, query)
        self._few: list[int] | None = _UNKNOWN
        self._found: list[tuple[int, int]] | None = None
        self._first: list[tuple[int, int]] = []
        self._count: Count | None = None
        self._places: dict[int, int] = {}

    @property
    def sorts(self) -> tuple[str, ...]:
        return tuple(self.SORTS)

    def read(self, reader: Queries) -> bool:
        """Read the ids now through a worker's connection; False when that was interrupted."""
        try:
            self._found = self._ids(EXACT + 1, reader=reader)
        except Interrupted:
            return False
        self._count = None
        return True

    def read_first(self, reader: Queries) -> bool:
        """Read only what a screen shows, which is quick also where many documents pass; `count`
        says so many or more until all are read. False when that was interrupted."""
        try:
            self._first = self._ids(FIRST, reader=reader)
        except Interrupted:
            return False
        if len(self._first) < FIRST:
            self._found = self._first
        else:
            self._count = Count(FIRST, exact=False)
        return True

    @property
    def complete(self) -> bool:
        """Whether all the ids it can hold were read."""
        return self._found is not None

    def _source(self, queries: Queries) -> tuple[str, list[Any]]:
        """FROM and WHERE of the query, and their parameters."""
        where, params, query = self._where, self._params, self.query
        if self._few is _UNKNOWN:
            self._few = list(query.ids) or narrowed(queries, query.kind, query.filter, EXACT)
        few = self._few
        if few is not None:  # `|| ''` keeps the database from walking all of the kind
            where = where.replace("d.kind = ?", "d.kind || '' = ?", 1)
            where += f" AND d.id IN ({', '.join(map(str, few)) or 'NULL'})"
        return f"FROM document d{side(self.kind, bool(query.mark))} WHERE {where}", params

    def _ids(
        self, limit: int, offset: int = 0, reader: Queries | None = None
    ) -> list[tuple[int, int]]:
        """Ids and HT in order."""
        queries = reader or self.context.database
        return queries.rows(*self._select(queries, limit, offset))

    def _select(self, queries: Queries, limit: int, offset: int = 0) -> tuple[str, list[Any]]:
        way = "DESC" if self.query.descending else "ASC"
        columns = (*self.SORTS.get(self.query.sort, self.SORTS["date"]), "d.id")
        order = ", ".join(f"{column} {way}" for column in columns)
        source, params = self._source(queries)
        sql = f"SELECT d.id, d.net_total {source} ORDER BY {order} LIMIT ? OFFSET ?"
        return sql, [*params, limit, offset]

    @property
    def _lazy(self) -> bool:
        """Whether an index counts the rows without reading them."""
        wanted = self.query.filter
        return not wanted.words and wanted.above is None and wanted.below is None

    @property
    def _held(self) -> list[tuple[int, int]]:
        if self._found is None:
            self._found = self._ids(EXACT + 1)
        return self._found

    def _page(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Ids and HT of some rows; the first ones without reading the others."""
        if self._found is None and (self._lazy or self._first) and stop <= FIRST:
            self._first = self._first or self._ids(FIRST)
            return self._first[start:stop]
        return self._held[start:stop] if stop <= EXACT else self._ids(stop - start, start)

    def count(self) -> Count:
        """Rows and HT of what the filter leaves, exact up to 10 000; beyond, without HT."""
        if self._count is None and (self._found is not None or not self._lazy):
            held = self._held
            self._count = _counted(len(held), sum(net for _, net in held))
        if self._count is None:
            source, params = self._source(self.context.database)
            rows, net = self.context.database.rows(
                "SELECT COUNT(*), COALESCE(SUM(net_total), 0) FROM "
                f"(SELECT d.net_total {source} LIMIT {EXACT + 1}) AS found",
                params,
            )[0]
            self._count = _counted(rows, int(net))
        return self._count

    def rows(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Rows by column name, with `state_label`, `sign` and `role` of their marks."""
        return self._read([row[0] for row in self._page(start, stop)])

    def every(self) -> Iterator[dict[str, Any]]:
        """All its rows in order, however many, as they are at the first one."""
        database = self.context.database
        cursor = database.run(*self._select(database, MOST))
        while page := cursor.fetchmany(FIRST):
            yield from self._read([row[0] for row in page])

    def _read(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        more = "".join(f", s.{one.name}" for one in self.kind.fields if one.store == "side")
        found = by_id(
            self.context,
            f"SELECT {_DOCUMENT_COLUMNS}{more} FROM document d "
            f"LEFT JOIN branch b ON b.id = d.branch_id{side(self.kind, bool(more))}",
            "d.id",
            ids,
        )
        today = self.context.today.isoformat()
        from .marks import complete

        complete(self.context, self.kind, found)
        for row in found:
            decorate(self.kind, row, today)
        return found

    def index_of(self, row_id: int) -> int | None:
        """Where a document stands, None when it is not among the first 10 000 (while only those
        of a screen were read, among them)."""
        if not self.complete and self._first and not self._lazy:
            return next((at for at, row in enumerate(self._first) if row[0] == row_id), None)
        if not self._places:
            self._places = {row[0]: place for place, row in enumerate(self._held)}
        return self._places.get(row_id)


def _counted(rows: int, net: int) -> Count:
    return Count(rows, net) if rows <= EXACT else Count(EXACT, exact=False)


def by_id(context: Context, select: str, key: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of some ids in their order; those deleted meanwhile are missing."""
    if not ids:
        return []
    found = {
        row["id"]: row
        for row in context.database.mappings(
            f"{select} WHERE {key} IN ({', '.join('?' * len(ids))})", tuple(ids)
        )
    }
    return [found[one] for one in ids if one in found]


def decorate(kind: DocType, row: dict[str, Any], today: str) -> None:
    """Give a row its ref, its state in words, the sign and role of the first mark it bears."""
    from codial_tui.domain.rules import PREDICATES

    row["ref"] = row["number"] or ref_of(kind.kind, row["id"])

    state = kind.state(row["state"])
    row["state_label"], row["sign"], row["role"] = state.label, state.sign, state.role
    for mark in kind.marks:
        if mark.sign and PREDICATES[mark.predicate](row, today):
            row["sign"], row["role"] = mark.sign, mark.role
            break


def sums(context: Context, ids: Collection[int]) -> tuple[int, int]:
    """HT and TTC of some documents, in cents."""
    row = context.database.row(
        "SELECT COALESCE(SUM(net_total), 0), COALESCE(SUM(gross_total), 0) FROM document "
        f"WHERE id IN ({', '.join(map(str, ids)) or 'NULL'})"
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def capped(context: Context, source: str, params: Sequence[Any] = ()) -> Count:
    """How many rows a FROM … WHERE … has, exact up to 10 000; sorts and sums nothing."""
    rows = context.database.value(
        f"SELECT COUNT(*) FROM (SELECT 1 {source} LIMIT {EXACT + 1}) AS found", params
    )
    return Count(min(rows, EXACT), exact=rows <= EXACT)


def still_there(context: Context, name: str, row_id: int) -> None:
    """Raises Refused when a record (or, with another name, a document) was deleted meanwhile."""
    record = find_record(name)
    table, title = (record.table, record.title) if record else ("document", "Document")
    if not context.database.row(f"SELECT 1 FROM {table} WHERE id = ?", (row_id,)):
        raise refuse("row.gone", f"{title} : n'existe plus", "quelqu'un l'a supprimé")


def state_counts(context: Context, kind: str) -> dict[str, Count]:
    """Documents of a kind by state, and all of them under ""."""
    found = {
        state.name: capped(
            context, "FROM document WHERE kind = ? AND state = ?", (kind, state.name)
        )
        for state in doc_type(kind).states
    }
    rows = sum(one.rows for one in found.values())
    exact = rows <= EXACT and all(one.exact for one in found.values())
    return {**found, "": Count(min(rows, EXACT), exact=exact)}


def marked(context: Context, kind: DocType, mark: str) -> Count:
    """Documents of a kind that bear a mark."""
    where, params = conditions(context, kind, Query(kind.kind, mark=mark))
    return capped(context, f"FROM document d{side(kind, True)} WHERE {where}", params)
