"""`subscription`: what is billed again and again."""

from __future__ import annotations

import argparse
from typing import Any

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "subscription", "les abonnements : liste, ajout, facturation")
    verb.add(own, "list", listing, "montre les abonnements")
    one = verb.add(own, "add", add, "abonne un client d'après une facture")
    one.add_argument("ref", type=verb.typed, metavar="FACTURE", help="le premier modèle")
    one.add_argument("--label", type=verb.typed, default="", metavar="LIBELLÉ")
    one.add_argument("--every", default="1m", metavar="N[jm]", help="1m chaque mois, 30j…")
    one.add_argument("--next", type=verb.day, metavar="AAAA-MM-JJ", help="la prochaine facture")
    one.add_argument("--day", type=int, metavar="JOUR", help="du mois ; 31 : le dernier")
    one.add_argument("--stop", type=verb.day, metavar="AAAA-MM-JJ", help="dernier jour possible")
    one.add_argument("--coefficient", metavar="K", help="des prix du modèle, par exemple 1,02")
    one.add_argument(
        "--from", dest="since", type=verb.day, metavar="AAAA-MM-JJ", help="du coefficient"
    )
    one = verb.add(own, "run", run, "fait les factures dues")
    one.add_argument("--until", type=verb.day, metavar="AAAA-MM-JJ", help="aujourd'hui par défaut")
    one.add_argument("--dry-run", action="store_true", help="dit tout, n'écrit rien")
    one.add_argument("--validate", action="store_true", help="leur donne leur numéro")


def listing(options: argparse.Namespace) -> int:
    from codial_tui.domain.quantity import decimal_text

    with verb.database(options) as context:
        rows = context.database.mappings(
            "SELECT s.*, p.code AS customer, p.name AS party_name FROM subscription s "
            "JOIN party p ON p.id = s.party_id ORDER BY s.next_date, s.id"
        )
    names = ("id", "label", "customer", "every", "unit", "next_date", "anchor_day", "stop_date")
    result = [
        {name: row[name] for name in names}
        | {"active": bool(row["active"]), "revision": row["revision"]}
        | {"coefficient": decimal_text(row["coefficient"], 10**6)}
        for row in rows
    ]
    lines = [
        (
            str(row["id"]),
            row["label"],
            row["party_name"],
            f"{row['every']} {'jours' if row['unit'] == 'day' else 'mois'}",
            row["next_date"],
            row["stop_date"] or "",
            "" if row["active"] else "arrêté",
        )
        for row in rows
    ]
    head = ("N°", "Libellé", "Client", "Tous les", "Prochaine", "Jusqu'au", "")
    shown = verb.table([head, *lines]) if lines else ["Aucun abonnement."]
    verb.say(options, {"subscriptions": result}, *shown)
    return 0


def add(options: argparse.Namespace) -> int:
    from codial_tui.domain.quantity import parse_coefficient
    from codial_tui.errors import Unreadable
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import subscriptions

    every, letter = options.every[:-1], options.every[-1:].lower()
    if letter not in ("j", "m") or not every.isdecimal() or len(every) > 4:
        raise Unreadable(f"« {options.every} » : tous les combien ?", "1m, 3m, 30j")
    values: dict[str, Any] = {
        "label": options.label,
        "every": int(every),
        "unit": "day" if letter == "j" else "month",
        "next_date": options.next,
        "stop_date": options.stop,
        "revised_from": options.since,
    }
    if options.day is not None:
        if not 1 <= options.day <= 31:
            raise Unreadable(f"--day {options.day}", "de 1 à 31")
        values["anchor_day"] = options.day
    if options.coefficient:
        values |= {"revision": "coefficient", "coefficient": parse_coefficient(options.coefficient)}
    with verb.database(options) as context:
        values["model_id"] = documents.get(context, options.ref).id
        made = subscriptions.create(context, values)
        sql = "SELECT label, next_date FROM subscription WHERE id = ?"
        row = context.database.row(sql, (made,))
    assert row is not None
    result = {"id": made, "label": row[0], "next_date": row[1]}
    verb.say(options, result, f"Abonnement {made} : {row[0]}, prochaine facture le {row[1]}")
    return 0


def run(options: argparse.Namespace) -> int:
    """1 when something due could not be made."""
    from datetime import date

    from codial_tui.services.invoicing import subscriptions
    from codial_tui.services.invoicing.subscriptions import Outcome

    with verb.database(options) as context:
        until = date.fromisoformat(options.until) if options.until else context.today
        due = subscriptions.plan(context, until)
        if options.dry_run:
            outcomes = [Outcome(one, refusal=one.reason) for one in due]
        else:
            outcomes = list(subscriptions.run(context, due, validate=options.validate))
    result = {"dry_run": options.dry_run, "until": until.isoformat()}
    lines = [_line(one, options.dry_run) for one in outcomes]
    refused = sum(1 for one in outcomes if one.refusal)
    ending = "Rien n'a été écrit." if options.dry_run else f"{len(outcomes) - refused} faites."
    verb.say(
        options,
        {**result, "invoices": [_row(one) for one in outcomes]},
        *(lines or ["Aucun abonnement dû."]),
        *([ending] if lines else []),
    )
    return 1 if refused else 0


def _row(outcome: Any) -> dict[str, Any]:
    from codial_tui.domain.quantity import decimal_text

    due = outcome.due
    return {
        "subscription": due.subscription_id,
        "label": due.label,
        "customer": due.party,
        "due": due.day,
        "model": due.model or None,
        "net": decimal_text(due.net, 100, minimum=2),
        "ref": outcome.ref or None,
        "problem": outcome.refusal or None,
    }


def _line(outcome: Any, dry_run: bool) -> str:
    from codial_tui.domain.quantity import format_cents

    due = outcome.due
    said = f"{due.day}  {due.label} · {due.party} : "
    what = f"HT {format_cents(due.net)} €, d'après {due.model}" if due.model else ""
    if dry_run:
        return said + (outcome.refusal or what)
    made = f"{outcome.ref}, {what}" if outcome.ref else ""
    return said + " · ".join(one for one in (made, outcome.refusal) if one)
