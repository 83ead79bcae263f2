"""`doctor`: what this machine and this database are like, and what to do about it. Never raises."""

from __future__ import annotations

import importlib.util
import locale
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import codial_tui
from codial_tui.config import asset, data_dir
from codial_tui.errors import CodialError
from codial_tui.models import schema
from codial_tui.models.database import Database, is_server, open_database, sqlite_path

Level = Literal["ok", "warning", "error"]

LOW_DISK = 500_000_000
"""Free bytes under which the disk is worth a warning."""

EXTRAS = {
    "psycopg": ("PostgreSQL", "pip install 'codial-tui[postgresql]'"),
    "saxonche": (
        "règles officielles des factures électroniques (EN 16931, BR-FR)",
        "pip install 'codial-tui[validation]'",
    ),
}
"""Optional modules: what they are for and how to get them."""

COMMANDS = {"lp": ("impression", "sudo apt install cups-client")}
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique")
SAMPLE = "é à ç œ € ─ │ ├ √ × ·"
"""Signs the screens need; a question mark or a box among them is a font problem."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. subject: terminal, fonts, database, locks, disk, printers, extras."""

    subject: str
    level: Level
    text: str
    remedy: str = ""


Look = Callable[[str, Mapping[str, str]], Iterator[Finding]]


def examine(url: str, environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at everything; what fails to be looked at is a finding too."""
    found: list[Finding] = []
    for look in (program, terminal, fonts, database, disk, printers, extras):
        try:
            found += look(url, environ)
        except Exception as error:  # a doctor does not die of what it finds
            found.append(Finding(look.__name__, "error", f"{type(error).__name__} : {error}"))
    return found


def program(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("program", "ok", f"codial-tui {codial_tui.__version__}, Python {version}")
    yield Finding("program", "ok", f"données dans {data_dir()}")


def terminal(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    kind = environ.get("TERM", "")
    size = shutil.get_terminal_size((0, 0))
    seen = f"{kind or 'aucun'} {size.columns}×{size.lines}"
    over_ssh = ", par SSH" if environ.get("SSH_CONNECTION") else ""
    if not sys.stdout.isatty():
        yield Finding("terminal", "ok", f"pas de terminal sur la sortie ({seen})")
    elif size.columns < 80 or size.lines < 24:
        yield Finding("terminal", "warning", f"{seen}{over_ssh}", "il faut 80×24 au moins")
    elif kind in ("", "dumb"):
        yield Finding("terminal", "warning", seen, "export TERM=xterm-256color")
    else:
        yield Finding("terminal", "ok", f"{seen}{over_ssh}")
    encoding = locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") != "utf8":
        yield Finding("terminal", "warning", f"encodage {encoding}", "export LANG=fr_FR.UTF-8")
    else:
        yield Finding("terminal", "ok", f"encodage {encoding}")


def fonts(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    missing = [name for name in FONTS if not _there(f"fonts/{name}.ttf")]
    if missing:
        yield Finding("fonts", "error", f"polices absentes : {', '.join(missing)}", "réinstallez")
    else:
        yield Finding("fonts", "ok", "polices des PDF présentes")
    yield Finding("fonts", "ok", f"ces signes doivent se lire : {SAMPLE}")


def _there(name: str) -> bool:
    try:
        return asset(name).is_file()
    except FileNotFoundError:
        return False


def database(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    if not is_server(url) and not sqlite_path(url).exists():
        yield Finding(
            "database",
            "ok",
            f"{sqlite_path(url)} n'existe pas encore",
            "créée au premier démarrage",
        )
        return
    try:
        opened = open_database(url, create=False)
    except CodialError as error:
        yield Finding("database", "error", error.title, error.remedy)
        return
    try:
        yield from _database(opened)
        yield from _locks(opened)
    finally:
        opened.close()


def _database(opened: Database) -> Iterator[Finding]:
    dialect = opened.dialect
    facts = ", ".join(f"{name} {value}" for name, value in dialect.engine().items())
    yield Finding("database", "ok", facts)
    yield Finding("database", "ok", f"schéma {dialect.schema_version()} sur {schema.NEWEST}")
    wrong = dialect.check()
    for text in wrong:
        yield Finding("database", "error", text, "reprenez une sauvegarde")
    if not wrong:
        yield Finding("database", "ok", "intégrité vérifiée")
    name = dialect.value("SELECT name FROM company", (), "")
    if name:
        yield Finding("database", "ok", f"société {name}")
    else:
        yield Finding("database", "warning", "aucune société", "codial-tui init, ou demo")


def _locks(opened: Database) -> Iterator[Finding]:
    rows = opened.dialect.rows(
        "SELECT d.number, d.kind, d.id, d.lock_token, s.user_name, s.host FROM document d "
        "LEFT JOIN session s ON s.token = d.lock_token WHERE d.lock_token IS NOT NULL"
    )
    for number, kind, key, token, who, host in rows:
        ref = number or f"{kind}-{key}"
        if opened.liveness.alive(token):
            yield Finding("locks", "ok", f"{ref} ouvert par {who or '?'} sur {host or '?'}")
        else:
            yield Finding(
                "locks",
                "ok",
                f"{ref} : verrou d'un programme mort ({who or '?'})",
                "il ne gêne pas",
            )
    if not rows:
        yield Finding("locks", "ok", "aucun document ouvert")


def disk(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    if is_server(url):
        return
    path = sqlite_path(url)
    folder = next(one for one in path.parents if one.exists())
    free = shutil.disk_usage(folder).free
    size = path.stat().st_size if path.exists() else 0
    words = f"{free // 1_000_000} Mo libres dans {folder}, base de {size // 1_000_000} Mo"
    if free < max(LOW_DISK, 2 * size):
        yield Finding("disk", "warning", words, "libérez de la place")
    else:
        yield Finding("disk", "ok", words)
    if not os.access(folder, os.W_OK):
        yield Finding("disk", "error", f"{folder} est en lecture seule", "changez ses droits")


def printers(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    from codial_tui.printing.output import PrintFailed
    from codial_tui.printing.output import printers as installed

    try:
        found = installed()
    except PrintFailed as error:
        yield Finding("printers", "warning", error.title, error.remedy)
        return
    names = [f"{one.name} (par défaut)" if one.is_default else one.name for one in found]
    if names:
        yield Finding("printers", "ok", ", ".join(names))
    else:
        yield Finding("printers", "warning", "aucune imprimante", "lpadmin en installe une")


def extras(url: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    for module, (what, how) in EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        text = f"{what} : {'présent' if there else 'absent, facultatif'}"
        yield Finding("extras", "ok", text, "" if there else how)
    for command, (what, how) in COMMANDS.items():
        there = shutil.which(command, path=environ.get("PATH")) is not None
        text = f"{what} ({command}) : {'présente' if there else 'absente'}"
        yield Finding("extras", "ok" if there else "warning", text, "" if there else how)
