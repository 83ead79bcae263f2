"""The typing line of Règlements: what a line would record, in words, and recording it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document
from codial_tui.domain.entry.entry_kinds import Command
from codial_tui.domain.payments.collecting import CASH_LIMIT
from codial_tui.domain.payments.payment_entry import Typed, parse
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.records import parties

from . import payment_view, payments, receivables
from .instalments import debtor
from .payments import Entry, Mode, Recorded

CASH = "10"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What Enter would record, and how row 23 says it. warning: what to know before."""

    entry: Entry
    words: str
    warning: str = ""


def propose(
    context: Context, document: Document, text: str, instalment: int | None = None
) -> Proposal | Command:
    """What a line would record of an invoice. instalment: the one that is paid first, and that an
    empty amount means. Raises Refused."""
    modes = payments.modes(context)
    typed = parse(text, [(one.code, one.label) for one in modes], context.today)
    if isinstance(typed, Command):
        return typed
    if isinstance(typed, Problem):
        raise Refused(typed)
    rows = payment_view.dues(context, document.id)
    left = sum(one.left for one in rows)
    if not left:
        raise refuse("payment.settled", *_nothing(document), "amount")
    mode = (
        payments.mode_of(context, typed.mode)
        if typed.mode
        else payment_view.usual_mode(context, document)
    )
    day = typed.day or context.today
    current = next((one.left for one in rows if one.id == instalment and one.left), left)
    amount = typed.amount if typed.amount is not None else current
    early = payment_view.discount_of(context, document, left, day)
    granted, change = 0, 0
    if typed.discount:
        amount = typed.amount if typed.amount is not None else left - early
        granted = max(0, left - amount)
    elif early and amount == left - early:
        granted = early
    if amount > left > 0 and (_is_cash(context, mode) or _is_passing(context, document)):
        change, amount = amount - left, left
    entry = Entry(
        amount,
        mode.code,
        day,
        typed.reference,
        documents=(document.id,),
        instalment=instalment,
        discount=granted,
        expected=left,
    )
    words = _words(context, document, entry, mode, left, change)
    return Proposal(entry, words, _warning(context, mode, amount, typed, day))


def propose_party(context: Context, party_id: int, text: str) -> Proposal | Command:
    """What a line would record of a customer, over what it owes, the oldest first. Raises
    Refused."""
    modes = payments.modes(context)
    typed = parse(text, [(one.code, one.label) for one in modes], context.today)
    if isinstance(typed, Command):
        return typed
    if isinstance(typed, Problem):
        raise Refused(typed)
    owed = [one for one in receivables.open_rows(context, party_id) if one.left > 0]
    total = sum(one.left for one in owed)
    amount = typed.amount if typed.amount is not None else total
    if not amount:
        raise refuse("payment.settled", "Ce client ne doit rien", "tapez un montant", "amount")
    mode = payments.mode_of(context, typed.mode) if typed.mode else modes[0]
    entry = Entry(amount, mode.code, typed.day, typed.reference, party_id=party_id)
    places: dict[str, int] = {}
    left = amount
    for one in owed:
        if left > 0:
            places[one.ref] = min(left, one.left)
            left -= places[one.ref]
    where = ", ".join(places) if len(places) < 3 else f"{len(places)} factures"
    words = f"règlement de {format_cents(amount)} par {mode.label.lower()} → "
    rest = f"crédit {format_cents(left)}" if left > 0 else ""
    words += ", ".join(filter(None, (where, rest)))
    day = typed.day or context.today
    return Proposal(entry, words, _warning(context, mode, amount, typed, day))


def record(context: Context, proposal: Proposal) -> tuple[Recorded, str]:
    """Record what was proposed; what was done, in words. Raises Refused."""
    done = payments.record(context, proposal.entry)
    return done, f"{payments.ref_of(done.payment_id)} : {proposal.words}"


def _nothing(document: Document) -> tuple[str, str]:
    if document.state == "provisional":
        return f"{document.ref} n'est pas validée", "F8 la valide"
    if not document.text("settlement"):
        return f"{document.ref} n'a pas encore d'échéances", "F3 l'imprime"
    return f"{document.ref} est soldée", "rien à régler"


def _is_cash(context: Context, mode: Mode) -> bool:
    found = context.database.value("SELECT method FROM payment_mode WHERE code = ?", (mode.code,))
    return bool(found == CASH)


def _is_passing(context: Context, document: Document) -> bool:
    party = debtor(document)
    return party is None or parties.is_counter(context, party)


def _words(
    context: Context, document: Document, entry: Entry, mode: Mode, left: int, change: int
) -> str:
    what = "règlement" if entry.amount > 0 else "remboursement"
    day = entry.day or context.today
    when = "aujourd'hui" if day == context.today else f"le {format_date(day)}"
    rest = left - entry.amount - entry.discount
    name = "avoir soldé" if left < 0 else "facture soldée"
    parts = [name if not rest else f"reste {format_cents(rest)}"]
    if rest * left < 0:
        parts = [name.split()[-1], f"crédit {format_cents(abs(rest))}"]
    if entry.discount:
        parts.insert(0, f"escompte {format_cents(entry.discount)}")
    if change:
        parts.append(f"rendre {format_cents(change)}")
    amount = format_cents(abs(entry.amount))
    return f"{what} de {amount} par {mode.label.lower()}, {when} → {', '.join(parts)}"


def _warning(context: Context, mode: Mode, amount: int, typed: Typed, day: date) -> str:
    if amount > CASH_LIMIT and _is_cash(context, mode):
        return f"espèces au-delà de {format_cents(CASH_LIMIT)} : interdit (CMF art. D112-3)"
    if typed.day and day > context.today:
        return f"le {format_date(day)} est à venir"
    return ""
