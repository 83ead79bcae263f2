"""Which documents a document comes from and which it became, through the links of its lines; and
where each of its lines went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from codial_tui.domain.chain.transfer import is_carried
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type, outbound, pools_of, ref_of
from codial_tui.domain.structure import numbers
from codial_tui.services.buying import back_to_back
from codial_tui.services.context import Context

from . import pools

_CHAIN = """
WITH RECURSIVE up (id) AS (
  SELECT id FROM document WHERE id = ?
  UNION
  SELECT s.document_id FROM up JOIN document_line t ON t.document_id = up.id
  JOIN line_link k ON k.target_line_id = t.id JOIN document_line s ON s.id = k.source_line_id
), chain (id) AS (
  SELECT id FROM up
  UNION
  SELECT t.document_id FROM chain JOIN document_line s ON s.document_id = chain.id
  JOIN line_link k ON k.source_line_id = s.id JOIN document_line t ON t.id = k.target_line_id
)
"""
"""Everything a document descends from, and everything that descends from one of those. UNION drops
what was found already, so that a circle ends."""

_EDGES = (
    _CHAIN
    + """
SELECT s.document_id, t.document_id, SUM(k.quantity),
SUM(CASE WHEN k.relation = 'supply' THEN NULL ELSE k.amount END) FROM chain
JOIN document_line t ON t.document_id = chain.id
JOIN line_link k ON k.target_line_id = t.id JOIN document_line s ON s.id = k.source_line_id
WHERE s.document_id IN (SELECT id FROM chain) AND NOT (k.relation = 'bill' AND k.pool = 'deliver')
AND NOT EXISTS (
  SELECT 1 FROM line_link near JOIN line_link far ON far.target_line_id = near.source_line_id
  WHERE near.target_line_id = k.target_line_id AND far.source_line_id = k.source_line_id
) GROUP BY s.document_id, t.document_id
"""
)
"""Quantity and cents HT from document to document. What is billed of a delivery note is linked to
its order too: the chain shows the way it went. What was taken along with an invoice is counted
once, as billed."""

_DOCUMENTS = (
    _CHAIN
    + """
