"""What a list is made of: how it was left, its rows, its counts in words, its sort letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codial_tui.domain.spec import Column, DocType, RecordType
from codial_tui.domain.text import fold
from codial_tui.services.lists import Count, Listing
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.row_source import Key, Row

from .cells import grouped, row_cells
from .wording import no_one

EVERY, MARK = "*", "mark"
"""Names of the tabs that are no states."""
NEWEST_FIRST = frozenset({"date", "number", "net_total"})
"""Columns whose first sort is downwards."""


def number(count: Count) -> str:
    """`48 310`, or `10 000+`."""
    return grouped(count.rows) + ("" if count.exact else "+")


def sort_letters(columns: Sequence[Column], sorts: Sequence[str]) -> dict[str, str]:
    """A letter for each column one can sort by: the first of its label still free. Never N,
    which is what Esc answers."""
    letters: dict[str, str] = {}
    for column in columns:
        if column.name in sorts:
            free = (
                one
                for one in fold(column.label).upper()
                if one.isalpha() and one != "N" and one not in letters
            )
            if (letter := next(free, None)) is not None:
                letters[letter] = column.name
    return letters


@dataclass(slots=True)
class ListState:
    """How a list was left: coming back finds filter, sort, state and cursor as they were."""

    state: str = ""
    mark: str = ""
    text: str = ""
    sort: str = ""
    descending: bool = False
    key: Key | None = None


class ListRows:
    """The rows of a listing as a table wants them."""

    def __init__(self, listing: Listing, columns: Sequence[Column]) -> None:
        self.listing, self.columns = listing, tuple(columns)

    def count(self) -> int:
        return self.listing.count().rows

    def rows(self, start: int, stop: int) -> list[Row]:
        return [self._row(values) for values in self.listing.rows(start, stop)]

    def index_of(self, key: Key) -> int | None:
        return self.listing.index_of(int(str(key)))

    def _row(self, values: dict[str, Any]) -> Row:
        role = values.get("role", "")
        roles = {"sign": role} if role and values.get("sign") else {}
        return Row(values["id"], row_cells(self.columns, values), cell_roles=roles)


def state_tabs(
    kind: DocType, counts: Mapping[str, Count], state: ListState, wanted_mark: str
) -> tuple[list[TabItem], str]:
    """Row 2: the states with their counts, all of them, the mark the list was opened for; and
    the name of the current one."""
    items = [
        TabItem(one.name, f"{one.plural or one.label} {number(counts[one.name])}", one.letter)
        for one in kind.states
    ]
    every = "Toutes" if kind.gender == "f" else "Tous"
    items.append(TabItem(EVERY, f"{every} {number(counts[''])}", "T"))
    current = state.state or EVERY
    if wanted_mark:
        label = next(one.todo or one.label for one in kind.marks if one.name == wanted_mark)
        items.insert(0, TabItem(MARK, label))
        current = MARK if state.mark else current
    return items, current


def empty_sentence(spec: DocType | RecordType, state: ListState) -> str:
    """One sentence and the key that helps."""
    if typed := state.text.strip():
        return f"Rien pour « {typed[:40]} ». Ctrl+U efface le filtre."
    none, one = no_one(spec.gender)
    title = spec.title.lower()
    if isinstance(spec, RecordType):
        return f"{none} {title}. F5 en crée {one}."
    if state.state:
        title += f" {spec.state(state.state).label.lower()}"
    every = ", Ctrl+G T montre tout" if state.state or state.mark else ""
    return f"{none} {title}. F5 en crée {one}{every}."
