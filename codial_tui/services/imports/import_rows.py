"""What a row of an import does to the database: the differences it makes, and writing them.

Shared by items and parties, by applying and by undoing. A difference names columns of one row of
one table; the pseudo column `price_steps` stands for the rows of its table of quantity steps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from codial_tui.domain.problems import Problem
from codial_tui.models.dialect import Dialect, Queries

Values = dict[str, Any]

STEPS = "price_steps"
STEP_TABLES = {
    "item": ("item_price_step", "item_id"),
    "item_supplier": ("item_supplier_step", "item_supplier_id"),
}


@dataclass(slots=True)
class Write:
    """One row to add (no id) or to change. before: of the changed columns; after: what it gets;
    shown: column and old, new value as the preview shows them."""

    target: str
    id: int | None
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[str, Any, Any]]:
        return [(name, self.before.get(name), value) for name, value in self.after.items()]


@dataclass(slots=True)
class Difference:
    """writes: none when the database says the same already. is_new: the row itself is not there.
    problems: warnings that come from the comparison; `price.drop` holds the row."""

    writes: list[Write] = field(default_factory=list)
    is_new: bool = False
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Logged:
    """What was written, for undoing it."""

    action: str
    target: str
    id: int
    before: Values
    after: Values


class Rules(Protocol):
    """How rows of one kind are recognised, compared and added."""

    def settle(self, values: Values) -> tuple[Values, list[Problem]]:
        """The values as they are staged, and what refuses the row. May be given its own result."""

    def keys(self, values: Values) -> str:
        """What no two rows of a file may share; "" for nothing."""

    def duplicate(self, first_line: int) -> Problem:
        """The problem of a second row with the same key."""

    def missing(self) -> Problem:
        """The problem of a row that only adds to one that does not exist."""

    def known(self, queries: Queries, batch: Sequence[Values]) -> list[Values | None]:
        """The stored row of each, None for those that are not there."""

    def compare(self, values: Values, known: Values | None) -> Difference:
        """What a row would change."""

    def prepare(self, values: Values) -> None:
        """Before write(): what takes long is done here, since the others wait in there."""

    def make_ready(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        """Inside write(), before comparing: create what the rows refer to (families)."""

    def add(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        """Inside write(): insert rows that are not there."""

    def extra(self, write: Write, known: Values | None, values: Values) -> Values:
        """Derived columns that go with a change and are not part of the comparison."""


def changed(known: Mapping[str, Any], wanted: Mapping[str, Any], kept: Iterable[str]) -> Values:
    """The wanted columns that differ, without those the user edited here."""
    return {
        name: value
        for name, value in wanted.items()
        if name not in kept and (name not in known or known[name] != value)
    }


def write_change(database: Dialect, write: Write, extra: Values) -> Logged:
    """Add or change one row, with its steps; `extra` columns are not part of the comparison."""
    after = dict(write.after)
    steps = after.pop(STEPS, None)
    if write.id is None:
        key, before = database.insert(write.target, {**after, **extra}), {}
    else:
        key, before = write.id, dict(write.before)
        if after or extra:
            database.update(write.target, key, {**after, **extra})
    if steps is not None:
        write_steps(database, write.target, key, steps)
    return Logged(
        "add" if write.id is None else "change", write.target, key, before, dict(write.after)
    )


def write_steps(database: Dialect, target: str, key: int, steps: Sequence[Sequence[int]]) -> None:
    """Replace the quantity steps of a row. steps: (from quantity, price), 10⁻⁴ each."""
    table, owner = STEP_TABLES[target]
    database.execute(f"DELETE FROM {table} WHERE {owner} = ?", (key,))
    database.insert_many(
        table,
        (owner, "from_quantity", "price"),
        [(key, quantity, price) for quantity, price in steps],
    )


def read_steps(
    queries: Queries, target: str, ids: Sequence[int]
) -> dict[int, tuple[tuple[int, int], ...]]:
    """The quantity steps of rows, in order of quantity."""
    if not ids:
        return {}
    table, owner = STEP_TABLES[target]
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for key, quantity, price in queries.rows(
        f"SELECT {owner}, from_quantity, price FROM {table} "
        f"WHERE {owner} IN ({marks(ids)}) ORDER BY {owner}, from_quantity",
        ids,
    ):
        found[key] = (*found.get(key, ()), (quantity, price))
    return found


def steps_of(values: Values) -> tuple[tuple[int, int], ...]:
    """The steps of a row, tuples also when they come back from JSON."""
    return tuple((quantity, price) for quantity, price in values.get(STEPS, ()))


def marks(values: Sequence[object]) -> str:
    """The placeholders of an SQL list."""
    return ", ".join("?" * len(values))


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def encode(content: Any) -> str:
    return _encoder.encode(content)


def encode_problems(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    return encode([(p.code, p.field, p.message, p.remedy, p.level) for p in problems])


def decode_problems(text: str) -> list[Problem]:
    return [Problem(*parts) for parts in json.loads(text)] if text else []


def as_warning(problem: Problem) -> Problem:
    return problem._replace(level="warning")
