"""The answers to a price request, side by side."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.buying.price_requests import Comparison


def say(options: argparse.Namespace, seen: Comparison) -> None:
    """The answers side by side: as JSON, else as a table with the cheapest and the taken marked."""
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_cents
    from codial_tui.services.documents import show

    result: dict[str, Any] = {"ref": seen.document.ref, "state": seen.document.state, "lines": []}
    head = ["N°", "Désignation", *(one.code for one in seen.asked)]
    rows = [head]
    codes = {one.supplier_id: one.code for one in seen.asked}
    for line in seen.lines:
        offers, cells = [], []
        for one in seen.asked:
            given = seen.answer(line.uid, one.supplier_id)
            offer = seen.offers[line.uid].get(one.supplier_id)
            cells.append("non" if given else "–")
            if offer is not None:
                best, chosen = "*" if offer.best else "", "√" if offer.answer.chosen else ""
                cells[-1] = f"{chosen}{best} {format_cents(offer.amount)}".strip()
            if given is not None:
                offers.append(
                    {
                        "supplier": one.code,
                        "declined": given.said.declined,
                        "unit_price": decimal_text(given.said.price, SCALE4) if offer else None,
                        "discount": decimal_text(given.said.discount, 10_000),
                        "minimum": decimal_text(given.said.minimum, SCALE4),
                        "delay_days": given.said.delay_days,
                        "quantity": decimal_text(offer.quantity, SCALE4) if offer else None,
                        "amount": show.cents(offer.amount) if offer else None,
                        "best": bool(offer and offer.best),
                        "chosen": given.chosen,
                    }
                )
        number = seen.numbers[line.uid]
        rows.append([number, line.label, *cells])
        result["lines"].append(
            {
                "number": number,
                "reference": line.reference or None,
                "label": line.label,
                "quantity": decimal_text(line.quantity, SCALE4),
                "answers": offers,
                "chosen": codes.get(seen.chosen(line.uid) or 0),
                "order": seen.ordered.get(line.uid),
            }
        )
    sums = {one.supplier_id: seen.summary(one.supplier_id) for one in seen.asked}
    result["suppliers"] = [
        {
            "supplier": one.code,
            "amount": show.cents(sums[one.supplier_id].amount),
            "missing": sums[one.supplier_id].missing,
            "declined": sums[one.supplier_id].declined,
            "chosen": show.cents(sums[one.supplier_id].chosen),
            "sent_at": one.sent_at or None,
        }
        for one in seen.asked
    ]
    rows.append(["", "Total", *(format_cents(one.amount) for one in sums.values())])
    notes = [
        f"! {one.name} : {missing} ligne{'s' if missing > 1 else ''} sans réponse"
        for one in seen.asked
        if (missing := sums[one.supplier_id].missing)
    ]
    right = range(2, 2 + len(seen.asked))
    verb.say(options, result, *verb.table(rows, tuple(right)), "* moins cher  √ retenu", *notes)
