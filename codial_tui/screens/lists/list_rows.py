"""What a list is made of: how it was left, its rows, its counts in words, its sort letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codial_tui.domain.spec import Column, DocType, RecordType
from codial_tui.domain.text import fold
from codial_tui.screens.cells import grouped, row_cells
from codial_tui.screens.wording import no_one
from codial_tui.services.lists.list_saved import Kept
from codial_tui.services.lists.lists import Count, Listing
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.row_source import Key, Row

ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHOSEN = {"customer": "party_id", "salesperson": "salesperson_id", "branch": "branch_id"}
"""Filters of `DocType.filters` that are chosen from a list: the columns they are of."""
EVERY, MARK = "*", "mark "
"""Name of the tab of all states, and what those of marks begin with."""
NEWEST_FIRST = frozenset({"date", "number", "net_total", "gross_total"})
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
    """How a list was left: coming back finds filter, sort, state and cursor as they were.

    text: as typed; chosen: ids by column (`party_id`…), see `list_filter`."""

    state: str = ""
    mark: str = ""
    text: str = ""
    sort: str = ""
    descending: bool = False
    key: Key | None = None
    chosen: dict[str, int] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        """Something is typed or chosen."""
        return bool(self.text.strip() or self.chosen)

    def kept(self) -> Kept:
        """What is kept of it under a name."""
        return Kept(self.state, self.mark, self.text, self.sort, self.descending, **self.chosen)

    def recall(self, kept: Kept, kind: DocType | None, sorts: Sequence[str]) -> None:
        """Be as a kept filter says, as far as its state, mark and order still exist."""
        states = [one.name for one in kind.states] if kind else []
        marks = [one.name for one in kind.marks] if kind else []
        self.state = kept.state if kept.state in states else ""
        self.mark = kept.mark if kept.mark in marks else ""
        self.text, self.key = kept.text, None
        ids = {name: getattr(kept, name) for name in CHOSEN.values()}
        self.chosen = {name: value for name, value in ids.items() if value is not None}
        if kept.sort in sorts:
            self.sort, self.descending = kept.sort, kept.descending


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
        if "ref" in values:  # what stands for a number before there is one
            values = {**values, "number": values["ref"]}
        return Row(values["id"], row_cells(self.columns, values), cell_roles=roles)


def tab_letters(kind: DocType) -> dict[str, str]:
    """Tab → its letter: of the states those declared, then T of all of them and a letter of each
    mark, or the first of its label that is still free."""
    letters = {one.name: one.letter for one in kind.states}
    more = {EVERY: f"t{_every(kind)}"} | {MARK + one.name: one.label for one in kind.marks}
    for name, label in more.items():
        free = (one for one in label.upper() if one in ASCII and one not in letters.values())
        letters[name] = next(free, "")
    return letters


def _every(kind: DocType) -> str:
    return "Toutes" if kind.gender == "f" else "Tous"


def state_tabs(
    kind: DocType, counts: Mapping[str, Count], state: ListState, wanted_mark: str
) -> tuple[list[TabItem], str]:
    """Row 2: the states with their counts, all of them, the marks that are declared as filters,
    before them the one the list was opened for or that was chosen; and the name of the current."""
    letters = tab_letters(kind)
    items = [
        TabItem(one.name, f"{one.plural or one.label} {number(counts[one.name])}", one.letter)
        for one in kind.states
    ]
    items.append(TabItem(EVERY, f"{_every(kind)} {number(counts[''])}", letters[EVERY]))
    for mark in kind.marks:
        tab = MARK + mark.name
        if mark.name in kind.filters:
            items.append(TabItem(tab, mark.label, letters[tab]))
        elif mark.name in (state.mark, wanted_mark):
            items.insert(0, TabItem(tab, mark.todo or mark.label, letters[tab]))
    return items, MARK + state.mark if state.mark else state.state or EVERY


def empty_sentence(spec: DocType | RecordType, state: ListState) -> str:
    """One sentence and the key that helps."""
    if state.narrowed:
        typed = state.text.strip()
        what = f"pour « {typed[:40]} »" if typed else "avec ce filtre"
        return f"Rien {what}. Ctrl+U efface le filtre."
    none, one = no_one(spec.gender)
    title = spec.title.lower()
    if isinstance(spec, RecordType):
        return f"{none} {title}. F5 en crée {one}."
    if state.state:
        title += f" {spec.state(state.state).label.lower()}"
    letter = tab_letters(spec)[EVERY]
    every = f", Ctrl+G {letter} montre tout" if state.state or state.mark else ""
    made = f"F5 en crée {one}" if spec.by_hand else "Un transfert (F6) en crée"
    return f"{none} {title}. {made}{every}."
