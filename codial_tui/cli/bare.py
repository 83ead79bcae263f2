"""The command line of every day, read without argparse (0.01 s of a start of 0.25)."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any


def bare(arguments: Sequence[str]) -> Any:
    """The options of `codial-tui` and `codial-tui --database CHEMIN`, as `parser.parse` gives them;
    None for any other command line."""
    if arguments and (len(arguments) != 2 or arguments[0] != "--database"):
        return None
    database = arguments[1] if arguments else ""
    if database.startswith("-"):
        return None
    from .screens import home

    return SimpleNamespace(
        database=database or None,
        json=False,
        verb=None,
        screen="",
        ref="",
        plain_output=False,
        colours="",
        run=home,
    )
