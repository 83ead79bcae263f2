"""`report`: the tables of the buyer and of margins."""

from __future__ import annotations

import argparse
from datetime import date

from . import verb

NAMES = ("open-orders", "late", "prices", "margin")


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "report", report, "commandes fournisseur, retards, prix d'achat, marges")
    one.add_argument("what", choices=NAMES, metavar="|".join(NAMES))
    one.add_argument(
        "--from", dest="since", type=verb.day, metavar="JOUR", help="sinon 1er janvier"
    )
    one.add_argument("--to", dest="until", type=verb.day, metavar="JOUR", help="sinon aujourd'hui")
    one.add_argument(
        "--by", choices=("order", "customer", "family"), default="customer", help="margin : l'axe"
    )
    one.add_argument("-o", "--output", metavar="FICHIER.xlsx|.csv", help="l'écrit dans un fichier")
    one.add_argument("--force", action="store_true", help="remplace un fichier")


def report(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import reports

    with verb.database(options) as context:
        today = context.today
        first = (
            date.fromisoformat(options.since) if options.since else today.replace(month=1, day=1)
        )
        last = date.fromisoformat(options.until) if options.until else today
        if options.what == "open-orders":
            found = reports.open_orders(context)
        elif options.what == "late":
            found = reports.late(context)
        elif options.what == "prices":
            found = reports.prices(context, first, last)
        else:
            found = reports.BY[options.by](context, first, last)
    return verb.say_report(options, found)
