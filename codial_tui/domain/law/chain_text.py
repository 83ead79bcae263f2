"""The canonical text of a link of a chained journal (payments, events, closings).

How to recompute it without the program (domain.md §6 « Law »): the text is one JSON object written
as `domain.canonical` says (keys sorted, no blanks, nothing escaped that need not be), with `format`
1, `chain`, `position` from 1, `subject`, `at` (UTC), `by` (a name) and `body`, which says what
happened; numbers in it are integers (cents, 10⁻⁴, 10⁻⁶). The hash is SHA-256, in small hexadecimal
digits, of the UTF-8 bytes of the hash of the link before (FIRST before the first one of a journal)
followed by the text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from codial_tui.domain.law.canonical import FIRST, chained

FORMAT = 1
__all__ = ["FIRST", "FORMAT", "Link", "canonical", "chained", "read"]


class Link(NamedTuple):
    """What the text of a link says: which journal, position from 1, about what, when, by whom."""

    chain: str
    position: int
    subject: str
    at: str
    by: str


def canonical(link: Link, body: Mapping[str, Any]) -> str:
    """The canonical text of a link. Raises ValueError for a number that is no integer, TypeError
    for what JSON does not know."""
    _only_integers(body)
    whole = {"format": FORMAT, **link._asdict(), "body": body}
    return json.dumps(
        whole, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def _only_integers(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"float {value}")
    if isinstance(value, Mapping):
        for one in value.values():
            _only_integers(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _only_integers(one)


def read(text: str) -> tuple[Link, dict[str, Any]]:
    """The link and the body inside a canonical text. Raises ValueError for what is no such text."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise ValueError(f"format {found['format']}")
        body = found["body"]
        if not isinstance(body, dict):
            raise ValueError("body")
        return Link(*(found[name] for name in Link._fields)), body
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
