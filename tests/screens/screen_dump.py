"""What the tests of screens share: the rows as a person sees them, and an app to host widgets."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from codial_tui.widgets.theme import COLOUR, Look


def screen_text(app: App[Any]) -> list[str]:
    """The rows on the terminal, top first, without the blanks at their ends.

    Fails on a row wider than the terminal.
    """
    strips = app.screen._compositor.render_strips()
    rows = ["".join(segment.text for segment in strip) for strip in strips]
    for number, row in enumerate(rows, 1):
        assert cell_len(row) <= app.size.width, f"row {number} has {cell_len(row)} cells: {row!r}"
    return [row.rstrip() for row in rows]


def style_at(app: App[Any], column: int, row: int) -> str:
    """The style of one cell (counted from 0) as Rich writes it: `black on cyan`."""
    at = 0
    for segment in app.screen._compositor.render_strips()[row]:
        at += cell_len(segment.text)
        if column < at:
            return str(segment.style or "")
    return ""


def assert_snapshot(app: App[Any], name: str) -> None:
    """Compares the screen with `snapshots/NAME.txt`; UPDATE_SNAPSHOTS=1 writes it instead."""
    path = Path(__file__).with_name("snapshots") / f"{name}.txt"
    shown = "\n".join(screen_text(app)) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


class Host(App[Any]):
    """A program of one screen, as the real one sets the toolkit up."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = []

    def __init__(self, screen: Screen[Any], look: Look = COLOUR) -> None:
        super().__init__(ansi_color=True)
        self.first = screen
        self.look = look
        self.bells = 0

    def get_default_screen(self) -> Screen[Any]:
        return self.first

    def bell(self) -> None:
        self.bells += 1


class Heard:
    """A mixin that keeps the notices a screen was told, in order."""

    def keep(self, notice: Message) -> None:
        if not hasattr(self, "heard"):
            self.heard: list[Message] = []
        self.heard.append(notice)


async def burst(app: App[Any], *names: str) -> None:
    """Keys that arrive in one write, as from a scanner: none waits for what another does."""
    from textual.events import Key
    from textual.keys import _character_to_key

    for name in names:
        character = name if len(name) == 1 else {"enter": "\r", "space": " "}.get(name)
        key = _character_to_key(name) if len(name) == 1 else name
        app.post_message(Key(key, character))
    await asyncio.sleep(0)
