"""`document sign` and `document report`: the signed report of a work order."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context

LARGEST = 1 << 20
"""bytes of a file of strokes"""
_AT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?")


def register(own: verb.Verbs) -> None:
    one = verb.add(own, "sign", sign, "fait signer le rapport d'un bon d'intervention")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument("--name", required=True, metavar="NOM", type=verb.typed, help="qui signe")
    one.add_argument("--at", default="", metavar="MOMENT", help="AAAA-MM-JJTHH:MM, heure locale")
    one.add_argument("--strokes", metavar="FICHIER.json", help="signature dessinée")
    one.add_argument("--layout", default="", metavar="MODÈLE", help="mise en page signée")
    one = verb.add(own, "report", report, "écrit le rapport d'un bon d'intervention en PDF")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument("-o", "--output", required=True, metavar="FICHIER.pdf")
    one.add_argument("--signed", action="store_true", help="l'original signé, tel quel")
    one.add_argument("--layout", default="", metavar="MODÈLE", help="mise en page")
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")


def sign(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents
    from codial_tui.services.maintenance import reports, returning

    strokes = _strokes(options.strokes) if options.strokes else None
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        _check_layout(context, options.layout)
        found = reports.sign(
            context,
            document.id,
            options.name,
            strokes=strokes,
            at=_moment(context, options.at),
            layout_name=options.layout,
        )
        words = reports.words(context, found)
        outcome = returning.check(context, document.id)
    result = {
        "ref": document.ref,
        "signed_at": found.signed_at,
        "signer": found.signer,
        "closed": outcome.closed,
        "differences": list(outcome.reasons),
        "strokes": len(found.strokes),
        "hash": found.hash,
    }
    told = ["Terminé"] if outcome.closed else [f"Retenu : {one}" for one in outcome.reasons]
    verb.say(options, result, f"{document.ref} : {words}", f"Empreinte {found.hash}", *told)
    return 0


def _strokes(name: str) -> Any:
    from codial_tui.errors import Unreadable, system_words
    from codial_tui.exchange.json_reader import load

    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = system_words(error) if isinstance(error, OSError) else "nom impossible"
        raise Unreadable(f"{name} ne se lit pas : {why}", "vérifiez le chemin") from error
    if len(data) > LARGEST:
        raise Unreadable(f"{name} : plus d'un mégaoctet", "200 traits et 5000 points au plus")
    return load(data)


def _moment(context: Context, text: str) -> str:
    """A local time as UTC, "" when none is given. Raises Unreadable, Invalid."""
    from datetime import datetime

    from codial_tui.domain import clock
    from codial_tui.errors import Unreadable

    if not text:
        return ""
    try:
        if not _AT.fullmatch(text):
            raise ValueError(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"--at {text}", "AAAA-MM-JJTHH:MM") from None
    return clock.moment(found, context.zone)


def _check_layout(context: Context, name: str) -> None:
    from codial_tui.domain.kinds import doc_type
    from codial_tui.errors import Unreadable
    from codial_tui.services.paper import papers

    known = [one.name for one in papers.layouts(context, doc_type("work_order"))]
    if name and name not in known:
        raise Unreadable(f"Mise en page « {name} » inconnue", ", ".join(known))


def report(options: argparse.Namespace) -> int:
    """Without --signed the report as the work order stands now, without any effect."""
    from codial_tui.errors import refuse
    from codial_tui.printing.output import write_pdf
    from codial_tui.services.documents import documents
    from codial_tui.services.maintenance import reports
    from codial_tui.services.paper import printing

    path = verb.new_file(options.output, options.force, ".pdf")
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        if document.kind != reports.KIND:
            raise refuse("report.kind", f"{document.ref} n'est pas un bon d'intervention")
        _check_layout(context, options.layout)
        found = reports.of(context, document)
        if options.signed:
            if found is None:
                raise refuse("report.unsigned", f"{document.ref} n'est pas signé", "document sign")
            pdf = reports.content(context, found)
        else:
            pdf = printing.pdf_bytes(context, document, layout_name=options.layout)
        words = reports.words(context, found) if found else "Pas encore signé"
        shape = reports.shown(found)
    write_pdf(path, pdf, replace=options.force)
    result = {"ref": document.ref, "file": str(path), "bytes": len(pdf), "report": shape}
    verb.say(options, result, f"Rapport de {document.ref} : {path}", words)
    return 0
