"""Bank statements: read once, each movement with what it probably pays, taken by one key.

A movement becomes a payment whose source is the movement, so that nothing pays twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.errors import Refused, Unreadable, refuse, system_words
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

from . import payments
from .bank_proposals import Line, Proposal, chosen, proposals
from .payments import Entry, Recorded

MODE = "VIR"
_LINE = (
    "SELECT id, date, amount, label, reference, counterparty, iban, digest, state FROM bank_line"
)


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a file did. known: movements that were there already; refused: rows of the
    file that could not be read, with why."""

    added: int
    known: int
    refused: tuple[tuple[int, str], ...] = ()


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
    rows = context.database.rows(f"{_LINE} WHERE state = ? ORDER BY date, id", (state,))
    return [Line(*row) for row in rows]


def take(context: Context, line_id: int, proposal: Proposal) -> Recorded:
    """Make a movement what it is proposed to be, in one transaction. Raises Refused, also when
    somebody took it, or paid the invoices, meanwhile."""
    with context.database.write():
        pools.turn(context.database)
        line = _open_line(context, line_id)
        if proposal.payment is not None:
            made = payments.write_reversal(
                context, proposal.payment, f"impayé, relevé du {format_date(line.day)}", line.day
            )
            done = Recorded(made, {}, 0)
        else:
            done = payments.write(
                context,
                Entry(
                    line.amount,
                    MODE,
                    line.day,
                    line.reference or line.label[:60],
                    line.label,
                    party_id=proposal.party_id,
                    documents=proposal.documents,
                    expected=proposal.left,
                    source=f"bank {line.digest}",
                ),
            )
        context.database.update(
            "bank_line", line_id, {"state": "matched", "payment_id": done.payment_id}
        )
        return done


def take_sure(context: Context) -> tuple[list[Recorded], list[str]]:
    """Take every movement of which it is certain what it pays, each in its own transaction; what
    was recorded, and why others were not: somebody came between."""
    taken, kept = [], []
    for line_id, proposal in proposals(context, lines(context)).items():
        if proposal and proposal.certain:
            try:
                taken.append(take(context, line_id, proposal))
            except Refused as error:
                kept.append(error.text)
    return taken, kept


def ignore(context: Context, line_id: int) -> None:
    """A movement that is no customer's. Raises Refused when it was taken."""
    with context.database.write():
        pools.turn(context.database)
        _open_line(context, line_id)
        context.database.update("bank_line", line_id, {"state": "ignored"})


def reopen(context: Context, line_id: int) -> Line:
    """A movement that was put aside waits again. Raises Refused when it was not."""
    with context.database.write():
        sql = "UPDATE bank_line SET state = 'open' WHERE id = ? AND state = 'ignored'"
        context.database.execute(sql, (line_id,))
        return _open_line(context, line_id)


def _open_line(context: Context, line_id: int) -> Line:
    row = context.database.row(f"{_LINE} WHERE id = ? AND state = 'open'", (line_id,))
    if row is None:
        raise refuse("bank.taken", "Ce mouvement est déjà traité", "relisez la liste")
    return Line(*row)


__all__ = [
    "Line",
    "Proposal",
    "Read",
    "chosen",
    "ignore",
    "lines",
    "proposals",
    "read",
    "reopen",
    "take",
    "take_sure",
]
