"""`payment` without a screen: recorded once, listed, reversed; what is refused and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import LINE, CommandLine

pytestmark = pytest.mark.long

BUYER = {
    "name": "DUPONT Jeanne",
    "street": "1 rue X",
    "postcode": "69001",
    "city": "LYON",
    "save": True,
}


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


@pytest.fixture
def invoice(cli: CommandLine, tmp_path: Path) -> Any:
    """A printed invoice of 96.00 HT."""
    asked = {"kind": "invoice", "customer": BUYER, "lines": [LINE]}
    made = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    with_number = cli("document", "validate", made["ref"], "--json").json
    cli("document", "print", with_number["number"], "-o", str(tmp_path / "f.pdf"))
    return with_number


def test_payments_are_recorded_listed_and_reversed(cli: CommandLine, invoice: Any) -> None:
    ref = invoice["number"]
    first = cli("payment", "record", ref, "--amount", "100.00", "--mode", "cb", "--json").json
    assert first["documents"] == [
        {
            "ref": ref,
            "amount": "100.00",
            "discount": "0.00",
            "vat": [{"kind": "payment", "category": "S", "rate": "20", "amount": "100.00"}],
        }
    ]
    assert (first["ref"], first["mode"], first["amount"], first["free"]) == (
        "RG-1",
        "CB",
        "100.00",
        "0.00",
    )
    twice = ("payment", "record", ref, "--mode", "VIR", "--external-id", "web-7", "--json")
    rest = cli(*twice).json
    assert rest["amount"] == "15.20"
    assert cli(*twice).json["ref"] == rest["ref"]  # the same order of a shop pays once
    assert cli("payment", "record", ref, "--amount", "1", code=1).problems == [
        ("payment.settled", "amount")
    ]
    shown = cli("payment", "list", "--json").json["payments"]
    assert [one["ref"] for one in shown] == ["RG-2", "RG-1"]
    back = cli("payment", "reverse", "RG-1", "--reason", "impayé", "--fees", "12.50", "--json").json
    assert (back["kind"], back["amount"], back["fees"], back["reverses"]) == (
        "reversal",
        "-100.00",
        "12.50",
        "RG-1",
    )
    assert cli("payment", "reverse", "1", "--reason", "x", code=1).problems[0][0] == (
        "payment.reversed"
    )
    people = cli("payment", "list").out
    assert "RG-3" in people and "DUPONT Jeanne" in people and "impayé" in people
    assert cli("verify").code == 0


def test_what_is_no_payment_is_refused_in_words(cli: CommandLine, invoice: Any) -> None:
    ref = invoice["number"]
    cases = {
        ("payment", "record", "FA26-99999", "--amount", "1"): ("document.unknown", 1),
        ("payment", "record", ref, "--amount", "0"): ("payment.zero", 1),
        ("payment", "record", ref, "--mode", "TROC"): ("mode.unknown", 1),
        ("payment", "record", "--customer", "NOBODY", "--amount", "1"): ("party.unknown", 1),
        ("payment", "record"): ("input.unreadable", 2),
        ("payment", "reverse", "RG-x", "--reason", "x"): ("payment.unknown", 1),
        ("payment", "reverse", "RG-9", "--reason", "x"): ("payment.unknown", 1),
    }
    for words, (code, exit_code) in cases.items():
        assert cli(*words, code=exit_code).problems[0][0] == code, words
    for name, value in (("--date", "hier"), ("--amount", "1,234"), ("--discount", "x")):
        assert cli("payment", "record", ref, name, value, code=2).out == ""
    assert cli("payment", "list", "--json").json == {"payments": []}


def test_a_payment_without_amount_is_what_is_left(cli: CommandLine, invoice: Any) -> None:
    asked = {"kind": "invoice", "customer": BUYER, "lines": [LINE]}
    draft = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    assert cli("payment", "record", draft["ref"], code=1).problems[0][0] == "state.not_validated"
    ref = invoice["number"]
    done = cli("payment", "record", ref, "--discount", "2.30", "--json").json
    assert (done["amount"], done["free"]) == ("112.90", "0.00")
    assert cli("payment", "record", ref, code=1).problems[0][0] == "payment.settled"
