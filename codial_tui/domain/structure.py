"""The shape of a document: numbering, nesting, subtotals, what a line holds.

Lines are a flat list. A chapter holds what follows down to the next chapter of its level or
above; a title, a division inside chapters with its own style, down to the next title or chapter.
A title of level 0 stands above chapters (the title of a merged source). An assembly holds its
components, which name it as their parent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from .document import HEADINGS, OUT_OF_TOTAL, PRICED, Document, Line, LineType
from .lines import line_numbers

MAX_LEVEL = 3
"""Chapters are typed at level 1 to 3 (`=` `==` `===`, ux.md §3)."""

_BELOW_CHAPTERS = 100
_NUMBERED = (*PRICED, LineType.COMMENT)
"""what takes a number among the lines"""


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
    found = Outline(document)
    return [found.place(index) for index in range(len(document.lines))]


def numbers(document: Document) -> dict[str, str]:
    """The number of every line by uid."""
    found = Outline(document)
    return {line.uid: found.place(at).number for at, line in enumerate(document.lines)}


class _Section(NamedTuple):
    """Where the lines after a heading stand. taken: how many numbers of `prefix` are used."""

    start: int
    prefix: str
    taken: int
    depth: int
    heading: str | None
    own: Place | None


class Outline:
    """The numbers of a document, worked out for the lines that are asked for: headings are walked
    through once, what stands between them is counted. It is of the lines as they stand when it is
    made.

    How lines are numbered is the header's `numbering`, see `domain.line_numbers`.
    """

    def __init__(self, document: Document) -> None:
        self.lines = lines = document.lines.copy()
        self.scheme = line_numbers.scheme(document.text("numbering"))
        self._takes = takes = [line.parent_uid is None and line.type in _NUMBERED for line in lines]
        self._before = [0, *accumulate(takes)]
        """numbered lines before each index"""
        self._sections = list(self._walk())
        self._starts = [section.start for section in self._sections]

    def _walk(self) -> Iterator[_Section]:
        """The sections, in order. Chapters and lines of one level share their numbers, unless
        lines are numbered through."""
        scheme, before = self.scheme, self._before
        open_headings: list[tuple[int, str]] = []  # rank, uid
        chapters: list[tuple[int, str]] = []  # rank, number
        counters = [scheme.first - 1 if scheme.by_chapter else 0]
        section = _Section(0, "", counters[0], 0, None, None)
        yield section
        for index in [at for at, numbered in enumerate(self._takes) if not numbered]:
            line = self.lines[index]
            if line.type not in HEADINGS:
                continue
            if scheme.by_chapter:
                counters[-1] += before[index] - before[section.start]
            own = rank(line)
            while open_headings and open_headings[-1][0] >= own:
                open_headings.pop()
            while chapters and chapters[-1][0] >= own:
                chapters.pop()
                counters.pop()
            number = ""
            if line.type is LineType.CHAPTER:
                counters[-1] += 1
                above = chapters[-1][1] if chapters else ""
                number = scheme.chapter(above, counters[-1])
            holder = open_headings[-1][1] if open_headings else None
            place = Place(line.uid, number, len(open_headings), holder)
            open_headings.append((own, line.uid))
            if number:
                chapters.append((own, number))
                counters.append(0)
            prefix = f"{chapters[-1][1]}." if chapters and scheme.by_chapter else ""
            section = _Section(index, prefix, counters[-1], len(open_headings), line.uid, place)
            yield section

    def place(self, index: int) -> Place:
        """Where the line at an index of `document.lines` stands."""
        line = self.lines[index]
        if line.parent_uid is not None and (held := self._held.get(line.uid)) is not None:
            above, nth = self.place(held[0]), held[1]
            return Place(line.uid, f"{above.number}.{nth}", above.depth + 1, above.heading)
        section = self._sections[bisect_right(self._starts, index) - 1]
        if section.own is not None and section.start == index:
            return section.own
        number = ""
        if line.type in _NUMBERED:
            count = self._before[index + 1]
            if self.scheme.by_chapter:
                number = f"{section.prefix}{section.taken + count - self._before[section.start]}"
            else:
                number = str(self.scheme.first - 1 + count)
        return Place(line.uid, number, section.depth, section.heading)

    def number(self, uid: str, near: int = -1) -> str:
        """The number of a line. near: where to look for it first. Raises KeyError."""
        if not (0 <= near < len(self.lines) and self.lines[near].uid == uid):
            near = self._index[uid]
        return self.place(near).number

    @cached_property
    def _index(self) -> dict[str, int]:
        return {line.uid: at for at, line in enumerate(self.lines)}

    @cached_property
    def _held(self) -> dict[str, tuple[int, int]]:
        """Index of its assembly and place in it, by uid of a component."""
        counts: dict[str, int] = {}
        found = {}
        for line in self.lines:
            parent = line.parent_uid
            if parent is not None and parent in self._index:
                counts[parent] = counts.get(parent, 0) + 1
                found[line.uid] = self._index[parent], counts[parent]
        return found


def subtotals(document: Document, amounts: Mapping[str, int] | None = None) -> dict[str, int]:
    """Cents that each chapter and title holds, nested ones included, by uid; options, variants,
    informative lines and deducted deposits count nowhere. `amounts` replaces the stored ones
    (printed amounts)."""
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
            and not line.nature
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
    for line in [line for line in document.lines if line.parent_uid is not None]:
        found.setdefault(str(line.parent_uid), []).append(line)
    return found
