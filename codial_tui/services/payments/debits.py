"""SEPA direct debits: what may be collected by mandate, as one file for the bank (pain.008).

The file, the payments it stands for and the mandates' next place in their series are written in
one transaction; what the bank sends back is reversed when its statement is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.law import training
from codial_tui.services.records import settings

from . import payments
from .payments import Entry

METHOD = "59"
"""UNTDID 4461 of a SEPA direct debit"""
FOLLOWING = {"FRST": "RCUR", "RCUR": "RCUR"}
"""Place of the next debit of a mandate; there is none after FNAL and OOFF."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be collected of an invoice. amount: cents due by the day asked."""

    document_id: int
    number: str
    party_id: int
    name: str
    due: str
    amount: int
    mandate_id: int
    reference: str
    iban: str
    bic: str
    signed_on: str
    scheme: str
    sequence: str


@dataclass(frozen=True, slots=True)
class Made:
    """A file for the bank. xml: its bytes; amount: cents."""

    message: str
    xml: bytes
    count: int
    amount: int


def candidates(context: Context, day: date) -> list[Candidate]:
    """What falls due by a day of customers whose mandate stands, the oldest mandate of each."""
    rows = context.database.rows(
        "SELECT d.id, d.number, i.party_id, p.name, MIN(i.due_date), SUM(i.amount - i.paid), "
        "m.id, m.reference, m.iban, m.bic, m.signed_on, m.scheme, m.sequence "
        "FROM instalment i JOIN document d ON d.id = i.document_id "
        "JOIN party p ON p.id = i.party_id JOIN mandate m ON m.id = "
        "(SELECT MIN(o.id) FROM mandate o WHERE o.party_id = i.party_id AND o.active = 1) "
        "WHERE i.paid <> i.amount AND i.amount > 0 AND i.due_date <= ? "
        "GROUP BY d.id, d.number, i.party_id, p.name, m.id, m.reference, m.iban, m.bic, "
        "m.signed_on, m.scheme, m.sequence ORDER BY p.name, d.id",
        (day.isoformat(),),
    )
    found = (dict(zip(Candidate.__slots__, row)) for row in rows)
    return [Candidate(**{**row, "amount": int(row["amount"])}) for row in found]


def make(context: Context, day: date) -> Made:
    """Collect on a day what is due by then: the file, a payment for each debit. Raises Refused
    with every reason for which the bank would refuse it; nothing is then written."""
    from codial_tui.exchange import sepa_debit

    training.forbid(context, "Prélèvement")
    if day <= context.today:
        raise refuse("debit.day", "Un prélèvement se présente un jour avant", "dès demain", "date")
    with context.database.write():
        pools.turn(context.database)
        found = candidates(context, day)
        issuer = settings.company(context)
        creditor = sepa_debit.Creditor(
            issuer["name"], issuer["iban"], issuer["bic"], issuer["creditor_id"]
        )
        number = context.database.value("SELECT COALESCE(MAX(id), 0) + 1 FROM debit")
        message = f"PRLV-{context.today:%Y%m%d}-{number}"
        debits = [_debit(context, one, day) for one in _in_series(found)]
        if problems := sepa_debit.problems(creditor, debits):
            raise Refused(*problems)
        at = context.local_now.strftime("%Y-%m-%dT%H:%M:%S")
        xml = sepa_debit.write(creditor, debits, message, at)
        _write(context, found, debits, message, day)
    return Made(message, xml, len(debits), sum(one.amount for one in debits))


def _in_series(found: list[Candidate]) -> list[Candidate]:
    """Each with its place: only the first debit of a mandate in a file is its first."""
    seen: set[int] = set()
    placed = []
    for one in found:
        again = one.mandate_id in seen and one.sequence == "FRST"
        placed.append(replace(one, sequence="RCUR") if again else one)
        seen.add(one.mandate_id)
    return placed


def _debit(context: Context, one: Candidate, day: date) -> Any:
    from codial_tui.exchange.sepa_debit import Debit, latin

    before = context.database.value(
        "SELECT COUNT(*) FROM debit_line WHERE document_id = ?", (one.document_id,)
    )
    return Debit(
        latin(f"{one.number}-{before + 1}", 35),
        one.amount,
        day.isoformat(),
        one.name,
        one.iban,
        one.reference,
        one.signed_on,
        f"Facture {one.number}",
        one.bic,
        one.sequence,  # type: ignore[arg-type]
        one.scheme,  # type: ignore[arg-type]
    )


def _write(
    context: Context, found: list[Candidate], debits: list[Any], message: str, day: date
) -> None:
    database = context.database
    mode = database.value(
        "SELECT code FROM payment_mode WHERE method = ? AND active = 1 ORDER BY position", (METHOD,)
    )
    if mode is None:
        raise Refused(
            Problem("mode.unknown", "mode", "Aucun mode « Prélèvement SEPA »", "Paramètres")
        )
    debit_id = database.insert(
        "debit",
        {
            "uid": context.uid(),
            "message": message,
            "date": day.isoformat(),
            "amount": sum(one.amount for one in debits),
            "count": len(debits),
            "at": context.now,
            "user_name": context.user.name,
        },
    )
    for candidate, debit in zip(found, debits):
        done = payments.write(
            context,
            Entry(
                debit.amount,
                mode,
                day,
                debit.reference,
                documents=(candidate.document_id,),
                source=f"debit {debit.reference}",
            ),
        )
        database.insert(
            "debit_line",
            {
                "debit_id": debit_id,
                "mandate_id": candidate.mandate_id,
                "document_id": candidate.document_id,
                "payment_id": done.payment_id,
                "amount": debit.amount,
                "end_to_end": debit.reference,
                "sequence": debit.sequence,
            },
        )
        following = FOLLOWING.get(debit.sequence)
        used: dict[str, Any] = {"used_on": day.isoformat(), "active": int(following is not None)}
        database.update(
            "mandate", candidate.mandate_id, {**used, "sequence": following or debit.sequence}
        )
