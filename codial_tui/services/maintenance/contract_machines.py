"""The machines that a contract covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context

Row = Mapping[str, Any]


def problems(context: Context, row: Row) -> list[Problem]:
    """What forbids a machine (`equipment_id`) in a contract (`contract_id`)."""
    sql = "SELECT party_id FROM contract WHERE id = ?"
    party = context.database.value(sql, (row["contract_id"],))
    return wrong(context, int(party), row.get("equipment_id"))


def wrong(context: Context, party_id: int, equipment_id: int | None) -> list[Problem]:
    """What forbids a machine in the contracts of a customer."""
    machine = context.database.mapping(
        "SELECT party_id FROM equipment WHERE id = ?", (equipment_id,)
    )
    if machine is None:
        return [Problem("equipment.unknown", "equipment_id", "Matériel introuvable", "F4")]
    if machine["party_id"] not in (None, party_id):
        said = "Ce matériel est d'un autre client"
        return [Problem("contract.equipment", "equipment_id", said, "F4 montre les siens")]
    return []


def mismatch(context: Context, contract_id: int, equipment_id: int) -> str:
    """The warning that a machine stands elsewhere than the contract says, "" when it does not."""
    row = context.database.row(
        "SELECT c.address_id, e.address_id, c.number FROM contract c, equipment e "
        "WHERE c.id = ? AND e.id = ?",
        (contract_id, equipment_id),
    )
    if row is None or not row[0] or row[0] == row[1]:
        return ""
    return f"Ce matériel n'est pas sur le site de {row[2]} · il est couvert quand même"


def machines(context: Context, contract_id: int) -> list[dict[str, Any]]:
    """The machines of a contract that are in use, by code."""
    return context.database.mappings(
        "SELECT e.* FROM equipment e JOIN contract_equipment c ON c.equipment_id = e.id "
        "WHERE c.contract_id = ? AND e.active = 1 ORDER BY e.code_fold, e.id",
        (contract_id,),
    )
