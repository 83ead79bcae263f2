"""The driver in a real pty: the screens of the plain stream, nothing when idle, back after `fg`."""

from __future__ import annotations

import json
import os
import random
import re
import select
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
    from codial_tui.services.demo import demo

    path = tmp_path_factory.mktemp("wire") / "demo.sqlite3"
    program = open_program(str(path), create=True)
    demo.load(program.context)
    program.close()
    return path


def opened(
    company: Path,
    folder: Path,
    *options: str,
    term: str = "xterm-256color",
    ready: str = "10Menu",
    **env: str,
) -> PtySession:
    """The program on a copy of the company, tapped, its first frame on the screen."""
    folder.mkdir(exist_ok=True)
    shutil.copy(company, folder / "demo.sqlite3")
    command = [sys.executable, TAPPED, folder / "log", "--database", folder / "demo.sqlite3"]
    home = {"HOME": str(folder), "XDG_DATA_HOME": None, "TERM": term, **env}
    session = PtySession([*command, *options], env=home, cwd=ROOT, answers=True)
    session.wait_for(ready, timeout=30)
    return session


def type_key(session: PtySession, name: str) -> None:
    """A key that may change nothing, and its answer."""
    session.send(key(name))
    session.settle(quiet_ms=30)


@pytest.mark.parametrize("term", ["xterm-256color", pytest.param("vt220", marks=pytest.mark.long)])
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
@pytest.mark.parametrize("colours", ["16", "more"])
def test_random_gestures(company: Path, tmp_path: Path, term: str, colours: str) -> None:
    frames = resumes = 0
    first = 3 * (2 * TERMS.index(term) + (colours != "16"))
    if colours == "more":
        colours = ("256", "true")[TERMS.index(term) % 2]
    for seed in range(3):  # twelve times three starts reach every place
        chance = random.Random(f"{term}{colours}{seed}")
        folder = tmp_path / str(seed)
        with opened(company, folder, "--colours", colours, term=term) as session:
            try:
                for one in SCREENS[(first + seed) % len(SCREENS)]:
                    type_key(session, one)
                for _ in range(150):
                    what = chance.random()
                    if what < 0.02:
                        _suspend(session)
                    elif what < 0.04:
                        session.resize(chance.choice([24, 30, 50]), chance.choice([80, 100, 132]))
                        session.settle(quiet_ms=20)
                    else:
                        type_key(session, chance.choice(ANY))
            except Gone:  # Esc and O at home end the program
                assert session.process.wait(10) == 0, _faults(folder)
        replay = Replay(folder / "log")
        frames, resumes = frames + replay.frames, resumes + replay.resumes
    assert frames > 100 and resumes


class SlowLine(PtySession):
    """A line of 64 kbit/s: what is not read yet keeps the program from writing on."""

    at_once = 400

    def _read(self, seconds: float) -> bytes | None:
        select.select([], [], [], self.at_once / 8_000)
        return super()._read(seconds)


@pytest.mark.long
def test_two_hundred_keys_over_a_slow_line(company: Path, tmp_path: Path) -> None:
    shutil.copy(company, tmp_path / "demo.sqlite3")
    command = [sys.executable, "-m", "codial_tui", "--database", tmp_path / "demo.sqlite3"]
    text = ".Pose de tube cuivre écroui en barres, colliers et accessoires compris;12 x45 -10%"
    keys = [*["down"] * 60, *["pagedown"] * 5, *["up"] * 30, *["down", "up"] * 11, *text]
    assert len(keys) >= 195
    with SlowLine([*command, "open", "DE26-00042"], cwd=ROOT, answers=True) as session:
        session.wait_for("10Menu", timeout=30)
        session.settle(quiet_ms=150)
        before = session.total
        session.press(*keys)
        session.wait_until(lambda: text[-40:] in session.rows[21], "the typed text", timeout=60)
        session.settle(quiet_ms=150)
        assert session.total - before < 8_000
        seen, cursor = session.rows, session.cursor
        session.press("ctrl+l")
        session.settle(quiet_ms=150)
        assert (session.rows, session.cursor) == (seen, cursor)
        session.press("enter")
        session.wait_until(lambda: any("Pose de tube" in row for row in session.rows), "the line")


def _faults(folder: Path) -> str:
    """What the program wrote down before it ended."""
    return "\n".join(path.read_text() for path in folder.rglob("faults.log"))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("term", ["xterm-256color", "vt220"])
