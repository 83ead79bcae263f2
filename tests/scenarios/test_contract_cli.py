"""Contracts by the command line: fourteen months of one, groups, profitability, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import PARTY, CommandLine

from codial_tui.bootstrap import open_program
from codial_tui.services.records import records

pytestmark = pytest.mark.long


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    wanted = {"kind": "quote", "customer": {**PARTY, "save": True}, "lines": []}
    program("document", "create", "-", stdin=json.dumps(wanted))
    return program


def add(run: CommandLine, label: str, *options: str) -> Any:
    """Of MARTIN, from 2090 on: no day of it is ever past."""
    given = ("--label", label, "--start", "2090-01-01")
    return run("contract", "add", "C00001", *given, *options, "--json").json


def due(found: Any, name: str) -> list[tuple[str, str | None]]:
    return [(one["due"], one.get("net") or one.get("price")) for one in found[name]]


def test_fourteen_months_of_a_yearly_contract(run: CommandLine) -> None:
    terms = ("--price", "480", "--coefficient", "1,02", "--visits", "4 par an")
    made = add(run, "Chaudière", *terms, "--letter-visit", "15", "--repair-includes", "labour")
    number = made["number"]
    assert (made["ends_on"], made["visits"], made["coefficient"]) == ("2090-12-31", 4, "1.02")
    assert made["repair_includes"] == ["labour"]
    assert made["visit_includes"] == ["articles", "consumables", "labour", "travel"]
    look = run("contract", "run", "--until", "2091-02-28", "--dry-run", "--json").json
    assert look["dry_run"] and {one["ref"] for one in look["visits"]} == {None}
    seen: dict[str, list[tuple[str, str | None]]] = {"visits": [], "invoices": [], "renewals": []}
    for until in ("2090-01-01", "2090-03-31", "2090-04-01", "2090-12-31", "2091-02-28"):
        one = run("contract", "run", "--until", until, "--only", "visit,invoice,renewal", "--json")
        for name, found in seen.items():
            found += due(one.json, name)
    visits = ("2090-01-01", "2090-04-01", "2090-07-01", "2090-10-01", "2091-01-01")
    assert seen == {
        "visits": [(day, None) for day in visits],
        "invoices": [("2090-01-01", "480.00"), ("2091-01-01", "489.60")],
        "renewals": [("2091-01-01", "489.60")],
    }
    assert {name: due(look, name) for name in seen} == seen
    letters = run("contract", "run", "--until", "2091-02-28", "--json").json["letters"]
    assert [(one["day"], one["due"]) for one in letters][:2] == [
        ("2089-12-17", "2090-01-01"),
        ("2090-03-17", "2090-04-01"),
    ]
    shown = run("contract", "show", number, "--json").json
    orders = [one["ref"] for one in shown["made"] if one["kind"] == "visit"]
    order = run("document", "show", orders[1], "--json").json
    assert (order["kind"], order["state"]) == ("work_order", "open")
    assert order["subject"] == f"Visite Chaudière, contrat {number}"
    assert (shown["term_on"], shown["ends_on"], shown["renewed"]) == ("2092-01-01", "2091-12-31", 1)
    assert run("contract", "run", "--until", "2091-02-28").out == "Rien à faire.\n"
    said = run("contract", "show", number).out
    assert "489,60 € HT tous les 12 mois" in said
    assert "Forfait · En cours" in said and "2091-01-01  reconduction  480,00 → 489,60" in said


def test_grouped_contracts_and_what_they_earn(run: CommandLine) -> None:
    head = add(run, "Siège", "--price", "100")["number"]
    child = add(run, "Atelier", "--price", "200.50", "--parent", head)["number"]
    (made,) = run("contract", "run", "--until", "2090-01-01", "--json").json["invoices"]
    assert made["net"] == "300.50"
    assert made["contracts"] == [
        {"contract": head, "net": "100.00", "beyond": "0", "beyond_net": "0.00"},
        {"contract": child, "net": "200.50", "beyond": "0", "beyond_net": "0.00"},
    ]
    lines = run("document", "show", made["ref"], "--json").json["lines"]
    assert [one["net_amount"] for one in lines] == ["100.00", "200.50"]
    rows = run("contract", "profit", "--json").json["rentabilite"]
    assert [(one["contract"], one["margin"]) for one in rows] == [
        (head, "100.00"),
        (child, "200.50"),
        ("", "300.50"),
    ]


def test_what_a_visit_costs_is_taken_off(run: CommandLine) -> None:
    number = add(run, "Atelier", "--price", "200.50", "--visits", "janvier, juillet")["number"]
    found = run("contract", "run", "--until", "2090-01-01", "--json").json
    (visit,) = found["visits"]
    program = open_program(str(run.database))
    item = {"reference": "JOINT", "label": "Joint", "sale_price": 300_000, "cost_price": 123_450}
    records.create(program.context, "item", {**item, "stock_managed": 0})
    program.close()
    part = {"reference": "JOINT", "quantity": "2"}
    times = {"departure": "08:00", "arrival": "08:35", "end": "11:05", "return": "11:45"}
    report = {
        "visits": [{"technician": "Léa", "date": "2090-01-05", **times}],
        "parts_used": [part],
    }
    given = json.dumps(report)
    done = run("document", "complete", visit["ref"], "-", "--json", stdin=given).json
    assert done["times"] == {"travel_minutes": 75, "work_minutes": 150}
    (term, total) = run("contract", "profit", number, "--json").json["rentabilite"]
    assert term == total | {"term": "01/01/90-31/12/90"}
    assert {name: total[name] for name in ("billed", "work", "parts", "minutes", "margin")} == {
        "billed": "200.50",
        "work": "0.00",
        "parts": "24.69",
        "minutes": "225",
        "margin": "175.81",
    }
    run("document", "drop", visit["ref"])
    (_, total) = run("contract", "profit", number, "--json").json["rentabilite"]
    assert (total["parts"], total["margin"]) == ("0.00", "200.50")


def test_what_is_refused(run: CommandLine) -> None:
    for options, field in (
        (("--visits", "souvent"), "visit_rule"),
        (("--machine", "X9"), "machine"),
        (("--site", "Nulle part"), "site"),
        (("--technician", "nobody"), "technician"),
        (("--parent", "CT99"), "contract"),
        (("--model", "M1"), "model"),
        (("--letter-end", "400"), "letter_end"),
        (("--index", "0", "5"), "index_base"),
    ):
        found = run("contract", "add", "C00001", *options, "--json", code=1)
        assert [one[1] for one in found.problems] == [field], options
    for options in (("--duration", "12x"), ("--repair-includes", "tout"), ("--price", "abc")):
        run("contract", "add", "C00001", *options, code=2)
    assert run("contract", "list", "--json").json == {"contracts": []}
    run("contract", "add", "C00009", code=1)
    run("contract", "run", "--only", "rien", code=2)
    run("contract", "run", "--until", "2090-13-01", code=2)
    number = add(run, "Forfait")["number"]
    flat = run("contract", "use", number, "2", "--json", code=1)
    assert flat.problems == [("contract.flat", "kind")]
    assert run("contract", "end", number, "--on", "2089-01-01", code=1)
    ended = run("contract", "end", number, "--on", "2090-07-01", "--reason", "vendu", "--json").json
    assert (ended["ends_on"], ended["end_reason"]) == ("2090-06-30", "vendu")


def test_invoices_that_stay_provisional_are_made(run: CommandLine) -> None:
    add(run, "Chaudière", "--price", "40", "--every", "1")
    said = run("contract", "run", "--until", "2090-03-01", "--validate", code=1).out.splitlines()
    why = "sa date est à venir · validez-la ce jour-là"
    assert said[-1] == f"3 faits, 3 provisoires : {why}."
    assert said[0].endswith(f"FA-P2 · reste provisoire : {why}")
    drafts = run("document", "list", "--kind", "invoice", "--json").json["documents"]
    assert [one["state"] for one in drafts] == ["provisional"] * 3
    made = run("contract", "run", "--until", "2090-04-01").out.splitlines()
    assert made[-1] == "1 fait."


def test_a_letter_without_its_file_is_made(run: CommandLine, tmp_path: Path) -> None:
    terms = ("--visits", "4 par an", "--letter-visit", "15")
    number = add(run, "Chaudière", *terms)["number"]
    look = ("contract", "run", "--only", "letter", "--until")
    assert run(*look, "2089-12-31").out.splitlines()[-1] == "1 fait."
    (first,) = tmp_path.rglob("Avis de visite*.pdf")
    assert first.is_file()
    (first.parent / f"Avis de visite {number} 2090-04-01.pdf").mkdir()
    said = run(*look, "2090-03-31").out.splitlines()
    assert "faite, gardée dans la GED de MARTIN · PDF non écrit : " in said[0]
    assert said[-1] == "1 fait, 1 lettre en GED sans fichier."
    assert run(*look, "2090-03-31").out == "Rien à faire.\n"


def test_an_index_wants_two_values(run: CommandLine) -> None:
    said = run("contract", "add", "C00001", "--index", "100", code=2).err
    assert "--index : il faut 2 valeurs · " in said and "--index ORIGINE ACTUEL" in said
