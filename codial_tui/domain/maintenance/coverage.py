"""What of a work order the customer does not pay, and why (domain.md §8).

Four boxes of the header say which billing classes are billed (`BILLED_AS`), its coverage what pays
for the others; lines keep the reason why they cost nothing (`Line.covered`). A line that was
toggled by hand stays as it is until the box of its class turns or it becomes of another class.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from codial_tui.domain.changes import Change, apply, set_line
from codial_tui.domain.document import COVERS, Document, Line, Value
from codial_tui.domain.draft import Plan
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.lines.lines import line_key, line_worth, net_of
from codial_tui.domain.problems import Problem

PAYING = ("warranty", "contract")
"""Coverages that pay for something."""
ORDER = "order"
"""Covered by the order that the work order works for: no box ever touches it."""


class Box(NamedTuple):
    """A billing class of a work order: cents HT billed, what its covered lines would cost, and why
    they do not ("" when it is billed)."""

    name: str
    reason: str
    amount: int
    offered: int


def reason(header: Mapping[str, Value], billing_class: str) -> str:
    """Why lines of a class are not billed, one of COVERS; "" when they are."""
    if header.get(BILLED_AS.get(billing_class, "bill_articles")) != 0:
        return ""
    coverage = str(header.get("coverage") or "")
    return coverage if coverage in PAYING else "offered"


def is_coverable(line: Line) -> bool:
    """Whether a line costs something by itself, so that something can pay for it."""
    return line.is_priced and line.parent_uid is None and not line.nature


def boxes(free: Collection[str]) -> dict[str, Value]:
    """Header values that bill all classes but these."""
    return {field: int(name not in free) for name, field in BILLED_AS.items()}


def of_machines(coverages: Iterable[str]) -> str:
    """The coverage of a work order: the one that all its machines have, else none."""
    found = set(coverages)
    return found.pop() if len(found) == 1 else "none"


def cover(document: Document) -> None:
    """Cover the lines of a new document in memory, but for those that say why themselves."""
    for line in filter(is_coverable, document.lines):
        line.covered = line.covered or reason(document.header, line.billing_class)


def followed(
    document: Document, header: Mapping[str, Value], changes: Sequence[Change]
) -> list[Change]:
    """What changes that were applied entail for what lines cost, applied: those of a class whose
    box turned, those that are new or of another class now. header: as it was before."""
    found = _following(document, header, changes) if "coverage" in document.header else []
    apply(document, found)
    return found


def _following(
    document: Document, header: Mapping[str, Value], changes: Sequence[Change]
) -> list[Change]:
    turned = {one for one in BILLED_AS if reason(header, one) != reason(document.header, one)}
    fresh: set[str] = set()
    said: set[str] = set()
    for one in changes:
        after = one.after or {}
        if one.target == "line" and one.op == "insert":
            (said if after.get("covered") in (ORDER, "offered") else fresh).add(one.uid)
        elif one.target == "line" and one.op == "set" and "covered" in after:
            said.add(one.uid)
        elif one.target == "line" and one.op == "set" and "billing_class" in after:
            fresh.add(one.uid)
    if not turned and not fresh:
        return []
    found = [
        set_line(line, covered=reason(document.header, line.billing_class))
        for line in filter(is_coverable, document.lines)
        if line.uid not in said
        and line.covered != ORDER
        and (line.uid in fresh or line.billing_class in turned)
    ]
    return [one for one in found if one is not None]


def toggle(document: Document, uids: Iterable[str]) -> Plan:
    """Bill these lines or, where all are billed, have them covered: by what covers the work order,
    else as offered."""
    chosen = [document.line(uid) for uid in uids]
    able = [line for line in chosen if is_coverable(line) and line.covered != ORDER]
    if not able:
        ordered = any(line.covered for line in chosen)
        said = "Ligne comprise dans la commande" if ordered else "Cette ligne n'a pas de montant"
        return Plan([], [Problem("cover.none", "", said, "placez-vous sur une autre ligne")])
    covered = ""
    if not any(line.covered for line in able):
        coverage = document.text("coverage")
        covered = coverage if coverage in PAYING else "offered"
    changes = [set_line(line, covered=covered) for line in able]
    return Plan([one for one in changes if one is not None])


def worth(document: Document, line: Line) -> int:
    """Cents HT that a line would cost, were it billed."""
    amount = line_worth(line)
    return net_of(amount, line_key(line)) if document.gross_mode else amount


def offered(document: Document, reasons: Collection[str] = tuple(COVERS)) -> int:
    """Cents HT that the lines covered for these reasons would have cost."""
    own = (one for one in document.lines if one.counts and one.covered in reasons)
    return sum(worth(document, one) for one in own)


def summary(document: Document) -> list[Box]:
    """The four boxes with what they bill and what they give."""
    found = []
    for name in BILLED_AS:
        own = [one for one in document.lines if one.counts and _class(one) == name]
        billed = sum(one.net_amount for one in own if not one.covered)
        given = sum(worth(document, one) for one in own if one.covered)
        found.append(Box(name, reason(document.header, name), billed, given))
    return found


def _class(line: Line) -> str:
    return line.billing_class if line.billing_class in BILLED_AS else "article"


def said(line: Line) -> str:
    """`Sous garantie`: why a line costs nothing, "" when it is billed."""
    words = COVERS.get(line.covered, "")
    return f"{words[:1].upper()}{words[1:]}"
