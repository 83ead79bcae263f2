"""Machines of a work order: chosen, described, covered, taken away; undone; what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_desk import ContractDesk
from sessions import session

from codial_tui.domain.changes import insert, row_of
from codial_tui.domain.document import Document, Line
from codial_tui.errors import LockLost, Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import headers
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load
from codial_tui.services.maintenance import (
    equipment,
    machine_history,
    machine_offers,
    machine_rows,
    machines,
    work_orders,
)
from codial_tui.services.records import company_settings, parties, record_parts


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    found.at("2026-11-23")
    return found


@pytest.fixture
def party(context: Context) -> int:
    return parties.create(context, {"name": "SCI Les Tilleuls", "is_customer": 1})


def boiler(context: Context, party: int, serial: str = "VX-1", **values: Any) -> int:
    known = {"party_id": party, "serial": serial, "brand": "VIESSEL", "type": "Chaudière"}
    return equipment.create(context, {**known, **values})


def opened(context: Context, party: int, **values: Any) -> Editor:
    """A work order with an hour at 48,00 and a part at 31,25."""
    editor = Editor(context, work_orders.new(context, party, **values))
    hour = Line(context.uid(), label="Heure", quantity=1_0000, unit_price=48_0000, unit="h")
    part = Line(context.uid(), label="Électrode", quantity=1_0000, unit_price=31_2500, position=1)
    hour.billing_class = "labour"
    editor.commit([insert(hour), insert(part)], "Lignes")
    return editor


def stored(editor: Editor) -> Document:
    """As in the database, which says what memory says."""
    found = load(editor.context.database, editor.document.id)
    assert found is not None
    held = editor.document
    assert [*map(row_of, found.machines)] == [*map(row_of, held.machines)]
    assert [one.covered for one in found.lines] == [one.covered for one in held.lines]
    assert found.header["net_total"] == editor.totals.net
    return found


def site(context: Context, party: int, label: str, city: str) -> int:
    values = {"label": label, "role": "works", "street": "1 rue A", "postcode": "69003"}
    return record_parts.create(context, "address", party, {**values, "city": city})


@pytest.mark.both
def test_a_machine_chosen_covers_and_is_undone_as_one(desk: ContractDesk, party: int) -> None:
    context = desk.context
    editor = opened(context, party)
    warranty = boiler(context, party, warranty_until="2026-11-23", installed_on="2024-03-12")
    assert machines.choose(editor, warranty, fault="Code F28") == []
    found = stored(editor)
    (one,) = found.machines
    assert (one.serial, one.coverage, one.fault) == ("VX-1", "warranty", "Code F28")
    assert one.commissioned_on == "2024-03-12"
    assert [line.covered for line in found.lines] == ["warranty", "warranty"]
    assert found.header["net_total"] == 0
    assert editor.undo() == "Machine VX-1"
    assert stored(editor).header["net_total"] == 79_25
    assert (editor.document.machines, editor.document.header["coverage"]) == ([], "none")
    editor.redo()
    assert stored(editor).header["net_total"] == 0
    machines.bill(editor, "bill_labour", True)
    assert stored(editor).header["net_total"] == 48_00
    machines.edit(editor, one.uid, work_done="Électrode remplacée")
    assert stored(editor).header["net_total"] == 48_00  # the box that was ticked stays
    machines.remove(editor, one.uid)
    assert stored(editor).header["net_total"] == 79_25


def test_the_day_planned_decides(desk: ContractDesk, party: int) -> None:
    context = desk.context
    editor = opened(context, party, planned_date="2026-11-24")
    machines.choose(editor, boiler(context, party, warranty_until="2026-11-23"))
    assert stored(editor).machines[0].coverage == "none"


def test_a_warranty_is_said_on_the_work_order(desk: ContractDesk, party: int) -> None:
    context = desk.context
    editor = opened(context, party)
    key = boiler(context, party, installed_on="2025-05-01")
    machines.choose(editor, key)
    (one,) = editor.document.machines
    assert machines.guarantee(editor, one.uid, "2027-04-30") == []
    assert stored(editor).header["net_total"] == 0
    assert equipment.by_code(context, "VX-1")["warranty_until"] == "2027-04-30"
    with pytest.raises(Refused, match="finit avant"):
        machines.guarantee(editor, one.uid, "2024-01-01")
    assert stored(editor).header["net_total"] == 0
    machines.guarantee(editor, one.uid, "2026-11-22")  # it was over yesterday
    assert stored(editor).header["net_total"] == 79_25
    machines.edit(editor, "", brand="Inconnue")
    with pytest.raises(Refused, match="Pas au registre"):
        machines.guarantee(editor, editor.document.machines[1].uid, "2027-04-30")


def test_a_day_put_off_beyond_what_covers_is_told(desk: ContractDesk, party: int) -> None:
    context = desk.context
    guaranteed = boiler(context, party, warranty_until="2026-11-30")
    covered = boiler(context, party, "VX-2")
    contract = desk.contract(party, starts_on="2026-01-01", renewal="none")
    desk.cover(contract, covered)
    for key in (guaranteed, covered):
        editor = opened(context, party)
        machines.choose(editor, key)
        assert machine_rows.warnings(context, editor.document) == []
        headers.edit(editor, editor.kind.field("planned_date"), "2027-06-01")
        (told,) = machine_rows.warnings(context, editor.document)
        said = {
            guaranteed: "VX-1 : garantie finie le 30/11/26",
            covered: "VX-2 : au contrat, fini ce jour-là",
        }
        assert told.message == said[key]


def test_a_contract_frees_what_it_includes(desk: ContractDesk, party: int) -> None:
    context = desk.context
    key = boiler(context, party)
    terms = {"repair_labour": 1, "visit_labour": 0, "starts_on": "2026-01-01", "visits": 2}
    contract = desk.contract(party, **terms)
    desk.cover(contract, key)
    editor = opened(context, party)
    machines.choose(editor, key)
    (one,) = stored(editor).machines
    assert (one.coverage, one.contract_id) == ("contract", contract)
    assert [line.covered for line in editor.document.lines] == ["contract", ""]
    number = desk.value(contract, "number")
    words = machine_rows.contract_words(context, editor.document, one)
    assert words.startswith(number)
    headers.edit(editor, editor.kind.field("nature"), "maintenance")
    assert [line.covered for line in stored(editor).lines] == ["", "contract"]
    machines.edit(editor, one.uid, coverage="none")
    assert stored(editor).header["net_total"] == 79_25
    (now,) = editor.document.machines
    said = [each.message for each in machine_rows.warnings_of(context, editor.document, now)]
    assert said == ["sa fiche dit : contrat"]
    machines.edit(editor, one.uid, coverage="contract")
    assert stored(editor).header["contract_id"] == contract


def test_a_visit_is_the_contracts_a_repair_the_warrantys(desk: ContractDesk, party: int) -> None:
    context = desk.context
    key = boiler(context, party, warranty_until="2027-01-01")
    contract = desk.contract(party, starts_on="2026-01-01")
    desk.cover(contract, key)
    for nature, coverage in (("maintenance", "contract"), ("repair", "warranty")):
        made = Editor(context, work_orders.new(context, party, equipment=[key], nature=nature))
        assert made.document.header["coverage"] == coverage
        assert machine_rows.warnings(context, made.document) == []


def test_machines_that_are_not_covered_alike_are_billed(desk: ContractDesk, party: int) -> None:
    context = desk.context
    several = [boiler(context, party, warranty_until="2027-01-01"), boiler(context, party, "VX-2")]
    found = stored(opened(context, party, equipment=several))
    assert (found.header["coverage"], found.header["net_total"]) == ("none", 79_25)


def test_one_chosen_twice_or_on_another_site_warns(desk: ContractDesk, party: int) -> None:
    context = desk.context
    here, there = site(context, party, "Siège", "LYON"), site(context, party, "Dépôt", "BRON")
    first = boiler(context, party, address_id=here)
    editor = opened(context, party)
    assert machines.choose(editor, first) == []
    assert editor.document.header["delivery_city"] == "LYON"  # its site is the work order's
    assert [one.code for one in machines.choose(editor, first)] == ["machine.twice"]
    other = boiler(context, party, "VX-2", address_id=there)
    (warned,) = machines.choose(editor, other)
    assert (warned.code, warned.level) == ("machine.site", "warning")
    assert "VX-2 est sur un autre site" in warned.message
    assert len(stored(editor).machines) == 3
    told = [one.code for one in machine_rows.warnings(context, editor.document)]
    assert told == ["machine.twice", "machine.site"]
    headers.edit(editor, editor.kind.field("address_id"), there)
    assert editor.document.header["delivery_city"] == "BRON"
    headers.edit(editor, editor.kind.field("address_id"), None)
    assert editor.document.header["delivery_city"] == ""


def test_a_maintenance_is_of_one_contract_unless_the_company_says(
    desk: ContractDesk, party: int
) -> None:
    context = desk.context
    one, two = boiler(context, party), boiler(context, party, "VX-2")
    desk.cover(desk.contract(party, starts_on="2026-01-01"), one)
    editor = opened(context, party, nature="maintenance")
    machines.choose(editor, one)
    with pytest.raises(Refused, match=r"un seul contrat : VX-1 .* VX-2 .sans contrat"):
        machines.choose(editor, two)
    assert len(stored(editor).machines) == 1
    company_settings.put(context, machines.ONE_CONTRACT, 0)
    told = [each.code for each in machines.choose(editor, two)]
    assert told == ["machine.mixed"]
    assert stored(editor).header["coverage"] == "none"
    company_settings.put(context, machines.ONE_CONTRACT, 1)
    headers.edit(editor, editor.kind.field("nature"), "repair")
    with pytest.raises(Refused, match="un seul contrat"):
        headers.edit(editor, editor.kind.field("nature"), "maintenance")


def test_what_is_somebody_elses_is_refused(desk: ContractDesk, party: int) -> None:
    context = desk.context
    other = parties.create(context, {"name": "Autre", "code": "C9", "is_customer": 1})
    theirs, ours = boiler(context, other), boiler(context, party, "VX-2")
    editor = opened(context, party)
    with pytest.raises(Refused, match=r"VX-1 est chez Autre .C9."):
        machines.choose(editor, theirs)
    with pytest.raises(Refused, match="plus au registre"):
        machines.choose(editor, 999)
    machines.choose(editor, ours)
    with pytest.raises(Refused, match="client d'avant"):
        headers.edit(editor, editor.kind.field("party_id"), other)
    with pytest.raises(Refused, match="plus là"):
        machines.edit(editor, "nobody", brand="x")
    assert len(stored(editor).machines) == 1


def test_what_is_typed_completes_the_register_once(desk: ContractDesk, party: int) -> None:
    context = desk.context
    key = boiler(context, party, model="", location="")
    editor = opened(context, party)
    machines.choose(editor, key)
    uid = editor.document.machines[0].uid
    machines.edit(editor, uid, location="Cave", brand="AUTRE")
    row = context.database.mapping("SELECT * FROM equipment WHERE id = ?", (key,))
    assert row is not None
    assert (row["location"], row["brand"]) == ("Cave", "VIESSEL")  # what it knew, it keeps
    assert stored(editor).machines[0].brand == "AUTRE"


def test_what_the_register_does_not_take_is_told(desk: ContractDesk, party: int) -> None:
    context = desk.context
    key = boiler(context, party)
    editor = opened(context, party)
    machines.choose(editor, key)
    uid = editor.document.machines[0].uid
    (said,) = machines.edit(editor, uid, location="x" * 100)
    assert (said.level, said.message) == ("warning", "Au registre : 80 signes au plus")
    row = context.database.mapping("SELECT * FROM equipment WHERE id = ?", (key,))
    assert row is not None
    assert (row["location"], stored(editor).machines[0].location) == ("", "x" * 100)


def test_the_third_failure_within_the_months_is_told(desk: ContractDesk, party: int) -> None:
    context = desk.context
    key = boiler(context, party)
    for day in ("2025-11-22", "2025-11-24", "2026-03-01"):
        work_orders.new(context, party, equipment=[key], date=day)
    work_orders.new(context, party, equipment=[key], nature="maintenance")
    now = work_orders.new(context, party, equipment=[key])

    def warned() -> str:
        return machine_history.warning(context, key, now, "2026-11-23", "repair")

    assert warned() == "3e panne en 12 mois sur cette machine"
    company_settings.put(context, machine_history.MONTHS, 24)
    assert warned() == "4e panne en 24 mois sur cette machine"
    for months in (6, 0):
        company_settings.put(context, machine_history.MONTHS, months)
        assert warned() == ""


def test_two_people_at_once(desk: ContractDesk, party: int, database_url: str) -> None:
    context = desk.context
    editor = opened(context, party)
    key = boiler(context, party)
    database = open_database(database_url, create=False)
    try:
        other = Editor(session(database, "paul"), editor.document.id)
        with pytest.raises(LockLost, match="Claire"):
            machines.choose(other, key)
        machines.choose(editor, key)
        other.reload()
        assert [one.serial for one in other.document.machines] == ["VX-1"]
        assert (
            machine_offers.register(other.context, {"party_id": party, "serial": "vx-1"}) == key
        )  # who types it at the same time makes no second one
    finally:
        database.close()
    assert len(stored(editor).machines) == 1
