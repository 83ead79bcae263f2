"""The register of equipment without a screen: added, read in from a table, counted, its warranties
listed, found by serial number."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine

from codial_tui.bootstrap import open_program
from codial_tui.services.records import parties

TABLE = """client;n° de série;marque;type;modèle;mise en service;garantie;compteur;dans
C00001;VX-1;VIESSEL;Chaudière;Condens 24;12/03/2024;11/03/2027;heures;
C00001;B-1;RIELLO;Brûleur;;12/03/2024;31/12/2026;;VX-1
C00001;CP-9;RICOH;Copieur;;01/06/2025;31/05/2099;pages;
"""


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    run = CommandLine(tmp_path / "codial.sqlite3", dict(os.environ))
    run("init", "--name", "Essai SARL")
    program = open_program(str(run.database))
    for name in ("SCI Tilleuls", "Garage Roux"):
        parties.create(program.context, {"name": name, "is_customer": 1})
    program.close()
    return run


def listed(cli: CommandLine, *words: str) -> list[tuple[str, str]]:
    found = cli("equipment", "list", *words, "--json").json["equipment"]
    return [(one["serial"], one["label"]) for one in found]


def test_a_table_is_read_in_once(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    path.write_text(TABLE, encoding="utf-8")
    said = cli("equipment", "import", str(path), "--dry-run", "--json").json
    assert (said["added"], said["refused"], said["dry_run"]) == (3, 0, True)
    assert listed(cli) == []
    said = cli("equipment", "import", str(path), "--json").json
    assert [said[name] for name in ("added", "changed", "same", "refused")] == [3, 0, 0, 0]
    assert listed(cli) == [
        ("VX-1", "VIESSEL Chaudière Condens 24"),
        ("B-1", "RIELLO Brûleur"),
        ("CP-9", "RICOH Copieur"),
    ]
    assert listed(cli, "brul") == [("B-1", "RIELLO Brûleur")]
    assert listed(cli, "tilleuls", "ricoh") == [("CP-9", "RICOH Copieur")]
    boiler = cli("equipment", "show", "vx-1", "--json").json
    assert (boiler["installed_on"], boiler["warranty_until"], boiler["meter"]) == (
        *("2024-03-12", "2027-03-11", "hours"),
    )
    burner = cli("equipment", "show", "B-1", "--json").json
    assert burner["inside"] == boiler["code"] and boiler["contains"] == [burner["code"]]
    assert cli("equipment", "import", str(path), "--json").json["same"] == 3
    path.write_text(TABLE.replace("Condens 24", "Condens 28"), encoding="utf-8")
    assert cli("equipment", "import", str(path), "--json").json["changed"] == 1
    assert cli("equipment", "show", "VX-1", "--json").json["model"] == "Condens 28"


def test_what_a_table_cannot_say(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    rows = [
        "C99999;X1;;;;;;;",
        ";X2;;;;;;;",
        "C00001;X3;;;;demain;;;",
        "C00001;X4;;;;;;litres;",
        "C00001;X5;;;;12/03/2024;11/03/2023;;",
        "C00001;X6;;;;;;;NO-1",
        "C00001;OK;;;;;;;",
    ]
    path.write_text(TABLE.splitlines()[0] + "\n" + "\n".join(rows), encoding="utf-8")
    said = cli("equipment", "import", str(path), "--json", code=1).json
    assert (said["added"], said["refused"]) == (1, 6)
    assert [(one["line"], one["problem"]) for one in said["problems"]] == [
        (2, "party.unknown"),
        (3, "equipment.party"),
        (4, "date.unreadable"),
        (5, "meter.unknown"),
        (6, "equipment.warranty"),
        (7, "equipment.unknown"),
    ]
    assert listed(cli) == [("OK", "OK")]
    path.write_text("nom;prix\nA;1\n", encoding="utf-8")
    assert "aucune colonne" in cli("equipment", "import", str(path), code=2).err
    assert cli("equipment", "import", str(tmp_path / "rien.csv"), code=2).err


def test_machines_without_a_number_and_those_that_move(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    head = "code;client;n° de série;marque;lieu;dans\n"

    def read(*rows: str, code: int = 0, dry: bool = False) -> dict[str, Any]:
        path.write_text(head + "\n".join(rows), encoding="utf-8")
        words = ("equipment", "import", str(path), "--json", *(["--dry-run"] if dry else []))
        found: dict[str, Any] = cli(*words, code=code).json
        return found

    rows = (";C00001;;OTIS;Hall;", ";C00001;TOUR;;;", ";C00001;ASC;OTIS;;TOUR", ";C00001;;;Cave;")
    tried, done = read(*rows, code=1, dry=True), read(*rows, code=1)
    assert {**tried, "dry_run": False} == done
    assert [done[name] for name in ("added", "changed", "same", "refused")] == [3, 0, 0, 1]
    assert done["problems"][0]["problem"] == "equipment.nameless"
    assert read(*rows[:3])["same"] == 3  # one that only its brand names is known again
    said = read(";C00002;ASC;OTIS;;")
    assert (said["added"], said["warnings"][0]["problem"]) == (1, "equipment.twin")
    code = cli("equipment", "list", "tilleuls", "asc", "--json").json["equipment"][0]["code"]
    assert read(f"{code};C00002;;;;")["changed"] == 1
    moved = cli("equipment", "show", code, "--json").json
    assert (moved["customer"], moved["inside"]) == ("C00002", None)


def test_a_reading_between_two_others_tells_its_own_step(cli: CommandLine) -> None:
    cli("equipment", "add", "C00001", "--serial", "CP-9", "--meter", "hours")
    cli("equipment", "reading", "CP-9", "50,5", "--on", "2026-01-01")
    cli("equipment", "reading", "CP-9", "80", "--on", "2026-03-01")
    said = cli("equipment", "reading", "CP-9", "70", "--on", "2026-02-01").out
    assert said.rstrip().endswith(": 70 le 01/02/26 (+19,5)")
    assert "Relevé du 01/01/26 : 50,5" in cli("equipment", "show", "CP-9").out


def test_counters_and_warranties(cli: CommandLine, tmp_path: Path) -> None:
    first = cli(
        *("equipment", "add", "C00001", "--serial", "CP-9", "--brand", "RICOH"),
        *("--meter", "copies", "--warranty", "2026-12-31", "--json"),
    ).json
    assert first["code"].startswith("EQ")
    twin = cli("equipment", "add", "C00002", "--serial", "cp-9", "--brand", "Ricoh", "--json").json
    assert twin["warning"] == f"cp-9 est aussi {first['code']}, chez SCI Tilleuls"
    assert cli("equipment", "show", "CP-9", code=1).problems == [("equipment.which", "")]
    code = first["code"]
    cli("equipment", "reading", code, "10000", "--on", "2026-01-05")
    read = cli("equipment", "reading", code, "12500", "--on", "2026-02-05", "--json").json
    assert [(one["on"], one["value"], one["since"]) for one in read["readings"]] == [
        ("2026-02-05", "12500", "2500"),
        ("2026-01-05", "10000", None),
    ]
    less = cli("equipment", "reading", code, "12000", "--on", "2026-03-05", code=1)
    assert less.problems == [("reading.less", "value")]
    new = cli(
        *("equipment", "reading", code, "3", "--on", "2026-03-05", "--note", "remplacé", "--json")
    ).json
    assert new["readings"][0]["since"] is None
    span = ("--since", "2026-12-01", "--until", "2026-12-31")
    found = cli("equipment", "warranties", *span, "--json").json["garanties"]
    assert [(one["warranty_until"], one["equipment"], one["customer_name"]) for one in found] == [
        ("2026-12-31", code, "SCI Tilleuls")
    ]
    path = tmp_path / "garanties.csv"
    cli("equipment", "warranties", *span, "-o", str(path))
    assert "CP-9" in path.read_text(encoding="utf-8-sig")
    assert cli("equipment", "warranties", "--since", "2027-01-01", "--until", "2027-12-31").out == (
        "Rien.\n"
    )


def test_a_machine_joins_and_leaves_a_contract(cli: CommandLine) -> None:
    cli("equipment", "add", "C00001", "--serial", "CP-9", "--code", "COP", "--meter", "copies")
    terms = ("--kind", "copies", "--extra-price", "0.10", "--price", "0", "--start", "2026-01-01")
    number = cli("contract", "add", "C00001", *terms, "--json").json["number"]
    for on, value in (("2026-01-02", "0"), ("2026-03-01", "2000"), ("2026-06-01", "2100")):
        cli("equipment", "reading", "COP", value, "--on", on)
    said = cli("contract", "equip", number, "CP-9", "--since", "2026-03-02", "--json").json
    assert said["machines"] == ["COP"]
    assert said["warning"].startswith("Compteur de copies à relever le 02/03/26")
    assert said["used"] == "100"
    said = cli("contract", "unequip", number, "COP", "--on", "2026-05-01", "--json").json
    assert said["machines"] == []
    assert said["covered"] == [{"code": "COP", "since": "2026-03-02", "until": "2026-05-01"}]
    assert said["used"] == "0"
    refused = cli("contract", "unequip", number, "COP", "--json", code=1).json
    assert refused["problems"][0]["code"] == "contract.machine_absent"
    words = ("--since", "2026-04-01", "--json")
    refused = cli("contract", "equip", number, "COP", *words, code=1)
    assert "03/26, sorti le 01/05/26" in refused.json["problems"][0]["message"]
