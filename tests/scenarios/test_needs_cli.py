"""`needs` on the command line: shown, ordered, refused with a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codial_tui.__main__ import main


def run(capsys: pytest.CaptureFixture[str], base: Path, *arguments: str) -> tuple[int, Any]:
    code = main(["--database", str(base), *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_needs_are_shown_and_ordered(
    demo_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.sqlite3"
    base.write_bytes(demo_template.read_bytes())
    code, found = run(capsys, base, "needs", "CC26-00011")
    assert code == 0
    (one,) = [row for row in found["needs"] if row["reference"] == "BORN7"]
    assert one == {
        "reference": "BORN7",
        "label": "Borne 7 kW",
        "unit": "u",
        "needed": "3",
        "in_stock": "2",
        "reserved": "0",
        "ordered": "0",
        "to_order": "1",
        "on_order": [],
        "supplier": "F002",
        "for": ["CC26-00011"],
    }
    code, plan = run(capsys, base, "needs", "order", "CC26-00011", "--dry-run")
    assert (code, plan["lines"][0]["supplier"], plan["lines"][0]["quantity"]) == (0, "F002", "1")
    code, made = run(capsys, base, "needs", "order", "CC26-00011")
    assert code == 0
    (order,) = made["orders"]
    assert (order["ref"], order["kind"], order["totals"]["net"]) == (
        "CF26-00001",
        "purchase_order",
        "682.00",
    )
    code, again = run(capsys, base, "needs", "order", "CC26-00011")
    assert (code, again["problems"][0]["code"]) == (1, "needs.nothing")
    code, more = run(
        capsys, base, "needs", "order", "CC26-00011", "--no-stock", "--into", order["ref"]
    )
    assert code == 0 and len(more["orders"][0]["lines"]) == 5
    code, wrong = run(capsys, base, "needs", "order", "--supplier", "NON")
    assert (code, wrong["problems"][0]["code"]) == (1, "supplier.unknown")
    code, sold = run(capsys, base, "needs", "--supplier", "F007", "--how", "cheapest")
    assert [(row["reference"], row["supplier"]) for row in sold["needs"]] == [
        ("BAEH", "F007"),
        ("BAES", "F007"),
    ]
    code, bought = run(capsys, base, "needs", order["ref"])
    assert (code, bought["problems"][0]["code"]) == (1, "needs.kind")
    code, listed = run(capsys, base, "needs")
    assert code == 0 and "BORN7" not in {row["reference"] for row in listed["needs"]}
