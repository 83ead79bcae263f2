"""Rows of fixed text: the base of every widget of the frame, and plain lines in the content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from .drawing import Drawing, fit
from .theme import Look, look_of


class Rows(Widget):
    """A widget drawn row by row (`draw_row`), without focus, mouse or scrollbars."""

    DEFAULT_CSS = "Rows { height: 1; width: 1fr; overflow: hidden; }"
    can_focus = False
    _drawn: dict[int, Strip]
    _drawn_for: tuple[int, Look] | None = None

    @property
    def look(self) -> Look:
        return look_of(self)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as they are drawn. The toolkit's own way adds borders, padding and colours,
        which rows do not have, and makes new strips each time; these keep what they know."""
        width, look = self.size.width, self.look
        if self._drawn_for != (width, look):
            self._drawn, self._drawn_for = {}, (width, look)
        strips = []
        for y in crop.line_range:
            strip = self._drawn.get(y)
            if strip is None:
                strip = self._drawn[y] = self.render_line(y)
            strips.append(strip)
        for one in self.get_line_filters():
            strips = [strip.apply_filter(one, self.background_colors[1]) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        if repaint and self._drawn_for is not None:
            if not regions:
                self._drawn.clear()
            for region in regions:
                for y in region.line_range:
                    self._drawn.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        strip = self.draw_row(y, self.size.width)
        return self._bare(strip) if self.look.plain else strip

    def _bare(self, strip: Strip) -> Strip:
        """The row in signs this terminal has: what was cut ends with `…` after its text was
        translated."""
        if strip.text.isascii():
            return strip
        text = self.look.text
        return Strip([Segment(text(part), style) for part, style, _ in strip], strip.cell_length)

    def draw_row(self, y: int, width: int) -> Strip:
        """The row `y` of the widget in `width` cells."""
        return Strip.blank(width)

    def repaint_rows(self, start: int, count: int = 1) -> None:
        """Repaints only these rows."""
        if count > 0:
            self.refresh(Region(0, start, self.size.width, count))


class Text(NamedTuple):
    """One row: text from column 2 on, text that ends in column 79, the role of the whole row.

    rule: the rest of the row is a line `─`, the text stands in it as a heading.
    """

    left: str = ""
    right: str = ""
    role: str = ""
    rule: bool = False


class TextRows(Rows):
    """Fixed rows of text: legends, totals, explanations, rules."""

    DEFAULT_CSS = "TextRows { height: auto; }"

    def __init__(self, *rows: Text | str, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines = _texts(rows)
        self.styles.height = len(rows)

    def show(self, *rows: Text | str) -> None:
        """Other texts; the height changes only when their number does."""
        lines = _texts(rows)
        changed = [
            at for at, line in enumerate(lines) if at >= len(self.lines) or self.lines[at] != line
        ]
        if len(lines) != len(self.lines):
            self.lines = lines
            self.styles.height = len(lines)
            self.refresh()
            return
        self.lines = lines
        for at in changed:
            self.repaint_rows(at)

    def draw_row(self, y: int, width: int) -> Strip:
        if y >= len(self.lines):
            return Strip.blank(width)
        return draw_text(self.lines[y], width, self.look)


def draw_text(text: Text, width: int, look: Look) -> Strip:
    """One `Text` row."""
    if text.rule:
        return draw_rule(text.left, width, look)
    style = look.style(text.role)
    row = Drawing(width, style)
    right = look.text(text.right)
    room = width - 2 - (cell_len(right) + 1 if right else 0)
    row.put(1, fit(look.text(text.left), max(1, room)))
    if right:
        row.put_right(width - 1, right)
    return row.strip()


def draw_rule(title: str, width: int, look: Look) -> Strip:
    """`─ title ─────`: a line over the whole width, the heading bold in it."""
    line = look.text("─")
    if not title:
        return Strip([Segment(line * width, look.style("rule"))], width)
    shown = look.text(title)
    row = Drawing(width, look.style("rule")).add(line + " ")
    row.add(shown if cell_len(shown) <= width - 4 else fit(shown, width - 4), look.style("chapter"))
    row.add(" ")
    return row.add(line * max(0, width - row.at)).strip()


def _texts(rows: Sequence[Text | str]) -> tuple[Text, ...]:
    return tuple(Text(row) if isinstance(row, str) else row for row in rows)
