"""Both streams of a tapped program in emulators: every cell and attribute alike at every frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyte
from pty_session import _FOREIGN

SCRIBBLE = "\x1b[0;1;35mmarie@caisse:~$ \x1b[3;9r\x1b[2;2Hls -l\x1b[2J\x1b[5;5Hfichier\x1b[4;60H"
"""what a shell may leave while the program is put aside: text, colours, margins"""


class Replay:
    """frames: how many pictures were compared. resumes: how many of them after a suspension."""

    def __init__(self, log: Path) -> None:
        self.frames = self.resumes = self.plain_bytes = self.thin_bytes = 0
        self._left = False
        self._resize(80, 24)
        for line in log.read_text(encoding="utf-8").splitlines():
            self._obey(*json.loads(line))

    def _resize(self, width: int, height: int) -> None:
        self.plain, self.thin = pyte.Screen(width, height), pyte.Screen(width, height)
        self._whole = False
        for screen in (self.plain, self.thin):
            screen.reset_mode(7, private=True)

    def _obey(self, kind: str, *values: Any) -> None:
        if kind == "size":
            self._resize(*values)
        elif kind == "plain":
            (frame,) = values
            feeds, last = frame.count("\n"), self.plain.lines - 1
            if feeds > last:  # drawn for the size the window had before: it scrolls, for a moment
                self._whole = False
            elif feeds == last and frame.startswith("\x1b[1;1H"):
                self._whole = True
            self.plain_bytes += len(frame.encode())
            pyte.Stream(self.plain).feed(frame)
        elif kind == "thin":
            (text,) = values
            self.thin_bytes += len(text.encode())
            pyte.Stream(self.thin).feed(_FOREIGN.sub("", text))
        elif kind == "left":
            pyte.Stream(self.thin).feed(SCRIBBLE)
            self._left = True
        elif kind == "shown" and self._whole:  # after a resize terminals show what they like
            self.frames += 1
            self.resumes += self._left
            self._left = False
            assert_same(self.plain, self.thin)


def assert_same(wanted: pyte.Screen, screen: pyte.Screen) -> None:
    """Every cell with its attributes, and the place of the cursor."""
    for y in range(wanted.lines):
        for x in range(wanted.columns):
            assert screen.buffer[y][x] == wanted.buffer[y][x], (
                f"row {y + 1} column {x + 1}: {screen.buffer[y][x]} for {wanted.buffer[y][x]}\n"
                + "\n".join(screen.display)
                + "\n---- wanted ----\n"
                + "\n".join(wanted.display)
            )
    at = (screen.cursor.y, screen.cursor.x)
    assert at == (wanted.cursor.y, wanted.cursor.x)
