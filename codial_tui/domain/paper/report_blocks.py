"""Blocks of a work order on paper: times, machines, what was found and done, photos, who signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from codial_tui.domain import clock
from codial_tui.domain.document import Document, Machine, Visit
from codial_tui.domain.kinds.work_order import COVERAGES
from codial_tui.domain.maintenance.strokes import Strokes
from codial_tui.domain.maintenance.times import of_visit, times
from codial_tui.domain.money import SCALE4
from codial_tui.domain.quantity import format_scaled

from .paper import PaperColumn, Photo, Photos, Row, RowStyle, Signature, Table, Text, paper_date
from .print_layout import Layout
from .richtext import Paragraph, Run

TIMES = (
    PaperColumn("who", "Date et technicien"),
    PaperColumn("departure", "Départ", 17, 6, right=True),
    PaperColumn("arrival", "Arrivée", 17, 7, right=True),
    PaperColumn("ended", "Fin", 17, 6, right=True),
    PaperColumn("returned", "Retour", 17, 6, right=True),
    PaperColumn("travel", "Trajet", 18, 6, right=True),
    PaperColumn("work", "Travail", 18, 7, right=True),
)
MACHINE = (
    PaperColumn("machine", "Marque, type, modèle"),
    PaperColumn("serial", "N° de série", 34, 10),
    PaperColumn("location", "Emplacement", 36, 12),
    PaperColumn("coverage", "Couverture", 22, 8),
)
BLANK_VISITS = 3
"""Rows to fill in by hand, of a sheet that leaves before the visit."""
BLANK = "…………"


@dataclass(frozen=True, slots=True)
class WorkPaper:
    """What only the paper of a work order needs. zone: where times are read. strokes, signed: the
    signature of what is printed, and in words who signed it and when; changed: the words where
    the document changed since. photos: made for paper."""

    zone: tzinfo = UTC
    signed: tuple[str, ...] = ()
    strokes: Strokes = ()
    changed: str = ""
    photos: tuple[Photo, ...] = ()


def duration(minutes: int) -> str:
    """`1 h 15`, `45 min`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"


def times_table(document: Document, layout: Layout, own: WorkPaper) -> Table | None:
    """The visits, in the company's time, and what they add up to. A time of another day than the
    departure's says which. A sheet has rows to fill in where there is none."""
    rows = [_visit(one, own.zone) for one in document.visits]
    if layout.blank and not rows:
        rows = [Row(RowStyle.ITEM, (BLANK,) * len(TIMES))] * BLANK_VISITS
    if not rows:
        return None
    if len(document.visits) > 1:
        found = times(document.visits)
        sums = ("Total", *("",) * 4, duration(found.travel), duration(found.work))
        rows.append(Row(RowStyle.TITLE, sums))
    return Table(TIMES, tuple(rows), "Temps passé")


def _visit(visit: Visit, zone: tzinfo) -> Row:
    first = next(
        (
            getattr(visit, name)
            for name in ("departure", "arrival", "ended", "returned")
            if getattr(visit, name)
        ),
        None,
    )
    day = clock.local(first, zone).date() if first else None
    found = of_visit(visit)
    far = format_scaled(visit.distance, SCALE4, 1, minimum=0) if visit.distance else ""
    said = (visit.zone and f"zone {visit.zone}", far and f"{far} km", visit.note)
    return Row(
        RowStyle.ITEM,
        (
            "  ".join(part for part in (day and paper_date(day), visit.technician_name) if part),
            *(
                _time(moment, zone, day)
                for moment in (visit.departure, visit.arrival, visit.ended, visit.returned)
            ),
            duration(found.travel) if found.travel else "",
            duration(found.work) if found.work else "",
        ),
        details=" · ".join(part for part in said if part),
    )


def _time(moment: str | None, zone: tzinfo, day: date | None) -> str:
    """`22:10`, `00:05 +1` on the next day."""
    if not moment:
        return ""
    at = clock.local(moment, zone)
    later = (at.date() - day).days if day else 0
    return f"{at:%H:%M}{f' +{later}' if later else ''}"


def machine_blocks(document: Document, layout: Layout) -> tuple[Table | Text, ...]:
    """Each machine with the fault and the work done; texts of several say whose they are."""
    found: list[Table | Text] = []
    known = [one for one in document.machines if _named(one) or one.serial or one.location]
    if known:
        title = "Matériel" if len(known) == 1 else "Matériels"
        found.append(Table(MACHINE, tuple(map(_machine, known)), title))
    several = len(document.machines) > 1
    for one in document.machines:
        whose = f" – {_named(one) or one.serial}" if several else ""
        for title, text in (("Panne signalée", one.fault), ("Travaux effectués", one.work_done)):
            if text.strip():
                found.append(Text(_paragraphs(text), f"{title}{whose}"))
    if layout.blank and not any(one.work_done.strip() for one in document.machines):
        dots = BLANK * 13
        found.append(Text(((Run(dots),),) * 4, "Travaux effectués"))
    return tuple(found)


def _named(one: Machine) -> str:
    return " ".join(part for part in (one.brand, one.type, one.model) if part)


def _machine(one: Machine) -> Row:
    coverage = dict(COVERAGES)[one.coverage] if one.coverage != "none" else ""
    since = (
        f"Mise en service le {paper_date(date.fromisoformat(one.commissioned_on))}"
        if (one.commissioned_on)
        else ""
    )
    return Row(RowStyle.ITEM, (_named(one), one.serial, one.location, coverage), details=since)


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What somebody typed, as it is: no marks, no fields."""
    return tuple((Run(one.strip("\n")),) for one in text.split("\n\n") if one.strip())


def photos(own: WorkPaper) -> Photos | None:
    count = len(own.photos)
    title = "Photo" if count == 1 else f"{count} photos"
    return Photos(title, own.photos) if count else None


def signature(layout: Layout, own: WorkPaper) -> Signature:
    """The box, signed or to be signed."""
    if own.signed:
        return Signature(layout.signature, signed=own.signed, strokes=own.strokes)
    notes = (f"Date, nom et signature {layout.signer},", f"précédés de « {layout.signature} »")
    return Signature(layout.signature, (*notes, own.changed) if own.changed else notes)
