"""What is left of lines: pools as the database keeps them (design.md §2).

A pool row is made when something is first taken; until then a line has its whole quantity. The
database refuses to take more than there is, whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from codial_tui.domain.chain.transfer import Left, Pool, is_carried, same_side
from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type, pools_of
from codial_tui.domain.lines.progress import how_far
from codial_tui.domain.money import div_round
from codial_tui.domain.spec import Inbound, Side
from codial_tui.models.queries import Queries

CHUNK = 500

_OWN = (
    "SELECT l.id, p.pool, p.quantity, p.taken, (SELECT SUM(k.amount) FROM line_link k "
    "WHERE k.source_line_id = l.id AND k.pool = p.pool) FROM document_line l "
    "JOIN line_pool p ON p.line_id = l.id WHERE l.document_id = ?"
)
_ORIGINS = (
    "SELECT k.target_line_id, o.id, o.quantity, o.net_amount, k.quantity, "
    "CASE WHEN COALESCE(g.given_up_at, h.given_up_at) IS NULL "
    "THEN COALESCE(p.quantity, o.quantity) "
    "ELSE COALESCE(v.taken, 0) END, COALESCE(p.taken, 0), "
    "(SELECT SUM(b.amount) FROM line_link b WHERE b.source_line_id = o.id AND b.pool = ?) "
    "FROM line_link k JOIN document_line t ON t.id = k.target_line_id "
    "JOIN document_line o ON o.id = k.source_line_id "
    "LEFT JOIN line_pool p ON p.line_id = o.id AND p.pool = ? "
    "LEFT JOIN line_pool v ON v.line_id = o.id AND v.pool = 'deliver' "
    "LEFT JOIN document_order g ON g.document_id = o.document_id "
    "LEFT JOIN document_purchase h ON h.document_id = o.document_id "
    "WHERE t.document_id = ? AND k.relation = 'fulfil' ORDER BY k.id"
)
_RETURNED = (
    "SELECT k.source_line_id, k.pool, SUM(k.quantity), SUM(k.amount) FROM line_link k "
    "JOIN document_line l ON l.id = k.source_line_id "
    "WHERE l.document_id = ? AND k.relation = 'return' AND k.pool IN ('', 'bill') "
    "GROUP BY k.source_line_id, k.pool"
)
_DELIVERED = (
    "SELECT l.uid, SUM(k.quantity) FROM line_link k "
    "JOIN document_line l ON l.id = k.source_line_id "
    "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
    "WHERE l.document_id = ? AND k.pool = 'deliver' AND "
    "d.state IN ('printed', 'validated', 'posted') GROUP BY l.uid"
)


def left_of(database: Queries, source: Document, inbound: Inbound) -> dict[str, Left]:
    """What the transfer can take of every line that may go, by line uid."""
    own = _own_pools(database, source)
    origins = _origins(database, source, inbound)
    returned = _returned(database, source) if inbound.sign < 0 else {}
    found: dict[str, Left] = {}
    spent: dict[tuple[int, str], Pool] = {}
    for line in source.lines:
        if not is_carried(line):
            continue
        pools = _pools(source, line, inbound, own)
        quantity = pools[0].left if pools else line.quantity
        if inbound.sign < 0:
            billed = returned.get((line.id, ""), (0, 0))
            back = billed[0] + returned.get((line.id, "bill"), (0, 0))[0]
            quantity = line.quantity - back
            pools += (Pool(line.id or 0, "", line.quantity, billed[0], line.net_amount, billed[1]),)
        through, linked = origins.get(line.id or 0, ((), 0))
        if through:  # two lines may come from the same one: what the first may take is gone
            through = tuple(spent.get((one.line_id, one.name), one) for one in through)
            there = line.quantity - linked + sum(one.left for one in through)
            quantity = same_side(quantity, there)
            _spend(spent, through, quantity)
        found[line.uid] = Left(quantity, pools, through)
    return found


def _returned(database: Queries, source: Document) -> dict[tuple[int | None, str], tuple[int, int]]:
    """Quantity and cents HT that went back of each line, by line id and pool."""
    return {(row[0], row[1]): (row[2], row[3]) for row in database.rows(_RETURNED, (source.id,))}


def _spend(spent: dict[tuple[int, str], Pool], through: Sequence[Pool], quantity: int) -> None:
    for one in through:
        part = same_side(quantity, one.left)
        amount = one.amount + one.amount_of(part)
        spent[one.line_id, one.name] = one._replace(taken=one.taken + part, amount=amount)
        quantity -= part


def _own_pools(database: Queries, source: Document) -> dict[tuple[int, str], tuple[int, int, int]]:
    return {
        (line_id, pool): (quantity, taken, amount or 0)
        for line_id, pool, quantity, taken, amount in database.rows(_OWN, (source.id,))
    }


def _pools(
    source: Document,
    line: Line,
    inbound: Inbound,
    own: dict[tuple[int, str], tuple[int, int, int]],
) -> tuple[Pool, ...]:
    """The pools of a line that a transfer draws on. What a given up order did not deliver is in
    none of them."""
    names = (*inbound.pools, *filter(None, (inbound.asks,)))
    line_id = line.id or 0
    found = []
    for name in names:
        quantity, taken, amount = own.get((line_id, name), (line.quantity, 0, 0))
        net = line.net_amount
        if source.header.get("given_up_at"):
            delivered = own.get((line_id, "deliver"), (0, 0, 0))[1]
            quantity = taken + same_side(delivered - taken, quantity - taken)
        if quantity != line.quantity and line.quantity:
            net = div_round(net * quantity, line.quantity)
        found.append(Pool(line_id, name, quantity, taken, net, amount))
    return tuple(found)


def _origins(
    database: Queries, source: Document, inbound: Inbound
) -> dict[int, tuple[tuple[Pool, ...], int]]:
    """By line id: the pools of the lines it comes from, and how much of it came from them."""
    found: dict[int, tuple[tuple[Pool, ...], int]] = {}
    for name in inbound.through:
        for row in database.rows(_ORIGINS, (name, name, source.id)):
            target, line_id, whole, net, linked, quantity, taken, amount = row
            if quantity != whole and whole:
                net = div_round(net * quantity, whole)
            pools, before = found.get(target, ((), 0))
            pool = Pool(line_id, name, quantity, taken, net, amount or 0)
            found[target] = ((*pools, pool), before + linked)
    return found


def turn(database: Any) -> None:
    """One transaction at a time moves quantities between documents, as on SQLite anyway: which
    documents it touches is known only on the way."""
    database.take_turn("chain")


def ensure(database: Any, pools: Iterable[tuple[int, str]]) -> None:
    """Make the pools of lines that have none yet, inside the caller's transaction."""
    database.executemany(
        "INSERT INTO line_pool (line_id, pool, quantity, taken) "
        "SELECT id, ?, quantity, 0 FROM document_line WHERE id = ? "
        "ON CONFLICT (line_id, pool) DO NOTHING",
        [(pool, line_id) for line_id, pool in sorted(set(pools))],
    )


