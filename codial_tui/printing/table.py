"""The table of lines as bands: wrapped designation, aligned figures, carry-over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codial_tui.domain.paper.paper import HEADING_STYLES, PaperColumn, Row, RowStyle, Table
from codial_tui.domain.quantity import format_cents

from .marks import (
    ACCENT,
    GREY,
    INK,
    LINE,
    TINT,
    WHITE,
    Band,
    Box,
    Ink,
    Mark,
    Measure,
    Style,
    baseline,
    wrap,
)
from .pages import LEFT, RIGHT, TableEnds

GAP = 2.0  # between columns
SIZES = (8.5, 7.5, 6.5, 5.5)
LEAST_WIDE = 45.0
WHOLE = 8
"""Rows of so many lines stay whole; longer ones may go over a page."""

_FACES = {
    RowStyle.CHAPTER: ("B", ACCENT),
    RowStyle.TITLE: ("B", INK),
    RowStyle.SUBTITLE: ("BI", INK),
    RowStyle.COMMENT: ("I", GREY),
    RowStyle.COMPONENT: ("", GREY),
}


class TableBands(TableEnds):
    """A table laid out for a measure. Figures are never cut: columns widen, then the whole table
    takes a smaller size when the designation would get too narrow."""

    def __init__(self, table: Table, measure: Measure) -> None:
        self.table = table
        self.measure = measure
        self.wide = table.wide
        for size in SIZES:
            self.size = size
            self.widths = self._widths()
            if self.widths[self.wide] >= LEAST_WIDE:
                break
        self.widths[self.wide] = max(self.widths[self.wide], 10.0)
        self.lefts = self._lefts()
        self.body = Style("", self.size)
        self.foot_height = self.body.leading + 2.2 if table.carries else 0.0

    def bands(self) -> list[Band]:
        """Title, column heads and rows."""
        bands: list[Band] = []
        if self.table.title:
            bands.append(self._title())
        bands.append(self._heads())
        for row, keep in _with_keep(self.table.rows):
            bands.extend(self._row(row, keep))
        end = Band(1.2, [Box(LEFT, 0.4, RIGHT - LEFT, 0.3, ACCENT)])
        if len(bands) > 1:
            bands[-1].keep = True
        return [*bands, end]

    def foot(self, carried: int) -> list[Band]:
        return [self._carry("À reporter", carried)] if self.table.carries else []

    def head(self, carried: int) -> list[Band]:
        heads = [self._heads()]
        return [*heads, self._carry("Report", carried)] if self.table.carries else heads

    def _style_of(self, style: RowStyle) -> Style:
        face, shade = _FACES.get(style, ("", INK))
        return Style(face, self.size, shade)

    def _widths(self) -> list[float]:
        """mm of every column at the present size; what is left goes to the designation."""
        widths = []
        for index, column in enumerate(self.table.columns):
            if index == self.wide:
                widths.append(0.0)
                continue
            bold = Style("B", self.size)
            texts = {row.cells[index] for row in self.table.rows if row.cells}
            needs = GAP + max(self._measured(text, bold) for text in {*texts, column.label})
            widths.append(
                max(column.width, needs if column.right else min(needs, 2 * column.width))
            )
        widths[self.wide] = RIGHT - LEFT - sum(widths)
        return widths

    def _measured(self, text: str, style: Style) -> float:
        return self.measure.width(self.measure.printable(text, style.face), style)

    def _lefts(self) -> list[float]:
        lefts, x = [], LEFT
        for width in self.widths:
            lefts.append(x)
            x += width
        return lefts

    def _title(self) -> Band:
        style = Style("B", 9.5, ACCENT)
        text = self.measure.printable(self.table.title, style.face)
        return Band(style.leading + 5, [Ink(LEFT, 4 + baseline(style), style, text)], keep=True)

    def _heads(self) -> Band:
        style = Style("B", self.size - 0.5, WHITE)
        height = style.leading + 2.6
        marks: list[Mark] = [Box(LEFT, 0, RIGHT - LEFT, height, ACCENT)]
        for index, column in enumerate(self.table.columns):
            text = self.measure.printable(column.label, style.face)
            marks.append(self._cell(index, column, 1.3 + baseline(style), style, text))
        return Band(height + 0.8, marks, keep=True)

    def _carry(self, label: str, carried: int) -> Band:
        style = Style("I", self.size, GREY)
        text = f"{label}   {format_cents(carried)}"
        x = RIGHT - GAP / 2 - self.measure.width(text, style)
        return Band(style.leading + 2.2, [Ink(x, 1 + baseline(style), style, text)])

    def _cell(self, index: int, column: PaperColumn, y: float, style: Style, text: str) -> Ink:
        if column.right:
            x = self.lefts[index] + self.widths[index] - GAP / 2
            return Ink(x - self.measure.width(text, style), y, style, text)
        return Ink(self.lefts[index] + GAP / 2, y, style, text)

    def _row(self, row: Row, keep: bool) -> Iterator[Band]:
        """One row as bands, one for every line of it."""
        if row.style is RowStyle.PAGE_BREAK:
            return
        style = self._style_of(row.style)
        columns = self.table.columns
        lines: dict[int, list[str]] = {}
        for index, text in enumerate(row.cells):
            if text:
                text = self.measure.printable(text, style.face)
                lines[index] = [text] if columns[index].right else self._wrapped(row, index, text)
        count = max((len(texts) for texts in lines.values()), default=1)
        details = self._details(row)
        total = count + len(details)
        for at in range(count):
            band = Band(style.leading + (0.9 if at == 0 else 0.0))
            top = 0.9 if at == 0 else 0.0
            for index, texts in lines.items():
                if at < len(texts):
                    mark = self._cell(
                        index, columns[index], top + baseline(style), style, texts[at]
                    )
                    if index == self.wide:
                        mark = mark._replace(x=mark.x + self._indent(row))
                    band.marks.append(mark)
            if at == 0:
                band.break_before = row.break_before
            if row.style is RowStyle.CHAPTER:
                band.marks.insert(0, Box(LEFT, 0.2, RIGHT - LEFT, band.height, TINT))
            yield self._finish(band, at, total, row, keep)
        for at, text in enumerate(details, count):
            small = Style("", self.size - 1, GREY)
            x = self.lefts[self.wide] + GAP / 2 + self._indent(row) + 2
            band = Band(small.leading, [Ink(x, baseline(small), small, text)] if text else [])
            yield self._finish(band, at, total, row, keep)

    def _finish(self, band: Band, at: int, total: int, row: Row, keep: bool) -> Band:
        """Rows hold together unless they are long; the last line closes the row."""
        last = at == total - 1
        band.keep = keep if last else total <= WHOLE or at == 0
        if last:
            band.height += 0.9
            if row.style not in HEADING_STYLES:
                band.marks.append(Box(LEFT, band.height, RIGHT - LEFT, 0.1, LINE))
            band.carried = row.carried
        return band

    def _indent(self, row: Row) -> float:
        if row.style is RowStyle.COMPONENT:
            return 4.0
        return 2.0 * (row.level - 1) if row.style is RowStyle.CHAPTER else 0.0

    def _wrapped(self, row: Row, index: int, text: str) -> list[str]:
        """Wrapped into the column; the designation of a heading may run to the sum."""
        width = self.widths[index] - GAP
        if index == self.wide:
            width -= self._indent(row)
            for after in range(index + 1, len(row.cells)):
                if row.cells[after]:
                    break
                width += self.widths[after]
        return wrap(self.measure, text, self._style_of(row.style), width)

    def _details(self, row: Row) -> list[str]:
        if not row.details:
            return []
        style = Style("", self.size - 1, GREY)
        width = self.widths[self.wide] - GAP - self._indent(row) - 2
        lines: list[str] = []
        for text in row.details.split("\n"):
            lines += wrap(self.measure, self.measure.printable(text, ""), style, width) or [""]
        return lines


def _with_keep(rows: tuple[Row, ...]) -> Iterator[tuple[Row, bool]]:
    """Rows and whether each stays with the next: headings do, down to a row that is none. A page
    break becomes the mark of the row after it; above the first row it says nothing."""
    broken = False
    first = True
    for index, row in enumerate(rows):
        if row.style is RowStyle.PAGE_BREAK:
            broken = True
            continue
        breaks = not first and (broken or row.break_before)
        if breaks != row.break_before:
            row = replace(row, break_before=breaks)
        broken = first = False
        yield row, row.style in HEADING_STYLES and index + 1 < len(rows)
