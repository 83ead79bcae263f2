"""Visits of a work order without a screen: given, shown, billed, refused with their path."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from command_line import PARTY, CommandLine

pytestmark = pytest.mark.long

NIGHT = [
    ("2026-11-22", "21:50", "22:10", "23:20", "23:35"),
    ("2026-11-22", "23:40", "00:05", "01:25", "01:40"),
]


def visit(*said: str, **more: Any) -> dict[str, Any]:
    names = ("date", "departure", "arrival", "end", "return")
    return {**dict(zip(names, said, strict=False)), **more}


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


def ask(run: CommandLine, *visits: dict[str, Any], code: int = 0, kind: str = "work_order") -> Any:
    wanted = {"kind": kind, "customer": PARTY, "visits": visits, "date": "2026-11-22"}
    return run("document", "create", "-", "--json", stdin=json.dumps(wanted), code=code)


def test_a_night_of_two_visits(run: CommandLine, tmp_path: Path) -> None:
    items = tmp_path / "a.csv"
    items.write_text("référence;libellé;prix de vente;unité\nMO;Heure;48,00;h\n", encoding="utf-8")
    run("import", "items", str(items))
    with sqlite3.connect(run.database) as direct:  # what the screen of settings writes
        direct.execute(
            "INSERT INTO setting (scope, name, value) "
            "SELECT 'company', 'work.labour_item', CAST(id AS TEXT) FROM item"
        )
    direct.close()
    first = visit(*NIGHT[0], technician="Léa Petit", km="12.5")
    made = ask(run, first, visit(*NIGHT[1], technician="Léa Petit")).json
    assert made["times"] == {"travel_minutes": 75, "work_minutes": 150}
    assert [one["return"] for one in made["visits"]] == [
        "2026-11-22T23:35+01:00",  # in Paris, wherever the program runs
        "2026-11-23T01:40+01:00",
    ]
    (line,) = made["lines"]
    assert (line["reference"], line["quantity"], line["amount"]) == ("MO", "2.5", "120.00")
    said = run("document", "show", made["ref"]).out
    assert "Léa Petit 2026-11-22 21:50 22:10 23:20 23:35 : trajet 35 min, travail 70 min" in said
    assert ", 12,5 km\n" in said and "trajet 75 min · travail 150 min" in said
    shown = run("document", "show", made["ref"], "--json").json
    assert (shown["visits"], shown["times"]) == (made["visits"], made["times"])


def test_what_is_wrong_says_where(run: CommandLine) -> None:
    answer = ask(run, visit("2026-11-22", "25:00"), code=1)
    assert answer.problems == [("time.unreadable", "visits.0.departure")]
    missing = visit("2026-03-29", "01:30", "02:30")
    answer = ask(run, visit(*NIGHT[0]), missing, code=1)
    assert answer.problems == [("time.missing", "visits.1.arrival")]
    assert "02:30 n'existe pas le 29/03/2026" in answer.json["problems"][0]["message"]
    answer = ask(run, visit(*NIGHT[0]), kind="quote", code=1)
    assert answer.problems == [("json.unknown_key", "visits")]
