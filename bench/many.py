"""Twenty programs at once on one host, as a shop has them over SSH: resident memory of each ÷ a
blank Textual app, all of them together, and how long the last one takes to be there."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from statistics import median

from . import memory, program
from .results import Options, Result, Skipped, ratio

PROGRAMS = 20


def measure(options: Options) -> Result:
    """All on one database, each at home; the blank ones afterwards, as many (three when quick)."""
    if not Path("/proc/self/status").exists():
        raise Skipped("resident memory is read from /proc")
    database = program.big_company(options)
    with ExitStack() as stack:
        sessions = [stack.enter_context(program.ours(options, database)) for _ in range(PROGRAMS)]
        ready = [session.wait_for_bytes(program.HOME, timeout=60) for session in sessions]
        ours = [memory.resident(session) for session in sessions]
    with ExitStack() as stack:
        count = 3 if options.quick else PROGRAMS
        sessions = [stack.enter_context(program.blank(options)) for _ in range(count)]
        for session in sessions:
            session.wait_for_bytes(program.BLANK_READY, timeout=60)
        blanks = [memory.resident(session) for session in sessions]
    blank = median(one["rss_mib"] for one in blanks)
    return {
        "programs": PROGRAMS,
        "last_ready_ms": round(max(ready)),
        "each_mib": median(one["rss_mib"] for one in ours),
        "most_mib": max(one["rss_mib"] for one in ours),
        "blank_mib": blank,
        "together_mib": round(sum(one.get("proportional_mib", 0) for one in ours)),
        "memory": ratio(max(one["rss_mib"] for one in ours), blank, memory.TARGET),
    }
