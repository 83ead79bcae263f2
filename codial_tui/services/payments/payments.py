"""Payments and where they go: recorded, allocated by VAT rate, reversed (domain.md §6).

Nothing of it is changed or deleted, by the program or by SQL (migration 11): what was wrong is
reversed. Each gesture is one entry of the chained journal of payments. What is not allocated is
the customer's credit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from codial_tui.domain.kinds import doc_type
from codial_tui.domain.payments.allocation import Open, oldest_first
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.records import parties

from . import payment_rows
from .payment_facts import (
    OFFSET,
    Mode,
    credit_of,
    free_of,
    head,
    left,
    mode_of,
    modes,
    open_of,
    paid,
    payment,
    ref_of,
    standing,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded. amount: cents, negative when paid back. documents: invoices and
    credit notes it is for, in this order; none: all that the party owes, oldest first, when
    `allocate`. instalment: the one it begins with. discount: cents granted beside it for paying
    early. expected: what the screen showed as left of the documents, None to take what comes.
    source: what made it, once only."""

    amount: int
    mode: str
    day: date | None = None
    reference: str = ""
    label: str = ""
    party_id: int | None = None
    documents: tuple[int, ...] = ()
    instalment: int | None = None
    discount: int = 0
    expected: int | None = None
    source: str | None = None
    allocate: bool = True
    fees: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written. allocated: cents by document; free: what became the customer's credit."""

    payment_id: int
    allocated: dict[int, int]
    free: int


def record(context: Context, entry: Entry) -> Recorded:
    """Record a payment and allocate it, in one transaction. Raises Refused."""
    with context.database.write():
        return write(context, entry)


def write(context: Context, entry: Entry) -> Recorded:
    """`record` inside the caller's transaction."""
    pools.turn(context.database)  # what is left is what nobody else is writing
    mode = mode_of(context, entry.mode)
    _check_ready(context, entry.documents)
    if entry.amount == 0:
        raise _zero(context, entry)
    wanted = _documents(context, entry)
    party = _party(context, entry, wanted)
    open_ones = open_of(context, wanted, entry.amount, entry.instalment)
    if entry.documents:
        _check(context, entry, open_ones)
    taken = within(entry.amount, sum(one.left for one in open_ones) - entry.discount)
    free = entry.amount - taken
    if free:
        _check_free(context, party, free)
    kind = "payment" if entry.amount > 0 else "refund"
    made = _insert(context, kind, mode, entry, party)
    parts = oldest_first(taken, open_ones)
    payment_rows.allocate(context, made, parts)
    if entry.discount:
        after = [one._replace(left=one.left - parts.get(one.id, 0)) for one in open_ones]
        granted = oldest_first(entry.discount, after)
        payment_rows.allocate(context, made, granted, "discount")
    touched = {one.document_id for one in open_ones if one.id in parts}
    return Recorded(made, payment_rows.close(context, made, touched, mode.label), free)


def allocate(context: Context, payment_id: int, wanted: Sequence[int]) -> dict[int, int]:
    """Use what is free of a payment for documents, in this order; cents of it by document. Raises
    Refused when nothing is free or nothing is owed."""
    with context.database.write():
        pools.turn(context.database)
        row = payment(context, payment_id)
        free = free_of(context, payment_id)
        if row["party_id"] is not None:
            _party(context, Entry(0, "", party_id=row["party_id"]), wanted)
            credit = credit_of(context, row["party_id"])
            free = max(0, min(free, credit)) if free > 0 else free
        open_ones = open_of(context, wanted, free)
        taken = within(free, sum(one.left for one in open_ones))
        if not taken:
            raise refuse("credit.none", "Rien à affecter", "ce règlement n'a plus de disponible")
        payment_rows.allocate(context, payment_id, oldest_first(taken, open_ones))
        touched = {one.document_id for one in open_ones}
        return payment_rows.close(context, payment_id, touched, "affecté")


