"""Machines of a work order without a screen: given, shown, invoiced, refused with their path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import PARTY, CommandLine

pytestmark = pytest.mark.long

MACHINE = {
    "serial": "VX-2231-0098",
    "brand": "VIESSEL",
    "location": "Sous-sol",
    "coverage": "warranty",
    "fault": "Code F28",
    "work_done": "Électrode remplacée",
}
HOUR = {"type": "item", "label": "Heure", "unit": "h", "quantity": "2.5", "unit_price": "48"}
PART = {"label": "Électrode", "quantity": "2", "unit_price": "31.25"}


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


def ask(run: CommandLine, *options: str, code: int = 0, **values: Any) -> Any:
    wanted = {"kind": "work_order", "customer": {**PARTY, "save": True}, **values}
    return run("document", "create", "-", *options, stdin=json.dumps(wanted), code=code)


def test_a_warranty_to_the_invoice(run: CommandLine) -> None:
    made = ask(
        run,
        *("--json",),
        nature="repair",
        machine=MACHINE,
        lines=[HOUR],
        parts_used=[PART],
        billable=["labour", "travel"],
    ).json
    assert (made["coverage"], made["billable"]) == ("warranty", ["labour", "travel"])
    assert (made["totals"]["net"], made["offered"]) == ("120.00", "62.50")
    said = run("document", "show", made["ref"]).out
    assert "Électrode    2  31,25    0,00  sous garantie" in said
    assert "Machine VX-2231-0098 VIESSEL, Sous-sol : garantie\n  panne : Code F28\n" in said
    assert "Facturé : main d'œuvre, déplacement · non facturé 62,50 HT" in said
    answer = run("document", "transfer", made["ref"], "--to", "invoice", "--json", code=1)
    assert answer.problems  # it is open
    run("document", "close", made["ref"])
    bill = run("document", "transfer", made["ref"], "--to", "invoice", "--json").json
    assert [one.get("covered") for one in bill["lines"]] == [None, "warranty"]
    assert bill["totals"]["gross"] == "144.00"


def test_its_serial_number_is_registered_once(run: CommandLine) -> None:
    first = ask(run, "--json", machine=MACHINE).json
    again = ask(run, "--json", machine=["vx-2231-0098", "N-2"]).json
    code = first["machines"][0]["code"]
    assert [one["code"] == code for one in again["machines"]] == [True, False]
    assert again["machines"][0]["brand"] == "VIESSEL"
    assert "Machines couvertes autrement" not in str(again["warnings"])  # none has a warranty
    answer = ask(run, "--json", machine=[MACHINE, {"code": "EQ00-1"}], code=1)
    assert answer.problems == [("equipment.unknown", "machine.1.code")]
    answer = ask(run, "--json", machine={"serial": "A", "size": 1}, code=1)
    assert answer.problems == [("json.unknown_key", "machine.size")]
