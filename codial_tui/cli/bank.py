"""`bank`: statements read, movements with what they probably pay, taken."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "bank", "lit les relevés de banque et rapproche les règlements")
    one = verb.add(own, "import", read, "lit un relevé CAMT.053 ou CSV ; deux fois ne fait rien")
    one.add_argument("file", type=Path, metavar="FICHIER")
    one.add_argument("--take", action="store_true", help="prend aussitôt ce qui est sûr")
    verb.add(own, "list", listed, "les mouvements en attente, et ce qui est proposé")
    one = verb.add(own, "take", take, "fait d'un mouvement un règlement")
    one.add_argument("line", type=int, metavar="MOUVEMENT")
    one.add_argument("to", nargs="*", type=verb.typed, metavar="FACTURE|CLIENT")
    one = verb.add(own, "ignore", ignore, "met un mouvement de côté")
    one.add_argument("line", type=int, metavar="MOUVEMENT")


def read(options: argparse.Namespace) -> int:
    from codial_tui.services.payments import bank

    with verb.database(options) as context:
        done = bank.read(context, options.file)
        taken = bank.take_sure(context)[0] if options.take else []
        waiting = _shown(context)
    result = {
        "added": done.added,
        "known": done.known,
        "refused": [{"row": row, "message": why} for row, why in done.refused],
        "payments": [f"RG-{one.payment_id}" for one in taken],
        "waiting": waiting,
    }
    said = f"{done.added} lus, {done.known} déjà connus, {len(taken)} réglés"
    unread = [f"ligne {row} pas lue : {why}" for row, why in done.refused]
    verb.say(options, result, said, *unread, *_table(waiting))
    return 0


def listed(options: argparse.Namespace) -> int:
    with verb.database(options) as context:
        found = _shown(context)
    verb.say(options, {"waiting": found}, *(_table(found) or ["Aucun mouvement en attente."]))
    return 0


def take(options: argparse.Namespace) -> int:
    from codial_tui.errors import refuse
    from codial_tui.services.payments import bank, payment_lists

    with verb.database(options) as context:
        line = next((one for one in bank.lines(context) if one.id == options.line), None)
        if line is None:
            raise refuse("bank.taken", "Ce mouvement n'attend pas", "codial-tui bank list", "line")
        if options.to:
            proposal = bank.chosen(context, line, " ".join(options.to))
        else:
            found = bank.proposals(context, [line])[line.id]
            if found is None:
                raise refuse("bank.unknown", "Rien de proposé", "donnez des factures", "to")
            proposal = found
        shown = payment_lists.one(context, bank.take(context, line.id, proposal).payment_id)
    verb.say(options, shown, f"{shown['ref']} : {proposal.words}")
    return 0


def ignore(options: argparse.Namespace) -> int:
    from codial_tui.services.payments import bank

    with verb.database(options) as context:
        bank.ignore(context, options.line)
    verb.say(options, {"ignored": options.line}, "Mis de côté.")
    return 0


def _shown(context: Any) -> list[dict[str, Any]]:
    from codial_tui.domain.money import CENT
    from codial_tui.domain.quantity import decimal_text
    from codial_tui.services.payments import bank

    several = bank.lines(context)
    found = bank.proposals(context, several)
    return [
        {
            "id": one.id,
            "date": one.date,
            "amount": decimal_text(one.amount, CENT, minimum=2),
            "label": one.label,
            "reference": one.reference,
            "counterparty": one.counterparty,
            "proposal": proposal.words if (proposal := found[one.id]) else None,
            "certain": bool(proposal and proposal.certain),
        }
        for one in several
    ]


def _table(found: list[dict[str, Any]]) -> list[str]:
    rows = [
        (
            str(one["id"]),
            one["date"],
            one["amount"],
            one["counterparty"],
            one["label"][:40],
            ("" if one["certain"] else "? ") + one["proposal"] if one["proposal"] else "",
        )
        for one in found
    ]
    return verb.table(rows, (0, 2)) if rows else []
