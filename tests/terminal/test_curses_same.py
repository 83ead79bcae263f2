"""What curses sends for given screens: the same cells, attributes and cursor, counted per step."""

import sys
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bench.curses_same import Differs, Emulator, EmulatorStream, Shown, painted, shown  # noqa: E402

TITLE = "\x1b[?25l\x1b[2J\x1b[1;1H\x1b[1;37;44m Devis DE26-00043 · 12,00 €" + " " * 53 + "\x1b[0m"
ROWS = "".join(
    f"\x1b[{n};1H{n:03} \x1b[4mTube cuivre Ø{n}\x1b[0m barre {n * 37}" for n in range(3, 23)
)
KEYS = "\x1b[24;1H\x1b[30;47m1\x1b[0mAide" + "\x1b[24;72H\x1b[7m10\x1b[0mMenu .,"


def screens(*streams: str) -> list[Shown]:
    """The screens after each of these streams, one after the other."""
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    found = []
    for text in streams:
        stream.feed(text)
        found.append(shown(screen))
    return found


def sizes(*streams: str) -> list[int]:
    """Bytes curses needs for each of these screens; it takes some time for each."""
    found = painted(screens(*streams))
    assert all(one.ms > 0 for one in found)
    return [one.bytes for one in found]


def test_the_same_screen_again_costs_nothing() -> None:
    first, second = sizes(TITLE + ROWS + KEYS, "")
    assert 1000 < first < 2000 and second == 0


def test_every_attribute_wide_characters_and_the_last_cell() -> None:
    every = "".join(f"\x1b[{n}mx\x1b[0m " for n in (1, 3, 4, 7, 31, 42, 93, 104, 0))
    rich = "\x1b[38;5;123mq\x1b[48;5;234mz\x1b[0m漢字\x1b[24;80H#\x1b[7;9H\x1b[?25h"
    steps = sizes(TITLE, every, rich, "\x1b[?25l")
    assert all(steps) and steps[3] == len("\x1b[?25l")


def test_a_character_and_a_row_moved_cost_what_curses_needs() -> None:
    moved = "\x1b[3;22r\x1b[3;1H\x1b[M\x1b[r\x1b[22;1H023 neuve"
    steps = sizes(TITLE + ROWS + KEYS, "\x1b[23;3Hz", moved)
    assert steps[1] < 20
    assert 30 < steps[2] < 120  # with the hardware's scrolling, not twenty rows again


def test_what_curses_cannot_paint_is_no_figure() -> None:
    with pytest.raises(Differs, match="strikethrough"):
        painted(screens("\x1b[9mrayé"))


def test_the_emulator_scrolls_a_region_by_itself() -> None:
    screen = Emulator(10, 5)
    stream = EmulatorStream(screen)
    stream.feed(b"".join(b"\x1b[%d;1H%d" % (n, n) for n in range(1, 6)))
    stream.feed(b"\x1b[2;4r\x1b[5;7H\x1b[S")
    assert [row.strip() for row in screen.display] == ["1", "3", "4", "", "5"]
    assert (screen.cursor.y, screen.cursor.x) == (4, 6)
    stream.feed(b"\x1b[2T")
    assert [row.strip() for row in screen.display] == ["1", "", "", "3", "5"]
