"""A call becomes a work order, is planned, worked on over midnight, signed, closed and invoiced:
warranty parts cost nothing, labour is billed. All of it without a screen."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine

from codial_tui.bootstrap import open_program
from codial_tui.models.database import open_database
from codial_tui.services.maintenance import equipment
from codial_tui.services.records import company_settings, records
from codial_tui.services.stock import journal

VISITS = [
    {
        "technician": "lea",
        "date": "2026-11-22",
        "departure": "21:50",
        "arrival": "22:10",
        "end": "23:20",
        "return": "23:35",
    },
    {
        "technician": "lea",
        "date": "2026-11-22",
        "departure": "23:40",
        "arrival": "00:05",
        "end": "01:25",
        "return": "01:40",
    },
]
PART = {"reference": "ELEC", "quantity": "2"}


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """A boiler under warranty, a technician with two electrodes and one more in her van, labour at
    60,00 an hour."""
    run = CommandLine(tmp_path / "codial.sqlite3", dict(os.environ))
    run("init", "--name", "Essai SARL")
    run("users", "add", "lea", "--name", "Léa Martin")
    program = open_program(str(run.database))
    context = program.context
    create = records.create
    party = create(
        context,
        "party",
        {
            "name": "SCI Tilleuls",
            "is_customer": 1,
            "street": "8 quai Perrache",
            "postcode": "69002",
            "city": "LYON",
        },
    )
    lea = context.database.value("SELECT id FROM app_user WHERE login = 'lea'")
    van = create(context, "warehouse", {"code": "VAN", "name": "Fourgon", "user_id": lea})
    create(context, "resource", {"code": "LM", "name": "Léa Martin", "user_id": lea})
    part = create(
        context,
        "item",
        {
            "reference": "ELEC",
            "label": "Électrode",
            "unit": "u",
            "sale_price": 48_0000,
            "cost_price": 20_0000,
            "stock_managed": 1,
        },
    )
    labour = create(
        context,
        "item",
        {
            "reference": "MO",
            "label": "Main d'œuvre",
            "unit": "h",
            "sale_price": 60_0000,
            "supply_nature": "service",
            "billing_class": "labour",
        },
    )
    company_settings.put(context, "work.labour_item", labour)
    with context.database.write():
        entry = journal.Entry(part, van, 3_0000, "receipt", cost=20_000_000)
        journal.write(context, [entry])
    equipment.create(
        context,
        {
            "party_id": party,
            "serial": "VX-2231",
            "brand": "VIESSEL",
            "type": "Chaudière",
            "warranty_until": "2099-12-31",
        },
    )
    program.close()
    return run


def report(run: CommandLine, ref: str, code: int = 0, **values: Any) -> Any:
    text = json.dumps(values)
    return run("document", "complete", ref, "-", "--json", stdin=text, code=code)


def stock(run: CommandLine) -> int:
    database = open_database(str(run.database), create=False)
    level = database.dialect.value("SELECT SUM(on_hand) FROM stock_level")
    database.close()
    return int(level)


def test_from_the_call_to_the_invoice(cli: CommandLine) -> None:
    call = cli("call", "add", "--serial", "VX-2231", "--subject", "Code F28", "--json").json
    ref = cli("call", "order", call["number"], "--json").json["ref"]
    made = cli("document", "show", ref, "--json").json
    assert (made["coverage"], made["billable"]) == ("warranty", [])
    assert (made["machines"][0]["serial"], made["subject"]) == ("VX-2231", "Code F28")

    cli("planning", "plan", ref, "LM", "2026-11-22T21:30", "02:00")
    assert cli("document", "show", ref, "--json").json["planned_date"] == "2026-11-22"

    refused = cli("document", "transfer", ref, "--to", "invoice", code=1)
    assert "Seul un bon d'intervention terminé se facture" in refused.err

    done = report(
        cli,
        ref,
        visits=VISITS,
        parts_used=[PART],
        machine={"serial": "VX-2231", "work_done": "Électrodes remplacées, essai 20 min"},
        billable=["labour", "travel"],
    ).json
    assert done["times"] == {"travel_minutes": 75, "work_minutes": 150}
    assert [(one["label"], one.get("covered"), one["amount"]) for one in done["lines"]] == [
        ("Électrode", "warranty", "0.00"),
        ("Main d'œuvre", None, "150.00"),  # 2.5 h at 60,00
    ]
    assert done["machines"][0]["work_done"] == "Électrodes remplacées, essai 20 min"

    signed = cli("document", "sign", ref, "--name", "Mme Roux", "--json").json
    assert (signed["signer"], signed["closed"]) == ("Mme Roux", False)
    assert stock(cli) == 3_0000
    assert cli("document", "close", ref, "--json").json["state"] == "closed"
    assert stock(cli) == 1_0000  # two left her van
    invoice = cli("document", "transfer", ref, "--to", "invoice", "--json").json
    assert invoice["totals"]["net"] == "150.00"
    assert [one["amount"] for one in invoice["lines"] if one["label"] == "Électrode"] == ["0.00"]
    assert "est facturé" in cli("document", "reopen", ref, code=1).err
    assert cli("verify", "--json").json["problems"] == []


def test_a_report_closes_by_itself_or_is_held(cli: CommandLine) -> None:
    program = open_program(str(cli.database))
    company_settings.put(program.context, "work.report_check", "identical")
    program.close()
    line = {"type": "item", "reference": "ELEC", "quantity": "2"}
    order = cli(
        *("document", "create", "-", "--json"),
        stdin=json.dumps({"kind": "order", "customer": "C00001", "lines": [line]}),
    ).json["ref"]
    created = cli(
        *("document", "create", "-", "--json"),
        stdin=json.dumps({"kind": "work_order", "customer": "C00001"}),
    ).json["ref"]
    program = open_program(str(cli.database))
    database = program.context.database
    with database.write():
        database.execute(
            "UPDATE document_work_order SET order_id = "
            "(SELECT id FROM document WHERE number = ?) WHERE document_id = "
            "(SELECT id FROM document WHERE number = ?)",
            (order, created),
        )
    program.close()
    held = report(cli, created, visits=VISITS, parts_used=[{**PART, "quantity": "1"}]).json
    assert held["state"] == "open"
    assert held["report_check"] == {
        "result": "held",
        "differences": ["ELEC : 2 commandé, 1 posé"],
    }
    again = report(cli, created, parts_used=[{**PART, "quantity": "1"}]).json
    assert (again["state"], again["report_check"]["result"]) == ("closed", "")
    assert stock(cli) == 1_0000
    # without an order it passes too
    alone = cli(
        *("document", "create", "-", "--json"),
        stdin=json.dumps({"kind": "work_order", "customer": "C00001", "visits": VISITS}),
    ).json
    assert alone["state"] == "closed"


def test_a_report_that_cannot_be_closed_says_why(cli: CommandLine) -> None:
    program = open_program(str(cli.database))
    company_settings.put(program.context, "work.report_check", "all")
    program.close()
    visit = {key: VISITS[0][key] for key in ("technician", "date", "departure", "arrival")}
    asked = {"kind": "work_order", "customer": "C00001", "visits": [visit]}
    made = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    assert made["state"] == "open"
    assert made["report_check"] == {
        "result": "held",
        "differences": ["Visite 1 : l'heure de fin manque"],
    }


def test_which_machine_a_report_is_about(cli: CommandLine) -> None:
    def made(**values: Any) -> str:
        asked = {"kind": "work_order", "customer": "C00001", **values}
        words = ("document", "create", "-", "--json")
        return str(cli(*words, stdin=json.dumps(asked)).json["ref"])

    done = {"work_done": "Électrode remplacée"}
    (alone,) = report(cli, made(machine="VX-2231"), machine=done).json["machines"]
    assert (alone["serial"], alone["work_done"]) == ("VX-2231", done["work_done"])
    (nameless,) = report(cli, made(), machine=done).json["machines"]
    assert (nameless["serial"], nameless["work_done"]) == ("", done["work_done"])
    two = made(machine=["VX-2231", {"serial": "B-1", "brand": "RIELLO"}])
    for asked, said in (
        (done, "Quelle machine ?"),
        ({**done, "serial": "ZZ"}, "ZZ : pas sur"),
        ({**done, "code": "EQ99-9"}, "EQ99-9 : pas sur"),
    ):
        (problem,) = report(cli, two, code=1, machine=asked).json["problems"]
        assert (problem["code"], said in problem["message"]) == ("machine.unknown", True)
    first = cli("equipment", "list", "vx-2231", "--json").json["equipment"][0]["code"]
    told = report(cli, two, machine={**done, "code": first}).json["machines"]
    assert [one["work_done"] for one in told] == [done["work_done"], ""]


def test_what_no_report_has(cli: CommandLine) -> None:
    ref = cli(
        *("document", "create", "-", "--json"),
        stdin=json.dumps({"kind": "work_order", "customer": "C00001"}),
    ).json["ref"]
    for values, problem in (
        ({"customer": "C00001"}, ("json.unknown_key", "customer")),
        ({"machine": "NO-1"}, ("machine.unknown", "machine.serial")),
        ({"visits": [{"departure": "25:00"}]}, ("time.unreadable", "visits.0.departure")),
    ):
        assert problem in report(cli, ref, code=1, **values).problems
    cli("document", "drop", ref)
    assert "sans suite" in report(cli, ref, code=1, visits=VISITS).err
    assert cli("document", "show", ref, "--json").json["visits"] == []
