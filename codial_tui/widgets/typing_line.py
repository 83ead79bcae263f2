"""Row 22: the one place to type on every screen."""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Offset
from textual.strip import Strip

from codial_tui.domain.text import clean

from .drawing import Drawing, fit
from .line_editor import LineEditor, caret_cell, draw
from .press import Notice, Press, tell
from .rows import Rows

_LINE_END = re.compile(r"\r\n|\r|\n")
"""`splitlines` would also cut at control characters, which are to be taken off"""
PASTE_LIMIT = 64 * 1024
"""bytes that may be pasted into one field"""
PASTE_LINES_LIMIT = 5 * 1024 * 1024
"""bytes of several lines that may be pasted anywhere"""


class Draft(NamedTuple):
    """A half-typed line as it is kept: its text and where its caret was."""

    text: str = ""
    caret: int = 0


class TypingLine(Rows):
    """`► text_                 hint`: a line editor, its prompt and where the line goes."""

    class Typed(Notice):
        """The text changed."""

        def __init__(self, line: TypingLine, text: str) -> None:
            super().__init__()
            self.line, self.text = line, text

    class Accepted(Notice):
        """Enter. The text stays until the screen clears it, or keeps it to be mended."""

        def __init__(self, line: TypingLine, text: str) -> None:
            super().__init__()
            self.line, self.text = line, text

    class PastedLines(Notice):
        """Several lines were pasted at once; none of them has been typed."""

        def __init__(self, line: TypingLine, lines: list[str]) -> None:
            super().__init__()
            self.line, self.lines = line, lines

    class Refused(Notice):
        """What was typed or pasted does not fit; the text is as before."""

        def __init__(self, line: TypingLine, message: str) -> None:
            super().__init__()
            self.line, self.message = line, message

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.editor = LineEditor(limit=4096)
        self.prompt = ""
        self.hint = ""
        self.typing = True
        """the caret is here, not in the rows"""
        self.shown = ""
        """text in place of the line where one cannot type (what the current field is)"""
        self.caret_cell = 2

    @property
    def text(self) -> str:
        return self.editor.text

    @property
    def draft(self) -> Draft:
        return Draft(self.editor.text, self.editor.caret)

    @draft.setter
    def draft(self, draft: Draft) -> None:
        self.editor.set(draft.text)
        self.editor.caret = max(0, min(len(draft.text), draft.caret))
        self.refresh()

    def put(self, text: str) -> None:
        """Another text, caret at its end, nothing to undo; tells nobody."""
        self.editor.set(text)
        self.refresh()

    def clear(self) -> None:
        self.put("")

    def label(self, *, hint: str | None = None, prompt: str | None = None) -> None:
        """The text at the right end, and what stands before the typed text (`RACC12 : `)."""
        self.hint = self.hint if hint is None else hint
        self.prompt = self.prompt if prompt is None else prompt
        self.refresh()

    def show(self, text: str) -> None:
        """A text in place of what is typed (in a form: what the field is); "" to type again."""
        if text != self.shown:
            self.shown = text
            self.refresh()

    def aim(self, typing: bool) -> None:
        """Whether the caret is on this row."""
        if typing != self.typing:
            self.typing = typing
            self.refresh()

    def attention(self) -> Offset:
        """The caret, on the terminal."""
        return self.region.offset + Offset(1 if self.shown else self.caret_cell, 0)

    async def press(self, press: Press) -> bool:
        if self.shown:
            return False
        if press.key == "enter":
            await tell(self, self.Accepted(self, self.text))
            return True
        before = self.text
        self.editor.clipboard = self.app.clipboard
        if not self.editor.press(press):
            return False
        if self.editor.clipboard != self.app.clipboard:
            self.app.copy_to_clipboard(self.editor.clipboard)
        self.refresh()
        if self.editor.refused:
            await tell(self, self.Refused(self, "ligne trop longue · raccourcissez-la"))
        elif self.text != before:
            await tell(self, self.Typed(self, self.text))
        return True

    async def paste(self, text: str) -> bool:
        if self.shown:
            return False
        size = len(text.encode("utf-8", "replace"))
        lines = _LINE_END.split(text.strip("\r\n")) if size <= PASTE_LINES_LIMIT else []
        if size > PASTE_LINES_LIMIT or (len(lines) == 1 and size > PASTE_LIMIT):
            await tell(self, self.Refused(self, too_much_pasted(size)))
        elif len(lines) > 1:
            await tell(self, self.PastedLines(self, [clean(line) for line in lines]))
        elif lines and (pasted := clean(lines[0])):
            fits = self.editor.insert(pasted)
            self.refresh()
            await tell(
                self,
                self.Typed(self, self.text)
                if fits
                else self.Refused(self, "ligne trop longue · raccourcissez-la"),
            )
        return True

    def draw_row(self, y: int, width: int) -> Strip:
        look = self.look
        hint = look.text(self.hint)
        row = Drawing(width)
        row.add(look.text("► ") if not self.shown else " ")
        if self.shown:
            room = width - 2 - (cell_len(hint) + 2 if hint else 0)
            row.add(fit(look.text(self.shown), room))
        else:
            row.add(look.text(self.prompt), look.style("typed"))
            room = max(8, width - 1 - row.at - (cell_len(hint) + 1 if hint else 0))
            self.caret_cell = row.at + caret_cell(self.editor, room, look)
            for text, style, _ in draw(self.editor, room, look, "typed", caret=self.typing):
                row.add(text, style)
        if hint and row.at + cell_len(hint) < width:
            row.put_right(width - 1, hint)
        return row.strip()


def too_much_pasted(size: int) -> str:
    """Why a paste of `size` bytes was not taken; the terminal layer keeps no more than 5 Mo."""
    if size >= PASTE_LINES_LIMIT:
        return "collage de plus de 5 Mo refusé · 64 Ko par champ, 5 Mo de lignes au plus"
    return f"collage de {size // 1024} Ko refusé · 64 Ko par champ, 5 Mo de lignes au plus"
