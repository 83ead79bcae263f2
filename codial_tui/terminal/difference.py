"""From the screen the terminal shows to the one it should show, in few bytes. Pure.

The rules are curses': move what moved (DECSTBM with IL and DL, ICH, DCH), erase what is blank,
write what differs, and between two differences take the cheaper of moving and writing again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count
from operator import ne, or_
from typing import NamedTuple

from .cells import Cells, Row, is_plain
from .strokes import Shapes, Strokes

_NINE = " " * 9
_BLANKS = re.compile(f"{_NINE}+")
"""shorter runs of blanks are written: ECH and a motion take eight bytes"""
_ERASE_FROM = 4
"""cells from which EL is cheaper than blanks"""
_REWRITE_UP_TO = 12
"""cells between two differences that may be cheaper to write again than to skip"""
_SHIFT_FROM = 8
"""differing cells from which a row may have been shifted by one"""
_SHIFT_SPARES = 4
"""cells that a shift must put right to be worth its bytes"""
_SCROLL_FROM = 3
"""differing rows from which some may have moved"""
_CLEAR = "\x1b[m\x1b[r\x1b[H\x1b[J"


class Drawn(NamedTuple):
    """What to send, and how it leaves the terminal: style set, place of the cursor."""

    text: str
    pen: int
    at: tuple[int, int | None]


def difference(
    sent: Cells | None, wanted: Cells, shapes: Shapes, pen: int, at: tuple[int | None, int | None]
) -> Drawn:
    """The bytes that turn one screen into the other of the same size. sent: None when nobody
    knows what the terminal shows: it is cleared first. pen, at: as it was left."""
    if sent is None:
        strokes = Strokes(shapes, 0, 0, 0)
        strokes.order(_CLEAR)
        sent = Cells(wanted.width, wanted.height)
    else:
        strokes = Strokes(shapes, pen, *at)
    rows = sent.rows
    best: Strokes | None = None
    for _ in range(2):
        moved = _moved(rows, wanted.rows)
        if moved is None:
            break
        scrolled = strokes.fork()
        after = _scroll(scrolled, rows, moved)
        reached = scrolled.fork()
        _draw_rows(reached, after, wanted.rows)
        bytes_moved = scrolled.cost + reached.cost
        if best is None:
            unmoved = strokes.fork()
            if _draw_rows(unmoved, rows, wanted.rows, bytes_moved):
                best = unmoved
                break
        elif best.cost <= bytes_moved:
            break
        strokes.adopt(scrolled)
        rows, best = after, reached
    if best is None:
        _draw_rows(strokes, rows, wanted.rows)
    else:
        strokes.adopt(best)
    strokes.move(*wanted.cursor)
    assert strokes.y is not None
    return Drawn(strokes.text, strokes.pen, (strokes.y, strokes.x))


# rows that moved ---------------------------------------------------------------------------------


class _Move(NamedTuple):
    """New rows `first` to `last` were `by` rows further down (by > 0) or up before."""

    first: int
    last: int
    by: int


def _moved(old: list[Row], new: list[Row]) -> _Move | None:
    """The block of rows whose moving spares most cells, None when none is worth it."""
    changed = [y for y, row in enumerate(new) if row != old[y]]
    if len(changed) < _SCROLL_FROM:
        return None
    numbers: dict[object, int] = {}
    was = [numbers.setdefault(row.key, len(numbers)) for row in old]
    now = [numbers.setdefault(row.key, len(numbers)) for row in new]
    sources: dict[int, list[int]] = {}
    for y, number in enumerate(was):
        sources.setdefault(number, []).append(y)
    weights = [0] * len(new)
    steps = set()
    for y in changed:
        weights[y] = len(new[y].texts) - new[y].texts.count(" ")
        if weights[y]:
            steps.update([source - y for source in sources.get(now[y], ())])
    best, most = None, 0
    for by in steps:
        for first, last in _runs(was, now, by):
            while not weights[first] and first < last:
                first += 1
            while not weights[last] and first < last:
                last -= 1
            spared = sum(weights[first : last + 1])
            if spared > most:
                best, most = _Move(first, last, by), spared
    return best


def _runs(was: list[int], now: list[int], by: int) -> Iterator[tuple[int, int]]:
    """Blocks of rows that stood `by` rows further down."""
    first = None
    for y in range(max(0, -by), min(len(now), len(now) - by) + 1):
        same = y < len(now) and 0 <= y + by < len(was) and now[y] == was[y + by]
        if same and first is None:
            first = y
        elif not same and first is not None:
            yield first, y - 1
            first = None


def _scroll(strokes: Strokes, rows: list[Row], move: _Move) -> list[Row]:
    """Move the block; returns the rows as they are then."""
    top = min(move.first, move.first + move.by)
    bottom = max(move.last, move.last + move.by)
    far = abs(move.by)
    strokes.clear_colour()
    inner = bottom + 1 < len(rows)
    if inner:
        strokes.order(f"\x1b[{top + 1};{bottom + 1}r")
        strokes.y = strokes.x = None
    strokes.move(top, 0)
    strokes.order(f"\x1b[{far if far > 1 else ''}{'M' if move.by > 0 else 'L'}")
    if inner:
        strokes.order("\x1b[r")
        strokes.y = strokes.x = None  # home on most, where it was on some
    blank = [Row(len(rows[0].texts)) for _ in range(far)]
    block = rows[top : bottom + 1]
    block = [*block[far:], *blank] if move.by > 0 else [*blank, *block[:-far]]
    return [*rows[:top], *block, *rows[bottom + 1 :]]


# one row -----------------------------------------------------------------------------------------


def _draw_rows(strokes: Strokes, old: list[Row], new: list[Row], most: int | None = None) -> bool:
    """Draw what differs; False when given up halfway, because it takes more than `most` bytes."""
    for y, row in enumerate(new):
        if row != old[y]:
            _draw_row(strokes, y, old[y], row)
            if most is not None and strokes.cost > most:
                return False
    return True


def _draw_row(strokes: Strokes, y: int, old: Row, new: Row) -> None:
    if old.odd or new.odd:
        _draw_whole(strokes, y, new)
        return
    differ = _differ(old, new)
    if len(differ) < _SHIFT_FROM or not strokes.shapes.can.shift:
        _draw_cells(strokes, y, old, new, differ)
        return
    tries = [strokes.fork()]
    _draw_cells(tries[0], y, old, new, differ)
    for by in (1, -1):
        tried = strokes.fork()
        shifted = _shift(tried, y, differ[0], by, old)
        left = _differ(shifted, new)
        if len(left) <= len(differ) - _SHIFT_SPARES:
            _draw_cells(tried, y, shifted, new, left)
            tries.append(tried)
    strokes.adopt(min(tries, key=lambda tried: tried.cost))


def _differ(old: Row, new: Row) -> list[int]:
    """The columns in which two rows differ."""
    differs = map(ne, old.texts, new.texts)
    if old.styles != new.styles:
        differs = map(or_, differs, map(ne, old.styles, new.styles))
    return list(compress(count(), differs))


def _shift(strokes: Strokes, y: int, x: int, by: int, old: Row) -> Row:
    """Insert (1) or delete (-1) a character; returns the row as it is then."""
    strokes.clear_colour()
    strokes.move(y, x)
    strokes.order("\x1b[@" if by > 0 else "\x1b[P")
    row = old.copy()
    gone, come = (len(row.texts) - 1, x) if by > 0 else (x, len(row.texts) - 1)
    del row.texts[gone], row.styles[gone]
    row.texts.insert(come, " ")
    row.styles.insert(come, 0)
    return row


def _draw_cells(strokes: Strokes, y: int, old: Row, new: Row, differ: list[int]) -> None:
    """Make the columns `differ` of a row of plain cells as they should be."""
    if not differ:
        return
    width = len(new.texts)
    last = new.styles[-1]
    tail = width
    if strokes.shapes.erases(last):
        while tail and new.texts[tail - 1] == " " and new.styles[tail - 1] == last:
            tail -= 1
    erased = [x for x in differ if x >= tail]
    if len(erased) < _ERASE_FROM:
        erased = []
    written = differ[: len(differ) - len(erased)]
    for start, end in _stretches(written):
        _reach(strokes, y, start, new)
        _write(strokes, y, start, end, new)
    if erased:
        at = erased[0]
        if strokes.y == y and strokes.x is not None and tail <= strokes.x < at:
            at = strokes.x  # from where the cursor is, over blanks that are blank already
        strokes.move(y, at)
        strokes.dip(last)
        strokes.order("\x1b[K")


def _stretches(columns: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns as half-open ranges."""
    start = end = -1
    for x in columns:
        if x != end:
            if end > start:
                yield start, end
            start = x
        end = x + 1
    if end > start:
        yield start, end


