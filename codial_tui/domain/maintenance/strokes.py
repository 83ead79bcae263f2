"""A signature drawn by hand: strokes of points on a fixed grid, checked, shown as braille dots and
smoothed for paper. Everything is integers, so that what was signed is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from codial_tui.domain.problems import Problem

Point = tuple[int, int]
Stroke = tuple[Point, ...]
Strokes = tuple[Stroke, ...]

WIDTH, HEIGHT = 1400, 560
"""The grid: x from 0 to WIDTH - 1, y from 0 (top) to HEIGHT - 1."""
MOST_STROKES, MOST_POINTS = 200, 5_000
"""of one signature, all its strokes together"""
BLANK = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille cell, by row and column (Unicode 17.0, block 2800)."""
SMOOTH = 4
"""parts of a step that smoothing works in"""


def parse(found: Any) -> tuple[Strokes, list[Problem]]:
    """Strokes from JSON, `[[[x, y], …], …]`, and what is wrong with them."""
    if not isinstance(found, list) or not found:
        return (), [_wrong("La signature est vide", "dessinez-la, ou tapez le nom")]
    if len(found) > MOST_STROKES:
        return (), [_too_much(f"{len(found)} traits", f"{MOST_STROKES} au plus")]
    strokes = []
    count = 0
    for one in found:
        if not isinstance(one, list) or not one:
            return (), [_wrong("Un trait sans point", "une liste de points [x, y]")]
        count += len(one)
        if count > MOST_POINTS:
            return (), [_too_much("Trop de points", f"{MOST_POINTS} au plus")]
        if not all(map(_is_point, one)):
            words = f"x de 0 à {WIDTH - 1}, y de 0 à {HEIGHT - 1}, des nombres entiers"
            return (), [_wrong("Un point hors du cadre", words)]
        strokes.append(tuple((x, y) for x, y in one))
    return tuple(strokes), []


def _is_point(found: Any) -> bool:
    if not isinstance(found, list | tuple) or len(found) != 2:
        return False
    x, y = found
    return type(x) is int and type(y) is int and 0 <= x < WIDTH and 0 <= y < HEIGHT


def _wrong(said: str, remedy: str) -> Problem:
    return Problem("strokes.wrong", "strokes", said, remedy)


def _too_much(said: str, remedy: str) -> Problem:
    return Problem("strokes.too_many", "strokes", f"Signature trop longue : {said}", remedy)


def plain(strokes: Strokes) -> list[list[list[int]]]:
    """As JSON has them."""
    return [[[x, y] for x, y in stroke] for stroke in strokes]


def braille(strokes: Strokes, columns: int, rows: int) -> tuple[str, ...]:
    """The signature as rows of braille cells, 2 × 4 dots each; blanks where nothing is drawn."""
    cells = [[0] * columns for _ in range(rows)]
    across, down = columns * 2, rows * 4
    for stroke in strokes:
        scaled = [(x * across // WIDTH, y * down // HEIGHT) for x, y in stroke]
        for x, y in _dots(scaled):
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    return tuple("".join(chr(BLANK + bits) if bits else " " for bits in row) for row in cells)


def _dots(points: Sequence[Point]) -> Iterator[Point]:
    """The dots on the way from point to point (Bresenham)."""
    yield points[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        wide, high = abs(to_x - x), -abs(to_y - y)
        step_x, step_y = (1 if x < to_x else -1), (1 if y < to_y else -1)
        error = wide + high
        while (x, y) != (to_x, to_y):
            double = 2 * error
            if double >= high:
                error += high
                x += step_x
            if double <= wide:
                error += wide
                y += step_y
            yield x, y


def smoothed(stroke: Stroke) -> tuple[Point, ...]:
    """The stroke with its corners cut twice (Chaikin), in quarters of the grid: what a pointer
    gives cell by cell looks like a pen's line."""
    points = [(x * SMOOTH, y * SMOOTH) for x, y in _without_repeats(stroke)]
    for _ in range(2):
        if len(points) < 3:
            break
        points = [points[0], *_cut(points), points[-1]]
    return tuple(points)


def _without_repeats(stroke: Iterable[Point]) -> list[Point]:
    found: list[Point] = []
    for point in stroke:
        if not found or found[-1] != point:
            found.append(point)
    return found


def _cut(points: Sequence[Point]) -> Iterator[Point]:
    for (x, y), (to_x, to_y) in pairwise(points):
        yield (3 * x + to_x) // 4, (3 * y + to_y) // 4
        yield (x + 3 * to_x) // 4, (y + 3 * to_y) // 4
