"""The questions of a list in SQL, and what makes a filtered one quick however many documents
there are: its most telling condition, asked of its own index first.

Without it the database walks the documents in the order of the list until enough of them pass,
which is quick when many do and slow when few do. So whatever few documents pass is looked up
first, and only these are sorted; when there are too many, walking is the quick way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from codial_tui.domain.list_filter import ListFilter
from codial_tui.domain.spec import DocType
from codial_tui.domain.text import fold
from codial_tui.models.queries import Queries, like
from codial_tui.services.context import Context

from .mark_sql import MARK_SQL

INDEXED = 3
"""Characters a word needs for the search index (trigrams)."""


class Query(NamedTuple):
    """What a list shows. state "" = all; mark: only documents that bear it; sort: column name.
    ids: these and no others, whatever else they are."""

    kind: str
    state: str = ""
    mark: str = ""
    filter: ListFilter = ListFilter()
    sort: str = "date"
    descending: bool = True
    ids: tuple[int, ...] = ()


def conditions(context: Context, kind: DocType, query: Query) -> tuple[str, list[Any]]:
    """The WHERE of a query (d: document, s: side table) and its parameters."""
    clauses = ["d.kind = ?"]
    params: list[Any] = [query.kind]
    if query.state:
        clauses.append("d.state = ?")
        params.append(query.state)
    if query.mark:
        mark = next(one for one in kind.marks if one.name == query.mark)
        clauses.append(MARK_SQL[mark.predicate])
        today = context.today.isoformat()
        params.append(today + ("T99" if mark.predicate == "follow_up_due" else ""))
    for word in query.filter.words:
        clauses.append("d.search_text LIKE ? ESCAPE '!'")
        params.append(like(fold(word)))
    # `+ 0`: walked in the list's order; few documents are found by `narrowed`
    more, bounds = amounts("d.net_total + 0", query.filter)
    clauses += more
    params += bounds
    for clause, bound in chosen(query.filter):
        clauses.append(clause)
        params.append(bound)
    return " AND ".join(clauses), params


def chosen(wanted: ListFilter) -> list[tuple[str, Any]]:
    """The conditions on days, party, salesperson and branch, with their parameters."""
    found = (
        ("d.date >= ?", wanted.since or None),
        ("d.date <= ?", wanted.until or None),
        ("d.party_id = ?", wanted.party_id),
        ("d.salesperson_id = ?", wanted.salesperson_id),
        ("d.branch_id = ?", wanted.branch_id),
    )
    return [(clause, bound) for clause, bound in found if bound is not None]


def side(kind: DocType, wanted: bool) -> str:
    """The join of a kind's side table (s), when it is wanted."""
    table = kind.side_table
    return f" LEFT JOIN {table} s ON s.document_id = d.id" if table and wanted else ""


def narrowed(queries: Queries, kind: str, wanted: ListFilter, limit: int) -> list[int] | None:
    """Ids of some documents that hold all a filter can find, other kinds' too; None when it
    leaves more than `limit`, or narrows nothing."""
    words = [fold(word) for word in wanted.words]
    if any(len(word) >= INDEXED for word in words):
        found = queries.holding("document", words, limit + 1)
        if len(found) <= limit:
            return found
    if wanted.above is not None or wanted.below is not None:
        clauses, params = amounts("net_total", wanted)
        rows = queries.rows(
            f"SELECT id FROM document WHERE kind = ? AND {' AND '.join(clauses)} LIMIT ?",
            (kind, *params, limit + 1),
        )
        if len(rows) <= limit:
            return [row[0] for row in rows]
    return None


def amounts(column: str, wanted: ListFilter) -> tuple[list[str], list[Any]]:
    """The conditions on an amount, and their parameters."""
    bounds = [(f"{column} > ?", wanted.above), (f"{column} < ?", wanted.below)]
    given = [(clause, bound) for clause, bound in bounds if bound is not None]
    return [clause for clause, _ in given], [bound for _, bound in given]
