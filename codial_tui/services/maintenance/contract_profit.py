"""What contracts earn: what was billed less what their work orders cost, whole and by term.

Billed: the lines that their invoices have of them and those of their work orders, provisional ones
too, less what credit notes take back. Cost: parts at what suppliers invoiced of them, else at
their cost price; hours, on the road too, at the setting `contract.hour_cost`, else at the cost of
the labour item; where no times were written down, labour and travel lines at their cost. A dropped
work order counts nothing. An invoice belongs to the term of its period, work to that of its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from codial_tui.domain.document import Document, Line
from codial_tui.domain.lines.lines import line_cost
from codial_tui.domain.maintenance import times
from codial_tui.domain.maintenance.contracts import term_at, term_start, terms_of
from codial_tui.domain.money import SCALE4, div_round
from codial_tui.exchange.tables import Cell
from codial_tui.services.buying import consumption_billed
from codial_tui.services.context import Context
from codial_tui.services.documents import bulk_rows
from codial_tui.services.lists.reports import Report, cents, share
from codial_tui.services.records import settings

from . import contracts, statistics

HOURS = ("labour", "travel")
"""Billing classes that times stand for."""


class Earned(NamedTuple):
    """Cents HT, but for `minutes`. billed: of the contract itself; work: of its work orders."""

    billed: int = 0
    work: int = 0
    parts: int = 0
    labour: int = 0
    minutes: int = 0

    def plus(self, other: Earned) -> Earned:
        return Earned(*(one + more for one, more in zip(self, other)))

    @property
    def income(self) -> int:
        return self.billed + self.work

    @property
    def cost(self) -> int:
        return self.parts + self.labour

    @property
    def margin(self) -> int:
        return self.income - self.cost


def by_term(context: Context, contract_id: int) -> dict[int, Earned]:
    """What each term of a contract earned, the first is 0; terms without anything are left out."""
    row = contracts.load(context, contract_id)
    found: dict[int, Earned] = {}
    for term, one in (*_billed(context, row), *_worked(context, row)):
        found[term] = found.get(term, Earned()).plus(one)
    return dict(sorted(found.items()))


def whole(context: Context, contract_id: int) -> Earned:
    """What a contract earned in all."""
    total = Earned()
    for one in by_term(context, contract_id).values():
        total = total.plus(one)
    return total


# what was billed ---------------------------------------------------------------------------------


_NET = (
    "d.net_total, (SELECT SUM(o.net_amount) FROM document_line o "
    "WHERE o.document_id = d.id AND o.parent_uid IS NULL AND o.tag = ''), "
    "(SELECT COALESCE(SUM(CASE WHEN u.pool = '' THEN -u.amount ELSE u.amount END), 0) "
    "FROM adjustment_link u JOIN document_adjustment t ON t.id = u.target_id "
    "WHERE t.document_id = d.id AND (u.pool = 'bill' OR u.pool = '' AND EXISTS "
    "(SELECT 1 FROM adjustment_link b WHERE b.target_id = u.source_id AND b.pool = 'bill')))"
)
"""Of a document: HT of all of it, of its lines, and of what work orders brought to its footer."""


def _billed(context: Context, row: dict[str, Any]) -> Iterator[tuple[int, Earned]]:
    terms = terms_of(row)
    found = context.database.rows(
        f"SELECT x.kind, x.due_on, x.part, l.id, l.net_amount, {_NET} FROM contract_due x "
        "JOIN document_line l ON l.uid = x.line_uid AND l.document_id = x.document_id "
        "JOIN document d ON d.id = l.document_id WHERE x.contract_id = ? AND x.line_uid <> ''",
        (row["id"],),
    )
    back = _credited(context, [one[3] for one in found])
    arrears = timedelta(days=row["billing_when"] == "arrears")
    for kind, due_on, part, line_id, *net in found:
        at = part if kind == "extra" else term_at(terms, date.fromisoformat(due_on) - arrears)
        yield at, Earned(billed=_with_footer(*net) + back.get(line_id, 0))


def _with_footer(net: int, total: int, lines: int, brought: int) -> int:
    """Cents of a line, with its share of what the footer of its document gives and takes; not of
    what came with a work order, which is that one's."""
    return div_round(net * (total - brought), lines) if lines else net


def _credited(context: Context, line_ids: Sequence[int]) -> dict[int, int]:
    """What credit notes say of invoice lines, in cents below zero."""
    found: dict[int, int] = {}
    for start in range(0, len(line_ids), 400):
        page = line_ids[start : start + 400]
        for line_id, *net in context.database.rows(
            f"SELECT k.source_line_id, l.net_amount, {_NET} FROM line_link k "
            "JOIN document_line l ON l.id = k.target_line_id "
            "JOIN document d ON d.id = l.document_id "
            f"WHERE k.relation = 'correct' AND k.source_line_id IN ({', '.join('?' * len(page))})",
            page,
        ):
            found[line_id] = found.get(line_id, 0) - abs(_with_footer(*net))
    return found


