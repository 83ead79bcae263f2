"""Links follow the lines they lead to: a line made smaller gives back, a deleted one too."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.changes import Change, delete, set_link
from codial_tui.domain.document import Document, Link
from codial_tui.domain.transfer import Pool, same_side
from codial_tui.models.queries import Queries

_POOL = (
    "SELECT COALESCE(p.quantity, l.quantity), COALESCE(p.taken, 0), l.net_amount, "
    "(SELECT COALESCE(SUM(k.amount), 0) FROM line_link k "
    "WHERE k.source_line_id = l.id AND k.pool = ?) FROM document_line l "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = ? WHERE l.id = ?"
)


def following(
    database: Queries, document: Document, changes: Sequence[Change]
) -> tuple[list[Change], list[Change]]:
    """The link changes that go before and after these changes of lines. A line takes as much of
    its sources as it has itself, as far as something is left there; the rest is unlinked."""
    before: list[Change] = []
    after: list[Change] = []
    by_line: dict[str, list[Link]] = {}
    for one in document.links.values():
        by_line.setdefault(one.target_uid, []).append(one)
    for change in changes if by_line else ():
        if change.target != "line" or change.op not in ("set", "delete"):
            continue
        own = by_line.get(change.uid, [])
        if change.op == "delete":
            before += [delete(one) for one in own]
        elif "quantity" in (change.after or {}):
            after += _resized(database, own, (change.after or {})["quantity"])
    return before, after


def _resized(database: Queries, own: list[Link], quantity: int) -> list[Change]:
    """Bring the links of a line to its quantity, pool by pool. What is billed of a delivery note
    is billed of its order too: such links follow those to the note."""
    origins = _origins(database, own)
    behind = {line_id for found in origins.values() for line_id in found}
    changes = []
    for pool in dict.fromkeys(one.pool for one in own):
        mine = [one for one in own if one.pool == pool]
        through = [one for one in mine if one.source_line_id in behind]
        fitted = _fitted(database, [one for one in mine if one not in through], quantity)
        passed = sum(wanted for one, wanted, _ in fitted if one.source_line_id in origins)
        fitted += _fitted(database, through, passed)
        changes += [set_link(one, quantity=w, amount=amount) for one, w, amount in fitted]
    return [one for one in changes if one is not None]


def _origins(database: Queries, own: list[Link]) -> dict[int, set[int]]:
    """By line: the lines it fulfils."""
    found: dict[int, set[int]] = {}
    for one in own if len(own) > 1 else ():
        rows = database.rows(
            "SELECT source_line_id FROM line_link WHERE target_line_id = ? AND relation = 'fulfil'",
            (one.source_line_id,),
        )
        if rows:
            found[one.source_line_id] = {row[0] for row in rows}
    return found


def _fitted(database: Queries, links: list[Link], quantity: int) -> list[tuple[Link, int, int]]:
    """Spread a quantity over links, the oldest first: each with its quantity and cents."""
    found = []
    for link in links:
        pool = _pool(database, link)
        wanted = same_side(quantity, pool.left if link.pool else link.quantity)
        quantity -= wanted
        found.append((link, wanted, pool.amount_of(wanted)))
    return found


def _pool(database: Queries, link: Link) -> Pool:
    """The pool a link takes from, as if it took nothing."""
    row = database.row(_POOL, (link.pool, link.pool, link.source_line_id))
    assert row is not None
    quantity, taken, net, amount = row
    taken, amount = (taken - link.quantity, amount - link.amount) if link.pool else (0, 0)
    return Pool(link.source_line_id, link.pool, quantity, taken, net, amount)


def source_lines(document: Document, changes: Sequence[Change]) -> set[int]:
    """The lines that these changes take from or give back to."""
    found = set()
    for change in changes:
        if change.target == "link":
            row = change.after if change.op == "insert" else change.before
            line_id = (row or {}).get("source_line_id")
            found.add(line_id or document.links[change.uid].source_line_id)
    return found
