"""What a contract that is given up leaves behind: bills that run beyond its end, visits to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.maintenance.contracts import Period, periods, price_of
from codial_tui.domain.quantity import format_cents
from codial_tui.services.context import Context

from . import contract_facts
from .contract_facts import Facts


def told(context: Context, row: Mapping[str, Any]) -> list[str]:
    """A sentence for each invoice that bills days after the end of a contract, and for each open
    work order of a visit after it; [] while nothing ends it."""
    if not row["ended_on"]:
        return []
    end = date.fromisoformat(row["ended_on"])
    return [*_invoices(context, row, end), *_visits(context, row["id"], end)]


def _invoices(context: Context, row: Mapping[str, Any], end: date) -> Iterator[str]:
    (facts,) = contract_facts.load(context, [{**row, "ended_on": None}])
    made = context.database.rows(
        "SELECT x.due_on, x.amount, d.id, d.kind, d.number, (SELECT SUM(ABS(c.net_amount)) "
        "FROM document_line l JOIN line_link k ON k.source_line_id = l.id "
        "AND k.relation = 'correct' JOIN document_line c ON c.id = k.target_line_id "
        "WHERE l.uid = x.line_uid AND l.document_id = d.id) FROM contract_due x "
        "JOIN document d ON d.id = x.document_id "
        "WHERE x.contract_id = ? AND x.kind = 'invoice' ORDER BY x.due_on",
        (row["id"],),
    )
    by_day = {_billed_on(facts, one).isoformat(): one for one in _periods(facts, end)}
    for day, amount, key, kind, number, credited in made:
        one = by_day.get(day)
        if one is None or amount != facts.price(one.term):
            continue
        kept = one._replace(until=end, part=max(0, (end - one.first).days))
        too_much = amount - price_of(amount, kept) - (credited or 0)
        if too_much <= 0:
            continue
        what = "avoir" if number else "à corriger"
        ref = number or ref_of(kind, key)
        yield f"{ref} facture {one.words} : {what}, {format_cents(too_much)} HT de trop"


def _periods(facts: Facts, end: date) -> Iterator[Period]:
    """The whole ones that the end cuts or comes before."""
    days = [date.fromisoformat(due_on) for kind, due_on, _ in facts.made if kind == "invoice"]
    last = max([end, *days])
    for one in periods(facts.terms, facts.row["billing_every"], facts.terms.start, last):
        if one.until > end and one.part == one.whole:
            yield one


def _billed_on(facts: Facts, one: Period) -> date:
    return one.first if facts.row["billing_when"] == "advance" else one.until


def _visits(context: Context, contract_id: int, end: date) -> Iterator[str]:
    for number, due_on in context.database.rows(
        "SELECT d.number, x.due_on FROM contract_due x JOIN document d ON d.id = x.document_id "
        "WHERE x.contract_id = ? AND x.kind = 'visit' AND x.due_on >= ? AND d.state = 'open' "
        "ORDER BY x.due_on",
        (contract_id, end.isoformat()),
    ):
        yield f"{number}, visite du {format_date(date.fromisoformat(due_on))} : encore ouvert"
