"""A tool at work: it tries its changes on a copy and hands them over as one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from .changes import Change, Target, apply, set_line
from .document import Document, Line
from .lines.recompute import recompute
from .problems import Problem


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tool would do: the changes of one step, recomputed amounts included, and what the
    user should know (warnings: lines left out, cents that could not be placed)."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Draft:
    """A copy of a document and the changes made to it so far."""

    def __init__(self, document: Document) -> None:
        self.document = replace(
            document,
            header=dict(document.header),
            lines=[replace(line) for line in document.lines],
            adjustments=[replace(one) for one in document.adjustments],
        )
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def do(self, *changes: Change | None) -> None:
        """Apply changes to the copy and keep them."""
        wanted = [change for change in changes if change is not None]
        apply(self.document, wanted)
        self.changes += wanted

    def set_all(self, values: Iterable[tuple[Line, dict[str, Any]]]) -> None:
        """Give several lines of the copy new values."""
        self.do(*(set_line(line, **after) for line, after in values))

    def warn(self, code: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(code, "", message, remedy, "warning"))

    def recompute(self, uids: Iterable[str] | None = None) -> None:
        self.do(*recompute(self.document, uids))

    def plan(self, uids: Iterable[str] | None = None) -> Plan:
        """The changes with the amounts that follow from them."""
        self.recompute(uids)
        return Plan(merged(self.changes), self.problems)


def merged(changes: Iterable[Change]) -> list[Change]:
    """The same edit with one `set` per row in every run of sets, and none that changes nothing."""
    result: list[Change] = []
    run: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]] = {}

    def flush() -> None:
        for (target, uid), (before, after) in run.items():
            names = [name for name in after if after[name] != before[name]]
            if names:
                old, new = ({name: side[name] for name in names} for side in (before, after))
                result.append(Change("set", cast(Target, target), uid, old, new))
        run.clear()

    for change in changes:
        if change.op != "set":
            flush()
            result.append(change)
            continue
        before, after = run.setdefault((change.target, change.uid), ({}, {}))
        for name, value in (change.before or {}).items():
            before.setdefault(name, value)
        after.update(change.after or {})
    flush()
    return result
