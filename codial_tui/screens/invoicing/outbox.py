"""Factures électroniques (F10): what was not handed over to the platform, and what it answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from codial_tui.commands import LOOK, TOOLS, VALIDATE
from codial_tui.domain.dates import format_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.domain.text import display
from codial_tui.errors import refuse
from codial_tui.screens.batch import BatchScreen
from codial_tui.screens.document.attachments import InboxScreen
from codial_tui.screens.opening import open_document
from codial_tui.screens.wording import counted
from codial_tui.services.documents import attachments
from codial_tui.services.invoicing import outbox, statuses
from codial_tui.services.invoicing.outbox import Outcome
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("number", "Facture", width=12, width_from_data=True),
    Column("day", "Date", FieldType.DATE, width=8),
    Column("party", "Client", min_width=16, shrinks=True),
    Column("gross", "TTC", FieldType.CENTS, width=12, width_from_data=True),
)
HAND_OVER = VALIDATE._replace(
    label="Déposer", help="Met les factures dans le dossier de dépôt", short="Dépose"
)
FOLDER = "depot"
"""of the export folder, where a platform takes invoices from"""


class OutboxScreen(BatchScreen):
    """Space marks some, F8 puts them, or all, into the folder; F7 S reads statuses."""

    where = "les factures électroniques"
    row_columns = COLUMNS
    nothing = "Toutes les factures sont déposées."

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[int, Outcome] = {}

    def arrive(self) -> None:
        self.tab_bar.say("Factures validées à des entreprises françaises, pas encore déposées")
        self._fill()

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.table.columns and not self.work.running:
            self._fill()

    def resume_route(self) -> None:
        self.direct(self.table)

    def commands(self) -> list[Offer]:
        return [Offer(TOOLS), Offer(HAND_OVER), Offer(LOOK)]

    def _fill(self) -> None:
        rows = []
        for key, number, day, party, gross in outbox.waiting(self.context):
            cells = (number, format_date(date.fromisoformat(day)), party, format_cents(gross))
            refused = key in self.outcomes
            rows.append(Row(key, cells, sign="×" if refused else "", sign_role="danger"))
        self.title_bar.show("Factures électroniques", counted(len(rows), "facture"))
        self.table.show(ListSource(rows))

    def told_of(self, key: int) -> str:
        outcome = self.outcomes.get(key)
        return f"× {outcome.refusal}" if outcome else ""

    async def open_row(self, key: int) -> None:
        await open_document(self, key)

    def action_validate(self) -> None:
        self.work.idle()
        waiting = [row[0] for row in outbox.waiting(self.context)]
        marks = self.table.marks
        wanted = [key for key in waiting if not marks or key in marks]
        if not wanted:
            raise refuse("outbox.nothing", self.table.empty, "validez une facture : F8")
        self.reading.ask(
            f"Déposer {counted(len(wanted), 'facture')} dans {self._folder().name} ? O/N",
            lambda letter: self._hand_over(wanted) if letter == "O" else None,
            final=True,
        )

    def _folder(self) -> Path:
        return attachments.folder(self.context, "export") / FOLDER

    def _hand_over(self, wanted: list[int]) -> None:
        context, folder = self.context, self._folder()

        def then(found: list[Outcome]) -> None:
            self.outcomes = {one.document_id: one for one in found if one.refusal}
            self.table.unmark()
            self._fill()
            refused = len(self.outcomes)
            words = [f"{counted(len(found) - refused, 'facture déposée')}"]
            words += [f"{counted(refused, 'refusée')} (×)"] if refused else []
            self.reading.done(" · ".join([*words, str(folder)]))

        self.work.each(
            "Dépôt", lambda: outbox.hand_over(context, folder, wanted), len(wanted), then
        )

    def action_tools(self) -> None:
        self.reading.ask("Outils : S lire des statuts reçus", self._tool, letters="S")

    async def _tool(self, letter: str) -> None:
        if letter == "S":
            await self.app.push_screen(StatusInbox())

    def help_text(self) -> list[str]:
        return [
            "F8 met le Factur-X de chaque facture dans le dossier de dépôt, une seule fois ; "
            "c'est son impression officielle.",
            "Particuliers et étrangers : F10 Comptabilité, F7 E.",
            "F7 S lit les fichiers de statuts (CDAR) de la boîte de dépôt.",
        ]


class StatusInbox(InboxScreen):
    """Status files of the inbox; a file that was wholly read leaves it."""

    where = "les statuts reçus"
    heading = "Statuts reçus"
    hint = "Fichiers CDAR. Entrée lit, Espace en marque plusieurs, Échap revient."

    async def take(self, names: list[str]) -> None:
        files, refused = self.take_each(names, statuses.read_from_inbox)
        found = [one for file in files for one in file]
        refused += [display(f"{one.number} : {one.refusal}") for one in found if one.refusal]
        recorded = sum(1 for one in found if not one.refusal)
        words = counted(recorded, "statut enregistré")
        if refused:
            self.reading.warn(f"{words} · {refused[0]}")
        else:
            self.reading.done(words)
