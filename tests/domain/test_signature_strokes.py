"""Drawn signatures: what is refused, the dots on a terminal, the smoothed line on paper."""

from __future__ import annotations

from typing import Any

import pytest

from codial_tui.domain.maintenance.strokes import (
    HEIGHT,
    MOST_POINTS,
    MOST_STROKES,
    WIDTH,
    braille,
    parse,
    plain,
    smoothed,
)


def test_what_json_has_comes_back_the_same() -> None:
    found, problems = parse([[[0, 0], [1399, 559]], [[7, 8]]])
    assert (found, problems) == ((((0, 0), (1399, 559)), ((7, 8),)), [])
    assert plain(found) == [[[0, 0], [1399, 559]], [[7, 8]]]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {},
        "[[[1,2]]]",
        [],
        [[]],
        [[1, 2]],
        [[[1]]],
        [[[1, 2, 3]]],
        [[[1.0, 2]]],
        [[[True, 2]]],
        [[["1", "2"]]],
        [[[-1, 2]]],
        [[[WIDTH, 2]]],
        [[[1, HEIGHT]]],
        [[[10**30, 2]]],
        [[[1, 2]]] * (MOST_STROKES + 1),
        [[[1, 2]] * (MOST_POINTS + 1)],
        [[[1, 2]] * MOST_POINTS, [[1, 2]]],
    ],
)
def test_anything_else_is_refused_with_a_remedy(wrong: Any) -> None:
    found, (problem,) = parse(wrong)
    assert found == ()
    assert problem.message
    assert problem.remedy


def test_the_most_is_taken() -> None:
    _, problems = parse([[[1, 2]] * (MOST_POINTS // MOST_STROKES)] * MOST_STROKES)
    assert problems == []


def test_braille_dots() -> None:
    corners = (((0, 0),), ((WIDTH - 1, 0),), ((0, HEIGHT - 1),), ((WIDTH - 1, HEIGHT - 1),))
    assert braille(corners, 2, 2) == ("⠁⠈", "⡀⢀")
    assert braille((((0, 0), (WIDTH - 1, 0)),), 3, 2) == ("⠉⠉⠉", "   ")
    assert braille((((0, 0), (0, HEIGHT - 1)),), 1, 2) == ("⡇", "⡇")


def test_a_line_without_gap_whichever_way() -> None:
    ends = ((0, 0), (WIDTH - 1, HEIGHT - 1))
    one, other = (braille((points,), 10, 5) for points in (ends, ends[::-1]))
    assert sum(row.count(" ") < 10 for row in one) == 5
    assert all(row.strip() for row in other)


def test_corners_are_cut_and_ends_stay() -> None:
    corner = smoothed(((0, 0), (100, 0), (100, 0), (100, 100)))
    assert corner[0] == (0, 0)
    assert corner[-1] == (400, 400)
    assert (400, 0) not in corner
    assert smoothed(((5, 6), (5, 6))) == ((20, 24),)
    assert smoothed(((0, 0), (10, 0))) == ((0, 0), (40, 0))
