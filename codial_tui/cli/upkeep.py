"""`backup`, `restore`, `verify`, `doctor`: the health of a database and its machine."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from . import verb


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "backup", backup, "copie la base dans un fichier neuf")
    one.add_argument("file", metavar="FICHIER")
    one = verb.add(verbs, "restore", restore, "remet une sauvegarde à la place de la base")
    one.add_argument("file", metavar="FICHIER")
    one.add_argument(
        "--done",
        action="store_true",
        help="seulement le noter : la base a déjà été remise autrement (pg_restore, copie)",
    )
    verb.add(verbs, "verify", verify, "recalcule tout ce qui est enregistré")
    verb.add(
        verbs, "doctor", doctor, "examine terminal, polices, base, verrous, disque, imprimantes"
    )


def backup(options: argparse.Namespace) -> int:
    from codial_tui.services import backups

    with verb.database(options) as context:
        size = backups.backup(context, Path(options.file))
    result = {"file": options.file, "bytes": size}
    verb.say(options, result, f"Sauvegardé dans {options.file} ({size // 1000} ko)")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Refused while a program is open on the database; the old one is kept beside it."""
    from codial_tui.bootstrap import login_name
    from codial_tui.config import default_database_url
    from codial_tui.services import backups

    if options.done:
        with verb.database(options) as context:
            backups.declare(context, options.file)
        verb.say(options, {"file": options.file, "kept": None}, "Restauration notée au journal")
        return 0
    url = options.database or default_database_url()
    kept = backups.restore(url, Path(options.file), login=login_name(), now=datetime.now(UTC))
    old = str(kept) if kept.exists() else None
    words = f"Restauré depuis {options.file}"
    verb.say(
        options,
        {"file": options.file, "kept": old},
        f"{words} · l'ancienne base : {old}" if old else words,
    )
    return 0


def verify(options: argparse.Namespace) -> int:
    from codial_tui.errors import Refused
    from codial_tui.services.law import verification

    shown = sys.stderr.isatty()

    def progress(done: int, every: int) -> None:
        if shown:
            sys.stderr.write(f"\r{done} / {every} documents")
            sys.stderr.flush()

    with verb.database(options) as context:
        count, found = verification.verify(context, progress)
    if shown:
        sys.stderr.write("\r\x1b[K")
    problems = [one for one in found if one.level == "error"]
    if problems:
        raise Refused(*problems)
    notes = [f"{one.field} : {one.text}" for one in found]
    result = {"documents": count, "problems": [], **({"notes": notes} if notes else {})}
    verb.say(options, result, *notes, f"{count} documents recalculés, tout est juste")
    return 0


def doctor(options: argparse.Namespace) -> int:
    """1 when something keeps the program from working."""
    from codial_tui.config import default_database_url
    from codial_tui.services import doctor as service

    found = service.examine(options.database or default_database_url())
    signs = {"ok": " ", "warning": "!", "error": "×"}
    rows = [
        (signs[one.level], one.subject, f"{one.text} · {one.remedy}" if one.remedy else one.text)
        for one in found
    ]
    problems = [one for one in found if one.level == "error"]
    result = {
        "checks": [asdict(one) for one in found],
        "problems": [
            {"code": f"doctor.{one.subject}", "field": one.subject, "message": one.text}
            for one in problems
        ],
    }
    verb.say(options, result, *verb.table(rows))
    return 1 if problems else 0
