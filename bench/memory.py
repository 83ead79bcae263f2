"""Resident memory of the program at home, ÷ a blank Textual app."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

from pty_session import PtySession

from . import program
from .results import Options, Result, Skipped, ratio

TARGET = 1.4
QUIET_MS = 500


def measure(options: Options) -> Result:
    """Interleaved; read once nothing has been drawn for half a second. Proportional memory (pages
    shared by several sessions divided among them) is told beside it."""
    if not Path("/proc/self/status").exists():
        raise Skipped("resident memory is read from /proc")
    database = program.big_company(options)
    ours: list[dict[str, float]] = []
    blanks: list[dict[str, float]] = []
    for _ in range(options.rounds(7)):
        with program.blank(options) as session:
            session.wait_for_bytes(program.BLANK_READY)
            blanks.append(resident(session))
        with program.ours(options, database) as session:
            session.wait_for_bytes(program.HOME)
            ours.append(resident(session))
    mine, other = ({key: median(one[key] for one in runs) for key in runs[0]}
                   for runs in (ours, blanks))  # fmt: skip
    return {
        "ours": mine,
        "blank": other,
        "memory": ratio(mine["rss_mib"], other["rss_mib"], TARGET),
    }


def resident(session: PtySession) -> dict[str, float]:
    """MiB of a program that has become idle: resident now, at most, and proportional."""
    session.wait_idle(QUIET_MS)
    process = Path("/proc") / str(session.pid)
    status = (process / "status").read_text()
    found = {"rss_mib": _mib(status, "VmRSS"), "peak_mib": _mib(status, "VmHWM")}
    rollup = process / "smaps_rollup"
    if rollup.exists():
        found["proportional_mib"] = _mib(rollup.read_text(), "Pss")
    return found


def _mib(text: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.M)
    return round(int(found[1]) / 1024, 1) if found else 0.0
