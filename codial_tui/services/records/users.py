"""Who works with the program: listed, added, given a role. Only administrators change that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from codial_tui.domain.ssh_keys import PublicKey, authorized_line
from codial_tui.domain.text import clean
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.documents import log_audit

ROLES = {"admin": "administrateur", "user": "utilisateur"}
LOGIN = re.compile(r"\w[\w.@+-]{0,39}")
"""A login is also the name of that user's folders: it leads nowhere else, and is no option."""


class Authorized(NamedTuple):
    """A key that opens the program as one user, and the line of `authorized_keys` that says so."""

    login: str
    key: PublicKey
    line: str


def listed(context: Context) -> list[dict[str, Any]]:
    """Every user, active or not, by login."""
    return context.database.mappings(
        "SELECT login, name, initials, role, email, active FROM app_user ORDER BY login"
    )


def add(
    context: Context, login: str, name: str = "", role: str = "user", initials: str = ""
) -> None:
    """A new user; the login is the system's. Raises Refused."""
    _administrator(context)
    login, name = clean(login), clean(name)
    if not LOGIN.fullmatch(login):
        raise refuse(
            "user.login", "Nom de connexion attendu", "lettres, chiffres, . _ @ + -", "login"
        )
    _role(role)
    name = name or login.replace(".", " ").title()
    initials = clean(initials) or "".join(word[0] for word in name.split())[:3].upper()
    with context.database.write():
        if context.database.row("SELECT 1 FROM app_user WHERE login = ?", (login,)):
            raise refuse("user.exists", f"L'utilisateur {login} existe déjà", "", "login")
        context.database.insert(
            "app_user",
            {
                "uid": context.uid(),
                "login": login,
                "name": name,
                "initials": initials,
                "role": role,
            },
        )
        log_audit(context, "user.added", {"login": login, "role": role})


def set_role(context: Context, login: str, role: str) -> None:
    """Give a user a role; the last administrator keeps theirs. Raises Refused."""
    _administrator(context)
    _role(role)
    database = context.database
    with database.write():
        row = database.row("SELECT id, role FROM app_user WHERE login = ?", (clean(login),))
        if row is None:
            raise refuse("user.unknown", f"Utilisateur {login} inconnu", "users list", "login")
        others = database.value(
            "SELECT COUNT(*) FROM app_user WHERE role = 'admin' AND active = 1 AND id <> ?",
            (row[0],),
        )
        if role != "admin" and not others:
            raise refuse("user.last_admin", "Il faut un administrateur", "nommez-en un autre")
        database.update("app_user", row[0], {"role": role})
        log_audit(context, "user.role", {"login": login, "before": row[1], "after": role})


def authorize(context: Context, login: str, key: PublicKey, command: Sequence[str]) -> Authorized:
    """The line that makes a key open the program as this user; noted in the audit log.

    command: what opens it for a user whose login is then added (docs/deploy-ssh.md). The line is
    put into the file by whoever owns the account. Raises Refused, Invalid.
    """
    _administrator(context)
    row = context.database.row("SELECT active FROM app_user WHERE login = ?", (login,))
    if row is None:
        raise refuse("user.unknown", f"Utilisateur {login} inconnu", f"users add {login}", "login")
    if not row[0] or not LOGIN.fullmatch(login):
        raise refuse("user.inactive", f"L'utilisateur {login} est désactivé", "", "login")
    line = authorized_line(key, [*command, login])
    with context.database.write():
        log_audit(context, "user.key", {"login": login, "fingerprint": key.fingerprint})
    return Authorized(login, key, line)


def _administrator(context: Context) -> None:
    if context.user.role != "admin":
        raise refuse("right.missing", "Réservé aux administrateurs", "demandez à l'un d'eux")


def _role(role: str) -> None:
    if role not in ROLES:
        raise refuse("user.role", f"Rôle « {role} » inconnu", ", ".join(ROLES), "role")
