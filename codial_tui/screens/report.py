"""A table of figures to read: F7 writes it for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from codial_tui.commands import TOOLS
from codial_tui.domain.dates import format_date
from codial_tui.domain.maintenance import time_units
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.exchange.tables import Cell
from codial_tui.services.lists import list_export
from codial_tui.services.lists.reports import Report
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .base import BaseScreen
from .wording import counted

WIDE = frozenset(
    {"debits_base", "receipts_base", "received_base", "category", "country", "count"}
) | {*("code", "offered", "parts", "minutes", "labour")}
"""Columns that only a wide terminal shows; the file has them all."""
SPENT = "_minutes"
"""ends the key of a column of minutes, which are shown as h:mm"""


class ReportScreen(BaseScreen[None]):
    """Shows a report; nothing is changed here."""

    where = "un rapport"

    def __init__(self, title: str, report: Report) -> None:
        super().__init__()
        self.heading, self.report = title, report
        self.table = RecordTable(_columns(report), empty="Rien dans cette période.")
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show(self.heading, counted(len(self.report.rows), "ligne"))
        self.typing_line.label(hint="F7 écrit un classeur · Échap revient")
        self.show_commands()
        self.resume_route()
        keys = self.report.keys
        rows = [
            Row(place, tuple(_text(cell, key) for key, cell in zip(keys, row)))
            for place, row in enumerate(self.report.rows)
        ]
        self.table.show(ListSource(rows))

    def resume_route(self) -> None:
        self.direct(self.table)

    def commands(self) -> list[Offer]:
        return [Offer(TOOLS)]

    def action_tools(self) -> None:
        self.reading.ask("Écrire : X classeur XLSX  C texte CSV", self._write, letters="XC")

    def _write(self, letter: str) -> None:
        ending = {"X": "xlsx", "C": "csv"}.get(letter)
        if ending is None:
            return
        found = list_export.Table(self.report.name, self.report.header, iter(self.report.rows))
        written = list_export.export_table(self.context, found, ending)
        self.reading.done(
            f"{written.path.name} · {counted(written.rows, 'ligne')} · {written.path.parent}"
        )

    def help_text(self) -> list[str]:
        return [
            "Un tableau à lire : rien n'y change. ↑ ↓ PgPréc PgSuiv le parcourent.",
            "F7 l'écrit dans votre dossier d'export, X pour un tableur, C en texte CSV.",
        ]

    async def back(self) -> None:
        self.dismiss()


def _columns(report: Report) -> tuple[Column, ...]:
    found = []
    for place, (key, label) in enumerate(zip(report.keys, report.header)):
        cells = [row[place] for row in report.rows]
        number = bool(cells) and isinstance(cells[0], Decimal)
        heading = label.removesuffix(" min") if key.endswith(SPENT) else label
        width = max([len(heading), *(len(_text(cell, key)) for cell in cells)])
        found.append(
            Column(
                key,
                heading,
                FieldType.CENTS if number else FieldType.TEXT,
                width=0 if key == "label" else min(width, 24),
                shrinks=not number,
                hidden_below=120 if key in WIDE else 0,
            )
        )
    return tuple(found)


def _text(cell: Cell, key: str) -> str:
    if isinstance(cell, Decimal):
        if key.endswith(SPENT):
            return time_units.words(int(cell), "hours")
        cents = cell * 100
        return format_cents(int(cents)) if cell.as_tuple().exponent == -2 else f"{cell:f}"
    return format_date(cell) if isinstance(cell, date) else cell
