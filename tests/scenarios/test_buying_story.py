"""Three orders of two projects, from what they need to their margins, without a screen.

An assembly that they share, two items, two suppliers; both answer a price request, an order joins
an open one, another refuses with its reason; what came is in stock at its cost, held for whom it
was bought, and leaves with the delivery.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine

from codial_tui.bootstrap import open_program
from codial_tui.domain.text import fold
from codial_tui.services.context import Context
from codial_tui.services.records import parties

pytestmark = pytest.mark.long


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320", "--edition", "building")
    opened = open_program(str(tmp_path / "c.sqlite3"))
    _catalogue(opened.context)
    opened.close()
    return program


def _catalogue(context: Context) -> None:
    """An assembly of 0.3 TUB a metre, TUB sold by RHONE, COU by ELEC, two projects."""
    for code in ("RHONE", "ELEC"):
        parties.create(context, {"code": code, "name": code.title(), "is_supplier": 1})
    street = {"street": "1 rue X", "postcode": "69001", "city": "LYON"}
    parties.create(context, {"code": "MARTIN", "name": "Martin", "is_customer": 1, **street})
    with context.database.write():
        insert = context.database.insert
        supplier = dict(context.database.rows("SELECT code, id FROM party"))
        items = {}
        for name, price, stocked in (("TUB", 9, 1), ("COU", 4, 1), ("RESEAU", 30, 0)):
            items[name] = insert(
                "item",
                {
                    "uid": context.uid(), "reference": name, "reference_fold": fold(name),
                    "label": f"Article {name}", "search_text": fold(name), "unit": "m",
                    "sale_price": price * 10_000, "stock_managed": stocked,
                    "is_assembly": int(name == "RESEAU"),
                },
            )  # fmt: skip
        component = {"position": 1, "component_id": items["TUB"], "ratio": 300_000}
        insert("assembly_component", {"assembly_id": items["RESEAU"], **component})
        for name, code, price in (("TUB", "RHONE", 5), ("COU", "ELEC", 2)):
            row = {"item_id": items[name], "supplier_id": supplier[code], "is_main": 1}
            insert("item_supplier", {**row, "price": price * 10_000})
        for code in ("P1", "P2"):
            name = f"Chantier {code}"
            project = {"code": code, "name": name, "name_fold": fold(name)}
            insert("project", {"uid": context.uid(), **project})


def order(cli: CommandLine, project: str, *lines: tuple[str, str]) -> str:
    asked = {
        "kind": "order",
        "customer": "MARTIN",
        "project": project,
        "lines": [{"type": "item", "reference": name, "quantity": one} for name, one in lines],
    }
    ref: str = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json["ref"]
    return ref


def needs(cli: CommandLine, *arguments: str) -> dict[str, tuple[str, ...]]:
    found = cli("needs", *arguments, "--json").json["needs"]
    names = ("needed", "in_stock", "reserved", "ordered", "to_order")
    return {one["reference"]: tuple(one[name] for name in names) for one in found}


def stock(cli: CommandLine, reference: str) -> Any:
    (row,) = cli("stock", "show", reference, "--json").json["stock"]
    return row


def test_from_needs_to_receipt(cli: CommandLine, tmp_path: Path) -> None:
    first = order(cli, "P1", ("TUB", "4"), ("COU", "3"))
    second = order(cli, "P2", ("TUB", "2.5"), ("COU", "2"))
    third = order(cli, "P2", ("RESEAU", "10"))
    orders = (first, second, third)
    assert needs(cli, *orders) == {
        "TUB": ("9.5", "0", "0", "0", "9.5"),
        "COU": ("5", "0", "0", "0", "5"),
    }

    # six are on the way for the first two projects' orders
    made = cli("needs", "order", first, "--supplier", "RHONE", "--json").json
    assert [(one["ref"], one["totals"]["net"]) for one in made["orders"]] == [
        ("CF26-00001", "20.00")
    ]
    assert made["left"] == ["COU"]
    assert needs(cli, *orders)["TUB"] == ("9.5", "0", "0", "4", "5.5")

    # the rest joins it; the other supplier gets an order of its own, then a second one refuses
    more = cli("needs", "order", third, "--into", "CF26-00001", "--json").json["orders"]
    assert [(one["ref"], len(one["lines"])) for one in more] == [("CF26-00001", 2)]
    cli("document", "print", "CF26-00001", "-o", str(tmp_path / "cf.pdf"))
    refused = cli("needs", "order", second, "--supplier", "RHONE", "--into", "CF26-00001", code=1)
    assert [code for code, _ in refused.problems] == ["merge.target_state"]
    assert "imprimée le" in refused.err and "créez une nouvelle" in refused.err
    # both are asked their prices for what is left, and each gets what it sells for less
    asked = cli("needs", "request", *orders, "--json").json
    assert (asked["ref"], len(asked["lines"])) == ("DP26-00001", 3)
    cli("document", "ask", asked["ref"], "--supplier", "RHONE", "--supplier", "ELEC")
    numbers = {line["reference"]: [] for line in asked["lines"]}
    for line in asked["lines"]:
        numbers[line["reference"]].append(line["number"])
    for supplier, tub, cou in (("RHONE", "4.80", "2.50"), ("ELEC", "5.10", "1.90")):
        said = [f"{one}:{tub}" for one in numbers["TUB"]] + [
            f"{one}:{cou}" for one in numbers["COU"]
        ]
        answer = ("document", "answer", asked["ref"], "--supplier", supplier)
        cli(*answer, "--lines", ",".join(said), "--delay", "5")
    cli("document", "choose", asked["ref"], "--cheapest")
    last = cli("document", "order", asked["ref"], "--json").json["orders"]
    assert {one["supplier"]: one["net"] for one in last} == {"RHONE": "12.00", "ELEC": "9.50"}
    assert needs(cli, *orders) == {
        "TUB": ("9.5", "0", "0", "9.5", "0"),
        "COU": ("5", "0", "0", "5", "0"),
    }
    assert "needs.nothing" in cli("needs", "order", *orders, code=1).out

    # part of it comes, dearer than it was
    came = ("CF26-00001", "--to", "goods_receipt", "--lines", "1:4,2:2", "--json")
    receipt = cli("document", "transfer", *came).json
    assert receipt["state"] == "open" and stock(cli, "TUB")["quantity"] == "0"
    done = cli("document", "validate", receipt["ref"], "--json").json
    assert done["state"] == "validated"
    row = stock(cli, "TUB")
    assert (row["quantity"], row["reserved"], row["expected"]) == ("6", "9.5", "3.5")
    found = cli("document", "show", "CF26-00001", "--json").json
    assert [one["quantity"] for one in found["lines"]] == ["4", "3"]
    late = cli("document", "validate", receipt["ref"], code=1)
    assert "state.validated" in late.out

    # the dearer and the cheaper metre weigh what they are
    rhone = next(one["ref"] for one in last if one["supplier"] == "RHONE")
    cli("document", "print", rhone, "-o", str(tmp_path / "cf2.pdf"))
    second_one = cli("document", "transfer", rhone, "--to", "goods_receipt", "--json").json
    cli("document", "validate", second_one["ref"])
    row = stock(cli, "TUB")
    assert (row["quantity"], row["reserved"], row["expected"]) == ("8.5", "9.5", "1")
    values = cli("stock", "value", "--json").json["stock-value"]
    (worth,) = [one for one in values if one["reference"] == "TUB"]
    assert (worth["average_cost"], worth["value"]) == ("4.9412", "42.00")  # 6 × 5 + 2.5 × 4.80

    # what left is no longer held, and the supplier's invoice answers what came
    note = cli("document", "transfer", first, "--to", "delivery_note", "--lines", "1:4", "--json")
    cli("document", "print", note.json["ref"], "-o", str(tmp_path / "bl.pdf"))
    row = stock(cli, "TUB")
    assert (row["quantity"], row["reserved"]) == ("4.5", "5.5")
    lines = [{"type": "item", "reference": "TUB", "quantity": "6", "unit_price": "5.10"}]
    theirs = {"kind": "supplier_invoice", "supplier": "RHONE", "lines": lines}
    invoice = cli("document", "create", "-", "--json", stdin=json.dumps(theirs)).json["ref"]
    assert cli("document", "match", invoice, "--json").json["gap"] == "0.60"
    late = cli("report", "open-orders", "--json").json["open-orders"]
    assert {(one["order"], one["rest"]) for one in late} == {("CF26-00001", "1"), *elec(last)}
    cli("verify")


def elec(orders: list[Any]) -> set[tuple[str, str]]:
    """What the other supplier has still to bring, line by line."""
    ref = next(one["ref"] for one in orders if one["supplier"] == "ELEC")
    return {(ref, "3"), (ref, "2")}


def test_from_consumption_to_margins(cli: CommandLine) -> None:
    """The worked example of domain.md §7: −192 on labour, +85 on parts."""
    lines = [
        {"type": "item", "label": "Pose", "quantity": "40", "unit": "h", "unit_price": "75",
         "cost": "32", "cost_category": "main_oeuvre"},
        {"type": "item", "label": "Pièces", "quantity": "20", "unit_price": "100",
         "cost": "95", "cost_category": "pieces"},
    ]  # fmt: skip
    asked = {"kind": "order", "customer": "MARTIN", "lines": lines}
    ref = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json["ref"]
    record = ("consumption", "record", ref)
    cli(*record, "--hours", "46", "--start")
    cli(*record, "--line", "2", "--quantity", "20")
    found = cli(*record, "--line", "2", "--cost", "90.75", "--json").json
    assert [(one["label"], one["difference"]) for one in found["categories"]] == [
        ("Main d'œuvre", "-192.00"),
        ("Pièces", "85.00"),
    ]
    assert (found["planned_margin"], found["real_margin"]) == ("1820.00", "1713.00")
    cli(*record, "--line", "2", "--quantity", "-21", code=1)
    (row,) = cli("report", "margin", "--by", "order", "--json").json["margin"]
    assert (row["order"], row["net"], row["margin"], row["spent"], row["real_margin"]) == (
        *(ref, "5000.00", "1820.00", "3287.00", "1713.00"),
    )
    cli("verify")
