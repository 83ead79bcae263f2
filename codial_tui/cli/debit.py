"""`debit`: SEPA mandates and the file of direct debits for the bank."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "debit", "prélèvements SEPA : mandats et fichier pour la banque")
    one = verb.add(own, "mandate", mandate, "note le mandat d'un client")
    one.add_argument("customer", type=verb.typed, metavar="CLIENT")
    one.add_argument("reference", type=verb.typed, metavar="RUM")
    one.add_argument("iban", type=verb.typed, metavar="IBAN")
    one.add_argument("--bic", type=verb.typed, default="")
    one.add_argument("--signed", type=verb.day, required=True, metavar="JOUR")
    one.add_argument("--scheme", choices=("CORE", "B2B"), default="CORE")
    one.add_argument("--sequence", choices=("FRST", "RCUR", "FNAL", "OOFF"), default="FRST")
    one = verb.add(own, "list", listed, "ce qui peut être prélevé jusqu'à un jour")
    one.add_argument("--until", type=verb.day, default=None, metavar="JOUR")
    one = verb.add(own, "make", make, "le fichier pain.008 des échéances d'ici un jour")
    one.add_argument("--day", type=verb.day, required=True, metavar="JOUR", help="de prélèvement")
    one.add_argument("-o", "--output", type=Path, required=True, metavar="FICHIER.xml")


def mandate(options: argparse.Namespace) -> int:
    from codial_tui.services.records import parties, record_parts

    with verb.database(options) as context:
        party = parties.by_code(context, options.customer)
        values = {
            "reference": options.reference,
            "iban": options.iban.replace(" ", "").upper(),
            "bic": options.bic,
            "signed_on": options.signed,
            "scheme": options.scheme,
            "sequence": options.sequence,
        }
        made = record_parts.create(context, "mandate", party, values)
    verb.say(options, {"id": made, **values}, f"Mandat {options.reference} noté.")
    return 0


def listed(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.domain.money import CENT
    from codial_tui.domain.quantity import decimal_text
    from codial_tui.services.payments import debits

    with verb.database(options) as context:
        until = date.fromisoformat(options.until) if options.until else context.today
        found = debits.candidates(context, until)
    result = [
        {
            "ref": one.number,
            "customer": one.name,
            "due": one.due,
            "amount": decimal_text(one.amount, CENT, minimum=2),
            "mandate": one.reference,
            "sequence": one.sequence,
        }
        for one in found
    ]
    lines = verb.table([tuple(one.values()) for one in result], (3,)) if result else ["Rien."]
    verb.say(options, {"debits": result}, *lines)
    return 0


def make(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.domain.money import CENT
    from codial_tui.domain.quantity import decimal_text
    from codial_tui.services.payments import debit_files

    with verb.database(options) as context:
        done = debit_files.make(context, date.fromisoformat(options.day), options.output)
    amount = decimal_text(done.amount, CENT, minimum=2)
    result = {
        "message": done.message,
        "count": done.count,
        "amount": amount,
        "file": str(options.output),
    }
    said = f"{options.output} : {done.count} prélèvements, {amount} €"
    verb.say(options, result, said)
    return 0
