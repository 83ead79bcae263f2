"""What was billed and came back: the law of billing, in one place (design.md §2 « Pools »).

Of every line that something is billed of (an order's or a delivery note's):

- billed: what invoices took of it; of an order's line, directly or through its delivery notes.
- credited: what came back after it was billed. A printed return owes it as a negative `bill` of
  its own, so it counts from then on, invoiced or not.
- due = billed − credited, and 0 ≤ due ≤ ordered − what came back for good.

Links say it. When a return is printed (`returns.settle`), it is linked to the order's line:

| came back              | for good       | to be delivered again  |
|------------------------|----------------|------------------------|
| u, before it was billed | `bill` u       | –                      |
| c, after               | "" c           | `bill` −c and "" c     |
| all of it              |                | `deliver` −(u + c)     |

So what is taken of `bill` is due + what came back for good: never above the line, which the CHECK
of the schema holds, and never below what the links of returns say in `bill` and "" together, which
is held here: whatever gives back (an invoice undone, deleted or made smaller) leaves that much.
A delivery note's line is linked to its return with `bill` u and "" c, and obeys the same rule.

The ceiling too is looked at here first, so that whoever is refused (undoing a line that was made
smaller, when others took the rest) learns by whom; the CHECK is for what nobody foresaw.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codial_tui.domain.changes import Change, row_of
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.errors import Refused
from codial_tui.models.queries import Queries

NAMED = 3
"""Documents in the way that are named: the last ones."""

CAME_BACK = (
    "(SELECT COALESCE(SUM(b.quantity), 0) FROM line_link b WHERE b.source_line_id = {line} "
    "AND b.relation = 'return' AND b.pool IN ('bill', ''))"
)
"""Below this, 10⁻⁴, what is taken of the `bill` of a line does not go."""

_LINE = (
    "SELECT l.label, COALESCE(p.quantity, l.quantity), COALESCE(p.taken, 0), "
    f"{CAME_BACK.format(line='l.id')} FROM document_line l "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = ? WHERE l.id = ?"
)
_LINKED = (
    "SELECT DISTINCT d.id, d.kind, d.number, d.state FROM line_link k "
    "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
    "WHERE k.source_line_id = ? AND k.pool = ? AND k.relation {relation} 'return' AND d.id <> ? "
    "ORDER BY d.id"
)


def keep(database: Queries, document: Document, changes: Sequence[Change]) -> None:
    """Let these changes of a document's links leave billed what was credited, and take no more
    than there is; inside the transaction, before they are written. Raises Refused."""
    found = problem(database, document, changes)
    if found is not None:
        raise Refused(found)


def problem(database: Queries, document: Document, changes: Sequence[Change]) -> Problem | None:
    """Why these changes of links, applied to the document in memory, cannot be: `line.credited`,
    `line.taken`, with who is in the way; None when they can."""
    more: dict[tuple[int, str], int] = {}
    back: dict[int, int] = {}
    for line_id, relation, pool, quantity in _moved(document, changes):
        key = (line_id, pool or "bill")
        more[key] = more.get(key, 0) + (quantity if pool else 0)
        if relation == "return" and pool in ("bill", ""):
            back[line_id] = back.get(line_id, 0) + quantity
    for (line_id, pool), quantity in sorted(more.items()):
        row = database.row(_LINE, (pool, line_id))
        assert row is not None
        label, whole, taken, floor = row
        way = -1 if whole < 0 else 1
        if way * quantity > 0 and way * (taken + quantity - whole) > 0:
            return _taken(database, document, line_id, pool, label)
        free = taken - floor
        given = back.get(line_id, 0) - quantity
        if pool == "bill" and way * given > 0 and way * (free - given) < 0:
            return _credited(database, document, line_id, label, free)
    return None


def _moved(document: Document, changes: Sequence[Change]) -> Iterator[tuple[int, str, str, int]]:
    """Source line, relation, pool and how much more is linked."""
    own = [one for one in changes if one.target == "link"]
    known: dict[str, Mapping[str, Any]] = {
        uid: row_of(link) for uid, link in document.links.items()
    }
    known |= {one.uid: one.before for one in own if one.op == "delete" and one.before}
    for change in own:
        row = known[change.uid]
        before, after = change.before or {}, change.after or {}
        more = after.get("quantity", 0) - before.get("quantity", 0)
        yield row["source_line_id"], row["relation"], row["pool"], more


def _taken(database: Queries, document: Document, line_id: int, pool: str, label: str) -> Problem:
    rows = database.rows(_LINKED.format(relation="<>"), (line_id, pool, document.id))
    words = f"« {label[:20]} » : pris depuis par {_refs(rows)}"
    return Problem("line.taken", "lines", words, "annulez d'abord cette pièce")


def _credited(
    database: Queries, document: Document, line_id: int, label: str, free: int
) -> Problem:
    """free: what could be given back all the same, 10⁻⁴."""
    rows = database.rows(_LINKED.format(relation="="), (line_id, "", document.id))
    is_open = bool(rows) and all(row[3] == "open" for row in rows)
    more = f", retirez {format_quantity(free, 0)} au plus" if free else ""
    return Problem(
        "line.credited",
        "lines",
        f"« {label[:20]} » : revenu par {_refs(rows)}{more}",
        "annulez ce retour" if is_open else "faites l'avoir",
    )


def _refs(rows: Sequence[Sequence[Any]]) -> str:
    return ", ".join(number or ref_of(kind, key) for key, kind, number, _ in rows[-NAMED:])
