"""A terminal that goes without a signal: the program ends, keeps what was typed, frees its lock."""

import shutil
import sqlite3
import sys
from pathlib import Path

from pty_session import PtySession, key
from test_wire import ROOT
from test_wire import company as company


def test_the_end_of_input_ends_the_program(company: Path, tmp_path: Path) -> None:
    file = tmp_path / "demo.sqlite3"
    shutil.copy(company, file)
    command = [sys.executable, "-m", "codial_tui", "--database", file]
    env = {"HOME": str(tmp_path), "XDG_DATA_HOME": None}
    with PtySession(command, env=env, cwd=ROOT, answers=True, controls=False) as session:
        session.wait_for("10Menu", timeout=30)
        session.send("42" + key("enter"))
        session.wait_for("DE26-00042", timeout=30)
        session.send("tub")
        session.wait_for("tub", timeout=30)
        session.hang_up()
        assert session.process.wait(20) == 1
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT text FROM entry_draft").fetchall() == [("tub",)]
        locked = "SELECT COUNT(*) FROM document WHERE lock_token IS NOT NULL"
        assert database.execute(locked).fetchone() == (0,)
