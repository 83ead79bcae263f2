"""Errors shown to people: a title, what to do about it, in French.

Low-level errors are translated into these at the layer border (models/dialect.py, exchange,
printing); screens show `text` on the reading row, the command line prints it and exits.
"""

from __future__ import annotations

from .domain.problems import Problem


class CodialError(Exception):
    """Something a person must know. title: what happened · remedy: what to do."""

    def __init__(self, title: str, remedy: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.remedy = remedy

    @property
    def text(self) -> str:
        return f"{self.title} · {self.remedy}" if self.remedy else self.title


class Refused(CodialError):
    """A rule said no. Carries every problem; nothing was written. Exit code 1."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message, problems[0].remedy)
        self.problems = problems


class DatabaseRefused(CodialError):
    """The database cannot be opened or used; the file was not touched."""


class Unreadable(CodialError):
    """Input that is no input: wrong usage, unreadable file. Exit code 2."""


class LockLost(CodialError):
    """The document is no longer ours to write: somebody took it over, or it changed."""


def refuse(code: str, message: str, remedy: str = "", field: str = "") -> Refused:
    """A `Refused` with one problem, ready to raise."""
    return Refused(Problem(code, field, message, remedy))
