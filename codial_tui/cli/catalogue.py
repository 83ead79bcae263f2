"""`import`: price lists and address files; `vat`: the rates that may be used (cli.md)."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codial_tui.domain.text import display

from . import supplier_invoice, verb

if TYPE_CHECKING:
    from codial_tui.domain.problems import Problem
    from codial_tui.services.context import Context
    from codial_tui.services.imports.importing import (
        ImportPlan,
        Outcome,
        PlannedRow,
        Report,
        UndoReport,
    )

KINDS = {
    "items": "importe des articles ou un tarif",
    "customers": "importe des clients",
    "suppliers": "importe des fournisseurs",
}
OWN_OPTIONS = {"items": (("--supplier", "CODE", "le fournisseur de ces prix"),)}
"""Options of one kind of import: name, what it takes, help."""
FORMATS = ("csv", "xlsx", "fabdis", "datanorm")
INTERRUPTED = 130
SHOWN = 20
"""Rows to review that people see at most; --json and the rejects file have them all."""
_DONE = {"added": "créée", "changed": "modifiée", "refused": "refusée", "held": "à revoir"}
_REPORTED: tuple[Outcome, ...] = ("added", "changed", "refused", "held")


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "import", "importe articles, clients, fournisseurs, factures reçues")
    for kind, words in KINDS.items():
        one = verb.add(own, kind, importing, words)
        one.set_defaults(kind=kind, supplier=None)
        one.add_argument("file", metavar="FICHIER")
        one.add_argument("--format", choices=FORMATS, help="refuse un fichier d'un autre format")
        one.add_argument("--mapping", metavar="MAP.toml", help="correspondance des colonnes")
        one.add_argument("--save-mapping", metavar="MAP.toml", help="garde la correspondance")
        one.add_argument("--dry-run", action="store_true", help="dit tout, n'écrit rien")
        for name, metavar, what in OWN_OPTIONS.get(kind, ()):
            one.add_argument(name, metavar=metavar, help=what)
    supplier_invoice.add(own)
    one = verb.add(own, "undo", undo, "annule un import")
    one.add_argument("id", type=int, metavar="ID")
    one = verb.add(own, "resume", resume, "reprend les imports interrompus")
    one.add_argument("id", type=int, nargs="?", metavar="ID", help="sinon tous")
    own = verb.group(verbs, "vat", "les taux de TVA")
    one = verb.add(own, "add", add_rate, "ajoute un taux de TVA")
    one.add_argument("rate", metavar="TAUX", help="en %%, par exemple 8.5")
    one.add_argument("--label", default="", metavar="LIBELLÉ")


def importing(options: argparse.Namespace) -> int:
    """0 when some row could be taken, 1 when none, 2 when the file cannot be read."""
    from codial_tui.services.imports import importing as service

    with verb.database(options) as context:
        plan = service.plan_import(
            context,
            options.file,
            options.kind,
            mapping=options.mapping,
            supplier=options.supplier,
            format=options.format,
            progress=_progress(options, "lues"),
        )
        with plan:
            if options.save_mapping:
                from codial_tui.exchange.mapping import save_mapping

                save_mapping(plan.mapping, Path(options.save_mapping))
            if options.dry_run:
                return _dry_run(options, plan)
            return _apply(options, context, plan)


def _dry_run(options: argparse.Namespace, plan: ImportPlan) -> int:
    result = _result(plan) | {"dry_run": True}
    if options.json:
        _stream(result, "plan", map(_planned, plan.each(_REPORTED)))
    else:
        for row in plan.each(_REPORTED):
            why = " · ".join(problem.text for problem in row.problems)
            words = f"ligne {row.number} {_DONE[row.outcome]} : {row.reference} {row.label}"
            verb.say(options, None, f"{words} · {why}" if why else words)
        verb.say(options, None, _summary(plan), "Rien n'a été écrit.")
    return 0 if plan.counts.taken or plan.counts.unchanged else 1


def _apply(options: argparse.Namespace, context: Context, plan: ImportPlan) -> int:
    from codial_tui.services.imports import importing as service

    rejects = _write_rejects(plan)
    result = _result(plan) | {"rejects": rejects}
    if not plan.counts.taken and not plan.counts.unchanged:
        message = "Aucune ligne à importer"
        result["problems"] = [{"code": "import.nothing", "field": "", "message": message}]
        verb.say(options, result, *_to_review(plan), message)
        return 1
    with _interruptible() as interrupted:
        report = service.apply_import(context, plan, _progress(options, "importées"), interrupted)
    result |= _reported(report)
    lines = [*_to_review(plan), _summary(plan)]
    if rejects:
        lines.append(f"Lignes laissées de côté : {rejects}")
    lines.append(_ending(report))
    verb.say(options, result, *lines)
    return 0 if report.complete else INTERRUPTED


def undo(options: argparse.Namespace) -> int:
    """Also takes back an import that was cut."""
    from codial_tui.services.imports import importing as service

    with verb.database(options) as context:
        report = service.undo_import(context, options.id, _progress(options, "annulées"))
    result = {
        "id": report.batch_id,
        "undone": report.undone,
        "skipped": [
            {"target": one.target, "id": one.id, "name": one.name, "message": one.message}
            for one in report.skipped
        ],
    }
    verb.say(options, result, *_undone(report))
    return 0


def _undone(report: UndoReport) -> list[str]:
    lines = [f"{one.name} laissé : {one.message}" for one in report.skipped]
    return [
        *lines,
        f"Import {report.batch_id} annulé : {report.undone} lignes, {len(lines)} laissées.",
    ]


def resume(options: argparse.Namespace) -> int:
    from codial_tui.services.imports import importing as service

    with verb.database(options) as context:
        batches = [options.id] if options.id is not None else [
            one.batch_id for one in service.unfinished(context)
        ]  # fmt: skip
        reports = []
        with _interruptible() as interrupted:
            for batch in batches:
                if not interrupted():
                    report = service.resume(
                        context, batch, _progress(options, "importées"), interrupted
                    )
                    reports.append(report)
    result = {"imports": [_reported(report) for report in reports]}
    verb.say(options, result, *(map(_ending, reports) if reports else ["Rien à reprendre."]))
    return 0 if all(report.complete for report in reports) else INTERRUPTED


def add_rate(options: argparse.Namespace) -> int:
    from codial_tui.domain.money import SCALE6
    from codial_tui.domain.problems import Invalid
    from codial_tui.domain.quantity import decimal_text, format_percent, parse_percent
    from codial_tui.errors import Unreadable
    from codial_tui.services.records import company

    try:
        rate = parse_percent(options.rate)
    except Invalid as error:
        raise Unreadable(error.problems[0].message, error.problems[0].remedy) from error
    with verb.database(options) as context:
        company.add_rate(context, rate, options.label)
    result = {"rate": decimal_text(rate, SCALE6 // 100), "label": options.label}
    verb.say(options, result, f"Taux de {format_percent(rate)} ajouté")
    return 0


# what is said ---------------------------------------------------------------------------------


def _result(plan: ImportPlan) -> dict[str, Any]:
    counts = plan.counts
    return {
        "added": counts.added,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "refused": counts.to_review,
        "rows": [
            {"row": row.number, "code": problem.code, "message": display(problem.text)}
            for row in plan.each(("refused", "held"))
            for problem in (_foremost(row),)
        ],
    }


def _foremost(row: PlannedRow) -> Problem:
    """Why a row is left out."""
    serious = (one for one in row.problems if one.level == "error" or one.code == "price.drop")
    return next(serious)


def _reported(report: Report) -> dict[str, Any]:
    return {
        "id": report.batch_id,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
        "complete": report.complete,
    }


def _planned(row: PlannedRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "action": row.outcome,
        "key": row.reference,
        "label": row.label,
        "changes": [{"field": name, "old": old, "new": new} for name, old, new in row.changes],
        "problems": [{"code": one.code, "message": display(one.text)} for one in row.problems],
    }


def _stream(result: dict[str, Any], name: str, rows: Iterator[dict[str, Any]]) -> None:
    """`result` as JSON with one more list, however long, written row by row."""
    sys.stdout.write(json.dumps(result)[:-1] + f', "{name}": [')
    for place, row in enumerate(rows):
        sys.stdout.write((",\n" if place else "\n") + json.dumps(row))
    sys.stdout.write("]}\n")


def _summary(plan: ImportPlan) -> str:
    counts = plan.counts
    return (
        f"{counts.rows} lignes lues : créer {counts.added}, modifier {counts.changed}, "
        f"inchangées {counts.unchanged}, à revoir {counts.to_review}"
    )


def _to_review(plan: ImportPlan) -> list[str]:
    rows = plan.rows(limit=SHOWN)
    lines = [f"ligne {row.number} : {row.reference} · {_foremost(row).text}" for row in rows]
    more = plan.counts.to_review - len(rows)
    return [*lines, f"… et {more} autres"] if more > 0 else lines


def _ending(report: Report) -> str:
    done = f"{report.added} créées, {report.changed} modifiées"
    if report.complete:
        return f"Import {report.batch_id} terminé : {done}"
    return (
        f"Import {report.batch_id} interrompu : {done} · `import resume {report.batch_id}` "
        f"le reprend, `import undo {report.batch_id}` l'annule"
    )


def _write_rejects(plan: ImportPlan) -> str | None:
    """The rejects file in the current folder; one that cannot be written stops nothing."""
    from codial_tui.errors import system_words
    from codial_tui.services.imports.importing import write_rejects

    try:
        path = write_rejects(plan, Path())
    except OSError as error:
        name = f"{plan.source.path.stem}.rejets.csv"
        sys.stderr.write(display(f"{name} : écriture impossible ({system_words(error)})") + "\n")
        return None
    return str(path) if path else None


def _progress(options: argparse.Namespace, word: str) -> Callable[[int, int], None] | None:
    """Counts on the standard error of a terminal."""
    if options.json or not sys.stderr.isatty():
        return None
    return lambda done, total: print(f"\r{done} / {total} lignes {word} ", end="", file=sys.stderr)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl+C lets the transaction in hand end, then stops."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
