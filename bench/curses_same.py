"""The bytes curses sends for the very screens our program shows.

`pyte` reads the screens from our own stream, text and attributes; curses paints the same sequence
in a pty of the same size and terminal, one refresh per screen, the cursor left at the same place;
then `pyte` reads curses' stream, and a screen that differs in any cell is a fault of this
comparison. So identical screens are compared, not two programs that look alike.

`python -m bench.curses_same FILE` is the painter itself: it is started in the pty.
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyte
from pyte.graphics import FG_BG_256

ROOT = Path(__file__).resolve().parents[1]
MARK = b"\x1b_painted\x1b\\"
"""after each refresh, in the stream itself"""
NEXT = b"n"
"""the key that makes the painter go on to the next screen"""

_FLAGS = ("bold", "italics", "underscore", "strikethrough", "reverse", "blink")
_COLOURS = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""pyte's names in the order of their numbers."""


class Run(NamedTuple):
    """Neighbouring cells of one style: text, colours and attributes by pyte's names."""

    text: str
    fg: str
    bg: str
    flags: tuple[str, ...]


class Shown(NamedTuple):
    """A screen as it stands: rows of runs, where the cursor is (row, column), whether it shows,
    cells of a row."""

    rows: tuple[tuple[Run, ...], ...]
    cursor: tuple[int, int]
    visible: bool
    columns: int = 80


class Differs(Exception):
    """Curses painted something else: the figures compare nothing."""


def shown(screen: pyte.Screen) -> Shown:
    """What an emulator shows now."""
    cursor = screen.cursor
    rows = (_runs(screen, y) for y in range(screen.lines))
    at = (cursor.y, min(cursor.x, screen.columns - 1))
    return Shown(tuple(rows), at, not cursor.hidden, screen.columns)


_Style = tuple[str, str, tuple[str, ...]]
"""foreground, background, attributes"""


def _runs(screen: pyte.Screen, y: int) -> tuple[Run, ...]:
    """A row as it looks: of a blank only the background and the lines through it can be seen, so
    it takes the style of the ink around it, as whoever writes a row in one style leaves it."""
    row = screen.buffer[y]
    cells = [row[x] for x in range(screen.columns)]
    styles = [_style(cell) for cell in cells]
    for (blank, bg), same in groupby(range(len(cells)), lambda x: (_no_ink(cells[x]), cells[x].bg)):
        if blank:
            gap = [*same]
            around = [
                styles[x]
                for x in (gap[0] - 1, gap[-1] + 1)
                if 0 <= x < len(cells) and styles[x][1] == bg and not _lined(styles[x])
            ]
            one_style = bool(around) and (bg != "default" or around[:1] * 2 == around)
            for x in gap:
                styles[x] = around[0] if one_style else ("default", bg, ())
    runs = groupby(range(len(cells)), lambda x: styles[x])
    return tuple(Run("".join(cells[x].data for x in same), *style) for style, same in runs)


def _style(cell: pyte.screens.Char) -> _Style:
    return cell.fg, cell.bg, tuple(flag for flag in _FLAGS if getattr(cell, flag))


def _lined(style: _Style) -> bool:
    """Whether a blank in this style can be seen, whatever its background."""
    return bool({"underscore", "reverse", "strikethrough"} & {*style[2]})


def _no_ink(cell: pyte.screens.Char) -> bool:
    return cell.data == " " and not _lined(_style(cell))


class Paint(NamedTuple):
    """What one screen cost curses: bytes, and ms until the last of them."""

    bytes: int
    ms: float


def painted(screens: Sequence[Shown], *, term: str = "xterm-256color") -> list[Paint]:
    """What curses sends for each screen in turn, the first one from nothing (its own start
    included, as ours is). Raises Differs when its screens are not these."""
    parts = _streams(screens, term)
    emulator = Emulator(screens[0].columns, len(screens[0].rows))
    stream = EmulatorStream(emulator)
    for number, (wanted, (part, _)) in enumerate(zip(screens, parts, strict=True)):
        stream.feed(part)
        if (found := shown(emulator)) != wanted:
            raise Differs(f"screen {number}: {_difference(wanted, found)}")
    return [Paint(len(part), ms) for part, ms in parts]


