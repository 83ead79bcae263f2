"""What a contract covers of a machine on a day: what its visits and repairs include."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from codial_tui.services.context import Context

from .contract_machines import PRESENT


class Cover(NamedTuple):
    """classes: billing classes (article, consumable, labour, travel) that the customer does not
    pay; visits: how many are planned a year; until: first day it no longer covers, ISO or ""."""

    contract_id: int
    number: str
    classes: frozenset[str]
    until: str = ""
    visits: int = 0


CLASSES = {
    "article": "articles",
    "consumable": "consumables",
    "labour": "labour",
    "travel": "travel",
}
"""Billing class → the end of the columns that say whether visits and repairs include it."""
RUNS = (
    "c.state = 'active' AND c.starts_on <= ? AND (c.renewal <> 'none' OR c.term_on > ?) "
    "AND (c.final_on IS NULL OR c.final_on > ?) AND (c.ended_on IS NULL OR c.ended_on > ?)"
)
"""That a contract `c` covers a day, asked four times. A term that is over and renews tacitly covers
on, whether or not its renewal was written down yet."""


def find(context: Context, equipment_id: int, day: str, nature: str) -> Cover | None:
    """The running contract that covers a machine on a day (ISO), None when there is none. nature
    of the work order: what preventive visits include (maintenance), or repairs."""
    use = "visit" if nature == "maintenance" else "repair"
    flags = ", ".join(f"c.{use}_{one}" for one in CLASSES.values())
    row = context.database.row(
        "SELECT c.id, c.number, c.visits, c.renewal, c.term_on, c.final_on, c.ended_on, "
        f"{flags} FROM contract c JOIN contract_machine m ON m.contract_id = c.id "
        f"WHERE m.equipment_id = ? AND {PRESENT} AND {RUNS} "
        "ORDER BY c.starts_on DESC, c.id DESC LIMIT 1",
        (equipment_id, *(day,) * 6),
    )
    if row is None:
        return None
    number, visits, renewal, term_on, *ends = row[1:7]
    ends += [term_on] if renewal == "none" else []
    until = min(filter(None, ends), default="")
    return Cover(row[0], number, classes(row[7:]), until, visits)


def classes(flags: Sequence[int]) -> frozenset[str]:
    """The billing classes of four flags."""
    return frozenset(name for name, flag in zip(CLASSES, flags) if flag)
