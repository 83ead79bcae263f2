"""A list that opens in place above row 22: hits of a search, values of a field."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset

from codial_tui.domain.spec import Column

from .press import Notice, Press, tell
from .record_table import RecordTable
from .row_source import Key, Row, RowSource
from .rows import Text, TextRows

MOST_ROWS = 6
"""rows shown at once at 24 rows; two more are the rule and the header"""


class _Create:
    """Key of the last row, `Créer « … »`."""

    def __repr__(self) -> str:
        return "CREATE"


CREATE = _Create()


class WithCreate:
    """A source with one more row, which creates what was typed."""

    def __init__(self, source: RowSource, typed: str, cells: int) -> None:
        self.source = source
        label = f"Créer « {typed} »"
        self.row = Row(CREATE, (label, *[""] * (cells - 1)), role="wide")

    def count(self) -> int:
        return self.source.count() + 1

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        count = self.source.count()
        rows = list(self.source.rows(start, min(stop, count)))
        return [*rows, self.row] if stop > count else rows


class Picker(Container):
    """A rule with the title, a table below it. Closed it takes no rows.

    While one types, its first row is what Enter takes when it is the only one; with several, ↓ or
    Enter enters the list. Tab takes the row without accepting it, Esc closes.
    """

    DEFAULT_CSS = """
    Picker { display: none; width: 1fr; height: 8; layout: vertical; overflow: hidden; }
    """
    can_focus = False
    passing = True
    """on a route it only takes its own keys: the caret is where the next one is"""

    class Picked(Notice):
        """Enter on a row."""

        def __init__(self, picker: Picker, row: Row) -> None:
            super().__init__()
            self.picker, self.row = picker, row

    class Completed(Notice):
        """Tab on a row: take its name only, more will be typed."""

        def __init__(self, picker: Picker, row: Row) -> None:
            super().__init__()
            self.picker, self.row = picker, row

    class Creating(Notice):
        """Enter on `Créer « typed »`."""

        def __init__(self, picker: Picker, typed: str) -> None:
            super().__init__()
            self.picker, self.typed = picker, typed

    class Highlighted(Notice):
        """Another row is the current one."""

        def __init__(self, picker: Picker, row: Row | None) -> None:
            super().__init__()
            self.picker, self.row = picker, row

    class Closed(Notice):
        """Esc in the list."""

        def __init__(self, picker: Picker) -> None:
            super().__init__()
            self.picker = picker

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rule = TextRows(Text(rule=True))
        self.table = RecordTable()
        self.table.markable = False
        self.opened = False
        self.entered = False
        """the caret is in the list: Enter takes the row however many there are"""
        self.typed = ""
        self.hits = 0
        """rows without the one that creates"""

    def compose(self) -> ComposeResult:
        yield self.rule
        yield self.table

    def open(
        self,
        title: str,
        columns: Sequence[Column],
        source: RowSource,
        *,
        typed: str = "",
        create: bool = False,
        entered: bool = False,
        key: Key | None = None,
    ) -> None:
        """Opens, or shows other rows. create: end with `Créer « typed »`."""
        self.typed = typed
        self.entered = entered
        self.hits = source.count()
        shown = WithCreate(source, typed, len(columns)) if create and typed else source
        self.rule.show(Text(title, rule=True))
        height = min(MOST_ROWS + max(0, self.app.size.height - 24) // 2, max(1, shown.count())) + 2
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.table.show(shown, columns=columns, key=key)
        self.opened = True
        self.display = True

    def close(self) -> None:
        """Takes no rows any more; tells nobody."""
        self.opened = self.entered = False
        self.display = False

    @property
    def current(self) -> Row | None:
        return self.table.current if self.opened else None

    def attention(self) -> Offset | None:
        """Its current row, once the list has been entered."""
        return self.table.attention() if self.opened and self.entered else None

    async def press(self, press: Press) -> bool:
        if not self.opened:
            return False
        if press.key == "escape":
            self.close()
            await tell(self, self.Closed(self))
            return True
        if press.key == "down" and not self.entered:
            self.entered = True
            await tell(self, self.Highlighted(self, self.current))
            return True
        row = self.current
        if press.key == "enter" and row is not None:
            return await self._enter(row)
        if press.key == "tab" and row is not None and row.key is not CREATE:
            await tell(self, self.Completed(self, row))
            return True
        if press.key in ("up", "down", "pageup", "pagedown"):
            return await self.table.press(press)
        return False

    async def _enter(self, row: Row) -> bool:
        if not self.entered and self.hits > 1:
            self.entered = True
            await tell(self, self.Highlighted(self, row))
        elif row.key is CREATE:
            await tell(self, self.Creating(self, self.typed))
        else:
            await tell(self, self.Picked(self, row))
        return True

    async def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        notice.stop()
        self.entered = True
        await tell(self, self.Highlighted(self, notice.row))
