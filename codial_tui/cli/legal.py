"""`closing`, `journal`, `archive`, `training`: what the law on cash registers asks (CGI art. 286,
I-3° bis)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.law.closings import Closing


def register(verbs: verb.Verbs) -> None:
    group = verb.group(verbs, "closing", "clôtures de jour, mois, année, et clé qui les signe")
    one = verb.add(group, "run", run, "clôture les jours passés, puis mois et années finis")
    one.add_argument("--until", metavar="JOUR", type=verb.day, help="sinon jusqu'à hier")
    verb.add(group, "list", listed, "liste les clôtures et leurs totaux")
    verb.add(group, "rotate-key", rotate, "change la clé de signature, signée par l'ancienne")
    verb.add(group, "replace-key", replace, "remplace une clé ou un compte signé perdus")
    one = verb.add(verbs, "journal", journal, "montre le journal chaîné des événements")
    one.add_argument("--last", metavar="N", type=int, default=50, help="combien, les derniers")
    one = verb.add(verbs, "archive", archive, "écrit l'archive fiscale (zip signé)")
    one.add_argument("--year", metavar="AAAA", type=int, help="d'une année, sinon tout")
    one.add_argument("-o", "--output", metavar="FICHIER", required=True)
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    one = verb.add(verbs, "training", training, "copie la base dans une base ÉCOLE")
    one.add_argument("-o", "--output", metavar="FICHIER", required=True)


def run(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.services.law import closings

    with verb.database(options) as context:
        until = date.fromisoformat(options.until) if options.until else None
        made = closings.run(context, until)
    lines = verb.table([_row(one) for one in made], right=(2, 3, 4)) if made else []
    words = "Rien à clôturer" if not made else f"{len(made)} clôture{'s' * (len(made) > 1)}"
    verb.say(options, {"closings": [_json(one) for one in made]}, *lines, words)
    return 0


def listed(options: argparse.Namespace) -> int:
    from codial_tui.services.law import closings

    with verb.database(options) as context:
        found, waiting = closings.listed(context), closings.waiting(context)
    lines = verb.table([_row(one) for one in found], right=(2, 3, 4)) if found else []
    words = f"À clôturer : {', '.join(waiting)}" if waiting else "Rien n'attend sa clôture"
    result = {"closings": [_json(one) for one in found], "waiting": waiting}
    verb.say(options, result, *lines, words)
    return 0


def _row(one: Closing) -> tuple[str, ...]:
    from codial_tui.domain.quantity import format_cents
    from codial_tui.services.law.closings import KINDS

    said = one.figures
    count = f"{said.count} facture{'s' * (said.count > 1)}"
    amounts = (format_cents(said.gross), format_cents(one.body["perpetual"].get("gross", 0)))
    return (KINDS[one.kind], one.label, count, *amounts, one.hash[:12])


def _json(one: Closing) -> dict[str, Any]:
    names = ("kind", "period", "position", "hash", "signature", "at", "by")
    return {**{name: getattr(one, name) for name in names}, **one.body}


def rotate(options: argparse.Namespace) -> int:
    from codial_tui.services.law import signing
    from codial_tui.services.records import rights

    with verb.database(options) as context:
        rights.require(context, "settings")
        key = signing.rotate(context)
    verb.say(options, {"key": key.public}, f"Nouvelle clé {key.public[:16]}, signée par l'ancienne")
    return 0


def replace(options: argparse.Namespace) -> int:
    from codial_tui.services.law import signing
    from codial_tui.services.records import rights

    with verb.database(options) as context:
        rights.require(context, "settings")
        key = signing.replace(context)
    verb.say(options, {"key": key.public}, f"Nouvelle clé {key.public[:16]}, notée au journal")
    return 0


def journal(options: argparse.Namespace) -> int:
    from codial_tui.services.law import events

    with verb.database(options) as context:
        found = events.newest(context, max(0, options.last))[::-1]
    rows = [(str(one.position), one.at[:16], one.by, one.label, one.detail) for one in found]
    result = {"events": [one._asdict() for one in found]}
    verb.say(options, result, *(verb.table(rows, right=(0,)) if rows else ["Journal vide"]))
    return 0


def archive(options: argparse.Namespace) -> int:
    from codial_tui.services.law import archives

    with verb.database(options) as context:
        made = archives.write(
            context, Path(options.output), year=options.year, replace=options.force
        )
    words = f"{made.invoices} factures, {made.papers} PDF, {made.files} fichiers"
    verb.say(
        options, {"file": options.output, **made._asdict()}, f"Archive {options.output} : {words}"
    )
    return 0


def training(options: argparse.Namespace) -> int:
    from codial_tui.services.law import training as service

    with verb.database(options) as context:
        path = service.create(context, Path(options.output))
    words = f"Base ÉCOLE : {path} · codial-tui --database {path}"
    verb.say(options, {"file": str(path)}, words)
    return 0
