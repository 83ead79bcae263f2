"""Which status may be recorded, and what it must say."""

import pytest

from codial_tui.domain.invoicing.statuses import (
    ALLOWED,
    REASONS,
    STATUSES,
    Given,
    problems,
    reasons_of,
)

MANDATORY = {"206", "207", "208", "210", "213", "501"}


def test_the_table_of_the_norm() -> None:
    assert {code for code, one in STATUSES.items() if one.needs_reason} == MANDATORY
    assert len({one.letter for one in STATUSES.values()}) == len(STATUSES)
    assert {reason for found in ALLOWED.values() for reason in found} <= set(REASONS)
    assert reasons_of("205") == () and reasons_of("206") == tuple(REASONS)


@pytest.mark.parametrize(
    ("given", "last", "codes"),
    [
        (Given("205"), "", []),
        (Given("999"), "", ["status.unknown"]),
        (Given("210"), "", ["status.reason"]),
        (Given("210", "TX_TVA_ERR"), "205", []),
        (Given("210", "REJ_SEMAN"), "", ["status.reason"]),
        (Given("213", "REJ_SEMAN"), "", []),
        (Given("205", "TX_TVA_ERR"), "", ["status.reason"]),
        (Given("212"), "", ["status.amount"]),
        (Given("212", rate=200_000, amount=12_000), "", []),
        (Given("205"), "210", ["status.ended"]),
        (Given("220"), "210", []),
        (Given("220"), "220", ["status.ended"]),
    ],
)
def test_what_may_be_recorded(given: Given, last: str, codes: list[str]) -> None:
    assert [one.code for one in problems(given, last)] == codes
    assert all(one.message for one in problems(given, last))


def test_a_platform_is_believed() -> None:
    assert problems(Given("210", "NEW_CODE"), "213", from_file=True) == []
    assert [one.code for one in problems(Given("210"), from_file=True)] == ["status.reason"]
