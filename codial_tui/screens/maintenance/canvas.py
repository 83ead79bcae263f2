"""A frame to draw in with the mouse: strokes on a fixed grid, shown as braille dots."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from codial_tui.domain.maintenance.strokes import (
    HEIGHT,
    MOST_POINTS,
    MOST_STROKES,
    WIDTH,
    Point,
    braille,
)
from codial_tui.widgets.rows import Rows

COLUMNS, ROWS = 70, 14
"""Cells; each is as high as two are wide, the grid's units are square."""


class Canvas(Rows):
    """The strokes drawn so far. told: called after a stroke with "", or with why no more is
    taken."""

    ALLOW_SELECT = False
    DEFAULT_CSS = f"Canvas {{ height: {ROWS}; }}"

    def __init__(self, told: Callable[[str], None]) -> None:
        super().__init__()
        self.told = told
        self.strokes: list[list[Point]] = []
        self._drawing = False
        self._dots: tuple[str, ...] = ("",) * ROWS

    def draw_row(self, y: int, width: int) -> Strip:
        row = f"{self._margin(width) * ' '}{self._dots[y]}"[:width]
        return Strip([Segment(row.ljust(width), self.look.style(""))], width)

    def _margin(self, width: int) -> int:
        return max((width - COLUMNS) // 2, 0)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        if event.button != 1 or self._is_full():
            return
        self._drawing = True
        self.capture_mouse()
        self.strokes.append([self._point(event)])
        self._paint()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        event.stop()
        if not self._drawing:
            return
        point = self._point(event)
        if point != self.strokes[-1][-1]:
            if self._is_full(stroke=False):
                self._end()
                return
            self.strokes[-1].append(point)
            self._paint()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        if self._drawing:
            self._end()
            self.told("")

    def _end(self) -> None:
        self._drawing = False
        self.release_mouse()

    def _is_full(self, *, stroke: bool = True) -> bool:
        count = sum(map(len, self.strokes))
        if count >= MOST_POINTS or (stroke and len(self.strokes) >= MOST_STROKES):
            self.told("Signature trop longue")
            return True
        return False

    def _point(self, event: events.MouseEvent) -> Point:
        """Where on the grid: the middle of the cell, or nearer where the terminal tells. A drag
        that leaves the frame stays at its edge."""
        x, y = event.pointer_x - self._margin(self.size.width), event.pointer_y
        x, y = (at + 0.5 if at == int(at) else at for at in (x, y))
        across, down = int(x * WIDTH / COLUMNS), int(y * HEIGHT / ROWS)
        return min(max(across, 0), WIDTH - 1), min(max(down, 0), HEIGHT - 1)

    def rub_out(self) -> None:
        """Take the last stroke away."""
        if self.strokes and not self._drawing:
            self.strokes.pop()
            self._paint()
            self.told("")

    def clear(self) -> None:
        if not self._drawing:
            self.strokes.clear()
            self._paint()
            self.told("")

    def _paint(self) -> None:
        """Only the rows that changed."""
        strokes = tuple(map(tuple, self.strokes))
        dots = braille(strokes, COLUMNS, ROWS)
        for at, (old, new) in enumerate(zip(self._dots, dots)):
            if old != new:
                self.repaint_rows(at)
        self._dots = dots
