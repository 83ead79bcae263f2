"""Sessions: who is at the keyboard of this program, from its start to its end."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime

from codial_tui.errors import DatabaseRefused
from codial_tui.models.database import Database

from .context import Context, User


def start(
    database: Database, *, program: str, clock: Callable[[], datetime], login: str
) -> Context:
    """A session of a user on an open database; the first user of a fresh one administers it."""
    dialect = database.dialect
    token = database.liveness.token
    context = Context(
        dialect, User(0, login, login, login[:2].upper()), token, 0, database.liveness.alive, clock
    )
    with dialect.write():
        context.user = _user(context, login)
        context.session_id = dialect.insert(
            "session",
            {
                "token": token,
                "user_id": context.user.id,
                "user_name": context.user.name,
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "terminal": os.environ.get("TERM", ""),
                "program": program,
                "started_at": context.now,
                "active_at": context.now,
            },
        )
    context.edition = str(dialect.value("SELECT edition FROM company WHERE id = 1", (), ""))
    return context


def _user(context: Context, login: str) -> User:
    dialect = context.database
    row = dialect.row(
        "SELECT id, name, initials, role, active FROM app_user WHERE login = ?", (login,)
    )
    if row is None:
        first = dialect.value("SELECT COUNT(*) FROM app_user") == 0
        name = login.replace(".", " ").title()
        initials = "".join(part[0] for part in name.split())[:3].upper() or "?"
        role = "admin" if first else "user"
        values = {"uid": context.uid(), "login": login, "name": name}
        user_id = dialect.insert("app_user", {**values, "initials": initials, "role": role})
        return User(user_id, login, name, initials, role, frozenset())
    if not row[4]:
        raise DatabaseRefused(f"L'utilisateur {login} est désactivé", "demandez à l'administrateur")
    rights = dialect.rows("SELECT name FROM user_right WHERE user_id = ?", (row[0],))
    return User(row[0], login, row[1], row[2], row[3], frozenset(right[0] for right in rights))


def end(context: Context) -> None:
    """End the session and give its locks back."""
    with context.database.write():
        context.database.execute(
            "UPDATE session SET ended_at = ? WHERE id = ?", (context.now, context.session_id)
        )
        context.database.execute(
            "UPDATE document SET lock_token = NULL WHERE lock_token = ?", (context.session,)
        )
