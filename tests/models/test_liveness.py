"""A program's locks die with it, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from codial_tui.models.database import Database, open_database

HOLD = """
import sys
from codial_tui.models.database import open_database
database = open_database(sys.argv[1], create=False)
d = database.dialect
with d.write():
    d.execute("UPDATE document SET lock_token = ?", [database.liveness.token])
print(database.liveness.token, flush=True)
sys.stdin.read()
"""


@pytest.mark.both
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGHUP])
def test_a_killed_holder_is_dead_and_its_document_free(database: Database, ending: int) -> None:
    d = database.dialect
    with d.write():
        d.insert(
            "document",
            {
                "uid": "d" * 32,
                "kind": "quote",
                "date": "2026-11-22",
                "created_at": "2026-11-22T08:00:00Z",
            },
        )
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, database.url],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    token = holder.stdout.readline().strip()
    assert d.value("SELECT lock_token FROM document") == token
    assert database.liveness.alive(token)
    os.kill(holder.pid, ending)
    holder.wait()
    for _ in range(1000):  # a server notices a broken socket when it next looks
        if not database.liveness.alive(token):
            break
    assert not database.liveness.alive(token)
    with d.write():
        taken = d.execute(
            "UPDATE document SET lock_token = ? WHERE lock_token = ?",
            [database.liveness.token, token],
        )
    assert taken == 1


@pytest.mark.both
def test_a_token_lives_until_its_database_is_closed(database: Database) -> None:
    other = open_database(database.url, create=False)
    token = other.liveness.token
    assert database.liveness.alive(token)
    assert database.liveness.alive(token)  # looking does not disturb
    assert database.liveness.alive(database.liveness.token)
    assert other.liveness.alive(database.liveness.token)
    other.close()
    assert not database.liveness.alive(token)
    assert not database.liveness.alive("0" * 32)
    assert not database.liveness.alive("../../etc/passwd")


def test_a_forked_child_does_not_keep_its_dead_parent_alive(database: Database) -> None:
    """The child of a killed program (a printer, a worker) may outlive it."""
    code = (
        "import os, sys; from codial_tui.models.database import open_database\n"
        "database = open_database(sys.argv[1], create=False); token = database.liveness.token\n"
        "if os.fork() == 0:\n"
        "  print(token, flush=True); sys.stdin.read(); os._exit(0)\n"
        "os.kill(os.getpid(), 9)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, database.url],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None and parent.stdin is not None
    token = parent.stdout.readline().strip()
    parent.wait()
    assert not database.liveness.alive(token)
    parent.stdin.close()


def test_dead_files_are_cleared(database: Database) -> None:
    folder = Path(f"{database.url}-sessions")
    held = folder / database.liveness.token
    assert held.exists()
    (folder / ("e" * 32)).touch()
    assert not database.liveness.alive("e" * 32)
    assert list(folder.iterdir()) == [held]
