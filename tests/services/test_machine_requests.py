"""Machines and parts of work orders asked for as data, and shown as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract_desk import ContractDesk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.services.context import Context
from codial_tui.services.documents import requests, show
from codial_tui.services.maintenance import equipment
from codial_tui.services.records import records

PARTS = [
    {"reference": "ELEC1", "quantity": "2"},
    {"label": "Joint", "unit_price": "3.00", "billed": True},
]
LABOUR = {"type": "item", "label": "Heure", "unit": "h", "quantity": "2.5", "unit_price": "48.00"}


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    records.create(
        context, "item", {"reference": "ELEC1", "label": "Électrode", "sale_price": 312_500}
    )
    records.create(context, "party", {"code": "C1", "name": "SCI Les Tilleuls", "is_customer": 1})
    return found


def test_a_code_where_a_serial_number_is_expected(desk: ContractDesk) -> None:
    context = desk.context
    code = records.load(context, "equipment", boiler(context))["code"]
    (one,) = ask(context, machine=code).machines
    assert (one.serial, one.brand) == ("VX-2231", "VIESSEL")
    assert context.database.value("SELECT COUNT(*) FROM equipment") == 1


def test_what_is_to_know_of_the_visits_is_shown(desk: ContractDesk) -> None:
    visit = {"technician": "claire", "departure": "08:00", "return": "09:10"}
    document = ask(desk.context, visits=[visit, {**visit, "departure": "08:30"}])
    assert show.shown(desk.context, document)["warnings"] == [
        "Claire a déjà une visite à ces heures"
    ]


def party(context: Context) -> int:
    return int(context.database.value("SELECT id FROM party WHERE code = 'C1'"))


def boiler(context: Context, **values: Any) -> int:
    known = {"party_id": party(context), "serial": "VX-2231", "brand": "VIESSEL"}
    return equipment.create(context, {**known, **values})


def ask(context: Context, kind: str = "work_order", **values: Any) -> Document:
    asked = {"kind": kind, "customer": "C1", "date": "2026-11-22", **values}
    return requests.create(context, parse_document(json.dumps(asked)))


def wrong(context: Context, **values: Any) -> list[tuple[str, str]]:
    before = count(context)
    with pytest.raises(Refused) as refused:
        ask(context, **values)
    assert count(context) == before  # neither a document nor a machine was written
    return [(one.code, one.field) for one in refused.value.problems]


def count(context: Context) -> list[int]:
    tables = ("document", "equipment", "work_machine")
    return [context.database.value(f"SELECT COUNT(*) FROM {one}") for one in tables]


@pytest.mark.both
def test_a_warranty_covers_parts_but_labour_when_asked(desk: ContractDesk) -> None:
    context = desk.context
    boiler(context, warranty_until="2026-12-31", location="Sous-sol")
    machine = {"serial": "vx-2231", "fault": "Code F28", "work_done": "Électrode\nEssai"}
    made = ask(
        context,
        nature="repair",
        machine=machine,
        lines=[LABOUR],
        parts_used=PARTS,
        billable=["labour", "travel"],
    )
    found = show.shown(context, made)
    assert found["machines"] == [
        {
            "code": "EQ26-00001",
            "serial": "VX-2231",
            "brand": "VIESSEL",
            "type": "",
            "model": "",
            "location": "Sous-sol",
            "commissioned_on": None,
            "coverage": "warranty",
            "contract": None,
            "fault": "Code F28",
            "work_done": "Électrode\nEssai",
        }
    ]
    assert (found["coverage"], found["billable"]) == ("warranty", ["labour", "travel"])
    assert found["offered"] == "62.50"
    told = [(one["label"], one["amount"], one.get("covered")) for one in found["lines"]]
    assert told == [
        ("Heure", "120.00", None),
        ("Électrode", "0.00", "warranty"),
        ("Joint", "3.00", None),  # billed whatever covers the rest
    ]
    assert found["totals"]["net"] == "123.00"
    assert found["warnings"] == []


def test_a_serial_number_nobody_knows_is_registered_once(desk: ContractDesk) -> None:
    context = desk.context
    first = ask(context, machine={"serial": "N-1", "brand": "Ariston", "location": "Cave"})
    again = ask(context, machine="n-1")
    (row,) = context.database.mappings("SELECT * FROM equipment")
    assert (row["serial"], row["brand"], row["location"]) == ("N-1", "Ariston", "Cave")
    assert row["party_id"] == party(context)
    held = [one.machines[0].equipment_id for one in (first, again)]
    assert held == [row["id"], row["id"]]
    assert again.machines[0].brand == "Ariston"


def test_a_machine_without_a_number_stays_on_the_paper(desk: ContractDesk) -> None:
    made = ask(
        desk.context, machine={"brand": "Inconnue", "coverage": "warranty"}, parts_used=PARTS
    )
    assert desk.context.database.value("SELECT COUNT(*) FROM equipment") == 0
    assert [one.covered for one in made.lines] == ["warranty", ""]
    assert (made.machines[0].brand, made.header["coverage"]) == ("Inconnue", "warranty")


def test_a_contract_covers_what_it_includes(desk: ContractDesk) -> None:
    context = desk.context
    key = boiler(context)
    contract = desk.contract(party(context), starts_on="2026-01-01", repair_labour=1)
    desk.cover(contract, key)
    found = show.shown(context, ask(context, machine=["VX-2231"], lines=[LABOUR]))
    assert found["contract"] == found["machines"][0]["contract"] == desk.value(contract, "number")
    assert found["billable"] == ["items", "consumables", "travel"]
    assert [one["covered"] for one in found["lines"]] == ["contract"]
    assert found["totals"]["net"] == "0.00"
    alone = ask(context, machine={"serial": "N-2", "coverage": "contract"})
    said = "N-2 : au contrat, mais aucun ne la comprend ce jour-là"
    assert show.shown(context, alone)["warnings"] == [said]
    free = show.shown(
        context, ask(context, machine={"code": "EQ26-00001", "coverage": "none"}, lines=[LABOUR])
    )
    assert (free["contract"], free["totals"]["net"]) == (None, "120.00")
    assert free["warnings"] == ["VX-2231 : sa fiche dit : contrat"]


def test_several_machines_and_what_to_know_of_them(desk: ContractDesk) -> None:
    context = desk.context
    boiler(context, warranty_until="2026-12-31")
    made = ask(context, nature="maintenance", machine=["VX-2231", "P-2", "VX-2231"])
    found = show.shown(context, made)
    assert [one["serial"] for one in found["machines"]] == ["VX-2231", "P-2", "VX-2231"]
    assert (found["coverage"], len(found["billable"])) == ("none", 4)
    assert found["warnings"] == [
        "VX-2231 : deux fois sur ce bon",
        "Machines couvertes autrement les unes que les autres : tout est facturé"
        " · F7 G sur une ligne",
    ]
    for _ in range(2):
        found = show.shown(context, ask(context, nature="repair", machine="P-2"))
    assert found["warnings"] == []  # a maintenance is no failure
    found = show.shown(context, ask(context, nature="repair", machine="P-2"))
    assert found["warnings"] == ["P-2 : 3e panne en 12 mois sur cette machine"]


def test_what_is_wrong_says_where(desk: ContractDesk) -> None:
    context = desk.context
    boiler(context)
    boiler(context, brand="AUTRE")
    assert wrong(context, machine="VX-2231") == [("equipment.which", "machine.serial")]
    assert wrong(context, machine=["N-1", {"code": "EQ99"}]) == [
        ("equipment.unknown", "machine.1.code")
    ]
    other = records.create(context, "party", {"code": "C2", "name": "Autre", "is_customer": 1})
    boiler(context, party_id=other, serial="Z-1")
    assert wrong(context, machine={"serial": "Z-1"}) == [("equipment.other", "machine.serial")]
    parts = [{"reference": "RIEN"}, {"label": "x", "unit_price": "1.234"}]
    assert wrong(context, machine="N-1", parts_used=parts) == [
        ("number.decimals", "parts_used.1.unit_price"),
        ("item.unknown", "parts_used.0.reference"),
    ]
    told = wrong(context, kind="quote", machine="N-1", parts_used=PARTS, billable=[])
    assert told == [("json.unknown_key", one) for one in ("parts_used", "machine", "billable")]


def test_maintenance_of_two_contracts_is_refused(desk: ContractDesk) -> None:
    context = desk.context
    desk.cover(desk.contract(party(context), starts_on="2026-01-01"), boiler(context))
    several = {"nature": "maintenance", "machine": ["VX-2231", "P-2"]}
    assert wrong(context, **several) == [("machine.contracts", "machine")]
    assert ask(context, **{**several, "nature": "repair"}).machines[1].serial == "P-2"
