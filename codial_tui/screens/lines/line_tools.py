"""F7 in Lignes: the tools by letter, then what they ask, then one undo step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from codial_tui.domain.document import Document
from codial_tui.domain.spec import Column
from codial_tui.domain.structure import span_of
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.buying import too_many
from codial_tui.screens.document.document_chain import letters_of, own_letters
from codial_tui.services.documents import line_tools
from codial_tui.services.documents.line_tools import BY_LETTER, LINE_TOOLS, LineTool
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

if TYPE_CHECKING:
    from .lines import LinesPane

COLUMNS = (Column("letter", "", width=2), Column("label", "Outil", min_width=30))
OWN = (
    ("K", "Favori : mettre la ligne sur une touche"),
    ("Q", "Colonnes de la grille"),
)
"""Tools that change no line: letter and label."""
REST = ("W", "Abandonner le reste à livrer ou à recevoir, ou le rouvrir")
"""Of the lines of an order, to a supplier too."""


class ToolsScreen(BaseScreen[str]):
    """The tools, one letter each; a letter runs its tool at once."""

    where = "les outils"
    remedy = "tapez une lettre de la liste"

    def __init__(
        self,
        tools: Sequence[LineTool] = LINE_TOOLS,
        *,
        rest: bool = False,
        document: Document | None = None,
    ) -> None:
        super().__init__()
        own, every = (own_letters(document), letters_of(document)) if document else ({}, {})
        offered = [
            *((letter, one.label) for letter, one in own.items()),
            *((tool.letter, tool.label) for tool in tools),
            *((REST, *OWN) if rest else OWN),
            *((letter, one.label) for letter, one in every.items()),
        ]
        rows = [Row(letter, (letter, label)) for letter, label in dict(offered).items()]
        self.table = RecordTable(COLUMNS, ListSource(rows), header=False)
        self.letters = {str(row.key) for row in rows}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show("Outils des lignes")
        self.tab_bar.say("Une lettre, ou ↑ ↓ et Entrée. Échap revient aux lignes.")
        self.typing_line.show("Chaque outil est un seul geste : Ctrl+R l'annule")
        self.direct(self.table)
        self.show_commands()

    async def press(self, press: Press) -> bool:
        letter = press.printable.upper()
        if letter in self.letters:
            self.dismiss(letter)
            return True
        return await super().press(press)

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.dismiss(str(notice.row.key))


class ToolRun:
    """One tool on its way: scope, question, run."""

    def __init__(self, pane: LinesPane, letter: str) -> None:
        self.pane = pane
        self.letter = letter

    async def start(self) -> None:
        if self.letter == "K":
            self._favourite()
        elif self.letter == "Q":
            await self._columns()
        elif self.letter == REST[0]:
            await self._rest()
        else:
            self._scope(BY_LETTER[self.letter])

    def _scope(self, tool: LineTool) -> None:
        """Which lines: the marked ones, else asked."""
        pane = self.pane
        if tool.whole and not pane.table.marks:
            self._ask(tool, None)
            return
        if not tool.scoped or pane.table.marks:
            self._ask(tool, pane.chosen())
            return

        def then(letter: str) -> None:
            if letter == "L":
                self._ask(tool, pane.chosen())
            elif letter == "C":
                self._ask(tool, self._chapter())
            elif letter == "T":
                self._ask(tool, None)

        question = f"{tool.label} sur : L la ligne  C son chapitre  T tout le document"
        pane.host.reading.ask(question, then, letters="LCT")

    def _chapter(self) -> list[str]:
        """The lines of the chapter or title around the current line; the line itself outside."""
        from codial_tui.domain.document import HEADINGS

        document, uid = self.pane.editor.document, self.pane.place()
        index = document.index_of(uid) if uid else 0
        for at in range(index, -1, -1):
            line = document.lines[at]
            if line.type in HEADINGS and index in span_of(document, line.uid):
                return [document.lines[place].uid for place in span_of(document, line.uid)]
        return self.pane.chosen()

    def _ask(self, tool: LineTool, uids: line_tools.Uids) -> None:
        host = self.pane.host

        async def then(text: str) -> None:
            warnings = line_tools.run(self.pane.editor, tool, uids, text)
            host.end_asking()
            self.pane.table.marks.clear()
            await host.refresh_document()
            if warnings:
                host.reading.warn(" · ".join(one.text for one in warnings))
            else:
                host.reading.done(f"{tool.label} : fait · Ctrl+R annule")

        if tool.ask:
            host.ask_text(tool.ask, then)
        else:
            host.app.call_later(self._now, then)

    async def _now(self, then: object) -> None:
        """A tool without a question, through the same funnel as a key."""
        host = self.pane.host
        await host.guarded(lambda: then(""))  # type: ignore[operator]

    async def _rest(self) -> None:
        """Give up what was not delivered, after a question; or take that back."""
        from codial_tui.domain.chain.delivering import is_given_up
        from codial_tui.services.chain import giving_up

        host, editor = self.pane.host, self.pane.editor

        async def do(letter: str) -> None:
            if letter != "O":
                return
            again = is_given_up(editor.document)
            (giving_up.reopen if again else giving_up.give_up)(editor)
            await host.refresh_document()
            said = "rouverte" if again else "terminée, reste abandonné"
            host.reading.done(f"{editor.document.ref} {said} · Ctrl+R annule")

        if is_given_up(editor.document):
            await host.guarded(lambda: do("O"))
        else:
            ordered = too_many.of_documents(editor.context, [editor.document.id])
            host.reading.ask(f"{ordered}Abandonner le reste de {editor.document.ref} ? O/N", do)

    def _favourite(self) -> None:
        from codial_tui.errors import refuse
        from codial_tui.services.documents import favourites

        pane = self.pane
        line = pane.editor.document.line(pane.place()) if pane.place() else None
        if line is None or not (line.reference or line.label):
            raise refuse("favourite.none", "Aucune ligne à mettre en favori")
        text = line.reference or f".{line.label};"

        def then(key: str) -> None:
            if len(key.strip()) != 1:
                raise refuse("favourite.key", "Une seule touche", "b, par exemple : !b la tapera")
            favourites.put(pane.host.context, key.strip().lower(), text)
            pane.host.reading.done(f"!{key.strip().lower()} tape {text}")

        pane.host.ask_text(f"Touche du favori « {text[:30]} »", then)

    async def _columns(self) -> None:
        from codial_tui.screens.lists.column_choice import ColumnsScreen

        pane = self.pane
        shown = [column.name for column in pane.columns]

        async def then(names: list[str] | None) -> None:
            if names is not None:
                line_tools.choose_columns(pane.editor, names)
                pane.lay_out()
                await pane.changed()

        await pane.host.app.push_screen(ColumnsScreen(pane.tab.columns, shown), then)
