"""`export fec`, `journals`, `vat`, `analysis`, `e-reporting`: a period for accountant and state."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context

FEC = "fec"
NAMES = (FEC, "journals", "vat", "analysis", "e-reporting")


OPTIONS = {
    "encoding": ("--encoding", (FEC,)),
    "csv": ("--csv", (FEC,)),
    "batch": ("--batch", (FEC,)),
    "dry_run": ("--dry-run", (FEC,)),
    "by": ("--by", ("analysis",)),
}
"""Names of options, as people type them, and what takes them."""


def add(parser: argparse.ArgumentParser) -> None:
    """What `export` asks for beside a period when it is for accounting."""
    group = parser.add_argument_group(
        "fec, journals, vat, analysis, e-reporting",
        "une période : --from et --to ; fec : -o DOSSIER",
    )
    group.add_argument("--encoding", default="utf-8", metavar="utf-8|iso-8859-15", help="du fec")
    group.add_argument(
        "--csv", action="store_true", help="fec : aussi en CSV, dont Cegid, Coala, EBP"
    )
    group.add_argument("--batch", type=int, metavar="N", help="fec : refait ce lot")
    group.add_argument("--dry-run", action="store_true", help="fec : dit tout, n'écrit rien")
    group.add_argument(
        "--by", choices=("branch", "project"), default="branch", help="analysis : l'axe"
    )


def export(options: argparse.Namespace) -> int:
    from codial_tui.errors import Unreadable

    again = options.what == FEC and options.batch is not None
    if again and (options.since or options.until or options.dry_run):
        raise Unreadable("--batch refait un lot entier", "sans --from, --to ni --dry-run")
    with verb.database(options) as context:
        if again:
            return _again(options, context)
        if not options.since or not options.until:
            raise Unreadable("Quelle période ?", "--from 2026-11-01 --to 2026-11-30")
        first, last = map(date.fromisoformat, (options.since, options.until))
        if options.what == FEC:
            return _fec(options, context, first, last)
        return _report(options, context, first, last)


def _fec(options: argparse.Namespace, context: Context, first: date, last: date) -> int:
    from codial_tui.errors import Unreadable
    from codial_tui.services.accounting import accounting, accounting_files

    behind = accounting.left_behind(context, first)
    one_or_more = "pièce n'est pas exportée" if behind == 1 else "pièces ne sont pas exportées"
    warned = [f"! D'avant le {first:%d/%m/%Y}, {behind} {one_or_more}"] if behind else []
    if options.dry_run:
        found = accounting.entries(context, first, last, new=True)
        result: dict[str, Any] = {
            "entries": len(found),
            "debit": _decimal(sum(one.debit for one in found)),
            "left_behind": behind,
        }
        lines = [(one.journal, one.day, one.piece, one.label, _decimal(one.debit)) for one in found]
        shown = verb.table(lines, (4,)) if lines else ["Rien de nouveau."]
        verb.say(options, result, *shown, *warned, "Rien n'a été écrit.")
        return 0
    if not options.output:
        raise Unreadable("Dans quel dossier ?", "-o DOSSIER")
    written = accounting_files.export(
        context,
        first,
        last,
        Path(options.output),
        encoding=options.encoding,
        with_csv=options.csv,
        force=options.force,
    )
    _say(options, written, behind, *warned)
    return 0


def _again(options: argparse.Namespace, context: Context) -> int:
    from codial_tui.errors import Unreadable
    from codial_tui.services.accounting import accounting_export, accounting_files

    if not options.output:
        raise Unreadable("Dans quel dossier ?", "-o DOSSIER")
    written = accounting_files.write(
        context,
        accounting_export.batch(context, options.batch),
        Path(options.output),
        encoding=options.encoding,
        with_csv=options.csv,
        force=options.force,
    )
    _say(options, written, 0)
    return 0


def _say(options: argparse.Namespace, written: Any, behind: int, *more: str) -> None:
    from codial_tui.domain.quantity import format_cents

    batch = written.batch
    result = {
        "batch": batch.id,
        "from": batch.first,
        "to": batch.last,
        "entries": batch.entries,
        "debit": _decimal(batch.debit),
        "sha256": batch.sha256,
        "files": [str(path) for path in written.paths],
        "left_behind": behind,
    }
    count = f"{batch.entries} écriture{'s' * (batch.entries > 1)}"
    said = f"Lot {batch.id} : {count}, {format_cents(batch.debit)} au débit"
    verb.say(options, result, said, *map(str, written.paths), *more)


def _decimal(cents: int) -> str:
    from codial_tui.domain.quantity import decimal_text

    return decimal_text(cents, 100, minimum=2)


def _report(options: argparse.Namespace, context: Context, first: date, last: date) -> int:
    from codial_tui.services.accounting import accounting_reports

    if options.what == "vat":
        found = accounting_reports.vat(context, first, last)
    elif options.what == "journals":
        found = accounting_reports.journals(context, first, last)
    elif options.what == "analysis":
        found = accounting_reports.analysis(context, first, last, options.by)
    else:
        found = accounting_reports.figures(context, first, last)
    return verb.say_report(options, found)
