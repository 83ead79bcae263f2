"""A grid of short texts with a cursor: columns of equal width behind a column of labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.strip import Strip

from .drawing import Drawing, fit
from .press import Notice, Press, tell
from .rows import Rows


class GridCell(NamedTuple):
    """role: of the theme."""

    text: str = ""
    role: str = ""


class GridRow(NamedTuple):
    """A row: its label and its cells."""

    label: str
    cells: tuple[GridCell, ...]


class Grid(Rows):
    """Draws a grid and tells the keys it gets; where the cursor is, its screen decides."""

    DEFAULT_CSS = "Grid { height: 1fr; }"
    KEYS = frozenset(
        {"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "enter", "space"}
        | {"delete", "tab", "shift+tab"}
    )

    class Key(Notice):
        """A key of KEYS, or a sign of `signs`."""

        def __init__(self, grid: Grid, key: str) -> None:
            super().__init__()
            self.grid, self.key = grid, key

    def __init__(self, label_width: int, idle: Callable[[], bool]) -> None:
        """idle: whether nothing is being typed, so that all keys are the grid's."""
        super().__init__()
        self.idle = idle
        self.label_width = label_width
        self.header: tuple[GridCell, ...] = ()
        self.rows: Sequence[GridRow] = ()
        self.at = (0, 0)
        """row and column of the cursor"""
        self.signs = ""
        self._top = 0

    def show(
        self, header: Sequence[GridCell], rows: Sequence[GridRow], at: tuple[int, int]
    ) -> None:
        """Other contents; only the rows that differ are painted."""
        before, old_at, old_top, same = self.rows, self.at, self._top, tuple(header) == self.header
        self.header, self.rows, self.at = tuple(header), tuple(rows), at
        self._scroll()
        if not same or self._top != old_top or len(before) != len(self.rows):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self.rows, strict=True)):
            if old != new or (old_at != at and y in (old_at[0], at[0])):
                self.repaint_rows(y - self._top + 1)

    @property
    def page(self) -> int:
        """How many rows are in view."""
        return max(1, self.size.height - 1)

    def on_resize(self) -> None:
        self._scroll()
        self.refresh()

    def _scroll(self) -> None:
        if not self.size.height:  # not laid out yet
            return
        row = self.at[0]
        self._top = max(0, min(self._top, row, len(self.rows) - 1))
        if row >= self._top + self.page:
            self._top = row - self.page + 1

    async def press(self, press: Press) -> bool:
        sign = press.printable if press.printable and press.printable in self.signs else ""
        if (press.key not in self.KEYS and not sign) or not self.idle():
            return False
        await tell(self, self.Key(self, sign or press.key))
        return True

    def draw_row(self, y: int, width: int) -> Strip:
        look, count = self.look, max(1, len(self.header))
        cell = max(1, (width - self.label_width - 1) // count)
        drawing = Drawing(width)
        row = y - 1 + self._top
        if y and not 0 <= row < len(self.rows):
            return Strip.blank(width)
        label, cells = ("", self.header) if not y else self.rows[row]
        style = look.style("header") if not y else None
        drawing.put(1, fit(look.text(label), self.label_width - 1), style)
        for column, one in enumerate(cells):
            here = y > 0 and (row, column) == self.at
            role = "current" if here else one.role or ("" if y else "header")
            sign = "►" if here else ""
            text = fit(look.text(f"{sign}{one.text}"), cell - 1)
            drawing.put(self.label_width + column * cell, text, look.style(role))
        return drawing.strip()
