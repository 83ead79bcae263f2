"""A screen of things that wait to be made: F8 makes the marked ones, or all, beside the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.long_work import LongWork
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Row


class BatchScreen(BaseScreen[None]):
    """Row 22 takes a day or a month, the cursor's row says on row 23 what there is to know of it.
    What is made stays made when Esc stops the rest."""

    row_columns: Sequence[Column] = ()
    nothing = ""
    """what the empty table says"""
    typing_hint = ""
    question = ""
    """before Esc stops the work"""

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(self.row_columns, empty=self.nothing, signs=True)
        self.work = LongWork(self)

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.typing_line.label(hint=self.typing_hint)
        self.show_commands()
        self.resume_route()
        self.arrive()

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    # what a screen says for itself -------------------------------------------------------------

    def arrive(self) -> None:
        """Show what waits."""
        raise NotImplementedError

    def told_of(self, key: int) -> str:
        """Row 23 about a row."""
        raise NotImplementedError

    async def open_row(self, key: int) -> None:
        """Enter or F9 on a row."""
        raise NotImplementedError

    def asked(self, text: str) -> None:
        """What was typed on row 22. Raises Refused."""

    # ---------------------------------------------------------------------------------------------

    def keys(self, count: int) -> list[int]:
        """The marked rows in their order, else the first `count`: all."""
        return sorted(int(str(key)) for key in self.table.marks) or list(range(count))

    def say_row(self, row: Row | None) -> None:
        self.reading.context(self.told_of(int(str(row.key))) if row is not None else "")

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self.say_row(notice.row)

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.action_look()

    async def action_look(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
        else:
            await self.open_row(int(str(row.key)))

    async def accepted(self, text: str) -> None:
        if text.strip():
            self.asked(text.strip())
        else:
            await self.action_look()

    async def back(self) -> None:
        if not self.work.escape(self.question):
            self.dismiss()