def offset(context: Context, credit_note: int, invoices: Sequence[int]) -> Recorded:
    """Set a credit note against invoices of the same party, in this order: no money moves.
    Raises Refused."""
    with context.database.write():
        pools.turn(context.database)
        given = open_of(context, [credit_note], -1)
        taking = open_of(context, invoices, 1)
        amount = min(-sum(one.left for one in given), sum(one.left for one in taking))
        if amount <= 0:
            raise refuse(
                "offset.nothing", "Rien à imputer", "il faut un avoir et une facture non soldés"
            )
        ids = (credit_note, *invoices)
        entry = Entry(0, OFFSET.code, documents=ids)
        made = _insert(context, "offset", OFFSET, entry, _party(context, entry, ids))
        payment_rows.allocate(context, made, oldest_first(-amount, given))
        payment_rows.allocate(context, made, oldest_first(amount, taking))
        return Recorded(made, payment_rows.close(context, made, ids, OFFSET.label), 0)


def reverse(
    context: Context, payment_id: int, reason: str, day: date | None = None, fees: int = 0
) -> int:
    """Take a payment back with all it was allocated to; returns the payment that does. fees:
    cents the bank took for one that bounced. Raises Refused, also when it is reversed already."""
    with context.database.write():
        return write_reversal(context, payment_id, reason, day, fees)


def write_reversal(
    context: Context, payment_id: int, reason: str, day: date | None = None, fees: int = 0
) -> int:
    """`reverse` inside the caller's transaction."""
    if not reason.strip():
        raise refuse("reversal.reason", "Pourquoi ?", "impayé, erreur de saisie…", "reason")
    if fees < 0:
        raise refuse(
            "reversal.fees", "Des frais ne sont pas négatifs", "ce que la banque a pris", "fees"
        )
    pools.turn(context.database)
    row = payment(context, payment_id)
    if row["kind"] == "reversal":
        raise refuse(
            "payment.reversal", "C'est une contre-passation", "enregistrez le règlement à neuf"
        )
    if context.database.row("SELECT 1 FROM payment WHERE reverses = ?", (payment_id,)):
        raise refuse("payment.reversed", f"{ref_of(payment_id)} est déjà contre-passé")
    taken = standing(context, payment_id)
    entry = Entry(-row["amount"], "", day, row["reference"], reason.strip(), fees=fees)
    mode = Mode(row["mode"], row["mode_label"], row["account"])
    made = _insert(context, "reversal", mode, entry, row["party_id"], reverses=payment_id)
    payment_rows.mirror(context, made, taken, entry.amount)
    touched = {one["document_id"] for one in taken}
    payment_rows.close(context, made, touched, f"contre-passe {ref_of(payment_id)}")
    return made


def release(context: Context, payment_id: int, document_id: int) -> int:
    """Take a payment off a document: it becomes the customer's credit. Returns the cents. Raises
    Refused."""
    with context.database.write():
        pools.turn(context.database)
        row = payment(context, payment_id)
        on_it = [one for one in standing(context, payment_id) if one["document_id"] == document_id]
        if not on_it or row["kind"] not in ("payment", "refund"):
            raise refuse(
                "allocation.none", "Rien à désaffecter de cette pièce", "contre-passez le règlement"
            )
        _check_free(context, row["party_id"], row["amount"])
        payment_rows.mirror(context, payment_id, on_it, row["amount"])
        payment_rows.close(context, payment_id, {document_id}, "désaffecté, reste")
        return sum(one["amount"] for one in on_it if one["kind"] == "payment")


def _documents(context: Context, entry: Entry) -> list[int]:
    """The documents a payment is for, in order; those of the party, oldest due first."""
    if entry.documents or not entry.allocate or entry.party_id is None:
        return list(entry.documents)
    sign = ">" if entry.amount > 0 else "<"
    rows = context.database.rows(
        f"SELECT document_id FROM instalment WHERE party_id = ? AND amount {sign} 0 "
        "AND paid <> amount GROUP BY document_id ORDER BY MIN(due_date), document_id",
        (entry.party_id,),
    )
    return [row[0] for row in rows]


