"""`statement`, `balance`, `reminder`, `bank`, `debit` without a screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import LINE, CommandLine
from test_payment_cli import BUYER

pytestmark = pytest.mark.long

CSV = "Date;Libellé;Montant\n20/11/2026;VIR FA20-00001;115,20\n"


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


@pytest.fixture
def invoice(cli: CommandLine, tmp_path: Path) -> Any:
    """A printed invoice of 96.00 HT, long due."""
    asked = {"kind": "invoice", "date": "2020-11-20", "customer": BUYER, "lines": [LINE]}
    made = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    with_number = cli("document", "validate", made["ref"], "--json").json
    cli("document", "print", with_number["number"], "-o", str(tmp_path / "f.pdf"))
    return with_number


def test_balance_reminder_statement_and_bank(
    cli: CommandLine, invoice: Any, tmp_path: Path
) -> None:
    code = cli("balance", "--json").json["customers"][0]["customer"]
    [one] = cli("balance", "-o", str(tmp_path / "b.csv"), "--json").json["customers"]
    assert (one["older"], one["not_due"], one["total"]) == ("115.20", "0.00", "115.20")
    assert "115,20" in (tmp_path / "b.csv").read_text("utf-8-sig")
    [one] = cli("reminder", "list", "--json").json["reminders"]
    assert (one["level"], one["total"], one["fixed"]) == (1, "115.20", "0.00")
    letters = tmp_path / "letters"
    letters.mkdir()
    cli("reminder", "send", "-o", str(letters))
    assert [path.suffix for path in letters.iterdir()] == [".pdf"]
    assert cli("reminder", "list", "--json").json == {"reminders": []}
    path = tmp_path / "r.pdf"
    said = cli("statement", code, "-o", str(path), "--json").json
    assert said["balance"] == "115.20" and path.read_bytes().startswith(b"%PDF")
    assert cli("statement", "NOBODY", "-o", str(path), "--force", code=1).problems == [
        ("party.unknown", "customer")
    ]
    (tmp_path / "bank.csv").write_text(CSV, "utf-8")
    first = cli("bank", "import", str(tmp_path / "bank.csv"), "--take", "--json").json
    assert (first["added"], first["known"], first["payments"], first["waiting"]) == (
        1,
        0,
        ["RG-1"],
        [],
    )
    again = cli("bank", "import", str(tmp_path / "bank.csv"), "--take", "--json").json
    assert (again["added"], again["known"], again["payments"]) == (0, 1, [])
    assert cli("balance", "--json").json["customers"] == []
    (tmp_path / "wrong.csv").write_text("Date;Libellé;Montant\n2026-13-45;x;1,00\n")
    assert "ligne 2 pas lue : " in cli("bank", "import", str(tmp_path / "wrong.csv")).out
    assert cli("bank", "take", "99", code=1).problems == [("bank.taken", "line")]
    assert cli("bank", "import", str(tmp_path / "none.csv"), code=2).problems


def test_a_direct_debit(cli: CommandLine, invoice: Any, tmp_path: Path) -> None:
    code = cli("balance", "--json").json["customers"][0]["customer"]
    iban = "FR14 2004 1010 0505 0001 3M02 606"
    signed = ("--signed", "2026-01-05", "--json")
    made = cli("debit", "mandate", code, "RUM-1", iban, *signed).json
    assert made["iban"] == "FR1420041010050500013M02606"
    assert cli("debit", "mandate", code, "RUM-2", "FR00", *signed, code=1).problems == [
        ("iban.invalid", "iban")
    ]
    [one] = cli("debit", "list", "--json").json["debits"]
    assert (one["amount"], one["mandate"], one["sequence"]) == ("115.20", "RUM-1", "FRST")
    path = tmp_path / "p.xml"
    refused = cli("debit", "make", "--day", "2099-01-05", "-o", str(path), code=1).problems
    assert ("sepa.ics", "creditor.identifier") in refused and not path.exists()
