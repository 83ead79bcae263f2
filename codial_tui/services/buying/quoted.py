"""What was bought for a quote counts for the order that it became: bought twice is money lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codial_tui.domain.buying.needs import Source
from codial_tui.services.context import Context
from codial_tui.services.stock import coming

CHUNK = 400
_BEHIND = (
    "SELECT x.target_id, l.item_id, l.id, (SELECT SUM(k.quantity) FROM line_link k "
    "WHERE k.source_line_id = l.id AND k.relation = 'supply') FROM transfer x "
    "JOIN document_line l ON l.document_id = x.source_id "
    "WHERE x.undone_at IS NULL AND l.item_id IS NOT NULL AND x.target_id IN ({marks}) "
    "AND EXISTS (SELECT 1 FROM line_link k WHERE k.source_line_id = l.id "
    "AND k.relation = 'supply') ORDER BY x.id, l.position, l.id"
)


def add(
    context: Context,
    found: Mapping[int, Sequence[Source]],
    ordered: dict[int, int],
    arrived: dict[int, int],
) -> None:
    """Add to what is ordered and arrived, by line, what is for the quotes that the lines come
    from. A quote that became several orders serves the first one first."""
    held = (one for several in found.values() for one in several if one.holds)
    documents = sorted({one.document_id for one in held})  # `passed_on` serves execution quotes
    bought: dict[int, int] = {}
    came: dict[int, int] = {}
    behind: dict[tuple[int, int], list[int]] = {}
    for start in range(0, len(documents), CHUNK):
        page = documents[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        rows = list(context.database.rows(_BEHIND.format(marks=marks), page))
        for target, item_id, line_id, quantity in rows:
            behind.setdefault((target, item_id), []).append(line_id)
            bought.setdefault(line_id, quantity)
        for line_id, quantity in coming.arrived(context.database, {row[2] for row in rows}).items():
            came.setdefault(line_id, quantity)
    for item_id, several in found.items() if behind else ():
        for one in several:
            for line_id in behind.get((one.document_id, item_id), ()):
                part = min(one.quantity - ordered.get(one.line_id, 0), bought[line_id])
                if part <= 0:
                    continue
                there = min(part, came.get(line_id, 0))
                ordered[one.line_id] = ordered.get(one.line_id, 0) + part
                arrived[one.line_id] = arrived.get(one.line_id, 0) + there
                bought[line_id] -= part
                came[line_id] = came.get(line_id, 0) - there
