"""The one table: lines, lists, pickers. Row by row, merged segments, any number of rows."""

from __future__ import annotations

from .press import Notice, Press, tell
from .row_source import Key, Row
from .table_view import TableView


class RecordTable(TableView):
    """Header row, rows, a cursor that follows its row by key, marks.

    signs: keep a column for marks and signs beside the cursor's (gutter of 3 cells, else 2).
    """

    class Highlighted(Notice):
        """The cursor stands on another row (None: there is none)."""

        def __init__(self, table: RecordTable, row: Row | None) -> None:
            super().__init__()
            self.table, self.row = table, row

    class Chosen(Notice):
        """Enter on a row."""

        def __init__(self, table: RecordTable, row: Row) -> None:
            super().__init__()
            self.table, self.row = table, row

    class Marked(Notice):
        """The marked rows changed."""

        def __init__(self, table: RecordTable, keys: frozenset[Key]) -> None:
            super().__init__()
            self.table, self.keys = table, keys

    class Deleting(Notice):
        """Suppr: on the marked rows, else on the current one."""

        def __init__(self, table: RecordTable, keys: tuple[Key, ...]) -> None:
            super().__init__()
            self.table, self.keys = table, keys

    class Figure(Notice):
        """A digit typed in the rows of a table with an input column."""

        def __init__(self, table: RecordTable, row: Row, column: str, character: str) -> None:
            super().__init__()
            self.table, self.row, self.column, self.character = table, row, column, character

    # keys --------------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        page = self.page_rows
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        if press.key in steps:
            await self.move(steps[press.key])
        elif press.key in ("home", "end"):
            await self.move(-self.count if press.key == "home" else self.count)
        elif press.key == "enter" and self.current is not None:
            await tell(self, self.Chosen(self, self.current))
        elif press.key == "space" and self.markable:
            await self.mark()
        elif press.key == "delete" and self.current is not None:
            marked = tuple(self.marks) or (self.current.key,)
            await tell(self, self.Deleting(self, marked))
        elif self._is_figure(press) and self.current is not None:
            character = press.printable
            await tell(self, self.Figure(self, self.current, self.input_column, character))
        else:
            return False
        return True

    def _is_figure(self, press: Press) -> bool:
        return bool(self.input_column) and press.printable in tuple("0123456789,.-")

    async def move(self, step: int) -> bool:
        """Moves the cursor by rows, over dividing lines. False when it was at the edge."""
        before = self._cursor
        target = max(0, min(self.count - 1, before + step))
        target = self._choosable(target, 1 if step > 0 else -1)
        if target == before or not self.count:
            return False
        self._cursor = target
        self._typed = None
        self._remember()
        if self._scroll_to_cursor(by_page=abs(step) > 1):
            self._lay_out(forget=False)
            self.refresh()
        else:
            self._repaint(before)
            self._repaint(target)
        await tell(self, self.Highlighted(self, self.current))
        return True

    async def mark(self) -> None:
        """Marks or unmarks the current row and goes down."""
        row = self.current
        if row is None:
            return
        self.marks ^= {row.key}
        self._repaint(self._cursor)
        await tell(self, self.Marked(self, frozenset(self.marks)))
        await self.move(1)

    def unmark(self) -> None:
        """No marks any more; tells nobody."""
        self.marks.clear()
        self.refresh()
