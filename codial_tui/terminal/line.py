"""The bytes on their way: written by the toolkit's writer thread, counted, never in the way.

Stock Textual queues thirty writes and then blocks the event loop. On a line that is dead but not
closed that would keep even SIGHUP from being heard; so the driver looks at `backlog` first.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from threading import Condition


class Line:
    """What the writer thread takes for a file. drained: called in its thread when all is out."""

    def __init__(self, descriptor: int, drained: Callable[[], None]) -> None:
        self._descriptor = _own(descriptor)
        self._drained = drained
        self._changed = Condition()
        self._waiting = 0
        self._lost = False

    @property
    def backlog(self) -> int:
        """Writes that the terminal has not taken yet."""
        return self._waiting

    def expect(self) -> None:
        """A write is about to be queued."""
        with self._changed:
            self._waiting += 1

    def write(self, text: str) -> None:
        """Write all of it, in the writer thread. A terminal that is gone takes nothing more: its
        SIGHUP ends the program, a fault in this thread would only hide that."""
        if not self._lost:
            try:
                self._write(text.encode("utf-8", "replace"))
            except OSError:
                self._lost = True
        with self._changed:
            self._waiting -= 1
            last = not self._waiting
            self._changed.notify_all()
        if last:
            self._drained()

    def _write(self, data: bytes) -> None:
        while data and not self._lost:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # look from time to time whether there is still any hope
                select.select([], [self._descriptor], [], 0.1)

    def flush(self) -> None:
        """Nothing is kept back."""

    def fileno(self) -> int:
        return self._descriptor

    def finish(self, seconds: float) -> None:
        """Let the rest go out; what a stuck terminal does not take in this time is thrown away."""
        with self._changed:
            done = self._changed.wait_for(lambda: not self._waiting, seconds)
        if not done:
            self._lost = True

    def again(self) -> None:
        """The terminal is there (again)."""
        self._lost = False


def _own(descriptor: int) -> int:
    """The same terminal, opened for ourselves so that a write never blocks: the flag belongs to
    the open file, which stdin and the shell share. The given one where that is not allowed."""
    try:
        name = os.ttyname(descriptor)
        return os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return descriptor
