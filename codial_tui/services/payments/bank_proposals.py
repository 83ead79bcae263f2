"""What a movement of a bank statement probably pays.

A proposal goes by the numbers in the label, by who paid before from that account, by name, by
amount; it is certain only when number or payer and amount agree, and no movement before it pays
the same. Money that went out is a payment the bank takes back, or a credit note given back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from typing import NamedTuple

from codial_tui.domain.dates import format_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context

from .payment_facts import ref_of


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

    @property
    def day(self) -> Day:
        return Day.fromisoformat(self.date)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a movement probably is. documents: invoices it pays, in order; left: cents they are
    owed, None where nothing is; payment: the one that it takes back; certain: it may be taken
    without looking."""

    words: str
    certain: bool
    party_id: int | None = None
    documents: tuple[int, ...] = ()
    left: int | None = None
    payment: int | None = None


class _Owed(NamedTuple):
    """An invoice, or a credit note, that is not settled. left: cents; bare: its number, letters
    and digits alone; name: of who owes it, folded."""

    id: int
    number: str
    party_id: int
    left: int
    bare: str
    name: str


class _Payment(NamedTuple):
    """A payment that the bank could take back; bare: the numbers of what it paid."""

    id: int
    day: Day
    party_id: int | None
    reference: str
    bare: tuple[str, ...]


class _Said:
    """A label: letters and digits alone (a bank writes `FA 26 00012`), and where words began."""

    def __init__(self, text: str) -> None:
        self.bare, self.starts = "", set()
        apart = True
        for char in fold(text):
            if not char.isalnum():
                apart = True
                continue
            if apart:
                self.starts.add(len(self.bare))
            self.bare, apart = self.bare + char, False

    def names(self, number: str) -> bool:
        """Whether it names an invoice, and not one whose number only begins or ends alike."""
        at = self.bare.find(number) if number else -1
        while at >= 0:
            if self._edge(at) and self._edge(at + len(number)):
                return True
            at = self.bare.find(number, at + 1)
        return False

    def _edge(self, at: int) -> bool:
        inside = at not in self.starts and at < len(self.bare)
        return not (inside and self.bare[at - 1 : at + 1].isdigit())


def proposals(context: Context, several: Sequence[Line]) -> dict[int, Proposal | None]:
    """What each movement probably is, by its id; None when nothing comes to mind."""
    owed = {sign: _owed(context, sign) for sign in {one.amount > 0 for one in several}}
    back = _returnable(context, several)
    found: dict[int, Proposal | None] = {}
    claimed: set[int] = set()
    for line in several:
        one = _returned(line, back) if line.amount < 0 else None
        one = one or _proposal(context, line, owed[line.amount > 0])
        if one and one.certain:
            one = replace(one, certain=claimed.isdisjoint(one.documents))
            claimed.update(one.documents)
        found[line.id] = one
    return found


def _proposal(context: Context, line: Line, owed: Sequence[_Owed]) -> Proposal | None:
    said = _Said(f"{line.label} {line.reference}")
    named = [one for one in owed if said.names(one.bare)]
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
    return Proposal(f"{where}{rest}", certain, several[0].party_id, ids, left)


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
    parties = {
        one.party_id
        for one in owed
        if len(one.name) > 3
        and one.name in said
        and re.search(rf"(?<!\w){re.escape(one.name)}(?!\w)", said)
    }
    return parties.pop() if len(parties) == 1 else None


def _returnable(context: Context, several: Sequence[Line]) -> dict[int, list[_Payment]]:
    """The payments that are not reversed, by the cents that went out of these movements; the
    newest first."""
    amounts = sorted({-one.amount for one in several if one.amount < 0})
    found: dict[int, dict[int, _Payment]] = {}
    for start in range(0, len(amounts), 500):
        some = amounts[start : start + 500]
        for amount, *row, number in context.database.rows(
            "SELECT DISTINCT p.amount, p.id, p.date, p.party_id, p.reference, d.number "
            "FROM payment p LEFT JOIN payment_allocation a ON a.payment_id = p.id "
            "LEFT JOIN document d ON d.id = a.document_id "
            f"WHERE p.amount IN ({', '.join('?' * len(some))}) AND p.kind = 'payment' "
            "AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.id DESC",
            some,
        ):
            own = found.setdefault(amount, {})
            before = own.get(row[0])
            bare = (*(before.bare if before else ()), _Said(number or "").bare)
            own[row[0]] = _Payment(row[0], Day.fromisoformat(row[1]), row[2], row[3], bare)
    return {amount: list(own.values()) for amount, own in found.items()}


def _returned(line: Line, back: dict[int, list[_Payment]]) -> Proposal | None:
    """A payment that the bank takes back: of that amount, named by its reference, else by an
    invoice it paid."""
    several = back.get(-line.amount, [])
    said = _Said(f"{line.label} {line.reference}")
    one = next(
        (one for one in several if one.reference and one.reference == line.reference), None
    ) or next((one for one in several if any(map(said.names, one.bare))), None)
    if one is None:
        return None
    words = f"impayé de {ref_of(one.id)} ({format_date(one.day)})"
    return Proposal(words, False, one.party_id, payment=one.id)


def _owed(context: Context, invoices: bool) -> list[_Owed]:
    """Every invoice that is not settled, else every credit note, the oldest due first."""
    rows = context.database.rows(
        "SELECT d.id, d.number, i.party_id, SUM(i.amount - i.paid), p.name "
        "FROM instalment i JOIN document d ON d.id = i.document_id "
        "JOIN party p ON p.id = i.party_id "
        f"WHERE i.paid <> i.amount AND i.amount {'>' if invoices else '<'} 0 "
        "GROUP BY d.id, d.number, i.party_id, p.name ORDER BY MIN(i.due_date), d.id"
    )
    return [
        _Owed(row[0], row[1], row[2], int(row[3]), _Said(row[1]).bare, fold(row[4])) for row in rows
    ]


def chosen(context: Context, line: Line, text: str) -> Proposal:
    """What a person typed instead: invoice numbers of one customer, or a customer's code. Raises
    Refused."""
    words = text.split()
    by_number = {one.number.upper(): one for one in _owed(context, line.amount > 0)}
    named = [by_number[word.upper()] for word in words if word.upper() in by_number]
    if named and len(named) == len(words):
        return _paying(named, line.amount, True)
    party = context.database.value("SELECT id FROM party WHERE code_fold = ?", (fold(text),))
    if party is None:
        raise refuse("bank.choice", f"« {text[:24]} » ?", "numéros de factures, ou code client")
    theirs = [one for one in by_number.values() if one.party_id == party]
    if theirs:
        return _paying(theirs, line.amount, True)
    day = format_date(line.day)
    return Proposal(f"crédit du client, mouvement du {day}", True, int(party))
