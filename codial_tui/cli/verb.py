"""What every verb needs: declaring itself, an open database, and saying what it did."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from codial_tui.domain.text import clean, display

from .parser import add_common

if TYPE_CHECKING:
    from codial_tui.services.context import Context

Run = Callable[[argparse.Namespace], int]
Verbs = Any
"""What `add_subparsers` returns (argparse does not publish its type)."""


def typed(argument: str) -> str:
    """The text of an argument that is no path: read as UTF-8 whatever the locale, and clean."""
    return clean(os.fsencode(argument).decode("utf-8", "replace"))


def add(verbs: Verbs, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    """Declare a verb: its name, what it does in French, and the function that does it."""
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
    add_common(parser)
    parser.set_defaults(run=run)
    return parser


def group(verbs: Verbs, name: str, words: str) -> Verbs:
    """Declare a verb that only groups others (`document create`)."""
    parser = verbs.add_parser(name, help=words, description=words)
    add_common(parser)
    return parser.add_subparsers(
        title="verbes", metavar="VERBE", dest=f"{name}_verb", required=True
    )


@contextmanager
def database(options: argparse.Namespace, *, create: bool = False) -> Iterator[Context]:
    """The services' context on the database of the options. Raises DatabaseRefused."""
    from codial_tui.bootstrap import open_program

    program = open_program(options.database, create=create, program="cli")
    try:
        yield program.context
    finally:
        program.close()


def say(options: argparse.Namespace, result: Any, *lines: str) -> None:
    """Answer: `result` as JSON with --json, else the lines for people."""
    if options.json:
        write_json(result)
    else:
        for line in lines:
            print(display(line))


def write_json(result: Any) -> None:
    """One JSON value on standard output, whatever its encoding can hold."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(result, ensure_ascii=not unicode, indent=1))


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Rows as aligned text; `right`: columns that align on the right."""
    shown = [[display(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown)]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in shown
    ]
