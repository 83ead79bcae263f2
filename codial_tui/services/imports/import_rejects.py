"""The rows that were left out, as a file a person can mend and import again."""

from __future__ import annotations

import csv
from pathlib import Path

from codial_tui.domain.import_rules import REVIEWED
from codial_tui.domain.text import clean

from .import_plan import ImportPlan

_HEADER = ("ligne", "référence", "désignation", "champ", "valeur lue", "code", "problème")


def write_rejects(plan: ImportPlan, folder: Path) -> Path | None:
    """Write `NAME.rejets.csv` with one line a problem; None when there is nothing to write.

    Raises OSError when the folder cannot be written.
    """
    if not plan.counts.to_review:
        return None
    path = folder / f"{plan.source.path.stem}.rejets.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADER)
        for row in plan.each(REVIEWED):
            for problem in row.problems:
                read = clean(row.raw.get(problem.field, ""))
                cells = (row.reference, row.label, problem.field, read, problem.code, problem.text)
                writer.writerow([row.number, *map(_harmless, cells)])
    return path


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
