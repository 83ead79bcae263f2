"""`document close|reopen|drop`: the life of a work order."""

from __future__ import annotations

import argparse

from . import verb


def register(own: verb.Verbs) -> None:
    for name, run, words in (
        ("close", close, "termine un bon d'intervention : ses pièces sortent du stock"),
        ("reopen", reopen, "rouvre un bon d'intervention que rien ne facture"),
        ("drop", drop, "classe un bon d'intervention sans suite"),
    ):
        one = verb.add(own, name, run, words)
        one.add_argument("ref", metavar="REF", type=verb.typed)
    one = verb.add(own, "complete", complete, "ajoute à un bon d'intervention le rapport reçu")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument(
        "file", metavar="FICHIER", help="JSON : visits, machine, parts_used ; - : entrée"
    )


def complete(options: argparse.Namespace) -> int:
    """Times, parts and work of a technician; prints the shape of `document show`."""
    from codial_tui.exchange.documents import parse_document
    from codial_tui.services.documents import completing

    from .document import answer, content

    request = parse_document(content(options.file), "work_order")
    with verb.database(options) as context:
        answer(options, context, completing.complete(context, options.ref, request))
    return 0


def close(options: argparse.Namespace) -> int:
    return _run(options, "close")


def reopen(options: argparse.Namespace) -> int:
    return _run(options, "reopen")


def drop(options: argparse.Namespace) -> int:
    return _run(options, "drop")


def _run(options: argparse.Namespace, what: str) -> int:
    """Prints the work order in the shape of `document show`."""
    from codial_tui.services.documents import documents
    from codial_tui.services.maintenance import closing

    from .document import answer

    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        answer(options, context, getattr(closing, what)(context, document.id))
    return 0