def _work_billed(context: Context, document_ids: Sequence[int]) -> dict[int, int]:
    """By work order: what invoices have of its lines and footer, less what was credited of them.
    Of a line that sums several, its share by quantity."""
    found = statistics.footers(context, document_ids)
    for start in range(0, len(document_ids), 400):
        page = document_ids[start : start + 400]
        lines = context.database.rows(
            f"SELECT s.document_id, l.id, l.net_amount, {_NET}, SUM(k.quantity), l.quantity "
            "FROM line_link k JOIN document_line s ON s.id = k.source_line_id "
            "JOIN document_line l ON l.id = k.target_line_id "
            "JOIN document d ON d.id = l.document_id "
            "WHERE d.kind = 'invoice' AND k.relation = 'bill' AND k.pool = 'bill' "
            f"AND s.document_id IN ({', '.join('?' * len(page))}) "
            "GROUP BY s.document_id, l.id, l.net_amount, d.id, d.net_total, l.quantity",
            page,
        )
        back = _credited(context, [one[1] for one in lines])
        for document_id, line_id, *net, taken, quantity in lines:
            income = _with_footer(*net) + back.get(line_id, 0)
            share = div_round(income * int(taken), quantity) if quantity else income
            found[document_id] = found.get(document_id, 0) + share
    return found


# what it cost ------------------------------------------------------------------------------------


def _worked(context: Context, row: dict[str, Any]) -> Iterator[tuple[int, Earned]]:
    terms, rate = terms_of(row), hour_cost(context)
    ids = [
        one[0]
        for one in context.database.rows(
            "SELECT d.id FROM document_work_order w JOIN document d ON d.id = w.document_id "
            "WHERE w.contract_id = ? AND d.state <> 'dropped' ORDER BY d.id",
            (row["id"],),
        )
    ]
    income = _work_billed(context, ids)
    for start in range(0, len(ids), bulk_rows.PAGE):
        loaded = bulk_rows.load_many(context.database, ids[start : start + bulk_rows.PAGE])
        for document in filter(None, loaded.values()):
            day = date.fromisoformat(document.text("due_on") or document.text("date"))
            spent = _cost(context, document, rate)
            yield term_at(terms, day), spent._replace(work=income.get(document.id, 0))


def _cost(context: Context, document: Document, rate: int) -> Earned:
    """rate: cents of an hour."""
    lines = [line for line in document.lines if line.counts]
    took = times.times(document.visits)
    minutes = took.travel + took.work
    parts = _paid(context, [one for one in lines if one.billing_class not in HOURS])
    if minutes and rate:
        return Earned(parts=parts, labour=div_round(minutes * rate, 60), minutes=minutes)
    labour = sum(line_cost(one) for one in lines if one.billing_class in HOURS)
    return Earned(parts=parts, labour=labour, minutes=minutes)


def _paid(context: Context, lines: Sequence[Line]) -> int:
    """Cents that parts cost: what suppliers invoiced of them, the rest at its cost price."""
    invoiced = consumption_billed.billed(context.database, lines)
    total = 0
    for line in lines:
        known = invoiced.get(line.uid)
        if known is None or not line.quantity:
            total += line_cost(line)
            continue
        left = max(0, line.quantity - known.quantity)
        total += known.amount + div_round(line_cost(line) * left, line.quantity)
    return total


def hour_cost(context: Context) -> int:
    """What an hour of a technician costs, in cents; 0 when nobody says."""
    told = int(settings.value(context, "contract.hour_cost", 0) or 0)
    if told:
        return told
    item = settings.value(context, "work.labour_item", "")
    cost = context.database.value(
        "SELECT CASE WHEN cost_price <> 0 THEN cost_price ELSE purchase_price END FROM item "
        "WHERE id = ?",
        (item or 0,),
        0,
    )
    return div_round(int(cost) * 100, SCALE4)


# reports -----------------------------------------------------------------------------------------

_KEYS = ("billed", "work", "parts", "minutes", "labour", "cost", "margin", "margin_share")
_HEADER = ("Contrat HT", "Travaux HT", "Pièces", "Minutes", "Temps", "Coût", "Marge", "%")


def report(context: Context) -> Report:
    """Every contract that earned or cost something, the least profitable first, and their sum."""
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    total = Earned()
    for contract_id, number, label, party in context.database.rows(
        "SELECT c.id, c.number, c.label, p.name FROM contract c JOIN party p ON p.id = c.party_id "
        "ORDER BY c.number, c.id"
    ):
        one = whole(context, contract_id)
        if any(one):
            total = total.plus(one)
            rows.append((one.margin, (number, label, party, *_cells(one))))
    rows.sort(key=lambda one: one[0])
    found = [cells for _, cells in rows]
    found += [("", "TOTAL", "", *_cells(total))] if found else []
    keys = ("contract", "label", "customer", *_KEYS)
    return Report("rentabilite", keys, ("Contrat", "Objet", "Client", *_HEADER), found)


def terms_report(context: Context, contract_id: int) -> Report:
    """What each term of a contract earned, and its sum."""
    terms = terms_of(contracts.load(context, contract_id))
    found = by_term(context, contract_id)
    rows: list[tuple[Cell, ...]] = [
        (_span(term_start(terms, term), term_start(terms, term + 1)), *_cells(one))
        for term, one in found.items()
    ]
    rows += [("TOTAL", *_cells(_sum(found.values())))] if rows else []
    return Report("rentabilite", ("term", *_KEYS), ("Terme", *_HEADER), rows)


def _span(first: date, until: date) -> str:
    return f"{first:%d/%m/%y}-{until - timedelta(days=1):%d/%m/%y}"


def _sum(several: Iterable[Earned]) -> Earned:
    total = Earned()
    for one in several:
        total = total.plus(one)
    return total


def _cells(one: Earned) -> tuple[Decimal, ...]:
    money = (cents(one.billed), cents(one.work), cents(one.parts))
    spent = (Decimal(one.minutes), cents(one.labour), cents(one.cost), cents(one.margin))
    return (*money, *spent, share(one.margin, one.income))
