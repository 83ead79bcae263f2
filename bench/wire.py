"""Bytes and milliseconds of every gesture on the wire: the toolkit's own output, ours, and curses
painting the very same screens, in one run; on the lines of a quote of 2 000 and 100 000 items.

The ceilings are those of tests/terminal/test_ceilings.py.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import wire_gestures as gestures
from pty_session import PtySession

from . import ROOT, catalogue, entry, program
from .results import Options, Result, limit, ratio


def measure(options: Options) -> Result:
    """Each gesture three times (twice when quick) with each output, 16 colours, 80×24."""
    base = catalogue.copy(program.big_company(options), options.folder / "wire.sqlite3")
    reference = entry.long_quote(base)
    count = 2 if options.quick else 3
    found: Result = {}
    for what, opens, ready, script in (
        ("lines", ["open", reference], reference, gestures.lines_script(count)),
        ("items", ["--screen", "items"], "tri : référence", gestures.list_script(count)),
    ):
        costs = {}
        for output, more in (("plain", ["--plain-output"]), ("ours", [])):
            database = catalogue.copy(base, options.folder / "wire-run.sqlite3")
            costs[output] = walked(options, database, [*more, *opens], ready, script)
        found[what] = {
            name: told(name, cost, costs["plain"]) for name, cost in costs["ours"].items()
        }
    return found


def walked(
    options: Options, database: Path, opens: list[str], ready: str, script: gestures.Script
) -> dict[str, gestures.Cost]:
    """The gestures of a script in a fresh program, what was pressed on the way left out."""
    command = gestures.program_command(database, *opens, python=str(options.python))
    with PtySession(command, cwd=ROOT, env=program.ENVIRONMENT, answers=True) as session:
        found = gestures.costs(gestures.walk(session, ready, script))
    found.pop("", None)
    return found


def told(name: str, ours: gestures.Cost, plain: dict[str, gestures.Cost]) -> Result:
    """Medians of one gesture, and its ceiling."""
    result: Result = {
        "ours": {"bytes": median(ours.ours), "ms": round(median(ours.ms), 1)},
        "curses": {"bytes": median(ours.curses), "ms": round(median(ours.curses_ms), 1)},
    }
    if name in plain:
        stock = plain[name]
        result["plain"] = {"bytes": median(stock.ours), "ms": round(median(stock.ms), 1)}
    if name in gestures.CEILINGS:
        result["bytes"] = ratio(sum(ours.ours), sum(ours.curses), gestures.CEILINGS[name])
    else:
        result["most_bytes"] = limit(max(ours.ours), gestures.TYPED_LINE_BYTES)
    return result
