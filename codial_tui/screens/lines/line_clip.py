"""Copying, cutting and pasting in Lignes: lines of ours, and lines of text from elsewhere."""

from __future__ import annotations

from codial_tui.commands import Command
from codial_tui.services.documents import line_tools, pasting
from codial_tui.widgets.press import Press

from .line_search import LineSearch
from .line_words import counted

COPY = Command("copy", "Copier", "Copie les lignes marquées", second=("ctrl+c",))
CUT = Command("cut", "Couper", "Coupe les lignes marquées", second=("ctrl+x",))
PASTE = Command("paste", "Coller", "Colle après la ligne", second=("ctrl+v",))

MOST_UNASKED = 2000
"""pasted lines of text beyond which a question is asked"""

TEXT_BEFORE = "clip.text"
"""cache: the text of the clipboard when lines were copied; another one is newer than they"""


class ClipKeys:
    """Ctrl+V on an empty line pastes lines, when they were copied last; else it is the text's."""

    passing = True

    def __init__(self, pane: LineClip) -> None:
        self.pane = pane

    async def press(self, press: Press) -> bool:
        host = self.pane.host
        if press.key != "ctrl+v" or host.typing_line.text:
            return False
        if host.context.cache.get(TEXT_BEFORE) != host.app.clipboard:
            return False
        await self.pane.action_paste()
        return True


class LineClip(LineSearch):
    """What of Lignes copies and pastes."""

    def chosen(self) -> list[str]:
        """The marked lines, else the current one."""
        raise NotImplementedError

    async def put(self, uid: str | None) -> None:
        """Show the document again, standing on a line."""
        raise NotImplementedError

    def _remember(self) -> None:
        self.host.context.cache[TEXT_BEFORE] = self.host.app.clipboard

    def action_copy(self) -> None:
        count = line_tools.copy(self.editor, self.chosen())
        self._remember()
        self.host.reading.done(f"{counted(count, 'copiée')} · Ctrl+V colle")

    async def action_cut(self) -> None:
        count = line_tools.cut(self.editor, self.chosen())
        self.table.marks.clear()
        self._remember()
        await self.host.refresh_document()
        self.host.reading.done(f"{counted(count, 'coupée')} · Ctrl+V colle, Ctrl+R revient")

    async def action_paste(self) -> None:
        uid, count = line_tools.paste(self.editor, self.after())
        await self.put(uid)
        self.host.reading.done(f"{counted(count, 'collée')} · Ctrl+R revient")

    async def pasted(self, lines: list[str]) -> None:
        """Lines of text: each is read as if typed, all of them are one gesture."""
        wanted = [line for line in lines if line.strip()]
        if len(wanted) <= MOST_UNASKED:
            await self._enter(wanted)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._enter(wanted)

        self.host.reading.ask(f"Coller {len(wanted)} lignes ? O/N", then, final=True)

    async def _enter(self, lines: list[str]) -> None:
        uid = pasting.enter_lines(self.editor, lines, self.after())
        await self.put(uid)
        self.host.reading.done(f"{counted(len(lines), 'collée')} · Ctrl+R revient")
