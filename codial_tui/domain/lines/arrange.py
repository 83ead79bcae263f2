"""Tools on the shape of a document (F7): place, copy, move, indent, delete.

Like `tools`: pure functions from a document and a choice of lines to one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codial_tui.domain.changes import Change, insert_after, line_from, order, row_of, set_line
from codial_tui.domain.changes import delete as delete_change
from codial_tui.domain.document import HEADINGS, Document, Line, LineType
from codial_tui.domain.draft import Draft, Plan
from codial_tui.domain.money import SCALE6, div_round
from codial_tui.domain.structure import MAX_LEVEL, closure, rank, roots, span_of

from .lines import round_price
from .tools import NewUid


@dataclass(frozen=True, slots=True)
class Clip:
    """Copied lines, for any document. rows: as `changes.row_of` makes them; gross: whether their
    prices are TTC."""

    gross: bool
    rows: tuple[Mapping[str, Any], ...]


def insert_lines(
    document: Document, lines: Sequence[Line], after: str | None, inside: str | None = None
) -> list[Change]:
    """The changes that put lines right after a line (None: at the end).

    A line never separates an assembly from its components: after one of them means after the
    whole assembly, unless the lines go `inside` it (uid of the assembly). Components among
    `lines` must follow their assembly.
    """
    own = {line.uid for line in lines}
    joined = [
        replace(line, parent_uid=line.parent_uid if line.parent_uid in own else inside)
        for line in lines
    ]
    return insert_after(document, joined, _anchor(document, after, inside)) if lines else []


def _anchor(document: Document, after: str | None, inside: str | None) -> str | None:
    """The line right above new ones."""
    if after is None:
        return _last_of(document, inside) if inside else None
    line = document.line(after)
    if line.type in HEADINGS or after == inside:
        return after
    while line.parent_uid is not None and line.parent_uid != inside:
        line = document.line(line.parent_uid)
    return _last_of(document, line.uid)


def _last_of(document: Document, uid: str) -> str:
    return document.lines[span_of(document, uid).stop - 1].uid


def delete(document: Document, uids: Iterable[str], *, with_content: bool = True) -> Plan:
    """Delete lines; a heading with its section, unless only the heading is meant."""
    draft = Draft(document)
    chosen = list(uids)
    if not with_content:
        headings = {line.uid for line in document.lines if line.type in HEADINGS}
        lines = [line for line in document.lines if line.uid in headings.intersection(chosen)]
        lines += closure(document, [uid for uid in chosen if uid not in headings])
    else:
        lines = closure(document, chosen)
    draft.do(*(delete_change(line) for line in lines))
    return draft.plan([line.uid for line in lines])


def copy(document: Document, uids: Iterable[str]) -> Clip:
    """The lines chosen with all they hold."""
    return Clip(document.gross_mode, tuple(row_of(line) for line in closure(document, uids)))


def cut(document: Document, uids: Iterable[str]) -> tuple[Clip, Plan]:
    chosen = list(uids)
    return copy(document, chosen), delete(document, chosen)


def paste(
    document: Document,
    clip: Clip,
    after: str | None,
    new_uid: NewUid,
    inside: str | None = None,
) -> Plan:
    """Put copied lines after a line (None: at the end), as new lines. Components copied without
    their assembly become normal lines, a deducted deposit is left out; prices follow this
    document's mode and decimals, and so does who pays for them."""
    draft = Draft(document)
    fresh = {str(row["uid"]): new_uid() for row in clip.rows}
    lines = []
    for row in clip.rows:
        line = line_from(row)
        if line.nature:  # a deposit is deducted where it is
            continue
        line.uid = fresh[line.uid]
        line.parent_uid = fresh.get(line.parent_uid or "")
        line.ratio = line.ratio if line.parent_uid else 0
        if line.covered != "offered" or "coverage" not in document.header:
            line.covered = ""  # what paid for it is told by the document that it comes from
        _change_mode(line, document, clip.gross)
        lines.append(line)
    draft.do(*insert_lines(document, lines, after, inside))
    return draft.plan([line.uid for line in lines])


