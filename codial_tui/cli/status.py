"""`status`: what becomes of electronic invoices; `export outbox` hands them over."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "status", "les statuts des factures électroniques")
    one = verb.add(own, "record", record, "enregistre un statut (200 à 213, 220, 221, 501)")
    one.add_argument("ref", type=verb.typed, metavar="FACTURE")
    one.add_argument("code", metavar="CODE")
    one.add_argument("--reason", default="", metavar="MOTIF", help="obligatoire pour 206 207 208…")
    one.add_argument("--note", default="", type=verb.typed, metavar="TEXTE")
    one.add_argument("--amount", metavar="TTC", help="de 212 : le montant encaissé")
    one.add_argument("--rate", metavar="TAUX", help="de 212 : à ce taux de TVA")
    one = verb.add(own, "list", listing, "montre les statuts d'une facture")
    one.add_argument("ref", type=verb.typed, metavar="FACTURE")
    one = verb.add(own, "read", read, "lit des fichiers de statuts CDAR, ou ceux d'un dossier")
    one.add_argument("paths", nargs="+", metavar="FICHIER|DOSSIER")


def record(options: argparse.Namespace) -> int:
    from codial_tui.domain.invoicing.statuses import STATUSES, Given
    from codial_tui.domain.problems import Invalid
    from codial_tui.domain.quantity import parse_cents, parse_percent
    from codial_tui.errors import Unreadable
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import statuses

    try:
        amount = parse_cents(options.amount) if options.amount else None
        rate = parse_percent(options.rate) if options.rate else None
    except Invalid as error:
        raise Unreadable(error.problems[0].message, error.problems[0].remedy) from error
    given = Given(options.code, options.reason.upper(), options.note, rate, amount)
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        statuses.record(context, document.id, given)
        result = _rows(statuses.listed(context, document.id))
    said = f"{document.ref} : {given.code} {STATUSES[given.code].label}"
    verb.say(options, {"ref": document.ref, "statuses": result}, said)
    return 0


def listing(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import statuses

    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        found = statuses.listed(context, document.id)
    lines = [(one.at[:10], one.code, one.label, one.reason, one.note) for one in found]
    shown = verb.table(lines) if lines else ["Aucun statut."]
    verb.say(options, {"ref": document.ref, "statuses": _rows(found)}, *shown)
    return 0


def _rows(found: Any) -> list[dict[str, Any]]:
    from codial_tui.domain.quantity import decimal_text

    return [
        {
            "code": one.code,
            "label": one.label,
            "at": one.at,
            "reason": one.reason or None,
            "note": one.note or None,
            "rate": None if one.rate is None else decimal_text(one.rate, 10_000),
            "amount": None if one.amount is None else decimal_text(one.amount, 100, minimum=2),
            "source": one.source,
        }
        for one in found
    ]


def read(options: argparse.Namespace) -> int:
    """1 when some status could not be recorded; 2 when a file cannot be read."""
    from codial_tui.errors import Unreadable
    from codial_tui.services.invoicing import statuses

    files: list[Path] = []
    for given in map(Path, options.paths):
        inside = sorted(given.glob("*.xml")) if given.is_dir() else [given]
        files += [one for one in inside if not one.is_symlink()]
    found = []
    with verb.database(options) as context:
        for path in files:
            try:
                found += statuses.read_file(context, path)
            except Unreadable:
                if len(files) == 1:
                    raise
                found.append(statuses.Outcome(path.name, "", "", "fichier illisible"))
    result = [one._asdict() for one in found]
    lines = [
        f"{one.file} : {one.number} {one.code} "
        + (f"× {one.refusal}" if one.refusal else "déjà connu" if one.known else "enregistré")
        for one in found
    ]
    verb.say(options, {"statuses": result}, *(lines or ["Aucun fichier."]))
    return 1 if any(one.refusal for one in found) else 0


def hand_over(options: argparse.Namespace) -> int:
    """`export outbox`: 1 when some invoice could not be handed over."""
    from codial_tui.errors import Unreadable
    from codial_tui.services.invoicing import outbox

    if not options.output:
        raise Unreadable("Dans quel dossier ?", "-o DOSSIER")
    with verb.database(options) as context:
        wanted = [one[0] for one in outbox.waiting(context)]
        found = list(outbox.hand_over(context, Path(options.output), wanted))
    result = [
        {
            "ref": one.ref,
            "file": str(one.path) if one.path else None,
            "problem": one.refusal or None,
        }
        for one in found
    ]
    lines = [f"{one.ref} : {one.refusal or one.path}" for one in found]
    verb.say(options, {"outbox": result}, *(lines or ["Rien à déposer."]))
    return 1 if any(one.refusal for one in found) else 0
