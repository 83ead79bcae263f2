"""What a list is narrowed to. Apart from the grammar that reads it: home counts through it too."""

from __future__ import annotations

from typing import NamedTuple


class ListFilter(NamedTuple):
    """words as typed (number, party, subject), all to be found; above and below in cents,
    exclusive; month = (year, month)."""

    words: tuple[str, ...] = ()
    above: int | None = None
    below: int | None = None
    month: tuple[int, int] | None = None
