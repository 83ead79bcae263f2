"""Every published invoice that may be one of ours, entered again by the command line: its totals up
to the TTC come out, and the official rules find nothing in the Factur-X that was kept.

The parties are foreign: XSD and EN 16931 apply. What was paid before (BT-113) is no part of it.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from codial_tui.__main__ import main
from codial_tui.exchange import factur_x, schematron

pytestmark = pytest.mark.long
SAXON = schematron.is_installed()
VECTORS = Path(__file__).resolve().parents[1] / "data" / "vectors"
VERA = Path(__file__).parents[3] / "shared" / "tools" / "verapdf.sh"
NUMBERS = {"DE": "DE136695976", "BE": "BE0999938851"}
RATES = ("19", "7", "21", "25")
UNITS = {"HUR": "h", "DAY": "j", "KGM": "kg", "MTK": "m²", "LTR": "l", "TNE": "t"}


def cases() -> list[dict[str, Any]]:
    chosen = json.loads((VECTORS / "re_entered.json").read_text(encoding="utf-8"))
    known = json.loads((VECTORS / "einvoice.json").read_text(encoding="utf-8"))
    own = {one["id"]: one for one in known}
    assert not set(chosen["re_entered"]) & set(chosen["not"])
    return [own[name] for name in chosen["re_entered"]]


def plain(number: Decimal) -> str:
    return f"{number:f}"


def line(row: dict[str, Any]) -> dict[str, Any]:
    """A line as `document create` takes it: a price of more than four decimals is for more
    units, an allowance is a discount in money, a charge a negative one."""
    price, per = Decimal(row["price"] or 0), Decimal(row["price_base_qty"] or 1)
    while (price * 10_000) % 1:
        price, per = price * 100, per * 100
    off = sum(
        Decimal(one["amount"]) * (-1 if one["charge"] else 1) for one in row["allowances_charges"]
    )
    asked = {
        "type": "item",
        "label": row.get("name") or "Position",
        "quantity": plain(Decimal(row["qty"] or 0)),
        "unit": UNITS.get(row.get("unit") or "", "u"),
        "unit_price": plain(price),
        "price_per": plain(per),
        **key(row),
    }
    return {**asked, "discount_amount": plain(off)} if off else asked


def key(row: dict[str, Any]) -> dict[str, str]:
    category = row["vat_cat"] or "S"
    return {
        "vat_category": category,
        **({"vat_rate": plain(Decimal(row["vat_rate"]))} if category == "S" else {}),
    }


def request(case: dict[str, Any]) -> dict[str, Any]:
    below = Decimal(case["expected"]["grand_total"] or 0) < 0  # a credit note, with us
    return {
        "kind": "invoice",
        "references": [{"number": "F1", "date": "2025-03-04"}] if below else [],
        "customer": {
            "name": "Musterfirma GmbH",
            "street": "Musterstraße 1",
            "postcode": "10115",
            "city": "Berlin",
            "country": "DE",
            "vat_number": NUMBERS["DE"],
        },
        "price_decimals": 4,
        "lines": [line(row) for row in case["lines"]],
        "adjustments": [
            {
                "type": "charge" if one["charge"] else "discount",
                "amount": plain(Decimal(one["amount"])),
                **key(one),
            }
            for one in case["allowances_charges"]
        ],
    }


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`codial-tui` on a company of its own; the answer as JSON."""

    def run(*arguments: str, stdin: str = "") -> Any:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(["--database", str(tmp_path / "c.db"), "--json", *arguments])
        said = capsys.readouterr()
        assert code == 0, (arguments, stdin, said)
        return json.loads(said.out)

    run("init", "--name", "Démo SARL", "--siren", "123456782")
    for rate in RATES:
        run("vat", "add", rate)
    return run


def test_every_published_invoice_comes_out_the_same_and_valid(run: Any, tmp_path: Path) -> None:
    files, wrong = [], {}
    for case in cases():
        said = case["expected"]
        made = run("document", "create", "-", stdin=json.dumps(request(case)))
        done = run("document", "validate", made["ref"])
        file = tmp_path / f"{case['id']}.pdf"
        run("export", "factur-x", done["ref"], "-o", str(file))
        files.append(file)
        found = {name: Decimal(done["totals"][name]) for name in ("net", "vat_total", "gross")}
        wanted = {
            "net": Decimal(said["tax_basis"] or 0),
            "vat_total": Decimal(said["tax_total"] or 0),
            "gross": Decimal(said["grand_total"] or 0),
        }
        if found != wanted:
            wrong[case["id"]] = (found, wanted)
    assert wrong == {}
    assert len(files) == 90
    if SAXON:
        invoices = [
            schematron.Invoice(factur_x.xml_of(file.read_bytes()), (schematron.EN16931,))
            for file in files
        ]
        refused = {
            file.stem: [one for one in failures if not one.is_warning]
            for file, failures in zip(files, schematron.failures(invoices))
        }
        assert {name: some for name, some in refused.items() if some} == {}
    if os.environ.get("VERA_JAR") and VERA.exists():
        vera = subprocess.run(
            ["bash", str(VERA), "-f", "3b", *map(str, files)], capture_output=True, text=True
        )
        assert vera.stdout.count("PASS\t3b") == len(files), vera.stdout + vera.stderr
