"""A screen as cells, and how a frame of Textual changes it. Pure: no terminal, no Textual app.

A cell is a cluster of code points and the number of its style. Widths are Textual's (Rich's): the
second cell of a wide cluster holds "".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.cells import get_character_cell_size, split_graphemes

BOLD, DIM, ITALIC, UNDERLINE, REVERSE = 1, 2, 3, 4, 7

_TOKEN = re.compile(
    r"\x1b\[([0-9;]*)([Hm])"  # cursor position, colours and attributes
    r"|\x1b\]8;([^\x07\x1b]*)(?:\x1b\\|\x07)"  # links
    r"|(\n)"
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x1b\\|\x07)?|[ -/]*[0-~])"  # anything else
    r"|[\x00-\x09\x0b-\x1f\x7f-\x9f]"
)
_ALONE = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x180))))
_OFF = {22: (BOLD, DIM), 23: (ITALIC,), 24: (UNDERLINE, 21), 25: (5, 6), 27: (REVERSE,), 28: (8,)}
_OFF |= {29: (9,), 54: (51, 52), 55: (53,)}


class Style(NamedTuple):
    """How a cell looks. attributes: their SGR numbers, sorted; fg and bg: SGR parameters, "" for
    the terminal's own; link: parameters and address of OSC 8."""

    attributes: tuple[int, ...] = ()
    fg: str = ""
    bg: str = ""
    link: str = ""


class Palette:
    """Styles by number; 0 is the terminal's default."""

    def __init__(self) -> None:
        self.styles = [Style()]
        self._numbers = {Style(): 0}
        self._applied: dict[tuple[int, str], int] = {}

    def number(self, style: Style) -> int:
        """The number of a style, a new one when it has none yet."""
        found = self._numbers.get(style)
        if found is None:
            found = self._numbers[style] = len(self.styles)
            self.styles.append(style)
        return found

    def apply(self, number: int, parameters: str) -> int:
        """The style after an SGR with these parameters."""
        key = (number, parameters)
        found = self._applied.get(key)
        if found is None:
            found = self.number(apply_sgr(self.styles[number], parameters))
            self._applied[key] = found
        return found


def apply_sgr(style: Style, parameters: str) -> Style:
    """What a style becomes by an SGR (ECMA-48 8.3.117, with 38/48 of ITU T.416)."""
    attributes, fg, bg = set(style.attributes), style.fg, style.bg
    codes = [int(code or 0) for code in parameters.split(";")]
    at = 0
    while at < len(codes):
        code, taken = codes[at], 1
        if code in (38, 48):
            taken = 3 if codes[at + 1 : at + 2] == [5] else 5
            colour = ";".join(map(str, codes[at : at + taken]))
            fg, bg = (colour, bg) if code == 38 else (fg, colour)
        elif code == 0:
            attributes, fg, bg = set(), "", ""
        elif code in _OFF:
            attributes -= set(_OFF[code])
        elif 30 <= code <= 37 or 90 <= code <= 97:
            fg = str(code)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            bg = str(code)
        elif code in (39, 49):
            fg, bg = ("", bg) if code == 39 else (fg, "")
        else:
            attributes.add(code)
        at += taken
    return Style(tuple(sorted(attributes)), fg, bg, style.link)


class Row:
    """One row. odd: it holds a cluster that is not one code point of width 1."""

    __slots__ = ("odd", "styles", "texts")

    def __init__(self, width: int, texts: list[str] | None = None) -> None:
        self.texts = [" "] * width if texts is None else texts
        self.styles = [0] * width
        self.odd = False

    def copy(self) -> Row:
        new = Row.__new__(Row)
        new.texts, new.styles, new.odd = self.texts.copy(), self.styles.copy(), self.odd
        return new

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.texts == other.texts and self.styles == other.styles

    __hash__ = None  # type: ignore[assignment]

    @property
    def key(self) -> tuple[str, tuple[int, ...]]:
        """The same for rows that look the same."""
        return "\x00".join(self.texts) if self.odd else "".join(self.texts), tuple(self.styles)


