"""Writers of one SQLite file queue here (design.md §3).

SQLite makes waiting writers sleep and retry, which starves a counter user beside an import; the
kernel serves waiters of one `flock` in order.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class TurnTimeout(Exception):
    """Nobody gave the turn back in time."""


@contextmanager
def turn(path: Path, timeout: float) -> Iterator[None]:
    """Hold the turn file of a database. Raises TurnTimeout after `timeout` seconds.

    The file is opened anew each time: a descriptor shared with a forked process would share the
    lock with it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    waiter = None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiter = _Waiter(descriptor)
            if not waiter.wait(timeout):
                raise TurnTimeout from None
        yield
    finally:
        if waiter is None or waiter.leave():
            os.close(descriptor)


class _Waiter:
    """Blocks in order of arrival, in a thread because `flock` knows no time limit.

    When nobody waits any more, the thread closes the descriptor as soon as it gets the lock.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._done, self._mutex = threading.Event(), threading.Lock()
        self._left = False
        threading.Thread(target=self._block, daemon=True, name="turn").start()

    def _block(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._mutex:
            self._done.set()
            if self._left:
                os.close(self._descriptor)

    def wait(self, timeout: float) -> bool:
        return self._done.wait(timeout)

    def leave(self) -> bool:
        """Whether the caller is to close the descriptor; else the thread will."""
        with self._mutex:
            self._left = True
            return self._done.is_set()
