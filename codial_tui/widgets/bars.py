"""Rows 1 and 2 of the frame: what this is and its amount; the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from .drawing import Drawing, fit
from .rows import Rows, Text, draw_text
from .theme import Look


class TitleBar(Rows):
    """Row 1: text left, the one amount that matters right."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = Text(role="title")

    def show(self, left: str, right: str = "") -> None:
        """Both texts; the left one is cut when they do not fit, the amount never."""
        text = Text(left, right, "title")
        if text != self.text:
            self.text = text
            self.refresh()

    def draw_row(self, y: int, width: int) -> Strip:
        badge = self.look.badge
        text = self.text._replace(left=f"{badge} · {self.text.left}") if badge else self.text
        return draw_text(text, width, self.look)


class TabItem(NamedTuple):
    """One tab of row 2. letter: its access letter; short: its label when row 2 is too narrow."""

    name: str
    label: str
    letter: str = ""
    short: str = ""


class TabBar(Rows):
    """Row 2: tabs, the current one marked `►`; or one line of text instead of tabs."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.tabs: tuple[TabItem, ...] = ()
        self.current = ""
        self.counter = ""
        self.right = ""
        self.message = ""

    def show(
        self, tabs: Sequence[TabItem], current: str, *, counter: str = "", right: str = ""
    ) -> None:
        """The tabs. counter: sub-tab of the current one (`2/3`); right: text at the end."""
        self.tabs, self.current, self.message = tuple(tabs), current, ""
        self.counter, self.right = counter, right
        self.refresh()

    def say(self, message: str) -> None:
        """A line of text where a screen has no tabs."""
        self.tabs, self.message = (), message
        self.refresh()

    def with_letter(self, letter: str) -> TabItem | None:
        """The tab of an access letter, of either case."""
        wanted = letter.casefold()
        return next((tab for tab in self.tabs if tab.letter.casefold() == wanted), None)

    def draw_row(self, y: int, width: int) -> Strip:
        look = self.look
        if not self.tabs:
            return draw_text(Text(self.message), width, look)
        row = Drawing(width)
        right = look.text(self.right)
        for tab, label in zip(
            self.tabs, self._labels(width - (cell_len(right) + 2 if right else 0), look)
        ):
            self._draw_tab(row, tab, label, look)
        if right:
            row.put_right(width - 1, right)
        return row.strip()

    def _draw_tab(self, row: Drawing, tab: TabItem, label: str, look: Look) -> None:
        if tab.name == self.current:
            row.add(f"{look.text('►')}{label} ", look.style("current"))
            return
        at = label.casefold().find(tab.letter.casefold()) if tab.letter else -1
        if at < 0:
            row.add(f" {label} ")
            return
        row.add(f" {label[:at]}").add(label[at], look.style("letter")).add(f"{label[at + 1 :]} ")

    def _labels(self, width: int, look: Look) -> list[str]:
        """Labels that fit: short ones from the right on, the current tab last of all."""
        labels = [look.text(self._full(tab)) for tab in self.tabs]
        order = [at for at, tab in enumerate(self.tabs) if tab.name != self.current]
        current = [at for at, tab in enumerate(self.tabs) if tab.name == self.current]
        for at in [*reversed(order), *current]:
            if sum(cell_len(label) + 2 for label in labels) <= width:
                break
            if self.tabs[at].short:
                labels[at] = look.text(self.tabs[at].short)
        while sum(cell_len(label) + 2 for label in labels) > width:
            longest = max(range(len(labels)), key=lambda at: cell_len(labels[at]))
            if cell_len(labels[longest]) <= 3:
                break
            labels[longest] = fit(labels[longest], cell_len(labels[longest]) - 1).rstrip()
        return labels

    def _full(self, tab: TabItem) -> str:
        return (
            f"{tab.label} {self.counter}"
            if tab.name == self.current and self.counter
            else tab.label
        )
