"""What the order that a work order works for has sold already, line by line (commande suivie,
domain.md §8): its lines are not billed again, what goes beyond is.

Articles are told as a report check tells them (`report_check.article`). Quantities 10⁻⁴.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from codial_tui.domain.changes import Change, apply, delete, insert_after, set_line
from codial_tui.domain.document import Document, Line
from codial_tui.domain.money import div_round
from codial_tui.domain.structure import children_of

from .coverage import ORDER, is_coverable, reason
from .report_check import article


def beyond_uid(uid: str) -> str:
    """The uid of the line that bills what a line has beyond its order: the same every time."""
    return hashlib.sha256(f"{uid} beyond".encode()).hexdigest()[:32]


def covering(document: Document, left: Mapping[str, int], typed: Collection[str]) -> list[Change]:
    """The changes, applied, that leave out of the bill what the order sold, assemblies first, what
    comes back before what goes, then from the first line on. A line that has more is cut in two;
    one that is an assembly or comes from another document stays whole, and is not billed.

    left: article → what the order sold and no other work order took; typed: lines whose quantity
    was typed just now: it is then all of it, what the line behind bills included.
    """
    rest = dict(left)
    parts = children_of(document)
    lines = [one for one in document.lines if is_coverable(one) and not one.tag and article(one)]
    held = {one.target_uid for one in document.links.values()}
    behind = _behind(document, [one for one in lines if article(one) in rest])
    own = {after.uid for _, after in behind.values() if after is not None}
    done: list[Change] = []
    within: set[str] = set()
    for line in sorted(lines, key=lambda one: (one.uid not in parts, one.quantity > 0)):
        if line.uid in own or line.uid in within:
            continue
        is_whole = line.uid in parts or line.uid in held
        room = max(rest.get(article(line), 0), 0) if _fits(parts, line, rest) else 0
        found = _covered(document, line, behind.get(line.uid), room, line.uid in typed, is_whole)
        apply(document, found)
        done += found
        if line.covered == ORDER:
            within |= {one.uid for one in _inside(parts, line.uid)}
            for one in (line, *_inside(parts, line.uid)):
                if article(one) in rest:
                    rest[article(one)] -= one.quantity
    return done


def _fits(parts: Mapping[str, list[Line]], line: Line, rest: Mapping[str, int]) -> bool:
    """Whether the order has what is in an assembly left: it may be gone one by one."""
    wanted: dict[str, int] = {}
    for one in _inside(parts, line.uid):
        wanted[article(one)] = wanted.get(article(one), 0) + one.quantity
    most = rest.get(article(line), 0)
    return all(
        key not in rest or rest[key] * line.quantity >= quantity * min(line.quantity, most)
        for key, quantity in wanted.items()
    )


def taken(document: Document) -> dict[str, Line]:
    """Article → a line of it with all that a document takes of its order, components too."""
    parts = children_of(document)
    found: dict[str, Line] = {}
    within = _within(document, parts)
    for line in document.lines:
        is_taken = line.covered == ORDER and line.uid not in within
        for one in (line, *_inside(parts, line.uid)) if is_taken else ():
            before = found.get(article(one))
            total = one.quantity + (before.quantity if before else 0)
            found[article(one)] = replace(one, quantity=total)
    return found


def _within(document: Document, parts: Mapping[str, list[Line]]) -> set[str]:
    """The uids of what is in an assembly that the order covers, itself or above."""
    covered = (line.uid for line in document.lines if line.covered == ORDER)
    return {one.uid for uid in covered for one in _inside(parts, uid)}


def _inside(parts: Mapping[str, list[Line]], uid: str) -> Iterator[Line]:
    """The components of an assembly, those of assemblies in it too."""
    for one in parts.get(uid, ()):
        yield one
        yield from _inside(parts, one.uid)


Pair = tuple[str, Line | None]
"""The uid of the line that bills what is beyond, and the line, once there is one."""


def _behind(document: Document, lines: Iterable[Line]) -> dict[str, Pair]:
    """By the uid of each line. One that became another article is no longer behind any."""
    by_uid = {one.uid: one for one in document.lines}
    found: dict[str, Pair] = {}
    for line in lines:
        uid = beyond_uid(line.uid)
        while uid in by_uid and article(by_uid[uid]) != article(line):
            uid = beyond_uid(uid)
        found[line.uid] = uid, by_uid.get(uid)
    return found


def _covered(
    document: Document,
    line: Line,
    pair: Pair | None,
    room: int,
    is_typed: bool,
    is_whole: bool,
) -> list[Change]:
    """What becomes of a line, and of the one behind it that bills what is beyond. room: what of it
    the order sold and nobody took; is_whole: it is not to be cut in two."""
    billed = reason(document.header, line.billing_class) if line.covered == ORDER else ""
    if pair is None:  # nothing that the order sold
        return _set(line, covered=billed) if line.covered == ORDER else []
    if line.covered not in ("", ORDER):  # a warranty or a contract pays, or it is offered
        return []
    uid, after = pair
    total = line.quantity if after is None or is_typed else line.quantity + after.quantity
    here = min(total, room) if total > 0 else total
    if 0 < here < total and is_whole:
        here = total
    values: dict[str, Any] = {"quantity": here or total, "covered": ORDER if here else billed}
    if here in (0, total):
        if after is None:
            return _set(line, **values)
        values["discount_amount"] = line.discount_amount + after.discount_amount
        return [*_set(line, **values), delete(after)]
    if after is not None:
        return [*_set(line, **values), *_set(after, quantity=total - here)]
    share = div_round(line.discount_amount * (total - here), total)
    values["discount_amount"] = line.discount_amount - share
    made = replace(line, id=None, uid=uid, quantity=total - here, covered=billed)
    made.discount_amount = share
    return [*_set(line, **values), *insert_after(document, [made], line.uid)]


def _set(line: Line, **values: Any) -> list[Change]:
    found = set_line(line, **values)
    return [found] if found is not None else []
