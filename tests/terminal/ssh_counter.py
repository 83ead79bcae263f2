"""Somebody at the counter: a quote of some pages opened, a line typed, an item looked for.

The same gestures for the tests, which look at what came of them, and for `python -m bench ssh`,
which looks at how long they took.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pty_session import QUIET_MS, PtySession, key
from scenarios import crash

from codial_tui.bootstrap import open_program
from codial_tui.services.documents import entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import users

LINES = 60
TYPED = ".Pose réseau;2 x45"


def build(path: Path, *logins: str) -> str:
    """A company, an item or two, these users and a quote of some pages; its number."""
    crash.build(path, documents_count=1)
    program = open_program(str(path))
    for login in logins:
        users.add(program.context, login)
    editor = Editor(program.context, 1)
    for number in range(1, LINES + 1):
        entering.enter(
            editor, entering.read(editor, f".Ligne {number:03d};1 x{number}", None), None
        )
    editor.close()
    program.close()
    ((number,),) = rows_of(path, "SELECT number FROM document")
    return str(number)


def rows_of(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What is in the database, seen from outside."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


class Step(NamedTuple):
    """One gesture: keys, and what the screen shows when it has been done."""

    name: str
    keys: str
    shown: Callable[[PtySession], bool]


def steps(reference: str) -> Iterator[Step]:
    """The counter scenario, from home and back to the lines of the quote."""

    def grid(text: str) -> Callable[[PtySession], bool]:
        return lambda session: any(text in row for row in session.rows[2:21])

    def title(text: str) -> Callable[[PtySession], bool]:
        return lambda session: text in session.rows[0]

    def typing(text: str) -> Callable[[PtySession], bool]:
        return lambda session: text in session.rows[21]

    yield Step("open", f"{reference}\r", title(reference))
    yield Step("character", TYPED[0], typing("► ."))
    yield Step("rest of the line", TYPED[1:], typing(f"{TYPED}_"))
    yield Step("enter", key("enter"), grid("Pose réseau"))
    yield Step("search", "article", grid("CE200S"))
    yield Step("end of the search", key("ctrl+u"), lambda one: not grid("CE200S")(one))
    yield Step("top of the page", key("pageup"), lambda one: not grid("Pose réseau")(one))
    yield Step("page up", key("pageup"), grid("Ligne 030"))
    yield Step("scroll by one", key("up"), lambda one: not grid("Ligne 043")(one))
    yield Step("tab", f"{key('ctrl+g')}e", lambda one: "►Ent" in one.rows[1])
    yield Step("back to the lines", f"{key('ctrl+g')}l", lambda one: "►Lig" in one.rows[1])


class Took(NamedTuple):
    """How long a gesture took until it could be seen, in ms, and how many bytes it cost."""

    ms: float
    bytes: int


def work(session: PtySession, reference: str, quiet_ms: float = QUIET_MS) -> dict[str, Took]:
    """Do every step and see it done. quiet_ms: no bytes for so long, and a gesture is over."""
    found = {}
    for step in steps(reference):
        session.wait_idle(quiet_ms)
        bytes_before, begin = session.total, time.perf_counter()
        session.send(step.keys)
        seen = session.wait_until(partial(step.shown, session), step.name, timeout=30)
        ms = seen - (begin - session.started) * 1000
        session.wait_idle(quiet_ms)
        found[step.name] = Took(max(ms, 0.0), session.total - bytes_before)
    return found
