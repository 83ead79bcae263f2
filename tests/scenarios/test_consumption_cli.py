"""`consumption` on the command line: the worked example of practice.md §1.7, refusals, papers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codial_tui.__main__ import main


def run(capsys: pytest.CaptureFixture[str], base: Path, *arguments: str) -> tuple[int, Any]:
    try:
        code = main(["--database", str(base), *arguments, "--json"])
    except SystemExit as error:
        code = int(error.code or 0)
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else said.err


def test_the_worked_example(
    demo_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.sqlite3"
    base.write_bytes(demo_template.read_bytes())
    items = [
        {"type": "item", "label": "Pose", "quantity": "40", "unit_price": "60"},
        {"type": "item", "label": "Pièces", "quantity": "20", "unit_price": "125"},
        {"type": "item", "label": "Divers", "quantity": "1", "unit_price": "100"},
    ]
    costs = (("32", "main_oeuvre"), ("95", "pieces"), ("120", "divers"))
    for one, (cost, category) in zip(items, costs):
        one |= {"cost": cost, "cost_category": category}
    file = tmp_path / "order.json"
    file.write_text(json.dumps({"kind": "order", "customer": "C00128", "lines": items}))
    code, order = run(capsys, base, "document", "create", str(file))
    assert code == 0, order
    ref = order["ref"]
    code, found = run(capsys, base, "consumption", "show", ref)
    assert (code, found["problems"][0]["code"]) == (1, "consumption.none")
    code, _ = run(capsys, base, "consumption", "record", ref, "--hours", "40", "--start")
    assert code == 0, _
    record = ("consumption", "record", ref)
    for more in (
        ("--hours", "6", "--by", "claire", "--date", "2026-11-03"),
        ("--line", "Pièces", "--quantity", "20"),
        ("--line", "2", "--cost", "90.75"),
        ("--line", "Divers", "--quantity", "1", "--cost", "150"),
    ):
        code, found = run(capsys, base, *record, *more)
        assert code == 0, found
    assert found["categories"] == [
        {"label": label, "planned": planned, "spent": spent, "difference": difference}
        for label, planned, spent, difference in (
            ("Main d'œuvre", "1280.00", "1472.00", "-192.00"),
            ("Pièces", "1900.00", "1815.00", "85.00"),
            ("Divers", "120.00", "150.00", "-30.00"),
        )
    ]
    figures = {name: found[name] for name in found if not isinstance(found[name], list | int)}
    assert figures == {
        "ref": ref,
        "billed_by_work_orders": "0.00",
        "sale": "5000.00",
        "planned": "3300.00",
        "spent": "3437.00",
        "difference": "-137.00",
        "planned_margin": "1700.00",
        "planned_margin_rate": "34.00",
        "real_margin": "1563.00",
        "real_margin_rate": "31.26",
    }
    code, found = run(capsys, base, "consumption", "show", ref, "--records")
    assert [(one["kind"], one["by"], one["date"]) for one in found["records"]][1] == (
        "use",
        "Claire",
        "2026-11-03",
    )
    for wrong, said in (
        (("--quantity", "1"), 2),
        (("--line", "9", "--quantity", "1"), 1),
        (("--line", "1", "--quantity", "abc"), 1),
        (("--line", "1", "--quantity", "-99"), 1),
        (("--hours", "1", "--by", "personne"), 1),
        (("--hours", "1", "--date", "2099-12-31"), 1),
        (("--item", "RIEN"), 1),
        (("--reverse", "999"), 1),
        (("--line", "1", "--invoice", "FF99-1"), 1),
        (("--line", "1", "--item", "BORN7"), 2),
    ):
        code, answer = run(capsys, base, *record, *wrong)
        assert code == said, (wrong, answer)
    code, after = run(capsys, base, "consumption", "show", ref, "--records")
    assert after == found
    first = found["records"][0]["id"]
    code, found = run(capsys, base, *record, "--reverse", str(first))
    assert (code, found["spent"]) == (0, "2157.00")
    code, found = run(capsys, base, *record, "--item", "BORN7", "--quantity", "1")
    assert (code, found["lines"][-1]["is_planned"], found["lines"][-1]["spent"]) == (
        0,
        False,
        "682.00",
    )
    code, note = run(capsys, base, "consumption", "deliver", ref)
    assert (code, note["kind"], [one["reference"] for one in note["lines"]]) == (
        0,
        "delivery_note",
        ["BORN7"],
    )
    code, again = run(capsys, base, "consumption", "deliver", ref)
    assert (code, again["problems"][0]["code"]) == (1, "consumption.left")
    assert main(["--database", str(base), "consumption", "show", ref]) == 0
    words = capsys.readouterr().out
    assert "Marge prévue 1 700,00 € = 34,00 %" in words
