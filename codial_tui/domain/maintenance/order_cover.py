"""What the order that a work order works for has sold already, line by line (commande suivie,
domain.md §8): its lines are not billed again, what goes beyond is.

Articles are told as a report check tells them (`report_check.article`). Quantities 10⁻⁴.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace

from codial_tui.domain.changes import Change, apply, delete, insert_after, set_line
from codial_tui.domain.document import Document, Line
from codial_tui.domain.structure import children_of

from .coverage import ORDER, is_coverable, reason
from .report_check import article


def beyond_uid(uid: str) -> str:
    """The uid of the line that bills what a line has beyond its order: the same every time."""
    return hashlib.sha256(f"{uid} beyond".encode()).hexdigest()[:32]


def covering(document: Document, left: Mapping[str, int], typed: Collection[str]) -> list[Change]:
    """The changes, applied, that leave out of the bill what the order sold, from the first line
    on. A line that has more is cut in two; one that is an assembly or comes from another document
    stays whole, and is not billed.

    left: article → what the order sold and no other work order took; typed: lines whose quantity
    was typed just now: it is then all of it, what the line behind bills included.
    """
    rest = dict(left)
    own = {beyond_uid(one.uid): one for one in document.lines}
    behind = {own[one.uid].uid: one for one in document.lines if one.uid in own}
    done: list[Change] = []
    for line in [one for one in document.lines if is_coverable(one) and not one.tag]:
        if line.uid in own or not article(line):
            continue
        found = _covered(document, line, behind.get(line.uid), rest, line.uid in typed)
        apply(document, found)
        done += found
        if line.covered == ORDER:
            rest[article(line)] -= line.quantity
    return done


def _covered(
    document: Document, line: Line, after: Line | None, rest: Mapping[str, int], is_typed: bool
) -> list[Change]:
    """What becomes of a line, and of the one behind it that bills what is beyond."""
    billed = reason(document.header, line.billing_class)
    if article(line) not in rest:
        return _set(line, covered=billed) if line.covered == ORDER else []
    if line.covered not in ("", ORDER):  # a warranty or a contract pays, or it is offered
        return []
    total = line.quantity if after is None or is_typed else line.quantity + after.quantity
    here = min(total, max(rest[article(line)], 0)) if total > 0 else total
    if 0 < here < total and not _is_divisible(document, line):
        here = total
    found = _set(line, quantity=here or total, covered=ORDER if here else billed)
    if here in (0, total):
        return [*found, delete(after)] if after is not None else found
    if after is not None:
        return [*found, *_set(after, quantity=total - here)]
    made = replace(line, id=None, uid=beyond_uid(line.uid), quantity=total - here, covered=billed)
    return [*found, *insert_after(document, [made], line.uid)]


def _set(line: Line, **values: object) -> list[Change]:
    found = set_line(line, **values)
    return [found] if found is not None else []


def _is_divisible(document: Document, line: Line) -> bool:
    held = any(one.target_uid == line.uid for one in document.links.values())
    return not held and not children_of(document).get(line.uid)
