"""The planning without a screen: planned, moved, clashing, read back from its file by another
library."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import vobject
from command_line import CommandLine

CUSTOMER = {
    "name": "SCI Tilleuls",
    "street": "8 quai Perrache",
    "postcode": "69002",
    "city": "LYON",
}
SPAN = ("--from", "2026-11-23", "--to", "2026-11-29")


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    run = CommandLine(tmp_path / "codial.sqlite3", dict(os.environ))
    run("init", "--name", "Essai SARL")
    run("users", "add", "lea", "--name", "Léa Martin")
    for code, name in (("LM", "Léa Martin"), ("VAN", "Fourgon")):
        resource(run, code, name)
    return run


def resource(run: CommandLine, code: str, name: str) -> None:
    from codial_tui.bootstrap import open_program
    from codial_tui.services.records import records

    program = open_program(str(run.database))
    records.create(program.context, "resource", {"code": code, "name": name, "kind": "person"})
    program.close()


def retire(run: CommandLine, code: str) -> None:
    from codial_tui.bootstrap import open_program
    from codial_tui.domain.records.records import record_type
    from codial_tui.services.maintenance import resources
    from codial_tui.services.records import records

    program = open_program(str(run.database))
    who = resources.find(program.context, code).id
    records.put(program.context, "resource", who, record_type("resource").field("active"), 0)
    program.close()


def order(run: CommandLine, **values: Any) -> str:
    document = {"kind": "work_order", "customer": CUSTOMER, "subject": "Panne", **values}
    made = run("document", "create", "-", "--json", stdin=json.dumps({**document, "lines": []}))
    return str(made.json["ref"])


@pytest.mark.long
def test_planned_moved_and_taken_off(cli: CommandLine) -> None:
    ref = order(cli)
    assert [one["ref"] for one in cli("planning", "waiting", "--json").json["waiting"]] == [ref]
    made = cli("planning", "plan", ref, "lm", "2026-11-24T08:00", "10:30", "--json").json
    assert (made["resource"], made["start"], made["end"]) == (
        *("LM", "2026-11-24T08:00", "2026-11-24T10:30"),
    )
    assert made["warnings"] == []
    shown = cli("document", "show", ref, "--json").json
    assert shown["planned_date"] == "2026-11-24"
    assert cli("planning", "waiting").out == "Rien à planifier.\n"
    number = str(made["id"])
    moved = cli("planning", "move", number, "--start", "2026-11-25T22:00", "--json").json
    assert (moved["start"], moved["end"]) == ("2026-11-25T22:00", "2026-11-26T00:30")
    assert [one["code"] for one in moved["warnings"]] == ["planning.hours"]
    found = cli("planning", "list", *SPAN, "--json").json
    assert [one["start"] for one in found["appointments"]] == ["2026-11-25T22:00"]
    assert "SCI Tilleuls" in cli("planning", "list", *SPAN).out
    cli("planning", "remove", number)
    assert "Rien au planning." in cli("planning", "list", *SPAN).out
    assert cli("planning", "remove", number, code=1).problems == [("planning.gone", "")]


def test_what_clashes(cli: CommandLine) -> None:
    ref = order(cli)
    away = cli(
        *("planning", "absence", "LM", "2026-11-24T00:00", "2026-11-25T00:00"),
        *("--label", "Congé", "--json"),
    ).json
    assert cli("planning", "conflicts", *SPAN).out == "Aucun conflit.\n"
    made = cli("planning", "plan", ref, "martin", "2026-11-24T09:00", "10:00", "--json").json
    assert made["conflicts_with"] == [away["id"]]
    assert [one["message"] for one in made["warnings"]] == [
        "LM est pris : absence ma 24/11 00:00–25/11 00:00 Congé"
    ]
    both = cli("planning", "conflicts", *SPAN, "--json").json["conflicts"]
    assert [one["id"] for one in both] == [away["id"], made["id"]]
    assert f"conflit avec {away['id']}" in cli("planning", "conflicts", *SPAN).out
    cli("planning", "move", str(made["id"]), "--resource", "van")
    assert cli("planning", "conflicts", *SPAN, "--json").json == {"conflicts": []}


def test_what_somebody_who_left_had_is_listed(cli: CommandLine) -> None:
    cli("planning", "appoint", "VAN", "2026-11-24T08:00", "10:00", "--label", "Garage")
    retire(cli, "VAN")
    for span in (SPAN, (*SPAN, "--resource", "VAN")):
        (one,) = cli("planning", "list", *span, "--json").json["appointments"]
        assert (one["resource"], one["label"]) == ("VAN", "Garage")
    said = cli("planning", "appoint", "VAN", "2026-11-25T08:00", "10:00", code=1).err
    assert "« VAN » n'est pas au planning" in said
    said = cli("planning", "move", str(one["id"]), "--start", "2026-11-25T08:00", code=1).err
    assert "Fourgon n'est plus au planning · choisissez quelqu'un d'autre" in said
    moved = cli("planning", "move", str(one["id"]), "--resource", "LM", "--json").json
    assert (moved["resource"], moved["start"]) == ("LM", "2026-11-24T08:00")


@pytest.mark.long
def test_the_file_is_read_by_another_library(cli: CommandLine, tmp_path: Path) -> None:
    said = "Chaudière, code F28; à voir\nen vitesse"
    made = order(cli, subject=said, machine={"serial": "FB-88317"})
    cli("planning", "plan", made, "LM", "2026-11-24T08:00", "10:00")
    moved = cli("planning", "list", *SPAN, "--json").json["appointments"][0]["id"]
    cli("planning", "move", str(moved), "--start", "2026-11-24T09:00")
    cli("planning", "appoint", "VAN", "2026-10-24T22:00", "2026-10-25T04:00", "--label", "Garage")
    path = tmp_path / "semaine.ics"
    span = ("--from", "2026-10-01", "--to", "2026-11-30")
    said = cli("planning", "export", str(path), *span, "--json").json
    assert said == {"file": str(path), "appointments": 2}
    calendar = vobject.readOne(path.read_text(encoding="utf-8"))
    night, visit = sorted(calendar.vevent_list, key=lambda one: one.dtstart.value)
    assert (night.dtstart.value, night.dtend.value) == (
        datetime(2026, 10, 24, 20, tzinfo=UTC),
        datetime(2026, 10, 25, 3, tzinfo=UTC),  # the night the clock goes back
    )
    assert night.summary.value == "VAN · Garage"
    assert visit.dtstart.value == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert visit.summary.value == "LM · SCI Tilleuls · Chaudière, code F28; à voir en vitesse"
    assert visit.location.value == "8 quai Perrache, 69002 LYON"
    assert visit.description.value.splitlines()[:1] == [made]
    assert visit.description.value.splitlines()[-1] == "FB-88317"  # nothing is wrong with it yet
    assert visit.sequence.value == "1"
    assert visit.uid.value.endswith("@codial-tui")
    assert visit.uid.value != night.uid.value

    assert "existe déjà" in cli("planning", "export", str(path), code=2).err
    assert ".ics attendu" in cli("planning", "export", str(tmp_path / "x.txt"), code=2).err
    one = cli("planning", "export", str(path), *span, "--resource", "VAN", "--force", "--json")
    assert one.json["appointments"] == 1
    read = vobject.readOne(path.read_text(encoding="utf-8"))
    assert read.contents["x-wr-calname"][0].value == "Planning Essai SARL VAN"
    assert read.vevent.summary.value == "Garage"


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "{ref}", "LM", "demain", "10:00"), "« demain » : AAAA-MM-JJTHH:MM"),
        (("plan", "{ref}", "LM", "2026-11-24T08:00Z", "10:00"), "AAAA-MM-JJTHH:MM"),
        (("plan", "{ref}", "LM", "1850-01-01T08:00", "10:00"), "AAAA-MM-JJTHH:MM"),
        (("plan", "{ref}", "ZZ", "2026-11-24T08:00", "10:00"), "« ZZ » n'est pas au planning"),
        (("plan", "BI99-1", "LM", "2026-11-24T08:00", "10:00"), "BI99-1"),
        (("plan", "{ref}", "LM", "2026-11-24T08:00", "2026-11-24T08:00"), "La fin n'est pas"),
        (("plan", "{ref}", "LM", "2026-03-29T02:30", "05:00"), "02:30 n'existe pas"),
        (("move", "999", "--start", "2026-11-24T08:00"), "n'est plus au planning"),
    ],
)
def test_what_is_refused(cli: CommandLine, words: tuple[str, ...], said: str) -> None:
    ref = order(cli)
    assert said in cli("planning", *(one.format(ref=ref) for one in words), code=1).err
    assert cli("planning", "list", *SPAN, "--json").json["appointments"] == []
