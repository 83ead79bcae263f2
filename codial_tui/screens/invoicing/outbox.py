"""Factures électroniques (F10): what was not handed over to the platform, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from codial_tui.commands import LOOK, TOOLS, VALIDATE
from codial_tui.domain.dates import format_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.document.attachments import InboxScreen
from codial_tui.screens.long_work import Cancelled, LongWork, Progress
from codial_tui.screens.opening import open_document
from codial_tui.screens.wording import counted
from codial_tui.services.documents import attachments
from codial_tui.services.invoicing import outbox, statuses
from codial_tui.services.invoicing.outbox import Outcome
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("number", "Facture", width=12, width_from_data=True),
    Column("day", "Date", FieldType.DATE, width=8),
    Column("party", "Client", min_width=16, shrinks=True),
    Column("gross", "TTC", FieldType.CENTS, width=12, width_from_data=True),
)
FOLDER = "depot"
"""of the export folder, where a platform takes invoices from"""


class OutboxScreen(BaseScreen[None]):
    """Space marks some, F8 puts them, or all, into the folder; F7 S reads statuses."""

    where = "les factures électroniques"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Toutes les factures sont déposées.")
        self.work = LongWork(self)
        self.outcomes: dict[int, Outcome] = {}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.tab_bar.say("Factures validées à des entreprises françaises, pas encore déposées")
        self.show_commands()
        self.resume_route()
        self._fill()

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.table.columns and not self.work.running:
            self._fill()

    def resume_route(self) -> None:
        self.direct(self.table, self.typing_line)

    def commands(self) -> list[Offer]:
        return [Offer(TOOLS), Offer(VALIDATE), Offer(LOOK)]

    def _fill(self) -> None:
        rows = []
        for key, number, day, party, gross in outbox.waiting(self.context):
            cells = (number, format_date(date.fromisoformat(day)), party, format_cents(gross))
            refused = key in self.outcomes
            rows.append(Row(key, cells, sign="×" if refused else "", sign_role="danger"))
        self.title_bar.show("Factures électroniques", counted(len(rows), "facture"))
        self.table.show(ListSource(rows))

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        outcome = self.outcomes.get(int(str(notice.row.key))) if notice.row else None
        self.reading.context(f"× {outcome.refusal}" if outcome else "")

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.action_look()

    async def action_look(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
        else:
            await open_document(self, int(str(row.key)))

    def action_validate(self) -> None:
        if self.work.running:
            raise refuse("work.busy", "Un dépôt est en cours", "Échap l'arrête")
        wanted = [int(str(key)) for key in self.table.marks]
        wanted = wanted or [row[0] for row in outbox.waiting(self.context)]
        if not wanted:
            raise refuse("outbox.nothing", self.table.empty, "validez une facture : F8")
        self.reading.ask(
            f"Déposer {counted(len(wanted), 'facture')} dans {self._folder().name} ? O/N",
            lambda letter: self._hand_over(wanted) if letter == "O" else None,
        )

    def _folder(self) -> Path:
        return attachments.folder(self.context, "export") / FOLDER

    def _hand_over(self, wanted: list[int]) -> None:
        context, folder = self.context, self._folder()

        def doing(progress: Progress, cancelled: Cancelled) -> list[Outcome]:
            found = []
            for outcome in outbox.hand_over(context, folder, wanted):
                found.append(outcome)
                progress(len(found), len(wanted))
                if cancelled():
                    break
            return found

        def then(found: list[Outcome]) -> None:
            self.outcomes = {one.document_id: one for one in found if one.refusal}
            self.table.unmark()
            self._fill()
            refused = len(self.outcomes)
            words = [f"{counted(len(found) - refused, 'facture déposée')}"]
            words += [f"{counted(refused, 'refusée')} (×)"] if refused else []
            self.reading.say(" · ".join([*words, str(folder)]))

        self.work.start("Dépôt", doing, then, unit="factures")

    def action_tools(self) -> None:
        self.reading.ask("Outils : S lire des statuts reçus", self._tool, letters="S")

    async def _tool(self, letter: str) -> None:
        if letter == "S":
            await self.app.push_screen(StatusInbox())

    async def back(self) -> None:
        if self.work.running:
            self.work.stop()
        else:
            self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "F8 met le Factur-X de chaque facture dans le dossier de dépôt, une seule fois ;",
            "c'est son impression officielle. Particuliers et étrangers : F10 Comptabilité, F7 E.",
            "F7 S lit les fichiers de statuts (CDAR) de la boîte de dépôt.",
        ]


class StatusInbox(InboxScreen):
    """Status files of the inbox; a file that was wholly read leaves it."""

    where = "les statuts reçus"
    heading = "Statuts reçus"
    hint = "Fichiers CDAR. Entrée lit, Espace en marque plusieurs, Échap revient."

    async def take(self, names: list[str]) -> None:
        files = {path.name: path for path in attachments.inbox(self.context)}
        recorded, refused = 0, []
        for name in names:
            path = files.get(name)
            try:
                if path is None:
                    raise CodialError("parti de la boîte de dépôt")
                found = statuses.read_file(self.context, path)
            except CodialError as error:
                refused.append(f"{name} : {error.text}")
                continue
            wrong = [one for one in found if one.refusal]
            recorded += len(found) - len(wrong)
            refused += [f"{one.number} : {one.refusal}" for one in wrong]
            if not wrong:
                with suppress(OSError):  # a second time it is known
                    path.unlink()
        self.table.unmark()
        self._fill()
        words = counted(recorded, "statut enregistré")
        if refused:
            self.reading.warn(f"{words} · {refused[0]}")
        else:
            self.reading.done(words)
