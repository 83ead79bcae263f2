"""Where the columns of a table stand at a given width (ux.md §6).

Widths come from the data on screen; an amount, a number or a date is never cut. Only text
columns shrink. What still does not fit goes, amounts last of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from codial_tui.domain.spec import Column, FieldType

_NEVER_CUT = frozenset({FieldType.DATE, FieldType.DATETIME})
_LAST_RESORT = 3
"""cells to which a text column shrinks before any column goes"""


class Placed(NamedTuple):
    """A column on screen: its index among the declared ones, first cell and width."""

    nth: int
    column: Column
    at: int
    width: int


def whole(column: Column) -> bool:
    """Whether the values of a column are never cut."""
    return column.right_aligned or column.type in _NEVER_CUT


def place(
    columns: Sequence[Column],
    width: int,
    measured: Mapping[str, int],
    *,
    first: int,
    hidden: frozenset[str] = frozenset(),
) -> tuple[Placed, ...]:
    """The columns from cell `first` to cell `width - 2` (column 79 of 80).

    measured: the longest value on screen, by column name. hidden: columns that are folded.
    """
    shown = [
        (index, column)
        for index, column in enumerate(columns)
        if column.hidden_below <= width and column.name not in hidden
    ]
    room = width - 1 - first
    widths = {index: _natural(column, measured.get(column.name, 0)) for index, column in shown}
    while (excess := _total(shown, widths) - room) > 0:
        victim = _shrinkable(shown, widths)
        if victim is not None:
            at, least = victim
            widths[at] = max(least, widths[at] - excess)
        elif len(shown) > 1:
            shown.remove(_first_to_go(shown))
        else:
            break
    _give(shown, widths, room - _total(shown, widths), measured)
    placed, at = [], first
    for index, column in shown:
        placed.append(Placed(index, column, at, widths[index]))
        at += widths[index] + 1
    return tuple(placed)


def _natural(column: Column, data: int) -> int:
    label = cell_len(column.label)
    if column.width == 0 and not whole(column) and not column.width_from_data:
        return max(column.min_width, label)
    if whole(column):
        return max(column.width, data, label)
    if column.width_from_data:
        return max(label, min(data, column.width) if column.width else data)
    return max(column.width, label)


def _total(shown: Sequence[tuple[int, Column]], widths: Mapping[int, int]) -> int:
    return sum(widths[index] + 1 for index, _ in shown) - 1 if shown else 0


def _shrinkable(
    shown: Sequence[tuple[int, Column]], widths: Mapping[int, int]
) -> tuple[int, int] | None:
    """The widest text column that may still shrink and how far: declared ones first to their
    minimum, then any text column."""
    texts = [(index, column) for index, column in shown if not whole(column)]
    for least_of, candidates in (
        (lambda column: column.min_width, [one for one in texts if one[1].shrinks]),
        (lambda column: _LAST_RESORT, texts),
    ):
        able = [
            (widths[index], index, least_of(column))
            for index, column in candidates
            if widths[index] > least_of(column)
        ]
        if able:
            _, index, least = max(able)
            return index, least
    return None


def _first_to_go(shown: Sequence[tuple[int, Column]]) -> tuple[int, Column]:
    """Columns of wider terminals first, then texts, dates, numbers; of the numbers the last
    declared one, which is the amount, stays longest; the first column always stays."""

    def rank(one: tuple[int, Column]) -> tuple[int, int, int]:
        index, column = one
        kind = 0 if column.right_aligned else 1 if whole(column) else 2
        return column.hidden_below, kind, index if kind else -index

    return max(shown[1:], key=rank)


def _give(
    shown: Sequence[tuple[int, Column]],
    widths: dict[int, int],
    left: int,
    measured: Mapping[str, int],
) -> None:
    """What is left goes to the columns without a width, else to the one that may shrink."""
    takers = [index for index, column in shown if column.width == 0 and not whole(column)]
    takers = [at for at in takers if not dict(shown)[at].width_from_data] or takers
    if not takers:
        texts = [(index, column) for index, column in shown if column.shrinks]
        takers = [max(texts, key=lambda one: measured.get(one[1].name, 0))[0]] if texts else []
    for position, index in enumerate(takers):
        share = left // (len(takers) - position)
        widths[index] += share
        left -= share
