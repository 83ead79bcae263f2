"""What a transfer is asked, and what it would write: the values that its modules share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codial_tui.domain.chain.footer_transfer import Part
from codial_tui.domain.chain.merge import Criterion
from codial_tui.domain.chain.transfer import Left, Moved
from codial_tui.domain.changes import Change, apply
from codial_tui.domain.document import Document
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import DocType, Inbound
from codial_tui.errors import Refused


class Undecided(Refused):
    """Source and target differ where somebody must say which value wins: `choice.CODE` each."""

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        super().__init__(
            *(
                Problem(
                    f"choice.{one.code}",
                    one.field,
                    f"{one.label} : « {one.source} » ou « {one.target} » ?",
                    f"--choose {one.code}=source ou target",
                )
                for one in criteria
            )
        )
        self.criteria = tuple(criteria)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. into: a target that is there, None makes a new one; takes: quantities by
    source id and line uid, none for what is usual; choices: criterion code → source or target;
    goods_taken: the answer to « Marchandise emportée ? », None when nobody was asked; offer: the
    supplier whose answers to a price request are taken."""

    sources: tuple[int, ...]
    kind: str
    into: int | None = None
    takes: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    goods_taken: bool | None = None
    offer: int | None = None


Grown = tuple[str, int, list[tuple[str, int, int]]]
"""Line uid, quantity (10⁻⁴), and for each of its links the uid, quantity and cents that came."""


@dataclass(slots=True)
class SourcePart:
    """One source of a plan. takes: 10⁻⁴ by line uid; lines, adjustments: uids of what it puts into
    the target; titles: of those put above lines that were there; header: field → what it was and
    became in the target; grown: lines that were there and take more, with their links' growth."""

    document: Document
    inbound: Inbound
    left: dict[str, Left]
    moved: Moved
    parts: list[Part]
    takes: dict[str, int]
    lines: list[str] = field(default_factory=list)
    adjustments: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    grown: list[Grown] = field(default_factory=list)
    header: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    adjustments_before: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """target: as it will be; before: the version it had, 0 when it is new; changes: what is done
    to a target that was there, in order."""

    kind: DocType
    target: Document
    before: int
    parts: list[SourcePart] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.before == 0

    def do(self, changes: Sequence[Change]) -> None:
        """Change the target in memory, and remember it."""
        apply(self.target, changes)
        self.changes += changes