class Cells:
    """A screen: rows, and where the cursor is (y, x)."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows = [Row(width) for _ in range(height)]
        self.cursor = (0, 0)

    def copy(self) -> Cells:
        new = Cells.__new__(Cells)
        new.width, new.height, new.cursor = self.width, self.height, self.cursor
        new.rows = [row.copy() for row in self.rows]
        return new

    def resized(self, width: int, height: int) -> Cells:
        """The same in another size: cut, or filled with blanks."""
        new = Cells(width, height)
        for row, old in zip(new.rows, self.rows):
            kept = min(width, self.width)
            row.texts[:kept], row.styles[:kept] = old.texts[:kept], old.styles[:kept]
            row.odd = old.odd
            if old.odd and kept < self.width and old.texts[kept] == "":
                row.texts[-1] = " "  # half of a wide cluster
        new.cursor = min(self.cursor[0], height - 1), min(self.cursor[1], width - 1)
        return new

    def draw(self, frame: str, palette: Palette) -> None:
        """Obey a frame: cursor position, SGR, OSC 8, line feed and text; nothing else in it.
        What falls outside is lost, as on a terminal that does not wrap."""
        y, x = self.cursor
        style = at = 0
        for token in _TOKEN.finditer(frame):
            start = token.start()
            if start > at:
                x = self._put(y, x, frame[at:start], style)
            at = token.end()
            parameters, final, link, feed = token.groups()
            if final == "m":
                style = palette.apply(style, parameters)
            elif final:
                row, _, column = parameters.partition(";")
                y = min(max(int(row or 1), 1), self.height) - 1
                x = min(max(int(column or 1), 1), self.width) - 1
            elif feed:
                y = min(y + 1, self.height - 1)
            elif link is not None:
                link = "" if link.endswith(";") else link
                style = palette.number(palette.styles[style]._replace(link=link))
        if at < len(frame):
            x = self._put(y, x, frame[at:], style)
        self.cursor = y, min(x, self.width - 1)

    def _put(self, y: int, x: int, text: str, style: int) -> int:
        row = self.rows[y]
        if not _ALONE.issuperset(text) and not all(map(_is_narrow, text)):
            return self._put_clusters(row, x, text, style)
        end = x + len(text)
        if end > self.width:
            text, end = text[: max(0, self.width - x)], self.width
        if row.odd:
            self._halve(row, x, end)
        row.texts[x:end] = text
        row.styles[x:end] = [style] * (end - x)
        return end

    def _put_clusters(self, row: Row, x: int, text: str, style: int) -> int:
        row.odd = True
        for start, end, width in split_graphemes(text)[0]:
            cluster = text[start:end]
            if not width:  # it joins what stands before it
                if x > 0:
                    before = x - 1 if row.texts[x - 1] or x < 2 else x - 2
                    row.texts[before] += cluster
                continue
            if x + width > self.width:
                break
            self._halve(row, x, x + width)
            row.texts[x : x + width] = [cluster, *[""] * (width - 1)]
            row.styles[x : x + width] = [style] * width
            x += width
        return x

    def _halve(self, row: Row, start: int, end: int) -> None:
        """Wide clusters of which one half is about to be overwritten leave a blank."""
        if start < self.width and row.texts[start] == "" and start:
            row.texts[start - 1] = " "
        if end < self.width and row.texts[end] == "":
            row.texts[end] = " "

    def settle(self) -> None:
        """Look again which rows are odd; some may no longer be."""
        for row in self.rows:
            if row.odd:
                row.odd = not all(map(is_plain, row.texts))


def is_plain(text: str) -> bool:
    """Whether a cell holds one code point that takes one cell everywhere."""
    return len(text) == 1 and _is_narrow(text)


def _is_narrow(char: str) -> bool:
    return char in _ALONE or get_character_cell_size(char) == 1
