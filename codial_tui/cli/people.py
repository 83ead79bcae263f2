"""`users`: who works with the program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import verb

if TYPE_CHECKING:
    from codial_tui.domain.ssh_keys import PublicKey


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "users", "liste, ajoute les utilisateurs, change leur rôle")
    verb.add(own, "list", listing, "liste les utilisateurs")
    one = verb.add(own, "add", add, "ajoute un utilisateur")
    one.add_argument("login", type=verb.typed, metavar="LOGIN", help="nom de connexion au système")
    one.add_argument("--name", type=verb.typed, default="", metavar="NOM")
    one.add_argument("--initials", type=verb.typed, default="", metavar="SIGLE")
    one.add_argument("--role", default="user", metavar="RÔLE", help="user ou admin")
    one = verb.add(own, "role", role, "change le rôle d'un utilisateur")
    one.add_argument("login", type=verb.typed, metavar="LOGIN")
    one.add_argument("role", metavar="RÔLE", help="user ou admin")
    one = verb.add(own, "authorize", authorize, "écrit la ligne authorized_keys d'une clé SSH")
    one.add_argument("login", type=verb.typed, metavar="LOGIN")
    one.add_argument("key", metavar="CLÉ.pub", help="fichier de la clé publique, - pour l'entrée")


def listing(options: argparse.Namespace) -> int:
    from codial_tui.services.records import users

    with verb.database(options) as context:
        found = users.listed(context)
    for one in found:
        one["active"] = bool(one["active"])
    lines = [
        (one["login"], one["initials"], one["name"], users.ROLES.get(one["role"], one["role"]))
        for one in found
    ]
    verb.say(options, {"users": found}, *verb.table(lines))
    return 0


def add(options: argparse.Namespace) -> int:
    from codial_tui.services.records import users

    with verb.database(options) as context:
        users.add(context, options.login, options.name, options.role, options.initials)
    result = {"login": options.login, "role": options.role}
    verb.say(options, result, f"{options.login} ajouté, {users.ROLES[options.role]}")
    return 0


def role(options: argparse.Namespace) -> int:
    from codial_tui.services.records import users

    with verb.database(options) as context:
        users.set_role(context, options.login, options.role)
    result = {"login": options.login, "role": options.role}
    verb.say(options, result, f"{options.login} : {users.ROLES[options.role]}")
    return 0


def authorize(options: argparse.Namespace) -> int:
    """The line goes to standard output alone, so that it can be appended with `>>`."""
    from codial_tui.config import default_database_url
    from codial_tui.services.records import users

    key = _key(options.key)
    url = options.database or default_database_url()
    command = _session_command(url)
    with verb.database(options) as context:
        made = users.authorize(context, options.login, key, command)
    result = {
        "login": made.login,
        "algorithm": key.algorithm,
        "fingerprint": key.fingerprint,
        "line": made.line,
    }
    verb.say(options, result, made.line)
    for warning in _exposed(url):
        sys.stderr.write(f"! {warning}\n")
    return 0


def _key(file: str) -> PublicKey:
    """The key in a file. Raises Unreadable for what is no key, Invalid for one not to be used."""
    from codial_tui.domain.problems import Invalid
    from codial_tui.domain.ssh_keys import LIMIT, UNREADABLE, parse_key
    from codial_tui.errors import Unreadable, system_words

    try:
        if file == "-":
            content = sys.stdin.buffer.read(LIMIT + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        why = system_words(error) if isinstance(error, OSError) else "nom impossible"
        raise Unreadable(f"{file} : {why}", "donnez le fichier .pub") from error
    try:
        return parse_key(content)
    except Invalid as error:
        problem = error.problems[0]
        if problem.code != UNREADABLE:
            raise
        raise Unreadable(problem.message, problem.remedy) from error


def _session_command(url: str) -> list[str]:
    """What sshd is to run, by absolute paths. `-I`: no PYTHON* variable, no module of the
    account's own or of the current folder. Raises Refused when that finds no program."""
    import subprocess

    from codial_tui.errors import refuse
    from codial_tui.models.database import is_server, sqlite_path

    if is_server(url) and "@" in url and ":" in url.rpartition("@")[0].partition("://")[2]:
        raise refuse("session.password", "Un mot de passe se lirait dans ps", "~/.pgpass")
    program = [sys.executable, "-I", "-m", "codial_tui"]
    found = subprocess.run([*program, "--version"], capture_output=True, cwd="/", check=False)
    if found.returncode:
        raise refuse("session.program", "Le programme n'est pas installé", "pipx install .")
    where = url if is_server(url) else str(sqlite_path(url).resolve())
    return [*program, "--database", where, "session"]


def _exposed(url: str) -> list[str]:
    """What others than the account could read (docs/deploy-ssh.md)."""
    from codial_tui.models.database import is_server, sqlite_path

    if is_server(url):
        return []
    path = sqlite_path(url)
    wanted = ((path, 0o600), (path.parent, 0o700))
    return [f"chmod {mode:o} {one}" for one, mode in wanted if one.stat().st_mode & 0o077]
