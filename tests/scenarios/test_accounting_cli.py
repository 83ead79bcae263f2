"""Accounting by the command line: one export, its files, the reports (cli.md)."""

import json
from pathlib import Path

import pytest
from command_line import LINE, PARTY, CommandLine
from fec_checker import check

pytestmark = pytest.mark.long


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
        *(str(path.with_name(f"{path.stem}-{one}.csv")) for one in ("cegid", "coala", "ebp")),
    ]
    assert check(path.name, path.read_bytes(), "20261101", "20261130") == []
    assert run("document", "show", made, "--json").json["state"] == "posted"
    again = run("export", "fec", *PERIOD, "-o", folder, "--json").json
    assert (again["batch"], again["sha256"]) == (1, done["sha256"])
    latin = run("export", "fec", "--batch", "1", "-o", folder + "2", "--encoding", "iso-8859-15")
    assert "Lot 1 : 1 écriture, 115,20 au débit" in latin.out
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
    [_, row] = run("export", "vat", *PERIOD).out.splitlines()
    assert row.split() == ["S", "20", "0,00", "0,00", "96,00", "19,20", "0,00", "0,00", "0,00"]


def test_what_cannot_be_is_refused_before_anything_is_written(
    run: CommandLine, tmp_path: Path
) -> None:
    """An option for another thing, a folder that is not there, a file that is."""
    inputs = [("input.unreadable", "")]
    there = tmp_path / "là.csv"
    there.write_text("précieux")
    for wrong in (
        ("export", "vat", *PERIOD, "--dry-run", "-o", str(tmp_path / "a.csv")),
        ("export", "documents", "--dry-run", "-o", str(tmp_path / "a.csv")),
        ("export", "fec", *PERIOD, "--kind", "order", "-o", str(tmp_path / "a")),
        ("export", "fec", *PERIOD, "--xml", "-o", str(tmp_path / "a")),
        ("export", "fec", "FA26-00001", *PERIOD, "-o", str(tmp_path / "a")),
        ("export", "fec", "--batch", "1", "--dry-run", "-o", str(tmp_path / "a")),
        ("export", "vat", *PERIOD, "--by", "project"),
        ("export", "vat", *PERIOD, "-o", str(tmp_path / "nulle part" / "a.xlsx")),
        ("export", "vat", *PERIOD, "-o", str(there)),
        ("export", "vat", *PERIOD, "-o", str(tmp_path / "a.txt")),
        ("balance", "-o", str(there)),
        ("balance", "-o", str(tmp_path / "a.xlsx")),
        ("statement", "C1", "-o", str(there)),
        ("export", "factur-x", "FA26-00001", "-o", str(there)),
        ("export", "factur-x", "FA26-00001", "-o", str(tmp_path / "nulle part" / "a.pdf")),
        ("document", "print", "FA26-00001", "--copies", "0", "-o", str(tmp_path / "a.pdf")),
    ):
        assert run(*wrong, "--json", code=2).problems == inputs, wrong
    assert there.read_text() == "précieux" and [one.name for one in tmp_path.glob("a*")] == []
    for wrong in (
        ("closing", "run", "--until", "hier"),
        ("closing", "run", "--until", "1999-12-31"),
        ("payment", "record", "--customer", "C1", "--amount", "abc"),
        ("payment", "record", "--customer", "C1", "--amount", "5", "--date", "1990-01-01"),
        ("payment", "reverse", "RG-1", "--reason", "x", "--fees", "1e3"),
        ("deposit", "CC26-00001", "receipt", "--percent", "abc"),
        ("export", "vat", "--from", "2026-13-01", "--to", "2026-11-30"),
    ):
        said = run(*wrong, code=2)
        assert said.out == "" and "usage : codial-tui" in said.err, wrong
    for day in ("2026-11-20", "20/11/26", "20/11/2026"):
        assert run("closing", "run", "--until", day, "--json").json == {"closings": []}


def test_invoices_are_handed_over_and_their_statuses_recorded(
    run: CommandLine, tmp_path: Path
) -> None:
    customer = {**PARTY, "siren": "123456782"}
    wanted = {"kind": "invoice", "customer": customer, "date": "2026-11-20", "lines": [LINE]}
    made = run("document", "create", "-", "--json", stdin=json.dumps(wanted)).json["ref"]
    early = run("status", "record", made, "205", "--json", code=1)
    assert early.problems == [("status.provisional", "")]
    number = run("document", "validate", made, "--json").json["ref"]
    folder = tmp_path / "sortie"
    done = run("export", "outbox", "-o", str(folder), "--json").json["outbox"]
    assert done == [{"ref": number, "file": str(folder / f"{number}.pdf"), "problem": None}]
    assert (folder / f"{number}.pdf").read_bytes().startswith(b"%PDF-")
    assert run("export", "outbox", "-o", str(folder), "--json").json["outbox"] == []
    refused = run("status", "record", number, "210", "--json", code=1)
    assert refused.problems == [("status.reason", "reason")]
    paid = run("status", "record", number, "212", "--amount", "57,60", "--rate", "20", "--json")
    assert [(one["code"], one["amount"], one["rate"]) for one in paid.json["statuses"]] == [
        ("212", "57.60", "20")
    ]
    hostile = tmp_path / "entrée.xml"
    hostile.write_text('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    assert run("status", "read", str(hostile), "--json", code=2).problems
    shown = run("status", "list", number).out
    assert "Encaissée" in shown and "212" in shown
