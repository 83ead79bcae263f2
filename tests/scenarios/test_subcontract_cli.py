"""`subcontract` and `supplies` on the command line: both sides, refused with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_needs_cli import run

from codial_tui.__main__ import main

pytestmark = pytest.mark.long


def test_works_are_marked_and_ordered(
    demo_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.sqlite3"
    base.write_bytes(demo_template.read_bytes())
    assert run(capsys, base, "subcontract", "CC26-00011") == (0, {"works": []})
    code, refused = run(capsys, base, "subcontract", "CC26-00011", "--line", "9")
    assert (code, refused["problems"][0]["code"]) == (1, "line.unknown")
    code, found = run(
        capsys, base, "subcontract", "CC26-00011",
        *("--line", "2", "--cost", "150", "--supplier", "F004"),
    )  # fmt: skip
    assert (code, found["works"]) == (0, [{
        "line": "2", "label": "Coffret de protection de borne 7 kW", "quantity": "3", "unit": "u",
        "planned": "450.00", "ordered": "0", "to_order": "3", "supplier": "Chauffage Bellecombe",
        "refs": [],
    }])  # fmt: skip
    code, made = run(capsys, base, "subcontract", "CC26-00011", "--order")
    (order,) = made["orders"]
    assert (code, order["ref"], order["totals"]["net"]) == (0, "CS26-00001", "450.00")
    assert [one["vat_category"] for one in order["lines"]] == ["AE"]
    assert [(one["ref"], one["quantity"]) for one in order["supplies"]] == [("CC26-00011", "3")]
    code, shown = run(capsys, base, "document", "show", "CC26-00011")
    assert [(one["ref"], one["party"], one["quantity"]) for one in shown["supplies"]] == [
        ("CS26-00001", "Chauffage Bellecombe", "3")
    ]
    code, again = run(capsys, base, "subcontract", "CC26-00011", "--order")
    assert (code, again["problems"][0]["code"]) == (1, "works.nothing")
    main(["--database", str(base), "document", "show", "CC26-00011"])
    said = capsys.readouterr().out
    assert "ligne 2 : 3 u ↔ CS26-00001 (Chauffage Bellecombe)" in said
    code, given_up = run(capsys, base, "document", "give-up", "CC26-00011")
    assert (code, given_up["warning"]) == (
        0,
        "Déjà commandé : 3 sur CS26-00001 (Chauffage Bellecombe) · réduisez-la, ou gardez-le en "
        "stock",
    )
    assert given_up["supplies"] == []
