"""`export`: items, customers, lists of documents and electronic invoices for other programs."""

from __future__ import annotations

import argparse
import io
import sys
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
    one.add_argument(
        "-o",
        "--output",
        metavar="FICHIER",
        help="fichier .csv ou .xlsx ; sinon CSV affiché ; fec, outbox : un dossier",
    )
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    list_options.add(one.add_argument_group("documents", "les filtres de « document list »"))
    one.set_defaults(usual=one.get_default)


def _refuse_others(options: argparse.Namespace) -> None:
    """Refuse an option that is for another thing: `--dry-run` of what writes all the same would be
    a lie. Raises Unreadable."""
    from codial_tui.errors import Unreadable

    period = (DOCUMENTS, *accounting.NAMES)
    known: dict[str, tuple[str, tuple[str, ...]]] = {
        "since": ("--from", period),
        "until": ("--to", period),
    }
    known.update({name: (option, (FACTUR_X,)) for name, option in factur_x.OPTIONS.items()})
    known.update(accounting.OPTIONS)
    for name in list_options.NAMES:
        known.setdefault(name, (f"--{name}", (DOCUMENTS,)))
    for name, (option, names) in known.items():
        if options.what not in names and getattr(options, name) != options.usual(name):
            raise Unreadable(f"{options.what} : pas de {option}", f"c'est pour {', '.join(names)}")


def export(options: argparse.Namespace) -> int:
    from codial_tui.exchange.tables import write_csv

    _refuse_others(options)
    if options.what == FACTUR_X:
        return factur_x.export(options)
    if options.what == OUTBOX:
        return status.hand_over(options)
    if options.what in accounting.NAMES:
        return accounting.export(options)
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
        return verb.write_table(options, found)


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
