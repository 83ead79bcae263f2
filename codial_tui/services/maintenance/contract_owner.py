"""Whose a contract is, with all that hangs on it: machines, site, the contracts it bills for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context

_OTHERS = (
    (
        "SELECT number FROM contract WHERE parent_id = ? AND party_id <> ? LIMIT 1",
        "Il facture {}, de son client d'avant",
        "videz son « Facturé par »",
    ),
    (
        "SELECT e.code FROM contract_machine m JOIN equipment e ON e.id = m.equipment_id "
        "WHERE m.contract_id = ? AND e.party_id <> ? AND m.until IS NULL LIMIT 1",
        "Il couvre {}, de son client d'avant",
        "retirez-la de ses machines",
    ),
    (
        "SELECT a.city FROM contract c JOIN address a ON a.id = c.address_id "
        "WHERE c.id = ? AND a.party_id <> ? LIMIT 1",
        "Son site, {}, est de son client d'avant",
        "videz-le d'abord",
    ),
)


def problems(context: Context, row: Mapping[str, Any]) -> list[Problem]:
    """What is another customer's of a stored contract whose customer changes."""
    found = []
    for sql, said, remedy in _OTHERS:
        if (one := context.database.value(sql, (row["id"], row.get("party_id")), None)) is not None:
            found.append(Problem("contract.party", "party_id", said.format(one), remedy))
    return found
