"""`users`: who works with the program."""

from __future__ import annotations

import argparse

from . import verb


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


def listing(options: argparse.Namespace) -> int:
    from codial_tui.services import users

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
    from codial_tui.services import users

    with verb.database(options) as context:
        users.add(context, options.login, options.name, options.role, options.initials)
    result = {"login": options.login, "role": options.role}
    verb.say(options, result, f"{options.login} ajouté, {users.ROLES[options.role]}")
    return 0


def role(options: argparse.Namespace) -> int:
    from codial_tui.services import users

    with verb.database(options) as context:
        users.set_role(context, options.login, options.role)
    result = {"login": options.login, "role": options.role}
    verb.say(options, result, f"{options.login} : {users.ROLES[options.role]}")
    return 0
