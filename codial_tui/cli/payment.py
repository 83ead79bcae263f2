"""`payment`: what customers paid, recorded, listed and reversed."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "payment", "enregistre, montre et contre-passe les règlements")
    one = verb.add(own, "record", record, "enregistre un règlement, affecté aux échéances")
    one.add_argument("refs", nargs="*", type=verb.typed, metavar="FACTURE")
    one.add_argument("--customer", type=verb.typed, default="", metavar="CODE", help="qui paie")
    one.add_argument("--amount", type=verb.cents, metavar="M", help="sinon ce qui reste")
    one.add_argument("--mode", type=verb.typed, default="", metavar="M", help="VIR, CB, CHQ, ESP…")
    one.add_argument("--date", type=verb.day, default=None, metavar="JOUR", help="AAAA-MM-JJ")
    one.add_argument("--reference", type=verb.typed, default="", metavar="R", help="du chèque…")
    one.add_argument(
        "--discount", type=verb.cents, default=0, metavar="M", help="escompte accordé en plus"
    )
    one.add_argument("--external-id", type=verb.typed, default="", metavar="ID", help="une fois")
    one = verb.add(own, "list", listed, "les règlements, le dernier d'abord")
    one.add_argument("--customer", type=verb.typed, default="", metavar="CODE")
    one.add_argument("--from", dest="first", type=verb.day, default=None, metavar="JOUR")
    one.add_argument("--to", dest="last", type=verb.day, default=None, metavar="JOUR")
    one = verb.add(own, "reverse", reverse, "contre-passe un règlement : impayé, erreur")
    one.add_argument("ref", type=verb.typed, metavar="RG-12")
    one.add_argument("--reason", type=verb.typed, required=True, metavar="MOTIF")
    one.add_argument("--fees", type=verb.cents, default=0, metavar="M", help="de la banque")
    one = verb.add(own, "offset", offset, "impute un avoir sur des factures")
    one.add_argument("credit_note", type=verb.typed, metavar="AVOIR")
    one.add_argument("refs", nargs="+", type=verb.typed, metavar="FACTURE")


def record(options: argparse.Namespace) -> int:
    from codial_tui.errors import Unreadable
    from codial_tui.services.documents import documents
    from codial_tui.services.payments import payment_lists, payment_view, payments
    from codial_tui.services.records import parties

    if not options.refs and not options.customer:
        raise Unreadable("De quelle facture, ou de quel client ?", "FACTURE, ou --customer CODE")
    if not options.refs and options.amount is None:
        raise Unreadable("De combien ?", "--amount 100.00")
    with verb.database(options) as context:
        several = [documents.get(context, ref) for ref in options.refs]
        ids = tuple(one.id for one in several)
        left = sum(payments.left(context, ids).values())
        whole = options.amount is None
        amount = left - options.discount if whole else options.amount
        code = options.mode.upper()
        if not code and several:
            code = payment_view.usual_mode(context, several[0]).code
        entry = payments.Entry(
            amount,
            code or payments.modes(context)[0].code,
            date.fromisoformat(options.date) if options.date else None,
            options.reference,
            party_id=parties.by_code(context, options.customer) if options.customer else None,
            documents=ids,
            discount=options.discount,
            expected=left if whole else None,
            source=f"external {options.external_id}" if options.external_id else None,
        )
        done = payment_lists.once(context, entry)
        shown = payment_lists.one(context, done)
    _say(options, shown, [shown])
    return 0


def listed(options: argparse.Namespace) -> int:
    from codial_tui.services.payments import payment_lists
    from codial_tui.services.records import parties

    with verb.database(options) as context:
        party = parties.by_code(context, options.customer) if options.customer else None
        found = payment_lists.listed(context, party, options.first or "", options.last or "")
    _say(options, {"payments": found}, found)
    return 0


def reverse(options: argparse.Namespace) -> int:
    from codial_tui.services.payments import payment_lists, payments

    with verb.database(options) as context:
        payment_id = payment_lists.id_of(options.ref)
        made = payments.reverse(context, payment_id, options.reason, fees=options.fees)
        shown = payment_lists.one(context, made)
    _say(options, shown, [shown])
    return 0


def offset(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents
    from codial_tui.services.payments import payment_lists, payments

    with verb.database(options) as context:
        note = documents.get(context, options.credit_note)
        ids = [documents.get(context, ref).id for ref in options.refs]
        shown = payment_lists.one(context, payments.offset(context, note.id, ids).payment_id)
    _say(options, shown, [shown])
    return 0


def _say(options: argparse.Namespace, result: Any, several: list[dict[str, Any]]) -> None:
    head = ("Règlement", "Date", "Client", "Mode", "Montant", "Libre", "Factures", "Référence")
    rows = [
        (
            one["ref"],
            one["date"],
            one["customer_name"],
            one["mode"],
            one["amount"],
            one["free"],
            ", ".join(row["ref"] for row in one["documents"]),
            one["reference"] or one["label"],
        )
        for one in several
    ]
    lines = verb.table([head, *rows], (4, 5)) if rows else ["Aucun règlement."]
    verb.say(options, result, *lines)
