"""`needs`: what orders need, and ordering it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.domain.buying.needs import Need
    from codial_tui.services.context import Context

HOW = ("usual", "cheapest", "fastest")


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "needs", needs, "montre ou commande ce que les commandes demandent")
    one.add_argument(
        "refs", metavar="[order|request] [REF…]", nargs="*", type=verb.typed,
        help="sans REF : toutes les commandes ouvertes ; order d'abord : les commande ; "
        "request : en demande les prix",
    )  # fmt: skip
    one.add_argument(
        "--supplier", type=verb.typed, metavar="CODE", help="ce que vend ce fournisseur"
    )
    one.add_argument(
        "--how", choices=HOW, default="usual", help="habituel, le moins cher, le plus rapide"
    )
    one.add_argument("--no-stock", action="store_true", help="sans prendre ce qui est en stock")
    where = one.add_mutually_exclusive_group()
    where.add_argument("--into", type=verb.typed, metavar="REF", help="dans cette commande ouverte")
    where.add_argument("--new", action="store_true", help="en nouvelles commandes (sans --into)")
    one.add_argument(
        "--choose", type=verb.typed, default="", metavar="subject=source,…",
        help="quelle valeur garder quand les pièces diffèrent",
    )  # fmt: skip
    one.add_argument("--purchase", action="store_true", help="request : une demande d'achat")
    one.add_argument("--dry-run", action="store_true", help="order : dit tout, n'écrit rien")


def needs(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import needs as services
    from codial_tui.services.documents import documents

    what = options.refs[0] if options.refs[:1] in (["order"], ["request"]) else ""
    refs = options.refs[1:] if what else options.refs
    with verb.database(options) as context:
        ids = [documents.get(context, ref).id for ref in refs]
        stock = not options.no_stock
        found = (
            services.of_documents(context, ids, from_stock=stock, whole=not what)
            if ids
            else services.everywhere(context, from_stock=stock)
        )
        if what == "request":
            return _request(options, context, found)
        return _order(options, context, found) if what else _show(options, context, found)


def _request(options: argparse.Namespace, context: Context, found: list[Need]) -> int:
    from codial_tui.services.buying import asking
    from codial_tui.services.documents import documents

    from .document import answer

    kind = "purchase_request" if options.purchase else "price_request"
    made = asking.request(context, found, kind)
    answer(options, context, documents.get(context, made.ref))
    return 0


def _show(options: argparse.Namespace, context: Context, found: list[Need]) -> int:
    from codial_tui.domain.buying.supplier_choice import CHOICES
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity
    from codial_tui.services.buying import needs as services
    from codial_tui.services.buying import ordering
    from codial_tui.services.stock import coming

    offers = services.offers(context, [one.item_id for one in found])
    asked = ordering.supplier_of(context, options.supplier) if options.supplier else None
    result: list[dict[str, Any]] = []
    rows = []
    for one in found:
        figures = (one.needed, one.on_hand, one.reserved, one.ordered, one.to_order)
        names = ("needed", "in_stock", "reserved", "ordered", "to_order")
        brought = coming.coming(context.database, [one.item_id])
        several = offers.get(one.item_id, [])
        if asked:
            several = [each for each in several if each.supplier_id == asked]
            if not several:
                continue
        offer = CHOICES[options.how](several, one.to_order)
        supplier = offer.code if offer else None
        result.append(
            {
                "reference": one.reference,
                "label": one.label,
                "unit": one.unit,
                **{name: decimal_text(value, SCALE4) for name, value in zip(names, figures)},
                "on_order": [
                    {
                        "ref": each.ref,
                        "quantity": decimal_text(each.quantity, SCALE4),
                        "due": each.due or None,
                    }
                    for each in brought
                ],
                "supplier": supplier,
                "for": list(dict.fromkeys(each.ref for each in one.sources)),
            }
        )
        shown = (format_quantity(value, 0) for value in figures)
        rows.append((one.reference, one.label, *shown, one.unit, supplier or "?"))
    head = (
        "Référence",
        "Désignation",
        "Besoin",
        "Stock",
        "Réservé",
        "Cdé",
        "À cder",
        "U",
        "Fourn.",
    )
    lines = verb.table([head, *rows], range(2, 7)) if rows else ["Rien à commander."]
    verb.say(options, {"needs": result}, *lines)
    return 0


def _order(options: argparse.Namespace, context: Context, found: list[Need]) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text
    from codial_tui.errors import Unreadable, refuse
    from codial_tui.services.buying import needs as services
    from codial_tui.services.buying import ordering
    from codial_tui.services.documents import documents, show

    from .transfer import choices_asked

    offers = services.offers(context, [one.item_id for one in found])
    chosen: dict[int, int] = {}
    left: list[str] = []
    if options.supplier:
        supplier = ordering.supplier_of(context, options.supplier)
        chosen = {
            one.item_id: supplier
            for one in found
            if any(each.supplier_id == supplier for each in offers.get(one.item_id, ()))
        }
        left = [one.reference for one in found if one.item_id not in chosen]
        found = [one for one in found if one.item_id in chosen]
        if not found and left:
            said = f"{options.supplier} ne vend aucun de ces articles"
            raise refuse("supplier.sells", said, "fiche article, Fournisseurs", "supplier")
    wanted = ordering.propose(context, found, offers, how=options.how, chosen=chosen)
    if options.dry_run:
        rows = [
            {
                "supplier": ordering.code_of(context, one.supplier_id),
                "label": one.label,
                "quantity": decimal_text(one.quantity, SCALE4),
                "unit": one.unit,
                "unit_price": decimal_text(one.price, SCALE4, minimum=2),
            }
            for one in wanted
        ]
        shown = [
            (row["supplier"], row["label"], row["quantity"], row["unit"], row["unit_price"])
            for row in rows
        ]
        lines = verb.table(shown, (2, 4)) if rows else ["Rien à commander."]
        verb.say(options, {"lines": rows}, *lines, "Rien n'a été écrit.")
        return 0
    into = {}
    if options.into:
        suppliers = {one.supplier_id for one in wanted}
        target = documents.get(context, options.into)
        if len(suppliers) > 1:
            raise Unreadable("--into : plusieurs fournisseurs", "--supplier en choisit un")
        into = dict.fromkeys(suppliers, target.id)
    done = ordering.order(context, wanted, into=into, choices=choices_asked(options.choose))
    made = [documents.get(context, one.ref) for one in done]
    words = [
        f"{one.ref} : {one.lines} ligne{'s' * (one.lines > 1)}"
        + (" (nouvelle)" if one.created else " de plus")
        for one in done
    ]
    if left:
        words.append(f"Laissés, {options.supplier} ne les vend pas : {', '.join(left)}")
    result = {"orders": [show.shown(context, one) for one in made], "left": left}
    verb.say(options, result, *words)
    return 0
