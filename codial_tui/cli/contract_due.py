"""`contract run` and `contract profit`: what falls due of contracts is made, what they earn."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.maintenance.contract_run import Outcome


def register(own: verb.Verbs) -> None:
    one = verb.add(own, "run", run, "fait les visites, factures, reconductions et lettres dues")
    one.add_argument("--until", type=verb.day, metavar="AAAA-MM-JJ", help="aujourd'hui par défaut")
    one.add_argument("--dry-run", action="store_true", help="dit tout, n'écrit rien")
    one.add_argument(
        "--validate",
        action="store_true",
        help="numérote les factures ; code 1 si l'une reste provisoire",
    )
    one.add_argument("--contract", type=verb.typed, metavar="CONTRAT", help="un seul")
    one.add_argument("--only", metavar="LISTE", help="visit,invoice,renewal,letter,end")
    one = verb.add(own, "profit", profit, "dit ce que rapporte chaque contrat, ou les termes d'un")
    one.add_argument("number", nargs="?", type=verb.typed, metavar="CONTRAT")
    one.add_argument("-o", "--output", metavar="FICHIER", help="vers un .csv ou .xlsx")
    one.add_argument("--force", action="store_true", help="remplace le fichier")


def run(options: argparse.Namespace) -> int:
    """1 when something due could not be made, or was to be validated and stays provisional."""
    from datetime import date

    from codial_tui.services.documents import attachments
    from codial_tui.services.maintenance import contract_plan, contract_run, contracts
    from codial_tui.services.maintenance.contract_run import Outcome

    kinds = _kinds(options.only)
    with verb.database(options) as context:
        until = date.fromisoformat(options.until) if options.until else context.today
        only = contracts.get(context, options.contract)["id"] if options.contract else None
        due = [one for one in contract_plan.plan(context, until, only) if one.kind in kinds]
        if options.dry_run:
            outcomes = [Outcome(one, refusal=one.reason) for one in due]
        else:
            letters = any(one.kind.endswith("letter") for one in due)
            folder = attachments.folder(context, "export") if letters else None
            outcomes = list(
                contract_run.run(context, due, validate=options.validate, folder=folder)
            )
    result: dict[str, Any] = {"dry_run": options.dry_run, "until": until.isoformat()}
    for name in ("visits", "invoices", "renewals", "letters", "ends"):
        result[name] = [_row(one) for one in outcomes if _GROUPS[one.due.kind] == name]
    ending = "Rien n'a été écrit." if options.dry_run else _ending(outcomes)
    lines = [_line(one) for one in outcomes]
    verb.say(options, result, *(lines or ["Rien à faire."]), *([ending] if lines else []))
    return 1 if any(not one.made or _provisional(one) for one in outcomes if one.refusal) else 0


def _provisional(outcome: Outcome) -> bool:
    """Whether an invoice was made that could not be validated."""
    return outcome.made and bool(outcome.refusal) and outcome.due.kind == "invoice"


def _ending(outcomes: Sequence[Outcome]) -> str:
    """`3 faits, 3 provisoires : why.`, and where a letter's file is missing."""
    made = [one for one in outcomes if one.made]
    kept = [one for one in made if _provisional(one)]
    unwritten = [one for one in made if one.refusal and not _provisional(one)]
    said = [_counted(len(made), "fait")]
    if missing := len(outcomes) - len(made):
        said.append(f"{missing} non {'faits' if missing > 1 else 'fait'}")
    if unwritten:
        said.append(f"{_counted(len(unwritten), 'lettre')} en GED sans fichier")
    if not kept:
        return f"{', '.join(said)}."
    why = dict.fromkeys(one.refusal.removeprefix("reste provisoire : ") for one in kept)
    return f"{', '.join([*said, _counted(len(kept), 'provisoire')])} : {' ; '.join(why)}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


_GROUPS = {
    "visit": "visits",
    "invoice": "invoices",
    "renewal": "renewals",
    "visit_letter": "letters",
    "end_letter": "letters",
    "end": "ends",
}


def _kinds(listed: str | None) -> frozenset[str]:
    """Which kinds a list asks for, all of them when there is none. Raises Unreadable."""
    from codial_tui.errors import Unreadable

    if listed is None:
        return frozenset(_GROUPS)
    names = {one.strip() for one in listed.split(",")}
    if unknown := names - {"visit", "invoice", "renewal", "letter", "end"}:
        said = f"--only {', '.join(sorted(unknown))} ?"
        raise Unreadable(said, "visit, invoice, renewal, letter, end")
    return frozenset(
        one for one in _GROUPS if one.removeprefix("visit_").removeprefix("end_") in names
    )


def _row(outcome: Outcome) -> dict[str, Any]:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text

    due = outcome.due
    found: dict[str, Any] = {
        "contract": due.number,
        "label": due.label,
        "customer": due.party,
        "day": due.day,
        "due": due.due_on,
        "ref": outcome.ref or None,
        "problem": outcome.refusal or None,
    }
    if due.kind in ("invoice", "renewal"):
        found["price" if due.kind == "renewal" else "net"] = decimal_text(
            due.amount, 100, minimum=2
        )
    if due.shares:
        found["contracts"] = [
            {
                "contract": one.number,
                "net": decimal_text(one.net, 100, minimum=2),
                "beyond": decimal_text(sum(it.quantity for it in one.extras), SCALE4),
                "beyond_net": decimal_text(one.net - one.amount, 100, minimum=2),
            }
            for one in due.shares
        ]
    return found


def _line(outcome: Outcome) -> str:
    from codial_tui.domain.quantity import format_cents
    from codial_tui.services.maintenance.contract_run import NAMES

    due = outcome.due
    amount = f" {format_cents(due.amount)} €" if due.kind in ("invoice", "renewal") else ""
    said = f"{due.day}  {NAMES[due.kind]}{amount} · {due.number} {due.label} · {due.party}"
    return " · ".join(one for one in (said, outcome.ref, outcome.refusal) if one)


def profit(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import contract_profit, contracts

    with verb.database(options) as context:
        if options.number:
            one = contracts.get(context, options.number)
            found = contract_profit.terms_report(context, one["id"])
        else:
            found = contract_profit.report(context)
    return verb.say_report(options, found)
