"""Machines that join and leave a contract while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_desk import ContractDesk

from codial_tui.domain.records.record_parts import PART_TYPES
from codial_tui.errors import Refused
from codial_tui.models import schema
from codial_tui.models.database import open_database
from codial_tui.models.sqlite import SqliteDialect
from codial_tui.services.context import Context
from codial_tui.services.maintenance import contract_cover, contract_machines, contract_show
from codial_tui.services.records import record_parts

PART = contract_machines.PART
AT = "2026-01-01T08:00:00Z"


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    desk = ContractDesk(context, tmp_path)
    desk.at("2027-01-01")
    return desk


@pytest.fixture
def party(desk: ContractDesk) -> int:
    return desk.customer("MARTIN")


def copies(desk: ContractDesk, party: int) -> int:
    """A contract of 0,10 € a copy."""
    return desk.contract(party, kind="copies", extra_price=1_000, price=0, renewal="none")


def rows(desk: ContractDesk) -> list[tuple[Any, ...]]:
    sql = "SELECT equipment_id, since, until FROM contract_machine ORDER BY id"
    return desk.context.database.rows(sql)


def first(desk: ContractDesk) -> int:
    return int(desk.context.database.value("SELECT MIN(id) FROM contract_machine"))


def put(desk: ContractDesk, name: str, value: str | None) -> None:
    field = PART_TYPES[PART].field(name)
    record_parts.put(desk.context, PART, first(desk), field, value)


def test_copies_count_from_the_day_a_machine_joins_to_the_day_it_leaves(
    desk: ContractDesk, party: int
) -> None:
    one, machine = copies(desk, party), desk.machine(party, "COP", meter="copies")
    for on, value in (("2026-12-20", 0), ("2027-03-01", 2_000), ("2027-06-01", 2_100)):
        desk.read(machine, on, value)
    desk.at("2027-03-01")
    desk.cover(one, machine)
    assert rows(desk) == [(machine, "2027-03-01", None)]
    assert [it.amount for it in desk.due("2028-01-01") if it.amount] == [10_00]
    desk.at("2027-06-01")
    record_parts.remove(desk.context, PART, first(desk))
    assert rows(desk) == [(machine, "2027-03-01", "2027-06-01")]
    desk.read(machine, "2027-09-01", 9_000)
    assert [it.amount for it in desk.due("2028-01-01") if it.amount] == [10_00]


def test_a_machine_that_comes_back_counts_only_while_it_is_there(
    desk: ContractDesk, party: int
) -> None:
    one, machine = copies(desk, party), desk.machine(party, "COP", meter="copies")
    for month, value in enumerate((0, 100, 1_100, 1_300), 1):
        desk.read(machine, f"2027-{month:02}-01", value)
    desk.cover(one, machine)
    desk.at("2027-02-01")
    record_parts.remove(desk.context, PART, first(desk))
    desk.at("2027-03-01")
    desk.cover(one, machine)
    assert rows(desk) == [(machine, None, "2027-02-01"), (machine, "2027-03-01", None)]
    assert [it.amount for it in desk.due("2028-01-01") if it.amount] == [30_00]
    with pytest.raises(Refused, match="y est déjà, depuis le 01/03/27"):
        put(desk, "until", None)
    with pytest.raises(Refused, match="y est déjà, depuis le 01/03/27"):
        put(desk, "until", "2027-03-02")


def test_it_is_covered_visited_and_shown_only_while_it_is_there(
    desk: ContractDesk, party: int
) -> None:
    context = desk.context
    one, machine = desk.contract(party), desk.machine(party, "CH1")
    desk.at("2027-03-01")
    desk.cover(one, machine)
    put(desk, "until", "2027-06-01")
    for day, covered in (
        ("2027-02-28", False),
        ("2027-03-01", True),
        ("2027-05-31", True),
        ("2027-06-01", False),
    ):
        assert (contract_cover.find(context, machine, day, "repair") is not None) is covered
        assert bool(contract_machines.machines(context, one, day)) is covered
    number = str(desk.value(one, "number"))
    shown = contract_show.of(context, number)
    assert shown["machines"] == ["CH1"]
    desk.at("2027-06-01")
    shown = contract_show.of(context, number)
    assert shown["machines"] == []
    assert shown["covered"] == [{"code": "CH1", "since": "2027-03-01", "until": "2027-06-01"}]


def test_what_was_put_in_by_mistake_goes_for_good(desk: ContractDesk, party: int) -> None:
    one, machine = desk.contract(party), desk.machine(party, "CH1")
    desk.cover(one, machine)
    assert rows(desk) == [(machine, None, None)]  # the contract was typed today
    record_parts.remove(desk.context, PART, first(desk))
    assert rows(desk) == []
    desk.at("2027-03-01")
    desk.cover(one, machine)
    record_parts.remove(desk.context, PART, first(desk))
    assert rows(desk) == []
    desk.cover(one, machine)
    desk.at("2027-04-01")
    record_parts.remove(desk.context, PART, first(desk))
    with pytest.raises(Refused, match="en est sorti le 01/04/27"):
        record_parts.remove(desk.context, PART, first(desk))
    put(desk, "until", "2027-03-01")
    assert contract_cover.find(desk.context, machine, "2027-03-01", "repair") is None
    record_parts.remove(desk.context, PART, first(desk))
    assert rows(desk) == []


def test_days_the_wrong_way_round_and_twice_the_same_machine_are_refused(
    desk: ContractDesk, party: int
) -> None:
    one, machine = desk.contract(party), desk.machine(party, "CH1")
    desk.cover(one, machine)
    with pytest.raises(Refused, match="y est déjà, depuis le début"):
        desk.cover(one, machine)
    put(desk, "since", "2027-03-01")
    with pytest.raises(Refused, match="sortirait avant d'entrer"):
        put(desk, "until", "2027-02-01")
    assert rows(desk) == [(machine, "2027-03-01", None)]


def test_an_unread_counter_and_another_site_are_told(desk: ContractDesk, party: int) -> None:
    context = desk.context
    one, machine = copies(desk, party), desk.machine(party, "COP", meter="copies")
    desk.at("2027-03-01")
    desk.cover(one, machine)
    told = record_parts.warning(context, PART, first(desk))
    assert told == "Compteur de copies à relever le 01/03/27 : le relevé d'avant compte sinon"
    desk.read(machine, "2027-03-01", 500)
    assert record_parts.warning(context, PART, first(desk)) == ""
    twice = copies(desk, party)
    desk.cover(twice, machine)
    assert record_parts.warning(context, PART, first(desk) + 1) == (
        "Ses copies comptent aussi à CT27-0001"
    )
    record_parts.remove(context, PART, first(desk) + 1)
    other = desk.machine(party, "CH1")
    desk.at("2027-04-01")
    flat = desk.contract(party)
    desk.at("2027-05-01")
    desk.cover(flat, other)
    last = int(context.database.value("SELECT MAX(id) FROM contract_machine"))
    told = record_parts.warning(context, PART, last)
    assert told == "Couvert dès aujourd'hui · « Depuis », vidé : dès le début du contrat"


def test_a_machine_that_left_may_change_hands(desk: ContractDesk, party: int) -> None:
    from codial_tui.domain.maintenance.equipment_record import EQUIPMENT
    from codial_tui.services.records import records

    context, other = desk.context, desk.customer("DURAND")
    one, machine = desk.contract(party), desk.machine(party, "CH1")
    desk.cover(one, machine)
    owner = EQUIPMENT.field("party_id")
    with pytest.raises(Refused, match="Au contrat CT27-0001 de Martin"):
        records.put(context, "equipment", machine, owner, other)
    desk.at("2027-04-01")
    record_parts.remove(context, PART, first(desk))
    records.put(context, "equipment", machine, owner, other)
    assert context.database.value("SELECT party_id FROM equipment") == other


def test_machines_of_a_database_of_before_are_covered_all_along(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    old = SqliteDialect(path)
    old.mark_as_ours()
    schema.migrate(old, 32)
    with old.write():
        party = old.insert("party", {"uid": "1" * 32, "code": "A", "name": "A"})
        machine = old.insert(
            "equipment", {"uid": "2" * 32, "code": "CH1", "party_id": party, "created_at": AT}
        )
        contract = {"uid": "3" * 32, "number": "CT1", "party_id": party, "created_at": AT}
        made = old.insert("contract", {**contract, "starts_on": "2026-01-01"})
        old.insert("contract_equipment", {"contract_id": made, "equipment_id": machine})
    old.close()
    database = open_database(str(path), create=False)
    sql = "SELECT contract_id, equipment_id, since, until FROM contract_machine"
    assert database.dialect.rows(sql) == [(made, machine, None, None)]
    database.close()
