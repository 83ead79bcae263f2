"""`export`: items and customers for other programs."""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import verb

NAMES = ("items", "customers")


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "export", export, "exporte articles ou clients en CSV ou XLSX")
    one.add_argument("what", choices=NAMES, metavar="items|customers")
    one.add_argument("-o", "--output", metavar="FICHIER", help=".csv ou .xlsx ; sinon CSV affiché")
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")


def export(options: argparse.Namespace) -> int:
    from codial_tui.errors import Unreadable, system_words
    from codial_tui.exchange.tables import write_csv
    from codial_tui.services import exporting

    header = exporting.EXPORTS[options.what].header
    with verb.database(options) as context:
        if not options.output:
            found = list(exporting.rows(context, options.what))
            if options.json:
                verb.write_json({options.what: [dict(zip(header, row)) for row in found]})
            else:
                if isinstance(sys.stdout, io.TextIOWrapper):
                    sys.stdout.reconfigure(encoding="utf-8", newline="")
                write_csv(sys.stdout, header, found)
            return 0
        path = Path(options.output)
        if path.suffix.lower() not in (".csv", ".xlsx"):
            raise Unreadable(f"{path.name} : .csv ou .xlsx attendu", "changez le nom")
        if path.exists() and not options.force:
            raise Unreadable(f"{path} existe déjà", "--force le remplace")
        try:
            count = _write(path, header, exporting.rows(context, options.what))
        except OSError as error:
            raise Unreadable(
                f"{path} non écrit : {system_words(error)}", "vérifiez le dossier"
            ) from error
    result = {"file": options.output, "rows": count}
    verb.say(options, result, f"{count} lignes dans {options.output}")
    return 0


def _write(path: Path, header: list[str], rows: Iterator[list[str]]) -> int:
    """Write the file whole, then give it its name. Raises OSError."""
    from codial_tui.exchange.tables import BOM, write_csv, write_xlsx

    with tempfile.TemporaryDirectory(prefix=f".{path.name[:40]}.", dir=path.parent) as folder:
        part = Path(folder) / path.name
        if path.suffix.lower() == ".xlsx":
            count = write_xlsx(part, header, rows)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                file.write(BOM)
                count = write_csv(file, header, rows)
        part.replace(path)
    return count
