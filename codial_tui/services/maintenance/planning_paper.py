"""The planning of a week on paper: a table for each person, day by day, to take along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from codial_tui.domain.maintenance.planning_grid import DAYS
from codial_tui.domain.maintenance.planning_rules import KINDS
from codial_tui.domain.paper.issuer import identity, letterhead
from codial_tui.domain.paper.paper import Paper, PaperColumn, Row, RowStyle, Table, paper_date
from codial_tui.services.context import Context
from codial_tui.services.documents.attachments import folder
from codial_tui.services.law import training
from codial_tui.services.paper import papers
from codial_tui.services.records import settings

from . import holidays, planning_views, resources
from .planning_views import Appointment

COLUMNS = (
    PaperColumn("day", "Jour", 20, 9),
    PaperColumn("hours", "Heures", 28, 13),
    PaperColumn("ref", "Bon", 24, 11),
    PaperColumn("what", "Chez qui, pour quoi"),
    PaperColumn("place", "Lieu", 30, 14, spare=True),
)


def paper(context: Context, monday: date, resource_ids: Collection[int] | None = None) -> Paper:
    """The week that begins on a Monday, of some resources or of all."""
    last = monday + timedelta(days=6)
    issuer = papers.issuer(context, settings.default_establishment(context))
    found = planning_views.between(context, monday, last)
    free = holidays.between(context, monday, last)
    notes = tuple(f"{_day(day)} férié : {name}" for day, name in free.items())
    blocks = [
        Table(COLUMNS, rows, f"{one.name} ({one.code}{'' if one.active else ', parti'})")
        for one in resources.in_view(context, {it.resource_id for it in found})
        if (resource_ids is None or one.id in resource_ids)
        and (rows := tuple(_row(it) for it in found if it.resource_id == one.id))
    ]
    return Paper(
        title=f"Planning du {paper_date(monday)} au {paper_date(last)}",
        issuer=letterhead(issuer),
        logo=issuer.logo,
        party=(),
        facts=notes,
        watermark=training.mark(context, ""),
        blocks=tuple(blocks),
        foot=identity(issuer),
    )


def _row(one: Appointment) -> Row:
    until = f"{one.ends:%H:%M}" if one.starts.date() == one.ends.date() else _day(one.ends.date())
    whole = (one.ends - one.starts) % timedelta(days=1) == timedelta() and one.starts.hour == 0
    hours = "journée" if whole else f"{one.starts:%H:%M} – {until}"
    if whole and one.ends - one.starts > timedelta(days=1):
        hours = f"au {_day((one.ends - timedelta(days=1)).date())}"
    kind = dict(KINDS)[one.kind] if one.kind != "work" else ""
    clash = "En conflit !" if one.clashes else ""
    what = " · ".join(filter(None, (one.customer, one.label or kind, clash)))
    return Row(
        RowStyle.ITEM, (_day(one.starts.date()), hours, one.ref, what, one.place), details=one.note
    )


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day:%d/%m}"


def write(context: Context, monday: date, resource_ids: Collection[int] | None = None) -> Path:
    """The PDF of a week in the user's export folder; a new one replaces it. Raises PrintFailed."""
    from codial_tui.printing.output import file_name, write_pdf
    from codial_tui.printing.pdf import pdf_bytes

    path = folder(context, "export") / file_name(f"Planning {monday.isoformat()}")
    pdf = pdf_bytes(paper(context, monday, resource_ids), context.local_now)
    write_pdf(path, pdf, replace=True)
    return path
