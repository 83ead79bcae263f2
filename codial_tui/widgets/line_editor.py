"""A line of text being typed: caret, selection, cuts, undo. No screen, no business.

Its keys are the ones people's fingers know from shells and Textual (ux.md §2): Ctrl+A E start and
end, D delete, K U W cut to the end, the start, the word, X C V clipboard, R Z undo, Y redo.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment

from codial_tui.domain.text import clean

from .press import Press
from .theme import Look

_WORD_START = re.compile(r"(?<=\W)\w")
_UNDO_STEPS = 200

Snapshot = tuple[str, int]


class LineEditor:
    """One line of text. limit: the most characters it takes, 0 for no limit."""

    def __init__(self, text: str = "", *, limit: int = 0) -> None:
        self.limit = limit
        self.clipboard = ""
        self.text = text
        self.caret = len(text)
        self.anchor: int | None = None
        """the other end of the selection"""
        self.refused = False
        """the last key would have gone beyond the limit"""
        self._undone: list[Snapshot] = []
        self._done: list[Snapshot] = []
        self._run = ""
        """what kind of change goes on, so that a word typed is one undo"""
        self._erasing = ""

    def set(self, text: str) -> None:
        """Another text, without a way back: what was typed has been taken or replaced."""
        self.text, self.caret, self.anchor = text, len(text), None
        self._done.clear()
        self._undone.clear()
        self._run = self._erasing = ""

    @property
    def selection(self) -> tuple[int, int]:
        """Start and end of what is selected; equal when nothing is."""
        if self.anchor is None:
            return self.caret, self.caret
        return min(self.anchor, self.caret), max(self.anchor, self.caret)

    @property
    def selected(self) -> str:
        start, end = self.selection
        return self.text[start:end]

    def select_all(self) -> None:
        """The next character typed replaces the text; a move of the caret keeps it."""
        self.caret, self.anchor = len(self.text), 0

    def insert(self, text: str, *, run: str = "") -> bool:
        """Replaces the selection. False, and nothing changes, when it does not fit the limit."""
        start, end = self.selection
        if self.limit and len(self.text) - (end - start) + len(text) > self.limit:
            self.refused = True
            return False
        self._replace(start, end, text, run)
        return True

    def press(self, press: Press) -> bool:
        """True when the key is one of the line's own. `refused` says when it did not fit."""
        self.refused = False
        if character := press.printable:
            if character == " " and not self.text:
                return False  # nothing starts with a blank: the rows mark with it
            self._erasing = ""
            self.insert(character, run="" if character == " " else "type")
            return True
        if not self.text and press.key in ("delete", "backspace"):
            # a held key that emptied the line must not go on to delete rows
            return self._erasing == press.key
        self._erasing = press.key if press.key in ("delete", "backspace") else ""
        known = _KEYS.get(press.key)
        return known is not None and known(self)

    def _replace(self, start: int, end: int, text: str, run: str) -> None:
        if start == end and not text:
            return
        if not run or run != self._run:
            self._done.append((self.text, self.caret))
            del self._done[:-_UNDO_STEPS]
        self._run = run
        self._undone.clear()
        self.text = self.text[:start] + text + self.text[end:]
        self.caret, self.anchor = start + len(text), None

    def _move(self, to: int, select: bool = False) -> bool:
        self._run = ""
        if not select:
            self.anchor = None
        elif self.anchor is None:
            self.anchor = self.caret
        self.caret = max(0, min(len(self.text), to))
        return True

    def _erase(self, start: int, end: int, run: str = "") -> bool:
        if self.anchor is not None and self.selected:
            start, end = self.selection
        self._replace(max(0, start), min(len(self.text), end), "", run)
        return True

    def _word_start(self) -> int:
        starts = [hit.start() for hit in _WORD_START.finditer(self.text[: self.caret])]
        return starts[-1] if starts else 0

    def _undo(self) -> bool:
        return self._travel(self._done, self._undone)

    def _redo(self) -> bool:
        return self._travel(self._undone, self._done)

    def _travel(self, source: list[Snapshot], target: list[Snapshot]) -> bool:
        if not source:
            return False
        target.append((self.text, self.caret))
        self.text, self.caret = source.pop()
        self.anchor, self._run = None, ""
        return True

    def _copy(self) -> bool:
        self.clipboard = self.selected or self.clipboard
        return bool(self.selected)

    def _cut(self) -> bool:
        return self._copy() and self._erase(*self.selection)

    def _paste(self) -> bool:
        if pasted := clean(self.clipboard):
            self.insert(pasted)
        return True


