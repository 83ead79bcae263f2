"""What home is drawn from: À FAIRE and OUVRIR side by side, and its own row 22."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Offset
from textual.strip import Strip

from codial_tui.domain.dates import MONTHS
from codial_tui.services.lists.home import Door
from codial_tui.widgets.drawing import Drawing, fit
from codial_tui.widgets.rows import Rows
from codial_tui.widgets.typing_line import TypingLine

from .cells import grouped

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
Run = Callable[[], Awaitable[None]]


class Spot(NamedTuple):
    """One thing ↑ and ↓ stop at: its label, what stands right of it, and what Enter does."""

    label: str
    figure: str
    urgent: bool
    says: str
    run: Run


class Board(Rows):
    """À FAIRE left, OUVRIR right; the cursor of the left half."""

    DEFAULT_CSS = "Board { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__(id="board")
        self.heading = "À FAIRE"
        self.spots: Sequence[Spot] = ()
        self.doors: Sequence[Door] = ()
        self.place = ""
        self.cursor = -1

    def show(
        self, heading: str, spots: Sequence[Spot], doors: Sequence[Door], place: str = ""
    ) -> None:
        """place: the side of the house that the doors are of, "" for the front."""
        self.heading, self.spots, self.doors, self.place = heading, spots, doors, place
        self.refresh()

    def point(self, cursor: int) -> None:
        """The current entry, -1 for none; repaints the two rows that change."""
        for at in {self.cursor, cursor} - {-1}:
            self.repaint_rows(at + 1)
        self.cursor = cursor

    def attention(self) -> Offset | None:
        """The current entry, on the terminal."""
        return self.region.offset + Offset(0, self.cursor + 1) if self.cursor >= 0 else None

    def draw_row(self, y: int, width: int) -> Strip:
        half = width // 2 + 1
        row = Drawing(width)
        if y == 0:
            bold = self.look.style("chapter")
            row.put(1, self.look.text(self.heading), bold).put(
                half, f"OUVRIR · {self.place}" if self.place else "OUVRIR", bold
            )
            return row.strip()
        if y <= len(self.spots):
            self._draw_spot(row, y - 1, half)
        if y <= len(self.doors):
            self._draw_door(row, self.doors[y - 1], half, width)
        return row.strip()

    def _draw_spot(self, row: Drawing, at: int, half: int) -> None:
        spot, look = self.spots[at], self.look
        current = look.style("current") if at == self.cursor else None
        row.put(0, look.text("►") if current else " ", current)
        row.add(" " + fit(look.text(spot.label), half - 14), current)
        row.add(" ", current).add(
            "!" if spot.urgent else " ", look.style("danger") if spot.urgent else current
        )
        row.add(fit(spot.figure, half - 3 - row.at, right=True), current or look.style("total"))

    def _draw_door(self, row: Drawing, door: Door, half: int, width: int) -> None:
        look = self.look
        count = grouped(door.rows) + ("" if door.exact else "+")
        row.put(half, look.text(door.code), look.style("chapter"))
        row.put(half + 3, fit(look.text(door.label), width - half - 5 - cell_len(count)))
        row.put_right(width - 1, count)


class HomeLine(TypingLine):
    """Row 22 at home says what it takes, as long as nothing is typed."""

    TAKES = "n° de document, client, article, code de liste, :commande"

    def draw_row(self, y: int, width: int) -> Strip:
        if self.text or self.prompt or self.shown:
            return super().draw_row(y, width)
        look = self.look
        row = Drawing(width).add(look.text("► "))
        self.caret_cell = row.at
        row.add("_" if self.typing else " ", look.style("caret" if self.typing else ""))
        return row.add(f" {look.text(self.TAKES)}").strip()


def long_date(day: date) -> str:
    """`lundi 9 novembre 2026`."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"
