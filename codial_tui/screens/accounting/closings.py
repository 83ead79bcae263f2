"""Clôtures: the days, months and years that were closed, what waits, and the tools of the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from codial_tui.commands import TOOLS, VALIDATE
from codial_tui.domain.dates import format_date
from codial_tui.domain.quantity import format_cents, format_percent
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.long_work import LongWork
from codial_tui.screens.wording import counted
from codial_tui.services.documents import attachments
from codial_tui.services.law import archives, closings, signing, training
from codial_tui.services.law.closings import Closing
from codial_tui.services.records import rights
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .events import EventsScreen

COLUMNS = (
    Column("period", "Période", width=8),
    Column("kind", "Clôture", width=7),
    Column("count", "Nb", FieldType.QUANTITY, width=5, width_from_data=True),
    Column("numbers", "Factures", min_width=12, shrinks=True),
    Column("gross", "TTC", FieldType.CENTS, width=11, width_from_data=True),
    Column("receipts", "Réglé", FieldType.CENTS, width=11, width_from_data=True),
    Column("perpetual", "Perpétuel", FieldType.CENTS, width=12, width_from_data=True),
)
CLOSE = VALIDATE._replace(
    label="Clôturer", help="Clôture les jours passés, sans retour", short="Clôtur"
)
EMPTY = "Aucune clôture. F8 clôture les jours passés."
ASKED = "Outils : J journal  A archive  C changer la clé  E copie ÉCOLE"


class ClosingsScreen(BaseScreen[None]):
    """Newest first; F8 closes."""

    where = "les clôtures"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty=EMPTY)
        self.table.markable = False
        self.work = LongWork(self)
        self.found: dict[int, Closing] = {}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.show_commands()
        self.resume_route()
        self._fill()

    def resume_route(self) -> None:
        self.typing_line.show("F8 clôture · F7 journal, archive, clé, copie ÉCOLE")
        self.direct(self.table)

    def _fill(self) -> None:
        waiting = closings.waiting(self.context)
        said = f"{counted(len(waiting), 'jour')} à clôturer" if waiting else "rien à clôturer"
        self.title_bar.show("Clôtures", said)
        self.found = {one.position: one for one in closings.listed(self.context)}
        rows = [self._row(one) for one in reversed(self.found.values())]
        self.table.show(ListSource(rows))
        self._say(self.table.current)

    @staticmethod
    def _row(one: Closing) -> Row:
        said = one.figures
        numbers = said.first if said.first == said.last else f"{said.first} à {said.last}"
        receipts = sum(amount for _, amount in said.receipts.values())
        amounts = (said.gross, receipts, one.body["perpetual"].get("gross", 0))
        cells = (one.label, closings.KINDS[one.kind], str(said.count), numbers)
        return Row(one.position, (*cells, *map(format_cents, amounts)))

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._say(notice.row)

    def _say(self, row: Row | None) -> None:
        """VAT by rate and receipts by mode of the closing under the cursor."""
        if row is None:
            self.reading.context("")
            return
        said = self.found[int(str(row.key))].figures
        parts = [
            f"TVA {format_percent(rate)} {format_cents(amount)}"
            for (_, rate), (_, amount) in sorted(said.rates.items(), reverse=True)
        ]
        parts += [f"{mode} {format_cents(paid)}" for mode, (_, paid) in said.receipts.items()]
        self.reading.context(" · ".join(parts) or "Rien facturé, rien réglé")

    def commands(self) -> list[Offer]:
        return [Offer(CLOSE), Offer(TOOLS)]

    # closing -----------------------------------------------------------------------------------

    def action_validate(self) -> None:
        self.work.idle()
        training.forbid(self.context, "Clôture")
        waiting = closings.waiting(self.context)
        days = counted(len(waiting), "jour")
        yesterday = format_date(self.context.today - timedelta(1))
        self.reading.ask(
            f"Clôturer sans retour : H jusqu'à hier {yesterday} ({days})  J aujourd'hui",
            self._run_until,
            letters="HJN",
            final=True,
        )

    def _run_until(self, letter: str) -> None:
        if letter not in ("H", "J"):
            return
        today = self.context.today
        until: date = today if letter == "J" else today - timedelta(1)
        self.work.start(
            "Clôture",
            lambda progress, cancelled: closings.run(
                self.context, until, progress=progress, cancelled=cancelled
            ),
            self._told,
            unit="clôtures",
        )

    def _told(self, made: list[Closing]) -> None:
        self._fill()
        words = ", ".join(one.label for one in made[-3:])
        self.reading.done(
            f"{counted(len(made), 'clôture')} : {words}" if made else "Rien à clôturer"
        )

    # tools -------------------------------------------------------------------------------------

    def action_tools(self) -> None:
        self.work.idle()
        self.reading.ask(ASKED, self._tool, letters="JACE")

    async def _tool(self, letter: str) -> None:
        if letter == "J":
            await self.app.push_screen(EventsScreen())
        elif letter == "A":
            self.ask_text("Année à archiver (vide : tout)", self._archive, str(self._last_year()))
        elif letter == "C":
            rights.require(self.context, "settings")
            self.reading.ask("Changer la clé de signature ?", self._rotate, final=True)
        elif letter == "E":
            self.ask_text("Nom de la copie ÉCOLE", self._train, "ecole.sqlite3")

    def _last_year(self) -> int:
        return self.context.today.year - 1

    def _archive(self, text: str) -> None:
        if text.strip() and not (text.strip().isdecimal() and len(text.strip()) == 4):
            raise refuse("archive.year", f"« {text} » n'est pas une année", "2026, ou rien")
        year = int(text) if text.strip() else None
        self.end_asking()
        moment = self.context.local_now
        name = f"archive-{year or 'tout'}-{moment:%Y%m%d-%H%M%S}.zip"
        path = attachments.folder(self.context, "export") / name

        def done(made: archives.Archived) -> None:
            words = f"{counted(made.invoices, 'facture')}, {made.papers} PDF"
            self.reading.done(f"{words} dans {path}")

        self.work.start(
            "Archive",
            lambda progress, cancelled: archives.write(self.context, path, year=year),
            done,
            unit="factures",
        )

    def _rotate(self, letter: str) -> None:
        if letter == "O":
            key = signing.rotate(self.context)
            self.reading.done(f"Nouvelle clé {key.public[:16]}, signée par l'ancienne")

    def _train(self, text: str) -> None:
        name = text.strip()
        if not name or "/" in name or name.startswith("."):
            raise refuse("training.name", "Un nom de fichier sans dossier", "ecole.sqlite3")
        path = training.create(self.context, attachments.folder(self.context, "export") / name)
        self.end_asking()
        self.reading.done(f"Base ÉCOLE : codial-tui --database {path}")

    async def back(self) -> None:
        if not self.work.escape():
            self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "F8 clôture les jours passés qui ont des factures ou des règlements, "
            "puis les mois et les années finis.",
            "Un jour clôturé ne reçoit plus rien ; le total perpétuel ne repart jamais de zéro.",
            "F7 J : le journal chaîné ; A : l'archive fiscale signée, dans votre "
            "dossier d'export ; C : change la clé ; E : une copie pour apprendre.",
        ]