def test_random_gestures_from_the_first_start(tmp_path: Path, term: str) -> None:
    from codial_tui.bootstrap import open_program

    empty = tmp_path / "empty.sqlite3"
    open_program(str(empty), create=True).close()
    chance = random.Random(term)
    with opened(empty, tmp_path / "home", term=term, ready="premier") as session:
        for one in chance.choices(("c", *ANY), k=40):
            type_key(session, one)
        session.settle(quiet_ms=250)  # an Esc is waited for
        for _ in range(60):  # home says OUVRIR, also that of a company which the keys made
            if "OUVRIR" in session.text or "Que voulez-vous" in session.text:
                break
            session.send(key("n" if "Quitter ?" in session.text else "escape"))
            session.settle(quiet_ms=250)
        if "Que voulez-vous" in session.text:  # no key has loaded the demo yet
            type_key(session, "d")
        session.wait_for("OUVRIR", timeout=60)
        _suspend(session)
        for one in chance.choices(ANY, k=40):
            type_key(session, one)
    replay = Replay(tmp_path / "home" / "log")
    assert replay.frames > 40 and replay.resumes


def _suspend(session: PtySession) -> None:
    """SIGTSTP, and SIGCONT when it has stopped."""
    os.kill(session.pid, signal.SIGTSTP)
    stopped, status = os.waitpid(session.pid, os.WUNTRACED)
    assert stopped == session.pid and os.WIFSTOPPED(status)
    os.kill(session.pid, signal.SIGCONT)
    session.settle(quiet_ms=50)


PROMPT = "caisse$ "


@pytest.mark.long
def test_suspended_from_the_menu_and_back_by_fg(company: Path, tmp_path: Path) -> None:
    shutil.copy(company, tmp_path / "demo.sqlite3")
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": None, "PS1": PROMPT}
    shell = ["bash", "--norc", "--noprofile", "-i"]
    program = f"{sys.executable} -m codial_tui --database {tmp_path}/demo.sqlite3"
    with PtySession(shell, env=home, cwd=ROOT, answers=True) as session:
        session.wait_for(PROMPT)
        session.send(f"PS1='{PROMPT}'; {program} open DE26-00042\n")
        session.wait_for("10Menu", timeout=30)
        session.send("tub")
        session.wait_until(lambda: "► tub" in session.rows[21], "the text")
        session.settle(quiet_ms=200)
        before, cursor = session.rows, session.cursor
        session.press("f10")
        session.wait_until(lambda: "Menu" in session.rows[0], "the menu")
        session.send("suspendre\r")
        session.wait_for("Stopped", timeout=20)
        session.send("stty -a | tr ' ;' '\\n' | grep -c '^icanon'; echo p''s; ps -o stat= %1\n")
        session.wait_for("ps")
        session.send("fg\n")
        session.wait_until(lambda: "10Menu" in session.rows[23], "the screen", timeout=20)
        session.settle(quiet_ms=200)
        assert (session.rows, session.cursor) == (before, cursor)
        session.send("e")
        session.wait_until(lambda: "► tube" in session.rows[21], "a key")


def test_not_suspended_where_no_shell_could_bring_it_back(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path) as session:  # it leads its session, as under sshd
        session.press("f10")
        session.send("suspendre\r")
        session.wait_for("pas de shell ici")
        assert _state(session) != "T"


def test_a_forced_command_is_never_stopped(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path, CODIAL_TUI_FORCED="1") as session:
        os.kill(session.pid, signal.SIGTSTP)
        session.send("tub")
        session.wait_until(lambda: "► tub" in session.rows[21], "keys after SIGTSTP")
        assert _state(session) != "T"


def _state(session: PtySession) -> str:
    status = Path(f"/proc/{session.pid}/stat").read_text()
    return status.rpartition(")")[2].split()[0]


def test_a_window_that_comes_back_is_painted_again(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path) as session:
        session.settle(quiet_ms=100)
        before = session.rows
        session.screen.reset()  # dtach and abduco attach with SIGWINCH and an empty screen
        session.screen.reset_mode(7, private=True)
        os.kill(session.pid, signal.SIGWINCH)
        session.wait_until(lambda: session.rows == before, "the same screen")


def test_ctrl_l_paints_a_spoilt_screen_and_answers_no_question(
    company: Path, tmp_path: Path
) -> None:
    with opened(company, tmp_path) as session:
        session.press("escape")
        session.wait_until(lambda: "Quitter ?" in session.rows[22], "the question")
        session.settle(quiet_ms=200)
        before, cursor = session.rows, session.cursor
        for spoilt in ("\x1b[2J", "\x1b[3;8r\x1b[5;5Hmessage de root\r\n" * 9):
            session._stream.feed(spoilt)
            assert session.rows != before
            session.press("ctrl+l")
            session.wait_until(lambda: session.rows == before, "the same screen")
            session.settle(quiet_ms=50)
            assert session.cursor == cursor


