"""The driver in a real pty: the screens of the plain stream, nothing when idle, back after `fg`."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from pathlib import Path

import pytest
from pty_session import Gone, PtySession, key
from replay import Replay

ROOT = Path(__file__).parents[2]
TAPPED = Path(__file__).with_name("tapped_program.py")
TERMS = ("xterm-256color", "xterm", "linux", "screen-256color", "tmux-256color", "vt220")

TOUR = (
    *("down", "down", "pagedown", "up", "escape"),  # home
    *("d", "e", "enter", "down", "down", "down", "pagedown", "up", "end", "home"),  # list of quotes
    *("space", "space", "f7", "escape", "f1", "escape", "f10", "i", "m", "escape", "escape"),
    *("down", "enter", "up", "up", "t", "u", "b", "down", "escape", "escape"),  # lines, search
    *(".", "P", "o", "s", "e", ";", "2", "space", "x", "4", "5", "enter", "ctrl+r", "ctrl+y"),
    *("ctrl+g", "e", "tab", "tab", "M", "a", "r", "t", "f4", "escape", "shift+tab"),  # header
    *("ctrl+g", "right", "ctrl+g", "right", "ctrl+g", "right", "ctrl+g", "l", "f9", "f9"),
    *("escape", "f3", "pagedown", "escape", "f6", "escape", "f8", "escape", "ctrl+l"),
    *("escape", "escape", "a", "r", "enter", "down", "enter", "tab", "escape", "escape", "f5"),
)
"""keys through every kind of screen"""

ANY = (
    *("up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "shift+tab"),
    *("enter", "escape", "space", "backspace", "delete", "f1", "f2", "f3", "f4", "f5", "f6"),
    *("f7", "f8", "f9", "ctrl+r", "ctrl+y", "ctrl+l", "ctrl+a", "ctrl+k", "ctrl+u"),
    *("\x07e", "\x07l", "\x07s", "\x07\x1b[C", "\x07\x1b[B", "tub", "de", "ar", "ti", ".", "12"),
    *("mart", "é", "漢", "e\u0301", "n", "o", "x4", "-10%", "=", ";"),
)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, copied for each program."""
    from codial_tui.bootstrap import open_program
    from codial_tui.services import demo

    path = tmp_path_factory.mktemp("wire") / "demo.sqlite3"
    program = open_program(str(path), create=True)
    demo.load(program.context)
    program.close()
    return path


def opened(
    company: Path, folder: Path, *options: str, term: str = "xterm-256color", **env: str
) -> PtySession:
    """The program on a copy of the company, tapped, its first frame on the screen."""
    folder.mkdir(exist_ok=True)
    shutil.copy(company, folder / "demo.sqlite3")
    command = [sys.executable, TAPPED, folder / "log", "--database", folder / "demo.sqlite3"]
    session = PtySession([*command, *options], env={"TERM": term, **env}, cwd=ROOT, answers=True)
    session.wait_for("10Menu", timeout=30)
    return session


def type_key(session: PtySession, name: str) -> None:
    """A key that may change nothing, and its answer."""
    session.send(key(name))
    session.settle(quiet_ms=30)


@pytest.mark.parametrize("term", ["xterm-256color", "vt220"])
def test_a_tour_of_the_screens(company: Path, tmp_path: Path, term: str) -> None:
    with opened(company, tmp_path, term=term) as session:
        for one in TOUR:
            type_key(session, one)
        assert session.process.poll() is None
    replay = Replay(tmp_path / "log")
    assert replay.frames > len(TOUR) / 2
    assert replay.thin_bytes < replay.plain_bytes / 3


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("colours", ["16", "true"])
def test_random_gestures(company: Path, tmp_path: Path, term: str, colours: str) -> None:
    frames = resumes = 0
    for seed in range(3):
        chance = random.Random(f"{term}{colours}{seed}")
        folder = tmp_path / str(seed)
        with opened(company, folder, "--colours", colours, term=term) as session:
            try:
                for _ in range(250):
                    what = chance.random()
                    if what < 0.02:
                        _suspend(session)
                    elif what < 0.04:
                        session.resize(chance.choice([24, 30, 50]), chance.choice([80, 100, 132]))
                        session.settle(quiet_ms=20)
                    else:
                        type_key(session, chance.choice(ANY))
            except Gone:  # Esc and O at home end the program
                assert session.process.wait(10) == 0
        replay = Replay(folder / "log")
        frames, resumes = frames + replay.frames, resumes + replay.resumes
    assert frames > 100 and resumes


def _suspend(session: PtySession) -> None:
    """SIGTSTP, and SIGCONT when it has stopped."""
    os.kill(session.pid, signal.SIGTSTP)
    stopped, status = os.waitpid(session.pid, os.WUNTRACED)
    assert stopped == session.pid and os.WIFSTOPPED(status)
    os.kill(session.pid, signal.SIGCONT)
    session.settle(quiet_ms=50)
