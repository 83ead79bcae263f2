"""What becomes of electronic invoices: statuses, recorded by hand or read from a platform's files.

A side table that is only added to: the invoice itself never changes (domain.md §3).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.statuses import RECEIVED, STATUSES, Given, problems
from codial_tui.errors import CodialError, Refused, Unreadable, refuse, system_words
from codial_tui.exchange import cdar
from codial_tui.exchange.cdar import Reported
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, documents, rows
from codial_tui.services.records import settings

KINDS = ("invoice", "supplier_invoice")


class Recorded(NamedTuple):
    """One status as it is shown. at: UTC ISO; amount: cents; rate: 10⁻⁶."""

    code: str
    at: str
    reason: str
    note: str
    rate: int | None
    amount: int | None
    source: str
    by: str

    @property
    def label(self) -> str:
        known = STATUSES.get(self.code)
        return known.label if known else self.code


def listed(context: Context, document_id: int) -> list[Recorded]:
    """The statuses of an invoice, oldest first."""
    return [
        Recorded(*row)
        for row in context.database.rows(
            "SELECT code, at, reason, note, vat_rate, amount, source, user_name "
            "FROM invoice_status WHERE document_id = ? ORDER BY at, id",
            (document_id,),
        )
    ]


def unreported(context: Context, document_id: int) -> list[tuple[int, int]]:
    """What was received of an invoice and no status 212 said yet: rate (10⁻⁶) and cents TTC."""
    return [
        (int(rate), int(amount))
        for rate, amount in context.database.rows(
            "SELECT r.vat_rate, (SELECT COALESCE(SUM(a.amount), 0) FROM payment_allocation a "
            "WHERE a.document_id = r.document_id AND a.vat_rate = r.vat_rate "
            "AND a.kind = 'payment') - (SELECT COALESCE(SUM(s.amount), 0) FROM invoice_status s "
            "WHERE s.document_id = r.document_id AND s.vat_rate = r.vat_rate AND s.code = ?) "
            "FROM (SELECT DISTINCT document_id, vat_rate FROM receivable) r "
            "WHERE r.document_id = ? ORDER BY r.vat_rate DESC",
            (RECEIVED, document_id),
        )
        if amount
    ]


def record(context: Context, document_id: int, given: Given) -> None:
    """Record a status that somebody was told, now. Raises Refused."""
    document = _invoice(context, document_id)
    with context.database.write():
        context.database.lock_rows("document", [document_id])
        _check(context, document, given)
        _insert(context, document, given, context.now, "manual", "")


def _invoice(context: Context, document_id: int) -> Document:
    document = rows.load(context.database, document_id)
    if document is None:
        raise refuse("document.unknown", f"Document {document_id} introuvable")
    if document.kind not in KINDS:
        raise refuse("status.kind", f"{document.ref} n'est pas une facture", "donnez une facture")
    if document.state == "provisional":
        raise refuse("status.provisional", f"{document.ref} n'est pas validée", "validez-la : F8")
    return document


def _check(context: Context, document: Document, given: Given) -> None:
    last = context.database.value(
        "SELECT code FROM invoice_status WHERE document_id = ? ORDER BY at DESC, id DESC LIMIT 1",
        (document.id,),
    )
    if found := problems(given, str(last or "")):
        raise Refused(*found)


def _insert(
    context: Context, document: Document, given: Given, at: str, source: str, key: str
) -> None:
    context.database.insert(
        "invoice_status",
        {
            "uid": context.uid(),
            "document_id": document.id,
            "code": given.code,
            "reason": given.reason,
            "note": given.note,
            "vat_rate": given.rate,
            "amount": given.amount,
            "at": at,
            "source": source,
            "file_key": key,
            "user_name": context.user.name,
            "recorded_at": context.now,
        },
    )
    status = STATUSES[given.code]
    why = f" ({given.reason})" if given.reason else ""
    documents.log_event(context, document, "state", f"Statut {given.code} {status.label}{why}")


class Outcome(NamedTuple):
    """What became of one status of a file. refusal: why it is not recorded, "" when it is, or
    was before (`known`)."""

    file: str
    number: str
    code: str
    refusal: str = ""
    known: bool = False


def read_file(context: Context, path: Path) -> list[Outcome]:
    """Record the statuses of a file, each once, whatever becomes of the others. Raises
    Unreadable."""
    try:
        if path.stat().st_size > cdar.LIMIT:
            raise Unreadable("Fichier trop gros", "ce n'est pas un fichier de statuts")
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} illisible", system_words(error)) from error
    digest = hashlib.sha256(content).hexdigest()
    found = []
    for place, one in enumerate(cdar.read(content, context.zone)):
        try:
            known = _take(context, one, f"{digest}:{place}")
            found.append(Outcome(path.name, one.number, one.code, known=known))
        except CodialError as error:
            found.append(Outcome(path.name, one.number, one.code, error.text))
    return found


def read_from_inbox(context: Context, name: str) -> list[Outcome]:
    """Record the statuses of a file of the inbox; once all are, it leaves. Raises Unreadable or
    Refused."""
    path = attachments.waiting(context, name)
    found = read_file(context, path)
    if not any(one.refusal for one in found):
        attachments.leave(path)
    return found


def _take(context: Context, one: Reported, key: str) -> bool:
    """Record one status of a file, a row a VAT rate; whether it was there already."""
    document = _invoice(context, _find(context, one))
    parts: list[tuple[int | None, int | None]] = [(None, None)]
    if one.code == RECEIVED:
        parts = list(one.received) or parts
    given = [Given(one.code, one.reason, one.note, *part) for part in parts]
    for part in given:
        if found := problems(part, from_file=True):
            raise Refused(*found)
    with context.database.write():
        context.database.lock_rows("document", [document.id])
        if context.database.row("SELECT 1 FROM invoice_status WHERE file_key = ?", (f"{key}:0",)):
            return True
        for place, part in enumerate(given):
            at = one.at or context.now
            _insert(context, document, part, at, "file", f"{key}:{place}")
    return False


def _find(context: Context, one: Reported) -> int:
    """The invoice that a status is about: ours by its number, a supplier's by number and SIREN.
    Raises Refused."""
    own = str(settings.company(context).get("siren") or "")
    database = context.database
    found: Any = None
    if one.issuer in ("", own):
        found = database.value(
            "SELECT id FROM document WHERE kind = 'invoice' AND number = ?", (one.number,)
        )
    else:
        found = database.value(
            "SELECT d.id FROM document d JOIN document_supplier_invoice s ON s.document_id = d.id "
            "WHERE s.supplier_number = ? AND d.party_siren = ? ORDER BY d.id DESC LIMIT 1",
            (one.number, one.issuer[:9]),
        )
    if found is None:
        raise refuse("status.nowhere", f"Facture {one.number} inconnue", "d'une autre société ?")
    return int(found)