class Emulator(pyte.Screen):
    """pyte with the two scrolling sequences curses may use and it does not know."""

    def scroll_up(self, count: int = 1) -> None:
        """CSI S: the lines of the region move up, blank ones come in below."""
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int = 1) -> None:
        """CSI T."""
        self._scroll(self.insert_lines, count)

    def _scroll(self, how: Callable[[int], None], count: int) -> None:
        top = self.margins.top if self.margins else 0
        row, column, self.cursor.y = self.cursor.y, self.cursor.x, top
        how(count or 1)
        self.cursor.y, self.cursor.x = row, column


class EmulatorStream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down"}


def _difference(wanted: Shown, found: Shown) -> str:
    for y, (ours, theirs) in enumerate(zip(wanted.rows, found.rows, strict=True)):
        if ours != theirs:
            return f"row {y}: {ours} painted as {theirs}"
    return f"cursor {wanted.cursor, wanted.visible} painted as {found.cursor, found.visible}"


def _streams(screens: Sequence[Shown], term: str) -> list[tuple[bytes, float]]:
    """What curses wrote for each screen, and how long after it was told to."""
    first = screens[0]
    found: list[tuple[bytes, float]] = []
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(screens, file)
        file.flush()
        master, slave = pty.openpty()
        size = {"LINES": str(len(first.rows)), "COLUMNS": str(first.columns)}
        env: Mapping[str, str] = os.environ | size | {"TERM": term, "LC_ALL": "C.UTF-8"}
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.curses_same", file.name],
            cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        try:
            for _ in screens:
                stream = _until_mark(master)
                found.append((stream, (time.perf_counter() - begin) * 1000))
                begin = time.perf_counter()
                os.write(master, NEXT)
        finally:
            os.close(master)
            process.wait(10)
    return found


def _until_mark(master: int) -> bytes:
    stream = bytearray()
    while not stream.endswith(MARK):
        data = b""
        with suppress(OSError):  # how a pty says that the other end is closed
            data = os.read(master, 1 << 16)
        if not data:
            raise Differs(f"curses ended: {bytes(stream[-400:])!r}")
        stream += data
    return bytes(stream.removesuffix(MARK))


# in the pty ------------------------------------------------------------------------------------


def paint(path: Path) -> None:
    """Paint the screens of a file one after the other with everything curses has: hardware
    scrolling, insertion and deletion of cells and lines."""
    import curses
    import locale

    locale.setlocale(locale.LC_ALL, "")
    screens = json.loads(path.read_text(encoding="utf-8"))
    window = curses.initscr()
    curses.start_color()
    curses.use_default_colors()
    curses.raw()
    curses.noecho()
    curses.nonl()
    window.idlok(True)
    pairs: dict[tuple[int, int], int] = {}
    attributes = {
        "bold": curses.A_BOLD,
        "italics": curses.A_ITALIC,
        "underscore": curses.A_UNDERLINE,
        "reverse": curses.A_REVERSE,
        "blink": curses.A_BLINK,
    }

    def pair(fg: int, bg: int) -> int:
        if (fg, bg) == (-1, -1):
            return 0
        if (fg, bg) not in pairs:
            pairs[fg, bg] = len(pairs) + 1
            curses.init_pair(pairs[fg, bg], fg, bg)
        return curses.color_pair(pairs[fg, bg])

    visible: bool | None = None
    for rows, cursor, wanted, _ in screens:
        for y, runs in enumerate(rows):
            x = 0
            for text, fg, bg, flags in runs:
                look = pair(_number(fg), _number(bg))
                for flag in flags:
                    look |= attributes[flag]
                with suppress(curses.error):  # the last cell: painted, but the cursor cannot go on
                    window.addstr(y, x, text, look)
                x = window.getyx()[1]
        if wanted != visible:
            visible = wanted
            curses.curs_set(1 if wanted else 0)
        window.move(*cursor)
        window.refresh()
        os.write(1, MARK)
        os.read(0, 1)
    curses.endwin()


def _number(colour: str) -> int:
    """The number of a colour by pyte's name; -1 is the terminal's own."""
    if colour == "default":
        return -1
    bright = colour.removeprefix("bright")
    if bright in _COLOURS:
        return _COLOURS.index(bright) + 8 * (bright != colour)
    return 16 + FG_BG_256[16:].index(colour)


if __name__ == "__main__":
    paint(Path(sys.argv[1]))
