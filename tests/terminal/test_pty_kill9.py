"""kill -9 of the real program in a real terminal, at random moments of somebody's typing.

What was seen on the screen as a line is in the database afterwards, every line is whole, and only
what was still being typed may be missing; the next start opens the same quote again.
"""

import importlib.util
import random
import sqlite3
import sys
import time
from pathlib import Path

import pytest
from pty_session import PtySession
from scenarios import crash

ROOT = Path(__file__).parents[2]
SEED = 20261122
KILLS = 20

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        importlib.util.find_spec("codial_tui.__main__") is None,
        reason="codial_tui/__main__.py does not exist yet",
    ),
]


def open_quote(path: Path, reference: str) -> PtySession:
    command = [sys.executable, "-m", "codial_tui", "--database", str(path), "open", reference]
    session = PtySession(command, cwd=ROOT)
    session.wait_for(reference)
    session.wait_for("10Menu")
    return session


def rows_of(path: Path, sql: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def type_and_kill(path: Path, reference: str, rng: random.Random, first: int) -> int:
    """Type some lines, seen one by one, then kill in the middle of the next; returns how many
    lines were sent."""
    seen = rng.randrange(0, 3)
    with open_quote(path, reference) as session:
        for number in range(first, first + seen):
            session.send(f".Article {number:03d};2 x45\r")
            session.wait_for(f"Article {number:03d}")
            session.wait_until(lambda n=number: _is_a_line(session, n), f"line {number}")
        text = f".Article {first + seen:03d};2 x45\r"
        session.send(text[: rng.randrange(1, len(text) + 1)])
        end = time.perf_counter() + rng.random() * 0.03
        while time.perf_counter() < end:
            pass
        session.kill()
    return seen


def _is_a_line(session: PtySession, number: int) -> bool:
    """Whether the line stands in the grid and the typing line is free again."""
    wanted = f"Article {number:03d}"
    grid, typing = session.rows[2:21], session.rows[21]
    return any(wanted in row for row in grid) and wanted not in typing


def test_twenty_kills_while_typing_in_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "codial.sqlite3"
    crash.build(path, documents_count=1)
    ((reference,),) = rows_of(path, "SELECT number FROM document")
    rng = random.Random(SEED)
    sent = 0
    for kill in range(KILLS):
        before = len(labels(path))
        seen = type_and_kill(path, reference, rng, sent)
        assert crash.verify(path) == [], kill
        found = labels(path)
        assert before + seen <= len(found) <= before + seen + 1, (kill, found)
        assert found[-seen:] or not seen
        sent += seen + 1  # the killed one may be there: its number is not given again
    assert labels(path) == sorted(labels(path))


def labels(path: Path) -> list[str]:
    """The lines of the quote in their order; each must be whole."""
    found = rows_of(
        path, "SELECT label, quantity, unit_price, amount FROM document_line ORDER BY position"
    )
    assert {row[1:] for row in found} <= {(20_000, 450_000, 9_000)}
    return [str(row[0]) for row in found]


def test_a_draft_a_second_old_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "codial.sqlite3"
    crash.build(path, documents_count=1)
    ((reference,),) = rows_of(path, "SELECT number FROM document")
    with open_quote(path, reference) as session:
        session.send(".Pose inachev")
        deadline = time.monotonic() + 5
        while _draft(path) != ".Pose inachev":
            assert time.monotonic() < deadline, (_draft(path), session.text)
            session.wait_idle(50)
        session.kill()
    with open_quote(path, reference) as session:
        session.wait_for(".Pose inachev")
        assert ".Pose inachev" in session.rows[21]


def _draft(path: Path) -> str:
    found = rows_of(path, "SELECT text FROM entry_draft ORDER BY at DESC")
    return str(found[0][0]) if found else ""
