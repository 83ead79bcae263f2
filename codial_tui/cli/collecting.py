"""`statement`, `reminder`, `balance`: what customers owe, on paper and as tables."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from . import verb


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "statement", statement, "le relevé de compte d'un client, en PDF")
    one.add_argument("customer", type=verb.typed, metavar="CLIENT")
    one.add_argument("-o", "--output", type=Path, required=True, metavar="FICHIER.pdf")
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    one.add_argument("--from", dest="first", type=verb.day, default=None, metavar="JOUR")
    one.add_argument("--to", dest="last", type=verb.day, default=None, metavar="JOUR")
    one = verb.add(verbs, "balance", balance, "la balance âgée des clients")
    one.add_argument("--day", type=verb.day, default=None, metavar="JOUR", help="à cette date")
    one.add_argument("-o", "--output", type=Path, default=None, metavar="FICHIER.csv")
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    own = verb.group(verbs, "reminder", "montre et envoie les relances")
    one = verb.add(own, "list", reminder_list, "les clients à relancer, et à quel niveau")
    one.add_argument("--customer", type=verb.typed, default="", metavar="CODE")
    one = verb.add(own, "send", reminder_send, "fait les lettres et les note")
    one.add_argument("--customer", type=verb.typed, default="", metavar="CODE")
    one.add_argument("-o", "--output", type=Path, required=True, metavar="DOSSIER")
    one.add_argument("--mail", action="store_true", help="par courriel à qui a une adresse")


def statement(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.domain.quantity import format_cents
    from codial_tui.errors import refuse
    from codial_tui.services.payments import collecting_papers, receivables
    from codial_tui.services.records import parties

    verb.new_file(options.output, options.force)
    first = date.fromisoformat(options.first) if options.first else None
    last = date.fromisoformat(options.last) if options.last else None
    if first and last and last < first:
        raise refuse("period.backwards", "La période finit avant de commencer", "--to", "from")
    with verb.database(options) as context:
        party = parties.by_code(context, options.customer)
        paper = collecting_papers.statement(context, party, first, last)
        collecting_papers.save(context, paper, options.output, replace_it=True)
        before, moves = receivables.moves(context, party, first, last or context.today)
    total = before + sum(one.amount for one in moves)
    result = {
        "file": str(options.output),
        "before": _money(before),
        "balance": _money(total),
        "moves": [
            {
                "date": one.day.isoformat(),
                "ref": one.ref,
                "label": one.what,
                "due": one.due and one.due.isoformat(),
                "amount": _money(one.amount),
            }
            for one in moves
        ],
    }
    verb.say(options, result, f"{options.output} : solde {format_cents(total)} €")
    return 0


def balance(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.services.payments import balance_export, receivables

    if options.output is not None:
        verb.new_file(options.output, options.force, ".csv")
    with verb.database(options) as context:
        day = date.fromisoformat(options.day) if options.day else None
        found, at = receivables.aged(context, day), day or context.today
        if options.output is not None:
            balance_export.write(options.output, found)
    names = ("not_due", "days_30", "days_60", "days_90", "older")
    result = {
        "day": at.isoformat(),
        "customers": [
            {
                "customer": one.code,
                "name": one.name,
                **{name: _money(amount) for name, amount in zip(names, one.ages)},
                "credit": _money(one.credit),
                "total": _money(one.total),
            }
            for one in found
        ],
    }
    head = ("Client", "Nom", *receivables.COLUMNS, "À valoir", "Total")
    rows = [(one.code, one.name, *map(_money, (*one.ages, one.credit, one.total))) for one in found]
    lines = verb.table([head, *rows], tuple(range(2, 9))) if rows else ["Rien à encaisser."]
    verb.say(options, result, *lines)
    return 0


def reminder_list(options: argparse.Namespace) -> int:
    from codial_tui.services.payments import reminders

    with verb.database(options) as context:
        found = reminders.due(context, _party(context, options.customer))
    _say_reminders(options, found)
    return 0


def reminder_send(options: argparse.Namespace) -> int:
    from codial_tui.services.payments import reminder_sending, reminders

    with verb.database(options) as context:
        found = reminders.due(context, _party(context, options.customer))
        reminder_sending.send(context, found, options.output, by_mail=options.mail)
    _say_reminders(options, found)
    return 0


def _party(context: Any, code: str) -> int | None:
    from codial_tui.services.records import parties

    return parties.by_code(context, code) if code else None


def _say_reminders(options: argparse.Namespace, found: list[Any]) -> None:
    result = [
        {
            "customer": one.code,
            "name": one.name,
            "level": one.level.position,
            "label": one.level.label,
            "total": _money(one.total),
            "penalties": _money(one.penalties),
            "fixed": _money(one.fixed),
            "invoices": [row.ref for row in one.rows],
        }
        for one in found
    ]
    rows = [
        (one.code, one.name, one.level.label, _money(one.total), ", ".join(r.ref for r in one.rows))
        for one in found
    ]
    lines = verb.table(rows, (3,)) if rows else ["Personne à relancer."]
    verb.say(options, {"reminders": result}, *lines)


def _money(cents: int) -> str:
    from codial_tui.domain.money import CENT
    from codial_tui.domain.quantity import decimal_text

    return decimal_text(cents, CENT, minimum=2)
