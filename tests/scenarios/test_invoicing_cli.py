"""Deposits, credit notes and deductions without a screen, to the cent (domain.md §6)."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from command_line import PARTY, CommandLine

pytestmark = pytest.mark.long


@pytest.fixture
def program(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    made = CommandLine(tmp_path / "c.sqlite3", environ)
    made("init", "--name", "Essai", "--siren", "732829320")
    return made


def order(program: CommandLine, *lines: dict[str, Any], **values: Any) -> str:
    """The number of a new order."""
    asked = {"kind": "order", "customer": PARTY, "lines": list(lines), **values}
    made = program("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    return str(made["ref"])


def item(price: str, rate: str = "20", quantity: str = "1") -> dict[str, Any]:
    return {
        "type": "item",
        "label": f"Travaux {rate}",
        "quantity": quantity,
        "unit_price": price,
        "vat_rate": rate,
    }


def invoice(program: CommandLine, ref: str, *options: str) -> dict[str, Any]:
    made = program("document", "transfer", ref, "--to", "invoice", "--json", *options).json
    assert isinstance(made, dict)
    return made


def test_an_invoice_without_a_line_is_refused_in_words(program: CommandLine) -> None:
    asked = {"kind": "invoice", "customer": PARTY, "lines": []}
    ref = program("document", "create", "-", "--json", stdin=json.dumps(asked)).json["ref"]
    refused = program("document", "validate", ref, "--json", code=1)
    assert refused.problems == [("lines.missing", "lines")]


def test_a_deposit_is_printed_as_it_is_issued(program: CommandLine, tmp_path: Path) -> None:
    paper = tmp_path / "acompte.pdf"
    ask = ("deposit", order(program, item("100")), "request", "--percent", "30", "-o", str(paper))
    made = program(*ask, "--json").json
    assert made["state"] == "printed" and paper.read_bytes().startswith(b"%PDF")
    program(*ask, code=2)  # the file is there: nothing is issued
    assert len(program("document", "list", "--kind", "invoice", "--json").json["documents"]) == 1


def test_2450_less_882(program: CommandLine) -> None:
    ref = order(program, item("2450"))
    year = ref[2:4]
    deposit = program("deposit", ref, "request", "--amount", "882", "--json").json
    assert (deposit["number"], deposit["nature"]) == (f"FA{year}-00001", "deposit")
    assert deposit["totals"]["net"] == "735.00" and deposit["totals"]["vat_total"] == "147.00"
    final = invoice(program, ref)
    assert final["totals"]["gross"] == final["totals"]["payable"] == "2058.00"
    assert final["totals"]["vat_total"] == "343.00"
    deduction = final["lines"][-1]
    figures = ("nature", "quantity", "unit_price", "amount")
    assert [deduction[name] for name in figures] == ["deposit", "-1", "735.00", "-735.00"]
    assert final["references"][0]["number"] == f"FA{year}-00001"
    asked = program("document", "validate", final["ref"], "--json", code=1)
    assert asked.problems == [("deposit.unpaid", "lines")]
    collect = ("document", "validate", final["ref"], "--unpaid-deposit", "collect", "--json")
    with sqlite3.connect(program.database) as base:  # dated before the deposit's invoice
        [(day,)] = base.execute("SELECT date FROM document WHERE id = ?", (final["id"],))
        base.execute(f"UPDATE document SET date = '20{year}-01-01' WHERE id = ?", (final["id"],))
    assert program(*collect, code=1).problems == [("date.order", "date")]
    assert program("payment", "list", "--json").json["payments"] == []  # nothing was collected
    with sqlite3.connect(program.database) as base:
        base.execute("UPDATE document SET date = ? WHERE id = ?", (day, final["id"]))
    done = program(*collect).json
    assert done["number"] == f"FA{year}-00002"
    listed = program("deposit", ref, "list", "--json").json["deposits"]
    figures = ("asked", "paid", "deducted", "credited", "left")
    assert [[one[name] for name in figures] for one in listed] == [
        ["882.00", "882.00", "882.00", "0.00", "0.00"]
    ]
    part = program("credit-note", f"FA{year}-00002", "--lines", "1:0.5", "--json").json
    assert part["is_credit"] and part["totals"]["gross"] == "-1470.00"
    assert part["references"] == [
        {"type": "corrected", "number": f"FA{year}-00002", "date": done["date"]}
    ]
    program("document", "validate", part["ref"], "--json")
    over = program("credit-note", f"FA{year}-00002", "--lines", "1:0.6", "--json", code=1)
    assert over.problems == [("quantity.left", "lines.1")]
    assert program("verify", "--json").code == 0


def test_two_rates_and_a_first_invoice_smaller_than_the_deposit(program: CommandLine) -> None:
    ref = order(program, item("100", "20", "10"), item("500", "10"))
    deposit = program("deposit", ref, "receipt", "--percent", "30", "--mode", "chq", "--json").json
    assert [one["base"] for one in deposit["totals"]["vat"]] == ["300.00", "150.00"]
    first = invoice(program, ref, "--lines", "1:2")
    assert first["totals"]["gross"] == "0.00"
    program("document", "validate", first["ref"])
    second = invoice(program, ref)
    assert (second["totals"]["gross"], second["totals"]["vat_total"]) == ("1225.00", "175.00")
    program("document", "validate", second["ref"])
    too_much = program("deposit", ref, "request", "--amount", "0.01", "--json", code=1)
    assert too_much.problems == [("deposit.too_much", "amount")]


WRONG = (
    ("deposit", "CC99999", "list", 1),
    ("deposit", "CC1", "request", 2),
    ("deposit", "CC1", "request", "--percent", "x", 2),
    ("deposit", "CC1", "request", "--percent", "30", "--mode", "CB", 2),
    ("deposit", "CC1", "request", "--percent", "101", 1),
    ("deposit", "CC1", "request", "--amount", "-5", 1),
    ("deposit", "CC1", "give", "--amount", "5", 2),
    ("deposit", "CC1", "receipt", "--amount", "5", "--mode", "XXX", 1),
    ("credit-note", "CC1", 1),
    ("credit-note", "FA1", 1),
    ("document", "transfer", "CC1", "--to", "invoice", "--lines", "", 2),
    ("document", "transfer", "CC1", "--to", "invoice", "--lines", ",,", 2),
)
"""Arguments and exit code."""


@pytest.mark.long
def test_what_is_wrong_is_said(program: CommandLine) -> None:
    order(program, item("10"))
    for *arguments, code in WRONG:
        program(*map(str, arguments), "--json", code=int(code))
    assert program("deposit", "CC1", "list", "--json").json == {"deposits": []}
    assert program("document", "list", "--kind", "invoice", "--json").json["documents"] == []
    assert program("verify").code == 0


def test_retention_on_a_direct_invoice(program: CommandLine) -> None:
    asked = {
        "kind": "invoice",
        "customer": PARTY,
        "lines": [item("1000")],
        "deductions": [{"kind": "retention", "percent": "5"}],
    }
    made = program("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    assert (made["totals"]["gross"], made["totals"]["payable"]) == ("1200.00", "1140.00")
    done = program("document", "validate", made["ref"], "--json").json
    [kept] = done["deductions"]
    assert (kept["amount"], kept["base"], kept["bond"]) == ("60.00", "gross", False)
    assert int(kept["release_on"][:4]) == int(done["date"][:4]) + 1
