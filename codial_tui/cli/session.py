"""`session`: the screens for one user, as sshd runs it (docs/deploy-ssh.md).

Its line in `authorized_keys` is made by `users authorize`. Who comes in this way has the screens
and nothing else: the environment is cleared before anything is imported that would obey it, and
what the client asked to run instead is refused.
"""

from __future__ import annotations

import argparse
import os

from . import verb


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "session", session, "ouvre l'écran d'un utilisateur, pour sshd")
    one.add_argument("login", type=verb.typed, metavar="LOGIN", help="qui est au clavier")
    one.set_defaults(screen="", ref="")


def session(options: argparse.Namespace) -> int:
    """The screens as the user of the forced command, whatever the connection says."""
    import time

    from codial_tui.terminal.confinement import confine

    asked = confine(os.environ)
    time.tzset()  # a client's TZ would date documents
    os.umask(0o077)
    from codial_tui.errors import refuse

    if asked:
        raise refuse("session.command", "Cette clé n'ouvre que les écrans", "ssh sans commande")
    from . import screens

    screens.check_terminal("ssh -t demande un terminal")
    from codial_tui.bootstrap import open_program

    program = open_program(options.database, login=options.login, confined=True)
    return screens.show(program, options)
