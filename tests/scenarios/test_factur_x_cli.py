"""`export factur-x`: the original, as often as it is asked for; the XML alone."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from command_line import CommandLine, request

pytestmark = pytest.mark.long

BUYER = {
    "name": "MARTIN <&> FILS",
    "street": "1 rue X",
    "postcode": "69001",
    "city": "LYON",
    "siren": "732829320",
}


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


def made(run: CommandLine, **values: Any) -> str:
    asked = request(kind="invoice", **{"date": "2026-11-20", "customer": BUYER, **values})
    return str(run("document", "create", "-", "--json", stdin=json.dumps(asked)).json["ref"])


def test_the_original_and_its_xml(run: CommandLine, tmp_path: Path) -> None:
    draft = made(run)
    first, again, xml = (str(tmp_path / name) for name in ("1.pdf", "2.pdf", "3.xml"))
    early = run("export", "factur-x", draft, "-o", first, "--json", code=1)
    assert early.problems == [("einvoice.provisional", "")]
    ref = run("document", "validate", draft, "--json").json["ref"]
    alone = run("export", "factur-x", ref, "--xml").out  # without effect
    assert run("document", "show", ref, "--json").json["state"] == "validated"
    said = run("export", "factur-x", ref, "-o", first, "--json").json
    assert said == {"ref": ref, "file": first, "bytes": Path(first).stat().st_size}
    shown = run("document", "show", ref, "--json").json
    assert shown["state"] == "printed" and shown["printed_at"]
    run("export", "factur-x", ref, "-o", again)
    assert Path(again).read_bytes() == Path(first).read_bytes()
    taken = run("export", "factur-x", ref, "-o", again, code=2)
    assert "existe déjà" in taken.err
    run("export", "factur-x", ref, "-o", again, "--force")
    run("export", "factur-x", ref, "--xml", "-o", xml)
    assert Path(xml).read_text(encoding="utf-8") == alone
    names = [one.text for one in ElementTree.fromstring(alone).iter() if one.tag.endswith("}Name")]
    assert "MARTIN <&> FILS" in names
    run("document", "print", ref, "-o", str(tmp_path / "d.pdf"))
    with closing(sqlite3.connect(run.database)) as database:
        said = database.execute(
            "SELECT detail FROM audit_log WHERE action = 'invoice.exported' ORDER BY id"
        )
        names = [json.loads(row[0])["file"] for row in said]
        assert names == ["-", "2.pdf", "2.pdf", "3.xml"]
    assert run("verify", "--json").code == 0
    duplicate = (tmp_path / "d.pdf").read_bytes()
    assert b"factur-x.xml" not in duplicate and b"factur-x.xml" in Path(first).read_bytes()


def test_a_refusal_is_in_french_and_takes_no_number(run: CommandLine) -> None:
    run("vat", "add", "19")
    line = {"type": "item", "label": "Pose", "unit_price": "48", "vat_rate": "19"}
    refused = run("document", "validate", made(run, lines=[line]), "--json", code=1)
    assert refused.problems == [("einvoice.rate", "lines.1.vat_rate")]
    assert "TVA 19 % : pas un taux français" in refused.out
    # the SIREN of a business is in its VAT number too
    nameless = {name: text for name, text in BUYER.items() if name != "siren"}
    buyer = {**nameless, "vat_number": "FR44732829320"}
    done = run("document", "validate", made(run, customer=buyer), "--json").json
    assert done["number"] == "FA26-00001"
    assert 'schemeID="0002">732829320<' in run("export", "factur-x", "FA26-00001", "--xml").out


def test_wrong_usage(run: CommandLine) -> None:
    assert "Quelle facture" in run("export", "factur-x", code=2).err
    assert "Dans quel fichier" in run("export", "factur-x", "FA1", code=2).err
    assert "c'est pour factur-x" in run("export", "items", "--xml", code=2).err
    assert run("export", "factur-x", "FA26-00009", "--xml", code=1).err


def test_doctor_says_whether_the_official_rules_are_here(run: CommandLine) -> None:
    assert "règles officielles des factures électroniques" in run("doctor").out
