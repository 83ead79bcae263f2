"""Textual with nothing in it: what start, memory and keystrokes are compared with.

`python -m bench.blank` shows one word; `python -m bench.blank input` one Input with a steady caret.
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Input, Static

READY = "PRET"


class Blank(App[None]):
    """One word."""

    def compose(self) -> ComposeResult:
        yield Static(READY)


class BlankInput(App[None]):
    """One field; no blinking, which would send bytes while something else is timed."""

    def compose(self) -> ComposeResult:
        yield Input(READY, select_on_focus=False)

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.focus()


if __name__ == "__main__":
    (BlankInput if "input" in sys.argv[1:] else Blank)().run()
