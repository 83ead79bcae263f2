"""Rules and predicates of work orders, found by name (`domain.rules`)."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.document import Document
from codial_tui.domain.problems import Problem

Row = Mapping[str, object]


def work_editable(document: Document) -> list[Problem]:
    """A closed work order is locked until it is reopened, a dropped one too (domain.md §2)."""
    if document.state == "closed":
        return [Problem("state.closed", "", f"{document.ref} est terminé", "F7 6 le rouvre")]
    if document.state == "dropped":
        return [Problem("state.dropped", "", f"{document.ref} est sans suite", "F7 6 le rouvre")]
    return []


def work_planned(row: Row, today: str) -> bool:
    """It stands on the planning (told by its appointments when it is read)."""
    return bool(row.get("planned"))


def work_printed(row: Row, today: str) -> bool:
    return bool(row.get("printed_at"))


def work_to_sync(row: Row, today: str) -> bool:
    """It is to leave for a field station (domain.md §10)."""
    return row.get("sync_state") == "to_sync"


def work_signed(row: Row, today: str) -> bool:
    return bool(row.get("signed_at"))


def work_held(row: Row, today: str) -> bool:
    """Its report differs from its order, and somebody is to look at it."""
    return row.get("state") == "open" and row.get("check_result") == "held"


def work_to_plan(row: Row, today: str) -> bool:
    return row.get("state") == "open" and not row.get("planned")


def work_billable(row: Row, today: str) -> bool:
    """Only a closed one is invoiced (domain.md §2)."""
    return row.get("state") == "closed"


def work_to_bill(row: Row, today: str) -> bool:
    return work_billable(row, today) and row.get("billing") in ("none", "part")


RULES = (work_editable,)
PREDICATES = (
    *(work_planned, work_printed, work_to_sync, work_signed, work_held),
    *(work_to_plan, work_billable, work_to_bill),
)
