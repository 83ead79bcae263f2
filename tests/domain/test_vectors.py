"""Our totals against published invoices and other programs' own expectations."""

from __future__ import annotations

import json
from typing import Any

import pytest
import vector_cases

from codial_tui.domain.lines.totals import totals

CASES = [(name, case) for name in vector_cases.NAMES for case in vector_cases.load(name)]


@pytest.mark.parametrize(("name", "case"), CASES, ids=[case["id"] for _, case in CASES])
def test_totals_agree_with_the_published_case(name: str, case: dict[str, Any]) -> None:
    document, expected = vector_cases.BUILDERS[name](case)
    found = totals(document)
    assert {field: getattr(found, field) for field in expected.figures} == expected.figures
    if expected.lines is not None:
        assert [line.amount for line in document.lines] == expected.lines
    if expected.vat is not None:
        table = {(row.category, row.rate): (row.base, row.amount) for row in found.vat}
        wanted = {
            key: (table[key][0] if base is None else base, amount)
            for key, (base, amount) in expected.vat.items()
        }
        # some publish a row of zeros for a category nobody used, some do not
        assert {k: v for k, v in table.items() if any(v)} == {
            k: v for k, v in wanted.items() if any(v)
        }


def test_every_case_runs_or_says_why_not() -> None:
    """The applicable cases and the excuses together are exactly the shared sets."""
    ours = [case["id"] for _, case in CASES]
    excused = vector_cases.load("not_applicable")
    assert len(ours) == len(set(ours))
    assert not set(ours) & set(excused)
    assert all(reason.strip() for reason in excused.values())
    if not vector_cases.SHARED.is_dir():
        pytest.skip("../shared/vectors is absent: completeness of the copied cases is not checked")
    shared = {
        case["id"]
        for name in vector_cases.NAMES
        for case in json.loads((vector_cases.SHARED / f"{name}.json").read_text(encoding="utf-8"))
    }
    assert shared == set(ours) | set(excused)
