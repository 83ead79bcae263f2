"""A table as it stands: the rows on screen, the cursor's row, where the columns are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset
from textual.strip import Strip

from codial_tui.domain.spec import Column

from .columns import Placed, place
from .drawing import Drawing, fit, wrap
from .row_source import Folds, Key, ListSource, Pages, Row, RowSource
from .rows import Rows, draw_rule

FOLDING_BELOW = 100
"""terminal width under which columns with one single value leave the table"""

STRIPS = 500
"""rows remembered as they were drawn"""

SPANNING = ("rule", "wide")
"""roles of rows whose first cell takes the whole row"""


class TableView(Rows):
    """State and drawing of a table; `RecordTable` adds keys and notices.

    signs: keep a column for marks and signs beside the cursor's (gutter of 3 cells, else 2).
    """

    DEFAULT_CSS = "TableView { height: 1fr; }"

    def __init__(
        self,
        columns: Sequence[Column] = (),
        source: RowSource | None = None,
        *,
        signs: bool = False,
        header: bool = True,
        empty: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.signs = signs
        self.header = header
        self.empty = empty
        """the sentence shown instead of rows, with the key that helps"""
        self.marks: set[Key] = set()
        self.markable = True
        self.input_column = ""
        """name of the column that receives digits typed in the rows"""
        self.show_cursor = True
        self._pages = Pages(source or ListSource())
        self._cursor = 0
        self._top = 0
        self._measured: dict[str, int] = {}
        self._placed: tuple[Placed, ...] = ()
        self._folded: dict[str, str] = {}
        self._typed: tuple[Key, str] | None = None
        self._cursor_key: Key | None = None
        self._strips: dict[Key, tuple[Row, bool, bool, Strip]] = {}
        """rows as they were drawn last: a row that moves is not drawn again"""
        self._strips_for: tuple[object, ...] = ()

    # what it shows -----------------------------------------------------------------------------

    @property
    def count(self) -> int:
        return self._pages.count

    @property
    def cursor(self) -> int:
        """Index of the current row."""
        return self._cursor

    @property
    def current(self) -> Row | None:
        """The row the cursor is on, None when there is none or it cannot be chosen."""
        row = self._pages.row(self._cursor)
        return None if row is None or row.role == "rule" else row

    @property
    def folded(self) -> Mapping[str, str]:
        """Columns that left the table because every row says the same: label → that value."""
        return self._folded

    @property
    def page_rows(self) -> int:
        """Rows that fit below the header."""
        return max(1, self.size.height - (1 if self.header else 0))

    def show(
        self, source: RowSource, *, columns: Sequence[Column] | None = None, key: Key | None = None
    ) -> None:
        """Another source, other columns; the cursor on the row of `key` if it is there."""
        self.columns = self.columns if columns is None else tuple(columns)
        self._pages = Pages(source)
        near, self._cursor, self._top = self._cursor, 0, 0
        self._typed = None
        self.put_cursor(key, near=near)
        self._lay_out(forget=True)

    def reload(self, *, key: Key | None = None) -> None:
        """Asks the source again; the cursor stays on its row, or goes to that of `key`."""
        wanted = self._cursor_key if key is None else key
        self._pages.forget()
        self._lay_out(forget=False)
        self.put_cursor(wanted)

    def refresh_keys(self, keys: Iterable[Key]) -> None:
        """Asks again for these rows, as far as they are on screen, and repaints only them."""
        wanted = set(keys)
        found = []
        for index in range(self._top, min(self.count, self._top + self.page_rows)):
            row = self._pages.row(index)
            if row is not None and row.key in wanted:
                found.append(index)
        self._pages.forget_pages()
        before = self._placed
        self._lay_out(forget=False)
        if self._placed != before:
            self.refresh()
        for index in found:
            self._repaint(index)

    def put_cursor(self, key: Key | None, *, near: int | None = None) -> None:
        """The cursor on a row by key; where it was when the key is not there. Tells nobody.
        near: where to look for it first, if not where the cursor is."""
        at = self._cursor if near is None else near
        found = None if key is None else self._pages.find(key, at)
        wanted = self._cursor if found is None else found
        self._cursor = self._choosable(max(0, min(self.count - 1, wanted)), 1)
        self._remember()
        self._scroll_to_cursor()
        self.refresh()

    def preview(self, text: str | None) -> None:
        """Shows a text being typed in the input column of the current row; None ends it."""
        row = self.current
        self._typed = None if text is None or row is None else (row.key, text)
        self._repaint(self._cursor)

    def attention(self) -> Offset:
        """The first cell of the current row, on the terminal."""
        y = self._cursor - self._top + (1 if self.header and self.count else 0)
        return self.region.offset + Offset(0, y)

    def aim(self, show_cursor: bool) -> None:
        """Whether the cursor is shown (not while a picker under it is in use)."""
        if show_cursor != self.show_cursor:
            self.show_cursor = show_cursor
            self._repaint(self._cursor)

    # places ------------------------------------------------------------------------------------

    def _remember(self) -> None:
        row = self._pages.row(self._cursor)
        self._cursor_key = None if row is None else row.key

    def _choosable(self, index: int, step: int) -> int:
        """The nearest row that is no dividing line, first in the direction of the step."""
        for direction in (step, -step):
            at = index
            while (row := self._pages.row(at)) is not None:
                if row.role != "rule":
                    return at
                at += direction
        return max(0, index)

    def _scroll_to_cursor(self, *, by_page: bool = False) -> bool:
        """Brings the cursor into view, scrolling by one at the edge, or by half a page on a
        screen that `scrolls_by_half`; True when the rows on screen have moved."""
        before, page = self._top, self.page_rows
        half = self.is_attached and getattr(self.screen, "scrolls_by_half", False)
        lead = page // 2 - 1 if half else 0
        if self._cursor < self._top:
            self._top = self._cursor - lead
        elif self._cursor >= self._top + page:
            self._top = self._cursor - page + 1 + lead
        if by_page and self._top != before:
            self._top = self._cursor if self._cursor < before else self._cursor - page + 1
        self._top = max(0, min(self._top, self.count - page))
        if self._top == 1 and (row := self._pages.row(0)) is not None and row.role == "rule":
            self._top = 0 if self._cursor < page else 1
        return self._top != before

    def on_resize(self, event: events.Resize) -> None:
        self._scroll_to_cursor()
        self._lay_out(forget=True)
        self.refresh()

    def _lay_out(self, *, forget: bool) -> None:
        """Measures the rows on screen and places the columns. Widths only grow until other
        rows are shown, so that scrolling does not move the columns to and fro."""
        if forget:
            self._measured.clear()
        for index in range(self._top, self._top + self.page_rows):
            row = self._pages.row(index)
            if row is None:
                break
            if row.role in SPANNING:
                continue
            for column, text in zip(self.columns, row.cells):
                if len(text) > self._measured.get(column.name, 0) or not text.isascii():
                    length = cell_len(text) - text.endswith(")") * column.right_aligned
                    self._measured[column.name] = max(self._measured.get(column.name, 0), length)
        self._fold()
        hidden = frozenset(c.name for c in self.columns if c.label in self._folded)
        gutter = 3 if self.signs else 2
        width = self.size.width
        self._placed = place(self.columns, width, self._measured, first=gutter, hidden=hidden)

    def _fold(self) -> None:
        source = self._pages.source
        self._folded = {}
        if not isinstance(source, Folds) or self.size.width >= FOLDING_BELOW:
            return
        for column in self.columns:
            if column.fold and (value := source.only_value(column.name)) is not None:
                self._folded[column.label] = value

    # drawing -----------------------------------------------------------------------------------

    def _repaint(self, index: int) -> None:
        y = index - self._top + (1 if self.header else 0)
        if 0 <= y < self.size.height:
            self.repaint_rows(y)

    def draw_row(self, y: int, width: int) -> Strip:
        if self.header and y == 0:
            return self._draw_header(width)
        index = self._top + y - (1 if self.header else 0)
        row = self._pages.row(index)
        if row is not None:
            return self._drawn_row(row, index, width)
        if not self.count and self.empty:
            lines = wrap(self.look.text(self.empty), width - 2)
            return Drawing(width).put(1, lines[index] if index < len(lines) else "").strip()
        return Strip.blank(width)

    def _draw_header(self, width: int) -> Strip:
        look = self.look
        row = Drawing(width, look.style("header"))
        for placed in self._placed:
            label = fit(look.text(placed.column.label), placed.width, right=_right(placed))
            row.put(placed.at, label)
        return row.strip()

    def _drawn_row(self, row: Row, index: int, width: int) -> Strip:
        """The row as it was drawn before, while nothing of it has changed."""
        current = index == self._cursor and self.show_cursor
        if self._typed is not None and current:
            return self._draw(row, current, width)
        marked = row.key in self.marks
        drawn_for = (self._placed, width, self.look, self.input_column)
        if self._strips_for != drawn_for or len(self._strips) > STRIPS:
            self._strips, self._strips_for = {}, drawn_for
        known = self._strips.get(row.key)
        if known is not None and known[:3] == (row, current, marked):
            return known[3]
        strip = self._draw(row, current, width)
        self._strips[row.key] = row, current, marked, strip
        return strip

    def _draw(self, row: Row, current: bool, width: int) -> Strip:
        look = self.look
        if row.role == "rule":
            return draw_rule(row.cells[0] if row.cells else "", width, look)
        base = look.style("current" if current else row.role)
        drawing = Drawing(width, base)
        marked = row.key in self.marks
        sign = look.text("■" if marked and self.signs else row.sign)
        own = look.style(row.sign_role) if row.sign_role and not marked else None
        if self.signs:
            drawing.add(look.text("►") if current else " ").add(sign or " ", own)
        else:
            if not current and not sign and marked:
                sign = look.text("■")
            drawing.add(look.text("►") if current else sign or " ", None if current else own)
        if row.role == "wide":
            at = drawing.at + 1
            return drawing.put(at, fit(look.text(row.cells[0]), width - at - 1)).strip()
        for placed in self._placed:
            self._draw_cell(drawing, row, placed, current)
        return drawing.strip()

    def _draw_cell(self, drawing: Drawing, row: Row, placed: Placed, current: bool) -> None:
        name = placed.column.name
        text = row.cells[placed.nth] if placed.nth < len(row.cells) else ""
        role = row.cell_roles.get(name, "")
        if current and name == self.input_column:
            role = "current_cell"
            if self._typed is not None and self._typed[0] == row.key:
                text = self._typed[1] + "_"
        if not text and role != "current_cell":
            return
        look = self.look
        style = look.style(role) if role else None
        shown = look.text(text)
        if _right(placed):
            end = placed.at + placed.width + shown.endswith(")")  # the parenthesis hangs out
            shown = shown if cell_len(shown) <= placed.width + 1 else fit(shown, placed.width)
            if role == "current_cell":
                shown = fit(shown, placed.width, right=True)
            drawing.put_right(end, shown, style)
        else:
            shown = fit(shown, placed.width) if cell_len(shown) > placed.width else shown
            drawing.put(placed.at, shown, style)


def _right(placed: Placed) -> bool:
    return placed.column.right_aligned
