"""What happened to a machine before: shown beside it, said when it fails again and again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from codial_tui.domain.kinds.work_order import NATURES
from codial_tui.domain.maintenance.calendar_rule import shifted
from codial_tui.services.context import Context
from codial_tui.services.records import company_settings

OFTEN = 3
"""A failure that is at least so many within the months of the setting is told."""
MONTHS = "work.failure_months"


class Before(NamedTuple):
    """An earlier intervention. day: ISO."""

    document_id: int
    ref: str
    day: str
    nature: str
    subject: str


_OTHERS = (
    "FROM work_machine m JOIN document d ON d.id = m.document_id "
    "JOIN document_work_order w ON w.document_id = d.id "
    "WHERE m.equipment_id = ? AND d.state <> 'dropped' AND d.id <> ? AND d.date <= ?"
)


def before(context: Context, equipment_id: int, document_id: int, day: str) -> list[Before]:
    """The interventions on a machine up to a day, without a document's own; the newest first."""
    rows = context.database.rows(
        f"SELECT DISTINCT d.id, d.number, d.date, w.nature, d.subject {_OTHERS} "
        "ORDER BY d.date DESC, d.id DESC LIMIT 50",
        (equipment_id, document_id, day),
    )
    words = dict(NATURES)
    return [
        Before(key, number or "", str(on), words.get(nature, "").lower(), subject)
        for key, number, on, nature, subject in rows
    ]


def warning(
    context: Context, equipment_id: int | None, document_id: int, day: str, nature: str
) -> str:
    """`3e panne en 12 mois sur cette machine`, "" below OFTEN and for what is no repair."""
    months = int(company_settings.value(context, MONTHS))
    if equipment_id is None or nature not in ("repair", "") or not months:
        return ""
    since = shifted(date.fromisoformat(day), -months).isoformat()
    count = 1 + context.database.value(
        f"SELECT COUNT(DISTINCT d.id) {_OTHERS} AND d.date > ? AND w.nature = 'repair'",
        (equipment_id, document_id, day, since),
    )
    return f"{count}e panne en {months} mois sur cette machine" if count >= OFTEN else ""


def words(found: list[Before]) -> str:
    """`14/10/25 entretien · 02/02/26 circulateur`: the last three, in order of time."""
    shown = [
        f"{one.day[8:10]}/{one.day[5:7]}/{one.day[2:4]} {one.subject[:18] or one.nature}"
        for one in reversed(found[:3])
    ]
    return " · ".join(shown)
