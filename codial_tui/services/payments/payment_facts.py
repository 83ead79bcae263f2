"""What is known of payments: modes, what is paid, what is left, whose credit it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from codial_tui.domain.kinds import ref_of as document_ref
from codial_tui.domain.payments.allocation import Open
from codial_tui.errors import refuse
from codial_tui.services.context import Context


class Mode(NamedTuple):
    """How money comes. account: of the bank or cash box."""

    code: str
    label: str
    account: str = ""


OFFSET = Mode("AVO", "Avoir imputé")
"""of an offset: no money moves"""


def mode_of(context: Context, code: str) -> Mode:
    """A payment mode by code. Raises Refused."""
    row = context.database.row(
        "SELECT code, label, account FROM payment_mode WHERE code = ? AND active = 1", (code,)
    )
    if row is None:
        known = ", ".join(one.code for one in modes(context))
        raise refuse("mode.unknown", f"Mode de règlement « {code} » inconnu", known, "mode")
    return Mode(*row)


def modes(context: Context) -> list[Mode]:
    """The payment modes in use, in order."""
    rows = context.database.rows(
        "SELECT code, label, account FROM payment_mode WHERE active = 1 ORDER BY position, id"
    )
    return [Mode(*row) for row in rows]


def paid(context: Context, document_ids: Iterable[int]) -> dict[int, int]:
    """Cents paid of each document, discounts for paying early included."""
    return {key: value[1] for key, value in _sums(context, document_ids).items()}


def left(context: Context, document_ids: Iterable[int]) -> dict[int, int]:
    """Cents left to pay of each document; negative of a credit note not yet given back."""
    return {key: value[0] - value[1] for key, value in _sums(context, document_ids).items()}


def free_of(context: Context, payment_id: int) -> int:
    """Cents of a payment that are allocated to nothing."""
    return int(
        context.database.value(
            "SELECT p.amount - COALESCE((SELECT SUM(a.amount) FROM payment_allocation a "
            "WHERE a.payment_id = p.id AND a.kind = 'payment'), 0) FROM payment p WHERE p.id = ?",
            (payment_id,),
            0,
        )
    )


def credit_of(context: Context, party_id: int | None) -> int:
    """The credit of a customer: paid and allocated to nothing; cents."""
    if party_id is None:
        return 0
    return int(
        context.database.value(
            "SELECT COALESCE((SELECT SUM(p.amount) FROM payment p WHERE p.party_id = ?), 0) - "
            "COALESCE((SELECT SUM(a.amount) FROM payment_allocation a JOIN payment p "
            "ON p.id = a.payment_id WHERE p.party_id = ? AND a.kind = 'payment'), 0)",
            (party_id, party_id),
        )
    )


def outstanding(context: Context, party_id: int | None, *, but: int = 0) -> int:
    """What a customer owes (« encours »): what is left of its invoices, the whole of those that
    have no instalments yet, less its credit; cents. but: an invoice left out."""
    left = context.database.value(
        "SELECT COALESCE(SUM(amount - paid), 0) FROM instalment "
        "WHERE party_id = ? AND paid <> amount AND document_id <> ?",
        (party_id, but),
        0,
    )
    whose = ("invoice_party_id = ?", "party_id = ? AND invoice_party_id IS NULL")
    coming = [
        context.database.value(
            "SELECT COALESCE(SUM(gross_total), 0) FROM document WHERE kind = 'invoice' "
            f"AND settlement = '' AND {own} AND id <> ?",
            (party_id, but),
            0,
        )
        for own in whose  # each by its index: among a million invoices few are one customer's
    ]
    return int(left) + sum(map(int, coming)) - credit_of(context, party_id)


def ref_of(payment_id: int) -> str:
    """What people call a payment: `RG-12`."""
    return f"RG-{payment_id}"


def payment(context: Context, payment_id: int) -> dict[str, Any]:
    row = context.database.mapping("SELECT * FROM payment WHERE id = ?", (payment_id,))
    if row is None:
        raise refuse("payment.unknown", f"Règlement {ref_of(payment_id)} introuvable")
    return row


def open_of(
    context: Context, wanted: Sequence[int], amount: int, first: int | None = None
) -> list[Open]:
    """What is left of each instalment of documents, in their order, oldest first; `first` before
    all others. Those of the other sign are left out: nobody pays a credit note."""
    found: list[Open] = []
    for document_id in wanted:
        rows = context.database.rows(
            "SELECT id, amount - paid FROM instalment WHERE document_id = ? AND paid <> amount "
            "ORDER BY due_date, position",
            (document_id,),
        )
        found += [Open(row[0], document_id, int(row[1])) for row in rows]
    found = [one for one in found if (one.left > 0) == (amount > 0)]
    return sorted(found, key=lambda one: one.id != first) if first else found


def head(context: Context, document_id: int) -> dict[str, Any]:
    """What payments ask of a document: ref, kind, state, settlement, uid. Raises Refused."""
    row = context.database.mapping(
        "SELECT id, uid, kind, number, state, settlement FROM document WHERE id = ?",
        (document_id,),
    )
    if row is None:
        raise refuse("document.unknown", f"Document {document_id} introuvable")
    return {**row, "ref": row["number"] or document_ref(row["kind"], document_id)}


def standing(context: Context, payment_id: int) -> list[dict[str, Any]]:
    """The allocations of a payment that are not taken back."""
    return context.database.mappings(
        "SELECT a.* FROM payment_allocation a WHERE a.payment_id = ? AND a.reverses IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM payment_allocation r WHERE r.reverses = a.id) ORDER BY a.id",
        (payment_id,),
    )


def _sums(context: Context, document_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    ids = list(dict.fromkeys(document_ids))
    found: dict[int, tuple[int, int]] = dict.fromkeys(ids, (0, 0))
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        for document_id, owed, done in context.database.rows(
            "SELECT document_id, SUM(amount), SUM(paid) FROM instalment "
            f"WHERE document_id IN ({', '.join('?' * len(some))}) GROUP BY document_id",
            some,
        ):
            found[document_id] = (int(owed), int(done))
    return found
