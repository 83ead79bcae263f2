"""Lignes: the grid, the entry line under it, and the search list between them (ux.md §3)."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import EDIT, LOOK, PICK, TOOLS, Command
from codial_tui.domain import entry_kinds as said
from codial_tui.domain.entry import search_entry
from codial_tui.domain.quantity import (
    format_cents,
    format_percent,
    format_price,
    format_quantity,
    parse_price,
)
from codial_tui.domain.spec import Column, Tab
from codial_tui.errors import refuse
from codial_tui.services import catalogue, entering, line_tools
from codial_tui.services.entering import Reading
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.long_text import LongTextScreen
from codial_tui.widgets.picker import Picker
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.rows import Text, TextRows
from codial_tui.widgets.typing_line import TypingLine

from .document import DocumentScreen
from .hits import COLUMNS as HIT_COLUMNS
from .hits import HitSource, title_of
from .line_source import LineSource
from .pane import Pane

SEARCH_FROM = 3
"""typed letters from which the search list opens by itself"""
EMPTY = "Tapez une référence, trois lettres pour chercher, F1 pour les signes."

COPY = Command("copy", "Copier", "Copie les lignes marquées", second=("ctrl+c",))
CUT = Command("cut", "Couper", "Coupe les lignes marquées", second=("ctrl+x",))
PASTE = Command("paste", "Coller", "Colle après la ligne", second=("ctrl+v",))


class LinesPane(Pane):
    """Grid of lines; what is typed is read back on row 23 before Enter does it."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.columns: tuple[Column, ...] = ()
        self.lay_out()
        self.opened: frozenset[str] = frozenset()
        self.source = LineSource(host.editor.document, self.columns)
        self.table = RecordTable(self.columns, signs=False, empty=EMPTY)
        self.hits = Picker()
        self.found: list[catalogue.Item] = []
        self.sums = TextRows(Text())
        self.reading: Reading | None = None

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.hits
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
        self.host.direct(self.hits, self.host.typing_line, self.table)

    def lay_out(self) -> None:
        """The columns this user sees for this kind, in the document's price mode."""
        mode = "TTC" if self.editor.document.gross_mode else "HT"
        names = line_tools.shown_columns(self.editor, self.tab.columns)
        self.columns = tuple(
            column_titled(one, mode) for one in self.tab.columns if one.name in names
        )

    async def changed(self) -> None:
        document = self.editor.document
        extra = line_tools.provided(self.editor, self.columns)
        self.source = LineSource(document, self.columns, self.opened, extra)
        key = self.table.current.key if self.table.current else None
        self.table.show(self.source, columns=self.columns, key=key)
        self._show_sums()
        self._show_place()

    def _show_sums(self) -> None:
        """Row 21: brut, footer, VAT by rate, TTC and taux de marque."""
        sums, editor = self.editor.totals, self.editor
        gross = editor.document.gross_mode
        parts = []
        if sums.discount or sums.charges:
            parts.append(f"Brut {format_cents(sums.brut)}")
        if sums.discount:
            parts.append(f"Remise {format_cents(sums.discount)}")
        if sums.charges:
            parts.append(f"Frais {format_cents(sums.charges)}")
        if gross or not parts:
            parts.append(f"HT {format_cents(sums.net)}")
        vat = [f"TVA {format_percent(one.rate)} {format_cents(one.amount)}" for one in sums.vat]
        parts += vat if len(vat) <= 1 else [f"TVA {format_cents(sums.vat_total)}"]
        parts.append(f"TTC {format_cents(sums.gross)}")
        if sums.net and editor.context.user.may("see_costs"):
            share = sums.margin * 1000 // sums.net * 1000
            parts.append(f"Marque {format_percent(share)}")
        for label, value in self.table.folded.items():
            if value and label not in ("TVA",):
                parts.append(f"{label} {value}")
        text = "  ".join(parts)
        self.sums.show(Text(text if len(text) <= 78 else " ".join(parts)))

    def _show_place(self) -> None:
        """The right end of row 22 and the context of row 23: where the next line goes."""
        row = self.table.current
        count = sum(1 for _ in self.editor.document.top_lines())
        last = row is None or row.key == self.source.lines[-1].uid
        number = "" if row is None else str(row.cells[0])
        hint = f"{count} lignes" if last or not number else f"après {number}"
        self.host.typing_line.label(hint=hint)
        self.host.reading.context(self._facts() if row is not None else "")

    def _facts(self) -> str:
        """What one should know of the current line: stock, cost, margin, VAT."""
        row = self.table.current
        if row is None:
            return ""
        line = self.editor.document.line(str(row.key))
        if not line.is_priced:
            return line.label
        parts = [line.label]
        if line.stock_managed and line.item_id:
            level = catalogue.stock(self.host.context, [line.item_id]).get(line.item_id, 0)
            parts.append(f"stock {format_quantity(level, 0)}")
        if self.host.context.user.may("see_costs") and line.cost_price:
            parts.append(f"revient {format_price(line.cost_price)}")
        if line.vat_category == "S":
            parts.append(f"TVA {format_percent(line.vat_rate)}")
        if line.tag:
            parts.append({"option": "option", "variant": "variante"}.get(line.tag, "informatif"))
        return " · ".join(parts)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        if notice.table is self.table:
            notice.stop()
            self._show_place()

    def on_record_table_marked(self, notice: RecordTable.Marked) -> None:
        chosen = [self.editor.document.line(str(key)) for key in notice.keys]
        total = sum(line.amount for line in chosen if line.counts)
        count = len(chosen)
        self.host.reading.say(f"{count} marquées · {format_cents(total)}" if count else "")

    def place(self) -> str:
        return str(self.table.current.key) if self.table.current else ""

    def after(self) -> str | None:
        """The uid after which a new line goes."""
        return str(self.table.current.key) if self.table.current else None

    # typing ------------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        if not text.strip():
            self.reading = None
            self._close_hits()
            self.host.reading.say("")
            return
        reading = self.reading = entering.read(self.editor, text, self.after())
        entry = reading.entry
        if isinstance(entry, said.Search):
            self._search(entry, text)
            return
        self._close_hits()
        self.host.reading.say(("× " if reading.error else "") + reading.text)

    def _search(self, entry: said.Search, typed: str) -> None:
        if len(typed.strip()) < SEARCH_FROM:
            self._close_hits()
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
            self.hits.close()
            return
        source = HitSource(context, document, self.found)
        title = title_of(entry.text, len(self.found))
        self.hits.open(title, HIT_COLUMNS, source, typed=entry.text, entered=entered)

    def _close_hits(self) -> None:
        self.found = []
        if self.hits.opened:
            self.hits.close()

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
        await self._do(reading)

    def on_picker_completed(self, notice: Picker.Completed) -> None:
        """Tab only takes the reference, so that quantity and price can follow."""
        notice.stop()
        text = self._entry_text(self._hit(notice.row.key))
        self._close_hits()
        self.host.typing_line.put(f"{text} ")
        self.reading = None

    def on_picker_closed(self, notice: Picker.Closed) -> None:
        notice.stop()
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

    async def accepted(self, text: str) -> None:
        if not text.strip():
            await self._next_row()
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
        if isinstance(entry, said.FreeItem) and entry.unit_price is None:
            self._ask_price(reading)
            return
        if isinstance(entry, said.Comment | said.Title | said.Subtitle) and not entry.text:
            await self._open_long_text(entry)
            return
        await self._do(reading)

    async def _do(self, reading: Reading) -> None:
        """Do what was read, clear the line, stand on what was added."""
        uid = entering.enter(self.editor, reading, self.after())
        self.reading = None
        self._close_hits()
        self.host.typing_line.clear()
        self.host.keep_draft_soon()
        self.host.show_title()
        self.aim()
        await self.changed()
        if uid:
            self.table.put_cursor(uid)
            self._show_place()
        self.host.reading.say(reading.text.removeprefix("= "))

    def _ask_price(self, reading: Reading) -> None:
        async def then(text: str) -> None:
            line = reading.line
            assert line is not None
            line.unit_price = parse_price(text, self.editor.document.price_decimals)
            self.host.end_asking()
            await self._do(reading)

        label = reading.line.label if reading.line else ""
        self.host.ask_text(f"Prix de « {label[:40]} »", then)

    async def _next_row(self) -> None:
        """Enter on an empty line goes down."""
        await self.table.move(1)

    async def back(self) -> bool:
        if self.table.marks:
            self.table.unmark()
            return True
        return False

    # the grid ----------------------------------------------------------------------------------

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        await self.action_edit()

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        keys = [str(key) for key in notice.keys]
        if len(keys) == 1:
            await self._delete(keys)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._delete(keys)

        self.host.reading.ask(f"Supprimer {len(keys)} lignes ? O/N", then, letters="ON")

    async def _delete(self, keys: list[str]) -> None:
        count = entering.delete_lines(self.editor, keys)
        self.table.marks.clear()
        await self.host.refresh_document()
        what = "Ligne supprimée" if count == 1 else f"{count} lignes supprimées"
        self.host.reading.say(f"{what} · Ctrl+R")

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

        if self.place():
            await self.host.app.push_screen(
                LineScreen(self.editor, self.place()), self._back_from_line
            )

    async def _back_from_line(self, _: None) -> None:
        await self.host.refresh_document()

    async def action_pick(self) -> None:
        """F4: what was typed as a search, whatever else it may be."""
        text = self.host.typing_line.text
        lookup = catalogue.ExactLookup(self.host.context)
        entry = search_entry(text, lookup)
        if isinstance(entry, said.Refused):
            raise refuse("entry.refused", entry.problem.text)
        self.reading = Reading(entry)
        self._show_hits(entry, entered=True)
        if not self.found:
            raise refuse("item.none", f"Aucun article pour « {entry.text} »", "d'autres lettres")

    async def action_look(self) -> None:
        """F9: open or fold the assembly under the cursor."""
        uid = self.place()
        line = self.editor.document.line(uid) if uid else None
        if line is None or not any(self.editor.document.components(uid)):
            raise refuse("look.nothing", "Rien de plus à voir ici", "F2 montre la ligne entière")
        self.opened = self.opened ^ {uid}
        await self.changed()

    async def action_tools(self) -> None:
        from .line_tools import ToolsScreen

        await self.host.app.push_screen(ToolsScreen(), self._tool_chosen)

    async def _tool_chosen(self, letter: str | None) -> None:
        if letter:
            from .line_tools import ToolRun

            await ToolRun(self, letter).start()

    def action_copy(self) -> None:
        count = line_tools.copy(self.editor, self.chosen())
        self.host.reading.say(f"{count} lignes copiées · Ctrl+V colle")

    async def action_cut(self) -> None:
        count = line_tools.cut(self.editor, self.chosen())
        self.table.marks.clear()
        await self.host.refresh_document()
        self.host.reading.say(f"{count} lignes coupées · Ctrl+V colle, Ctrl+R revient")

    async def action_paste(self) -> None:
        count = line_tools.paste(self.editor, self.after())
        await self.host.refresh_document()
        self.host.reading.say(f"{count} lignes collées · Ctrl+R revient")

    async def on_typing_line_pasted_lines(self, notice: TypingLine.PastedLines) -> None:
        """Several lines pasted at once: each is read as if typed, as one gesture a line."""
        await self._paste_lines(notice.lines)

    async def _paste_lines(self, lines: list[str]) -> None:
        for text in lines:
            if not text.strip():
                continue
            reading = entering.read(self.editor, text, self.after())
            if reading.error or isinstance(reading.entry, said.Search):
                raise refuse(
                    "paste.unreadable", f"« {text[:40]} » ne se lit pas", "le reste attend"
                )
            await self._do(reading)

    async def _open_long_text(self, entry: said.Comment | said.Title | said.Subtitle) -> None:
        kind = {said.Comment: ";", said.Title: ";;", said.Subtitle: ";;;"}[type(entry)]

        async def then(text: str | None) -> None:
            if not text or not text.strip():
                return
            first, _, rest = text.strip().partition("\n")
            reading = entering.read(self.editor, f"{kind}{first}", self.after())
            await self._do(reading)
            if rest.strip():
                entering.edit_line(self.editor, self.place(), long_text=rest.strip())

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
    from dataclasses import replace

    return replace(column, label=column.label.replace("{mode}", mode))
