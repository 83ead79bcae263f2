"""Horaires, a sub-tab of Entête: who came when; row 22 adds a visit or changes one."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import EDIT, TOOLS
from codial_tui.domain.entry.entry_signs import read_command
from codial_tui.domain.maintenance import visit_entry
from codial_tui.domain.maintenance.times import MOMENTS, WORDS
from codial_tui.domain.spec import Column, FieldType, Tab
from codial_tui.errors import CodialError
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import PagePane
from codial_tui.services.maintenance import visit_rows, visits
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

COLUMNS = (
    Column("technician", "Technicien", min_width=10, shrinks=True),
    Column("day", "Date", FieldType.DATE, width=8),
    *(Column(one, WORDS[one].capitalize(), width=max(6, len(WORDS[one]))) for one in MOMENTS),
    Column("distance", "Km", FieldType.QUANTITY, width=6),
    Column("zone", "Zone", width=4, width_from_data=True),
    Column("travel", "Trajet", FieldType.QUANTITY, width=7),
    Column("work", "Travail", FieldType.QUANTITY, width=7),
)
EMPTY = "Aucune visite. Tapez par exemple 0800 0835 1105 1145, ou F7 A à l'arrivée."
HINT = "[qui] [date] départ arrivée fin retour [km] [zone]"
CHANGING = "Entrée remplace la visite · Échap"
STAMPS = {"P": "departure", "A": "arrival", "F": "ended", "V": "returned"}
TOOLS_ASKED = "P parti A arrivé F fini V revenu"


class VisitsPane(PagePane):
    """Enter on the empty line takes the visit of the cursor to row 22; F2 opens its form."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = RecordTable(COLUMNS, empty=EMPTY)
        self.sums = TextRows(Text())
        self.changing = ""
        """uid of the visit that row 22 changes"""

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.sums

    async def arrive(self) -> None:
        line = self.host.typing_line
        line.show("")
        line.label(hint=CHANGING if self.changing else HINT)
        self.host.reading.say("")
        self._say_note()
        self.aim()
        if line.text:
            await self.typed(line.text)

    def aim(self) -> None:
        self.host.direct(self.host.typing_line, self.table)

    async def changed(self) -> None:
        context, document = self.host.context, self.editor.document
        rows = [Row(one.uid, one.cells) for one in visit_rows.rows(context, document)]
        current = self.table.current
        self.table.show(ListSource(rows), key=current.key if current else None)
        count = len(rows)
        left = f"{count} visite{'s' if count > 1 else ''}" if count else ""
        self.sums.show(Text(left, visits.total(context, document)))
        if self.changing and all(one.key != self.changing for one in rows):
            self._stop_changing()

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._say_note()

    def _say_note(self) -> None:
        """Row 23: what the visit of the cursor has no column for."""
        note = next((v.note for v in self.editor.document.visits if v.uid == self.place()), "")
        self.host.reading.context(self.editor.reason or note)

    def place(self) -> str:
        return str(self.table.current.key) if self.table.current else ""

    # the line ----------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        if not text.strip() or read_command(text) is not None:
            self.host.reading.say("")
            return
        try:
            found = visits.read(self.editor, text, self.changing)
        except CodialError as error:
            self.host.reading.say(f"× {error.text}")
            return
        if found.warning:
            self.host.reading.say(f"! {found.warning} · {found.words}")
        else:
            self.host.reading.say(f"= {found.words}")

    async def accepted(self, text: str) -> None:
        command = read_command(text)
        if command is not None:
            self.host.typing_line.clear()
            await self.host.action_menu(command.text)
        elif text.strip():
            found = visits.read(self.editor, text, self.changing)
            visits.put(self.editor, found.visit)
            self._stop_changing()
            await self._done(found)
        elif self.table.current is not None:
            self._change(str(self.table.current.key))

    def _change(self, uid: str) -> None:
        """Take a visit to row 22."""
        visit = visits.find(self.editor.document, uid)
        self.changing = uid
        line = self.host.typing_line
        line.label(hint=CHANGING)
        line.put(visit_entry.written(visit, self.host.context.zone))

    def _stop_changing(self) -> None:
        self.changing = ""
        self.host.typing_line.clear()
        self.host.typing_line.label(hint=HINT)
        self.host.line_taken()

    async def _done(self, found: visits.Reading) -> None:
        await self.host.refresh_document()
        self.table.put_cursor(found.visit.uid)
        if found.warning:
            self.host.reading.warn(f"{found.warning} · {found.words}")
        else:
            self.host.reading.done(f"{found.words} · Ctrl+R annule")

    async def back(self) -> bool:
        if not self.changing:
            return False
        self._stop_changing()
        self.host.reading.say("")
        return True

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(EDIT), Offer(TOOLS)]

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        self._change(str(notice.row.key))

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        gone = visits.remove(self.editor, [str(one) for one in notice.keys])
        self.table.unmark()
        await self.host.refresh_document()
        said = "Visite supprimée" if gone == 1 else f"{gone} visites supprimées"
        self.host.reading.done(f"{said} · Ctrl+R annule")

    async def action_edit(self) -> None:
        """F2: the form of the visit, or of a new one where there is none."""
        from .visit_form import VisitScreen

        async def then(found: visits.Reading | None) -> None:
            if found is not None:
                await self._done(found)

        await self.host.app.push_screen(VisitScreen(self.editor, self.place()), then)

    def action_tools(self) -> None:
        if self.editor.reason:  # nothing is noted: what the document itself can
            self.host.action_tools()
            return
        self.host.ask_tools(TOOLS_ASKED, "".join(STAMPS), self._tool)

    async def _tool(self, letter: str) -> None:
        if letter in STAMPS:
            await self._done(visits.stamp(self.editor, STAMPS[letter]))

    def help_text(self) -> list[str]:
        return [
            "Une visite : 0800 0835 1105 1145 ; devant, le technicien et la date ; derrière, km "
            "et zone. - pour une heure inconnue. Une heure avant la précédente : le lendemain (+).",
            "Entrée sur une visite la reprend ligne 22, F2 ouvre sa fiche, Suppr la supprime.",
            "F7 P A F V note l'heure qu'il est pour vous ; F7 T fait les lignes de main d'œuvre "
            "et de déplacement, ou les remet à jour.",
        ]
