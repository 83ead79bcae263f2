"""`import supplier-invoice`: an invoice a supplier sent as data (Factur-X, CII, UBL)."""

from __future__ import annotations

import argparse
from pathlib import Path

from codial_tui.domain.quantity import format_cents

from . import verb


def add(own: verb.Verbs) -> None:
    """The verb, in the group of `import`."""
    one = verb.add(own, "supplier-invoice", record, "enregistre une facture reçue (Factur-X)")
    one.add_argument("file", metavar="FICHIER", help="PDF Factur-X, ou XML CII ou UBL")


def record(options: argparse.Namespace) -> int:
    """1 when it is recorded already or refused, 2 when it cannot be read."""
    from codial_tui.services.documents import show
    from codial_tui.services.invoicing import supplier_invoices

    with verb.database(options) as context:
        found = supplier_invoices.record_file(context, Path(options.file))
        document = found.document
        result = show.shown(context, document) | {
            "warnings": [one._asdict() for one in found.warnings]
        }
        words = [
            f"{document.ref} : {document.text('party_name')} {document.text('supplier_number')}, "
            f"TTC {format_cents(document.number('gross_total'))}"
        ]
        if found.new_supplier:
            words.append(f"Fournisseur créé : {document.text('party_code')}")
        verb.say(options, result, *words, *(one.text for one in found.warnings))
    return 0