@pytest.mark.long
def test_a_program_at_rest_sends_nothing(company: Path, tmp_path: Path) -> None:
    for number, keys in enumerate(PLACES):
        with opened(company, tmp_path / str(number)) as session:
            for one in keys:
                session.send(key(one))
                session.settle(quiet_ms=250)
            assert session.wait_idle(quiet_ms=1_300).bytes == 0, session.text


PLACES: tuple[tuple[str, ...], ...] = (
    ("t", "u"),
    ("d", "e", "enter", "down", "enter", "c", "u", "i", "escape"),
)
SCREENS: tuple[tuple[str, ...], ...] = (
    (),
    ("mart",),
    ("f10",),
    ("f1",),
    ("de", "enter"),
    ("ar", "enter", "down"),
    ("ar", "enter", "down", "enter"),
    ("ti", "enter", "down", "enter"),
    ("42", "enter"),
    ("42", "enter", "tub"),
    ("42", "enter", "\x07e"),
    ("42", "enter", "\x07s"),
    ("42", "enter", "f3"),
    ("42", "enter", "f7"),
    ("f10", "param", "enter"),
    ("f10", "import", "enter"),
    ("f10", "preferences", "enter", "down", "space"),
    ("f10", "inventaire", "enter", "tub"),
    ("f10", "groupee", "enter", "down"),
    ("42", "enter", "\x07t", "down"),
    ("42", "enter", "f6", "down"),
    ("cc", "enter", "down", "enter"),
    ("bl", "enter", "down", "enter", "f6"),
    ("fa", "enter", "down", "enter"),
    ("42", "enter", "\x07g"),
    ("42", "enter", "\x07f"),
    ("42", "enter", "up", "enter"),
    ("42", "enter", ";", "enter"),
    ("42", "enter", "f5"),
    ("de", "enter", "down", "space", "space", "f3"),
    ("de", "enter", "f7", "f"),
    ("ar", "enter", "down", "enter", "f7"),
    ("f5", "t"),
    ("f10", "param", "enter", "societe", "enter", "down"),
    ("f10", "param", "enter", "numeros", "enter"),
    ("f10", "champs", "enter"),
)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_no_screen_sends_anything_for_a_minute(company: Path, tmp_path: Path) -> None:
    sessions = []
    try:
        for number, keys in enumerate(SCREENS):
            sessions.append(opened(company, tmp_path / str(number)))
            for one in keys:
                sessions[-1].send(key(one))
                sessions[-1].settle(quiet_ms=100)
        for session in sessions:
            session.settle(quiet_ms=1_500)
        before = [session.total for session in sessions]
        sessions[0].wait_idle(quiet_ms=60_000, timeout=70)
        for session in sessions:
            session.settle()
        assert [session.total for session in sessions] == before
    finally:
        for session in sessions:
            session.close()


def test_latin1_bytes_are_letters_not_the_end(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path) as session:
        session.send("d\u00e9j\u00e0".encode("latin-1") + b"\xff\x80\xc3")
        session.send("é漢")
        session.wait_until(lambda: "► déjà" in session.rows[21], "the letters")
        session.wait_until(lambda: "é漢" in session.rows[21].replace(" ", ""), "what follows")


@pytest.mark.long
@pytest.mark.parametrize("term", [*TERMS, "dumb", "no-such-terminal"])
def test_what_is_sent_to_each_terminal(company: Path, tmp_path: Path, term: str) -> None:
    with opened(company, tmp_path, term=term) as session:
        assert "DÉMO" in session.text or "DEMO" in session.text
    sent = "".join(
        record[1]
        for record in map(json.loads, (tmp_path / "log").read_text().splitlines())
        if record[0] == "thin"
    )
    styles = set(re.findall(r"\x1b\[[0-9;]*m", sent))
    codes = {code for style in styles for code in re.findall(r"[0-9]+", style)}
    coloured = {code for code in codes if re.fullmatch(r"[349][0-7]|10[0-7]|38|48", code)}
    assert bool(coloured) == (term not in ("vt220", "dumb"))
    assert ("►" in sent) == (term not in ("linux", "vt220", "dumb"))
    assert sent.isascii() == (term in ("linux", "vt220", "dumb"))
    assert ("$p" in sent) == (term.startswith(("xterm", "screen", "tmux")))
    assert "\x1b]" not in sent


