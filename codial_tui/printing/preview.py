"""The paper as text for the terminal: same words, approximate layout, no effect on the document."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codial_tui.domain.maintenance.strokes import braille
from codial_tui.domain.paper.paper import (
    HEADING_STYLES,
    Block,
    Code,
    Paper,
    Photos,
    Row,
    RowStyle,
    Signature,
    Sums,
    Table,
    Text,
)
from codial_tui.domain.paper.richtext import Paragraph
from codial_tui.domain.text import display

from .marks import Style, wrap, wrap_rich

WIDTH = 78
HEIGHT = 18
MARGIN = 2
GAP = "  "
LEAST_WIDE = 14
DRAWN = 35
"""columns of a drawn signature"""
_STYLE = Style()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of text. keep: not the last of a page. breaks: first of a page."""

    text: str = ""
    keep: bool = False
    breaks: bool = False


class _Cells:
    """Laying out in terminal cells instead of millimetres."""

    def width(self, text: str, style: Style) -> float:
        return float(cells(text))

    def printable(self, text: str, face: str) -> str:
        return "\n".join(display(line) for line in text.split("\n"))


_MEASURE = _Cells()


def cells(text: str) -> int:
    """Terminal columns of a text: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def preview(paper: Paper, width: int = WIDTH, height: int = HEIGHT) -> tuple[tuple[str, ...], ...]:
    """Screen pages of at most `height` rows of at most `width` columns, margin included.

    Every page is a screenful, not a sheet: `pdf.page_count` tells the sheets.
    """
    rows = list(_rows(paper, width - MARGIN))
    return tuple(
        tuple(" " * MARGIN + row.text if row.text else "" for row in page)
        for page in _pages(rows, height)
    )


def _pages(rows: Sequence[_Row], height: int) -> Iterator[list[_Row]]:
    page: list[_Row] = []
    for row in rows:
        if page and (row.breaks or len(page) == height):
            over: list[_Row] = []
            while not row.breaks and len(page) > 1 and page[-1].keep and len(over) < height // 2:
                over.insert(0, page.pop())
            yield page
            page = over
        if row.text or page or not row.breaks:
            page.append(row)
    if page:
        yield page


def _rows(paper: Paper, width: int) -> Iterator[_Row]:
    if paper.letter:
        yield from _head(paper, width, titled=False)
        yield from _paragraphs(paper.letter, width)
        yield _Row(breaks=True)
    yield from _head(paper, width, titled=True)
    if paper.subject:
        for line in _wrapped(f"Objet : {paper.subject}", width):
            yield _Row(line)
    for block in paper.blocks:
        yield from _block(block, width)
    for line in paper.foot:
        for text in _wrapped(line, width):
            yield _Row(text)


def _head(paper: Paper, width: int, *, titled: bool) -> Iterator[_Row]:
    right = [paper.title, *paper.facts] if titled else list(paper.facts[:1])
    if titled and paper.watermark:
        right.insert(1, f"*** {paper.watermark} ***")
    yield from _beside(paper.issuer, right, width, width * 2 // 3)
    yield _Row()
    place = paper.place if titled else ()
    yield from _beside(place, paper.party, width, width * 11 // 20)
    yield _Row()


def _beside(
    left: Sequence[str], right: Sequence[str], width: int, at: int, *, keep: bool = False
) -> Iterator[_Row]:
    """Two blocks side by side, the right one from column `at`."""
    lefts = [line for text in left for line in _wrapped(text, at - 2)]
    rights = [line for text in right for line in _wrapped(text, width - at)]
    for index in range(max(len(lefts), len(rights))):
        first = lefts[index] if index < len(lefts) else ""
        second = rights[index] if index < len(rights) else ""
        yield _Row(f"{_padded(first, at)}{second}".rstrip(), keep)


def _block(block: Block, width: int) -> Iterator[_Row]:
    if isinstance(block, Table):
        yield from _table(block, width)
    elif isinstance(block, Sums):
        yield from _sums(block, width)
    elif isinstance(block, Signature):
        yield from _signature(block, width)
    elif isinstance(block, Photos):
        yield _Row(_MEASURE.printable(block.title, ""), keep=True)
        for photo in block.photos:
            for line in _wrapped(f"[photo] {photo.name}", width):
                yield _Row(line)
        yield _Row()
    elif isinstance(block, Code):
        yield _Row(_MEASURE.printable(f"[QR] {block.title}", ""))
        yield _Row()
    elif isinstance(block, Text):
        if block.title:
            yield _Row(_MEASURE.printable(block.title, ""), keep=True)
        yield from _paragraphs(block.paragraphs, width)


def _signature(block: Signature, width: int) -> Iterator[_Row]:
    """The words on the right, and under them what was drawn, as braille dots."""
    room = min(width - width // 2, DRAWN)
    drawn = braille(block.strokes, room, room // 5) if block.strokes else ()
    words = (block.title, *block.signed, *block.notes)
    yield from _beside((), words, width, width // 2, keep=bool(drawn))
    for line in drawn:
        yield _Row((" " * (width // 2) + line).rstrip(), keep=True)
    yield _Row()


def _paragraphs(paragraphs: Sequence[Paragraph], width: int) -> Iterator[_Row]:
    for paragraph in paragraphs:
        for line in wrap_rich(_MEASURE, paragraph, _STYLE, width):
            yield _Row("".join(text for _, text in line).rstrip())
    yield _Row()


def _table(table: Table, width: int) -> Iterator[_Row]:
    table, widths = _narrowed(table, width)
    rule = "─" * width
    if table.title:
        yield _Row(_MEASURE.printable(table.title, ""), keep=True)
    yield _Row(rule, keep=True)
    stacked = widths[table.wide] < LEAST_WIDE
    if not stacked:
        heads = [[_MEASURE.printable(column.label, "")] for column in table.columns]
        yield _Row(_line(table, heads, widths, 0), keep=True)
    breaks = False
    for row in table.rows:
        if row.style is RowStyle.PAGE_BREAK:
            breaks = True
            continue
        if stacked:
            yield from _stacked_row(table, row, width, breaks or row.break_before)
        else:
            yield from _table_row(table, row, widths, breaks or row.break_before)
        breaks = False
    yield _Row()


def _narrowed(table: Table, width: int) -> tuple[Table, list[int]]:
    """The table without the spare columns that leave the designation no room, and its widths."""
    widths = _widths(table, width)
    for column in table.columns:
        if widths[table.wide] >= LEAST_WIDE:
            break
        if column.spare:
            at = table.columns.index(column)
            rows = (replace(row, cells=row.cells[:at] + row.cells[at + 1 :]) for row in table.rows)
            columns = table.columns[:at] + table.columns[at + 1 :]
            table = replace(table, columns=columns, rows=tuple(rows))
            widths = _widths(table, width)
    return table, widths


def _widths(table: Table, width: int) -> list[int]:
    """Figures take what they need; texts at most what the column declares twice over."""
    widths = []
    for index, column in enumerate(table.columns):
        texts = [row.cells[index] for row in table.rows if row.cells]
        needs = max(cells(display(text)) for text in [*texts, column.label])
        widths.append(needs if column.right else min(needs, 2 * max(column.characters, 2)))
    widths[table.wide] = 0
    left = width - sum(widths) - len(GAP) * (len(widths) - 1)
    widths[table.wide] = left
    return widths


def _table_row(table: Table, row: Row, widths: list[int], breaks: bool) -> Iterator[_Row]:
    indent = "   " if row.style in (RowStyle.COMMENT, RowStyle.COMPONENT) else ""
    lines: list[list[str]] = []
    for index, text in enumerate(row.cells):
        room = widths[index] - (len(indent) if index == table.wide else 0)
        shown = _wrapped(text, room) if not table.columns[index].right else [display(text)]
        lines.append([indent + one for one in shown] if index == table.wide else shown)
    lines[table.wide] += [
        "   " + line
        for text in (row.details.split("\n") if row.details else [])
        for line in _wrapped(text, widths[table.wide] - 3)
    ]
    keep = row.style in HEADING_STYLES
    for at in range(max(map(len, lines), default=0)):
        yield _Row(_line(table, lines, widths, at), keep=keep, breaks=breaks and at == 0)


def _stacked_row(table: Table, row: Row, width: int, breaks: bool) -> Iterator[_Row]:
    """Where figures leave the designation no room: the words, then the figures under them."""
    label = row.cells[table.wide]
    words = _wrapped(label, width) + [
        line for text in row.details.split("\n") if text for line in _wrapped(text, width)
    ]
    figures = [
        f"{column.label} {text}"
        for index, (column, text) in enumerate(zip(table.columns, row.cells))
        if text and index != table.wide
    ]
    lines = [*words, *_wrapped(GAP.join(figures), width)]
    keep = row.style in HEADING_STYLES
    for at, line in enumerate(lines):
        yield _Row(line, keep=keep or at == 0, breaks=breaks and at == 0)


def _line(table: Table, lines: Sequence[Sequence[str]], widths: Sequence[int], at: int) -> str:
    parts = []
    for column, texts, width in zip(table.columns, lines, widths):
        text = texts[at] if at < len(texts) else ""
        parts.append(_padded(text, width, right=column.right))
    return GAP.join(parts).rstrip()


def _sums(block: Sums, width: int) -> Iterator[_Row]:
    half = width // 2
    room = width - half
    right = []
    for row in block.rows:
        amount = _MEASURE.printable(row.amount, "")
        label = _wrapped(row.label, max(room - cells(amount) - 2, 8)) or [""]
        right.append(_padded(label[0], room - cells(amount)) + amount)
        right.extend(label[1:])
    left = []
    for cols in (block.vat_head, *block.vat) if block.vat else ():
        first, *others = (_MEASURE.printable(text, "") for text in cols)
        left.append(_padded(first, 8) + "".join(_padded(text, 14, right=True) for text in others))
    left += [line for note in block.notes for line in _wrapped(note, half - 2)]
    yield from _beside(left, right, width, half, keep=True)
    yield _Row()


def _wrapped(text: str, width: int) -> list[str]:
    lines = wrap(_MEASURE, _MEASURE.printable(text, ""), _STYLE, max(width, 4))
    return [line.rstrip() for line in lines]


def _padded(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks
