"""Which running programs are alive, told by the operating system (design.md §3).

A hang-up ends a process without any clean-up, so nothing that has to be written at the end can be
trusted. Each program holds an OS lock for as long as it lives; a document lock whose program's
OS lock is gone is dead.
"""

from __future__ import annotations

import fcntl
import os
from abc import ABC, abstractmethod
from pathlib import Path


class Liveness(ABC):
    """The life sign of this program, and the look at the others'. token: 32 hex digits."""

    def __init__(self, token: str) -> None:
        self.token = token

    @abstractmethod
    def alive(self, token: str) -> bool:
        """Whether the program that took this token still runs."""

    @abstractmethod
    def close(self) -> None:
        """Give the life sign up."""


class FileLiveness(Liveness):
    """One file a program, in a folder beside the SQLite database, under `flock`."""

    def __init__(self, folder: Path, token: str) -> None:
        super().__init__(token)
        self._folder = folder
        folder.mkdir(exist_ok=True)
        # Locked before it gets its name: a file that can be seen is held, or its owner is dead.
        fresh = folder / f".{token}"
        self._descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        fresh.rename(folder / token)
        os.register_at_fork(after_in_child=self._forget)

    def alive(self, token: str) -> bool:
        if token == self.token:
            return self._descriptor >= 0
        path = self._folder / Path(token).name
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # lookers do not collide
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        path.unlink(missing_ok=True)
        return False

    def close(self) -> None:
        if self._descriptor >= 0:
            (self._folder / self.token).unlink(missing_ok=True)
            self._forget()

    def _forget(self) -> None:
        """Also run in a forked child, which would else keep the lock of a dead parent."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
