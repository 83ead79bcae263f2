"""Adding a line to a quote of 2 000, from Enter to the last byte, ÷ a character typed into a blank
Textual Input in the same run. `bare_commit` tells how much of it the disk takes: a line is on it
before it is on the screen."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from . import catalogue, program
from .results import Options, Result, percentile, ratio, spread

TARGET = 3.0
LINES = 2000
TYPED = ".Pose;2 x45"
QUIET_MS = 150
"""Longer than anything the program does after it has drawn a line, short of keeping a draft."""


def measure(options: Options) -> Result:
    """Each round: a character into the blank Input, a character and then Enter into ours."""
    path = catalogue.copy(program.big_company(options), options.folder / "entry.sqlite3")
    reference = long_quote(path)
    rounds = options.rounds(40)
    enters: list[float] = []
    characters: list[float] = []
    blanks: list[float] = []
    sizes: list[int] = []
    commits: list[float] = []
    commit = bare_commit(catalogue.fresh(options.folder / "commit.sqlite3"))
    with (
        program.ours(options, path, "open", reference) as ours,
        program.blank(options, "input") as blank,
    ):
        blank.wait_for_bytes(program.BLANK_READY)
        ours.wait_for(reference)
        for session in (blank, ours):
            session.wait_idle(500)
        for _ in range(rounds + 2):
            blanks.append(blank.gesture("z", QUIET_MS).last_ms)
            blank.gesture("\x7f", QUIET_MS)
            ours.send(TYPED[:-1])
            ours.wait_idle(QUIET_MS)
            characters.append(ours.gesture(TYPED[-1], QUIET_MS).last_ms)
            answer = ours.gesture("\r", QUIET_MS)
            enters.append(answer.last_ms)
            sizes.append(answer.bytes)
            commits.append(commit())
    added = count_lines(path, reference) - LINES
    if added != rounds + 2:
        raise AssertionError(f"{rounds + 2} lines typed, {added} in the database")
    for values in (enters, characters, blanks, sizes, commits):
        del values[:2]
    return {
        "lines": LINES,
        "enter": spread(enters) | {"bytes": median(sizes)},
        "character": spread(characters),
        "blank_character": spread(blanks),
        "bare_commit": spread(commits),
        "p50": ratio(median(enters), median(blanks), TARGET),
        "p95": {"ratio": round(percentile(enters, 95) / percentile(blanks, 95), 3)},
    }


def bare_commit(path: Path) -> Callable[[], float]:
    """What the disk takes of an Enter: ms of a one-row transaction with `synchronous=FULL`."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    connection.execute("CREATE TABLE one (value INTEGER)")

    def commit() -> float:
        begin = time.perf_counter()
        connection.execute("INSERT INTO one VALUES (1)")
        return (time.perf_counter() - begin) * 1000

    return commit


def long_quote(path: Path, lines: int = LINES) -> str:
    """Put a quote of so many lines into a database, a chapter every 50; returns its number."""
    from codial_tui.bootstrap import open_program
    from codial_tui.domain.changes import apply
    from codial_tui.domain.document import Line, LineType
    from codial_tui.domain.lines.recompute import recompute
    from codial_tui.services.documents import documents
    from codial_tui.services.records import parties

    opened = open_program(str(path))
    try:
        context = opened.context
        document = documents.blank(context, "quote", parties.counter(context))
        for number in range(lines):
            if number % 50 == 0:
                line = Line(context.uid(), LineType.CHAPTER, label=f"Lot {number // 50 + 1}")
            else:
                line = Line(
                    context.uid(),
                    label=f"Fourniture et pose n° {number}",
                    quantity=(number % 9 + 1) * 10_000,
                    unit="u",
                    unit_price=(number * 37 % 9000 + 100) * 100,
                )
            document.lines.append(line)
        apply(document, recompute(document))
        documents.insert(context, document)
        return document.ref
    finally:
        opened.close()


def count_lines(path: Path, reference: str) -> int:
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "SELECT COUNT(*) FROM document_line l JOIN document d ON d.id = l.document_id "
            "WHERE d.number = ?",
            (reference,),
        )
        return int(found.fetchone()[0])
    finally:
        connection.close()
