"""What a planned import shows: its counts and its rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from codial_tui.domain.import_rules import Outcome, has_price
from codial_tui.domain.problems import Problem
from codial_tui.models.staging import StagedRow

from .import_rows import Values, decode_problems

Progress = Callable[[int, int], None]
"""Rows done, rows in all (an estimate, 0 when nobody knows)."""


class Cancelled(Exception):
    """Somebody pressed Esc while a file was being read; nothing was written."""


@dataclass(slots=True)
class Counts:
    """Rows of a file by what becomes of them. prices, unpriced: of those not refused."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    held: int = 0
    ignored: int = 0
    prices: int = 0
    unpriced: int = 0

    @property
    def taken(self) -> int:
        return self.added + self.changed

    @property
    def to_review(self) -> int:
        return self.refused + self.held

    def count(self, outcome: str, values: Values, by: int = 1) -> None:
        """Count one row, or take it out again (by −1)."""
        setattr(self, outcome, getattr(self, outcome) + by)
        if outcome != "refused":
            name = "prices" if has_price(values) else "unpriced"
            setattr(self, name, getattr(self, name) + by)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row as the preview shows it. number: line of the file. changes: (column, old, new).
    raw: field → text as the file has it, for fields with a problem."""

    seq: int
    number: int
    outcome: Outcome
    values: Values
    changes: tuple[tuple[str, Any, Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    raw: dict[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return str(self.values.get("reference") or self.values.get("code") or "")

    @property
    def label(self) -> str:
        return str(self.values.get("label") or self.values.get("name") or "")


def raw_of(row: StagedRow) -> dict[str, str]:
    found: dict[str, str] = json.loads(row.raw) if row.raw else {}
    return found


def planned(row: StagedRow) -> PlannedRow:
    return PlannedRow(
        row.seq,
        row.number,
        row.outcome,  # type: ignore[arg-type]
        json.loads(row.data),
        tuple((name, old, new) for name, old, new in json.loads(row.changes or "[]")),
        tuple(decode_problems(row.problems)),
        raw_of(row),
    )
