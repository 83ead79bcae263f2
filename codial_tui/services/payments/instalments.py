"""Instalments of invoices: terms frozen when it is validated, rows made by its first print."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document
from codial_tui.domain.payments import instalments as rules
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context

if TYPE_CHECKING:
    from codial_tui.services.paper.printing import Job


def freeze(context: Context, document: Document) -> None:
    """Write the payment terms and the due date (BT-9) into an invoice about to be sealed, inside
    the caller's transaction. A due date that was typed stays."""
    terms = rules.decode(document.text("payment_terms")) or current_terms(
        context, document.header.get("payment_terms_id")
    )
    document.header["payment_terms"] = rules.encode(terms)
    database = context.database
    database.update("document", document.id, {"payment_terms": document.header["payment_terms"]})
    if not document.header.get("due_date"):
        document.header["due_date"] = rules.due_date(document)
        database.execute(
            "UPDATE document_invoice SET due_date = ? WHERE document_id = ?",
            (document.header["due_date"], document.id),
        )


def delays(context: Context, document: Document) -> list[Problem]:
    """That businesses would pay later than the law allows (C. com. L441-10 I): a warning."""
    if document.number("party_is_consumer") or document.text("billing_country") not in ("", "FR"):
        return []
    terms = rules.decode(document.text("payment_terms")) or current_terms(
        context, document.header.get("payment_terms_id")
    )
    day = date.fromisoformat(document.text("date"))
    typed = document.text("due_date")
    last = (
        date.fromisoformat(typed) if typed else max(rules.due_on(day, one) for one in terms.parts)
    )
    if last <= rules.latest(day):
        return []
    said = f"À régler le {format_date(last)} : {(last - day).days} jours, au-delà de la loi"
    remedy = "60 jours, ou 45 fin de mois (C. com. L441-10)"
    return [Problem("terms.delay", "payment_terms_id", said, remedy, "warning")]


def current_terms(context: Context, terms_id: object) -> rules.Terms:
    """The terms of a record as they are now; all at once without any."""
    row = context.database.mapping("SELECT * FROM payment_terms WHERE id = ?", (terms_id,))
    if row is None:
        return rules.Terms()
    parts = context.database.mappings(
        "SELECT * FROM payment_instalment WHERE terms_id = ? ORDER BY days, id", (terms_id,)
    )
    return rules.from_rows(row, parts)


def make_instalments(context: Context, job: Job) -> None:
    """The first official print of an invoice makes what it is owed, once a VAT key, and its
    instalments (domain.md §6). Of nothing owed there is none, and it is paid."""
    make(context, job.document)


def make(context: Context, document: Document) -> None:
    """Make the instalments of a validated invoice, once, inside the caller's transaction."""
    database = context.database
    if database.value("SELECT settlement FROM document WHERE id = ?", (document.id,)):
        return
    owed = {key: amount for key, amount in rules.owed(document).items() if amount}
    database.insert_many(
        "receivable",
        ("document_id", "vat_category", "vat_rate", "amount"),
        [(document.id, *key, amount) for key, amount in owed.items()],
    )
    signs = {amount > 0 for amount in owed.values()}
    party = debtor(document)
    database.insert_many(
        "instalment",
        (
            *("uid", "document_id", "party_id", "position", "due_date", "amount", "nature"),
            *("label", "mixed"),
        ),
        [
            (
                *(context.uid(), document.id, party, position, due.day.isoformat(), due.amount),
                *(due.nature, due.label, int(len(signs) > 1)),
            )
            for position, due in enumerate(rules.instalments(document), 1)
        ],
    )
    settle(context, document.id)


def debtor(document: Document) -> int | None:
    """Who pays an invoice: the party it is billed to, else its customer."""
    party = document.header.get("invoice_party_id") or document.header.get("party_id")
    return party if isinstance(party, int) else None


def settle(context: Context, document_id: int) -> None:
    """Write what lists know of an invoice's payments, inside the caller's transaction."""
    database = context.database
    paid, due = database.row(
        "SELECT COALESCE(SUM(paid), 0), MIN(CASE WHEN paid <> amount THEN due_date END) "
        "FROM instalment WHERE document_id = ?",
        (document_id,),
    ) or (0, None)
    state = "paid" if due is None else "part" if paid else "due"
    database.update(
        "document", document_id, {"settlement": state, "due_next": due, "paid_total": int(paid)}
    )
