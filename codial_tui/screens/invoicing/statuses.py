"""Statuts: what became of one electronic invoice, and the next thing that somebody was told."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import NEW
from codial_tui.domain.invoicing.statuses import REASONS, RECEIVED, STATUSES, Given, reasons_of
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import format_cents, format_percent, parse_cents, parse_percent
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.wording import counted
from codial_tui.services.context import Context
from codial_tui.services.invoicing import statuses
from codial_tui.services.invoicing.statuses import Recorded
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("day", "Date", FieldType.DATE, width=8),
    Column("time", "Heure", width=5),
    Column("code", "Code", width=4),
    Column("label", "Statut", width=19, shrinks=True),
    Column("why", "Motif, détail", min_width=16, shrinks=True),
    Column("by", "Par", width=8, shrinks=True, hidden_below=100),
)
CODES = (Column("code", "Code", width=6), Column("label", "Statut", min_width=20, shrinks=True))
WHY = (Column("code", "Motif", width=18), Column("label", "", min_width=20, shrinks=True))


class StatusScreen(BaseScreen[None]):
    """The statuses of an invoice, oldest first; F5 records another."""

    where = "les statuts"

    def __init__(self, document_id: int, ref: str) -> None:
        super().__init__()
        self.document_id, self.ref = document_id, ref
        self.table = RecordTable(COLUMNS, empty="Aucun statut. F5 en enregistre un.")
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.tab_bar.say("Ce que la plateforme ou le client ont dit · rien ne s'en efface")
        self.show_commands()
        self.resume_route()
        self._fill()

    def resume_route(self) -> None:
        self.direct(self.table)

    def commands(self) -> list[Offer]:
        return [Offer(NEW._replace(help="Enregistre un statut"))]

    def _fill(self) -> None:
        found = statuses.listed(self.context, self.document_id)
        self.title_bar.show(f"Statuts de {self.ref}", counted(len(found), "statut"))
        rows = [Row(key, cells_of(self.context, one)) for key, one in enumerate(found)]
        self.table.show(ListSource(rows), key=len(rows) - 1 if rows else None)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        """What its cell has no room for."""
        self.reading.context(notice.row.cells[4] if notice.row else "")

    # recording ---------------------------------------------------------------------------------

    async def action_new(self) -> None:
        """A status, its reason where it must have one, words."""
        rows = [Row(code, (code, one.label)) for code, one in STATUSES.items()]
        screen = ChooseScreen("Quel statut ?", "Entrée choisit · Échap renonce", CODES, rows)
        await self.app.push_screen(screen, self._coded)

    async def _coded(self, code: str | None) -> None:
        if code is None:
            return
        if reasons := reasons_of(code):
            rows = [Row(one, (one, REASONS[one])) for one in reasons]
            title = f"{STATUSES[code].label} : quel motif ?"
            screen = ChooseScreen(title, "Entrée choisit · Échap renonce", WHY, rows)
            await self.app.push_screen(screen, lambda reason: self._reasoned(code, reason))
        elif code == RECEIVED:
            self.ask_text("Montant TTC et taux (120,00 20)", self._received, self._proposed())
        else:
            await self.guarded(lambda: self._record(Given(code)))

    def _reasoned(self, code: str, reason: str | None) -> None:
        if reason is not None:
            self.ask_text(
                "Précision, ou Entrée", lambda note: self._record(Given(code, reason, note.strip()))
            )

    def _proposed(self) -> str:
        """What was received at the first rate of which no status told."""
        found = statuses.unreported(self.context, self.document_id)
        return f"{format_cents(found[0][1])} {format_percent(found[0][0])[:-2]}" if found else ""

    def _received(self, text: str) -> None:
        amount, _, rate = text.strip().rpartition(" ")
        try:
            given = Given(RECEIVED, rate=parse_percent(rate), amount=parse_cents(amount))
        except Invalid:
            raise refuse("status.amount", "Un montant et un taux", "120,00 20") from None
        self._record(given)

    def _record(self, given: Given) -> None:
        statuses.record(self.context, self.document_id, given)
        self._fill()
        self.reading.done(f"{given.code} {STATUSES[given.code].label} : enregistré")

    async def back(self) -> None:
        self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Un statut ne change pas la facture : refusée, elle est gardée, un avoir la corrige.",
            "206, 207, 208, 210, 213 et 501 disent un motif ; 212 un montant par taux de TVA.",
        ]


def cells_of(context: Context, one: Recorded) -> tuple[str, ...]:
    """A status as a row."""
    at = context.local(one.at)
    words = [REASONS.get(one.reason, one.reason), one.note]
    if one.amount is not None and one.rate is not None:
        words.append(f"{format_cents(one.amount)} € à {format_percent(one.rate)}")
    said = " · ".join(word for word in words if word)
    by = "fichier" if one.source == "file" else one.by
    return (f"{at:%d/%m/%y}", f"{at:%H:%M}", one.code, one.label, said, by)
