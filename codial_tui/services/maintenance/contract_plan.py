"""What falls due of contracts until a day: renewals, letters, visits, invoices, ends. Nothing is
written here.

What was made already is in `contract_due`, unique by contract, kind, day and part, so that a day
is made once whoever makes it, and a draft that is deleted gives it back. An invoice is of a
contract and those that it bills for. An ended contract still bills what it owes until its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from codial_tui.domain.maintenance import calendar_rule
from codial_tui.domain.maintenance.contracts import (
    BEYOND,
    Period,
    beyond_quota,
    extra_amount,
    over,
    periods,
    price_of,
    renewals,
    term_at,
    term_start,
)
from codial_tui.services.context import Context

from . import contract_facts
from .contract_facts import Extra, Facts

ORDER = ("renewal", "end_letter", "visit_letter", "visit", "invoice", "end")
"""What is made first on a day."""


class Share(NamedTuple):
    """What one contract puts on an invoice. period: None for extras only; price, amount: cents HT,
    of a whole period and of this one; extra_price 10⁻⁴ €."""

    contract_id: int
    number: str
    label: str
    kind: str
    period: Period | None
    price: int
    amount: int
    extras: tuple[Extra, ...]
    extra_price: int

    @property
    def net(self) -> int:
        return self.amount + sum(
            extra_amount(one.quantity, self.extra_price) for one in self.extras
        )


class Due(NamedTuple):
    """One thing to do. day: when (ISO); due_on: the day it is for, another one of a letter; term:
    which it lies in; amount: cents HT of an invoice, of the new price of a renewal; reason: why it
    cannot be made, "" when it can."""

    kind: str
    day: str
    due_on: str
    contract_id: int
    number: str
    label: str
    party: str
    term: int = 0
    amount: int = 0
    reason: str = ""
    shares: tuple[Share, ...] = ()

    @property
    def key(self) -> tuple[str, int, str]:
        return (self.kind, self.contract_id, self.due_on)


def plan(context: Context, until: date, only: int | None = None) -> list[Due]:
    """Everything that falls due until a day, in the order in which it is to be made; only: of one
    contract, and of the invoice it is on."""
    found = _facts(context, only)
    parties = _parties(context, found)
    dues = [
        one for facts in found for one in _of_contract(context, facts, until, parties[facts.id])
    ]
    dues += _invoices(found, until, parties)
    if only is not None:
        dues = [one for one in dues if only in (one.contract_id, *_members(one))]
    return sorted(dues, key=lambda one: (one.day, ORDER.index(one.kind), one.number))


def _members(due: Due) -> tuple[int, ...]:
    return tuple(one.contract_id for one in due.shares)


def _facts(context: Context, only: int | None) -> list[Facts]:
    where, params = "", []
    if only is not None:
        root = context.database.value("SELECT parent_id FROM contract WHERE id = ?", (only,))
        where, params = "WHERE id = ? OR parent_id = ? ", [root or only] * 2
    rows = context.database.mappings(f"SELECT * FROM contract {where}ORDER BY id", params)
    return contract_facts.load(context, rows)


def _parties(context: Context, found: Sequence[Facts]) -> dict[int, tuple[str, str]]:
    """By contract: the customer's name, and why nothing can be made for it."""
    known: dict[int, tuple[str, str]] = {}
    for facts in found:
        party = facts.row["party_id"]
        if party not in known:
            name, blocked, why = context.database.row(
                "SELECT name, blocked, blocked_reason FROM party WHERE id = ?", (party,)
            ) or ("", 0, "")
            reason = f"{name} est bloqué{f' ({why})' if why else ''} · débloquez sa fiche"
            known[party] = (name, reason if blocked else "")
    return {one.id: known[one.row["party_id"]] for one in found}


def _since(facts: Facts) -> date:
    """The first day whose visits and invoices are to be made."""
    resumed = facts.row["due_from"]
    start = facts.terms.start
    return max(start, date.fromisoformat(resumed)) if resumed else start


# of one contract ---------------------------------------------------------------------------------


def _of_contract(
    context: Context, facts: Facts, until: date, party: tuple[str, str]
) -> Iterator[Due]:
    if facts.row["state"] != "active":
        return
    end = over(facts.terms)
    yield from _renewals(facts, until, party)
    yield from _visits(context, facts, until, min(end, BEYOND), party)
    yield from _end_letters(context, facts, until, end, party)
    if end <= until and ("end", end.isoformat(), 0) not in facts.made:
        yield _due(facts, "end", end, party)


def _due(
    facts: Facts, kind: str, due_on: date, party: tuple[str, str], day: date | None = None
) -> Due:
    row, on = facts.row, due_on.isoformat()
    shown = (day or due_on).isoformat()
    term = term_at(facts.terms, due_on)
    name, reason = party
    return Due(kind, shown, on, facts.id, row["number"], row["label"], name, term, 0, reason)


