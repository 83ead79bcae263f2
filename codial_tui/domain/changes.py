"""Edits as values: a step is a list of changes, undo is the inverse list (design.md §3).

Applying never looks at anything but the document and the change, so that the same list drives
the document in memory, the database rows and the audit trail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from .document import (
    ADJUSTMENT_FIELDS,
    DEDUCTION_FIELDS,
    LINE_FIELDS,
    LINK_FIELDS,
    MACHINE_FIELDS,
    REFERENCE_FIELDS,
    USE_FIELDS,
    VISIT_FIELDS,
    Adjustment,
    Deduction,
    DepositUse,
    Document,
    Line,
    LineType,
    Link,
    Machine,
    Reference,
    Visit,
)

Op = Literal["set", "insert", "delete", "order"]
Target = Literal[
    "document", "line", "adjustment", "link", "supply",
    "reference", "deduction", "use", "visit", "machine",
]  # fmt: skip
"""`supply`: a link that another document holds, of what is bought for a line of this one; it is
written with the step and is nothing of the document in memory."""
POSITION_STEP = 1024


@dataclass(frozen=True, slots=True)
class Change:
    """One edit. `set`: before and after hold the changed fields; `insert`: after is the whole row;
    `delete`: before is the whole row; `order`: before and after hold {"uids": [...], "positions":
    [...]} of all lines, so that undoing it also restores the sparse positions that earlier edits
    of the log refer to.
    """

    op: Op
    target: Target
    uid: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


class Mismatch(Exception):
    """What a change expects is not what the document holds: somebody else changed it."""

    def __init__(self, change: Change, name: str) -> None:
        super().__init__(f"{change.target} {change.uid}: {name}")
        self.change = change
        self.name = name


Part = Adjustment | Reference | Deduction | DepositUse | Visit | Machine
Thing = Line | Link | Part
_PARTS: dict[type, tuple[Target, tuple[str, ...]]] = {
    Line: ("line", LINE_FIELDS),
    Adjustment: ("adjustment", ADJUSTMENT_FIELDS),
    Link: ("link", LINK_FIELDS),
    Reference: ("reference", REFERENCE_FIELDS),
    Deduction: ("deduction", DEDUCTION_FIELDS),
    DepositUse: ("use", USE_FIELDS),
    Visit: ("visit", VISIT_FIELDS),
    Machine: ("machine", MACHINE_FIELDS),
}
PARTS: dict[str, tuple[type[Part], str]] = {
    "adjustment": (Adjustment, "adjustments"),
    "reference": (Reference, "references"),
    "deduction": (Deduction, "deductions"),
    "use": (DepositUse, "uses"),
    "visit": (Visit, "visits"),
    "machine": (Machine, "machines"),
}
"""Targets whose things stand in a list of the document: class and attribute."""


def row_of(thing: Thing) -> dict[str, Any]:
    """All stored fields of a part of a document, as an insert or delete change holds them."""
    return {name: getattr(thing, name) for name in _PARTS[type(thing)][1]}


def line_from(row: Mapping[str, Any]) -> Line:
    """The line of a row mapping; takes what JSON made of it (lists, plain strings)."""
    values = {name: row[name] for name in LINE_FIELDS if name in row}
    values["type"] = LineType(values.get("type", LineType.ITEM))
    values["discounts"] = tuple(values.get("discounts") or ())
    return Line(**values)


def part_from(target: str, row: Mapping[str, Any]) -> Part:
    """The part of a document (a target of PARTS) of a row mapping."""
    made, _ = PARTS[target]
    return made(**{name: row[name] for name in _PARTS[made][1] if name in row})


def part_fields(target: str) -> tuple[str, ...]:
    """The stored fields of a target of PARTS."""
    return _PARTS[PARTS[target][0]][1]


def set_line(line: Line, **after: Any) -> Change | None:
    """The change that gives a line these values; None when it has them already."""
    return _set_part(line, after)


def set_adjustment(adjustment: Adjustment, **after: Any) -> Change | None:
    return _set_part(adjustment, after)


def set_link(link: Link, **after: Any) -> Change | None:
    return _set_part(link, after)


def set_part(part: Part, **after: Any) -> Change | None:
    return _set_part(part, after)


def _set_part(thing: Thing, after: Mapping[str, Any]) -> Change | None:
    changed = {name: value for name, value in after.items() if getattr(thing, name) != value}
    if not changed:
        return None
    before = {name: getattr(thing, name) for name in changed}
    return Change("set", _PARTS[type(thing)][0], thing.uid, before, changed)


def set_header(document: Document, **after: Any) -> Change | None:
    """The change that gives the header these values; None when it has them already."""
    changed = {name: value for name, value in after.items() if document.header.get(name) != value}
    if not changed:
        return None
    before = {name: document.header.get(name) for name in changed}
    return Change("set", "document", document.uid, before, changed)


def insert(thing: Thing) -> Change:
    return Change("insert", _PARTS[type(thing)][0], thing.uid, None, row_of(thing))


def delete(thing: Thing) -> Change:
    return Change("delete", _PARTS[type(thing)][0], thing.uid, row_of(thing), None)


def order(document: Document, uids: Sequence[str]) -> Change | None:
    """The change that puts the lines in this order; None when they already are."""
    before = [line.uid for line in document.lines]
    after = list(uids)
    if sorted(before) != sorted(after):
        raise ValueError("an order names every line once")
    if before == after:
        return None
    return _order(document, after, [index * POSITION_STEP for index in range(1, len(after) + 1)])


def _order(document: Document, uids: list[str], positions: list[int]) -> Change:
    before = {
        "uids": [line.uid for line in document.lines],
        "positions": [line.position for line in document.lines],
    }
    return Change("order", "line", document.uid, before, {"uids": uids, "positions": positions})


def places(change: Change) -> list[tuple[int, str]]:
    """Position and uid of every line after an `order` change: the rows to write."""
    after = change.after or {}
    return list(zip(after["positions"], after["uids"], strict=True))


def insert_after(document: Document, lines: Sequence[Line], after: str | None) -> list[Change]:
    """The changes that put new lines, in this order, right after a line (None: at the end).

    Gives the lines their positions; the others are respaced only when the gap is used up.
    """
    index = len(document.lines) if after is None else document.index_of(after) + 1
    return insert_at(document, lines, index)


def insert_at(document: Document, lines: Sequence[Line], index: int) -> list[Change]:
    """As `insert_after`, before the line that has this index now."""
    existing, count = document.lines, len(lines)
    low = existing[index - 1].position if index else 0
    changes: list[Change] = []
    stride = POSITION_STEP
    if index < len(existing):
        stride = (existing[index].position - low) // (count + 1)
    if stride < 1:
        positions = [
            (place + (count if place > index else 0)) * POSITION_STEP
            for place in range(1, len(existing) + 1)
        ]
        changes.append(_order(document, [line.uid for line in existing], positions))
        low, stride = index * POSITION_STEP, POSITION_STEP
    for place, line in enumerate(lines, 1):
        line.position = low + place * stride
        changes.append(insert(line))
    return changes


def inverse(changes: Sequence[Change]) -> list[Change]:
    """What undoes these changes, in the order in which to apply it."""
    flipped: dict[Op, Op] = {"insert": "delete", "delete": "insert", "set": "set", "order": "order"}
    return [
        replace(change, op=flipped[change.op], before=change.after, after=change.before)
        for change in reversed(changes)
    ]


def apply(document: Document, changes: Sequence[Change]) -> None:
    """Apply changes in order, all of them or none. Raises Mismatch when one of them expects
    something else than what is there."""
    done: list[Change] = []
    by_uid = _lines_of(document, changes)
    try:
        for change in changes:
            _apply_one(document, change, by_uid)
            done.append(change)
    except BaseException:
        for change in inverse(done):
            _apply_one(document, change, by_uid)
        raise


def _lines_of(document: Document, changes: Sequence[Change]) -> dict[str, Line]:
    """The lines of a document by uid: all of them, or those that an edit of the last ones sets."""
    sets = {one.uid for one in changes if (one.op, one.target) == ("set", "line")}
    if len(sets) < len(changes):
        return {line.uid: line for line in document.lines}
    found: dict[str, Line] = {}
    for line in reversed(document.lines):
        if len(found) == len(sets):
            break
        if line.uid in sets:
            found[line.uid] = line
    return found


def _apply_one(document: Document, change: Change, by_uid: dict[str, Line]) -> None:
    if change.op == "order":
        _reorder(document, change)
    elif change.target == "document":
        _check(change, document.header.get)
        document.header.update(change.after or {})
    elif change.target == "line":
        _apply_line(document, change, by_uid)
    elif change.target == "link":
        _apply_link(document, change)
    elif change.target != "supply":
        _apply_part(document, change)


def _check(change: Change, read: Any) -> None:
    for name, value in (change.before or {}).items():
        have = read(name)
        if have != (tuple(value) if isinstance(value, list) else value):
            raise Mismatch(change, name)


def _find(change: Change, things: Sequence[Line | Part]) -> int:
    for index, thing in enumerate(things):
        if thing.uid == change.uid:
            return index
    raise Mismatch(change, "uid")


def _set(change: Change, thing: Thing) -> None:
    _check(change, lambda name: getattr(thing, name))
    for name, value in (change.after or {}).items():
        if name == "type":
            value = LineType(value) if isinstance(thing, Line) else value
        setattr(thing, name, tuple(value) if isinstance(value, list) else value)


def _apply_line(document: Document, change: Change, by_uid: dict[str, Line]) -> None:
    if change.op == "insert":
        if change.uid in by_uid:
            raise Mismatch(change, "uid")
        line = by_uid[change.uid] = line_from(change.after or {})
        document.lines.insert(_place(document.lines, line.position), line)
        return
    there = by_uid.get(change.uid)
    if there is None:
        raise Mismatch(change, "uid")
    if change.op == "delete":
        _check(change, lambda name: getattr(there, name))
        del document.lines[_find(change, document.lines)]
        del by_uid[change.uid]
    else:
        _set(change, there)


def _apply_part(document: Document, change: Change) -> None:
    parts: list[Any] = getattr(document, PARTS[change.target][1])
    if change.op == "insert":
        parts.append(part_from(change.target, change.after or {}))
        if change.target != "use":
            parts.sort(key=lambda one: one.position)
    elif change.op == "delete":
        del parts[_find(change, parts)]
    else:
        _set(change, parts[_find(change, parts)])


def _apply_link(document: Document, change: Change) -> None:
    there = document.links.get(change.uid)
    if change.op == "insert":
        document.links[change.uid] = Link(**(change.after or {}))
    elif there is None:
        raise Mismatch(change, "uid")
    elif change.op == "delete":
        del document.links[change.uid]
    else:
        _set(change, there)


def _place(lines: Sequence[Line], position: int) -> int:
    """Where a position falls; positions only ever grow along `lines`."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        if lines[middle].position <= position:
            low = middle + 1
        else:
            high = middle
    return low


def _reorder(document: Document, change: Change) -> None:
    if [line.uid for line in document.lines] != list((change.before or {})["uids"]):
        raise Mismatch(change, "order")
    by_uid = {line.uid: line for line in document.lines}
    placed = places(change)
    for position, uid in placed:
        by_uid[uid].position = position
    document.lines[:] = [by_uid[uid] for _, uid in placed]
