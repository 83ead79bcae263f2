"""The file of direct debits on disk: written beside its name first, so that the payments it
stands for are never there without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from codial_tui.errors import refuse, system_words
from codial_tui.services.context import Context

from . import debits
from .debits import Made


def make(context: Context, day: date, path: Path) -> Made:
    """Make the debits of a day and write their file. Raises Refused: also for a file that is
    there, or a folder that cannot be written, before anything is recorded."""
    scratch = path.with_name(f".{path.name}.tmp")
    if path.exists():
        raise refuse("file.exists", f"{path.name} existe déjà", "un autre nom", "file")
    try:
        scratch.write_bytes(b"")
    except OSError as error:
        raise refuse("file.unusable", f"{path.name} impossible", system_words(error)) from error
    try:
        made = debits.make(context, day)
        scratch.write_bytes(made.xml)
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    return made