SELECT d.id, d.kind, d.number, d.date, d.state, d.subject FROM document d
WHERE d.id IN (SELECT id FROM chain) ORDER BY d.date, d.id
"""
)

_PASSAGES = """
SELECT m.uid, k.relation, CASE WHEN k.relation = 'return' THEN '' ELSE k.pool END,
CASE WHEN k.relation = 'return' AND k.pool = 'deliver' THEN -k.quantity ELSE k.quantity END,
d.id, d.kind, d.number, d.date, d.state, o.uid
FROM document_line m JOIN line_link k ON k.{mine} = m.id
JOIN document_line o ON o.id = k.{other} JOIN document d ON d.id = o.document_id
WHERE m.document_id = ? ORDER BY d.date, d.id, k.id
"""


_ORDER_OF = "SELECT order_id FROM deposit WHERE document_id = ?"
_DEPOSITS = (
    "SELECT d.order_id, i.net_total, i.id, i.kind, i.number, i.date, i.state FROM deposit d "
    "JOIN document i ON i.id = d.document_id WHERE d.order_id IN ({marks}) ORDER BY d.id"
)
"""A deposit has no line of its order: it hangs on the order as a whole."""


class Node(NamedTuple):
    """A document in its chain. depth: how far below the first one; quantity (10⁻⁴) and amount
    (cents HT): what came from the document above it, None for a first one, a deposit has no
    quantity, what is bought for it no amount; here: it is the one asked about."""

    id: int
    depth: int
    ref: str
    date: str
    state: str
    subject: str
    quantity: int | None
    amount: int | None
    here: bool


def tree(context: Context, document_id: int) -> list[Node]:
    """The whole chain of a document, each below what it comes from; one with several parents
    stands below each, and what comes after it below the first. Only itself: it has none."""
    rows = context.database.rows
    start = context.database.value(_ORDER_OF, (document_id,), document_id)  # of a deposit
    found = {row[0]: row for row in rows(_DOCUMENTS, (start,))}
    children: dict[int, list[tuple[int, int | None, int | None]]] = {}
    parents: set[int] = set()
    for source, target, quantity, amount in rows(_EDGES, (start,)):
        if source != target:
            children.setdefault(source, []).append((target, quantity, amount))
            parents.add(target)
    for source, amount, *row in rows(
        _DEPOSITS.format(marks=", ".join("?" * len(found))), sorted(found)
    ):
        found.setdefault(row[0], (*row, "Acompte"))
        children.setdefault(source, []).append((row[0], None, amount))
        parents.add(row[0])
    by_date = sorted(found.values(), key=lambda row: (row[3], row[0]))
    order = {row[0]: place for place, row in enumerate(by_date)}
    nodes: list[Node] = []
    seen: set[int] = set()
    first = [key for key in found if key not in parents]
    for root in (*first, document_id, *found):  # a circle has no first one
        stack: list[tuple[int, int, int | None, int | None]] = []
        if root not in seen:
            stack = [(root, 0, None, None)]
        while stack:
            key, depth, quantity, amount = stack.pop()
            _, kind, number, date, state, subject = found[key]
            ref, label = number or ref_of(kind, key), doc_type(kind).state(state).label
            here = key == document_id
            nodes.append(Node(key, depth, ref, date, label, subject, quantity, amount, here))
            if key not in seen:
                seen.add(key)
                below = sorted(children.get(key, ()), key=lambda one: order[one[0]], reverse=True)
                stack += [(one, depth + 1, quantity, amount) for one, quantity, amount in below]
    return nodes


class Passage(NamedTuple):
    """So much of a line (10⁻⁴) that came from another document (`way` -1) or went into one (1).
    did: what became of it, in words; line: uid of the other line."""

    way: int
    did: str
    quantity: int
    document_id: int
    ref: str
    date: str
    state: str
    line: str


@dataclass(slots=True)
class Trail:
    """A line, what is left of it in each pool of its document (10⁻⁴), and where it came from and
    went."""

    uid: str
    number: str
    reference: str
    label: str
    unit: str
    quantity: int
    left: dict[str, int] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)


LEFT = {"order": "Reste", "deliver": "À livrer", "bill": "À facturer"}
"""What is left in a pool, as a heading says it."""

DONE = {"order": "transféré", "deliver": "livré", "bill": "facturé", "": "copié"}
WITH_INVOICE = "emporté"
RETURNED = "retourné"
ORDERED, ORDERED_FOR = "commandé", "commandé pour"


def left_columns(kind: str) -> list[tuple[str, str]]:
    """The pools of a kind and the heading of what is left in each."""
    return [(name, LEFT[name]) for name in pools_of(kind) if name in LEFT]


def trails(context: Context, document: Document) -> list[Trail]:
    """Every line that can go somewhere, in order: which document took how much of which pool,
    and what is left."""
    left: dict[str, dict[str, int]] = {}
    for _, inbound in outbound(document.kind, context.editions):
        name = inbound.pools[0] if inbound.pools and inbound.sign > 0 else ""
        if name and name not in left:
            of_pool = pools.left_of(context.database, document, inbound)
            left[name] = {uid: one.quantity for uid, one in of_pool.items()}
    said = numbers(document)
    bought = {one.sale_line for one in back_to_back.of_document(context.database, document.id)}
    found = {
        line.uid: Trail(
            line.uid,
            said.get(line.uid, ""),
            line.reference,
            line.label,
            line.unit,
            line.quantity,
            {name: of_pool.get(line.uid, 0) for name, of_pool in left.items()},
        )
        for line in document.lines
        if is_carried(line) or line.uid in bought
    }
    for way, mine, other in (
        (-1, "target_line_id", "source_line_id"),
        (1, "source_line_id", "target_line_id"),
    ):
        sql = _PASSAGES.format(mine=mine, other=other)
        for uid, *row in _together(context.database.rows(sql, (document.id,))):
            if uid in found:
                found[uid].passages.append(_passage(way, *row))
    return list(found.values())


def _together(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
    """A merged line may have several links to the same one: their quantities added up."""
    found: dict[tuple[Any, ...], int] = {}
    for uid, relation, pool, quantity, *rest in rows:
        key = (uid, relation, pool, *rest)
        found[key] = found.get(key, 0) + quantity
    return [(*key[:3], quantity, *key[3:]) for key, quantity in found.items()]


def _passage(
    way: int,
    relation: str,
    pool: str,
    quantity: int,
    document_id: int,
    kind: str,
    number: str | None,
    date: str,
    state: str,
    line: str,
) -> Passage:
    did = RETURNED if relation == "return" else DONE.get(pool, pool)
    if relation == "bill" and pool == "deliver":
        did = WITH_INVOICE
    if relation == "supply":
        did = ORDERED if way > 0 else ORDERED_FOR
    ref, label = number or ref_of(kind, document_id), doc_type(kind).state(state).label
    return Passage(way, did, quantity, document_id, ref, date, label, line)
