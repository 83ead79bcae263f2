"""The folder a platform takes electronic invoices from: each validated one is put there once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from codial_tui.domain.accounting.e_reporting import HOME, report_of
from codial_tui.errors import CodialError, Unreadable, refuse, system_words
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.law import training
from codial_tui.services.paper import printing
from codial_tui.services.paper.destinations import ToFile

from . import einvoices


class Outcome(NamedTuple):
    """What became of one invoice. path: its file, None when refused."""

    document_id: int
    ref: str
    path: Path | None = None
    refusal: str = ""


def waiting(context: Context) -> list[tuple[int, str, str, str, int]]:
    """Invoices to French businesses that were not handed over: id, number, date, customer, cents
    TTC. Consumers and foreign buyers are not: e-reporting has them."""
    marks = ", ".join("?" * len(HOME))
    return [
        (row["id"], row["number"], row["date"], row["party_name"], row["gross_total"])
        for row in context.database.mappings(
            "SELECT d.id, d.number, d.date, d.party_name, d.gross_total FROM document d "
            "JOIN invoice_seal s ON s.document_id = d.id WHERE d.party_is_consumer = 0 "
            f"AND UPPER(d.billing_country) IN ({marks}) AND NOT EXISTS "
            "(SELECT 1 FROM invoice_outbox o WHERE o.document_id = d.id) ORDER BY s.position",
            sorted(HOME),
        )
    ]


def hand_over(context: Context, folder: Path, wanted: list[int]) -> Iterator[Outcome]:
    """Put the Factur-X of each invoice into a folder and write down that it is there, so that it
    never goes twice; the first paper that leaves is the official print."""
    training.forbid(context, "Dépôt")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"{folder} : écriture impossible ({system_words(error)})"
        raise Unreadable(said, "vérifiez le dossier") from error
    for document_id in wanted:
        document = rows.load(context.database, document_id)
        if document is None:
            continue
        try:
            yield Outcome(document_id, document.ref, _hand(context, folder, document_id))
        except CodialError as error:
            yield Outcome(document_id, document.ref, refusal=error.text)


def _hand(context: Context, folder: Path, document_id: int) -> Path:
    """One invoice: file and row in one transaction; who comes second is refused."""
    database = context.database
    document = rows.load(database, document_id)
    assert document is not None
    content = einvoices.original(context, document)
    if report_of(document):
        raise refuse("outbox.reported", f"{document.ref} va en e-reporting", "export e-reporting")
    name = f"{document.ref.replace('/', '_')}.pdf"
    path = folder / name
    if path.exists() and path.read_bytes() != content:  # the same: what was cut is ended
        raise Unreadable(f"{path} existe déjà", "videz le dossier")
    if not document.header.get("printed_at"):
        printing.print_document(context, document_id, ToFile(path, replace=True))
    values = {
        "document_id": document_id,
        "name": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "at": context.now,
        "user_name": context.user.name,
    }
    with database.write():
        if database.row("SELECT 1 FROM invoice_outbox WHERE document_id = ?", (document_id,)):
            raise refuse("outbox.twice", f"{document.ref} est déjà déposée", "rien à faire")
        try:
            part = path.with_suffix(".part")  # a platform never sees half a file
            part.write_bytes(content)
            part.replace(path)
        except OSError as error:
            said = f"{path} non écrit : {system_words(error)}"
            raise Unreadable(said, "vérifiez le dossier") from error
        database.insert_many("invoice_outbox", tuple(values), [tuple(values.values())])
        documents.log_event(context, document, "sent", f"Déposée : {name}")
        documents.log_audit(context, "invoice.sent", {"number": document.ref, "to": name})
    return path
