"""Profitability of a contract, to the cent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from contract_desk import ContractDesk

from codial_tui.domain.changes import insert
from codial_tui.domain.document import Adjustment, Visit
from codial_tui.services.chain import transfers
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.maintenance import closing, contract_profit, contract_run, work_orders
from codial_tui.services.maintenance.contract_profit import Earned
from codial_tui.services.records import catalogue, company_settings, settings


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    found.at("2027-01-01")
    return found


def worked(
    desk: ContractDesk, party: int, contract: int, day: str, *, parts: int = 2, hours: bool = True
) -> int:
    """A work order of 75 minutes of travel and 150 of work, with parts at 12,345 € each."""
    context = desk.context
    document = documents.blank(context, "work_order", party)
    document.header.update(contract_id=contract, nature="repair", due_on=day, date=day)
    item = catalogue.by_reference(context, "JOINT")
    assert item is not None
    line = catalogue.line_of(context, document, item, parts * 10_000, 300_000)
    line.covered = "contract"
    labour = catalogue.by_reference(context, "HEURE")
    assert labour is not None
    done = catalogue.line_of(context, document, labour, 25_000, 600_000)
    document.lines = [line, done]
    if hours:
        times = ("07:00", "07:35", "10:05", "10:45")
        moments = [f"{day}T{one}:00Z" for one in times]
        document.visits = [Visit(context.uid(), None, "Paul", *moments)]
    return documents.insert(context, document)


def test_what_a_contract_earns_by_term_to_the_cent(desk: ContractDesk) -> None:
    context = desk.context
    party = desk.customer("MARTIN")
    desk.item("JOINT", cost_price=123_450, billing_class="article", stock_managed=0)
    desk.item("HEURE", cost_price=250_000, billing_class="labour", stock_managed=0, unit="h")
    company_settings.put(context, "contract.hour_cost", 3_333)
    one = desk.contract(party, revision="coefficient", coefficient=1_100_000)
    desk.at("2028-01-01")
    for outcome in desk.run("2028-01-01"):
        assert not outcome.refusal
    worked(desk, party, one, "2027-06-01")
    worked(desk, party, one, "2028-03-01", hours=False)
    dropped = work_orders.new(context, party, contract_id=one)
    with context.database.write():
        context.database.update("document", dropped, {"state": "dropped"})
    assert contract_profit.by_term(context, one) == {
        # 225 minutes at 33,33 €: 124,9875; two parts at 12,345 €
        0: Earned(billed=48_000, parts=2_469, labour=12_499, minutes=225),
        # no times written down: 2,5 hours of the line at 25,00 €
        1: Earned(billed=52_800, parts=2_469, labour=6_250, minutes=0),
    }
    total = contract_profit.whole(context, one)
    assert (total.income, total.cost, total.margin) == (100_800, 23_687, 77_113)
    rows = contract_profit.terms_report(context, one).rows
    assert [row[0] for row in rows] == ["01/01/27-31/12/27", "01/01/28-31/12/28", "TOTAL"]
    assert rows[-1][-2:] == (Decimal("771.13"), Decimal("76.50"))
    (row, whole) = contract_profit.report(context).rows
    assert row[:3] == ("CT27-0001", "Entretien chaudière", "Martin") and whole[1] == "TOTAL"


@pytest.mark.both
def test_work_beyond_the_contract_that_is_billed_is_its_income(desk: ContractDesk) -> None:
    context = desk.context
    party = desk.customer("MARTIN")
    desk.item("JOINT", cost_price=100_000, billing_class="article", stock_managed=0)
    desk.item("HEURE", cost_price=250_000, billing_class="labour", stock_managed=0, unit="h")
    one = desk.contract(party)
    work = worked(desk, party, one, "2027-01-01")
    closing.close(context, work)
    invoice = transfers.transfer(context, transfers.Request((work,), "invoice")).target_id
    assert contract_profit.whole(context, one).work == 150_00  # the part is the contract's
    validating.validate(context, invoice)
    credit_notes.credit(context, invoice, goods=False)
    assert contract_profit.whole(context, one).work == 0


def test_a_group_shares_its_invoice_and_a_credit_note_takes_back(desk: ContractDesk) -> None:
    context = desk.context
    party = desk.customer("MARTIN")
    head = desk.contract(party, "Siège", price=10_000)
    child = desk.contract(party, "Atelier", price=20_000, parent_id=head)
    (made,) = contract_run.run(context, desk.due("2027-01-01"))
    assert [contract_profit.whole(context, it).billed for it in (head, child)] == [10_000, 20_000]
    invoice = validating.validate(context, made.document_id or 0)
    credit_notes.credit(context, invoice.id, goods=False)
    assert [contract_profit.whole(context, it).billed for it in (head, child)] == [0, 0]


def test_a_line_that_sums_several_work_orders_is_shared(desk: ContractDesk) -> None:
    context = desk.context
    settings.store(context, "transfer.sum_equal", True)
    party = desk.customer("MARTIN")
    desk.item("JOINT", cost_price=100_000, billing_class="article", stock_managed=0)
    desk.item("HEURE", cost_price=250_000, billing_class="labour", stock_managed=0, unit="h")
    contracts = [desk.contract(party), desk.contract(party, "Autre")]
    works = [worked(desk, party, one, "2027-01-01") for one in contracts]
    for one in works:
        closing.close(context, one)
    made = transfers.transfer(context, transfers.Request((works[0],), "invoice"))
    into = made.target_id
    transfers.transfer(context, transfers.Request((works[1],), "invoice", into=into))
    invoice = rows.load(context.database, into)
    assert invoice is not None and invoice.header["net_total"] == 300_00
    assert [contract_profit.whole(context, one).work for one in contracts] == [150_00, 150_00]
    validating.validate(context, into)
    credit_notes.credit(context, into, goods=False)
    assert [contract_profit.whole(context, one).work for one in contracts] == [0, 0]


def test_the_footer_of_an_invoice_is_part_of_it(desk: ContractDesk) -> None:
    context = desk.context
    party = desk.customer("MARTIN")
    desk.item("JOINT", cost_price=100_000, billing_class="article", stock_managed=0)
    desk.item("HEURE", cost_price=250_000, billing_class="labour", stock_managed=0, unit="h")
    one = desk.contract(party)
    work = worked(desk, party, one, "2027-01-01")
    editor = Editor(context, work)
    less = Adjustment(context.uid(), "discount", percent=100_000)
    editor.commit([insert(less)], "Remise de pied")
    editor.close()
    closing.close(context, work)
    into = transfers.transfer(context, transfers.Request((work,), "invoice")).target_id
    invoice = rows.load(context.database, into)
    assert invoice is not None and invoice.header["net_total"] == 135_00
    assert contract_profit.whole(context, one).work == 135_00
    other = desk.contract(party, "Autre")
    second = worked(desk, party, other, "2027-01-01")
    closing.close(context, second)
    transfers.transfer(context, transfers.Request((second,), "invoice", into=into))
    assert contract_profit.whole(context, one).work == 135_00
    assert contract_profit.whole(context, other).work == 150_00
    editor = Editor(context, into)
    editor.commit([insert(Adjustment(context.uid(), "discount", amount=30_00))], "Geste")
    editor.close()
    assert contract_profit.whole(context, one).work == 120_00
    assert contract_profit.whole(context, other).work == 135_00
    invoice = validating.validate(context, into)
    assert invoice.number("net_total") == 255_00
    (uid, *_) = [line.uid for line in invoice.lines if line.reference == "HEURE"]
    made = credit_notes.credit(context, into, {uid: 1_2500}, goods=False)
    earned = [contract_profit.whole(context, it).work for it in (one, other)]
    assert sum(earned) == 255_00 + made.number("net_total")
    credit_notes.credit(context, into, goods=False)
    assert [contract_profit.whole(context, it).work for it in (one, other)] == [0, 0]
