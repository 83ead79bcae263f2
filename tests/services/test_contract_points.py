"""Points that work orders take of their contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract_desk import ContractDesk

from codial_tui.domain.document import Document
from codial_tui.domain.problems import Invalid
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.services.context import Context
from codial_tui.services.documents import completing, requests, show
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.maintenance import closing, contracts


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    found.at("2027-01-01")
    return found


@pytest.fixture
def contract(desk: ContractDesk) -> int:
    """Ten points a term, 12,50 € the one beyond, with a machine."""
    party = desk.customer("MARTIN")
    one = desk.contract(
        party, kind="points", quota=100_000, extra_price=125_000, price=0, renewal="none"
    )
    desk.cover(one, desk.machine(party, "CH1"))
    return one


def work(desk: ContractDesk, points: str, machine: bool = True) -> Document:
    asked = {"kind": "work_order", "customer": "MARTIN", "date": "2027-03-01", "points": points}
    if machine:
        asked["machine"] = {"code": "CH1"}
    return requests.create(desk.context, parse_document(json.dumps(asked)))


def uses(desk: ContractDesk) -> list[tuple[str, int, str]]:
    return desk.context.database.rows(
        "SELECT used_on, quantity, note FROM contract_use ORDER BY id", ()
    )


@pytest.mark.both
def test_points_leave_at_closing_and_come_back(desk: ContractDesk, contract: int) -> None:
    context, one = desk.context, work(desk, "2.5")
    assert show.shown(context, one)["points"] == "2.5"
    assert uses(desk) == []
    closing.close(context, one.id)
    assert uses(desk) == [("2027-03-01", 25_000, one.ref)]
    closing.reopen(context, one.id)
    assert uses(desk)[1:] == [("2027-03-01", -25_000, f"{one.ref} rouvert")]
    report = parse_document(json.dumps({"points": "4"}), "work_order")
    completing.complete(context, one.ref, report)
    closing.close(context, one.id)
    assert sum(quantity for _, quantity, _ in uses(desk)) == 40_000
    assert uses(desk)[2:] == [("2027-03-01", 40_000, one.ref)]


def test_what_is_beyond_the_quota_is_told_and_billed_once(
    desk: ContractDesk, contract: int
) -> None:
    context, first, second = desk.context, work(desk, "8"), work(desk, "5")
    number = contracts.load(context, contract)["number"]
    assert show.shown(context, second)["warnings"] == []
    closing.close(context, first.id)
    assert show.shown(context, second)["warnings"] == [
        f"{number} : 13 de 10 points, le reste se facture"
    ]
    closing.close(context, second.id)
    desk.at("2028-01-01")
    (bill,) = [it for it in desk.run("2028-01-01", validate=True) if it.document_id]
    assert bill.due.amount == 37_50
    with pytest.raises(Refused, match=f"au-delà du forfait que facture {bill.ref}"):
        closing.reopen(context, first.id)
    note = credit_notes.credit(context, bill.document_id or 0, goods=False)
    validating.validate(context, note.id)
    assert closing.reopen(context, first.id).state == "open"


def test_points_without_a_contract_of_points_are_refused(desk: ContractDesk, contract: int) -> None:
    one = work(desk, "1", machine=False)
    with pytest.raises(Refused, match="Des points, et pas de contrat à points"):
        closing.close(desk.context, one.id)
    assert uses(desk) == []
    with pytest.raises(Invalid, match="pas négatif"):
        work(desk, "-1")
