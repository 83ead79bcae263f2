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
    if not document.links:
        return before, after
    for change in changes:
        if change.target != "line" or change.op not in ("set", "delete"):
            continue
        own = [one for one in document.links.values() if one.target_uid == change.uid]
        if change.op == "delete":
            before += [delete(one) for one in own]
        elif "quantity" in (change.after or {}):
            for pool in {one.pool for one in own}:
                mine = [one for one in own if one.pool == pool]
                after += _fitted(database, mine, (change.after or {})["quantity"])
    return before, after


def _fitted(database: Queries, links: list[Link], quantity: int) -> list[Change]:
    """Spread a line's quantity over its links of one pool, the oldest first."""
    found = []
    for link in links:
        pool = _pool(database, link)
        room = pool.left if link.pool else link.quantity
        wanted = same_side(quantity, room)
        quantity -= wanted
        change = set_link(link, quantity=wanted, amount=pool.amount_of(wanted))
        found += [change] if change else []
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
