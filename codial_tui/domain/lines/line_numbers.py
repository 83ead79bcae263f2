"""How the lines of a document are numbered: by chapter (1.1, 1.2, 2.1), or through (1, 2, 3).

The choice is one header text, the number the first line gets: `1.1` (or nothing) by chapter,
`5.1` by chapter from the fifth on (the second part of an offer), `1` or `100` through, from there.
Chapters then get letters (A, B, A.1), so that no line has the number of a chapter.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from codial_tui.domain.problems import invalid

USUAL = "1.1"
MOST = 99_999
_TYPED = re.compile(r"([0-9]{1,5})(\.1?)?")


class Scheme(NamedTuple):
    """by_chapter: lines start anew in each chapter; first: the first number given."""

    by_chapter: bool
    first: int

    def chapter(self, above: str, nth: int) -> str:
        """The number of the nth chapter inside the chapter numbered `above` ("" for none)."""
        if above:
            return f"{above}.{nth}"
        return str(nth) if self.by_chapter else letters(nth)


@cache
def scheme(stored: str) -> Scheme:
    """What a stored text means; the usual one for a text nothing is known of."""
    found = _TYPED.fullmatch(stored or USUAL) or _TYPED.fullmatch(USUAL)
    assert found is not None
    return Scheme(found[2] is not None, int(found[1]))


def parse_numbering(text: str) -> str:
    """What is stored for a typed first number; "" for the usual one. Raises Invalid."""
    typed = text.strip()
    found = _TYPED.fullmatch(typed or USUAL)
    if found is None or not 1 <= int(found[1]) <= MOST:
        raise invalid(
            "numbering.unknown",
            f"« {typed} » n'est pas un premier numéro",
            "1.1 par chapitre, 1 à la suite",
            "numbering",
        )
    kept = f"{int(found[1])}{'.1' if found[2] else ''}"
    return "" if kept == USUAL else kept


def letters(nth: int) -> str:
    """A to Z, then AA: the letters of the nth chapter."""
    shown = ""
    while nth > 0:
        nth, rest = divmod(nth - 1, 26)
        shown = chr(ord("A") + rest) + shown
    return shown
