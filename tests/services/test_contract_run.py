"""Contracts: visits, invoices, renewals and ends at their dates, and what is refused."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contract_desk import ContractDesk, told
from sessions import session

from codial_tui.domain.maintenance.contract_record import CONTRACT
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.rows import load
from codial_tui.services.maintenance import (
    contract_plan,
    contract_run,
    contract_use,
    contracts,
)
from codial_tui.services.records import records


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    found.at("2027-01-01")
    return found


@pytest.fixture
def party(desk: ContractDesk) -> int:
    return desk.customer("MARTIN")


@pytest.mark.both
def test_a_yearly_contract_with_four_visits_over_fourteen_months(
    desk: ContractDesk, party: int
) -> None:
    one = desk.contract(party, visit_rule="4 par an", revision="coefficient", coefficient=1_020_500)
    desk.cover(one, desk.machine(party, "CH1"))
    made = []
    for day in ("2027-01-01", "2027-03-31", "2027-04-01", "2027-07-15", "2027-12-31", "2028-02-29"):
        desk.at(day)
        made.append((day, told(desk.run(day))))
    assert made == [
        ("2027-01-01", [("2027-01-01", "visit", 0), ("2027-01-01", "invoice", 48_000)]),
        ("2027-03-31", []),
        ("2027-04-01", [("2027-04-01", "visit", 0)]),
        ("2027-07-15", [("2027-07-01", "visit", 0)]),
        ("2027-12-31", [("2027-10-01", "visit", 0)]),
        (
            "2028-02-29",
            [
                ("2028-01-01", "renewal", 48_984),
                ("2028-01-01", "visit", 0),
                ("2028-01-01", "invoice", 48_984),
            ],
        ),
    ]
    assert (desk.value(one, "renewed"), desk.value(one, "term_on")) == (1, "2029-01-01")
    assert desk.value(one, "price") == 48_984
    assert desk.run("2028-02-29") == []


def test_the_visit_is_a_work_order_of_the_machines_that_bills_nothing_included(
    desk: ContractDesk, party: int
) -> None:
    technician = desk.context.user.id
    one = desk.contract(party, visit_rule="mars", technician_id=technician, visit_articles=0)
    for code in ("CH1", "CH2"):
        desk.cover(one, desk.machine(party, code))
    (due,) = [it for it in desk.due("2027-03-01") if it.kind == "visit"]
    (made,) = contract_run.run(desk.context, [due])
    document = load(desk.context.database, made.document_id or 0)
    assert document is not None
    header = document.header
    assert (header["nature"], header["contract_id"], header["due_on"]) == (
        *("maintenance", one, "2027-03-01"),
    )
    assert (header["planned_date"], header["technician_id"]) == ("2027-03-01", technician)
    assert [header[f"bill_{it}"] for it in ("articles", "consumables", "labour", "travel")] == [
        *(1, 0, 0, 0)
    ]
    assert [(it.serial, it.coverage, it.contract_id) for it in document.machines] == [
        ("SN-CH1", "contract", one),
        ("SN-CH2", "contract", one),
    ]
    assert document.text("subject") == "Visite Entretien chaudière, contrat CT27-0001"


def test_the_invoice_says_its_contract_and_period(desk: ContractDesk, party: int) -> None:
    desk.contract(party, billing_every=3, vat_rate=100_000, price=12_345)
    (made,) = desk.run("2027-01-01")
    document = desk.load(made.document_id or 0)
    (line,) = document.lines
    assert line.label == ("Entretien chaudière, contrat CT27-0001, période du 01/01/27 au 31/03/27")
    assert (line.net_amount, line.vat_rate, line.unit_price) == (12_345, 100_000, 1_234_500)
    assert document.text("closing_text") == "Contrat CT27-0001, période du 01/01/27 au 31/03/27"
    assert document.text("subject") == "Contrat CT27-0001 Entretien chaudière"
    assert (document.number("net_total"), document.number("gross_total")) == (12_345, 13_580)
    assert document.state == "provisional"


def test_validated_at_once_where_the_rules_let(desk: ContractDesk, party: int) -> None:
    desk.contract(party, billing_every=1)
    made = desk.run("2027-02-01", validate=True)
    assert [one.ref for one in made] == ["FA27-00001", "FA-P2"]
    assert made[0].refusal == "" and "date est à venir" in made[1].refusal


def test_arrears_and_the_share_of_a_period_that_is_cut(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, billing_every=3, billing_when="arrears", price=30_000)
    assert told(desk.run("2027-03-31")) == []
    contracts.end(desk.context, one, date.fromisoformat("2027-05-16"), "déménage")
    desk.at("2027-06-01")
    assert told(desk.run("2027-06-01")) == [
        ("2027-04-01", "invoice", 30_000),
        ("2027-05-16", "invoice", 14_835),  # 45 days of 91
        ("2027-05-16", "end", 0),
    ]
    assert desk.value(one, "state") == "ended"
    assert desk.run("2029-01-01") == []


def test_ended_at_once_bills_what_it_owes_and_nothing_more(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, billing_when="arrears", price=36_500, visit_rule="mars, juin")
    desk.at("2027-05-01")
    contracts.end(desk.context, one, date.fromisoformat("2027-01-31"))
    assert desk.value(one, "state") == "ended"
    assert told(desk.run("2030-01-01")) == [("2027-01-31", "invoice", 3_000)]
    with pytest.raises(Refused, match="déjà résilié"):
        contracts.end(desk.context, one, date.fromisoformat("2027-01-31"))


def test_suspended_makes_nothing_and_resumes_from_a_day(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, billing_every=1, price=1_000, visit_rule="tous les mois le 1")
    put(desk, one, "state", "suspended")
    assert desk.due("2027-06-30") == []
    put(desk, one, "state", "active")
    put(desk, one, "due_from", "2027-06-01")
    assert [(it.kind, it.day) for it in desk.due("2027-06-30")] == [
        ("visit", "2027-06-01"),
        ("invoice", "2027-06-01"),
    ]


def put(desk: ContractDesk, contract: int, name: str, value: Any) -> None:
    field = CONTRACT.field(name)
    records.put(desk.context, "contract", contract, field, value)


def test_no_renewal_ends_it(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, renewal="none", duration=6, billing_every=6)
    assert told(desk.run("2028-01-01")) == [
        ("2027-01-01", "invoice", 48_000),
        ("2027-07-01", "end", 0),
    ]
    assert (desk.value(one, "state"), desk.value(one, "ended_on")) == ("active", "2027-07-01")
    desk.at("2027-07-01")
    assert desk.run("2028-01-01") == []
    assert desk.value(one, "state") == "ended"


def test_an_index_counts_once(desk: ContractDesk, party: int) -> None:
    one = desk.contract(
        party, revision="index", index_base=128_400_000, index_now=131_900_000, renewal="open"
    )
    assert [it[1:] for it in told(desk.run("2029-06-01"))] == [
        ("invoice", 48_000),
        ("renewal", 49_308),
        ("invoice", 49_308),
        ("renewal", 49_308),
        ("invoice", 49_308),
    ]
    assert desk.value(one, "index_base") == 131_900_000


def test_what_comes_after_a_renewal_waits_for_it(desk: ContractDesk, party: int) -> None:
    desk.contract(party, revision="coefficient", coefficient=1_100_000)
    dues = desk.due("2028-01-01")
    assert [it.kind for it in dues] == ["invoice", "renewal", "invoice"]
    (late,) = contract_run.run(desk.context, [dues[2]])
    assert late.refusal == (
        "CT27-0001 : le terme du 01/01/28 n'est pas reconduit · faites d'abord la reconduction"
    )
    assert told(list(contract_run.run(desk.context, [dues[1], dues[0]])))[1] == (
        *("2027-01-01", "invoice", 48_000),  # at the price of its own term, late as it is
    )


@pytest.mark.both
def test_a_draft_that_is_deleted_gives_its_day_back(desk: ContractDesk, party: int) -> None:
    desk.contract(party, visit_rule="janvier")
    first = desk.run("2027-01-01")
    for one in first:
        documents.delete(desk.context, one.document_id or 0)
    assert desk.context.database.value("SELECT COUNT(*) FROM contract_due") == 0
    assert [it.kind for it in desk.due("2027-01-01")] == ["visit", "invoice"]


def test_two_people_at_once_make_each_thing_once(
    desk: ContractDesk, party: int, database_url: str
) -> None:
    desk.contract(party, billing_every=1, visit_rule="tous les mois le 1")
    dues = desk.due("2027-04-01")
    other_database = open_database(database_url, create=False)
    other = session(other_database, "paul")
    other.clock = desk.context.clock
    found: list[contract_run.Outcome] = []
    worker = threading.Thread(target=lambda: found.extend(contract_run.run(other, dues)))
    worker.start()
    mine = list(contract_run.run(desk.context, dues))
    worker.join()
    other_database.close()
    both = [*mine, *found]
    assert sum(it.made for it in both) == len(dues) == 8
    assert all("déjà faite" in it.refusal for it in both if not it.made)
    assert desk.context.database.value("SELECT COUNT(*) FROM contract_due") == 8
    assert desk.context.database.value("SELECT COUNT(*) FROM document") == 8


def test_stopping_half_way_leaves_whole_things(desk: ContractDesk, party: int) -> None:
    desk.contract(party, billing_every=1)
    work = contract_run.run(desk.context, desk.due("2027-06-01"))
    next(work), next(work)
    del work
    assert [it.day for it in desk.due("2027-06-01")] == [
        *("2027-03-01", "2027-04-01", "2027-05-01", "2027-06-01")
    ]


@pytest.mark.both
def test_grouped_contracts_make_one_invoice_with_a_line_each(
    desk: ContractDesk, party: int
) -> None:
    head = desk.contract(party, "Siège", price=10_000)
    for label, price in (("Atelier", 20_000), ("Dépôt", 30_050)):
        desk.contract(party, label, price=price, parent_id=head, vat_rate=100_000)
    (due,) = desk.due("2027-01-01")
    assert (due.contract_id, due.amount, len(due.shares)) == (head, 60_050, 3)
    (made,) = contract_run.run(desk.context, [due])
    document = desk.load(made.document_id or 0)
    assert [line.net_amount for line in document.lines] == [10_000, 20_000, 30_050]
    assert document.number("vat_total") == 2_000 + 5_005
    assert desk.context.database.rows(
        "SELECT contract_id, amount, document_id FROM contract_due ORDER BY contract_id"
    ) == [
        (1, 10_000, made.document_id),
        (2, 20_000, made.document_id),
        (3, 30_050, made.document_id),
    ]
    assert desk.due("2027-12-31") == []
    assert [len(it.shares) for it in desk.due("2028-01-01", only=2) if it.kind == "invoice"] == [3]


def test_another_rhythm_in_a_group_has_its_own_days(desk: ContractDesk, party: int) -> None:
    head = desk.contract(party, "Siège", price=10_000)
    desk.contract(party, "Atelier", price=500, parent_id=head, billing_every=6)
    assert [(it.day, it.amount, len(it.shares)) for it in desk.due("2027-12-31")] == [
        ("2027-01-01", 10_500, 2),
        ("2027-07-01", 500, 1),
    ]


def test_points_beyond_the_quota_are_billed_with_the_next_invoice(
    desk: ContractDesk, party: int
) -> None:
    one = desk.contract(
        party, kind="points", quota=100_000, extra_price=125_000, billing_every=6, price=6_000
    )
    told(desk.run("2027-01-01"))
    for on, count in (("2027-02-01", 80_000), ("2027-05-01", 45_000), ("2027-07-01", 10_000)):
        contract_use.use(desk.context, one, count, day=date.fromisoformat(on))
    assert told(desk.run("2027-07-01")) == [("2027-07-01", "invoice", 6_000 + 3_125)]
    contract_use.use(desk.context, one, -5_000, day=date.fromisoformat("2027-08-01"), note="rendu")
    contract_use.use(desk.context, one, 20_000, day=date.fromisoformat("2027-12-31"))
    desk.at("2028-01-01")
    made = desk.run("2028-01-01")
    assert [(it.due.kind, it.due.amount) for it in made] == [
        ("renewal", 6_000),
        ("invoice", 6_000 + 3_125),  # 15 points in all of which 2,5 are billed: 2,5 more
    ]
    line = desk.load(made[1].document_id or 0).lines[1]
    assert (line.quantity, line.unit_price, line.net_amount) == (25_000, 125_000, 3_125)
    assert line.label == "Points au-delà du forfait, contrat CT27-0001, terme du 01/01/27"


def test_copies_are_counted_from_readings(desk: ContractDesk, party: int) -> None:
    one = desk.contract(
        party,
        kind="copies",
        quota=10_000_000,
        extra_price=85,
        billing_every=3,
        price=9_000,
        renewal="none",
    )
    machine = desk.machine(party, "COP", meter="copies")
    desk.cover(one, machine)
    for on, copies in (("2026-12-20", 5_000), ("2027-03-30", 5_800), ("2027-12-28", 7_345)):
        desk.read(machine, on, copies)
    amounts = [it.amount for it in desk.due("2028-01-01") if it.kind == "invoice"]
    assert amounts == [9_000, 9_000, 9_000, 9_000, 1_143]  # 1345 beyond at 0,0085 €: 11,4325
    told(desk.run("2028-01-01"))
    assert desk.context.database.rows(
        "SELECT part, quantity, amount FROM contract_due WHERE kind = 'extra'"
    ) == [(0, 13_450_000, 1_143)]


def test_repairs_are_incidents(desk: ContractDesk, party: int) -> None:
    from codial_tui.services.maintenance import work_orders

    one = desk.contract(party, kind="incidents", quota=10_000, extra_price=900_000, renewal="none")
    for state in ("closed", "closed", "open"):
        made = work_orders.new(desk.context, party, contract_id=one)
        with desk.context.database.write():
            desk.context.database.update("document", made, {"state": state})
    assert [it.amount for it in desk.due("2028-01-01") if it.kind == "invoice"] == [
        *(48_000, 9_000)
    ]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"visit_rule": "souvent"}, "visit_rule", "quels jours"),
        ({"duration": 0}, "duration", "De 1 à 600"),
        ({"price": -1}, "price", "pas négatif"),
        ({"revision": "index"}, "index_base", "Un indice"),
        ({"billing_every": 0}, "billing_every", "De 1 à 120"),
        ({"coefficient": 0}, "coefficient", "Au-dessus de 0"),
        ({"final_on": "2026-01-01"}, "final_on", "commence le 01/01/27"),
        ({"state": "ended"}, "state", "depuis quand"),
    ],
)
def test_what_is_wrong_is_refused(
    desk: ContractDesk, party: int, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        desk.contract(party, **values)
    assert refused.value.problems[0].field == field


def test_a_model_gives_all_and_keeps_the_duration(desk: ContractDesk, party: int) -> None:
    model = records.create(
        desk.context,
        "contract_model",
        {
            "code": "M24",
            "name": "Maintenance 24 mois",
            "duration": 24,
            "price": 90_000,
            "visit_rule": "mars, septembre",
            "repair_labour": 1,
            "vat_rate": 100_000,
        },
    )
    made = records.create(
        desk.context,
        "contract",
        {"party_id": party, "model_id": model, "starts_on": "2027-02-01", "price": 80_000},
    )
    row = contracts.load(desk.context, made)
    assert (row["label"], row["duration"], row["price"], row["visits"]) == (
        *("Maintenance 24 mois", 24, 80_000, 2),
    )
    assert (row["repair_labour"], row["vat_rate"], row["term_on"]) == (1, 100_000, "2029-02-01")
    with pytest.raises(Refused, match="celle du modèle"):
        put(desk, made, "duration", 12)
    with pytest.raises(Refused, match="celle du modèle"):
        desk.contract(party, model_id=model, duration=36)
    put(desk, made, "visit_rule", "4 par an")
    assert contracts.load(desk.context, made)["visits"] == 4


def test_what_has_begun_keeps_its_start_and_parents_are_one_deep(
    desk: ContractDesk, party: int
) -> None:
    one = desk.contract(party)
    put(desk, one, "starts_on", "2027-01-01")
    told(desk.run("2027-01-01"))
    with pytest.raises(Refused, match="a commencé"):
        put(desk, one, "starts_on", "2027-02-01")
    child = desk.contract(party, parent_id=one)
    with pytest.raises(Refused, match="facturé par un autre"):
        desk.contract(party, parent_id=child)
    with pytest.raises(Refused, match="autre client"):
        desk.contract(desk.customer("DURAND"), parent_id=one)
    with pytest.raises(Refused, match="lui-même"):
        put(desk, one, "parent_id", one)


def test_taken_over_from_another_program(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, starts_on="2020-03-15", due_from="2027-03-15", visit_rule="mars")
    assert (desk.value(one, "renewed"), desk.value(one, "term_on")) == (6, "2027-03-15")
    assert [(it.kind, it.day) for it in desk.due("2027-12-31")] == [
        ("renewal", "2027-03-15"),
        ("visit", "2027-03-15"),
        ("invoice", "2027-03-15"),
    ]


def test_taken_over_field_by_field(desk: ContractDesk, party: int) -> None:
    """As on screen: the start first, what is done already later."""
    one = desk.contract(
        party, starts_on="2020-03-15", revision="coefficient", coefficient=1_100_000
    )
    assert desk.value(one, "term_on") == "2021-03-15"
    put(desk, one, "due_from", "2027-01-01")
    assert (desk.value(one, "renewed"), desk.value(one, "term_on")) == (6, "2027-03-15")
    assert told(desk.run("2027-12-31")) == [
        ("2027-03-15", "renewal", 52_800),
        ("2027-03-15", "invoice", 52_800),
    ]
    put(desk, one, "due_from", "2027-04-01")
    assert desk.value(one, "renewed") == 7, "its renewals count, once there are some"


def test_a_contract_always_has_a_name(desk: ContractDesk, party: int) -> None:
    assert desk.value(desk.contract(party, label=""), "label") == "Contrat de maintenance"


@pytest.mark.both
def test_a_number_finds_contract_and_machine(desk: ContractDesk, party: int) -> None:
    from codial_tui.services.lists import home_search

    one, machine = desk.contract(party), desk.machine(party, "CH77")
    found = home_search.search(desk.context, "ct27-0001") + home_search.search(desk.context, "CH77")
    assert [(it.what, it.id, it.key) for it in found] == [
        ("contract", one, "CT27-0001"),
        ("equipment", machine, "CH77"),
    ]
    assert home_search.search(desk.context, "ch%7") == []


def test_another_rule_counts_from_today_on(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party, visit_rule="mars")
    put(desk, one, "visit_rule", "février, mars")
    assert [it.day for it in desk.due("2027-04-01") if it.kind == "visit"] == [
        *("2027-02-01", "2027-03-01")
    ]
    desk.at("2027-06-10")
    assert len(desk.run("2027-06-10")) == 3
    put(desk, one, "visit_rule", "4 par an")
    assert [it.day for it in desk.due("2027-12-31") if it.kind == "visit"] == [
        *("2027-07-01", "2027-10-01")
    ]


def test_the_rhythm_of_what_was_billed_stays(desk: ContractDesk, party: int) -> None:
    one = desk.contract(party)
    put(desk, one, "billing_every", 6)
    (made,) = desk.run("2027-01-01")
    for name, value in (("billing_every", 12), ("billing_when", "arrears")):
        with pytest.raises(Refused, match="déjà facturé ainsi"):
            put(desk, one, name, value)
    documents.delete(desk.context, made.document_id or 0)
    put(desk, one, "billing_every", 12)
    assert told(desk.run("2027-12-31")) == [("2027-01-01", "invoice", 48_000)]


def test_the_letter_tells_the_day_that_is_planned(desk: ContractDesk, party: int) -> None:
    from codial_tui.services.maintenance import contract_preview

    one = desk.contract(party, visit_rule="mars", letter_visit=15)
    dues = desk.due("2027-03-01", one)
    letter = next(it for it in dues if it.kind == "visit_letter")
    assert "01/03/27" in "\n".join(contract_preview.rows(desk.context, letter))
    (made,) = contract_run.run(desk.context, [it for it in dues if it.kind == "visit"])
    with desk.context.database.write():
        values = {"planned_date": "2027-03-04"}
        desk.context.database.update("document", made.document_id or 0, values)
    assert "04/03/27" in "\n".join(contract_preview.rows(desk.context, letter))


def test_a_blocked_customer_is_said(desk: ContractDesk, party: int) -> None:
    desk.contract(party)
    with desk.context.database.write():
        values = {"blocked": 1, "blocked_reason": "impayés"}
        desk.context.database.update("party", party, values)
    (due,) = desk.due("2027-01-01")
    assert due.reason == "Martin est bloqué (impayés) · débloquez sa fiche"
    (made,) = contract_run.run(desk.context, [due])
    assert not made.made and "bloqué" in made.refusal


@pytest.mark.parametrize(
    ("setting", "expected"), [("renewal", "2027-12-31"), ("term", "2029-12-31")]
)
def test_the_end_that_is_sent(desk: ContractDesk, party: int, setting: str, expected: str) -> None:
    from codial_tui.services.records import company_settings

    company_settings.put(desk.context, "contract.end_date", setting)
    one = desk.contract(party, final_on="2030-01-01")
    assert contracts.ends(desk.context, contracts.load(desk.context, one)) == date.fromisoformat(
        expected
    )
    assert contract_plan.plan(desk.context, date.fromisoformat("2026-12-31")) == []


@pytest.mark.both
def test_home_counts_what_is_due(
    desk: ContractDesk, party: int, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    from codial_tui.services.lists import home

    assert home.contracts_due(desk.context) is None
    one = desk.contract(party, visit_rule="janvier, mars")
    assert home.contracts_due(desk.context) == 2
    desk.run("2027-01-01")
    assert home.contracts_due(desk.context) == 0
    desk.at("2027-03-01")
    assert home.contracts_due(desk.context) == 1
    other = session(open_database(database_url, create=False), "jean")
    other.clock = desk.context.clock
    with monkeypatch.context() as patched:
        patched.setattr(contract_plan, "plan", None)  # the next start does not count again
        assert home.contracts_due(other) == 1
    put(desk, one, "visit_rule", "")
    desk.at("2027-03-02")
    assert home.contracts_due(desk.context) == 0
    monkeypatch.setattr(home, "MOST_CONTRACTS", 0)
    assert home.contracts_due(desk.context) == -1
    contracts.end(desk.context, one, date.fromisoformat("2027-02-01"))
    assert home.contracts_due(desk.context) is None
