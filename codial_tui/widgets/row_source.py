"""Where a table's rows come from: a source that answers any stretch, and a cache of pages.

A key costs the same with a million rows as with ten: only the pages on screen are asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

PAGE = 32
PAGES_KEPT = 8
SCAN = 10_000
"""rows searched one by one for a key when the source cannot tell where it is"""

Key = Hashable

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Row(NamedTuple):
    """One row: one text per declared column, whatever is shown of it.

    role: of the whole row (`chapter`, `muted`). `rule` makes it a dividing line with cells[0] as
    heading, on which the cursor does not stop; in `wide` cells[0] takes the whole row.
    sign: shown in the mark column, with `sign_role`.
    cell_roles: column name → role of that cell.
    """

    key: Key
    cells: tuple[str, ...]
    role: str = ""
    sign: str = ""
    sign_role: str = ""
    cell_roles: Mapping[str, str] = _NOTHING


class RowSource(Protocol):
    """The rows of a table, in order."""

    def count(self) -> int: ...

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """The rows from `start` to before `stop`; fewer when the source has shrunk."""
        ...


@runtime_checkable
class Locates(Protocol):
    """A source that knows where a key stands without being searched."""

    def index_of(self, key: Key) -> int | None: ...


@runtime_checkable
class Folds(Protocol):
    """A source that knows when all values of a column are the same."""

    def only_value(self, column: str) -> str | None: ...


class ListSource:
    """Rows held in memory."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.held = list(rows)

    def count(self) -> int:
        return len(self.held)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        return self.held[start:stop]

    def index_of(self, key: Key) -> int | None:
        return next((at for at, row in enumerate(self.held) if row.key == key), None)


class Pages:
    """The pages of a source that were asked for last."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self.size: int = getattr(source, "page", PAGE)
        self.count = source.count()
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def row(self, index: int) -> Row | None:
        """The row at an index, None outside or when the source has shrunk meanwhile."""
        if not 0 <= index < self.count:
            return None
        number, offset = divmod(index, self.size)
        page = self._pages.get(number)
        if page is None:
            page = self.source.rows(number * self.size, min(self.count, (number + 1) * self.size))
            self._pages[number] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[offset] if offset < len(page) else None

    def forget(self) -> None:
        """Asks again for everything, the number of rows too."""
        self.forget_pages()
        self.count = self.source.count()

    def forget_pages(self) -> None:
        """Asks again for the rows; their number is known not to have changed."""
        self._pages.clear()

    def find(self, key: Key, near: int) -> int | None:
        """Where a key stands: near where it was, as the source says, or by searching."""
        for index in (near, near - 1, near + 1):
            row = self.row(index)
            if row is not None and row.key == key:
                return index
        if isinstance(self.source, Locates):
            return self.source.index_of(key)
        for index in range(min(self.count, SCAN)):
            row = self.row(index)
            if row is not None and row.key == key:
                return index
        return None
