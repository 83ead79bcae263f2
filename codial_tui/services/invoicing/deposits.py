"""What invoices deduct of deposits, kept up to date while they are provisional (domain.md §6).

`domain.deposits` says what it should be; that no deposit is deducted twice is the database's own
constraint (migration 10).
"""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.changes import Change, apply
from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import deposits as rules
from codial_tui.domain.invoicing.deposits import Share
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.models.queries import Queries
from codial_tui.services.context import Context
from codial_tui.services.documents import locks, rows

from . import deposit_facts


def brought_up_to_date(
    context: Context, document: Document, shares: list[Share] | None = None
) -> list[Change]:
    """The changes that bring the deductions of a provisional invoice up to date, amounts that
    follow included; applied to the document, not written."""
    if not doc_type(document.kind).bills:
        return []
    if shares is None:
        shares = deposit_facts.shares(context.database, document)
    changes = rules.following(document, shares, context.uid)
    apply(document, changes)
    if changes:
        follow = recompute(document)
        apply(document, follow)
        changes += follow
    return changes


def settle(context: Context, document_id: int, label: str = "Acomptes déduits") -> bool:
    """Bring the deductions of a stored provisional invoice up to date, inside the caller's
    transaction; whether something changed."""
    database = context.database
    document = rows.load(database, document_id)
    if document is None or not doc_type(document.kind).bills or document.state != "provisional":
        return False
    before = document.version
    changes = brought_up_to_date(context, document)
    if not changes:
        return False
    found = totals(document)
    for change in changes:
        rows.write(database, document, change)
    database.update(
        "document",
        document_id,
        {
            "version": before + 1,
            "net_total": found.net,
            "vat_total": found.vat_total,
            "gross_total": found.gross,
            "cost_total": found.cost,
            "updated_at": context.now,
        },
    )
    step = rows.write_step(context, document, before + 1, label, barrier=True)
    rows.write_edits(database, step, changes)
    return True


def deposits_of(database: Queries, document_id: int) -> list[int]:
    """The deposits that a document takes from or gives back to."""
    sql = "SELECT DISTINCT deposit_id FROM deposit_use WHERE document_id = ?"
    return [row[0] for row in database.rows(sql, (document_id,))]


def share_out(context: Context, deposit_ids: Sequence[int], label: str) -> None:
    """The provisional invoices of the orders of these deposits deduct what is free of them now,
    inside the caller's transaction. One that somebody else has open does when it is edited."""
    database = context.database
    marks = ", ".join("?" * len(deposit_ids)) or "0"
    sql = f"SELECT DISTINCT order_id FROM deposit WHERE id IN ({marks}) ORDER BY order_id"
    for (order_id,) in database.rows(sql, deposit_ids):
        for invoice_id in deposit_facts.invoices_of(database, order_id):
            if not locks.elsewhere(context, invoice_id):
                settle(context, invoice_id, label)


UNPAID = "deposit.unpaid"
"""Code of a question rather than a problem: collect, credit, or deduct all the same."""


def unpaid(context: Context, document: Document) -> list[Problem]:
    """The deposits that an invoice deducts and that nobody has paid."""
    if not doc_type(document.kind).bills or not document.uses:
        return []
    return [
        Problem(
            UNPAID,
            "lines",
            f"Acompte {one.number} demandé, non réglé : {format_cents(one.due)}",
            "encaissez-le, faites-en un avoir ou déduisez quand même",
        )
        for one in deposit_facts.unpaid(context, document)
    ]


def problems(context: Context, document: Document) -> list[Problem]:
    """Why an invoice cannot be validated with what it deducts."""
    if not doc_type(document.kind).bills or document.text("nature") == "deposit":
        return []
    return rules.problems(document, deposit_facts.shares(context.database, document))


def warnings(context: Context, document: Document) -> list[Problem]:
    """What the last invoice of an order leaves of its deposits: its VAT was changed, or the order
    made smaller; only a credit note gives it back."""
    if document.number("is_credit") or document.text("nature") == "deposit":
        return []
    left = rules.left_over(document, deposit_facts.shares(context.database, document))
    kept = {number: cents for number, cents in left.items() if cents > ROUNDING}
    if not kept or not deposit_facts.is_last(context.database, document):
        return []
    return [
        Problem(
            "deposit.left",
            "lines",
            f"Acompte {number} : {format_cents(cents)} restent à déduire",
            "sinon un avoir de l'acompte : F6",
            "warning",
        )
        for number, cents in kept.items()
    ]


ROUNDING = 10
"""Cents: a part of an amount TTC is not always a part of an amount HT"""
