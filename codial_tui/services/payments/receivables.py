"""What customers owe: open instalments, the aged balance, statements of account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from codial_tui.domain.kinds import ref_of as document_ref
from codial_tui.domain.payments import collecting
from codial_tui.services.context import Context

from . import payments

COLUMNS = ("À échoir", "1–30 j", "31–60 j", "61–90 j", "Plus de 90 j")
"""Of an aged balance: `domain.collecting.age_of` says which one."""


class OpenRow(NamedTuple):
    """An instalment that is not settled. left: cents, negative of a credit note."""

    instalment_id: int
    document_id: int
    ref: str
    invoiced: date
    due: date
    amount: int
    left: int
    consumer: bool
    nature: str


class AgedRow(NamedTuple):
    """What a customer owes by age, in cents; credit: what is paid and allocated to nothing."""

    party_id: int
    code: str
    name: str
    ages: tuple[int, ...]
    credit: int

    @property
    def total(self) -> int:
        return sum(self.ages) - self.credit


class Move(NamedTuple):
    """A line of a statement: an invoice, a payment. amount: cents, what it adds to the debt."""

    day: date
    ref: str
    what: str
    due: date | None
    amount: int


def open_rows(context: Context, party_id: int, day: date | None = None) -> list[OpenRow]:
    """What is open of a customer, the oldest due first; as it was at the end of a day when one is
    named."""
    params: list[Any] = [party_id]
    paid, own = "i.paid", "i.paid <> i.amount"
    if day is not None:
        paid, own, params = (
            f"({_PAID})",
            "d.date <= ?",
            [day.isoformat(), party_id, day.isoformat()],
        )
    rows = context.database.rows(
        f"SELECT i.id, d.id, d.kind, d.number, d.date, i.due_date, i.amount, i.amount - {paid}, "
        "d.party_is_consumer, i.nature FROM instalment i JOIN document d ON d.id = i.document_id "
        f"WHERE i.party_id = ? AND {own} ORDER BY i.due_date, d.id, i.position",
        params,
    )
    found = []
    for row in rows:
        ref = row[3] or document_ref(row[2], row[1])
        invoiced, due = date.fromisoformat(row[4]), date.fromisoformat(row[5])
        left, consumer = int(row[7]), bool(row[8])
        if left:
            made = OpenRow(row[0], row[1], ref, invoiced, due, row[6], left, consumer, row[9])
            found.append(made)
    return found


_PAID = (
    "SELECT COALESCE(SUM(a.amount), 0) FROM payment_allocation a "
    "JOIN payment p ON p.id = a.payment_id WHERE a.instalment_id = i.id AND p.date <= ?"
)
"""Cents paid of an instalment by the end of a day."""


def aged(context: Context, day: date | None = None) -> list[AgedRow]:
    """The aged balance of every customer who owes or has credit, by name; as it was at the end of
    a day when one is named."""
    today = day or context.today
    found: dict[int, list[int]] = {}
    for party_id, due, left in _owed(context) if day is None else _owed_on(context, day):
        ages = found.setdefault(party_id, [0] * len(COLUMNS))
        ages[collecting.age_of(date.fromisoformat(due), today)] += int(left)
    credit = _credits(context, day)
    rows = []
    for party_id in {*found, *credit}:
        code, name = context.database.row(
            "SELECT code, name FROM party WHERE id = ?", (party_id,)
        ) or ("", "")
        ages = found.get(party_id, [0] * len(COLUMNS))
        rows.append(AgedRow(party_id, code, name, tuple(ages), credit.get(party_id, 0)))
    return sorted(rows, key=lambda one: (one.name, one.party_id))


def _owed(context: Context) -> list[Any]:
    """(party, due date, cents left) of all that is open."""
    return context.database.rows(
        "SELECT party_id, due_date, SUM(amount - paid) FROM instalment "
        "WHERE paid <> amount AND party_id IS NOT NULL GROUP BY party_id, due_date"
    )


def _owed_on(context: Context, day: date) -> list[Any]:
    """`_owed` at the end of a day: what was invoiced by then, less what was paid by then."""
    until = day.isoformat()
    return context.database.rows(
        "SELECT party_id, due_date, SUM(amount) FROM ("
        "SELECT i.party_id, i.due_date, i.amount FROM instalment i "
        "JOIN document d ON d.id = i.document_id WHERE d.date <= ? UNION ALL "
        "SELECT i.party_id, i.due_date, -a.amount FROM payment_allocation a "
        "JOIN payment p ON p.id = a.payment_id JOIN instalment i ON i.id = a.instalment_id "
        "JOIN document d ON d.id = i.document_id WHERE p.date <= ? AND d.date <= ?) AS moves "
        "WHERE party_id IS NOT NULL GROUP BY party_id, due_date HAVING SUM(amount) <> 0",
        (until, until, until),
    )


def _credits(context: Context, day: date | None = None) -> dict[int, int]:
    """The credit of every customer who has some, by party."""
    until = day.isoformat() if day else "9999-12-31"
    rows = context.database.rows(
        "SELECT party_id, SUM(amount) FROM ("
        "SELECT party_id, amount FROM payment WHERE date <= ? UNION ALL "
        "SELECT p.party_id, -a.amount FROM payment_allocation a JOIN payment p "
        "ON p.id = a.payment_id JOIN document d ON d.id = a.document_id "
        "WHERE a.kind = 'payment' AND p.date <= ? AND d.date <= ?) AS moves "
        "WHERE party_id IS NOT NULL GROUP BY party_id HAVING SUM(amount) <> 0",
        (until, until, until),
    )
    return {row[0]: int(row[1]) for row in rows}


def moves(
    context: Context, party_id: int, first: date | None = None, last: date | None = None
) -> tuple[int, list[Move]]:
    """What a customer's account held before a day, in cents, and what moved it up to another."""
    found = sorted(
        [*_invoiced(context, party_id), *_paid(context, party_id)], key=lambda one: one.day
    )
    before = sum(one.amount for one in found if first and one.day < first)
    within = [
        one
        for one in found
        if (first is None or one.day >= first) and (last is None or one.day <= last)
    ]
    return before, within


