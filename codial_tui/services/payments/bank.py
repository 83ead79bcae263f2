"""Bank statements: read once, each movement with what it probably pays, taken by one key.

A proposal goes by the numbers in the label, by who paid before from that account, by name, by
amount; it is certain only when number or payer and amount agree. A movement becomes a payment
whose source is the movement, so that nothing pays twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.text import fold
from codial_tui.errors import Unreadable, refuse, system_words
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

from . import payments
from .payments import Entry, Recorded

MODE = "VIR"


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a file did. known: movements that were there already; refused: rows of the
    file that could not be read, with why."""

    added: int
    known: int
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A movement. amount: cents, negative when it went out."""

    id: int
    date: str
    amount: int
    label: str
    reference: str
    counterparty: str
    iban: str
    digest: str
    state: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a movement probably is. documents: invoices it pays, in order; payment: the one that
    it takes back; certain: it may be taken without looking."""

    words: str
    certain: bool
    party_id: int | None = None
    documents: tuple[int, ...] = ()
    payment: int | None = None


@dataclass(frozen=True, slots=True)
class _Owed:
    """An invoice that is not settled. left: cents."""

    id: int
    number: str
    party_id: int
    left: int
    bare: str
    """its number, letters and digits alone"""


def read(context: Context, path: Path) -> Read:
    """Keep the movements of a file; the same file, or the same movement in another, adds
    nothing. Raises Unreadable."""
    from codial_tui.exchange import bank_statement

    statements = bank_statement.read(path)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Unreadable(f"{path.name} illisible", system_words(error)) from error
    added = known = 0
    database = context.database
    with database.write():
        pools.turn(database)
        for number, statement in enumerate(statements):
            own = f"{digest} {number}"
            if database.row("SELECT 1 FROM bank_statement WHERE digest = ?", (own,)):
                known += len(statement.entries)
                continue
            made = database.insert(
                "bank_statement",
                {
                    "uid": context.uid(),
                    "name": path.name[:200],
                    "account": statement.iban,
                    "digest": own,
                    "at": context.now,
                    "user_name": context.user.name,
                },
            )
            for position, entry in enumerate(statement.entries):
                if database.row("SELECT 1 FROM bank_line WHERE digest = ?", (entry.key,)):
                    known += 1
                    continue
                database.insert("bank_line", _values(context, made, position, entry))
                added += 1
    return Read(added, known, tuple(row for one in statements for row in one.refused))


def _values(context: Context, statement_id: int, position: int, entry: Any) -> dict[str, Any]:
    return {
        "uid": context.uid(),
        "statement_id": statement_id,
        "position": position,
        "date": entry.date,
        "amount": entry.amount,
        "label": entry.label[:400],
        "reference": entry.reference[:100],
        "counterparty": entry.name[:140],
        "iban": entry.iban[:40],
        "digest": entry.key,
    }


def lines(context: Context, state: str = "open") -> list[Line]:
    """The movements in a state (open, matched, ignored), the oldest first."""
    rows = context.database.rows(
        "SELECT id, date, amount, label, reference, counterparty, iban, digest, state "
        "FROM bank_line WHERE state = ? ORDER BY date, id",
        (state,),
    )
    return [Line(*row) for row in rows]


def proposals(context: Context, several: Sequence[Line]) -> dict[int, Proposal | None]:
    """What each movement probably is, by its id; None when nothing comes to mind."""
    owed = _owed(context) if several else []
    return {one.id: _proposal(context, one, owed) for one in several}


def _proposal(context: Context, line: Line, owed: Sequence[_Owed]) -> Proposal | None:
    if line.amount < 0:
        return _returned(context, line)
    said = _bare(f"{line.label} {line.reference}")
    named = [one for one in owed if _names(said, one.bare)]
    if named and len({one.party_id for one in named}) == 1:
        return _paying(named, line.amount, sum(one.left for one in named) == line.amount)
    party = _payer(context, line, owed)
    if party is not None:
        theirs = [one for one in owed if one.party_id == party]
        exact = [one for one in theirs if one.left == line.amount]
        if exact:
            return _paying(exact[:1], line.amount, len(exact) == 1)
        whole = sum(one.left for one in theirs) == line.amount
        return _paying(theirs, line.amount, whole) if theirs else None
    alike = [one for one in owed if one.left == line.amount]
    return _paying(alike, line.amount, False) if len(alike) == 1 else None


def _paying(several: Sequence[_Owed], amount: int, certain: bool) -> Proposal:
    ids = tuple(one.id for one in several)
    left = sum(one.left for one in several)
    where = ", ".join(one.number for one in several[:3]) + (" …" if len(several) > 3 else "")
    rest = "" if left == amount else f" (reste dû {format_cents(left)})"
    return Proposal(f"{where}{rest}", certain, several[0].party_id, ids)


