"""Opening the screens: no verb, `open REF`, `demo`; and the first moments of a terminal."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from codial_tui.bootstrap import Program

    from . import verb

DEMO = "demo.sqlite3"
"""Name of the demo database in the user's data folder."""


def screen_names() -> list[str]:
    """What --screen takes: home, the records, and a list for each document kind."""
    from codial_tui.domain.kinds import doc_types

    return ["home", "items", "customers", "suppliers", *(f"{one.kind}s" for one in doc_types())]


def prepare(parser: argparse.ArgumentParser) -> None:
    """What stands without a verb."""
    parser.add_argument(
        "--screen", choices=screen_names(), default="", metavar="ÉCRAN", help="où commencer"
    )
    terminal_options(parser)
    parser.set_defaults(run=home, ref="", plain_output=False, colours="")


def terminal_options(parser: argparse.ArgumentParser) -> None:
    """How this terminal is drawn on, this time; settings say it for good."""
    from argparse import SUPPRESS

    parser.add_argument(
        "--plain-output",
        action="store_true",
        default=SUPPRESS,
        help="envoie tout l'écran, sans calculer ce qui change",
    )
    parser.add_argument(
        "--colours",
        choices=("none", "16", "256", "true"),
        default=SUPPRESS,
        metavar="N",
        help="couleurs : none, 16, 256 ou true",
    )


def register(verbs: verb.Verbs) -> None:
    from . import verb

    one = verb.add(verbs, "open", home, "ouvre un document à l'écran")
    one.add_argument("ref", metavar="REF", type=verb.typed, help="numéro du document")
    terminal_options(one)
    demo = verb.add(verbs, "demo", show_demo, "ouvre la société de démonstration, créée au besoin")
    demo.add_argument("--no-open", action="store_true", help="la crée seulement")
    terminal_options(demo)


def home(options: argparse.Namespace) -> int:
    """Open the screens; a database that does not exist is created empty and the first-start
    screen asks what to do with it."""
    check_terminal("codial-tui --help donne les verbes sans écran")
    from codial_tui.bootstrap import open_program

    return show(open_program(options.database, create=True), options)


def check_terminal(remedy: str) -> None:
    """Raise Unreadable where there is nothing to draw on."""
    from codial_tui.errors import Unreadable

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Unreadable("Pas de terminal ici", remedy)


def show(program: Program, options: argparse.Namespace) -> int:
    """The screens on an opened program, which is closed in the end."""
    from codial_tui.services.records import settings
    from codial_tui.terminal import environment

    try:
        colours, signs = (
            settings.value(program.context, f"terminal.{name}", "auto")
            for name in ("colours", "signs")
        )
        colours = getattr(options, "colours", "") or colours
        environment.prepare(os.environ, colours, signs)  # before Textual, which reads it once
        if options.ref:
            from codial_tui.services.documents import documents

            documents.get(program.context, options.ref)  # refused here, not on a blank screen
        gc.disable()  # until the first frame: 5 % of a start went into looking at fresh modules
        from codial_tui import app

        return app.run(
            program,
            screen=options.screen,
            ref=options.ref,
            plain_output=getattr(options, "plain_output", False),
        )
    finally:
        program.close()


def show_demo(options: argparse.Namespace) -> int:
    """Create the demo company where there is none, then open it."""
    from . import verb

    url = make_demo(options.database)
    if options.no_open:
        verb.say(options, {"database": url}, f"Société de démonstration : {url}")
        return 0
    options.database = url
    return home(options)


def make_demo(url: str | None) -> str:
    """The database that holds the demo company, built when it is missing; its path or URL.

    A new file is built beside its place and then named, so that an interrupted build leaves none.
    Raises Refused when another company is in it.
    """
    import tempfile

    from codial_tui.bootstrap import open_program
    from codial_tui.config import data_dir
    from codial_tui.errors import DatabaseRefused, system_words
    from codial_tui.models.database import is_server, sqlite_path
    from codial_tui.services.demo import demo

    url = url or str(data_dir() / DEMO)
    path = None if is_server(url) else sqlite_path(url)
    if path is None or path.exists():
        program = open_program(url, create=True, program="cli")
        try:
            demo.load(program.context)
        finally:
            program.close()
        return url
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            part = Path(folder) / path.name
            program = open_program(str(part), create=True, program="cli")
            try:
                demo.load(program.context)
            finally:
                program.close()
            _name(part, path)
    except OSError as error:
        raise DatabaseRefused(
            f"{path} ne peut pas être créé : {system_words(error)}", "choisissez un autre dossier"
        ) from error
    return url


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, never another's that appeared meanwhile."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    except OSError:  # no hard links on this file system
        part.rename(path)
