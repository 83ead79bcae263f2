"""What a list is narrowed to. Apart from the grammar that reads it: home counts through it too."""

from __future__ import annotations

from typing import NamedTuple


class ListFilter(NamedTuple):
    """Typed: words (number, party, subject), all to be found; above and below in cents, exclusive;
    since and until, ISO days, inclusive, "" for open. Chosen: ids of a party, salesperson, branch.
    """

    words: tuple[str, ...] = ()
    above: int | None = None
    below: int | None = None
    since: str = ""
    until: str = ""
    party_id: int | None = None
    salesperson_id: int | None = None
    branch_id: int | None = None
