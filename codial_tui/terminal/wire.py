"""The output driver: of each frame of Textual, only what differs reaches the terminal.

At the public boundary `App(driver_class=…)`: a frame is one `write` that starts with a cursor
position; any other write passes through. `cells` draws the frame on the wanted screen,
`difference` finds the bytes. Everything here runs on the loop thread, signals too.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType
from typing import Any, cast

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from .capabilities import capabilities
from .cells import Cells, Palette
from .difference import difference
from .environment import forced
from .flow import Flow
from .keys import EndOfInput
from .line import Line
from .strokes import Shapes

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
SYNC_FROM = 200
"""bytes from which a frame is worth the sixteen that keep it from being seen half drawn"""
ASK_FROM = 500
"""bytes from which a frame is followed by a question (flow.py)"""
PART = 0.05
"""seconds that a picture may stay incomplete, after the start or in a new size"""
FULL, KEPT = 20, 1_000
"""writes that may wait for a terminal (Textual's queue takes 30), and characters kept after them:
bells, and what is said on leaving"""
LAST_WORDS = 1.0
"""seconds that a stuck terminal has to take the end of the output"""

TRACK = "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
UNTRACK = "\x1b[?1006l\x1b[?1002l\x1b[?1000l"
"""Buttons and what moves while one is held, in decimal (SGR): what a drawing needs, no more."""
PIXELS, CELLS = "\x1b[?1016h", "\x1b[?1016l"
"""Where in its cell the pointer is, of terminals that tell their size in pixels."""
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h\x1b[2 q"
"""The terminal's own cursor; shown it is a block that does not blink."""

_FRAME = re.compile(r"\x1b\[[0-9;]*H")
_UNSETTLES = re.compile(r"\x1b\[\?(?:47|104[79])[hl]|\x1b\[[0-3]?J|\x1bc")
_QUESTION = re.compile(r"\x1b\[(?:\?[0-9]+\$p|<u)\Z")


class CellDiffDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, thin."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._events = asyncio.get_running_loop()
        self._line = Line(sys.__stderr__.fileno(), self._drained)  # type: ignore[union-attr]
        self._file = cast("Any", self._line)  # what the writer thread writes to
        self._can = capabilities(os.environ.get("TERM", ""))
        self._palette = Palette()
        self._shapes = Shapes(self._palette, self._can)
        self._wanted = Cells(*app.size)
        self._sent: Cells | None = None
        self._pen = 0
        self._at: tuple[int | None, int | None] = (None, None)
        self._synchronised = False
        self._up = False
        self._late = False
        self._whole = False
        self._tracking = self._in_pixels = False
        self._kept = ""
        self._flow = Flow(self._events, self._catch_up)
        self._events.add_signal_handler(signal.SIGTSTP, self._suspend)
        self._events.add_signal_handler(signal.SIGCONT, self._resume)

    # frames ------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        if data in (SYNC_START, SYNC_END):
            self._synchronised = True  # the terminal said it can; `_show` brackets what is long
        elif _FRAME.match(data):
            self._take(data)
        elif self._reaches(data):
            if data == HIDE and getattr(self._app, "shows_cursor", False):
                data = SHOW
            if _UNSETTLES.search(data):
                self._forget()
            self._send(data)

    def _reaches(self, data: str) -> bool:
        """Whether what is no frame is sent: no questions, titles or clipboards that the terminal
        would print, no shape of a mouse pointer that nobody uses."""
        if data.startswith("\x1b]22;") and not self._mouse:
            return False
        return self._can.queries or not (_QUESTION.match(data) or data.startswith("\x1b]"))

    def _take(self, frame: str) -> None:
        size = self._app.size
        if size != (self._wanted.width, self._wanted.height):
            self._wanted = self._wanted.resized(*size)
            self._whole = False
            self._forget()
        self._wanted.draw(frame, self._palette)
        self._wanted.settle()
        if self._whole or self._covers(frame):
            self._whole = True
            self._show()
        else:
            self._late = True
            self._events.call_later(PART, self._show_part)

    def _covers(self, frame: str) -> bool:
        """Whether the frame draws every row. The first one of a start does not: the toolkit draws
        the screen while it still holds frames back, then only what has changed since, and all of
        it a frame later. One picture is sent, when it is complete."""
        return frame.startswith("\x1b[1;1H") and frame.count("\n") + 1 >= self._wanted.height

    def _show_part(self) -> None:
        self._whole = True
        self._catch_up()

    def _show(self) -> None:
        """Send what differs, unless the terminal is still busy: then when it is not."""
        if not self._up or not self._whole or self._flow.held or self._line.backlog > 1:
            self._late = True
            return
        self._late = False
        drawn = difference(self._sent, self._wanted, self._shapes, self._pen, self._at)
        self._sent, self._pen, self._at = self._wanted.copy(), drawn.pen, drawn.at
        size = len(drawn.text.encode())
        if not size:
            return
        text = drawn.text
        if size > SYNC_FROM and self._synchronised:
            text = SYNC_START + text + SYNC_END
        self._send(text + self._flow.question() if size > ASK_FROM else text)

    def _catch_up(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, ""
            self._send(kept)
        if self._late:
            self._show()

    def _drained(self) -> None:
        """In the writer thread."""
        with suppress(RuntimeError):  # the loop is closed
            self._events.call_soon_threadsafe(self._catch_up)

    def _forget(self) -> None:
        """Nobody knows what the terminal shows."""
        self._sent, self._at = None, (None, None)

    def _send(self, text: str) -> None:
        if self._line.backlog > FULL:  # the queue behind blocks when it is full
            self._kept += text if len(self._kept) < KEPT else ""
            return
        self._line.expect()
        super().write(text)

    def repaint(self) -> None:
        """Clear the terminal and draw everything again."""
        self._forget()
        self._show()

    # answers -----------------------------------------------------------------------------------

    def process_message(self, message: Message) -> None:
        """In the input thread. Where the cursor is answers `flow`, it is nothing for the app."""
        if isinstance(message, events.CursorPosition):
            with suppress(RuntimeError):
                self._events.call_soon_threadsafe(self._flow.answered)
        else:
            if isinstance(message, events.Resize) and message.pixel_size is not None:
                self._in_pixels = True  # the parser takes pixels for granted from now on
            super().process_message(message)

    def run_input_thread(self) -> None:
        """Until the input ends: a terminal that went without a signal is a line that was cut."""
        try:
            super().run_input_thread()
        except EndOfInput:
            with suppress(RuntimeError):
                self._events.call_soon_threadsafe(getattr(self._app, "hang_up", self._app.exit))

    # the mouse ---------------------------------------------------------------------------------

    def track_mouse(self, on: bool) -> None:
        """Have the terminal report the mouse while a screen draws with it, and no longer: text
        could not be selected. Nothing to do where a user follows the mouse everywhere."""
        if on == self._tracking or self._mouse:
            return
        self._tracking = on
        if self._up:
            self._report_mouse(on)

    def _report_mouse(self, on: bool) -> None:
        pixels = (PIXELS if on else CELLS) if self._in_pixels else ""
        self._send(TRACK + pixels if on else pixels + UNTRACK)

    # coming and going --------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        self._line.again()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        writer = self._writer_thread
        if writer is None or not writer.is_alive():
            return  # in the background: the shell will call again
        self._up = True
        if self._tracking:
            self._report_mouse(on=True)
        stock = signal.getsignal(signal.SIGWINCH)
        self._events.add_signal_handler(signal.SIGWINCH, self._resized, stock)
        self._forget()
        if self._late:
            self._show()

    def _resized(self, stock: Any) -> None:
        """The window changed, or came back: a multiplexer that attaches asks for a picture."""
        cast("_Handler", stock)(signal.SIGWINCH, None)
        if tuple(os.get_terminal_size(self._line.fileno())) == tuple(self._app.size):
            self.repaint()
        else:
            self._forget()

    def stop_application_mode(self) -> None:
        if self._up:
            self._up, self._late = False, True
            self._flow.forget()
            if self._tracking:  # whatever ends the program, or stops it
                self._report_mouse(on=False)
            self._send("\x1b[m")
        super().stop_application_mode()

    def close(self) -> None:
        self._line.finish(LAST_WORDS)
        super().close()

    @property
    def can_suspend(self) -> bool:
        """Not under a forced command, which must not lead to a shell; nor without a shell that
        could bring the program back."""
        return not forced(os.environ) and os.getpgrp() != os.getsid(0)

    def _suspend(self) -> None:
        if forced(os.environ):
            return
        if self._auto_restart and self._up:
            keep = getattr(self._app, "keep_drafts", None)
            if keep is not None:
                keep()
            self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _resume(self) -> None:
        if self._auto_restart and not self._up:
            self.resume_application_mode()
            self.send_message(self.SignalResume())


class _Handler:
    """What `signal.signal` is given."""

    def __call__(self, number: int, frame: FrameType | None) -> None: ...


def driver_class(environ: Mapping[str, str], plain: bool = False) -> type[Driver] | None:
    """The driver for this environment, None for the toolkit's own: somebody chose another one
    (TEXTUAL_DRIVER, the browser server), or asked for plain output."""
    return None if plain or environ.get("TEXTUAL_DRIVER") else CellDiffDriver
