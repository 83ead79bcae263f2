"""What a contract covers of a machine on a day: what its visits and repairs include."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.services.context import Context


class Cover(NamedTuple):
    """classes: billing classes (article, consumable, labour, travel) that the customer does not
    pay; visits: how many are planned a year; until: first day it no longer covers, ISO or ""."""

    contract_id: int
    number: str
    classes: frozenset[str]
    until: str = ""
    visits: int = 0


def find(context: Context, equipment_id: int, day: str, nature: str) -> Cover | None:
    """The running contract that covers a machine on a day (ISO), None when there is none. nature
    of the work order: what preventive visits include, or repairs."""
    row = context.database.row(
        "SELECT c.id, c.number, c.preventive, c.curative, c.term_on, c.visits FROM contract c "
        "JOIN contract_equipment e ON e.contract_id = c.id "
        "WHERE e.equipment_id = ? AND c.state = 'active' AND c.starts_on <= ? "
        "AND (c.term_on IS NULL OR c.term_on > ?) AND (c.ended_on IS NULL OR c.ended_on > ?) "
        "ORDER BY c.starts_on DESC, c.id DESC LIMIT 1",
        (equipment_id, day, day, day),
    )
    if row is None:
        return None
    included = str(row[2] if nature == "maintenance" else row[3])
    classes = frozenset(filter(None, included.split(",")))
    return Cover(row[0], row[1], classes, row[4] or "", row[5])
