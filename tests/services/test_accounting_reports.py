"""VAT, analysis and e-reporting of a period, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.services.accounting import accounting_export, accounting_reports, e_reporting
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.payments import payments

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.customer("ANNE", is_consumer=1)
    desk.customer("ROMA", country="IT", vat_number="IT00743110157")
    desk.item("TUBE")
    desk.item("POSE", supply_nature="service", stock_managed=0)
    return desk


def issued(desk: Desk, *lines: Any, **values: Any) -> Document:
    draft = desk.make("invoice", *lines, **values)
    return desk.print(validating.validate(desk.context, draft.id))


def pay(desk: Desk, amount: int, document: Document) -> None:
    payments.record(desk.context, payments.Entry(amount, "CHQ", documents=(document.id,)))


@pytest.mark.both
def test_vat_on_debits_and_on_receipts_by_rate(desk: Desk) -> None:
    mixed = issued(desk, ("TUBE", 1, "100"), ("POSE", 1, "200"))
    pay(desk, 18_000, mixed)  # half
    found = accounting_reports.vat(desk.context, FIRST, LAST)
    assert found.rows == [
        ("S", Decimal(20), *map(Decimal, ("100", "20", "200", "40", "100", "20", "40")))
    ]
    assert len(found.header) == len(found.keys) == len(found.rows[0])
    assert accounting_reports.vat(desk.context, LAST, LAST).rows == []


@pytest.mark.both
def test_the_journals_of_a_period_exported_or_not(desk: Desk) -> None:
    one = issued(desk, ("TUBE", 1, "100"))
    pay(desk, 12_000, one)
    accounting_export.post(desk.context, FIRST, LAST)
    issued(desk, ("TUBE", 1, "30"))
    found = accounting_reports.journals(desk.context, FIRST, LAST)
    assert [(row[0], row[2], row[3], str(row[6]), str(row[7])) for row in found.rows] == [
        ("BQ", "RG-1", "512000", "120.00", "0.00"),
        ("BQ", "RG-1", "411000", "0.00", "120.00"),
        ("VE", "FA26-00001", "411000", "120.00", "0.00"),
        ("VE", "FA26-00001", "707000", "0.00", "100.00"),
        ("VE", "FA26-00001", "445710", "0.00", "20.00"),
        ("VE", "FA26-00002", "411000", "36.00", "0.00"),
        ("VE", "FA26-00002", "707000", "0.00", "30.00"),
        ("VE", "FA26-00002", "445710", "0.00", "6.00"),
    ]
    assert found.rows[2][4:6] == ("MARTIN", "Facture FA26-00001 Martin")


@pytest.mark.both
def test_accounts_by_branch(desk: Desk) -> None:
    database = desk.context.database
    with database.write():
        branch = database.insert(
            "branch", {"uid": desk.context.uid(), "code": "LYO", "name": "Lyon"}
        )
    draft = desk.set(desk.make("invoice", ("TUBE", 1, "100")), branch_id=branch)
    validating.validate(desk.context, draft.id)
    issued(desk, ("TUBE", 1, "30"))
    found = accounting_reports.analysis(desk.context, FIRST, LAST, "branch")
    sales = [row for row in found.rows if row[1] == "707000"]
    assert sales == [
        ("", "707000", "Ventes de marchandises", Decimal("0"), Decimal("30"), Decimal("30")),
        ("LYO Lyon", "707000", "Ventes de marchandises", Decimal("0"), Decimal(100), Decimal(100)),
    ]
    assert sum(row[5] for row in found.rows if isinstance(row[5], Decimal)) == 0


@pytest.mark.both
def test_consumers_by_day_foreigners_by_invoice_and_receipts(desk: Desk) -> None:
    issued(desk, ("TUBE", 1, "1000"))  # between French businesses: an e-invoice, not reported
    for day, price in (("2026-11-22", "100"), ("2026-11-22", "50"), ("2026-11-23", "10")):
        one = issued(desk, ("TUBE", 1, price), ("POSE", 1, "40"), customer="ANNE", date=day)
    pay(desk, 6_000, one)
    abroad = issued(desk, ("POSE", 1, "500"), customer="ROMA", date="2026-11-23")
    pay(desk, 60_000, abroad)
    found = [
        (one.what, one.report, one.day[8:], one.category, one.base, one.vat, one.invoices)
        for one in e_reporting.report(desk.context, FIRST, LAST)
    ]
    assert found == [
        ("sale", "b2bint", "23", "TPS1", 50_000, 10_000, 1),
        ("sale", "b2c", "22", "TLB1", 15_000, 3_000, 2),
        ("sale", "b2c", "22", "TPS1", 8_000, 1_600, 2),
        ("sale", "b2c", "23", "TLB1", 1_000, 200, 1),
        ("sale", "b2c", "23", "TPS1", 4_000, 800, 1),
        ("receipt", "b2bint", "23", "", 50_000, 10_000, 1),
        ("receipt", "b2c", "23", "", 4_000, 800, 1),
    ]
    numbers = {one.number for one in e_reporting.report(desk.context, FIRST, LAST)}
    assert numbers == {"", abroad.ref}
    rows = accounting_reports.figures(desk.context, FIRST, LAST).rows
    assert rows[0][8:] == (abroad.ref, "IT") and rows[0][4:7] == (
        Decimal(20),
        Decimal(500),
        Decimal(100),
    )
