"""Not more on the line than it carries: after a long frame, wait until the terminal has it."""

from __future__ import annotations

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable

QUESTION = "\x1b[6n"
"""where is the cursor? Every terminal since the VT100 answers, after all that came before"""
PATIENCE = 1.0
"""seconds after which a terminal is taken for one that does not answer, for good"""


class Flow:
    """Whether frames may go out. free: called when they may again.

    A terminal that has never answered is not waited for (a recorder, a plain pty): the first
    question only finds out. All on the loop thread.
    """

    def __init__(self, loop: AbstractEventLoop, free: Callable[[], None]) -> None:
        self._loop, self._free = loop, free
        self._timer: TimerHandle | None = None
        self._answers = False
        self._hopeless = False

    @property
    def held(self) -> bool:
        """The terminal is still busy with the last long frame."""
        return self._timer is not None and self._answers

    def question(self) -> str:
        """What to send behind a long frame; from now on frames wait for the answer."""
        if self._hopeless or self._timer is not None:
            return ""
        self._timer = self._loop.call_later(PATIENCE, self._give_up)
        return QUESTION

    def answered(self) -> None:
        self._answers = True
        self.forget()
        self._free()

    def forget(self) -> None:
        """Wait no longer: the terminal was left."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _give_up(self) -> None:
        self._hopeless = True
        self.forget()
        self._free()