_KEYS: dict[str, Callable[[LineEditor], bool]] = {
    "left": lambda e: e._move(e.selection[0] if e.selected else e.caret - 1),
    "right": lambda e: e._move(e.selection[1] if e.selected else e.caret + 1),
    "shift+left": lambda e: e._move(e.caret - 1, select=True),
    "shift+right": lambda e: e._move(e.caret + 1, select=True),
    "shift+home": lambda e: e._move(0, select=True),
    "shift+end": lambda e: e._move(len(e.text), select=True),
    "backspace": lambda e: e._erase(e.caret - 1, e.caret, "erase"),
    "delete": lambda e: e._erase(e.caret, e.caret + 1, "erase"),
    "ctrl+d": lambda e: e._erase(e.caret, e.caret + 1, "erase"),
    "ctrl+k": lambda e: e._erase(e.caret, len(e.text)),
    "ctrl+u": lambda e: e._erase(0, e.caret),
    "ctrl+w": lambda e: e._erase(e._word_start(), e.caret),
    "ctrl+x": LineEditor._cut,
    "ctrl+c": LineEditor._copy,
    "ctrl+v": LineEditor._paste,
    "ctrl+r": LineEditor._undo,
    "ctrl+z": LineEditor._undo,
    "ctrl+y": LineEditor._redo,
    **dict.fromkeys(("home", "ctrl+a"), lambda e: e._move(0)),
    **dict.fromkeys(("end", "ctrl+e"), lambda e: e._move(len(e.text))),
}


def draw(
    editor: LineEditor, width: int, look: Look, role: str, *, caret: bool, fill: str = ""
) -> list[Segment]:
    """The text in exactly `width` cells, scrolled so that the caret is in view.

    caret: shown (as `_` at the end of the text), and with it the selection. fill: role of the
    cells behind the text.
    """
    shown = _shown(editor, look)
    if caret and editor.caret == len(editor.text):
        shown[-1] = "_"
    first = _in_view(editor, shown, width)[0] if caret else 0
    start, end = editor.selection
    segments: list[Segment] = []
    room = width
    for at in range(first, len(shown)):
        size = cell_len(shown[at])
        if size > room:
            break
        here = role if at < len(editor.text) else fill
        if caret and start <= at < end:
            here = "selection"
        if caret and at == editor.caret:
            here = "caret"
        segments.append(Segment(shown[at], look.style(here)))
        room -= size
    segments.append(Segment(" " * room, look.style(fill)))
    return list(Segment.simplify(segments))


def caret_cell(editor: LineEditor, width: int, look: Look) -> int:
    """The cell of the caret in what `draw` draws."""
    return _in_view(editor, _shown(editor, look), width)[1]


def _shown(editor: LineEditor, look: Look) -> list[str]:
    return [look.text(char) or " " for char in editor.text] + [" "]


def _in_view(editor: LineEditor, shown: list[str], width: int) -> tuple[int, int]:
    """The first character that is shown so that the caret is in view, and the caret's cell."""
    first, used = 0, sum(cell_len(char) for char in shown[: editor.caret + 1])
    while used > width and first < editor.caret:
        used -= cell_len(shown[first])
        first += 1
    return first, max(0, used - cell_len(shown[editor.caret]))
