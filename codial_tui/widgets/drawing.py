"""One row of the screen, drawn cell by cell: fitted text, merged segments, exact width."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

ELLIPSIS = "…"
AFTER = frozenset(";:!?»")
"""signs that a line never begins with"""


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` cells; `…` ends it where it had to be cut."""
    length = cell_len(text)
    if length > width:
        return cut(text, width)
    blanks = " " * (width - length)
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """The start of the text and `…`, in `width` cells."""
    if width <= 1:
        return ELLIPSIS[:width]
    kept = set_cell_size(text, width - 1).rstrip()
    return kept + ELLIPSIS + " " * (width - 1 - cell_len(kept))


def _words(text: str) -> list[str]:
    """What may not be cut."""
    found: list[str] = []
    for word in text.split():
        if found and (word in AFTER or found[-1] == "«"):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def wrap(text: str, width: int) -> list[str]:
    """A paragraph in lines of at most `width` cells, cut between words; a sign that French sets
    apart (`;`, `»`) stays with its word."""
    lines, line = [], ""
    for word in _words(text):
        while cell_len(word) > width:
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:width])
            word = word[width:]
        joined = f"{line} {word}" if line else word
        if cell_len(joined) > width:
            lines.append(line)
            joined = word
        line = joined
    return [*lines, line] if line else lines


class Drawing:
    """A row under construction: pieces are put at columns, from left to right.

    base: style of the cells nothing was put on (the current row has a background of its own).
    """

    def __init__(self, width: int, base: Style | None = None) -> None:
        self.width = width
        self.base = base or Style.null()
        self.at = 0
        self._segments: list[Segment] = []

    def add(self, text: str, style: Style | None = None) -> Drawing:
        """Puts text where the last piece ended."""
        if text:
            self._segments.append(Segment(text, self.base if style is None else style))
            self.at += cell_len(text)
        return self

    def put(self, column: int, text: str, style: Style | None = None) -> Drawing:
        """Puts text at a column; what would overlap an earlier piece moves right of it."""
        if column > self.at:
            self.add(" " * (column - self.at))
        return self.add(text, style)

    def put_right(self, end: int, text: str, style: Style | None = None) -> Drawing:
        """Puts text so that its last cell is just before column `end`."""
        return self.put(end - cell_len(text), text, style)

    def strip(self) -> Strip:
        """The row, exactly `width` cells, neighbours of one style merged."""
        if self.at < self.width:
            self.add(" " * (self.width - self.at))
        whole = Strip(Segment.simplify(self._segments), self.at)
        return whole if self.at == self.width else whole.crop(0, self.width)
