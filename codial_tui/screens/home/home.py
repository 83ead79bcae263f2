"""Home: what to do, what to open, what was touched last; one line that finds everything."""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.geometry import Offset

from codial_tui.commands import LOOK, NEW, PICK, TOOLS
from codial_tui.domain.spec import Column, Side
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.board import Board, HomeLine, Run, Spot, long_date
from codial_tui.screens.opening import open_document, open_list, open_record
from codial_tui.services.documents import resume
from codial_tui.services.lists import home
from codial_tui.services.lists.home import Door
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key, ListSource, Row
from codial_tui.widgets.rows import Rows, Text, TextRows
from codial_tui.widgets.typing_line import Draft

from . import home_new, home_rows, home_todos

if TYPE_CHECKING:
    from codial_tui.services.lists.home_search import Hit, Meaning

SEARCH_FROM = 3
"""letters from which a search shows what it finds"""
DRAFT_PLACE, DRAFT_SECONDS = "home", 1.0
NO_DOCUMENT = "Aucun document. F5 D fait un devis."
NO_HIT = "Ni numéro, ni client, ni article. Ctrl+U efface, F5 crée une fiche."


class HomeScreen(BaseScreen[None]):
    """The first screen; everything else lies on top of it."""

    where = "l'accueil"
    is_home = True

    def __init__(self, refusal: str = "") -> None:
        """refusal: why what was asked for at the start is not on top."""
        super().__init__()
        self.refusal = refusal
        self.side: str = Side.SALE
        """what the board shows: sales in front, what else there is behind its door"""
        self.typing_line = HomeLine()
        self.board = Board()
        self.heading = TextRows(Text("RÉCENTS", role="chapter"))
        self.table = RecordTable(home_rows.RECENT, empty=NO_DOCUMENT)
        self.table.markable = False
        self._spots: list[Spot] = []
        """what ↑ and ↓ walk through: À FAIRE, then the rows of the table"""
        self._keys: list[Key] = []
        """of the rows of the table"""
        self._spot = -1
        self._searching = ""
        self._found: list[Hit] = []
        self._draft_timer: TimerHandle | None = None

    def compose_body(self) -> Iterable[Rows | Container]:
        self.table.styles.height = home.RECENT + 1
        return (self.board, self.heading, self.table, TextRows(""))

    async def on_mount(self) -> None:
        self.table.aim(False)
        self.show_commands()
        self.direct(self.typing_line)
        text, caret = resume.draft(self.context, DRAFT_PLACE)
        self.typing_line.draft = Draft(text, caret)
        self.show_all()
        if text:
            await self.typed(text)
        if self.refusal:
            self.reading.refuse(self.refusal)

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.show_all()

    # what it shows -----------------------------------------------------------------------------

    def show_all(self) -> None:
        """Everything anew: coming back from a document changes counts and what is recent."""
        context = self.context
        self.title_bar.show(
            home.company_line(context), f"{long_date(context.today)} · {context.user.name}"
        )
        self.tab_bar.say("")
        fresh = home.is_fresh(context)
        fresh = fresh and self.side == Side.SALE
        self._todo_spots = (
            home_todos.first_steps(self) if fresh else home_todos.todos(self, self.side)
        )
        self.board.show(
            "PREMIERS PAS" if fresh else "À FAIRE",
            self._todo_spots,
            home.doors(context, self.side),
            home.SIDES[self.side][1].upper() if self.side in home.SIDES else "",
        )
        self._was = home.was(context)
        self.reading.context(
            f"{self._was} : Entrée y retourne"
            if self._was
            else "F5 crée un document ou une fiche, F10 montre tout ce qu'on peut faire"
        )
        if not self._searching:
            self._show_recent()

    def _show_recent(self) -> None:
        rows = [Row(row["id"], home_rows.recent_cells(row)) for row in home.recent(self.context)]
        self.heading.show(Text("RÉCENTS", role="chapter"))
        self.table.empty = NO_DOCUMENT
        self._show_rows(rows, home_rows.RECENT)
        self._spots = [*self._todo_spots, *(self._document_spot(row) for row in rows)]
        self._point(-1)

    def _show_rows(self, rows: list[Row], columns: tuple[Column, ...]) -> None:
        self._keys = [row.key for row in rows]
        self.table.show(ListSource(rows), columns=columns)

    def _document_spot(self, row: Row) -> Spot:
        says = f"Entrée ouvre {row.cells[0]} · {row.cells[1]}"
        return Spot("", "", False, says, lambda: open_document(self, int(str(row.key))))

    # walking -----------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        if press.key in ("up", "down") and self._asked is None and not self.reading.question:
            self.reading.forget()
            await self.guarded(lambda: self._walk(-1 if press.key == "up" else 1))
            return True
        return await super().press(press)

    def _walk(self, step: int) -> None:
        last = len(self._spots) - 1
        if self._spot < 0:
            self._point(0 if step > 0 else last)
        else:
            self._point(self._spot + step if 0 <= self._spot + step <= last else -1)

    def attention(self) -> Offset | None:
        if self._spot < 0 or self.reading.question is not None:
            return super().attention()
        return self.board.attention() or self.table.attention()

    def _point(self, spot: int) -> None:
        """The cursor on a spot, -1 on row 22."""
        self._spot = spot = spot if self._spots else -1
        todos = 0 if self._searching else len(self._todo_spots)
        self.board.point(spot if 0 <= spot < todos else -1)
        in_table = spot >= todos
        self.table.aim(in_table)
        if in_table:
            self.table.put_cursor(self._keys[spot - todos])
        self.typing_line.aim(spot < 0)
        self.reading.say(self._spots[spot].says if spot >= 0 else self._line_says())

    # typing ------------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        self._draft_timer = self.guarded_later(DRAFT_SECONDS, self.keep_draft)
        self.search(text)

    def search(self, text: str, least: int = SEARCH_FROM) -> None:
        """Show in place of RÉCENTS what a text finds; a shorter one brings them back."""
        self._found = []
        if len(text.strip()) < least or self._read(text).list_code:
            if self._searching:
                self._searching = ""
                self._show_recent()
            self._point(-1)
            return
        self._searching = text
        from codial_tui.services.lists.home_search import search

        document = self._document(text)
        others = [one for one in search(self.context, text) if one != document]
        self._found = [document, *others] if document else others
        shown = text.strip()[:30]
        count = f"{len(self._found)} pour" if self._found else "Rien pour"
        self.heading.show(Text(f"{count} « {shown} »", "↓ choisir, Entrée ouvrir", "chapter"))
        self.table.empty = NO_HIT
        rows = [
            Row(at, (one.title, one.key, one.label, one.detail))
            for at, one in enumerate(self._found)
        ]
        self._show_rows(rows, home_rows.HITS)
        self._spots = [
            Spot("", "", False, f"Entrée ouvre {one.key} {one.label}", self._opener(one))
            for one in self._found
        ]
        self._point(-1)

    def _read(self, text: str) -> Meaning:
        from codial_tui.services.lists.home_search import meaning

        return meaning(self.context, text, home.codes(self.context))

    def _document(self, text: str) -> Hit | None:
        from codial_tui.services.lists.home_search import find

        return find(self.context, text) if self._read(text).is_number else None

    def _line_says(self) -> str:
        """What Enter on row 22 will do."""
        text = self.typing_line.text
        if not text.strip():
            return ""
        read = self._read(text)
        if read.list_code:
            door = home.codes(self.context)[read.list_code]
            what = "ouvre la liste" if door.side is None and not door.command else "montre"
            return f"Entrée {what} : {door.label}"
        if self._found:
            first = self._found[0]
            return f"Entrée ouvre {first.key} {first.label}"
        document = self._document(text)
        if document:
            return f"Entrée ouvre {document.key} {document.label}"
        return "Entrée cherche" if not self._searching else "Rien ne porte ce nom"

    async def accepted(self, text: str) -> None:
        if self._spot >= 0:
            await self._leave_line(self._spots[self._spot].run)
            return
        read = self._read(text)
        if read.is_empty:
            await self.go_back()
        elif read.is_command:
            self.typing_line.clear()
            await self.action_menu()
        elif read.list_code:
            door = home.codes(self.context)[read.list_code]
            await self._leave_line(partial(self._go_through, door))
        else:
            self.search(text, least=1)
            if not self._found:
                self.reading.refuse(f"« {text.strip()[:40]} » introuvable · F5 crée une fiche")
                return
            await self._leave_line(self._opener(self._found[0]))

    async def _go_through(self, door: Door) -> None:
        """A list, or another side of the house, the same once more leads back."""
        if door.command:
            await self.codial.run_command(door.command)
            return
        if door.side is None:
            await open_list(self, door.name)
            return
        self.side = Side.SALE if self.side == door.side else door.side
        self.show_all()

    async def _leave_line(self, run: Run) -> None:
        """Open something: the line has done its work."""
        self.typing_line.clear()
        self.keep_draft()
        if self._searching:
            self._searching = ""
            self._show_recent()
        await run()

    def keep_draft(self) -> None:
        """Keep the line in hand."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
            self._draft_timer = None
        draft = self.typing_line.draft
        resume.keep_draft(self.context, DRAFT_PLACE, draft.text, draft.caret)

    # opening -----------------------------------------------------------------------------------

    def _opener(self, hit: Hit) -> Run:
        if hit.what == "document":
            return lambda: open_document(self, hit.id)
        if hit.what == "filter":
            return lambda: open_list(self, hit.list, kept=hit.key)
        return lambda: open_record(self, hit.what, hit.id)

    async def go_back(self) -> None:
        """An empty line: back where one was, document, tab and line."""
        place = resume.place(self.context)
        if place is None:
            self.reading.refuse("Rien à reprendre · F5 crée un document")
            return
        await open_document(self, place["document"], tab=place["tab"], line=place["line"])

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(NEW), Offer(TOOLS), Offer(LOOK)]

    def action_pick(self) -> None:
        """What the letters typed so far find, however few; without any, the lists."""
        text = self.typing_line.text
        if text.strip():
            self.search(text, least=1)
            self._walk(1)
        else:
            codes = " ".join(door.code for door in self.board.doors)
            self.reading.say(f"Tapez le code d'une liste : {codes}")

    def action_new(self) -> None:
        home_new.ask(self, self.side)

    def action_tools(self) -> None:
        home_new.ask_tool(self)

    async def action_look(self) -> None:
        if self._spot < 0:
            self.reading.refuse("Rien sous le curseur · ↑ ↓ choisit une ligne")
        else:
            await self._spots[self._spot].run()

    def help_text(self) -> list[str]:
        return [
            "Tapez un numéro (42, DE42), trois lettres d'un client ou d'un article, "
            "ou le code d'une liste (de, ti, ar…). Ligne vide + Entrée : là où vous étiez.",
            "ac montre les achats, ma la maintenance, Échap revient. F5 crée ; F5 H : un achat.",
            "↑ ↓ parcourent À FAIRE et RÉCENTS, Entrée ouvre. Échap quitte.",
        ]

    async def back(self) -> None:
        if self._spot >= 0:
            self._point(-1)
        elif self.side != Side.SALE and not self.typing_line.text:
            self.side = Side.SALE
            self.show_all()
        elif self.typing_line.text:
            text = self.typing_line.text
            for key in ("end", "ctrl+u"):  # as keys, so that Ctrl+R brings the text back
                await self.typing_line.press(Press(key))
            self.reading.say(f"Ctrl+R remet « {text[:40]} »")
        else:
            self.reading.ask("Quitter ?", self._quit, final=True, passing=True)

    async def _quit(self, letter: str) -> None:
        if letter == "O":
            await self.codial.command_quit_program()
