"""Sessions: who is at the keyboard of this program, from its start to its end."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime

from codial_tui.errors import DatabaseRefused
from codial_tui.models.database import Database, is_server, sqlite_path
from codial_tui.models.dialect import Dialect

from .context import Context, User
from .law import events


def start(
    database: Database,
    *,
    program: str,
    clock: Callable[[], datetime],
    login: str,
    confined: bool = False,
) -> Context:
    """A session of a user on an open database; the first user of a fresh one administers it.

    confined: of a forced command, whose user must be known. Raises DatabaseRefused.
    """
    dialect = database.dialect
    if confined:
        _check_confined(dialect, login)
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
    context.confined = confined
    events.check_clock(context)
    row = dialect.row("SELECT edition, size FROM company WHERE id = 1")
    context.edition, context.size = map(str, row or ("", ""))
    return context


def check_owner(url: str) -> None:
    """Only the account that owns a database may say who is at the keyboard: whoever else can
    write it would else choose a name. Raises DatabaseRefused."""
    if is_server(url):  # who has its password owns it
        return
    path = sqlite_path(url)
    if path.exists() and path.stat().st_uid != os.getuid():
        raise DatabaseRefused(
            f"{path} n'est pas à ce compte", "docs/deploy-ssh.md : un seul compte"
        )


def _check_confined(dialect: Dialect, login: str) -> None:
    """Who was let in by a forced command founds no company and becomes nobody new."""
    if not dialect.value("SELECT COUNT(*) FROM company"):
        raise DatabaseRefused("Pas encore de société", "l'administrateur fait codial-tui init")
    if dialect.row("SELECT 1 FROM app_user WHERE login = ?", (login,)) is None:
        raise DatabaseRefused(f"Utilisateur {login} inconnu", "demandez à l'administrateur")


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
