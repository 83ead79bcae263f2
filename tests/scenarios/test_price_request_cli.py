"""A price request by the command line: asked, answered, compared, ordered."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.long

LINES = [
    {"type": "item", "label": label, "quantity": quantity, "unit": "u"}
    for label, quantity in (("Tube", "10"), ("Coude", "4"))
]


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    for code in ("RHONE", "ALPES"):
        party = {"name": code, "street": "1 rue X", "postcode": "69001", "city": "LYON"}
        line = {**LINES[0], "unit_price": "1"}
        make(program, kind="purchase_order", supplier={**party, "save": True}, lines=[line])
    with closing(sqlite3.connect(program.database)) as database, database:
        database.execute("UPDATE party SET code = name, code_fold = lower(name)")
    return program


def make(run: CommandLine, **values: Any) -> dict[str, Any]:
    found = run("document", "create", "-", "--json", stdin=json.dumps(values)).json
    assert isinstance(found, dict)
    return found


def test_asked_answered_compared_and_ordered(run: CommandLine, tmp_path: Path) -> None:
    ref = make(run, kind="price_request", lines=LINES, expected_date="2026-12-01")["ref"]
    suppliers = ("--supplier", "RHONE", "--supplier", "alpes")
    out = tmp_path / "lettres"
    out.mkdir()
    asked = run("document", "ask", ref, *suppliers, "-o", str(out), "--json").json
    assert [one["supplier"] for one in asked["suppliers"]] == ["RHONE", "ALPES"]
    assert sorted(one.name for one in out.iterdir()) == [
        f"Demande de prix {ref} {code}.pdf" for code in ("ALPES", "RHONE")
    ]
    answer = ("document", "answer", ref, "--json")
    run(*answer, "--supplier", "RHONE", "--lines", "1:12.50,2:3,10", "--delay", "8")
    seen = run(
        *answer, "--supplier", "ALPES", "--json-file", "-", stdin='{"1": "12 -5%", "2": "non"}'
    ).json
    assert [
        [(one["supplier"], one["amount"], one["best"]) for one in line["answers"]]
        for line in seen["lines"]
    ] == [
        [("RHONE", "125.00", False), ("ALPES", "114.00", True)],
        [("RHONE", "12.40", True), ("ALPES", None, False)],
    ]
    assert seen["lines"][0]["answers"][0]["delay_days"] == 8
    assert [(one["amount"], one["declined"]) for one in seen["suppliers"]] == [
        ("137.40", 0),
        ("114.00", 1),
    ]
    run("document", "choose", ref, "--cheapest")
    table = run("document", "compare", ref).out
    assert "√* 114,00" in table and "√* 12,40" in table and "non" in table
    done = run("document", "order", ref, "--json").json
    assert [(one["supplier"], one["net"], one["created"]) for one in done["orders"]] == [
        ("RHONE", "12.40", True),
        ("ALPES", "114.00", True),
    ]
    assert run("document", "show", ref, "--json").json["state"] == "closed"
    again = run("document", "order", ref, "--json", code=1)
    assert again.problems == [("price.ordered", "")]


def test_what_is_wrong_is_said_and_nothing_is_recorded(run: CommandLine) -> None:
    ref = make(run, kind="price_request", lines=LINES)["ref"]
    run("document", "ask", ref, "--supplier", "RHONE")
    answer = ("document", "answer", ref, "--json", "--supplier")
    assert run(*answer, "ALPES", "--lines", "1:5", code=1).problems == [
        ("supplier.not_asked", "supplier")
    ]
    for lines, code, field in (
        ("1:5,9:3", "line.unknown", "lines"),
        ("1:5,1:6", "answer.twice", "lines.1"),
        ("1:5,2:0", "answer.price", "lines.2"),
        ("1:5,2:douze", "number.unreadable", "lines.2"),
        ("", "answer.empty", "lines"),
    ):
        assert run(*answer, "RHONE", "--lines", lines, code=1).problems == [(code, field)]
    run(*answer, "RHONE", "--json-file", "-", stdin="[1, 2]", code=2)
    run(*answer, "RHONE", "--json-file", "-", stdin='{"1": 5}', code=2)
    assert run(*answer, "PERSONNE", "--lines", "1:5", code=1).problems == [("supplier.unknown", "")]
    twice = run("document", "ask", ref, "--supplier", "RHONE", "--json", code=1)
    assert twice.problems == [("supplier.asked", "")]
    assert run("document", "choose", ref, "--cheapest", "--json", code=1).problems == [
        ("answer.none", "")
    ]
    found = run("document", "compare", ref, "--json").json
    assert [line["answers"] for line in found["lines"]] == [[], []]
    other = run("document", "compare", "CF26-00001", "--json", code=1)
    assert other.problems == [("price.kind", "")]
