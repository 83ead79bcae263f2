"""What Règlements shows of an invoice: instalments, payments, credit of the customer."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.payments import collecting
from codial_tui.domain.payments.instalments import terms_of
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import payments
from .instalments import debtor

RATE = "collecting.penalty_rate"
DEFAULT_RATE = 121_500
"""10⁻⁶ a year: the rate of the ECB (2.15 %) and ten points (C. com. L441-10 II)."""


class DueRow(NamedTuple):
    """An instalment. amount, paid, left: cents; late: days, negative before its day."""

    id: int
    day: date
    amount: int
    paid: int
    nature: str
    label: str
    late: int

    @property
    def left(self) -> int:
        return self.amount - self.paid


class PaidRow(NamedTuple):
    """What of a payment stands on the invoice. discount: cents granted with it; undone: it was
    reversed; whole: cents of the payment itself."""

    payment_id: int
    day: date
    kind: str
    mode: str
    amount: int
    discount: int
    whole: int
    reference: str
    label: str
    account: str
    undone: bool
    by: str


class CreditRow(NamedTuple):
    """What the customer has left with us: a payment with something free, or a credit note."""

    payment_id: int | None
    document_id: int | None
    ref: str
    day: date
    amount: int


def dues(context: Context, document_id: int) -> list[DueRow]:
    """The instalments of an invoice, oldest first."""
    rows = context.database.rows(
        "SELECT id, due_date, amount, paid, nature, label FROM instalment WHERE document_id = ? "
        "ORDER BY due_date, position",
        (document_id,),
    )
    found = [(date.fromisoformat(row[1]), row) for row in rows]
    return [
        DueRow(row[0], day, row[2], row[3], row[4], row[5], (context.today - day).days)
        for day, row in found
    ]


def paid_rows(context: Context, document_id: int) -> list[PaidRow]:
    """The payments of an invoice, in order, reversals too."""
    rows = context.database.rows(
        "SELECT p.id, p.date, p.kind, p.mode_label, "
        "SUM(CASE WHEN a.kind = 'payment' THEN a.amount ELSE 0 END), "
        "SUM(CASE WHEN a.kind <> 'payment' THEN a.amount ELSE 0 END), p.amount, p.reference, "
        "p.label, p.account, MAX(CASE WHEN r.id IS NULL THEN 0 ELSE 1 END), p.user_name "
        "FROM payment_allocation a JOIN payment p ON p.id = a.payment_id "
        "LEFT JOIN payment r ON r.reverses = p.id WHERE a.document_id = ? "
        "GROUP BY p.id, p.date, p.kind, p.mode_label, p.amount, p.reference, p.label, p.account, "
        "p.user_name ORDER BY p.date, p.id",
        (document_id,),
    )
    found = [
        PaidRow(
            *(row[0], date.fromisoformat(row[1]), row[2], row[3], int(row[4]), int(row[5])),
            *(row[6], row[7], row[8], row[9], bool(row[10]), row[11]),
        )
        for row in rows
    ]
    return [one for one in found if one.amount or one.discount or one.undone]


def credits(context: Context, document: Document) -> list[CreditRow]:
    """What could pay this invoice without money: payments of its customer with something free,
    oldest first, then open credit notes."""
    party = debtor(document)
    free = payments.credit_of(context, party)
    found = []
    for payment_id, day in context.database.rows(
        "SELECT p.id, p.date FROM payment p WHERE p.party_id = ? AND p.kind <> 'reversal' "
        "AND p.amount > COALESCE((SELECT SUM(a.amount) FROM payment_allocation a "
        "WHERE a.payment_id = p.id AND a.kind = 'payment'), 0) "
        "AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.date, p.id",
        (party,),
    ):
        amount = min(payments.free_of(context, payment_id), free)
        if amount > 0:
            ref = payments.ref_of(payment_id)
            found.append(CreditRow(payment_id, None, ref, date.fromisoformat(day), amount))
            free -= amount
    notes = context.database.rows(
        "SELECT d.id, d.number, d.date, SUM(i.paid - i.amount) FROM instalment i "
        "JOIN document d ON d.id = i.document_id WHERE i.party_id = ? AND i.amount < 0 "
        "AND i.paid <> i.amount AND d.id <> ? GROUP BY d.id, d.number, d.date "
        "ORDER BY d.date, d.id",
        (party, document.id),
    )
    found += [CreditRow(None, row[0], row[1], date.fromisoformat(row[2]), row[3]) for row in notes]
    return found


def usual_mode(context: Context, document: Document) -> payments.Mode:
    """How this invoice is usually paid: as its terms say, else the first mode."""
    method = terms_of(document).method
    row = context.database.row(
        "SELECT code, label, account FROM payment_mode WHERE active = 1 "
        "ORDER BY CASE WHEN method = ? THEN 0 ELSE 1 END, position, id LIMIT 1",
        (method or "-",),
    )
    return payments.Mode(*row) if row else payments.Mode("", "")


def discount_of(context: Context, document: Document, left: int, day: date) -> int:
    """Cents that may be taken off what is left when it is all paid on a day; 0 without or too
    late. Never off eco-contributions."""
    terms = terms_of(document)
    invoiced = date.fromisoformat(document.text("date"))
    if not terms.discount or not collecting.is_early(day, invoiced, terms.discount_days):
        return 0
    found = totals(document)
    eco = found.eco * found.gross // (found.net or 1) if found.eco else 0
    return collecting.discount(left, terms.discount, eco=min(eco, left))


def penalty_rate(context: Context) -> int:
    """The rate of late penalties, 10⁻⁶ a year."""
    return int(settings.value(context, RATE, DEFAULT_RATE))


def late_of(context: Context, document: Document) -> collecting.Late:
    """What is late of an invoice today, with penalties."""
    found = [(one.day, one.left) for one in dues(context, document.id)]
    consumer = bool(document.number("party_is_consumer"))
    return collecting.late(found, context.today, penalty_rate(context), consumer=consumer)
