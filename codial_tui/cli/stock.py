"""`stock`: what is on hand and worth, what to order again, moves by hand, inventory counts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "stock", "montre, corrige et compte le stock")
    one = verb.add(own, "show", show, "montre le stock d'un article, ou de tous")
    one.add_argument("reference", nargs="?", type=verb.typed, default="", metavar="RÉFÉRENCE")
    _warehouse(one)
    one.add_argument("--history", action="store_true", help="les mouvements de l'article")
    one = verb.add(own, "move", move, "entre (12) ou sort (-12) du stock à la main")
    one.add_argument("reference", type=verb.typed, metavar="RÉFÉRENCE")
    one.add_argument("quantity", type=verb.typed, metavar="QUANTITÉ")
    _warehouse(one)
    one.add_argument("--to", type=verb.typed, default="", metavar="DÉPÔT", help="vers ce dépôt")
    one.add_argument("--reason", default="correction", help="correction (par défaut) ou opening")
    one = verb.add(own, "count", count, "inventaire : ce qui est compté devient le stock")
    one.add_argument("counts", nargs="+", type=verb.typed, metavar="RÉFÉRENCE=QUANTITÉ")
    _warehouse(one)
    one = verb.add(own, "reorder", reorder, "ce qui passe sous son minimum ; --order le commande")
    one.add_argument("references", nargs="*", type=verb.typed, metavar="RÉFÉRENCE")
    one.add_argument("--supplier", type=verb.typed, default="", metavar="FOURNISSEUR")
    one.add_argument("--how", choices=("usual", "cheapest", "fastest"), default="usual")
    one.add_argument("--order", action="store_true", help="une commande par fournisseur")
    one = verb.add(own, "transfer", transfer, "d'un dépôt à l'autre, plusieurs articles à la fois")
    one.add_argument("moves", nargs="+", type=verb.typed, metavar="RÉFÉRENCE=QUANTITÉ")
    _warehouse(one)
    one.add_argument("--to", type=verb.typed, required=True, metavar="DÉPÔT", help="vers ce dépôt")
    one = verb.add(own, "value", value, "ce que vaut le stock à une date, au coût moyen pondéré")
    one.add_argument("--at", type=verb.day, metavar="JOUR", help="sinon aujourd'hui")
    _warehouse(one)
    one.add_argument("-o", "--output", metavar="FICHIER.xlsx|.csv", help="l'écrit dans un fichier")
    one.add_argument("--force", action="store_true", help="remplace un fichier")


def _warehouse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--warehouse", type=verb.typed, default="", metavar="DÉPÔT", help="code ou nom"
    )


def show(options: argparse.Namespace) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity
    from codial_tui.errors import Unreadable
    from codial_tui.services.stock import coming, stock

    if options.history and not options.reference:
        raise Unreadable("--history : de quel article ?", "donnez sa référence")
    with verb.database(options) as context:
        if options.history:
            moves = stock.history(context, stock.item_of(context, options.reference))
            return _history(options, moves)
        found = stock.levels(context, options.reference, options.warehouse)
        held, due = [], []
        if options.reference:
            item = stock.item_of(context, options.reference)
            held, due = coming.held(context.database, item), coming.coming(context.database, [item])
    figures = ("quantity", "reserved", "expected", "available")
    result = [
        {
            "reference": one.reference,
            "label": one.label,
            "warehouse": one.warehouse or None,
            **{name: decimal_text(getattr(one, name), SCALE4) for name in figures},
            "unit": one.unit,
        }
        for one in found
    ]
    lines = [
        (
            one.reference,
            one.label,
            one.warehouse,
            *(format_quantity(getattr(one, name), 0) for name in figures),
            one.unit,
        )
        for one in found
    ]
    head = ("Référence", "Désignation", "Dépôt", "Stock", "Réservé", "Attendu", "Dispo", "U")
    shown = verb.table([head, *lines], (3, 4, 5, 6)) if lines else ["Aucun."]
    answer: dict[str, Any] = {"stock": result}
    if options.reference:
        answer["reserved_for"] = [
            {
                "ref": one.ref,
                "customer": one.party,
                "quantity": decimal_text(one.quantity, SCALE4),
                "arrived": decimal_text(one.arrived, SCALE4),
            }
            for one in held
        ]
        answer["coming"] = [
            {
                "ref": one.ref,
                "supplier": one.party,
                "quantity": decimal_text(one.quantity, SCALE4),
                "due": one.due or None,
            }
            for one in due
        ]
        shown += [
            f"Réservé {format_quantity(one.quantity, 0)} : {one.ref} {one.party}"
            + (f", dont arrivé {format_quantity(one.arrived, 0)}" if one.arrived else "")
            for one in held
        ]
        shown += [
            f"Attendu {format_quantity(one.quantity, 0)} : {one.ref} {one.party}"
            + (f", le {one.due[8:10]}/{one.due[5:7]}/{one.due[2:4]}" if one.due else "")
            for one in due
        ]
    verb.say(options, answer, *shown)
    return 0


def _history(options: argparse.Namespace, moves: Any) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity

    result = [
        {
            "at": one.at,
            "quantity": decimal_text(one.quantity, SCALE4),
            "after": decimal_text(one.after, SCALE4),
            "warehouse": one.warehouse,
            "reason": one.reason,
            "user": one.user,
            "ref": one.ref or None,
        }
        for one in moves
    ]
    lines = [
        (
            one.at[:16].replace("T", " "),
            format_quantity(one.quantity, 0),
            format_quantity(one.after, 0),
            one.warehouse,
            one.reason,
            one.ref,
            one.user,
        )
        for one in moves
    ]
    shown = verb.table(lines, (1, 2)) if lines else ["Aucun mouvement."]
    verb.say(options, {"moves": result}, *shown)
    return 0


def move(options: argparse.Namespace) -> int:
    from codial_tui.domain.quantity import parse_quantity
    from codial_tui.services.stock import stock

    quantity = parse_quantity(options.quantity)
    with verb.database(options) as context:
        stock.move(
            context,
            options.reference,
            quantity,
            warehouse=options.warehouse,
            to=options.to,
            reason=options.reason,
        )
    options.history = False
    options.warehouse = ""
    return show(options)


def _pairs(texts: Sequence[str]) -> list[tuple[str, int]]:
    """References and quantities (10⁻⁴) of `TUB12=40`. Raises Unreadable."""
    from codial_tui.domain.quantity import parse_quantity
    from codial_tui.errors import Unreadable

    found = []
    for one in texts:
        reference, sign, quantity = one.rpartition("=")
        if not sign:
            raise Unreadable(f"« {one} » ?", "RÉFÉRENCE=QUANTITÉ, par exemple TUB12=40")
        found.append((reference, parse_quantity(quantity)))
    return found


def transfer(options: argparse.Namespace) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity
    from codial_tui.services.stock import stock

    pairs = _pairs(options.moves)
    with verb.database(options) as context:
        stock.transfer(context, pairs, warehouse=options.warehouse, to=options.to)
    result = [
        {"reference": reference, "quantity": decimal_text(quantity, SCALE4)}
        for reference, quantity in pairs
    ]
    lines = [
        f"{reference} : {format_quantity(quantity, 0)} → {options.to}"
        for reference, quantity in pairs
    ]
    verb.say(options, {"transferred": result}, *lines)
    return 0


def reorder(options: argparse.Namespace) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity
    from codial_tui.services.stock import reorder as service
    from codial_tui.services.stock import stock

    with verb.database(options) as context:
        named = {stock.item_of(context, one) for one in options.references} or None
        if options.order:
            done = service.order(context, named, supplier=options.supplier, how=options.how)
            result = [{"id": one.document_id, "ref": one.ref, "lines": one.lines} for one in done]
            verb.say(
                options,
                {"orders": result},
                *(f"{one.ref} : {one.lines} ligne{'s' * (one.lines > 1)}" for one in done),
            )
            return 0
        found = [
            one
            for one in service.proposals(context, options.supplier, options.how)
            if named is None or one.item_id in named
        ]
    figures = ("on_hand", "reserved", "expected", "available", "minimum", "maximum", "to_order")
    shown = [
        {
            "reference": one.reference,
            "label": one.label,
            **{name: decimal_text(getattr(one, name), SCALE4) for name in figures},
            "unit": one.unit,
            "supplier": one.supplier or None,
        }
        for one in found
    ]
    head = (
        *("Référence", "Désignation", "Stock", "Réservé", "Attendu", "Dispo", "Mini", "Maxi"),
        *("À commander", "U", "Fournisseur"),
    )
    lines = [
        (
            *(one.reference, one.label),
            *(format_quantity(getattr(one, name), 0) for name in figures),
            *(one.unit, one.supplier or "sans fournisseur"),
        )
        for one in found
    ]
    table = verb.table([head, *lines], (2, 3, 4, 5, 6, 7, 8)) if lines else ["Rien à commander."]
    verb.say(options, {"proposals": shown}, *table)
    return 0


def count(options: argparse.Namespace) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity
    from codial_tui.services.stock import stock

    counts = _pairs(options.counts)
    with verb.database(options) as context:
        done = stock.count(context, counts, warehouse=options.warehouse)
    result = [
        {
            "reference": one.reference,
            "before": decimal_text(one.before, SCALE4),
            "quantity": decimal_text(one.quantity, SCALE4),
            "difference": decimal_text(one.difference, SCALE4),
        }
        for one in done
    ]
    lines = [
        f"{one.reference} : {format_quantity(one.before, 0)} → {format_quantity(one.quantity, 0)}"
        for one in done
    ]
    verb.say(options, {"counts": result}, *lines)
    return 0


def value(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.services.stock import valuation

    with verb.database(options) as context:
        day = date.fromisoformat(options.at) if options.at else None
        found = valuation.value(context, day, options.warehouse)
    return verb.say_report(options, found)
