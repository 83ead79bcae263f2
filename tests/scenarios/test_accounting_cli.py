"""Accounting by the command line: one export, its files, the reports (cli.md)."""

import json
from pathlib import Path

import pytest
from command_line import LINE, PARTY, CommandLine
from fec_checker import check


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")


def test_a_month_is_exported_once(run: CommandLine, tmp_path: Path) -> None:
    wanted = {"kind": "invoice", "customer": PARTY, "date": "2026-11-20", "lines": [LINE]}
    made = run("document", "create", "-", "--json", stdin=json.dumps(wanted)).json["ref"]
    run("document", "validate", made, "--json")
    folder = str(tmp_path / "compta")
    assert run("export", "fec", "--json", code=2).problems == [("input.unreadable", "")]
    assert run("export", "fec", *PERIOD, "--json", code=2).problems == [("input.unreadable", "")]
    look = run("export", "fec", *PERIOD, "--dry-run", "--json").json
    assert look == {"entries": 1, "debit": "115.20", "left_behind": 0}
    done = run("export", "fec", *PERIOD, "-o", folder, "--csv", "--json").json
    assert (done["batch"], done["entries"], done["debit"]) == (1, 1, "115.20")
    path = tmp_path / "compta/732829320FEC20261130.txt"
    assert done["files"] == [
        str(path),
        str(path.with_name("732829320FEC20261130-extrait.txt")),
        str(path.with_suffix(".csv")),
    ]
    assert check(path.name, path.read_bytes(), "20261101", "20261130") == []
    assert run("document", "show", made, "--json").json["state"] == "posted"
    again = run("export", "fec", *PERIOD, "-o", folder, "--json").json
    assert (again["batch"], again["sha256"]) == (1, done["sha256"])
    latin = run("export", "fec", "--batch", "1", "-o", folder + "2", "--encoding", "iso-8859-15")
    assert "Lot 1 : 1 écritures, 115.20 au débit" in latin.out
    other = (tmp_path / "compta2" / path.name).read_bytes()
    assert check(path.name, other, "20261101", "20261130", "iso8859-15") == []
    december = ("--from", "2026-12-01", "--to", "2026-12-31")
    none = run("export", "fec", *december, "-o", folder, "--json", code=1)
    assert none.problems == [("accounting.nothing", "")]
    vat = run("export", "vat", *PERIOD, "--json").json["vat"]
    assert [(one["rate"], one["receipts_vat"], one["due"]) for one in vat] == [
        ("20", "19.20", "0.00")  # hours: due when they are paid
    ]
    sums = run("export", "analysis", *PERIOD, "--by", "project", "--json").json["analysis"]
    assert [(one["account"], one["balance"]) for one in sums] == [
        ("411000", "-115.20"),
        ("445740", "19.20"),
        ("706000", "96.00"),
    ]
    file = tmp_path / "e.csv"
    run("export", "e-reporting", *PERIOD, "-o", str(file))
    assert file.read_text("utf-8-sig").startswith("Opération;Rapport;Jour;Catégorie;Taux;HT;TVA")
