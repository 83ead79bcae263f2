"""Rapports: what is to come from suppliers, what is late, prices that moved, margins, work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from codial_tui.domain.dates import format_date, parse_period
from codial_tui.domain.spec import Column
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.long_work import Cancelled, LongWork, Progress
from codial_tui.screens.report import ReportScreen
from codial_tui.services.buying import reports
from codial_tui.services.context import Context
from codial_tui.services.lists.reports import Report
from codial_tui.services.maintenance import contract_profit, equipment_views, statistics
from codial_tui.services.stock import valuation
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("letter", "", width=2),
    Column("label", "Rapport", width=32),
    Column("what", "Ce qu'il montre", min_width=30, shrinks=True),
)
Make = Callable[[Context, date, date], Report]


def _work(axis: str, context: Context, first: date, last: date) -> Report:
    return statistics.by(context, axis, first, last)


CHOICES: dict[str, tuple[str, str, Make]] = {
    "O": (
        "Commandes fournisseur ouvertes",
        "ce qui reste à venir, le plus attendu d'abord",
        lambda context, first, last: reports.open_orders(context),
    ),
    "R": (
        "Livraisons en retard",
        "ce qui aurait dû venir, et qui l'attend",
        lambda context, first, last: reports.late(context),
    ),
    "V": (
        "Valeur du stock",
        "le dernier jour de la période, au coût moyen pondéré",
        lambda context, first, last: valuation.value(context, last),
    ),
    "P": ("Prix d'achat qui changent", "avant, après, à chaque réception", reports.prices),
    "C": ("Marge par commande", "commandes de la période", reports.margin_by_order),
    "L": ("Marge par client", "factures de la période", reports.margin_by_customer),
    "T": (
        "Interventions par technicien",
        "temps et montants, facturés ou non",
        partial(_work, "technician"),
    ),
    "I": ("Interventions par client", "de même", partial(_work, "customer")),
    "M": ("Interventions par machine", "de même", partial(_work, "equipment")),
    "N": ("Interventions par contrat", "de même", partial(_work, "contract")),
    "K": (
        "Rentabilité des contrats",
        "ce qui est facturé, ce que coûtent leurs interventions",
        lambda context, first, last: contract_profit.report(context),
    ),
    "G": (
        "Garanties qui finissent",
        "machines dont la garantie finit dans la période, ou trois mois après",
        lambda context, first, last: equipment_views.warranties(
            context, last + timedelta(days=92), since=first
        ),
    ),
    "F": ("Marge par famille", "factures de la période", reports.margin_by_family),
}


class ReportsScreen(BaseScreen[None]):
    """A letter or Enter shows a report; row 22 takes the period."""

    where = "les rapports"

    def __init__(self) -> None:
        super().__init__()
        rows = [Row(letter, (letter, one[0], one[1])) for letter, one in CHOICES.items()]
        self.table = RecordTable(COLUMNS, ListSource(rows))
        self.table.markable = False
        self.work = LongWork(self)
        self.first, self.last = date.min, date.min

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.typing_line.label(hint="une période : 11/26, 10/26-12/26, 2026")
        self.tab_bar.say("Une lettre, ou ↑ ↓ et Entrée. Échap revient.")
        self.show_commands()
        self.direct(self.typing_line, self.table)
        today = self.context.today
        self._from(today.replace(month=1, day=1), today)

    def _from(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.title_bar.show("Rapports", f"du {format_date(first)} au {format_date(last)}")

    async def press(self, press: Press) -> bool:
        letter = (press.character or "").upper()
        if letter in CHOICES and not self.typing_line.text and self.reading.question is None:
            self._show(letter)
            return True
        return await super().press(press)

    async def accepted(self, text: str) -> None:
        if not text.strip():
            row = self.table.current
            if row is not None:
                self._show(str(row.key))
            return
        found = parse_period(text)
        if found is None or "" in found:
            raise refuse("period.unreadable", f"« {text[:30]} » n'est pas une période", "11/26")
        self.typing_line.put("")
        self._from(*map(date.fromisoformat, found))

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self._show(str(notice.row.key))

    def _show(self, letter: str) -> None:
        title, _, make = CHOICES[letter]
        context, first, last = self.context, self.first, self.last

        def doing(progress: Progress, cancelled: Cancelled) -> Report:
            return make(context, first, last)

        self.work.idle()
        self.work.start(title, doing, partial(self._open, title), unit="lignes")

    async def _open(self, title: str, report: Report) -> None:
        await self.app.push_screen(ReportScreen(title, report))

    def help_text(self) -> list[str]:
        return [
            "Les marges viennent des commandes ou des factures validées de la période, "
            "au coût qu'avaient leurs lignes.",
            "F7 dans un rapport l'écrit en classeur ou en CSV.",
        ]

    async def back(self) -> None:
        self.dismiss()
