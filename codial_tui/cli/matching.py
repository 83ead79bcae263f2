"""`document match`: a supplier's invoice beside what came."""

from __future__ import annotations

import argparse
from typing import Any

from . import verb


def register(own: verb.Verbs) -> None:
    one = verb.add(own, "match", match, "rapproche une facture fournisseur de ce qui est venu")
    one.add_argument("ref", metavar="FACTURE", type=verb.typed)
    one.add_argument("--dry-run", action="store_true", help="montre les écarts, ne relie rien")


def match(options: argparse.Namespace) -> int:
    """Links the lines that answer nothing yet, then says line by line what differs; exits 1 when
    nothing answers them."""
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text, format_cents, format_quantity
    from codial_tui.services.buying import matching
    from codial_tui.services.documents import documents, show
    from codial_tui.services.documents.editing import Editor

    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        if not options.dry_run:
            editor = Editor(context, document.id)
            try:
                matching.match(editor)
                document = editor.document
            finally:
                editor.close()
        found = matching.seen(context, document)
    result: dict[str, Any] = {
        "ref": document.ref,
        "lines": [
            {
                "label": one.label,
                "quantity": decimal_text(one.quantity, SCALE4),
                "received": decimal_text(one.came, SCALE4),
                "answers": one.refs,
                "gap": show.cents(one.gap) if one.is_matched else None,
            }
            for one in found
        ],
        "gap": show.cents(matching.gap_of(found)),
    }
    head = ("Désignation", "Facturé", "Reçu", "Répond à", "Écart HT")
    rows = [
        (
            one.label,
            format_quantity(one.quantity, 0),
            format_quantity(one.came, 0) if one.is_matched else "",
            one.refs,
            format_cents(one.gap) if one.is_matched else "",
        )
        for one in found
    ]
    verb.say(options, result, *verb.table([head, *rows], (1, 2, 4)))
    return 0