def _party(context: Context, entry: Entry, wanted: Sequence[int]) -> int | None:
    """Who pays. Raises Refused when documents are not of one party."""
    owners = (
        "SELECT COALESCE(invoice_party_id, party_id) FROM document "
        f"WHERE id IN ({', '.join('?' * len(wanted))})"
    )
    found = {row[0] for row in context.database.rows(owners, wanted)} if wanted else set()
    if entry.party_id is not None:
        found.add(entry.party_id)
    if len(found) > 1:
        raise refuse(
            "payment.parties",
            "Ces factures ne sont pas du même client",
            "un règlement par client",
            "documents",
        )
    return found.pop() if found else None


def _check_ready(context: Context, several: Sequence[int]) -> None:
    """Raises Refused when a document takes no payment."""
    for document_id in several:
        document = head(context, document_id)
        if not doc_type(document["kind"]).bills or not document["settlement"]:
            raise Refused(_not_ready(document))


def _zero(context: Context, entry: Entry) -> Refused:
    """Why nothing is no payment: nothing is owed, or nothing was typed."""
    if entry.documents and not any(left(context, entry.documents).values()):
        return _settled(context, entry)
    return refuse("payment.zero", "Montant nul", "tapez un montant", "amount")


def _settled(context: Context, entry: Entry) -> Refused:
    names = ", ".join(head(context, one)["ref"] for one in entry.documents)
    return refuse(
        "payment.settled", f"{names} : rien à régler", "sans facture : crédit du client", "amount"
    )


def _check(context: Context, entry: Entry, open_ones: Sequence[Open]) -> None:
    """Raises Refused when documents are not owed what one was shown."""
    room = sum(one.left for one in open_ones)
    if entry.expected is not None and room != entry.expected:
        raise refuse(
            "payment.changed",
            f"Il reste {format_cents(room)} : un règlement a été saisi entre-temps",
            "relisez, puis Entrée",
            "amount",
        )
    if not room:
        raise _settled(context, entry)
    if entry.discount and not 0 < entry.discount <= room:
        raise refuse("discount.range", "Escompte plus grand que le reste", "", "discount")


def _not_ready(document: dict[str, Any]) -> Problem:
    if not doc_type(document["kind"]).bills:
        return Problem(
            "payment.kind", "documents", f"{document['ref']} ne se règle pas", "facturez d'abord"
        )
    if document["state"] == "provisional":
        return Problem(
            "state.not_validated", "state", f"{document['ref']} n'est pas validée", "F8 la valide"
        )
    return Problem(
        "state.not_printed", "state", f"{document['ref']} n'a pas d'échéances", "F3 l'imprime"
    )


def within(amount: int, room: int) -> int:
    """As much of an amount as there is room for, of the same sign."""
    return max(0, min(amount, room)) if amount > 0 else min(0, max(amount, room))


def _check_free(context: Context, party: int | None, free: int) -> None:
    """What goes to no document is the credit of a customer that is known. Raises Refused."""
    anonymous = party is None or parties.is_counter(context, party)
    if free > 0 and anonymous:
        raise refuse(
            "payment.too_much",
            f"{format_cents(free)} de trop pour un client de passage",
            "rendez la monnaie : tapez ce qui reste en caisse",
            "amount",
        )
    if free < 0 and -free > credit_of(context, party):
        raise refuse(
            "refund.credit",
            f"Rien à rembourser au-delà de {format_cents(max(0, credit_of(context, party)))}",
            "un avoir non soldé, ou un trop-perçu",
            "amount",
        )


def _insert(
    context: Context, kind: str, mode: Mode, entry: Entry, party: int | None, **more: Any
) -> int:
    name = context.database.value("SELECT name FROM party WHERE id = ?", (party,)) or ""
    day = entry.day or context.today
    values = {
        "party_id": party,
        "party_name": name,
        "date": day.isoformat(),
        "kind": kind,
        "mode": mode.code,
        "mode_label": mode.label,
        "account": mode.account,
        "amount": entry.amount,
        "reference": entry.reference,
        "label": entry.label,
        "fees": entry.fees,
        "source": entry.source,
    }
    return payment_rows.insert(context, {**values, **more})


__all__ = [
    "Entry",
    "Mode",
    "Recorded",
    "allocate",
    "credit_of",
    "free_of",
    "left",
    "mode_of",
    "modes",
    "offset",
    "paid",
    "record",
    "ref_of",
    "release",
    "reverse",
    "write",
    "write_reversal",
]
