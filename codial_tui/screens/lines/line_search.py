"""The search list of Lignes: items that hold what is typed, above row 22 (ux.md §3, rule 7)."""

from __future__ import annotations

from codial_tui.domain.entry import entry_kinds as said
from codial_tui.domain.entry.entry import search_entry
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.spec import Tab
from codial_tui.errors import refuse
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.home.hits import COLUMNS as HIT_COLUMNS
from codial_tui.screens.home.hits import HitSource, title_of
from codial_tui.services.documents import entering
from codial_tui.services.documents.entering import Reading
from codial_tui.services.records import catalogue
from codial_tui.widgets.picker import Picker
from codial_tui.widgets.record_table import RecordTable

SEARCH_FROM = 3
"""typed letters from which the search list opens by itself"""


class LineSearch(Pane):
    """What of Lignes knows the list of found items."""

    table: RecordTable
    """the grid"""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.hits = Picker()
        self.found: list[catalogue.Item] = []
        self.reading: Reading | None = None

    def after(self) -> str | None:
        """The uid after which a new line goes."""
        raise NotImplementedError

    async def do(self, reading: Reading) -> None:
        """Do what was read."""
        raise NotImplementedError

    def search(self, entry: said.Search, typed: str) -> None:
        if len(typed.strip()) < SEARCH_FROM:
            self.close_hits()
            self.host.reading.say("")
            return
        self._show_hits(entry)
        if not self.found:
            self.host.reading.say(f"Aucun article pour « {entry.text} » · . pour un article libre")
        elif len(self.found) == 1:
            self._say_hit(self.found[0])
        else:
            self.host.reading.say("Entrée ou ↓ entre dans la liste")

    def _show_hits(self, entry: said.Search, *, entered: bool = False) -> None:
        """The items that hold what was typed, above row 22."""
        context, document = self.host.context, self.editor.document
        self.found = catalogue.search(
            context.database, entry.text, assemblies_only=entry.assembly_only
        )
        if not self.found:
            self.close_hits()
            return
        source = HitSource(context, document, self.found)
        title = title_of(entry.text, len(self.found))
        self.hits.open(title, HIT_COLUMNS, source, typed=entry.text, entered=entered)
        self.table.aim(False)  # one current row on screen

    def close_hits(self) -> None:
        self.found = []
        if self.hits.opened:
            self.hits.close()
            self.table.aim(True)

    def _hit(self, key: object) -> catalogue.Item:
        return next(one for one in self.found if one.id == key)

    def _say_hit(self, item: catalogue.Item) -> None:
        reading = entering.read(self.editor, self._entry_text(item), self.after())
        self.host.reading.say(reading.text)

    def on_picker_highlighted(self, notice: Picker.Highlighted) -> None:
        notice.stop()
        if notice.row is not None:
            self._say_hit(self._hit(notice.row.key))

    async def on_picker_picked(self, notice: Picker.Picked) -> None:
        """Enter adds the item of the row."""
        notice.stop()
        text = self._entry_text(self._hit(notice.row.key))
        reading = entering.read(self.editor, text, self.after())
        if reading.error:
            raise refuse("entry.refused", reading.text)
        await self.do(reading)

    def on_picker_completed(self, notice: Picker.Completed) -> None:
        """Tab only takes the reference, so that quantity and price can follow."""
        notice.stop()
        text = self._entry_text(self._hit(notice.row.key))
        self.close_hits()
        self.host.typing_line.put(f"{text} ")
        self.reading = None

    def on_picker_closed(self, notice: Picker.Closed) -> None:
        notice.stop()
        self.table.aim(True)
        self.host.reading.say("")

    def _entry_text(self, item: catalogue.Item) -> str:
        """The entry line that adds a found item, with the count and tag that were typed."""
        entry = self.reading.entry if self.reading else None
        count, tag = "", ""
        if isinstance(entry, said.Search):
            if entry.count is not None:
                count = f"{format_quantity(entry.count, 0).replace(' ', '')}*"
            signs = {"option": "+", "variant": "/"}
            tag = signs.get(entry.tag or "", "")
        return f"{count}{tag}{item.reference}"

    async def action_pick(self) -> None:
        """F4: what was typed as a search, whatever else it may be."""
        text = self.host.typing_line.text
        if not text.strip():
            raise refuse("item.words", "Rien à chercher", "tapez une référence ou quelques lettres")
        lookup = catalogue.ExactLookup(self.host.context)
        entry = search_entry(text, lookup)
        if isinstance(entry, said.Refused):
            raise refuse("entry.refused", entry.problem.text)
        self.reading = Reading(entry)
        self._show_hits(entry, entered=True)
        if not self.found:
            raise refuse("item.none", f"Aucun article pour « {entry.text} »", "d'autres lettres")
