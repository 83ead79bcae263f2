"""The shape of a document: numbering, nesting, subtotals, what a line holds.

Lines are a flat list. A chapter holds what follows down to the next chapter of its level or
above; a title, a division inside chapters with its own style, down to the next title or chapter.
A title of level 0 stands above chapters (the title of a merged source). An assembly holds its
components, which name it as their parent. One pass, whatever the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from .document import HEADINGS, OUT_OF_TOTAL, PRICED, Document, Line, LineType

MAX_LEVEL = 3
"""Chapters are typed at level 1 to 3 (`=` `==` `===`, ux.md §3)."""

_BELOW_CHAPTERS = 100
_UNNUMBERED = (LineType.SUBTITLE, LineType.PAGE_BREAK)


class Place(NamedTuple):
    """Where a line stands. number: `1.2.1`, "" for titles, subtitles and page breaks; depth: how
    far it is indented; heading: uid of the chapter or title that holds it, None outside."""

    uid: str
    number: str
    depth: int
    heading: str | None


def rank(line: Line) -> int:
    """Which headings a heading closes: those of its rank and beyond."""
    if line.type is LineType.TITLE:
        return _BELOW_CHAPTERS + line.level if line.level else 0
    return max(line.level, 1)


def outline(document: Document) -> list[Place]:
    """Number and depth of every line, in the order of `document.lines`."""
    return list(map(Place._make, _places(document)))


def numbers(document: Document) -> dict[str, str]:
    """The number of every line by uid."""
    return {uid: number for uid, number, _, _ in _places(document)}


def _places(document: Document) -> Iterator[tuple[str, str, int, str | None]]:
    """What `Place` names, as plain tuples: every line added asks for all numbers."""
    open_headings: list[tuple[int, str]] = []  # rank, uid
    chapters: list[tuple[int, str]] = []  # rank, number
    counters = [0]
    inside: dict[str, tuple[str, str, int, str | None]] = {}  # what may hold components
    children: dict[str, int] = {}
    prefix, depth, heading = "", 0, None  # where a normal line stands, until the next heading
    for line in document.lines:
        parent, kind, uid = line.parent_uid, line.type, line.uid
        if parent is not None and parent in inside:
            _, number, above, held_by = inside[parent]
            children[parent] = children.get(parent, 0) + 1
            place = uid, f"{number}.{children[parent]}", above + 1, held_by
        elif kind in HEADINGS:
            own = rank(line)
            while open_headings and open_headings[-1][0] >= own:
                open_headings.pop()
            while chapters and chapters[-1][0] >= own:
                chapters.pop()
                counters.pop()
            number = ""
            if kind is LineType.CHAPTER:
                counters[-1] += 1
                number = f"{chapters[-1][1]}.{counters[-1]}" if chapters else str(counters[-1])
            holder = open_headings[-1][1] if open_headings else None
            place = uid, number, len(open_headings), holder
            open_headings.append((own, uid))
            if number:
                chapters.append((own, number))
                counters.append(0)
            prefix = f"{chapters[-1][1]}." if chapters else ""
            depth, heading = len(open_headings), uid
        elif kind in _UNNUMBERED:
            place = uid, "", depth, heading
        else:
            counters[-1] += 1
            place = uid, f"{prefix}{counters[-1]}", depth, heading
        if kind in PRICED:
            inside[uid] = place
        yield place


def subtotals(document: Document, amounts: Mapping[str, int] | None = None) -> dict[str, int]:
    """Cents that each chapter and title holds, nested ones included, by uid; options, variants
    and informative lines count nowhere. `amounts` replaces the stored ones (printed amounts)."""
    result: dict[str, int] = {}
    stack: list[tuple[int, str]] = []
    for line in document.lines:
        if line.type in HEADINGS:
            own = rank(line)
            while stack and stack[-1][0] >= own:
                _close(stack, result)
            stack.append((own, line.uid))
            result[line.uid] = 0
        elif (  # Line.counts spelt out: this runs at every edit on every line
            stack
            and line.parent_uid is None
            and line.type in PRICED
            and line.tag not in OUT_OF_TOTAL
        ):
            result[stack[-1][1]] += line.amount if amounts is None else amounts[line.uid]
    while stack:
        _close(stack, result)
    return result


def _close(stack: list[tuple[int, str]], result: dict[str, int]) -> None:
    _, uid = stack.pop()
    if stack:
        result[stack[-1][1]] += result[uid]


def span_of(document: Document, uid: str) -> range:
    """Indexes of a line and all it holds: a heading its section, an assembly its components, any
    other line itself. Raises KeyError."""
    lines = document.lines
    start = document.index_of(uid)
    end = start + 1
    if lines[start].type in HEADINGS:
        own = rank(lines[start])
        while end < len(lines) and not (lines[end].type in HEADINGS and rank(lines[end]) <= own):
            end += 1
    else:
        held = {uid}
        while end < len(lines) and lines[end].parent_uid in held:
            held.add(lines[end].uid)
            end += 1
    return range(start, end)


def closure(document: Document, uids: Iterable[str]) -> list[Line]:
    """The lines chosen and all they hold, once each, in document order: what delete, copy and
    move act on. Unknown uids are left out."""
    wanted = set(uids)
    taken: set[str] = set()
    closing_rank: int | None = None
    result = []
    for line in document.lines:
        if line.type in HEADINGS and closing_rank is not None and rank(line) <= closing_rank:
            closing_rank = None
        chosen = line.uid in wanted
        if chosen or closing_rank is not None or line.parent_uid in taken:
            result.append(line)
            taken.add(line.uid)
        if chosen and line.type in HEADINGS and closing_rank is None:
            closing_rank = rank(line)
    return result


def roots(document: Document, uids: Iterable[str]) -> list[Line]:
    """The lines chosen that no other chosen line holds, in document order."""
    wanted = set(uids)
    result: list[Line] = []
    end = 0
    for index, line in enumerate(document.lines):
        if index >= end and line.uid in wanted:
            result.append(line)
            end = span_of(document, line.uid).stop
    return result


def children_of(document: Document) -> dict[str, list[Line]]:
    """Components by the uid of their assembly."""
    found: dict[str, list[Line]] = {}
    for line in document.lines:
        if line.parent_uid is not None:
            found.setdefault(line.parent_uid, []).append(line)
    return found
