"""What every verb needs: declaring itself, an open database, and saying what it did."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codial_tui.domain.text import clean, display

from .parser import add_common

if TYPE_CHECKING:
    from codial_tui.exchange.tables import Cell
    from codial_tui.services.context import Context
    from codial_tui.services.lists.list_export import Table
    from codial_tui.services.lists.reports import Report

Run = Callable[[argparse.Namespace], int]
Verbs = Any
"""What `add_subparsers` returns (argparse does not publish its type)."""


def typed(argument: str) -> str:
    """The text of an argument that is no path: read as UTF-8 whatever the locale, and clean."""
    return clean(os.fsencode(argument).decode("utf-8", "replace"))


def day(text: str) -> str:
    """A day as ISO text, from `2026-11-22` or `22/11/26`; argparse refuses anything else, and what
    is not from 2000 to 2099 (legal.md §3.2)."""
    from datetime import date

    from codial_tui.domain.dates import FIRST, LAST, parse_date
    from codial_tui.domain.problems import Invalid

    try:
        found = parse_date(text, FIRST) if text.count("/") == 2 else date.fromisoformat(text)
    except (ValueError, Invalid):
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un jour : AAAA-MM-JJ") from None
    if not FIRST <= found <= LAST:
        raise argparse.ArgumentTypeError(f"« {text} » : de {FIRST.year} à {LAST.year}")
    return found.isoformat()


def cents(text: str) -> int:
    """An amount in cents, from `100.50` or `100,50`; argparse refuses anything else."""
    from codial_tui.domain.quantity import parse_cents

    return _number(parse_cents, text)


def percent(text: str) -> int:
    """A percentage in 10⁻⁶, from `5.5` or `5,5`; argparse refuses anything else."""
    from codial_tui.domain.quantity import parse_percent

    return _number(parse_percent, text)


def _number(parse: Callable[[str], int], text: str) -> int:
    from codial_tui.domain.problems import Invalid

    try:
        return parse(typed(text))
    except Invalid as error:
        raise argparse.ArgumentTypeError(error.problems[0].text) from None


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
    """Rows as aligned text; `right`: columns of numbers, which align on the right and have a
    decimal comma as people write it; a heading there keeps its points."""
    shown = [
        [
            display(cell.replace(".", ",") if at in right and _is_figure(cell) else cell)
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*shown)]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in shown
    ]


def _is_figure(cell: str) -> bool:
    return cell.lstrip("+-−")[:1].isdecimal()


def new_file(path: str | Path, force: bool, *endings: str) -> Path:
    """A file that is about to be written. Raises Unreadable when its name ends otherwise, when its
    folder is not there, or when it is itself and `force` does not say that it may go."""
    from codial_tui.errors import Unreadable

    found = Path(path)
    if endings and found.suffix.lower() not in endings:
        raise Unreadable(f"{found.name} : {' ou '.join(endings)} attendu", "changez le nom")
    if not found.parent.is_dir():
        raise Unreadable(f"{found.parent} : dossier introuvable", "créez-le, ou un autre")
    if found.exists() and not force:
        raise Unreadable(f"{found} existe déjà", "--force le remplace")
    return found


def say_report(options: argparse.Namespace, found: Report) -> int:
    """Print a report, or write it into the file of `-o`; the exit code. Raises Unreadable."""
    from datetime import date

    from codial_tui.services.lists.list_export import Table

    if options.output:
        return write_table(options, Table(found.name, found.header, iter(found.rows)))
    result = [dict(zip(found.keys, map(str, row))) for row in found.rows]
    first = found.rows[0] if found.rows else ()
    right = [place for place, cell in enumerate(first) if not isinstance(cell, str | date)]
    rows = [tuple(map(_shown, row)) for row in found.rows]
    say(
        options, {found.name: result}, *(table([found.header, *rows], right) if rows else ["Rien."])
    )
    return 0


def _shown(cell: Cell) -> str:
    """As people write it: a French day, a decimal comma."""
    from datetime import date

    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return cell if isinstance(cell, str) else str(cell).replace(".", ",")


def write_table(options: argparse.Namespace, found: Table) -> int:
    """Write a table into the .csv or .xlsx of `-o` and say so; the exit code. Raises Unreadable."""
    from codial_tui.errors import Unreadable, system_words
    from codial_tui.services.lists import list_export

    path = new_file(options.output, options.force, ".csv", ".xlsx")
    try:
        count = list_export.write(path, found)
    except OSError as error:
        said = f"{path} non écrit : {system_words(error)}"
        raise Unreadable(said, "vérifiez le dossier") from error
    words = f"{count} ligne{'s' * (count > 1)} dans {path}"
    say(options, {"file": str(path), "rows": count}, words)
    return 0
