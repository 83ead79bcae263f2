"""Chords, and quick Esc+key pairs as a real terminal sends them."""

import sys
from pathlib import Path

import pytest
from pty_session import PtySession

from codial_tui.terminal.keys import Chords, EscapeParser, KeyedApp

PAIRS = {
    "\x1bn": ["escape", "n"],
    "\x1bN": ["escape", "N"],
    "\x1b3": ["escape", "3"],
    "\x1b=": ["escape", "equals_sign"],
    "\x1b-": ["escape", "minus"],
    "\x1b:": ["escape", "colon"],
    "\x1b,": ["escape", "comma"],
    "\x1b ": ["escape", "space"],
    "\x1bé": ["escape", "é"],
    "\x1bf": ["escape", "f"],
    "\x1bO": ["escape", "O"],
    "\x1b[": ["escape", "left_square_bracket"],
    "\x1b\r": ["escape", "enter"],
    "\x1b\x7f": ["escape", "backspace"],
    "\x1b\x0f": ["escape", "ctrl+o"],
    "\x1b\x1bn": ["escape", "escape", "n"],
    "\x1b\x1b[A": ["escape", "up"],
    "\x1b\x1bOP": ["escape", "f1"],
    "\x1b[A": ["up"],
    "\x1bOP": ["f1"],
    "\x1b[15~": ["f5"],
    "\x1b[Z": ["shift+tab"],
    "\x1b\t": ["shift+tab"],
    "£": ["pound_sign"],
    "\x1bnab": ["escape", "n", "a", "b"],
}


def parsed(data: str) -> list[str]:
    parser = EscapeParser()
    keys = [event.key for event in parser.feed(data)]  # type: ignore[attr-defined]
    keys += [event.key for event in parser.feed("")]  # type: ignore[attr-defined]
    return keys


@pytest.mark.parametrize("data", PAIRS, ids=repr)
def test_pairs_in_one_read(data: str) -> None:
    assert parsed(data) == PAIRS[data]


def told(*reads: str) -> list[str]:
    parser = EscapeParser()
    messages = [message for read in reads for message in parser.feed(read)]
    return [getattr(message, "text", None) or message.key for message in messages]  # type: ignore[attr-defined]


HOSTILE = "a\x1bnb\x1b]0;" + "x" * 60 + "\x07\rrm\r"


def test_a_paste_is_text_whatever_is_in_it() -> None:
    assert told(f"\x1b[200~{HOSTILE}\x1b[201~x") == [HOSTILE, "x"]
    assert told("a\x1b[200~b", "c", "d\x1b[201~\x1b[A") == ["a", "bcd", "up"]


@pytest.mark.parametrize("cut", range(3, 6))
def test_a_paste_cut_in_its_markers(cut: int) -> None:
    start, end = "\x1b[200~", "\x1b[201~"
    assert told("k" + start[:cut], start[cut:] + HOSTILE + end[:cut], end[cut:] + "x") == [
        "k",
        HOSTILE,
        "x",
    ]


def test_a_huge_paste_is_not_kept_whole() -> None:
    reads = ["\x1b[200~", *["y" * 65_536] * 800, "\x1b[201~"]
    (text,) = told(*reads)
    assert 5 * 1024 * 1024 < len(text) < 6 * 1024 * 1024


def feed(*keys: str) -> list[str]:
    chords = Chords()
    meant = []
    for key in keys:
        meant += [name for name, _ in chords.feed(key, key if len(key) == 1 else None)]
    return meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        (("ctrl+f", "1"), ["f1"]),
        (("ctrl+f", "0"), ["f10"]),
        (("ctrl+f", "&", "ctrl+f", "é", "ctrl+f", "à"), ["f1", "f2", "f10"]),
        (("ctrl+f", '"', "ctrl+f", "-", "ctrl+f", "_", "ctrl+f", "ç"), ["f3", "f6", "f8", "f9"]),
        (("ctrl+g", "l"), ["ctrl+g l"]),
        (("ctrl+g", "left", "left"), ["ctrl+g left", "left"]),
        (("ctrl+g", "escape", "l"), ["l"]),
        (("ctrl+f", "x"), ["x"]),
        (("ctrl+f", "ctrl+g", "e"), ["ctrl+g e"]),
        (("ctrl+g", "enter"), ["enter"]),
        (("ctrl+g", "ctrl+g", "e"), ["e"]),
        (("é", "1"), ["é", "1"]),
    ],
)
def test_chords(keys: tuple[str, ...], meant: list[str]) -> None:
    assert feed(*keys) == meant


def test_enter_typed_before_the_program_is_up_is_enter() -> None:
    """The line discipline makes it a line feed until the terminal is raw; so does Ctrl+J."""
    assert parsed("42\n") == ["4", "2", "ctrl+j"]
    assert Chords().feed("ctrl+j", "\n") == (("enter", "\r"),)


def test_alt_is_escape_and_the_key() -> None:
    chords = Chords()
    assert chords.feed("alt+n", "n") == (("escape", "\x1b"), ("n", "n"))
    assert chords.feed("alt+shift+n", "N") == (("escape", "\x1b"), ("N", "N"))
    chords.feed("ctrl+g")
    assert chords.feed("alt+n", "n") == (("n", "n"),), "Esc gave the chord up"


async def test_textuals_own_keys_are_off() -> None:
    app: KeyedApp[None] = KeyedApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q", "ctrl+p", "ctrl+c", "ctrl+backslash")
        assert app.is_running and len(app.screen_stack) == 1
        assert app.screen.query("Toast").nodes == []


@pytest.mark.timeout(60)
def test_pairs_in_a_real_pty(tmp_path: Path) -> None:
    program = tmp_path / "probe.py"
    log = tmp_path / "keys.txt"
    program.write_text(
        "import os\n"
        "from codial_tui.terminal.environment import prepare\n"
        "prepare(os.environ)\n"
        "from textual.widgets import Static\n"
        "from codial_tui.terminal.keys import KeyedApp\n"
        "class Probe(KeyedApp):\n"
        "    def on_key(self, event):\n"
        f"        with open({str(log)!r}, 'a') as file: file.write(event.key + chr(10))\n"
        "        if event.key == 'f10': self.exit()\n"
        "    def on_ready(self):\n"
        "        self.screen.mount(Static('pret'))\n"
        "Probe().run()\n"
    )
    expected: list[str] = []
    with PtySession(
        [sys.executable, program],
        env={"TERM": "xterm-256color", "LANG": "C.UTF-8", "ESCDELAY": None},
        cwd=Path(__file__).parents[2],
    ) as session:
        session.wait_for("pret", timeout=30)
        for data in ("\x1bn", "\x1b3", "\x1b:", "\x1b\r", "\x1b\x1b[A", "\x06&", "\x07l"):
            session.send(data)
        expected = ["escape", "n", "escape", "3", "escape", "colon", "escape", "enter"]
        expected += ["escape", "up", "f1", "ctrl+g l"]
        session.send("\x060")
        session.process.wait(timeout=20)
    assert log.read_text().splitlines() == [*expected, "f10"]
