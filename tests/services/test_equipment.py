"""The register of equipment: codes, sites, machines inside others, counters, warranties."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor
from codial_tui.services.lists.record_lists import RecordList
from codial_tui.services.maintenance import equipment, equipment_views, machine_rows, work_orders
from codial_tui.services.records import parties, record_parts, records


@pytest.fixture
def party(context: Context) -> int:
    return parties.create(context, {"name": "SCI Les Tilleuls", "is_customer": 1})


def machine(context: Context, party: int, **values: Any) -> int:
    return records.create(context, "equipment", {"party_id": party, **values})


def put(context: Context, key: int, name: str, value: Any) -> None:
    record = records.record_type("equipment")
    records.put(context, "equipment", key, record.field(name), value)


@pytest.mark.both
def test_a_machine_gets_its_code_and_is_found_by_its_serial(context: Context, party: int) -> None:
    made = machine(context, party, brand="VIESSEL", type="Chaudière", serial="VX-2231-0098")
    second = machine(context, party, code="PERSO", brand="OTIS")
    third = machine(context, party, brand="OTIS")
    rows = [records.load(context, "equipment", key) for key in (made, second, third)]
    year = f"{context.today:%y}"
    assert [row["code"] for row in rows] == [f"EQ{year}-00001", "PERSO", f"EQ{year}-00002"]
    assert rows[0]["label"] == "VIESSEL Chaudière"
    for text in ("2231", "tilleuls viess", "chaudiere"):
        assert [row["id"] for row in RecordList(context, "equipment", text).rows(0, 9)] == [made]
    put(context, made, "brand", "FRISQUET")
    assert records.load(context, "equipment", made)["label"] == "FRISQUET Chaudière"
    assert [row["id"] for row in RecordList(context, "equipment", "frisq").rows(0, 9)] == [made]
    assert equipment.by_code(context, "vx-2231-0098")["id"] == made
    with pytest.raises(Refused, match="existe déjà"):
        machine(context, party, code="perso")


def test_a_serial_number_twice_is_said(context: Context, party: int) -> None:
    machine(context, party, brand="OTIS", serial="S1")
    made = machine(context, party, brand="otis", serial="s1")
    row = records.load(context, "equipment", made)
    assert equipment.twins(context, row) == f"s1 est aussi EQ{context.today:%y}-00001, chez " + (
        "SCI Les Tilleuls"
    )
    with pytest.raises(Refused, match="Plusieurs machines S1"):
        equipment.by_code(context, "S1")


def test_never_inside_itself_nor_elsewhere(context: Context, party: int) -> None:
    other = parties.create(context, {"name": "Ailleurs", "is_customer": 1})
    lift, motor = machine(context, party, brand="LIFT"), machine(context, party, brand="MOTOR")
    put(context, motor, "parent_id", lift)
    with pytest.raises(Refused, match="est dans cette machine"):
        put(context, lift, "parent_id", motor)
    with pytest.raises(Refused, match="est dans cette machine"):
        put(context, lift, "parent_id", lift)
    with pytest.raises(Refused, match="chez un autre client"):
        put(context, machine(context, other, serial="X"), "parent_id", lift)
    assert [(one.label, one.depth) for one in equipment_views.tree(context, party)] == [
        *(("LIFT", 0), ("MOTOR", 1)),
    ]
    site = record_parts.create(context, "address", other, {"street": "1 rue X", "city": "LYON"})
    with pytest.raises(Refused, match="d'un autre client"):
        put(context, lift, "address_id", site)


def test_a_serial_number_twice_is_said_whatever_the_accents(context: Context, party: int) -> None:
    machine(context, party, brand="ÉCLAT", serial="TW-1")
    made = records.load(context, "equipment", machine(context, party, brand="éclat", serial="tw-1"))
    assert equipment.twins(context, made).startswith("tw-1 est aussi EQ")


def test_no_more_than_twenty_inside_one_another(context: Context, party: int) -> None:
    chain = [machine(context, party, serial=f"M{number}") for number in range(21)]
    for outer, inner in pairwise(chain[:20]):
        put(context, inner, "parent_id", outer)
    with pytest.raises(Refused, match="20 machines l'une dans l'autre"):
        put(context, chain[20], "parent_id", chain[19])
    with pytest.raises(Refused, match="est dans cette machine"):
        put(context, chain[0], "parent_id", chain[19])
    assert len(equipment_views.tree(context, party)) == 21


def test_something_names_a_machine(context: Context, party: int) -> None:
    with pytest.raises(Refused, match="Rien ne nomme cette machine"):
        machine(context, party, location="Cave")
    assert context.database.value("SELECT COUNT(*) FROM equipment") == 0


@pytest.mark.both
def test_a_machine_under_contract_does_not_change_hands(context: Context, party: int) -> None:
    """Its contract would go on paying for what somebody else has."""
    other = parties.create(context, {"name": "Boulangerie", "is_customer": 1})
    boiler = machine(context, party, serial="FB-1")
    values = {"party_id": party, "label": "Entretien", "starts_on": "2026-01-01", "price": 0}
    contract = records.create(context, "contract", values)
    part = {"equipment_id": boiler}
    covered = record_parts.create(context, "contract_machine", contract, part)
    with pytest.raises(Refused, match=r"Au contrat CT\S+ de SCI Les Tilleuls"):
        put(context, boiler, "party_id", other)
    assert records.load(context, "equipment", boiler)["party_id"] == party
    work = work_orders.new(context, party, equipment=[boiler])
    record_parts.remove(context, "contract_machine", covered)
    put(context, boiler, "party_id", other)
    document = Editor(context, work, lock=False).document
    said = [one.text for one in machine_rows.warnings(context, document)]
    assert said[0] == "FB-1 : maintenant chez Boulangerie"


@pytest.mark.both
def test_a_counter_only_goes_up(context: Context, party: int) -> None:
    copier = machine(context, party, brand="RICOH", meter="copies")
    read = equipment.read
    read(context, copier, 1_000_0000, "2026-01-10")
    read(context, copier, 4_500_0000, "2026-03-10")
    with pytest.raises(Refused, match="Le 10/03/26 il disait 4 500"):
        read(context, copier, 4_499_0000, "2026-03-11")
    with pytest.raises(Refused, match="Le 10/03/26 il disait 4 500"):
        read(context, copier, 4_501_0000, "2026-02-11")
    with pytest.raises(Refused, match="à venir"):
        read(context, copier, 5_000_0000, "2099-01-01")
    with pytest.raises(Refused, match="positif"):
        read(context, copier, -1)
    values = {"value": 2_000_0000, "read_on": "2026-02-10", "note": "au téléphone"}
    record_parts.create(context, "equipment_reading", copier, values)
    read(context, copier, 10_0000, "2026-04-01", "Remplacé par un neuf")
    read(context, copier, 60_0000, "2026-05-01")
    assert [(one["value"], one["since"]) for one in equipment.readings(context, copier)] == [
        (60_0000, 50_0000),
        (10_0000, None),
        (4_500_0000, 2_500_0000),
        (2_000_0000, 1_000_0000),
        (1_000_0000, None),
    ]
    with pytest.raises(Refused, match="n'a pas de compteur"):
        read(context, machine(context, party, brand="X"), 1)


def test_warranties_end_soonest_first(context: Context, party: int) -> None:
    for brand, until in (("A", "2026-12-01"), ("B", "2026-11-20"), ("C", "2027-06-01")):
        machine(context, party, brand=brand, warranty_until=until)
    gone = machine(context, party, brand="D", warranty_until="2026-11-25")
    put(context, gone, "active", 0)
    found = equipment_views.warranties(context, date(2026, 12, 31))
    assert [(str(row[0]), row[3]) for row in found.rows] == [
        *(("2026-11-20", "B"), ("2026-12-01", "A")),
    ]
    later = equipment_views.warranties(context, date(2026, 12, 31), since=date(2026, 11, 23))
    assert [row[3] for row in later.rows] == ["A"]
    with pytest.raises(Refused, match="La garantie finit avant"):
        machine(context, party, brand="E", installed_on="2026-11-01", warranty_until="2026-10-01")


def test_its_work_orders_are_its_history(context: Context, party: int) -> None:
    boiler = machine(context, party, brand="VIESSEL")
    work_orders.new(context, party, equipment=[boiler], fault="Code F28", subject="Panne")
    (one,) = equipment_views.history(context, boiler)
    assert (one.subject, one.fault, one.state, one.minutes) == ("Panne", "Code F28", "Ouvert", 0)


@pytest.mark.both
def test_a_machine_that_changes_hands_leaves_its_site_and_its_parts(context: Context) -> None:
    first, second = (parties.create(context, {"name": one, "is_customer": 1}) for one in "AB")
    site = record_parts.create(context, "address", first, {"label": "Usine", "city": "LYON"})
    tower = equipment.create(context, {"party_id": first, "serial": "T"})
    boiler = equipment.create(
        context, {"party_id": first, "serial": "C", "parent_id": tower, "address_id": site}
    )
    burner = equipment.create(context, {"party_id": first, "serial": "B", "parent_id": boiler})
    put(context, boiler, "location", "Sous-sol")
    put(context, boiler, "party_id", second)
    rows = {one: records.load(context, "equipment", one) for one in (boiler, burner)}
    assert [rows[boiler][name] for name in ("party_id", "address_id", "parent_id", "location")] == [
        *(second, None, None, ""),
    ]
    assert (rows[burner]["party_id"], rows[burner]["parent_id"]) == (first, None)
