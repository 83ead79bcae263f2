"""Contracts that change while they run: given up, taken back, of another customer, looked ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contract_desk import ContractDesk, told

from codial_tui.domain.maintenance.contract_record import CONTRACT
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.maintenance import closing, contract_cover, contract_rest, contracts
from codial_tui.services.records import records


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    found.at("2027-01-01")
    return found


@pytest.fixture
def party(desk: ContractDesk) -> int:
    return desk.customer("MARTIN")


def put(desk: ContractDesk, contract: int, name: str, value: Any) -> None:
    records.put(desk.context, "contract", contract, CONTRACT.field(name), value)


@pytest.mark.both
def test_looking_ahead_ends_nothing_before_its_day(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, renewal="none", duration=14, visit_rule="octobre")
    machine = desk.machine(party, "CH1")
    desk.cover(one, machine)
    made = desk.run("2028-12-31")
    assert [it.due.kind for it in made] == ["invoice", "visit", "invoice", "end"]
    cover = contract_cover.find(desk.context, machine, "2027-11-01", "repair")
    assert cover is not None and cover.number == "CT27-0001"
    documents.delete(desk.context, made[1].document_id or 0)
    assert told(desk.run("2028-12-31")) == [("2027-10-01", "visit", 0)]
    put(desk, one, "label", "Autre objet")
    desk.at("2028-03-01")
    assert desk.run("2028-12-31") == []
    assert desk.value(one, "state") == "ended"


def test_the_index_of_the_preview_is_that_of_the_run(desk: ContractDesk, party: int) -> None:
    index = {"revision": "index", "index_base": 100_000_000, "index_now": 110_000_000}
    desk.contract(party, price=10_000, **index)
    planned = [(it.kind, it.amount) for it in desk.due("2030-01-01")]
    assert planned == [(it.due.kind, it.due.amount) for it in desk.run("2030-01-01")]
    assert [amount for _, amount in planned[1:]] == [11_000] * 6


def test_what_hangs_on_a_contract_keeps_its_customer(desk: ContractDesk, party: int) -> None:
    other = desk.customer("HUIT")
    parent, child = desk.contract(party), desk.contract(party)
    put(desk, child, "parent_id", parent)
    with pytest.raises(Refused, match="Il facture CT27-0002, de son client d'avant"):
        put(desk, parent, "party_id", other)
    covering = desk.contract(party)
    desk.cover(covering, desk.machine(party, "CH1"))
    with pytest.raises(Refused, match="Il couvre CH1, de son client d'avant"):
        put(desk, covering, "party_id", other)
    assert desk.value(covering, "party_id") == party


def test_no_longer_renewed_it_ends_with_the_term_that_runs(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, starts_on="2023-03-01", due_from="2027-01-01")
    assert (desk.value(one, "renewed"), desk.value(one, "term_on")) == (3, "2027-03-01")
    put(desk, one, "renewal", "none")
    assert [(it.kind, it.day) for it in desk.due("2030-01-01")] == [("end", "2027-03-01")]


def test_an_end_that_cut_a_bill_is_not_taken_back(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, billing_every=3, billing_when="arrears", price=30_000)
    contracts.end(desk.context, one, date.fromisoformat("2027-02-15"))
    (bill,) = [it for it in desk.run("2027-03-01") if it.due.kind == "invoice"]
    assert bill.due.amount == 15_000  # 45 days of 90
    for day in (None, "2027-03-10"):
        with pytest.raises(Refused, match="Facturé du 01/01/27 au 14/02/27, jusqu'à cette fin"):
            put(desk, one, "ended_on", day)
    documents.delete(desk.context, bill.document_id or 0)
    put(desk, one, "ended_on", None)
    assert told(desk.run("2027-04-01")) == [("2027-04-01", "invoice", 30_000)]


def test_whole_bills_do_not_hold_an_end(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, billing_every=3, price=30_000)
    desk.run("2027-01-01")
    contracts.end(desk.context, one, date.fromisoformat("2027-02-15"))
    put(desk, one, "ended_on", None)
    assert told(desk.run("2027-04-01")) == [("2027-04-01", "invoice", 30_000)]


def test_what_runs_beyond_the_end_is_told(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, price=120_000, visit_rule="mars, octobre")
    first, bill, second = desk.run("2027-10-01", validate=True)[:3]
    by_kind = {it.due.due_on: it.ref for it in (first, bill, second)}
    contracts.end(desk.context, one, date.fromisoformat("2027-07-01"))
    row = contracts.load(desk.context, one)
    assert contract_rest.told(desk.context, row) == [
        f"{by_kind['2027-01-01']} facture du 01/01/27 au 31/12/27 : avoir, 604,93 HT de trop",
        f"{by_kind['2027-10-01']}, visite du 01/10/27 : encore ouvert",
    ]
    assert records.noted(desk.context, "contract", row, CONTRACT.field("ended_on")) != ""
    assert records.noted(desk.context, "contract", row, CONTRACT.field("label")) == ""


def test_what_was_credited_is_not_asked_for_again(desk: ContractDesk, party: int) -> None:
    context, one = desk.context, desk.contract(party, price=120_000)
    (bill,) = desk.run("2027-01-01", validate=True)
    contracts.end(context, one, date.fromisoformat("2027-07-01"))
    row = contracts.load(context, one)
    made = credit_notes.credit(context, bill.document_id or 0, goods=False)
    desk.edit(made, 0, unit_price=600_0000)
    assert contract_rest.told(context, row) == [
        f"{bill.ref} facture du 01/01/27 au 31/12/27 : avoir, 4,93 HT de trop"
    ]
    desk.edit(made, 0, unit_price=604_9300)
    validating.validate(context, made.id)
    assert contract_rest.told(context, row) == []


def repair(desk: ContractDesk, party: int, contract: int) -> int:
    """A closed one."""
    document = documents.blank(desk.context, "work_order", party)
    document.header.update(contract_id=contract, nature="repair", date="2027-03-01")
    made = documents.insert(desk.context, document)
    closing.close(desk.context, made)
    return made


def test_an_incident_that_is_billed_stays_closed(desk: ContractDesk, party: int) -> None:
    context = desk.context
    one = desk.contract(
        party, kind="incidents", quota=10_000, extra_price=900_000, price=0, renewal="none"
    )
    works = [repair(desk, party, one) for _ in range(2)]
    desk.at("2028-01-01")
    (bill,) = [it for it in desk.run("2028-01-01", validate=True) if it.document_id]
    assert told([bill]) == [("2028-01-01", "invoice", 9_000)]
    for work in works:
        with pytest.raises(Refused, match=f"au-delà du forfait que facture {bill.ref}"):
            closing.reopen(context, work)
    third = repair(desk, party, one)  # one more than what is billed
    closing.drop(context, closing.reopen(context, third).id)
    credit = credit_notes.credit(context, bill.document_id or 0, goods=False)
    validating.validate(context, credit.id)
    assert closing.reopen(context, works[0]).state == "open"


def test_another_rule_counts_behind_the_visits_that_are_made(
    desk: ContractDesk, party: int
) -> None:
    one = desk.contract(party, price=0, visit_rule="4 par an")
    desk.run("2027-07-01")
    put(desk, one, "visit_rule", "tous les 3 mois le 15")
    days = [it.day for it in desk.due("2027-12-31") if it.kind == "visit"]
    assert days == ["2027-07-15", "2027-10-15"]


def test_a_rate_that_the_company_does_not_have(desk: ContractDesk, party: int) -> None:
    with pytest.raises(Refused, match="Pas de TVA à 33"):
        desk.contract(party, vat_rate=330_000)
