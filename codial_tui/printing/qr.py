"""A QR code as filled boxes, with words beside it: no picture, nothing PDF/A could object to."""

from __future__ import annotations

from itertools import groupby

from codial_tui.domain.paper.paper import Code

from .marks import GREY, INK, Band, Box, Ink, Mark, Measure, Style, baseline, wrap
from .pages import LEFT

SIDE = 24.0
"""mm, quiet zone included"""
QUIET = 4
"""modules of white around it (ISO/IEC 18004)"""
TITLE = Style("B", 8.5)
WORDS = Style("", 7.5, GREY)
WIDTH = 90.0


def bands(block: Code, measure: Measure) -> list[Band]:
    """The code on the left, its words beside it; all of it on one page."""
    import segno

    rows = segno.make(block.payload, error="m", micro=False, boost_error=False).matrix
    module = SIDE / (len(rows) + 2 * QUIET)
    marks: list[Mark] = []
    for at, row in enumerate(rows):
        x = QUIET
        for dark, group in groupby(row, key=bool):
            length = len(list(group))
            if dark:
                left, top = LEFT + x * module, (at + QUIET) * module
                marks.append(Box(left, top, length * module, module, INK))
            x += length
    y = QUIET * module
    for style, texts in ((TITLE, (block.title,)), (WORDS, block.notes)):
        for text in texts:
            for line in wrap(measure, measure.printable(text, style.face), style, WIDTH):
                marks.append(Ink(LEFT + SIDE + 2, y + baseline(style), style, line))
                y += style.leading
    return [Band(1.0, keep=True), Band(max(SIDE, y), marks)]
