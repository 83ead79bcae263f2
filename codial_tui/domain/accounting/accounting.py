"""Accounting entries of sales and receipts (domain.md §6): pure, balanced by construction.

An invoice debits the customer and credits sales and VAT; a deposit goes to 4191 until an invoice
deducts it. VAT on services falls due when they are paid (CGI art. 269-2-c): it waits on 44574 and
each allocation of a payment moves its part to 44571. Amounts are cents, debits positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.deductions import parts
from codial_tui.domain.lines.lines import Key, line_key
from codial_tui.domain.lines.totals import counting, footer_shares, printed_nets, totals
from codial_tui.domain.money import div_round, spread

from .accounts import Accounts, Auxiliary, Rule, takes_auxiliary

SALES, MISC = "VE", "OD"
"""Journals of invoices and of what no bank sees, unless a setting names others."""


class Row(NamedTuple):
    """One row of an entry, in cents; one of debit and credit is zero, none is negative."""

    account: str
    label: str
    debit: int
    credit: int
    auxiliary: Auxiliary = Auxiliary()


class VatPart(NamedTuple):
    """What one entry means for VAT. base, vat: cents. on: `debits` (due now), `receipts` (invoiced,
    due when paid), `received` (due now because it was paid)."""

    category: str
    rate: int
    base: int
    vat: int
    on: str


class Entry(NamedTuple):
    """A balanced entry. day, piece_day: ISO. source, source_uid: what it was made from."""

    journal: str
    day: str
    piece: str
    piece_day: str
    label: str
    rows: tuple[Row, ...]
    source: str
    source_uid: str
    vat: tuple[VatPart, ...] = ()
    branch_id: int | None = None
    project_id: int | None = None

    @property
    def debit(self) -> int:
        return sum(row.debit for row in self.rows)


class _Sums:
    """Signed amounts by account and auxiliary, in the order they came."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str, Auxiliary], int] = {}

    def add(self, rule: Rule, amount: int, auxiliary: Auxiliary = Auxiliary()) -> None:  # noqa: B008
        """amount: debit positive."""
        own = auxiliary if takes_auxiliary(rule.account) else Auxiliary()
        place = (rule.account, rule.label, own)
        self._sums[place] = self._sums.get(place, 0) + amount

    def rows(self) -> tuple[Row, ...]:
        return tuple(
            Row(account, label, max(amount, 0), max(-amount, 0), auxiliary)
            for (account, label, auxiliary), amount in self._sums.items()
            if amount
        )


class Exigible(NamedTuple):
    """What is due of one VAT key of an invoice, in cents: its TTC and VAT, and how much of base
    and VAT waits for receipts."""

    gross: int
    vat: int
    waiting_base: int
    waiting: int


def exigible(document: Document) -> dict[Key, Exigible]:
    """Each VAT key split by when its VAT falls due (domain.md §3: base and amount are split by
    exigibility, largest remainder, for accounting only). Goods: when invoiced; services: when
    paid, unless the invoice opted for debits; deposits: when paid, goods too since 2023 (CGI art.
    269-2-a bis)."""
    found: dict[Key, Exigible] = {}
    weights = _weights(document)
    for row in totals(document).vat:
        key = (row.category, row.rate)
        goods, services = weights.get(key, (1, 0))
        _, base = spread(row.base, [goods, services])
        _, vat = spread(row.amount, [goods, services])
        found[key] = Exigible(row.base + row.amount, row.amount, base, vat)
    return found


def _weights(document: Document) -> dict[Key, tuple[int, int]]:
    """What of each VAT key is due at once, and what when it is paid."""
    on_debits = bool(document.number("vat_on_debits"))
    deposit = document.text("nature") == "deposit"
    nets = printed_nets(document)
    found: dict[Key, list[int]] = {}
    fallback: dict[Key, tuple[int, int]] = {}
    for line in counting(document):
        later = not on_debits and (deposit or line.supply_nature == "service")
        key = line_key(line)
        fallback.setdefault(key, (0, 1) if later else (1, 0))
        if not line.nature:
            sums = found.setdefault(key, [0, 0])
            sums[later] += nets.get(line.uid, 0)
    return {
        key: (sums[0], sums[1]) if sums[0] + sums[1] else fallback[key]
        for key, sums in {**{key: [0, 0] for key in fallback}, **found}.items()
    }


