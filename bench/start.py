"""From the start of the process to the first frame that takes keys, ÷ a blank Textual app."""

from __future__ import annotations

import re
import subprocess
from functools import partial
from statistics import median

from pty_session import PtySession

from . import ROOT, catalogue, program
from .results import Options, Result, ratio, spread

TARGET, DEMO_TARGET = 1.4, 1.3
"""with 100 000 items, and on the demo company"""
TOP = 12
OURS = (
    "codial_tui.__main__", "codial_tui.cli.screens", "codial_tui.bootstrap",
    "codial_tui.models.sqlite", "codial_tui.app", "codial_tui.screens.start",
)  # fmt: skip
BLANK = ("textual.app", "textual.widget", "textual.screen", "textual.containers")
KEY = "zqj"
"""Letters that no screen shows by itself."""


def measure(options: Options) -> Result:
    """Interleaved starts in ptys, on the demo company and with 100 000 items more. `echo` is the
    time until keys typed before the program was even there show: a frame that takes no keys is
    not usable."""
    database = program.big_company(options)
    small = catalogue.copy(program.demo_company(options), options.folder / "start.sqlite3")
    ours: list[float] = []
    demos: list[float] = []
    blanks: list[float] = []
    echoes: list[float] = []
    for number in range(options.rounds(15) + 1):
        with program.blank(options) as session:
            blanks.append(session.wait_for_bytes(program.BLANK_READY))
        both = [(small, demos), (database, ours)]  # who comes after another program pays for it
        for path, times in both if number % 2 else reversed(both):
            with program.ours(options, path) as session:
                times.append(session.wait_for_bytes(program.HOME))
        with program.ours(options, database) as session:
            session.send(KEY)
            echoes.append(session.wait_until(partial(_typed, session), "the keys"))
        if not number:  # the first round compiles and fills the caches
            ours, demos, blanks, echoes = [], [], [], []
    return {
        "items": program.ITEMS,
        "ours": spread(ours, 1),
        "demo": spread(demos, 1),
        "blank": spread(blanks, 1),
        "echo": spread(echoes, 1),
        "start": ratio(median(ours), median(blanks), TARGET),
        "start_on_demo": ratio(median(demos), median(blanks), DEMO_TARGET),
        "imports": {"ours": imported(options, OURS), "blank": imported(options, BLANK)},
    }


def imported(options: Options, modules: tuple[str, ...]) -> Result:
    """What `-X importtime` says of these modules: ms in all, how many, and the dearest ones by
    themselves, without what they import."""
    totals = []
    for _ in range(options.rounds(9)):
        done = subprocess.run(
            [options.python, "-X", "importtime", "-c", f"import {', '.join(modules)}"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", done.stderr, re.M)
        alone = {name: int(microseconds) / 1000 for microseconds, name in found}
        totals.append(sum(alone.values()))
    dearest = sorted(alone, key=alone.__getitem__, reverse=True)[:TOP]
    return {
        "ms": round(median(totals), 1),
        "modules": len(alone),
        "top": {name: round(alone[name], 1) for name in dearest},
    }


def _typed(session: PtySession) -> bool:
    """Whether the typing line holds the keys; the terminal itself echoes them higher up."""
    return KEY in session.rows[21]