def test_the_toolkits_own_output_on_demand(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path, "--plain-output") as session:
        session.press("d", "e", "enter")
        session.wait_for("tri :")
        session.settle()  # the rest of the frame
        assert session.total > 8_000
    assert not (tmp_path / "log").read_text()


@pytest.mark.long
def test_long_frames_are_bracketed_where_the_terminal_can(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path) as session:
        session.send("\x1b[?2026;2$y")
        session.settle(quiet_ms=100)
        before = len((tmp_path / "log").read_text().splitlines())
        session.send("t")
        session.settle(quiet_ms=100)
        session.send("\x15de\r")
        session.wait_for("tri :")
        session.settle(quiet_ms=100)
    log = map(json.loads, (tmp_path / "log").read_text().splitlines()[before:])
    sent = [record[1].removesuffix("\x1b[6n") for record in log if record[0] == "thin"]
    for text in sent:
        inner = text.removeprefix("\x1b[?2026h").removesuffix("\x1b[?2026l")
        assert "?2026" not in inner
        assert (len(text) - len(inner) == 16) == (len(inner.encode()) > 200)
    assert {text.startswith("\x1b[?2026h") for text in sent} == {True, False}


def test_another_driver_is_left_alone() -> None:
    from codial_tui.terminal.wire import CellDiffDriver, driver_class

    assert driver_class({}) is CellDiffDriver
    assert driver_class({}, plain=True) is None
    assert driver_class({"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}) is None


@pytest.mark.long
def test_a_terminal_that_takes_nothing_keeps_no_program(company: Path, tmp_path: Path) -> None:
    """A stopped proxy: the line is dead and open. Frames wait, the loop does not, SIGTERM ends."""
    with opened(company, tmp_path) as session:
        session.settle(quiet_ms=100)
        for _ in range(60):
            session.send("\x0cde\r\x1b")  # some 200 kB, of which nobody reads a byte
            select.select([], [], [], 0.01)
        session.process.send_signal(signal.SIGTERM)
        assert session.process.wait(15) == 1
    assert _faults(tmp_path) == ""


@pytest.mark.long
def test_frames_wait_until_the_terminal_says_where_its_cursor_is(
    company: Path, tmp_path: Path
) -> None:
    with opened(company, tmp_path) as session:
        session.settle(quiet_ms=200)  # it has answered once: it is one that answers
        session._answers = False
        asked = _asked(tmp_path)
        assert asked >= 1
        session.send("ar\r")
        session.wait_for("tri :")
        session.settle(quiet_ms=50)
        assert _asked(tmp_path) == asked + 1, "a long frame ends with the question"
        sent = session.total
        session.press("pagedown", "pagedown", "down", "down")
        session.settle(quiet_ms=200)
        assert session.total == sent, "the terminal has not answered yet"
        session.send("\x1b[24;80R")
        session.settle(quiet_ms=100)
        after = session.total - sent
        assert 200 < after < 2_500, "one frame, with all that the keys did"
        assert "80R" not in session.text and "[24" not in session.text
        session.settle(quiet_ms=1_200)  # given up after a second, for good
        sent = session.total
        session.press("end")
        session.wait_until(lambda: session.total > sent + 500, "frames without answers")
        assert _asked(tmp_path) == asked + 2


def _asked(folder: Path) -> int:
    """How often the program has asked where the cursor is."""
    return (folder / "log").read_text().count("\\u001b[6n")


def test_escape_and_the_answer_in_one_read() -> None:
    from textual import events

    from codial_tui.terminal.keys import EscapeParser

    messages = list(EscapeParser().feed("\x1b\x1b[5;3Rn\x1b[1;1R"))
    kinds = [getattr(message, "key", "answer") for message in messages]
    assert kinds == ["escape", "answer", "n", "answer"]
    assert isinstance(messages[1], events.CursorPosition)


def test_the_first_picture_is_written_once(company: Path, tmp_path: Path) -> None:
    with opened(company, tmp_path, "open", "DE26-00042") as session:
        session.settle(quiet_ms=200)
    log = map(json.loads, (tmp_path / "log").read_text().splitlines())
    sent = [record[1] for record in log if record[0] == "thin"]
    pictures = [text for text in sent if text.count("H") > 3]
    assert len(pictures) == 1
    assert "DE26-00042" in pictures[0] and "Menu" in pictures[0]
