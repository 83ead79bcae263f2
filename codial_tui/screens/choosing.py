"""Choosing one of a few things: files, printers, fields. Typing filters, Enter takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codial_tui.domain.spec import Column
from codial_tui.domain.text import fold, words
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .base import BaseScreen


class ChooseScreen(BaseScreen[str]):
    """Answers the key of the chosen row, None for Esc.

    free: a typed text that fits no row is an answer too.
    """

    where = "le choix"

    def __init__(
        self,
        title: str,
        help: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        empty: str = "",
        free: bool = False,
        current: str = "",
    ) -> None:
        super().__init__()
        self.heading, self.explanation = title, help
        self.rows, self.free, self.first = list(rows), free, current
        self.table = RecordTable(columns, empty=empty)
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show(self.heading)
        self.tab_bar.say(self.explanation)
        self.typing_line.label(hint="filtrer")
        self.direct(self.typing_line, self.table)
        self.table.show(ListSource(self.rows), key=self.first)
        self.show_commands()

    async def typed(self, text: str) -> None:
        wanted = words(text)
        shown = [
            row for row in self.rows if all(one in fold(" ".join(row.cells)) for one in wanted)
        ]
        self.table.show(ListSource(shown))

    async def accepted(self, text: str) -> None:
        if self.table.current is not None:
            self.dismiss(str(self.table.current.key))
        elif self.free and text.strip():
            self.dismiss(text.strip())

    def help_text(self) -> list[str]:
        return [self.explanation]
