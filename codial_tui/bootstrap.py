"""Composition root: open and migrate the database, know who is at the keyboard → Context."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from codial_tui.config import default_database_url
from codial_tui.models.database import Database, open_database
from codial_tui.services.context import Context, utc_now
from codial_tui.services.sessions import check_owner, end, start

__all__ = ["Program", "login_name", "open_program", "start"]


class Program:
    """One running program on one database. `context` is what services take."""

    def __init__(self, database: Database, context: Context) -> None:
        self.database = database
        self.context = context

    def close(self) -> None:
        """End the session; a program that is killed leaves that to its life sign."""
        end(self.context)
        self.database.close()


def login_name() -> str:
    """The program user: whose account this process has. Not LOGNAME or USER (`getpass.getuser`),
    which anybody can set; a forced command names its user itself."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def open_program(
    url: str | None = None,
    *,
    create: bool = False,
    program: str = "tui",
    clock: Callable[[], datetime] = utc_now,
    login: str | None = None,
    confined: bool = False,
) -> Program:
    """Open the database (default: the user's own) and start a session on it.

    confined: for `login`, as a forced command says; the account must own the database. Raises
    DatabaseRefused with the remedy; the file is then untouched.
    """
    if confined:
        check_owner(url or default_database_url())
    database = open_database(url or default_database_url(), create=create)
    try:
        context = start(
            database, program=program, clock=clock, login=login or login_name(), confined=confined
        )
    except BaseException:
        database.close()
        raise
    return Program(database, context)
