"""Links follow the lines they lead to: a line made smaller gives back, a deleted one too."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.chain.transfer import Pool, same_side
from codial_tui.domain.changes import Change, delete, set_link
from codial_tui.domain.document import Document, Line, Link
from codial_tui.models.queries import Queries
from codial_tui.services.stock.coming import stocked

_POOL = (
    "SELECT COALESCE(p.quantity, l.quantity), COALESCE(p.taken, 0), l.net_amount, "
    "(SELECT COALESCE(SUM(k.amount), 0) FROM line_link k "
    "WHERE k.source_line_id = l.id AND k.pool = ?) FROM document_line l "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = ? WHERE l.id = ?"
)

_BILLED = (
    "SELECT l.quantity, l.unit_price, l.net_amount, COALESCE(SUM(k.quantity), 0), "
    "COALESCE(SUM(k.amount), 0) FROM document_line l LEFT JOIN line_link k "
    "ON k.source_line_id = l.id AND k.relation = 'correct' AND k.uid <> ? WHERE l.id = ? "
    "GROUP BY l.quantity, l.unit_price, l.net_amount"
)

_BOUGHT_BY = "SELECT unit, purchase_unit, purchase_factor FROM item WHERE id = ?"


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
            continue
        now = change.after or {}
        if "quantity" in now or "unit" in now:
            line = document.line(change.uid)
            unit = now.get("unit", line.unit)
            after += _bought(database, line, own, now.get("quantity", line.quantity), unit)
        if "quantity" in now:
            were, quantity = (change.before or {})["quantity"], now["quantity"]
            taken = [one for one in own if one.pool != "buy"]
            after += _resized(database, taken, were, quantity)
    return before, after


def _bought(
    database: Queries, line: Line, own: list[Link], quantity: int, unit: str
) -> list[Change]:
    """A purchase line is bought for no more than it has, in the unit of the needs: what came last
    gives its need back. What it has beyond is for the stock."""
    links = [one for one in own if one.pool == "buy"]
    if not links:
        return []
    units = database.row(_BOUGHT_BY, (line.item_id,)) if line.item_id else None
    rest = max(0, stocked(quantity, unit, *units) if units else quantity)
    changes = []
    for one in links:
        wanted = min(one.quantity, rest)
        rest -= wanted
        changes.append(set_link(one, quantity=wanted) if wanted else delete(one))
    return [one for one in changes if one is not None]


def _resized(database: Queries, own: list[Link], before: int, quantity: int) -> list[Change]:
    """Bring the links of a line to its quantity, pool by pool: notes first, the oldest first. What
    is billed of a delivery note is billed of its order too; the rest of what an order is linked
    with was taken directly, and so were the goods that left with the invoice."""
    if own and own[0].relation == "correct":
        changes = [_credited(database, one, quantity) for one in own]
        return [one for one in changes if one is not None]
    origins = _origins(database, own)
    behind = {line_id for found in origins.values() for line_id in found}
    grown = quantity - before if abs(quantity) > abs(before) else 0
    direct: dict[int, int] = {}
    fitted: list[tuple[Link, int, int]] = []
    for pool in sorted({one.pool for one in own}):  # bill before deliver
        mine = [one for one in own if one.pool == pool]
        rest, passed = quantity, dict[int, int]()
        for one in sorted(mine, key=lambda one: one.source_line_id in behind):
            found = _pool(database, one)
            through = passed.get(one.source_line_id, 0)
            wanted = rest + through
            if pool == "deliver" and one.relation == "bill":
                wanted = same_side(direct.get(one.source_line_id, 0), one.quantity + grown)
            wanted = same_side(wanted, found.left if pool else one.quantity)
            here = wanted - same_side(wanted, through)
            rest -= here
            direct[one.source_line_id] = here
            for line_id, linked in origins.get(one.source_line_id, {}).items():
                part = same_side(here, linked)
                here -= part
                passed[line_id] = passed.get(line_id, 0) + part
            fitted.append((one, wanted, found.amount_of(wanted)))
    changes = [set_link(one, quantity=wanted, amount=cents) for one, wanted, cents in fitted]
    return [one for one in changes if one is not None]


def _credited(database: Queries, link: Link, quantity: int) -> Change | None:
    """A credit line credits as much as it has, on the side opposite to what was billed: on the
    other side it corrects a price. That it is no more than was billed is said at validation."""
    row = database.row(_BILLED, (link.uid, link.source_line_id))
    assert row is not None
    billed, price, net, taken, amount = row
    credits = -1 if billed > 0 and price >= 0 else 1
    side = 1 if billed > 0 else -1
    wanted = side * abs(quantity) if quantity * credits > 0 else 0
    cents = Pool(link.source_line_id, "", billed, taken, net, amount).amount_of(wanted)
    return set_link(link, quantity=wanted, amount=cents)


def _origins(database: Queries, own: list[Link]) -> dict[int, dict[int, int]]:
    """By line: the lines it fulfils, and how much of each."""
    found: dict[int, dict[int, int]] = {}
    for one in own if len(own) > 1 else ():
        rows = database.rows(
            "SELECT source_line_id, quantity FROM line_link WHERE target_line_id = ? "
            "AND relation = 'fulfil' ORDER BY id",
            (one.source_line_id,),
        )
        if rows:
            found[one.source_line_id] = dict(rows)
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
