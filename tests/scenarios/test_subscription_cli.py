"""Subscriptions by the command line, as a scheduler runs them (cli.md)."""

import json
from pathlib import Path

import pytest
from command_line import LINE, PARTY, CommandLine

pytestmark = pytest.mark.long


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


def test_add_list_look_and_run_twice(run: CommandLine) -> None:
    wanted = {
        "kind": "invoice",
        "customer": {**PARTY, "save": True},
        "date": "2026-01-31",
        "subject": "Entretien",
        "lines": [LINE],
    }
    model = run("document", "create", "-", "--json", stdin=json.dumps(wanted)).json["ref"]
    bad = run("subscription", "add", model, "--every", "3x", "--json", code=2)
    assert bad.problems == [("input.unreadable", "")]
    made = run("subscription", "add", model, "--every", "1m", "--stop", "2026-03-31", "--json").json
    assert made == {"id": 1, "label": "Entretien", "next_date": "2026-02-28"}
    early = run("subscription", "run", "--until", "2026-02-28", "--dry-run", "--json", code=1).json
    assert early["invoices"][0]["problem"] == f"{model} n'est pas validée · validez-la : F8"
    number = run("document", "validate", model, "--json").json["ref"]
    look = run("subscription", "run", "--until", "2026-12-31", "--dry-run", "--json").json
    assert [(one["due"], one["net"], one["model"]) for one in look["invoices"]] == [
        ("2026-02-28", "96.00", number),
        ("2026-03-31", "96.00", number),
    ]
    assert all(one["ref"] is None for one in look["invoices"])
    done = run("subscription", "run", "--until", "2026-12-31", "--json").json
    assert [one["ref"] for one in done["invoices"]] == ["FA-P2", "FA-P3"]
    again = run("subscription", "run", "--until", "2026-12-31", "--json").json
    assert again["invoices"] == []
    listed = run("subscription", "list", "--json").json["subscriptions"]
    assert [(one["next_date"], one["anchor_day"], one["active"]) for one in listed] == [
        ("2026-04-30", 31, True)
    ]
    assert "Entretien" in run("subscription", "list").out