def sale(
    document: Document,
    accounts: Accounts,
    customer: Auxiliary,
    families: Mapping[int, int] | None = None,
    suppliers: Mapping[int, Auxiliary] | None = None,
    journal: str = SALES,
) -> Entry:
    """The entry of a validated invoice or credit note. families: item id → family id; suppliers:
    party id → auxiliary of a subcontractor who is paid directly. An invoice of nothing has no
    rows."""
    sums, kept = _Sums(), 0
    payable = totals(document).payable
    sums.add(accounts.of("customer"), payable, customer)
    for part in parts(document):
        if part.kind == "direct_payment":
            party = (suppliers or {}).get(part.deduction.party_id or 0, Auxiliary())
        else:
            party = customer if part.kind == "retention" else Auxiliary()
        sums.add(accounts.of(part.kind), part.amount, party)
        kept += part.amount
    for (key, role, nature, family), amount in _revenue(document, families or {}).items():
        sums.add(accounts.of(role, key, nature, family), -amount)
    vat = []
    for key, due in exigible(document).items():
        now = due.vat - due.waiting
        sums.add(accounts.of("vat", key), -now)
        sums.add(accounts.of("vat_receipts", key), -due.waiting)
        base = due.gross - due.vat
        if base - due.waiting_base or now:
            vat.append(VatPart(*key, base - due.waiting_base, now, "debits"))
        if due.waiting_base or due.waiting:
            vat.append(VatPart(*key, due.waiting_base, due.waiting, "receipts"))
    day = document.text("date")
    return Entry(
        journal,
        day,
        document.ref,
        day,
        f"{_title(document)} {document.ref} {document.text('party_name')}".strip(),
        sums.rows(),
        "invoice",
        document.uid,
        tuple(vat),
        _id(document, "branch_id"),
        _id(document, "project_id"),
    )


def _id(document: Document, name: str) -> int | None:
    value = document.header.get(name)
    return value if isinstance(value, int) else None


def _title(document: Document) -> str:
    if document.number("is_credit"):
        return "Avoir"
    return {"deposit": "Acompte", "progress": "Situation"}.get(document.text("nature"), "Facture")


_Place = tuple[Key, str, str, int | None]
"""VAT key, role, supply nature, family."""


def _revenue(document: Document, families: Mapping[int, int]) -> dict[_Place, int]:
    """HT by where it goes. A discount of the footer lowers the sales of its VAT base."""
    nets = printed_nets(document)
    deposits = {use.line_uid for use in document.uses}
    whole = document.text("nature") == "deposit"
    found: dict[_Place, int] = {}
    for line in counting(document):
        role = "deposit" if whole or line.nature or line.uid in deposits else "sale"
        family = families.get(line.item_id) if line.item_id is not None else None
        place: _Place = (line_key(line), role, line.supply_nature, family)
        if role == "deposit":
            place = (line_key(line), role, "", None)
        found[place] = found.get(place, 0) + nets.get(line.uid, 0)
    types = {one.uid: one.type for one in document.adjustments}
    for share in footer_shares(document):
        kind = types[share.uid]
        sales = [place for place in found if place[0] == share.key and place[1] == "sale"]
        if kind == "discount" and sales:
            for place, part in zip(sales, spread(share.net, [found[one] for one in sales])):
                found[place] += part
            continue
        role = {"shipping": "shipping", "discount": "sale"}.get(kind, "charge")
        place = (share.key, role, "", None)
        found[place] = found.get(place, 0) + share.net
    return found


