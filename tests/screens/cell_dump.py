"""The cells of the screen with their attributes, as an emulator has them, and as short text.

    14  ► 1.2    RACC12    Coude 90°
        0-79 black on cyan

Rows are numbered as people count them; a row of default cells has no second line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pyte
from pyte.screens import Char
from rich.color import ColorSystem
from textual.app import App


def cells(app: App[Any]) -> list[list[Char]]:
    """Every cell, row by row, after the frame went through an emulator in 16 colours."""
    width, height = app.size
    screen = pyte.Screen(width, height)
    stream = pyte.Stream(screen)
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        text = "".join(
            segment.style.render(segment.text, color_system=ColorSystem.STANDARD)
            if segment.style
            else segment.text
            for segment in strip
        )
        stream.feed(f"\x1b[{y + 1};1H{text}")
    return [[screen.buffer[y][x] for x in range(width)] for y in range(height)]


def attributes(cell: Char) -> str:
    """`bold black on cyan`, "" for the terminal's default."""
    words = [
        name
        for name, is_set in (
            ("bold", cell.bold),
            ("reverse", cell.reverse),
            ("underline", cell.underscore),
        )
        if is_set
    ]
    if (cell.fg, cell.bg) != ("default", "default"):
        words += [cell.fg, "on", cell.bg]
    return " ".join(words).replace("brown", "yellow")  # as the emulator calls it


def runs(row: list[Char]) -> Iterator[tuple[int, int, str, str]]:
    """First and last column, attributes and text of each run of cells that look the same."""
    at = 0
    for looks, group in groupby(row, attributes):
        text = "".join(cell.data for cell in group)
        size = len(text) if text.isascii() else sum(1 for _ in text)
        yield at, at + size - 1, looks, text
        at += size


def dump(app: App[Any]) -> str:
    """The screen as short text."""
    lines = []
    for number, row in enumerate(cells(app), 1):
        lines.append(f"{number:2}  {''.join(cell.data for cell in row)}".rstrip())
        shown = ", ".join(f"{first}-{last} {looks}" for first, last, looks, _ in runs(row) if looks)
        if shown:
            lines.append(f"    {shown}")
    return "\n".join(lines) + "\n"


def assert_cells(app: App[Any], name: str) -> None:
    """Compares the screen with `snapshots/NAME.txt`; UPDATE_SNAPSHOTS=1 writes it instead."""
    path = Path(__file__).with_name("snapshots") / f"{name}.txt"
    shown = dump(app)
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
