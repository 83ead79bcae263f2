"""Importing price lists and address files: plan, apply, go on, take back.

`plan_import` reads and compares without touching the database; `apply_import` writes in short
transactions; `unfinished`, `resume` and `cancel` deal with what a crash left; `undo_import` takes
a finished import back. Nothing here needs a terminal.
"""

from codial_tui.domain.import_rules import Outcome

from .import_apply import Report, Unfinished, apply_import, resume, unfinished
from .import_plan import ImportPlan, plan_import
from .import_preview import Cancelled, Counts, PlannedRow
from .import_rejects import write_rejects
from .import_undo import Skipped, UndoReport, cancel, undo_import

__all__ = [
    "Cancelled",
    "Counts",
    "ImportPlan",
    "Outcome",
    "PlannedRow",
    "Report",
    "Skipped",
    "UndoReport",
    "Unfinished",
    "apply_import",
    "cancel",
    "plan_import",
    "resume",
    "undo_import",
    "unfinished",
    "write_rejects",
]
