"""`export`: items, customers, lists of documents and electronic invoices for other programs."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import accounting, factur_x, list_options, status, verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context
    from codial_tui.services.lists.list_export import Table

DOCUMENTS = "documents"
FACTUR_X = "factur-x"
OUTBOX = "outbox"
NAMES = ("items", "customers", DOCUMENTS, FACTUR_X, OUTBOX, *accounting.NAMES)


def register(verbs: verb.Verbs) -> None:
    words = "exporte articles, clients, documents, factures électroniques, comptabilité"
    one = verb.add(verbs, "export", export, words)
    one.add_argument("what", choices=NAMES, metavar="|".join(NAMES))
    factur_x.add(one)
    accounting.add(one)
    one.add_argument("-o", "--output", metavar="FICHIER", help=".csv ou .xlsx ; sinon CSV affiché")
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    list_options.add(one.add_argument_group("documents", "les filtres de « document list »"))


def export(options: argparse.Namespace) -> int:
    from codial_tui.errors import Unreadable, system_words
    from codial_tui.exchange.tables import write_csv
    from codial_tui.services.lists import list_export

    if options.what == FACTUR_X:
        return factur_x.export(options)
    if options.what == OUTBOX:
        return status.hand_over(options)
    if options.what in accounting.NAMES:
        return accounting.export(options)
    if options.ref or options.xml:
        raise Unreadable(f"{options.what} : ni référence ni --xml", "c'est pour factur-x")
    with verb.database(options) as context:
        found = _table(options, context)
        if not options.output:
            if options.json:
                rows = [dict(zip(found.header, map(str, row))) for row in found.rows]
                verb.write_json({options.what: rows})
            else:
                if isinstance(sys.stdout, io.TextIOWrapper):
                    sys.stdout.reconfigure(encoding="utf-8", newline="")
                write_csv(sys.stdout, found.header, found.rows, safe=found.safe)
            return 0
        path = Path(options.output)
        if path.suffix.lower() not in (".csv", ".xlsx"):
            raise Unreadable(f"{path.name} : .csv ou .xlsx attendu", "changez le nom")
        if path.exists() and not options.force:
            raise Unreadable(f"{path} existe déjà", "--force le remplace")
        try:
            count = list_export.write(path, found)
        except OSError as error:
            raise Unreadable(
                f"{path} non écrit : {system_words(error)}", "vérifiez le dossier"
            ) from error
    result = {"file": options.output, "rows": count}
    verb.say(options, result, f"{count} lignes dans {options.output}")
    return 0


def _table(options: argparse.Namespace, context: Context) -> Table:
    """What is asked for. Items and customers are for our own import too: no text is changed."""
    from codial_tui.services.lists import list_export
    from codial_tui.services.lists.lists import DocumentList
    from codial_tui.services.records import exporting

    if options.what == DOCUMENTS:
        listing = DocumentList(context, list_options.query(options, context))
        return list_export.table(context, listing)
    header = tuple(exporting.EXPORTS[options.what].header)
    rows = exporting.rows(context, options.what)
    return list_export.Table(options.what, header, rows, safe=False)
