"""What orders whose consumption is followed have taken out of the stock with its own delivery
notes (domain.md §7), where others look at what is reserved, needed or leaves twice."""

from __future__ import annotations

from collections.abc import Collection

from codial_tui.domain.document import Document
from codial_tui.domain.money import div_round
from codial_tui.domain.problems import Problem
from codial_tui.models.queries import Queries

CHUNK = 400
_DUE = (
    "d.kind = 'order' AND d.delivery IN ('none', 'part') AND o.given_up_at IS NULL "
    "AND o.consumption_at IS NOT NULL"
)
_OUT = (
    "SELECT c.order_id, n.item_id, SUM(n.quantity) FROM consumption_out c "
    "JOIN document_line n ON n.uid = c.line_uid JOIN document d ON d.id = c.order_id "
    f"JOIN document_order o ON o.document_id = d.id WHERE {_DUE} "
    "GROUP BY c.order_id, n.item_id"
)
_LIVE = "NOT EXISTS (SELECT 1 FROM consumption_entry r WHERE r.reverses = e.id)"
_USED = "e.kind = 'use' AND e.source_uid <> '' AND e.item_id IS NOT NULL"
_WORKED = (
    "SELECT e.document_id, e.item_id, SUM(e.quantity) FROM consumption_entry e "
    "JOIN document d ON d.id = e.document_id JOIN document_order o ON o.document_id = d.id "
    f"WHERE {_DUE} AND {_USED} AND {_LIVE} GROUP BY e.document_id, e.item_id"
)
"""What work orders took out of the stock for orders."""
_LEFT = (
    "SELECT d.id, l.item_id, l.quantity, COALESCE(r.quantity, l.quantity), "
    "COALESCE(p.quantity - p.taken, r.quantity, l.quantity) FROM document d "
    "JOIN document_order o ON o.document_id = d.id JOIN document_line l ON l.document_id = d.id "
    "LEFT JOIN document_line m ON m.uid = l.parent_uid "
    "LEFT JOIN document_line n ON n.uid = m.parent_uid "
    "LEFT JOIN document_line r ON r.id = COALESCE(n.id, m.id) "
    "LEFT JOIN line_pool p ON p.line_id = COALESCE(r.id, l.id) AND p.pool = 'deliver' "
    f"WHERE {_DUE} AND l.stock_managed = 1 AND l.item_id IS NOT NULL AND l.tag = ''"
)


def unreserved(database: Queries) -> dict[int, int]:
    """By item: what orders still have to deliver, but is on a note of their consumption or was
    fitted by a work order."""
    out = {(row[0], row[1]): row[2] for row in database.rows(_OUT)}
    for order_id, item_id, quantity in database.rows(_WORKED):
        out[order_id, item_id] = out.get((order_id, item_id), 0) + quantity
    if not out:
        return {}
    left: dict[tuple[int, int], int] = {}
    for order_id, item_id, quantity, whole, rest in database.rows(_LEFT):
        key = order_id, item_id
        left[key] = left.get(key, 0) + (div_round(quantity * rest, whole) if whole else 0)
    found: dict[int, int] = {}
    for key, quantity in out.items():
        part = min(max(0, quantity), max(0, left.get(key, 0)))
        if part:
            found[key[1]] = found.get(key[1], 0) + part
    return found


def gone(database: Queries, document_id: int) -> dict[str, int]:
    """By uid of a planned line: what printed notes of its consumption, or work orders, took."""
    found = worked(database, document_id)
    for what, quantity in _noted(database, document_id):
        found[what] = found.get(what, 0) + quantity
    return found


def worked(database: Queries, document_id: int) -> dict[str, int]:
    """By line of an order's consumption: what work orders took out of the stock for it."""
    return dict(
        database.rows(
            f"SELECT e.what, SUM(e.quantity) FROM consumption_entry e WHERE e.document_id = ? "
            f"AND {_USED} AND {_LIVE} GROUP BY e.what",
            (document_id,),
        )
    )


def _noted(database: Queries, document_id: int) -> list[tuple[str, int]]:
    return list(
        database.rows(
            "SELECT o.what, SUM(l.quantity) FROM consumption_out o "
            "JOIN document_line l ON l.uid = o.line_uid JOIN document d ON d.id = l.document_id "
            "WHERE d.state = 'printed' AND o.what IN "
            "(SELECT uid FROM document_line WHERE document_id = ?) GROUP BY o.what",
            (document_id,),
        )
    )


def unfitted(database: Queries, document_id: int) -> set[str]:
    """The uids of planned lines that its consumption says will not be fitted."""
    rows = database.rows(
        "SELECT what FROM consumption_entry e WHERE document_id = ? AND kind = 'unfitted' "
        "AND NOT EXISTS (SELECT 1 FROM consumption_entry r WHERE r.reverses = e.id)",
        (document_id,),
    )
    return {row[0] for row in rows}


def twice(database: Queries, document: Document) -> list[Problem]:
    """What would leave with a delivery note though a note of consumption took it already."""
    ids = sorted({one.source_line_id for one in document.links.values() if one.pool == "deliver"})
    found = []
    for line_id, quantity, taken in _sources(database, ids):
        rows = database.rows(
            "SELECT l.label, l.reference, l.quantity, (SELECT SUM(n.quantity) "
            "FROM consumption_out c JOIN document_line n ON n.uid = c.line_uid "
            "WHERE c.what = l.uid) FROM document_line l JOIN document_line t ON t.id = ? "
            "WHERE l.id = t.id OR l.parent_uid = t.uid",
            (line_id,),
        )
        for label, reference, whole, out in rows:
            going = div_round(whole * taken, quantity) if quantity else 0
            if out and going > 0 and out + going > whole:
                found.append(
                    Problem(
                        "consumption.out",
                        "quantity",
                        f"{reference or label} : déjà sortie par un bon de consommation",
                        "retirez-la de ce bon",
                    )
                )
    return found


def _sources(database: Queries, ids: Collection[int]) -> list[tuple[int, int, int]]:
    wanted, found = sorted(ids), []
    for start in range(0, len(wanted), CHUNK):
        page = wanted[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        found += database.rows(
            "SELECT l.id, l.quantity, p.taken FROM document_line l JOIN document_order o "
            "ON o.document_id = l.document_id AND o.consumption_at IS NOT NULL "
            "JOIN line_pool p ON p.line_id = l.id AND p.pool = 'deliver' "
            f"WHERE l.id IN ({marks})",
            page,
        )
    return found