def taken(database: Queries, document_id: int) -> dict[str, dict[str, int]]:
    """What other documents took of each line, by line uid and pool; only where something was."""
    found: dict[str, dict[str, int]] = {}
    for uid, pool, quantity in database.rows(
        "SELECT l.uid, p.pool, p.taken FROM line_pool p JOIN document_line l ON l.id = p.line_id "
        "WHERE l.document_id = ? AND p.taken <> 0",
        (document_id,),
    ):
        found.setdefault(uid, {})[pool] = quantity
    return found


def delivered(database: Queries, document_id: int) -> dict[str, int]:
    """Livré by line uid (10⁻⁴): what printed delivery notes and validated invoices took of
    `deliver` (domain.md §2)."""
    return dict(database.rows(_DELIVERED, (document_id,)))


def refresh(database: Any, documents: Collection[int]) -> None:
    """Bring the cached progress of documents up to date, and of the delivery notes that are
    billed of them, inside the caller's transaction."""
    for document_id in sorted({*documents, *_fulfilling(database, documents or {0})}):
        row = database.row(
            "SELECT d.kind, COALESCE(o.given_up_at, u.given_up_at), d.delivery, d.billing "
            "FROM document d LEFT JOIN document_order o ON o.document_id = d.id "
            "LEFT JOIN document_purchase u ON u.document_id = d.id WHERE d.id = ?",
            (document_id,),
        )
        if row is not None and doc_type(row[0]).matched:
            _refresh_matched(database, document_id, row[3])
            continue
        columns = progress_of(row[0]) if row is not None else ()
        if not columns:
            continue
        through = any(one.relation == "fulfil" for one in doc_type(row[0]).inbound)
        values = {
            column: how_far(_quantities(database, document_id, pool, through, bool(row[1])))
            for pool, column in columns
        }
        if any(now != row[2 if column == "delivery" else 3] for column, now in values.items()):
            sets = ", ".join(f"{name} = ?" for name in values)
            database.execute(
                f"UPDATE document SET {sets} WHERE id = ?", (*values.values(), document_id)
            )


ANSWERED = (
    "k.relation = 'bill' AND NOT EXISTS (SELECT 1 FROM line_link f JOIN line_link b "
    "ON b.source_line_id = f.target_line_id AND b.target_line_id = k.target_line_id "
    "WHERE f.source_line_id = k.source_line_id AND f.relation = 'fulfil')"
)
"""Of links `k`: what a line of an invoice answers, once; not the order behind a receipt that it
answers already."""


