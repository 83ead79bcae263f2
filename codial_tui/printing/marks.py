"""What a page is made of: pieces of text and filled boxes, in millimetres from the top left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from codial_tui.domain.paper.richtext import Paragraph

Shade = tuple[int, int, int]
INK: Shade = (0, 0, 0)
ACCENT: Shade = (31, 58, 95)
TINT: Shade = (232, 237, 243)
GREY: Shade = (95, 95, 95)
LINE: Shade = (190, 198, 207)
WHITE: Shade = (255, 255, 255)
POINT = 25.4 / 72


_AFTER_BLANK = ";:!?»€%"


class Style(NamedTuple):
    """face: "", "B", "I" or "BI"; size in points."""

    face: str = ""
    size: float = 8.5
    shade: Shade = INK

    @property
    def leading(self) -> float:
        """Height of a line, mm."""
        return self.size * POINT * 1.32


class Ink(NamedTuple):
    """A piece of text; y is its baseline."""

    x: float
    y: float
    style: Style
    text: str


class Box(NamedTuple):
    """A filled rectangle; a rule is a thin one."""

    x: float
    y: float
    width: float
    height: float
    shade: Shade


class Picture(NamedTuple):
    """A picture scaled into a frame, against its top left corner."""

    x: float
    y: float
    width: float
    height: float
    data: bytes


class Pen(NamedTuple):
    """A line drawn by hand, of points in mm from x and y; one point is a dot."""

    x: float
    y: float
    points: tuple[tuple[float, float], ...]
    shade: Shade
    width: float = 0.45


Mark = Ink | Box | Picture | Pen


@dataclass(slots=True)
class Band:
    """A strip of the page; its marks count y from its top. keep: stays with the next band.
    carried: cents it adds to the carry-over."""

    height: float
    marks: list[Mark] = field(default_factory=list)
    keep: bool = False
    carried: int = 0
    break_before: bool = False


class Measure(Protocol):
    """The fonts, as far as laying out needs them."""

    def width(self, text: str, style: Style) -> float:
        """Width of a text, mm."""
        ...

    def printable(self, text: str, face: str) -> str:
        """The text with only what the font can draw."""
        ...


def baseline(style: Style) -> float:
    """Distance from the top of a line to its baseline, mm."""
    return style.size * POINT * 1.02


def wrap(measure: Measure, text: str, style: Style, width: float) -> list[str]:
    """A printable text as lines no wider than `width`; a word longer than a line is cut."""
    if not text:
        return []
    if "\n" not in text and measure.width(text, style) <= width:
        return [text]
    lines: list[str] = []
    for piece in text.split("\n"):
        lines += [
            "".join(word for _, word in line) for line in _fill(measure, [(style, piece)], width)
        ]
    return lines


def wrap_rich(
    measure: Measure, paragraph: Paragraph, style: Style, width: float
) -> list[list[tuple[Style, str]]]:
    """The lines of a paragraph, each a list of styled pieces."""
    lines: list[list[tuple[Style, str]]] = []
    pieces: list[tuple[Style, str]] = []
    for run in paragraph:
        own = style._replace(face=("B" if run.bold else "") + ("I" if run.italic else ""))
        first, *others = run.text.split("\n")
        pieces.append((own, measure.printable(first, own.face)))
        for text in others:
            lines += _fill(measure, pieces, width)
            pieces = [(own, measure.printable(text, own.face))]
    return lines + _fill(measure, pieces, width)


def _fill(
    measure: Measure, pieces: Sequence[tuple[Style, str]], width: float
) -> list[list[tuple[Style, str]]]:
    """Greedy filling of lines with the words of styled pieces."""
    lines: list[list[tuple[Style, str]]] = [[]]
    used = 0.0
    for style, text in pieces:
        for word in _words(text):
            needs = measure.width(word, style)
            if used + needs > width and used and not word.isspace():
                lines.append([])
                used = 0.0
            for part in _cut(measure, word, style, width) if needs > width else [word]:
                long = measure.width(part, style)
                if used + long > width and used:
                    lines.append([])
                    used = 0.0
                if part.isspace() and not used and len(lines) > 1:
                    continue
                lines[-1].append((style, part))
                used += long
    return [_joined(line) for line in lines]


def _words(text: str) -> Iterator[str]:
    """Words and the blanks between them. French signs stay with their word, a blank that may not
    break is a character like any other."""
    start = 0
    for index, char in enumerate(text):
        if char == " " and not _holds(text, index):
            if start < index:
                yield text[start:index]
            yield " "
            start = index + 1
    if start < len(text):
        yield text[start:]


def _holds(text: str, index: int) -> bool:
    """Whether the blank belongs to a sign that French sets apart: `12 €`, `« mot »`, `ici :`."""
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    return (after != "" and after in _AFTER_BLANK and before != " ") or before == "«"


def _cut(measure: Measure, word: str, style: Style, width: float) -> Iterator[str]:
    part, used = "", 0.0
    for char in word:
        needs = measure.width(char, style)
        if part and used + needs > width:
            yield part
            part, used = "", 0.0
        part += char
        used += needs
    yield part


def _joined(line: list[tuple[Style, str]]) -> list[tuple[Style, str]]:
    result: list[tuple[Style, str]] = []
    for style, text in line:
        if result and result[-1][0] == style:
            result[-1] = (style, result[-1][1] + text)
        else:
            result.append((style, text))
    if result and not result[-1][1].strip():
        result.pop()
    return result
