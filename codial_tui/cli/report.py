"""`report`: the tables of the buyer, of margins and of work orders."""

from __future__ import annotations

import argparse
from datetime import date

from . import verb

NAMES = ("open-orders", "late", "prices", "margin", "work")
MARGINS = ("order", "customer", "family")
WORK = ("technician", "customer", "equipment", "contract", "month")


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "report", report, "achats, marges, temps d'intervention")
    one.add_argument("what", choices=NAMES, metavar="|".join(NAMES))
    one.add_argument(
        "--from", dest="since", type=verb.day, metavar="JOUR", help="sinon 1er janvier"
    )
    one.add_argument("--to", dest="until", type=verb.day, metavar="JOUR", help="sinon aujourd'hui")
    one.add_argument(
        "--by",
        choices=tuple(dict.fromkeys((*MARGINS, *WORK))),
        default="customer",
        help=f"margin : {', '.join(MARGINS)} ; work : {', '.join(WORK)}",
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
        elif options.what == "work":
            from codial_tui.services.maintenance import statistics

            found = statistics.by(context, _axis(options, WORK), first, last)
        else:
            _axis(options, MARGINS)
            found = reports.BY[options.by](context, first, last)
    return verb.say_report(options, found)


def _axis(options: argparse.Namespace, known: tuple[str, ...]) -> str:
    """Raises Unreadable for an axis that this report does not have."""
    from codial_tui.errors import Unreadable

    if options.by not in known:
        raise Unreadable(f"--by {options.by} : pas pour ce rapport", ", ".join(known))
    return str(options.by)
