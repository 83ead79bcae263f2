"""The command line as a whole: global options, verbs, and usage errors in French."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, NoReturn

import codial_tui

VERBS = {
    "open": "screens",
    "demo": "screens",
    "init": "company",
    "import": "catalogue",
    "vat": "catalogue",
    "document": "document",
    "export": "export",
    "users": "people",
    "session": "session",
    "stock": "stock",
    "deposit": "invoicing",
    "credit-note": "invoicing",
    "subscription": "subscription",
    "contract": "contract",
    "planning": "planning",
    "equipment": "equipment",
    "status": "status",
    "needs": "needs",
    "subcontract": "subcontracting",
    "consumption": "consumption",
    "call": "call",
    "report": "report",
    "payment": "payment",
    "statement": "collecting",
    "balance": "collecting",
    "reminder": "collecting",
    "bank": "bank",
    "debit": "debit",
    "mail": "mail",
    "closing": "legal",
    "journal": "legal",
    "archive": "legal",
    "training": "legal",
    "backup": "upkeep",
    "restore": "upkeep",
    "verify": "upkeep",
    "doctor": "upkeep",
    "completion": "completion",
}
"""Verb → module of this package that declares it, in the order of --help. Only that one is
loaded, so that the screens start without any of them."""

_WITH_VALUE = ("--database", "--screen")

_FRENCH = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"je ne comprends pas : \1"),
    (r"argument (\S+): invalid choice: (.*?) \(choose from (.*)\)", r"\1 : \2 ? choix : \3"),
    (r"argument (\S+): expected (?:one|1) argument", r"\1 : il manque une valeur"),
    (r"argument (\S+): expected (\d+) arguments", r"\1 : il faut \2 valeurs"),
    (r"argument (\S+): expected at least one argument", r"\1 : il manque une valeur"),
    (r"argument (\S+): invalid (?:int|_?\w+) value: (.*)", r"\1 : \2 n'est pas un nombre"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 et \2 ne vont pas ensemble"),
    (r"one of the arguments (.*) is required", r"il manque l'un de : \1"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 : laquelle ? \2"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks French to people; exit code 2 for wrong usage."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, "add_help": False, **options})
        self._positionals.title = "arguments"
        self._negative_number_matcher = re.compile(r"-\d[\d.,]*$")  # « -3,5 » is no option
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "usage : ", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "usage : ", 1)

    def error(self, message: str) -> NoReturn:
        from codial_tui.domain.text import display

        for pattern, words in _FRENCH:
            found, count = re.subn(f"^{pattern}$", words, message, flags=re.DOTALL)
            if count:
                message = found
                break
        sys.stderr.write(self.format_usage())
        sys.stderr.write(f"{self.prog} : {display(message)} · {self.prog} --help\n")
        raise SystemExit(2)


def build(modules: Iterable[str] = ()) -> Parser:
    """The parser with the verbs of these modules, of all of them by default."""
    parser = Parser(
        prog="codial-tui",
        description="Devis et chaîne de vente au clavier. Sans verbe : ouvre les écrans.",
    )
    version = f"codial-tui {codial_tui.__version__}"
    parser.add_argument("--version", action="version", version=version, help="dit la version")
    add_common(parser)
    parser.set_defaults(database=None, json=False, verb="")
    verbs = parser.add_subparsers(
        title="verbes", metavar="VERBE", dest="verb", parser_class=Parser, required=False
    )
    from . import screens

    screens.prepare(parser)
    for name in modules or dict.fromkeys(VERBS.values()):
        import_module(f"{__package__}.{name}").register(verbs)
    return parser


def _modules(arguments: Sequence[str]) -> list[str]:
    """The modules a command line needs; [] for all, when it asks for help or is wrong."""
    before = ""
    for word in arguments:
        if word in ("-h", "--help"):
            return []
        if before not in _WITH_VALUE and not word.startswith("-"):
            return [VERBS[word]] if word in VERBS else []
        before = word
    return ["screens"]


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that stand before or behind the verb."""
    parser.add_argument(
        "--database",
        metavar="CHEMIN|URL",
        default=argparse.SUPPRESS,
        help="base à ouvrir (sinon CODIAL_TUI_DATABASE, sinon la vôtre)",
    )
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="répond en JSON"
    )


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; `run` is the function of the verb, which takes them and returns the exit code.

    Raises SystemExit for --help, --version and wrong usage.
    """
    options = build(_modules(arguments)).parse_args(list(arguments))
    options.database = options.database or None
    return options
