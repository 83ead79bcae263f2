"""E-reporting figures of a period (legal.md §3.2): the sums that a platform is given."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from codial_tui.domain.accounting.accounting import allocation
from codial_tui.domain.accounting.e_reporting import B2C, FOREIGN, UNTAXED, figures, report_of
from codial_tui.services.context import Context
from codial_tui.services.documents import rows

from . import accounting


class Row(NamedTuple):
    """One row of the report. what: sale or receipt; report: b2c (by day) or b2bint (by invoice);
    number, country: of an invoice to a foreign business; invoices: of a day; rate: 10⁻⁶; base, vat:
    cents. Deposits are in it, what deducts them is net of them."""

    what: str
    report: str
    day: str
    category: str
    rate: int
    base: int
    vat: int
    invoices: int = 1
    number: str = ""
    country: str = ""


def report(context: Context, first: date, last: date) -> list[Row]:
    """The rows of a period: sales to consumers by day, category and rate; invoices to foreign
    businesses; receipts on services of both, by day (of the payment) and rate."""
    days = (first.isoformat(), last.isoformat())
    return [*_sales(context, days), *_receipts(context, days)]


Group = tuple[str, str, str, int, str, str]
"""report, day, category, rate, number, country"""


def _sales(context: Context, days: accounting.Days) -> list[Row]:
    base: Counter[Group] = Counter()
    vat: Counter[Group] = Counter()
    count: Counter[Group] = Counter()
    for document in accounting.sealed(context, days):
        kind = report_of(document)
        if not kind:
            continue
        abroad = (document.ref, document.text("billing_country")) if kind == FOREIGN else ("", "")
        for category, rate, net, tax in figures(document):
            group = (kind, document.text("date"), category, rate, *abroad)
            base[group] += net
            vat[group] += tax
            count[group] += 1
    return [
        Row("sale", *group[:4], base[group], vat[group], count[group], *group[4:])
        for group in sorted(base)
    ]


def _receipts(context: Context, days: accounting.Days) -> list[Row]:
    book = accounting.books(context)
    base: Counter[Group] = Counter()
    vat: Counter[Group] = Counter()
    kinds: dict[int, tuple[str, str, str]] = {}
    for row, part, due in accounting.parts(book, days):
        document_id = row["document_id"]
        if document_id not in kinds:
            document = rows.load(context.database, document_id)
            assert document is not None
            kind = report_of(document)
            abroad = (document.ref, document.text("billing_country"))
            kinds[document_id] = (kind, *(abroad if kind == FOREIGN else ("", "")))
        kind, number, country = kinds[document_id]
        if kind not in (B2C, FOREIGN):
            continue
        for one in allocation(part, due, book.accounts, book.auxiliary(None)).vat:
            if one.on == "received":
                category = "" if one.category == "S" else UNTAXED
                group = (kind, part.day, category, one.rate, number, country)
                base[group] += one.base
                vat[group] += one.vat
    return [
        Row("receipt", *group[:4], base[group], vat[group], 1, *group[4:]) for group in sorted(base)
    ]
