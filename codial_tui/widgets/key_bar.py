"""Row 24: the ten function keys, always at the same columns."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from .drawing import Drawing, fit
from .rows import Rows

CELLS = 8
"""cells of one key; 10 keys make 80"""


class KeyBar(Rows):
    """Labels by function key number; a key that does nothing here shows its number only."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.labels: dict[int, str] = {}

    def show(self, labels: Mapping[int, str]) -> None:
        """The labels of the keys that do something; six cells of each are shown."""
        if dict(labels) != self.labels:
            self.labels = dict(labels)
            self.refresh()

    def draw_row(self, y: int, width: int) -> Strip:
        look = self.look
        row = Drawing(width)
        for number in range(1, 11):
            label = look.text(self.labels.get(number, ""))[: CELLS - 2]  # a blank before the next
            row.put((number - 1) * CELLS, str(number), look.style("key") if label else None)
            room = CELLS - len(str(number))
            row.add(fit(label, room) if label else " " * room)
        return row.strip()
