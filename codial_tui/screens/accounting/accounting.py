"""Comptabilité (F10): the new entries of a period, looked at first, then exported once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from codial_tui.commands import LOOK, TOOLS, VALIDATE
from codial_tui.domain.accounting.accounting import Entry
from codial_tui.domain.dates import format_date, parse_period
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.long_work import Cancelled, LongWork, Progress
from codial_tui.screens.opening import open_document, open_list
from codial_tui.screens.report import ReportScreen
from codial_tui.screens.wording import counted
from codial_tui.services.accounting import (
    accounting,
    accounting_export,
    accounting_files,
    accounting_reports,
)
from codial_tui.services.accounting.accounting_files import Written
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.attachments import folder
from codial_tui.services.lists.reports import Report
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Rows, Text, TextRows

COLUMNS = (
    Column("journal", "Jnl", width=4),
    Column("day", "Date", FieldType.DATE, width=8),
    Column("piece", "Pièce", width=11),
    Column("label", "Libellé", min_width=20, shrinks=True),
    Column("debit", "Débit", FieldType.CENTS, width=12, width_from_data=True),
)
EXPORT = VALIDATE._replace(
    label="Exporter", help="Met les écritures de la période dans un lot (FEC)", short="Export"
)
BATCHES = (
    Column("number", "Lot", FieldType.INTEGER, width=5),
    Column("period", "Période", width=19),
    Column("entries", "Écritures", FieldType.INTEGER, width=9),
    Column("debit", "Débit", FieldType.CENTS, width=14),
    Column("at", "Fait le", width=9),
    Column("by", "Par", min_width=8, shrinks=True),
)
TOOL_LETTERS = {
    "J": "journaux",
    "T": "TVA",
    "A": "agences",
    "P": "affaires",
    "E": "e-reporting",
    "L": "lots",
    "C": "comptes",
}
REPORTS: dict[str, tuple[str, Callable[[Context, date, date], Report]]] = {
    "J": ("Journaux", accounting_reports.journals),
    "T": ("TVA", accounting_reports.vat),
    "A": ("Par agence", partial(accounting_reports.analysis, axis="branch")),
    "P": ("Par affaire", partial(accounting_reports.analysis, axis="project")),
    "E": ("E-reporting", accounting_reports.figures),
}
"""The letters that show a table: its title, and what makes it."""
LINES = "Les lignes de l'écriture ; encore : sa facture"
PEEKED = 9
"""rows of an entry shown under the list"""


class AccountingScreen(BaseScreen[None]):
    """Row 22 takes a period; F8 exports what no batch holds yet, F9 shows the rows of an entry."""

    where = "la comptabilité"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Rien de nouveau dans cette période.")
        self.table.markable = False
        self.peek = TextRows()
        self.peek.display = False
        self.work = LongWork(self)
        self.entries: list[Entry] = []
        self.first, self.last = date.min, date.min

    def compose_body(self) -> Iterable[Rows | RecordTable]:
        return (self.table, self.peek)

    def on_mount(self) -> None:
        self.typing_line.label(hint="une période : 11/26, 10/26-12/26, 2026 · F8 exporte")
        self.show_commands()
        self.resume_route()
        last = self.context.today.replace(day=1) - timedelta(days=1)
        self._look(last.replace(day=1), last)

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    def commands(self) -> list[Offer]:
        return [Offer(TOOLS), Offer(EXPORT), Offer(LOOK._replace(help=LINES))]

    def _look(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        context = self.context

        def doing(progress: Progress, cancelled: Cancelled) -> tuple[list[Entry], int]:
            found = accounting.entries(context, first, last, new=True)
            return found, accounting.left_behind(context, first)

        self.work.start("Écritures", doing, self._fill, unit="écritures")

    def _fill(self, found: tuple[list[Entry], int]) -> None:
        self.entries, behind = found
        debit = sum(one.debit for one in self.entries)
        self.title_bar.show(
            f"Comptabilité · {self._period()}",
            f"{counted(len(self.entries), 'écriture')} · {format_cents(debit)} €",
        )
        rows = [
            Row(
                key,
                (
                    *(one.journal, format_date(date.fromisoformat(one.day)), one.piece, one.label),
                    format_cents(one.debit),
                ),
            )
            for key, one in enumerate(self.entries)
        ]
        self.table.show(ListSource(rows))
        verb = "ne sont pas exportées" if behind > 1 else "n'est pas exportée"
        said = f"! {counted(behind, 'pièce')} d'avant {verb} · période plus longue"
        self.reading.context(said if behind else "")
        self._show_rows()

    def _period(self) -> str:
        return f"du {format_date(self.first)} au {format_date(self.last)}"

    async def accepted(self, text: str) -> None:
        if not text.strip():
            await self.action_look()
            return
        found = parse_period(text)
        if found is None or "" in found:
            raise refuse("period.unreadable", f"« {text[:30]} » n'est pas une période", "11/26")
        self.work.idle()
        self.typing_line.put("")
        self._look(*map(date.fromisoformat, found))

    # one entry ---------------------------------------------------------------------------------

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.action_look()

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._show_rows()

    async def action_look(self) -> None:
        """F9: the rows of the entry, again: its document (of a payment: no more)."""
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return
        if self.peek.display:
            found = documents.find(self.context, self.entries[int(str(row.key))].piece)
            if found is not None:
                await open_document(self, found)
                return
        self.peek.display = not self.peek.display
        self._show_rows()

    def _show_rows(self) -> None:
        row = self.table.current
        if row is None:
            self.peek.display = False
        if row is None or not self.peek.display:
            return
        entry = self.entries[int(str(row.key))]
        lines = [Text(f"{entry.piece} · débit, crédit", rule=True)]
        for one in entry.rows[:PEEKED]:
            name = f"{one.account:<8}{one.auxiliary.code:<13}{one.label}"[:48]
            amounts = [format_cents(value) if value else "" for value in (one.debit, one.credit)]
            lines.append(Text(f"{name:<48}{amounts[0]:>14}{amounts[1]:>14}"))
        self.peek.show(*lines)

    # export ------------------------------------------------------------------------------------

    def action_validate(self) -> None:
        self.work.idle()
        if not self.entries:
            raise refuse("accounting.nothing", self.table.empty, "F7 L : les lots déjà faits")
        accounting_export.siren(self.context)
        debit = format_cents(sum(one.debit for one in self.entries))
        self.reading.ask(
            f"Exporter {counted(len(self.entries), 'écriture')}, {debit} € ? C'est définitif. O/N",
            lambda letter: self._export() if letter == "O" else None,
            final=True,
        )

    def _export(self) -> None:
        context, first, last, wanted = self.context, self.first, self.last, self.entries

        def doing(progress: Progress, cancelled: Cancelled) -> Written:
            one = accounting_export.post(context, first, last, wanted)
            return accounting_files.write(context, one, self._folder(one.id), with_csv=True)

        def then(written: Written) -> None:
            self._fill(([], 0))
            self._said(written)

        self.work.start("Export", doing, then, unit="écritures")

    def _folder(self, batch_id: int) -> Path:
        return folder(self.context, "export") / f"compta-lot-{batch_id:05}"

    def _said(self, written: Written) -> None:
        batch = written.batch
        words = f"Lot {batch.id} : {counted(batch.entries, 'écriture')} · {written.paths[0].parent}"
        self.reading.done(words)

    # other views -------------------------------------------------------------------------------

    def action_tools(self) -> None:
        shown = "  ".join(f"{letter} {words}" for letter, words in TOOL_LETTERS.items())
        self.reading.ask(shown, self._tool, letters="".join(TOOL_LETTERS))

    async def _tool(self, letter: str) -> None:
        if letter == "C":
            await open_list(self, "account_rule")
        elif letter == "L":
            await self._batches()
        elif letter in REPORTS:
            self._report(letter)

    def _report(self, letter: str) -> None:
        """A table of the period, worked out beside the keys: a year may hold ten thousand."""
        self.work.idle()
        title, make = REPORTS[letter]
        context, first, last = self.context, self.first, self.last

        def doing(progress: Progress, cancelled: Cancelled) -> Report:
            return make(context, first, last)

        async def then(report: Report) -> None:
            await self.app.push_screen(ReportScreen(f"{title} · {self._period()}", report))

        self.work.start(title, doing, then, unit="lignes")

    async def _batches(self) -> None:
        rows = [
            Row(
                str(one.id),
                (
                    str(one.id),
                    f"{_short(one.first)} - {_short(one.last)}",
                    str(one.entries),
                    format_cents(one.debit),
                    _short(one.at[:10]),
                    one.by,
                ),
            )
            for one in accounting_export.batches(self.context)
        ]
        help = "Entrée refait les fichiers d'un lot, avec les mêmes octets."
        screen = ChooseScreen("Lots exportés", help, BATCHES, rows, empty="Aucun lot.")
        await self.app.push_screen(screen, lambda key: self.guarded(lambda: self._again(key)))

    def _again(self, key: str | None) -> None:
        if key is not None:
            one = accounting_export.batch(self.context, int(key))
            where = self._folder(one.id)
            self._said(accounting_files.write(self.context, one, where, with_csv=True))

    async def back(self) -> None:
        if self.work.escape():
            return
        if self.peek.display:
            self.peek.display = False
        else:
            self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Les écritures des factures validées et des règlements que personne n'a exportées.",
            "F8 les met dans un lot : un fichier au format FEC, qui dit qu'il est un extrait, "
            "et un CSV. Une écriture n'est que dans un lot ; ses factures sont comptabilisées.",
            "F7 J les journaux, T la TVA, E l'e-reporting, L refait un lot, C les comptes.",
        ]


def _short(day: str) -> str:
    return format_date(date.fromisoformat(day))
