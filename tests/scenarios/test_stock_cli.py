"""Stock without a screen: receipts, what it is worth, what to order again, between warehouses."""

import json
import sqlite3
from pathlib import Path

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.long


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    suppliers, items = tmp_path / "f.csv", tmp_path / "a.csv"
    suppliers.write_text("code;nom;ville\nF1;DUPONT;LYON\n", encoding="utf-8")
    items.write_text("référence;libellé;prix d'achat;unité\nVIS;Vis;2,00;u\n", encoding="utf-8")
    program("import", "suppliers", str(suppliers))
    program("import", "items", str(items), "--supplier", "F1")
    with sqlite3.connect(program.database) as direct:  # what the screens of settings write
        direct.execute(
            "UPDATE item SET stock_managed = 1, stock_minimum = 300000, purchase_unit = 'boîte', "
            "purchase_factor = 100000000"
        )
        direct.execute(
            "INSERT INTO warehouse (uid, code, name) VALUES (?, 'VAN', 'Camion')", ("0" * 32,)
        )
    direct.close()
    return program


def receipt(run: CommandLine, quantity: str, unit: str, price: str, code: int = 0) -> str:
    line = {
        "type": "item",
        "reference": "VIS",
        "quantity": quantity,
        "unit": unit,
        "unit_price": price,
    }
    wanted = {"kind": "goods_receipt", "supplier": "F1", "lines": [line]}
    made = run("document", "create", "-", "--json", stdin=json.dumps(wanted)).json
    done = run("document", "validate", made["ref"], "--json", code=code)
    return str(done.json["state"]) if code == 0 else str(done.problems)


def test_a_box_comes_in_and_is_worth_its_units(run: CommandLine) -> None:
    short = run("stock", "reorder", "--json").json["proposals"]
    assert [(one["reference"], one["to_order"], one["supplier"]) for one in short] == [
        ("VIS", "30", "DUPONT")
    ]
    (ordered,) = run("stock", "reorder", "--order", "--json").json["orders"]
    assert ordered["ref"].startswith("CF") and ordered["lines"] == 1
    assert run("stock", "reorder", "--json").json["proposals"] == []
    assert run("stock", "reorder", "--order", "--json", code=1).problems == [
        ("reorder.nothing", "")
    ]
    answer = run("stock", "show", "VIS", "--json").json
    assert [(one["ref"], one["supplier"], one["quantity"]) for one in answer["coming"]] == [
        (ordered["ref"], "DUPONT", "30")
    ]
    assert answer["reserved_for"] == []
    assert f"Attendu 30 : {ordered['ref']} DUPONT" in run("stock", "show", "VIS").out
    shown = answer["stock"][0]
    assert (shown["quantity"], shown["expected"], shown["available"]) == ("0", "30", "30")
    assert receipt(run, "2", "boîte", "150.00") == "validated"
    assert receipt(run, "2", "kg", "150.00", code=1) == "[('unit.unknown', 'unit')]"
    run("stock", "transfer", "VIS=50", "--to", "VAN")
    run("stock", "transfer", "VIS=0", "--to", "VAN", "--json", code=1)
    run("stock", "transfer", "VIS", "--to", "VAN", code=2)
    van = run("stock", "value", "--warehouse", "VAN", "--json").json["stock-value"]
    assert [(one["quantity"], one["average_cost"], one["value"]) for one in van] == [
        ("50", "1.5000", "75.00"),
        ("", "", "75.00"),
    ]
    assert run("stock", "value", "--json").json["stock-value"][-1]["value"] == "300.00"
    assert run("stock", "value", "--at", "2020-01-01").out.split()[-2:] == ["01/01/20", "0,00"]
    file = run.database.parent / "stock.csv"
    run("stock", "value", "-o", str(file))
    assert "VIS;Vis;200;u;1,5000;300,00" in file.read_text(encoding="utf-8-sig")
    assert "tout est juste" in run("verify").out
