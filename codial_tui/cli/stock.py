"""`stock`: what is on hand."""

from __future__ import annotations

import argparse

from . import verb


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "stock", "montre le stock")
    one = verb.add(own, "show", show, "montre le stock d'un article, ou de tous")
    one.add_argument("reference", nargs="?", type=verb.typed, default="", metavar="RÉFÉRENCE")


def show(options: argparse.Namespace) -> int:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_quantity
    from codial_tui.services import stock

    with verb.database(options) as context:
        found = stock.levels(context, options.reference)
    result = [
        {
            "reference": one.reference,
            "label": one.label,
            "warehouse": one.warehouse or None,
            "quantity": decimal_text(one.quantity, SCALE4),
            "unit": one.unit,
        }
        for one in found
    ]
    lines = [
        (one.reference, one.label, one.warehouse, format_quantity(one.quantity, 0), one.unit)
        for one in found
    ]
    verb.say(options, {"stock": result}, *(verb.table(lines, (3,)) if lines else ["Aucun."]))
    return 0