def _change_mode(line: Line, document: Document, was_gross: bool) -> None:
    """Prices of a line from elsewhere, HT or TTC and with the decimals of this document."""
    top = bottom = 1
    if was_gross != document.gross_mode:
        rate = SCALE6 + (line.vat_rate if line.vat_category == "S" else 0)
        top, bottom = (rate, SCALE6) if document.gross_mode else (SCALE6, rate)
        for name in ("amount", "discount_amount", "eco_contribution"):
            setattr(line, name, div_round(getattr(line, name) * top, bottom))
    line.unit_price = round_price(line.unit_price * top, bottom, document.price_decimals)


def duplicate(document: Document, uids: Iterable[str], new_uid: NewUid) -> Plan:
    """A copy of the lines right below the last of them."""
    lines = closure(document, uids)
    clip = Clip(document.gross_mode, tuple(map(row_of, lines)))
    return paste(document, clip, lines[-1].uid if lines else None, new_uid)


def indent(document: Document, uids: Iterable[str], by: int = 1) -> Plan:
    """Push chapters and the chapters in them one level down (by=1) or up (by=-1); a chapter that
    would leave levels 1 to 3 stays, with a warning."""
    draft = Draft(document)
    wanted = set(uids)
    chapters = [line for line in document.lines if line.uid in wanted and _is_chapter(line)]
    for line in roots(document, [one.uid for one in chapters]):
        span = span_of(document, line.uid)
        held = [document.lines[index] for index in span if _is_chapter(document.lines[index])]
        if all(1 <= one.level + by <= MAX_LEVEL for one in held):
            draft.do(*(set_line(one, level=one.level + by) for one in held))
        else:
            draft.warn("tool.level", f"« {line.label} » reste au niveau {line.level}")
    return draft.plan(())


def _is_chapter(line: Line) -> bool:
    return line.type is LineType.CHAPTER


def move(document: Document, uids: Iterable[str], *, down: bool) -> Plan:
    """Move lines with all they hold one place up or down: a line past its neighbour, in or out of
    chapters; a chapter past the next one; a component inside its assembly."""
    draft = Draft(document)
    shuffled = replace(document, lines=list(document.lines))
    chosen = roots(document, uids)
    stuck: set[str] = set()
    for line in reversed(chosen) if down else chosen:
        span = span_of(shuffled, line.uid)
        target = _below(shuffled, span) if down else _above(shuffled, span)
        neighbour = span.stop if down else span.start - 1
        blocked = 0 <= neighbour < len(shuffled.lines) and shuffled.lines[neighbour].uid in stuck
        block = shuffled.lines[span.start : span.stop]
        if target is None or blocked:
            stuck.update(one.uid for one in block)
            continue
        del shuffled.lines[span.start : span.stop]
        at = target - len(block) if down else target
        shuffled.lines[at:at] = block
    draft.do(order(draft.document, [line.uid for line in shuffled.lines]))
    return draft.plan(())  # in TTC mode a tie for a cent goes to the earlier line


def _above(document: Document, span: range) -> int | None:
    """Where a block goes when it moves up, as an index; None at the top."""
    lines, line = document.lines, document.lines[span.start]
    index = span.start - 1
    if line.type in HEADINGS:
        while index >= 0 and not (
            lines[index].type in HEADINGS and rank(lines[index]) <= rank(line)
        ):
            index -= 1
        return index if index >= 0 else None
    if index < 0 or (line.parent_uid is not None and lines[index].uid == line.parent_uid):
        return None
    while lines[index].parent_uid not in (line.parent_uid, None):
        index -= 1
    return index


def _below(document: Document, span: range) -> int | None:
    """Where a block goes when it moves down, as an index before its removal; None at the end."""
    lines, line = document.lines, document.lines[span.start]
    if span.stop >= len(lines):
        return None
    following = lines[span.stop]
    if line.type not in HEADINGS:
        if following.parent_uid != line.parent_uid:
            return None
        return (
            span.stop + 1 if following.type in HEADINGS else span_of(document, following.uid).stop
        )
    if rank(following) == rank(line):
        return span_of(document, following.uid).stop
    index = span.stop + 1
    while index < len(lines) and lines[index].type not in HEADINGS:
        index += 1
    return index
