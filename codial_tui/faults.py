"""The log of our own faults: a reference for the person, the trace for us."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from codial_tui.config import data_dir


def log_file() -> Path:
    return data_dir() / "faults.log"


def keep(error: BaseException, where: str = "") -> str:
    """Add an error's trace to the log; returns its reference. Raises OSError."""
    import traceback

    reference = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}"
    path = log_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    trace = "".join(traceback.format_exception(error))
    with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"--- {reference} {where}\n{trace}\n")
    return reference
