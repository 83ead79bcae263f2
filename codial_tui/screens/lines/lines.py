"""Lignes: the grid, the entry line under it, and the search list between them (ux.md §3)."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import EDIT, LOOK, PICK, TOOLS
from codial_tui.domain.entry import entry_kinds as said
from codial_tui.domain.quantity import format_cents, parse_price
from codial_tui.domain.spec import Column, Tab
from codial_tui.errors import refuse
from codial_tui.screens.buying import too_many
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.document_chain import letters_of
from codial_tui.screens.opening import open_record
from codial_tui.services.documents import entering, line_tools, peeks
from codial_tui.services.documents.entering import Reading
from codial_tui.services.stock import awaited
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.long_text import LongTextScreen
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.rows import Text, TextRows

from .line_clip import COPY, CUT, PASTE, ClipKeys, LineClip
from .line_delivery import LEGEND, MOVES, DeliveryKeys
from .line_source import Formatted, LineSource
from .line_words import counted, line_facts, sums_text

EMPTY = "Tapez une référence, trois lettres pour chercher, F1 pour les signes."


class LinesPane(LineClip):
    """Grid of lines; what is typed is read back on row 23 before Enter does it."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.columns: tuple[Column, ...] = ()
        self.lay_out()
        self.opened: frozenset[str] = frozenset()
        self.walked = False
        self.formatted: Formatted = {}
        self.source = LineSource(host.editor.document, self.columns)
        self.delivery = DeliveryKeys(self)
        self.table = RecordTable(self.columns, signs=self.delivery.offered, empty=EMPTY)
        self.legend = TextRows(LEGEND)
        self.legend.display = self.delivery.offered
        self.peek = TextRows()
        self.peek.display = False
        self.sums = TextRows(Text())
        self.clip_keys = ClipKeys(self)

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.hits
        yield self.peek
        yield self.legend
        yield self.sums

    # what is shown -----------------------------------------------------------------------------

    async def arrive(self) -> None:
        wanted = self.host.line_wanted
        if wanted:
            self.table.put_cursor(wanted)
        elif self.table.count:
            self.table.put_cursor(self.source.lines[-1].uid)
        self.host.line_wanted = ""
        self.host.typing_line.show("")
        self.aim()
        self._show_place()

    def aim(self) -> None:
        keys = self.host.typing_line, self.table
        order = reversed(keys) if self.delivery.in_rows else keys
        self.host.direct(self.hits, self.delivery, self.clip_keys, *order)

    def lay_out(self) -> None:
        """The columns this user sees for this kind, in the document's price mode."""
        mode = "TTC" if self.editor.document.gross_mode else "HT"
        names = line_tools.shown_columns(self.editor, self.tab.columns)
        columns = tuple(column_titled(one, mode) for one in self.tab.columns if one.name in names)
        if columns != self.columns:  # else the same ones: what was drawn for them stays known
            self.columns = columns

    async def changed(self) -> None:
        self._show_lines(self._still_there())

    def _still_there(self) -> str | None:
        """The current line; the one above it when the change took it away: typing goes on there."""
        left = {line.uid for line in self.editor.document.lines}
        for line in reversed(self.source.lines[: self.table.cursor + 1]):
            if line.uid in left:
                return line.uid
        return None

    def _show_lines(self, key: str | None) -> None:
        """The lines as they are now, the cursor on the line `key`."""
        document = self.editor.document
        self.lay_out()
        extra = line_tools.provided(self.editor, self.columns)
        self.source = LineSource(document, self.columns, self.opened, extra, self.formatted)
        self.table.show(self.source, columns=self.columns, key=key)
        self._show_sums()
        self._show_place()

    def _show_sums(self) -> None:
        self.sums.show(Text(sums_text(self.editor, self.table.folded)))

    def _show_place(self) -> None:
        """The right end of row 22 and the context of row 23: where the next line goes."""
        row = self.table.current
        lines = self.editor.document.lines
        last = row is None or row.key == self.source.lines[-1].uid
        number = "" if row is None else str(row.cells[0])
        if last or not number:
            hint = counted(len([1 for line in lines if line.parent_uid is None]))
        else:
            hint = f"après {number}"
        self.host.typing_line.label(hint=hint)
        current = self.editor.document.line(str(row.key)) if row is not None else None
        self.host.reading.context(line_facts(self.editor, current) if current else "")

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        if notice.table is self.table:
            notice.stop()
            self.peek.display = False
            self._show_place()

    def on_record_table_marked(self, notice: RecordTable.Marked) -> None:
        chosen = [self.editor.document.line(str(key)) for key in notice.keys]
        total = sum(line.amount for line in chosen if line.counts)
        count = len(chosen)
        plural = "s" if count > 1 else ""
        self.host.reading.say(f"{count} marquée{plural} · {format_cents(total)}" if count else "")

    def place(self) -> str:
        return str(self.table.current.key) if self.table.current else ""

    def after(self) -> str | None:
        """The uid after which a new line goes."""
        return str(self.table.current.key) if self.table.current else None

    # typing ------------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        self.delivery.go(False)
        if not text.strip():
            self.reading = None
            self.close_hits()
            self.host.reading.say("")
            return
        self.reading = None  # should the reading fail, Enter must not do what was read before
        reading = self.reading = entering.read(self.editor, text, self.after())
        entry = reading.entry
        if isinstance(entry, said.Search):
            self.search(entry, text)
            return
        self.close_hits()
        self.host.reading.say(("× " if reading.error else "") + reading.text)

    async def accepted(self, text: str) -> None:
        if not text.strip():
            await (self.action_edit() if self.walked else self.table.move(1))
            return
        if self.reading is None or self.host.typing_line.text != text:
            await self.typed(text)
        reading = self.reading
        if reading is None:
            return
        entry = reading.entry
        if isinstance(entry, said.Search):
            raise refuse("item.none", f"Aucun article pour « {entry.text} »", ". pour un libre")
        if reading.error:
            raise refuse("entry.refused", reading.text)
        if isinstance(entry, said.Command):
            self.host.typing_line.clear()
            await self.host.action_menu(entry.text)
            return
        unpriced = self.editor.kind.unpriced
        if isinstance(entry, said.FreeItem) and entry.unit_price is None and not unpriced:
            self._ask_price(reading)
            return
        if isinstance(entry, said.Comment | said.Title | said.Subtitle) and not entry.text:
            await self._open_long_text(entry)
            return
        await self.do(reading)

    async def do(self, reading: Reading) -> None:
        """Do what was read, clear the line, stand on what was added."""
        uid = entering.enter(self.editor, reading, self.after())
        await self._entered(uid)
        received = awaited.told(self.host.context, self.editor.document, uid)
        self.host.reading.done(received or reading.text.removeprefix("= "))

    async def _entered(self, uid: str | None) -> None:
        """What was typed is in the document: clear the line, stand on what was added."""
        self.reading = None
        self.close_hits()
        self.host.typing_line.clear()
        self.host.line_taken()
        self.aim()
        await self.put(uid)

    async def put(self, uid: str | None) -> None:
        self.host.show_title()
        self._show_lines(uid or self.after())

    def _ask_price(self, reading: Reading) -> None:
        async def then(text: str) -> None:
            line = reading.line
            assert line is not None
            line.unit_price = parse_price(text, self.editor.document.price_decimals)
            self.host.end_asking()
            await self.do(reading)

        label = reading.line.label if reading.line else ""
        self.host.ask_text(f"Prix de « {label[:40]} »", then)

    def after_press(self, press: Press) -> None:
        """An arrow went to a row: Enter opens it, as F2 does; else Enter goes down."""
        self.walked = press.key in MOVES and not self.host.typing_line.text

    async def back(self) -> bool:
        if self.peek.display:
            self.peek.display = False
            return True
        if self.table.marks:
            self.table.unmark()
            return True
        return False

    # the grid ----------------------------------------------------------------------------------

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        await self.action_edit()

    def on_record_table_figure(self, notice: RecordTable.Figure) -> None:
        notice.stop()
        self.delivery.begin(notice.character)

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        keys = [str(key) for key in notice.keys]
        if not (question := too_many.before_deleting(self.editor, keys)):
            await self._delete(keys)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._delete(keys)

        self.host.reading.ask(question, then, letters="ON")

    async def _delete(self, keys: list[str]) -> None:
        count = entering.delete_lines(self.editor, keys)
        self.table.marks.clear()
        await self.host.refresh_document()
        self.host.reading.done(f"{counted(count, 'supprimée')} · Ctrl+R")

    def chosen(self) -> list[str]:
        """The marked lines, else the current one."""
        marked = [line.uid for line in self.editor.document.lines if line.uid in self.table.marks]
        return marked or ([self.place()] if self.place() else [])

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [
            Offer(EDIT),
            Offer(PICK),
            Offer(TOOLS),
            Offer(LOOK),
            Offer(COPY),
            Offer(CUT),
            Offer(PASTE),
        ]

    async def action_edit(self) -> None:
        from .line_form import LineScreen

        if uid := self.place():
            await self.host.app.push_screen(LineScreen(self.editor, uid), self._back_from_line)

    async def _back_from_line(self, _: None) -> None:
        await self.host.refresh_document()

    async def action_look(self) -> None:
        """F9: the components of an assembly; else a look at stock and last prices, and at the
        second time the item's own record."""
        uid = self.place()
        line = self.editor.document.line(uid) if uid else None
        if line is None or not line.is_priced:
            raise refuse("look.nothing", "Rien de plus à voir ici", "F2 montre la ligne entière")
        if any(self.editor.document.components(uid)):
            self.opened = self.opened ^ {uid}
            await self.changed()
        elif not self.peek.display:
            rows = peeks.of_line(self.host.context, self.editor.document, line)
            self.peek.show(Text("F9 encore ouvre la fiche · Échap ferme", rule=True), *rows)
            self.peek.display = True
        elif line.item_id is not None:
            self.peek.display = False
            await open_record(self.host, "item", line.item_id)

    async def action_tools(self) -> None:
        from .line_tools import ToolsScreen

        tools = line_tools.tools_of(self.tab)
        rest = any(one.name == "given_up_at" for one in self.editor.kind.fields)
        screen = ToolsScreen(tools, rest=rest, document=self.editor.document)
        await self.host.app.push_screen(screen, self._tool_chosen)

    async def _tool_chosen(self, letter: str | None) -> None:
        from .line_tools import ToolRun

        if letter and letter in letters_of(self.editor.document):
            await self.host.chain_tool(letter)
        elif letter:
            await ToolRun(self, letter).start()

    async def _open_long_text(self, entry: said.Comment | said.Title | said.Subtitle) -> None:
        kind = {said.Comment: ";", said.Title: ";;", said.Subtitle: ";;;"}[type(entry)]

        async def then(text: str | None) -> None:
            if not text or not text.strip():
                return
            first, _, rest = text.strip().partition("\n")
            reading = entering.read(self.editor, f"{kind}{first}", self.after())
            if reading.error:
                raise refuse("entry.refused", reading.text)
            uid = entering.enter(self.editor, reading, self.after(), long_text=rest.strip())
            await self._entered(uid)

        await self.host.app.push_screen(LongTextScreen("Texte", "", limit=8000), then)

    def help_text(self) -> list[str]:
        return [
            "[quantité*] [signe] référence [quantité] [xprix] [-remise%]",
            "=  ==  ===  chapitre      ;  commentaire   ;;  titre   ;;;  sous-titre",
            ".texte;2 h x45  article libre     (texte … )  ensemble     ---  saut de page",
            "+réf  option     /réf  variante     *réf  ouvrage     ..  répète     !b  favori b",
            "12*tub cui  cherche et en met 12     x8,45  prix     -10%  remise     -2  retour",
        ]


def column_titled(column: Column, mode: str) -> Column:
    """A column whose label says HT or TTC."""
    return column._replace(label=column.label.replace("{mode}", mode))
