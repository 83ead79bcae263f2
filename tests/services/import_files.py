"""Small price lists, and what the database holds after them."""

from pathlib import Path
from typing import Any

from codial_tui.services.context import Context
from codial_tui.services.imports.importing import (
    Counts,
    ImportPlan,
    Report,
    apply_import,
    plan_import,
)


def write(folder: Path, *lines: str, name: str = "tarif.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="")
    return path


def plan(
    context: Context, folder: Path, *lines: str, kind: Any = "items", **how: Any
) -> ImportPlan:
    return plan_import(context, write(folder, *lines), kind, **how)


def run(context: Context, folder: Path, *lines: str, kind: Any = "items", **how: Any) -> Report:
    with plan(context, folder, *lines, kind=kind, **how) as made:
        return apply_import(context, made)


def item(context: Context, reference: str, *columns: str) -> Any:
    """Columns of an item; the value alone when one is asked for."""
    row = context.database.row(
        f"SELECT {', '.join(columns)} FROM item WHERE reference = ?", (reference,)
    )
    assert row is not None, reference
    return row[0] if len(columns) == 1 else row


def numbers(counts: Counts | Report) -> tuple[int, int, int, int]:
    """(added, changed, unchanged, refused)."""
    return counts.added, counts.changed, counts.unchanged, counts.refused


def refusals(made: ImportPlan) -> list[tuple[int, str, str]]:
    """(line, code, message) of what must be reviewed."""
    return [
        (row.number, problem.code, problem.message)
        for row in made.rows()
        for problem in row.problems
    ]