def _renewals(facts: Facts, until: date, party: tuple[str, str]) -> Iterator[Due]:
    for term, day in renewals(facts.terms, facts.row["renewed"], until):
        due = _due(facts, "renewal", day, party)
        yield due._replace(amount=facts.price(term), reason="")


def _visits(
    context: Context, facts: Facts, until: date, end: date, party: tuple[str, str]
) -> Iterator[Due]:
    """Visits, and the letters before those that are still to come."""
    row, today = facts.row, context.today
    if not row["visit_rule"]:
        return
    rule, ahead = calendar_rule.parse(row["visit_rule"]), timedelta(days=row["letter_visit"])
    since = max(_since(facts), date.fromisoformat(row["visits_from"] or row["starts_on"]))
    for day in calendar_rule.days(rule, facts.terms.start, min(end, until + ahead + _DAY)):
        if day < since:
            continue
        made = facts.made
        if ahead and day >= today and ("visit_letter", day.isoformat(), 0) not in made:
            yield _due(facts, "visit_letter", day, party, day - ahead)
        if day <= until and ("visit", day.isoformat(), 0) not in made:
            yield _due(facts, "visit", day, party)


_DAY = timedelta(days=1)


def _end_letters(
    context: Context, facts: Facts, until: date, end: date, party: tuple[str, str]
) -> Iterator[Due]:
    """Letters before a term that is over or renews by itself; none of what never ends."""
    row, ahead = facts.row, timedelta(days=facts.row["letter_end"])
    if not ahead or row["renewal"] == "open" or facts.terms.ended is not None:
        return
    last = until + ahead
    days = [day for _, day in renewals(facts.terms, row["renewed"], last)]
    days += [end] if end <= last else []
    for day in days:
        wanted = ("end_letter", day.isoformat(), 0)
        if day >= max(context.today, _since(facts)) and wanted not in facts.made:
            yield _due(facts, "end_letter", day, party, day - ahead)


# invoices ----------------------------------------------------------------------------------------


def _invoices(
    found: Sequence[Facts], until: date, parties: dict[int, tuple[str, str]]
) -> Iterator[Due]:
    """One for each day and contract that bills, with a share of each contract."""
    by_id = {one.id: one for one in found}
    shares: dict[tuple[int, date], list[tuple[Share, int]]] = {}
    for facts in found:
        biller = facts.row["parent_id"] or facts.id
        if facts.row["state"] != "suspended":
            for day, term, share in _shares(facts, until):
                shares.setdefault((biller, day), []).append((share, term))
    for (biller, day), several in shares.items():
        facts = by_id[biller]
        due = _due(facts, "invoice", day, parties[biller])
        reason = due.reason
        if facts.row["state"] == "suspended":
            reason = f"{facts.row['number']}, qui facture, est suspendu · reprenez-le"
        net = sum(share.net for share, _ in several)
        term = max(term for _, term in several)
        yield due._replace(
            amount=net, reason=reason, term=term, shares=tuple(share for share, _ in several)
        )


def _shares(facts: Facts, until: date) -> Iterator[tuple[date, int, Share]]:
    """Day, term and share of what a contract is to be billed until a day, in order of day."""
    terms, row, since = facts.terms, facts.row, _since(facts)
    end = over(terms)
    billed = dict(facts.billed)
    days: dict[date, Period | None] = {}
    for one in periods(terms, row["billing_every"], since, until):
        day = one.first if row["billing_when"] == "advance" else one.until
        if since <= day <= until:
            days[day] = one
    if end <= until:
        days.setdefault(end, None)
    for day in sorted(days):
        period = days[day]
        done = ("invoice", day.isoformat(), 0) in facts.made
        fresh = None if done else period
        extras = tuple(_extras(facts, day, billed))
        price = facts.price(period.term) if period else 0
        amount = price_of(price, fresh) if fresh else 0
        if amount or extras:
            for extra in extras:
                billed[extra.term] = billed.get(extra.term, 0) + extra.quantity
            told = (facts.id, row["number"], row["label"], row["kind"])
            share = Share(
                *told, fresh if amount else None, price, amount, extras, row["extra_price"]
            )
            yield day, period.term if period else term_at(terms, day - _DAY), share


def _extras(facts: Facts, day: date, billed: dict[int, int]) -> Iterator[Extra]:
    """What the terms that began before a day used beyond their quota and was not billed."""
    row, terms = facts.row, facts.terms
    if row["kind"] == "flat" or not row["extra_price"]:
        return
    for term in range(term_at(terms, _since(facts)), term_at(terms, day) + 1):
        first = term_start(terms, term)
        until = min(day, term_start(terms, term + 1))
        if first >= day or ("extra", day.isoformat(), term) in facts.made:
            continue
        quantity = beyond_quota(facts.used(first, until), row["quota"], billed.get(term, 0))
        if quantity:
            yield Extra(term, quantity)
