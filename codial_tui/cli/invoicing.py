"""`deposit` and `credit-note`: what is invoiced before and after."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import verb
from .transfer import add_lines, lines_asked

if TYPE_CHECKING:
    from codial_tui.services.context import Context


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "deposit", deposit, "demande, reçoit ou montre les acomptes")
    one.add_argument("ref", metavar="COMMANDE", type=verb.typed)
    one.add_argument("kind", metavar="request|receipt|list", choices=("request", "receipt", "list"))
    how = one.add_mutually_exclusive_group()
    how.add_argument("--percent", type=verb.percent, metavar="P", help="du TTC de la commande")
    how.add_argument("--amount", type=verb.cents, metavar="M", help="TTC")
    one.add_argument("--mode", type=verb.typed, default="", metavar="M", help="VIR, CB, CHQ, ESP…")
    one.add_argument("--reference", type=verb.typed, default="", metavar="R", help="du chèque…")
    one.add_argument("-o", "--output", metavar="FICHIER.pdf", help="l'imprime : PDF officiel")
    one.add_argument("--force", action="store_true", help="remplace un fichier")
    vat = one.add_mutually_exclusive_group()
    vat.add_argument(
        "--on-receipts",
        dest="receipts",
        action="store_true",
        default=None,
        help="TVA sur les encaissements",
    )
    vat.add_argument(
        "--on-debits", dest="receipts", action="store_false", help="TVA sur les débits"
    )
    one = verb.add(verbs, "credit-note", credit_note, "fait l'avoir d'une facture validée")
    one.add_argument("ref", metavar="FACTURE", type=verb.typed)
    add_lines(one)
    goods = one.add_mutually_exclusive_group()
    goods.add_argument(
        "--goods-back", dest="goods", action="store_true", default=None, help="revient en stock"
    )
    goods.add_argument(
        "--goods-kept", dest="goods", action="store_false", help="reste chez le client"
    )


def deposit(options: argparse.Namespace) -> int:
    from codial_tui.errors import Refused, Unreadable
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import deposit_issue, einvoices
    from codial_tui.services.paper import printing

    with verb.database(options) as context:
        order = documents.get(context, options.ref)
        if options.kind == "list":
            return _list(options, context, order.id)
        if options.percent is None and options.amount is None:
            raise Unreadable("De combien ?", "--percent 30 ou --amount 100.00")
        if options.kind == "request" and (options.mode or options.reference):
            raise Unreadable("--mode, --reference : d'un acompte reçu", "receipt")
        ask = deposit_issue.Ask(
            options.kind,
            options.percent,
            options.amount,
            options.receipts,
            options.mode.upper() or deposit_issue.MODE,
            options.reference,
        )
        if wrong := einvoices.official_problems(
            context, deposit_issue.proposed(context, order.id, ask)
        ):
            raise Refused(*wrong)
        if options.output:
            verb.new_file(options.output, options.force, ".pdf")
        made = deposit_issue.issue(context, order.id, ask)
        if options.output:  # issuing prints, where somebody says on what (domain.md §6)
            where = printing.ToFile(Path(options.output), replace=options.force)
            printing.print_document(context, made.id, where)
            made = documents.get(context, made.ref)
        from .document import answer

        answer(options, context, made)
    return 0


def _list(options: argparse.Namespace, context: Context, order_id: int) -> int:
    from codial_tui.services.documents import show
    from codial_tui.services.invoicing import deposit_facts

    found = deposit_facts.of_order(context, order_id)
    words = {"request": "demandé", "receipt": "reçu"}
    figures = ("asked", "paid", "deducted", "credited", "left")
    result: list[dict[str, Any]] = [show.deposit(one) for one in found]
    head = ("Acompte", "Date", "", "Montant", "Réglé", "Déduit", "Avoir", "Reste")
    rows = [
        (one["number"], one["date"], words[one["kind"]], *(one[name] for name in figures))
        for one in result
    ]
    lines = verb.table([head, *rows], range(3, 8)) if rows else ["Aucun acompte."]
    verb.say(options, {"deposits": result}, *lines)
    return 0


def credit_note(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import credit_notes

    from .document import answer

    with verb.database(options) as context:
        source = documents.get(context, options.ref)
        takes = None
        if options.lines is not None:
            left = credit_notes.creditable(context, source)
            takes = lines_asked(source, left, options.lines)
        answer(options, context, credit_notes.credit(context, source.id, takes, options.goods))
    return 0