def _invoiced(context: Context, party_id: int) -> Iterable[Move]:
    for number, day, amount, due, credit in context.database.rows(
        "SELECT d.number, d.date, SUM(i.amount), MAX(i.due_date), MAX(s.is_credit) "
        "FROM instalment i JOIN document d ON d.id = i.document_id "
        "JOIN document_invoice s ON s.document_id = d.id WHERE i.party_id = ? "
        "GROUP BY d.id, d.number, d.date ORDER BY d.date, d.id",
        (party_id,),
    ):
        what = "Avoir" if credit else "Facture"
        due_day = None if credit else date.fromisoformat(due)
        yield Move(date.fromisoformat(day), number, what, due_day, int(amount))


def _paid(context: Context, party_id: int) -> Iterable[Move]:
    for row in context.database.mappings(
        "SELECT p.id, p.date, p.kind, p.mode_label, p.amount, p.reference, p.label, "
        "(SELECT COALESCE(SUM(a.amount), 0) FROM payment_allocation a "
        "WHERE a.payment_id = p.id AND a.kind <> 'payment') AS granted "
        "FROM payment p WHERE p.party_id = ? ORDER BY p.date, p.id",
        (party_id,),
    ):
        day, ref = date.fromisoformat(row["date"]), payments.ref_of(row["id"])
        if row["amount"]:
            yield Move(day, ref, _words(row), None, -row["amount"])
        if row["granted"]:
            yield Move(day, ref, "Escompte", None, -int(row["granted"]))


def _words(row: dict[str, Any]) -> str:
    start = {"refund": "Remboursement", "reversal": "Contre-passation"}.get(
        row["kind"], row["mode_label"]
    )
    return " ".join(filter(None, (start, row["reference"] or row["label"])))
