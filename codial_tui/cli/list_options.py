"""The filters of lists as options, the same for every verb that lists documents."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context
    from codial_tui.services.lists.lists import Query


NAMES = (
    *("kind", "state", "search", "customer", "salesperson", "branch", "since", "until", "mark"),
    *("sort", "ascending"),
)
"""What the options are called in a namespace."""


def add(parser: argparse._ActionsContainer) -> None:
    """Declare them."""
    parser.add_argument("--kind", default="quote", metavar="SORTE", help="quote par défaut")
    parser.add_argument("--state", default="", metavar="ÉTAT")
    parser.add_argument(
        "--search",
        default="",
        type=verb.typed,
        metavar="MOTS",
        help="tiers, numéro ou objet ; aussi >1000, <500, 11/26, 10/26-11/26, 2026",
    )
    parser.add_argument(
        "--customer", default="", type=verb.typed, metavar="CODE", help="ou son nom"
    )
    parser.add_argument(
        "--salesperson", default="", type=verb.typed, metavar="LOGIN", help="ou son nom"
    )
    parser.add_argument("--branch", default="", type=verb.typed, metavar="CODE", help="ou son nom")
    parser.add_argument(
        "--from", dest="since", type=verb.day, metavar="AAAA-MM-JJ", help="premier jour"
    )
    parser.add_argument(
        "--to", dest="until", type=verb.day, metavar="AAAA-MM-JJ", help="dernier jour"
    )
    parser.add_argument("--mark", default="", metavar="SIGNE", help="to_deliver, to_bill, expired…")
    parser.add_argument("--sort", default="date", metavar="COLONNE", help="date par défaut")
    parser.add_argument("--ascending", action="store_true", help="dans l'ordre croissant")


def query(options: argparse.Namespace, context: Context) -> Query:
    """What the options ask for. Raises Unreadable for a name that is none."""
    from codial_tui.domain.entry.typing_lines import parse_filter
    from codial_tui.domain.kinds import doc_types
    from codial_tui.services.lists.lists import DocumentList, Query

    kinds = {one.kind: one for one in doc_types()}
    kind = kinds[_known("Sorte inconnue", options.kind, kinds)]
    state = options.state and _known(
        "État inconnu", options.state, [one.name for one in kind.states]
    )
    mark = options.mark and _known("Signe inconnu", options.mark, [one.name for one in kind.marks])
    sort = _known("Pas de tri par", options.sort, DocumentList.SORTS)
    wanted = parse_filter(options.search)
    found = wanted._replace(
        since=options.since or wanted.since,
        until=options.until or wanted.until,
        party_id=_row(context, "Tiers inconnu", "party", "code", "name", options.customer),
        salesperson_id=_row(
            context, "Utilisateur inconnu", "app_user", "login", "name", options.salesperson
        ),
        branch_id=_row(context, "Agence inconnue", "branch", "code", "name", options.branch),
    )
    return Query(kind.kind, state, mark, found, sort, not options.ascending)


def _known(what: str, name: str, names: Iterable[str]) -> str:
    from codial_tui.errors import Unreadable

    known = list(names)
    if name not in known:
        raise Unreadable(f"{what} : « {name} »", ", ".join(known) or "il n'y en a pas")
    return name


def _row(context: Context, what: str, table: str, code: str, name: str, wanted: str) -> int | None:
    """The id of the row that has this code, else of the only one that has this name."""
    from codial_tui.domain.text import fold
    from codial_tui.errors import Unreadable

    if not wanted:
        return None
    rows = context.database.rows(f"SELECT id, {code}, {name} FROM {table}")
    for place in (1, 2):
        found = [row[0] for row in rows if fold(row[place]) == fold(wanted)]
        if len(found) == 1:
            return int(found[0])
        if found:
            raise Unreadable(f"Plusieurs ont le nom « {wanted} »", "donnez le code")
    raise Unreadable(f"{what} : « {wanted} »", "un code ou un nom en entier")
