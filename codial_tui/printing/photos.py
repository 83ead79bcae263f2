"""Photos on paper: two beside each other, four a page at most, their names under them."""

from __future__ import annotations

from codial_tui.domain.paper.paper import Photo, Photos

from .marks import ACCENT, GREY, Band, Ink, Mark, Measure, Picture, Style, baseline, wrap
from .pages import LEFT, RIGHT

GAP = 6.0
WIDTH = (RIGHT - LEFT - GAP) / 2
HEIGHT = 108.0
"""mm at most; two rows and the title fill a page"""
TITLE = Style("B", 9.5, ACCENT)
NAME = Style("", 7, GREY)


def bands(block: Photos, measure: Measure) -> list[Band]:
    """The title stays with the first row; a row stays on one page."""
    text = measure.printable(block.title, TITLE.face)
    found = [Band(TITLE.leading + 6, [Ink(LEFT, 4 + baseline(TITLE), TITLE, text)], keep=True)]
    for at in range(0, len(block.photos), 2):
        found.append(_row(block.photos[at : at + 2], measure))
    return found


def _row(photos: tuple[Photo, ...], measure: Measure) -> Band:
    marks: list[Mark] = []
    tallest = max(_height(one) for one in photos)
    for at, one in enumerate(photos):
        x = LEFT + at * (WIDTH + GAP)
        marks.append(Picture(x, 0, WIDTH, HEIGHT, one.data))
        name = wrap(measure, measure.printable(one.name, ""), NAME, WIDTH)[:1]
        marks += [Ink(x, _height(one) + 0.8 + baseline(NAME), NAME, line) for line in name]
    return Band(tallest + NAME.leading + 4, marks)


def _height(photo: Photo) -> float:
    """mm, scaled into its place."""
    return photo.height * min(WIDTH / photo.width, HEIGHT / photo.height)