def _refresh_matched(database: Any, document_id: int, before: str) -> None:
    """How far the lines of what was received answer what came: its `billing`."""
    found = database.rows(
        "SELECT l.quantity, l.quantity - COALESCE((SELECT SUM(k.quantity) FROM line_link k "
        f"WHERE k.target_line_id = l.id AND {ANSWERED}), 0) FROM document_line l "
        "WHERE l.document_id = ? AND l.parent_uid IS NULL AND l.tag = '' "
        "AND l.type IN ('item', 'assembly', 'ad_hoc_assembly')",
        (document_id,),
    )
    now = how_far((quantity, left) for quantity, left in found)
    if now != before:
        database.execute("UPDATE document SET billing = ? WHERE id = ?", (now, document_id))


PROGRESS = (("deliver", "delivery"), ("bill", "billing"))
"""Pools whose progress a document keeps, and the column."""


def progress_of(kind: str) -> tuple[tuple[str, str], ...]:
    """The pools of a kind whose progress is kept, and the column: what is ordered of a purchase
    request stands where the others have what was delivered."""
    names = pools_of(kind)
    if doc_type(kind).side is Side.PURCHASE and "order" in names:
        return (("order", "delivery"),)
    return tuple(one for one in PROGRESS if one[0] in names)


def _fulfilling(database: Queries, documents: Collection[int]) -> set[int]:
    """The documents that deliver these: what is billed of one side is no longer billed of the
    other."""
    marks = ", ".join("?" * len(documents))
    return {
        row[0]
        for row in database.rows(
            "SELECT DISTINCT t.document_id FROM document_line s "
            "JOIN line_link k ON k.source_line_id = s.id "
            "JOIN document_line t ON t.id = k.target_line_id "
            f"WHERE s.document_id IN ({marks}) AND k.relation = 'fulfil'",
            tuple(documents),
        )
    }


def origins_of(database: Queries, documents: Collection[int]) -> set[int]:
    """The documents whose lines these come from, and those that they come from in their turn."""
    found: set[int] = set()
    wanted = set(documents)
    while wanted:
        marks = ", ".join("?" * len(wanted))
        parents = {
            row[0]
            for row in database.rows(
                "SELECT DISTINCT s.document_id FROM document_line t "
                "JOIN line_link k ON k.target_line_id = t.id "
                "JOIN document_line s ON s.id = k.source_line_id "
                f"WHERE t.document_id IN ({marks})",
                tuple(wanted),
            )
        }
        wanted = parents - found
        found |= parents
    return found


def _quantities(
    database: Queries, document_id: int, pool: str, through: bool, given_up: bool
) -> Sequence[tuple[int, int]]:
    """Quantity of every counting line, and what of it is left in a pool; of a delivery note no
    more than its orders have left to bill, of a given up order no more than was delivered."""
    rows = database.rows(
        "SELECT l.id, COALESCE(p.quantity, l.quantity), COALESCE(p.taken, 0), l.quantity, "
        "COALESCE(d.taken, 0) FROM document_line l "
        "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = ? "
        "LEFT JOIN line_pool d ON d.line_id = l.id AND d.pool = 'deliver' "
        "WHERE l.document_id = ? AND l.parent_uid IS NULL AND l.tag = '' "
        "AND l.type IN ('item', 'assembly', 'ad_hoc_assembly')",
        (pool, document_id),
    )
    found = {
        line_id: (quantity, quantity - taken, own) for line_id, quantity, taken, own, _ in rows
    }
    if given_up and pool == "bill":
        for line_id, _, taken, own, delivered in rows:
            found[line_id] = (delivered, same_side(found[line_id][1], delivered - taken), own)
    if through and pool == "bill":
        ceilings: dict[int, int] = {}
        for target, _, _, _, linked, quantity, gone, _ in database.rows(
            _ORIGINS, (pool, pool, document_id)
        ):
            own = found[target][2] if target in found else 0
            ceilings[target] = ceilings.get(target, own) - linked + quantity - gone
        for line_id, there in ceilings.items():
            if line_id in found:
                quantity, left, own = found[line_id]
                found[line_id] = (quantity, same_side(left, there), own)
    return [(quantity, left) for quantity, left, _ in found.values()]


def documents_of(database: Queries, line_ids: Collection[int]) -> set[int]:
    """The documents that these lines belong to."""
    ids = sorted(line_ids)
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        found |= {
            row[0]
            for row in database.rows(
                f"SELECT DISTINCT document_id FROM document_line WHERE id IN ({marks})", page
            )
        }
    return found


def share(net: int, quantity: int, taken: int) -> int:
    """Cents HT of a part of a line, on its own."""
    return div_round(net * taken, quantity) if quantity else 0
