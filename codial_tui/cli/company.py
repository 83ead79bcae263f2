"""`init`: the company of a database."""

from __future__ import annotations

import argparse
import sys

from codial_tui.domain.text import fold

from . import verb

EDITIONS = ("trade", "services", "building")
_FRENCH = {"negoce": "trade", "batiment": "building"}
SIZES = ("sme", "enterprise")
ADDRESS = {
    "street": "adresse du siège",
    "postcode": "son code postal",
    "city": "sa ville",
    "phone": "téléphone",
    "email": "courriel, expéditeur des envois",
}


def register(verbs: verb.Verbs) -> None:
    parser = verb.add(verbs, "init", init, "crée la société dans une base neuve")
    parser.add_argument("--name", type=verb.typed, metavar="NOM", help="raison sociale")
    parser.add_argument("--siren", help="9 chiffres")
    parser.add_argument("--siret", help="14 chiffres, du siège")
    parser.add_argument(
        "--edition", type=_edition, choices=EDITIONS, help="trade (négoce), building (bâtiment)…"
    )
    parser.add_argument("--size", choices=SIZES, help="PME (sme) ou ENTREPRISE (enterprise)")
    for name, words in ADDRESS.items():
        parser.add_argument(f"--{name}", type=verb.typed, metavar="TEXTE", help=words)
    parser.add_argument("--demo", action="store_true", help="remplie des données de démonstration")


def _edition(text: str) -> str:
    """The code of an edition, also by its French name."""
    return _FRENCH.get(fold(verb.typed(text)), text)


def init(options: argparse.Namespace) -> int:
    """Create the company; who runs this administers it. Never asks without a terminal."""
    from codial_tui.services.demo import demo
    from codial_tui.services.records import company, settings

    names = ("name", "siren", "siret", "vat_number", "edition", "size")
    given = {name: getattr(options, name, None) for name in (*names, *ADDRESS)}
    values = {name: value for name, value in given.items() if value is not None}
    if not options.demo and "name" not in values:
        values["name"] = _ask_name()
    with verb.database(options, create=True) as context:
        if options.demo:
            if company.exists(context) and values:
                company.check(context, values)  # raises company.exists
            demo.load(context, **values)
        else:
            name = values.pop("name")
            company.init(context, name, **values)
            company.load_communes(context)
        stored = settings.company(context)
    result = {
        "company": {name: stored[name] for name in names},
        "administrator": context.user.login,
    }
    verb.say(
        options, result, f"Société {stored['name']} créée · administrateur : {context.user.login}"
    )
    return 0


def _ask_name() -> str:
    from codial_tui.errors import Unreadable

    if sys.stdin.isatty() and sys.stdout.isatty():
        return input("Nom de la société : ")
    raise Unreadable("Il manque le nom de la société", "codial-tui init --name NOM")