def _payer(context: Context, line: Line, owed: Sequence[_Owed]) -> int | None:
    """Who paid from this account before, or whose mandate it is; else whose name it says."""
    if line.iban:
        found = context.database.value(
            "SELECT p.party_id FROM bank_line b JOIN payment p ON p.id = b.payment_id "
            "WHERE b.iban = ? AND p.party_id IS NOT NULL ORDER BY b.id DESC LIMIT 1",
            (line.iban,),
        ) or context.database.value(
            "SELECT party_id FROM mandate WHERE iban = ? ORDER BY id DESC LIMIT 1", (line.iban,)
        )
        if found:
            return int(found)
    said = fold(f"{line.counterparty} {line.label}")
    parties = {one.party_id for one in owed}
    names = [
        party
        for party in parties
        if len(name := fold(_name(context, party))) > 3
        and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)
    ]
    return names[0] if len(names) == 1 else None


def _name(context: Context, party: int) -> str:
    return str(context.database.value("SELECT name FROM party WHERE id = ?", (party,), ""))


def _returned(context: Context, line: Line) -> Proposal | None:
    """A payment that the bank takes back: of that amount, named by its reference."""
    row = context.database.row(
        "SELECT p.id, p.date, p.party_id FROM payment p WHERE p.amount = ? AND p.kind = 'payment' "
        "AND p.reference <> '' AND p.reference = ? "
        "AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) "
        "ORDER BY p.id DESC LIMIT 1",
        (-line.amount, line.reference),
    )
    if row is None:
        return None
    words = f"impayé de {payments.ref_of(row[0])} ({row[1]})"
    return Proposal(words, False, row[2], payment=row[0])


def _owed(context: Context) -> list[_Owed]:
    """Every invoice that is not settled, the oldest due first."""
    rows = context.database.rows(
        "SELECT d.id, d.number, i.party_id, SUM(i.amount - i.paid) "
        "FROM instalment i JOIN document d ON d.id = i.document_id "
        "WHERE i.paid <> i.amount AND i.amount > 0 AND i.party_id IS NOT NULL "
        "GROUP BY d.id, d.number, i.party_id ORDER BY MIN(i.due_date), d.id"
    )
    return [_Owed(row[0], row[1], row[2], int(row[3]), _bare(row[1])) for row in rows]


def _names(said: str, number: str) -> bool:
    """Whether a label names an invoice, and not one whose number only begins alike."""
    at = said.find(number)
    return at >= 0 and not said[at + len(number) : at + len(number) + 1].isdigit()


def _bare(text: str) -> str:
    """Letters and digits alone: a bank writes `FA 26 00012`."""
    return "".join(char for char in fold(text) if char.isalnum())


def take(context: Context, line_id: int, proposal: Proposal) -> Recorded:
    """Make a movement what it is proposed to be, in one transaction. Raises Refused, also when
    somebody took it meanwhile."""
    with context.database.write():
        pools.turn(context.database)
        line = _open_line(context, line_id)
        if proposal.payment is not None:
            made = payments.write_reversal(
                context, proposal.payment, f"impayé, relevé du {line.date}", day_of(line)
            )
            done = Recorded(made, {}, 0)
        else:
            done = payments.write(
                context,
                Entry(
                    line.amount,
                    MODE,
                    day_of(line),
                    line.reference or line.label[:60],
                    line.label,
                    party_id=proposal.party_id,
                    documents=proposal.documents,
                    source=f"bank {line.digest}",
                ),
            )
        context.database.update(
            "bank_line", line_id, {"state": "matched", "payment_id": done.payment_id}
        )
        return done


def ignore(context: Context, line_id: int) -> None:
    """A movement that is no customer's. Raises Refused when it was taken."""
    with context.database.write():
        pools.turn(context.database)
        _open_line(context, line_id)
        context.database.update("bank_line", line_id, {"state": "ignored"})


def _open_line(context: Context, line_id: int) -> Line:
    found = next((one for one in lines(context) if one.id == line_id), None)
    if found is None:
        raise refuse("bank.taken", "Ce mouvement est déjà traité", "relisez la liste")
    return found


def day_of(line: Line) -> date:
    """The day of a movement."""
    return date.fromisoformat(line.date)


def chosen(context: Context, line: Line, text: str) -> Proposal:
    """What a person typed instead: invoice numbers of one customer, or a customer's code. Raises
    Refused."""
    words = text.split()
    by_number = {one.number.upper(): one for one in _owed(context)}
    named = [by_number[word.upper()] for word in words if word.upper() in by_number]
    if named and len(named) == len(words):
        return _paying(named, line.amount, True)
    party = context.database.value("SELECT id FROM party WHERE code_fold = ?", (fold(text),))
    if party is None:
        raise refuse("bank.choice", f"« {text[:24]} » ?", "numéros de factures, ou code client")
    theirs = [one for one in by_number.values() if one.party_id == party]
    if theirs:
        return _paying(theirs, line.amount, True)
    day = format_date(day_of(line))
    return Proposal(f"crédit du client, mouvement du {day}", True, int(party))