class Received(NamedTuple):
    """A payment as it was recorded. amount, fees: cents; bank: its account and label."""

    uid: str
    day: str
    piece: str
    label: str
    amount: int
    journal: str
    bank: tuple[str, str]
    fees: int = 0


def receipt(payment: Received, accounts: Accounts, customer: Auxiliary) -> Entry:
    """The entry of a payment; a refund or a reversal is its mirror."""
    sums = _Sums()
    bank = Rule("bank", *payment.bank)
    sums.add(bank, payment.amount)
    sums.add(accounts.of("customer"), -payment.amount, customer)
    sums.add(accounts.of("fees"), payment.fees)
    sums.add(bank, -payment.fees)
    return Entry(
        payment.journal,
        payment.day,
        payment.piece,
        payment.day,
        payment.label,
        sums.rows(),
        "payment",
        payment.uid,
    )


class Allocated(NamedTuple):
    """A part of a payment that went to one VAT key of an invoice. before, amount: cents TTC that
    went there until then, and now; owed: all that the key owes. kind: payment, discount,
    difference. retention: it is one that was released."""

    uid: str
    day: str
    piece: str
    piece_day: str
    label: str
    kind: str
    key: Key
    before: int
    amount: int
    owed: int
    retention: bool = False
    branch_id: int | None = None
    project_id: int | None = None


def allocation(
    part: Allocated, due: Exigible, accounts: Accounts, customer: Auxiliary, journal: str = MISC
) -> Entry:
    """VAT that falls due because it was paid; a discount for early payment, with its VAT (CGI art.
    267-II-1); a difference. Parts are cumulated, so that all of them add up to what waited. No
    rows: nothing to book."""
    sums = _Sums()

    def share(whole: int, of: int) -> int:
        if not of:
            return 0
        return div_round(whole * (part.before + part.amount), of) - div_round(
            whole * part.before, of
        )

    waiting, base = share(due.waiting, part.owed), share(due.waiting_base, part.owed)
    vat: tuple[VatPart, ...] = ()
    if part.kind == "payment":
        if part.retention:  # the payment was booked against the customer's usual account
            sums.add(accounts.of("customer"), part.amount, customer)
            sums.add(accounts.of("retention"), -part.amount, customer)
        sums.add(accounts.of("vat_receipts", part.key), waiting)
        sums.add(accounts.of("vat", part.key), -waiting)
        if waiting or base:
            vat = (VatPart(*part.key, base, waiting, "received"),)
    elif part.kind == "discount":
        whole = div_round(part.amount * due.vat, due.gross) if due.gross else 0
        now = whole - waiting
        sums.add(accounts.of("discount", part.key), part.amount - whole)
        sums.add(accounts.of("vat_receipts", part.key), waiting)
        sums.add(accounts.of("vat", part.key), now)
        sums.add(accounts.of("customer"), -part.amount, customer)
        gone = part.amount - whole - base
        vat = tuple(
            one
            for one in (
                VatPart(*part.key, -gone, -now, "debits"),
                VatPart(*part.key, -base, -waiting, "receipts"),
            )
            if one.base or one.vat
        )
    else:
        sums.add(accounts.of("difference", part.key), part.amount)
        sums.add(accounts.of("vat_receipts", part.key), waiting)
        sums.add(accounts.of("vat", part.key), -waiting)
        sums.add(accounts.of("customer"), -part.amount, customer)
        if waiting or base:
            vat = (VatPart(*part.key, base, waiting, "received"),)
    return Entry(
        journal,
        part.day,
        part.piece,
        part.piece_day,
        part.label,
        sums.rows(),
        "allocation",
        part.uid,
        vat,
        part.branch_id,
        part.project_id,
    )


def is_balanced(entries: Iterable[Entry]) -> bool:
    """Whether every entry has as much debit as credit, and no row both or less than nothing."""
    return all(
        sum(row.debit for row in entry.rows) == sum(row.credit for row in entry.rows)
        and all(
            row.debit >= 0 and row.credit >= 0 and not (row.debit and row.credit)
            for row in entry.rows
        )
        for entry in entries
    )