def _reach(strokes: Strokes, y: int, x: int, new: Row) -> None:
    """Go to the next difference: by a motion, or by writing again what lies between."""
    at = strokes.x
    if strokes.y == y and at is not None and 0 < x - at <= _REWRITE_UP_TO:
        way = strokes.fork()
        way.move(y, x)
        way.dip(new.styles[x])
        if x - at < way.cost:  # each cell written again is a byte at least
            again = strokes.fork()
            _write(again, y, at, x, new)
            again.dip(new.styles[x])
            way = min(way, again, key=lambda tried: tried.cost)
        strokes.adopt(way)
        return
    strokes.move(y, x)


def _write(strokes: Strokes, y: int, start: int, end: int, new: Row) -> None:
    """Write these columns, erasing long runs of blanks instead."""
    width = len(new.texts)
    while start < end:
        style, stop = new.styles[start], start + 1
        while stop < end and new.styles[stop] == style:
            stop += 1
        text = "".join(new.texts[start:stop])
        at = 0
        if _NINE in text and strokes.shapes.can.ech and strokes.shapes.erases(style):
            for blanks in _BLANKS.finditer(text):
                _put(strokes, y, start + at, text[at : blanks.start()], style, width)
                strokes.move(y, start + blanks.start())
                strokes.dip(style)
                strokes.order(f"\x1b[{blanks.end() - blanks.start()}X")
                at = blanks.end()
        _put(strokes, y, start + at, text[at:], style, width)
        start = stop


def _put(strokes: Strokes, y: int, x: int, text: str, style: int, width: int) -> None:
    if text:
        strokes.move(y, x)
        strokes.dip(style)
        strokes.write(text, len(text), width)


def _draw_whole(strokes: Strokes, y: int, new: Row) -> None:
    """A row with clusters of which nobody knows how wide this terminal takes them: all of it,
    blanks under each of them, the next cell addressed absolutely."""
    width = len(new.texts)
    start = 0
    strokes.x = None  # so that the motion is absolute
    for x, text in enumerate(new.texts):
        if not text or is_plain(text):
            continue
        if start < x:
            _write(strokes, y, start, x, new)
        start = x + 1
        while start < width and new.texts[start] == "":
            start += 1
        _put(strokes, y, x, " " * (start - x), new.styles[x], width)
        strokes.x = None
        strokes.move(y, x)
        strokes.order(text)
        strokes.x = None
    if start < width:
        _write(strokes, y, start, width, new)
