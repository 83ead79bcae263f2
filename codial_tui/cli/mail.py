"""`mail`: the queue of messages, and the server they leave by."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict

from . import verb

SECURITIES = ("starttls", "tls", "none")


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "mail", "envoie les courriels en attente")
    one = verb.add(own, "setup", setup, "dit par quel serveur ils partent")
    one.add_argument("--host", required=True, type=verb.typed, metavar="SERVEUR")
    one.add_argument("--port", type=int, default=0, metavar="N", help="sinon celui d'usage")
    one.add_argument("--security", choices=SECURITIES, default="starttls")
    one.add_argument("--user", type=verb.typed, default="", metavar="NOM")
    verb.add(own, "send", send, "envoie ce qui attend (mot de passe : CODIAL_TUI_SMTP_PASSWORD)")
    verb.add(own, "list", listing, "montre la file")


def setup(options: argparse.Namespace) -> int:
    from codial_tui.services.paper import mailing

    with verb.database(options) as context:
        mailing.configure(context, options.host, options.security, options.port, options.user)
    verb.say(options, {"host": options.host}, f"Les courriels partent par {options.host}")
    return 0


def send(options: argparse.Namespace) -> int:
    """1 when a message could not be sent: it waits and is tried again by a later run."""
    from codial_tui.services.paper import mailing

    with verb.database(options) as context:
        done = mailing.send(context, os.environ.get(mailing.PASSWORD, ""))
    words = f"{done.sent} envoyés" + (f", {done.failed} à réessayer" if done.failed else "")
    verb.say(options, asdict(done), words)
    return 1 if done.failed else 0


def listing(options: argparse.Namespace) -> int:
    from codial_tui.services.paper import mailing

    with verb.database(options) as context:
        found = mailing.queue(context)
    lines = [(one.at[:16], one.state, one.recipient, one.subject, one.error) for one in found]
    result = {"messages": [asdict(one) for one in found]}
    verb.say(options, result, *(verb.table(lines) if lines else ["Aucun."]))
    return 0
