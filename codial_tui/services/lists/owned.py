"""Pickers of what belongs to somebody: contacts, sites and orders of a customer, machines of a
contract."""

from __future__ import annotations

from typing import Any

from codial_tui.services.context import Context
from codial_tui.services.records import settings

_SITE = "SELECT id, label, street, postcode, city FROM address"
_MACHINE = "SELECT id, code, label, serial, location FROM equipment"


def rows(context: Context, picker: str, text: str, owner: int | None) -> list[tuple[Any, ...]]:
    """Value, words and detail of all that an owner has."""
    database = context.database
    if picker == "contact":
        return database.rows(
            "SELECT id, name, job FROM contact WHERE party_id = ? AND active = 1 "
            "ORDER BY is_default DESC, position, id",
            (owner,),
        )
    if picker == "address":
        found = database.rows(
            f"{_SITE} WHERE party_id = ? AND active = 1 ORDER BY role = 'billing', position, id",
            (owner,),
        )
        return [(one[0], one[1] or one[2], _joined(one[2:])) for one in found]
    if picker == "customer_order":
        return database.rows(
            "SELECT id, number, subject FROM document WHERE kind = 'order' AND party_id = ? "
            "AND number IS NOT NULL ORDER BY date DESC, id DESC LIMIT 200",
            (owner,),
        )
    if picker == "equipment":
        found = database.rows(
            f"{_MACHINE} WHERE party_id = ? AND active = 1 ORDER BY code_fold, id", (owner,)
        )
        return [(one[0], _joined(one[1:3]), _joined(one[3:])) for one in found]
    return _machines(context, text, owner)


def _machines(context: Context, text: str, contract_id: int | None) -> list[tuple[Any, ...]]:
    """Machines of the contract's customer that it does not cover yet, those of its site first: the
    others only once something is typed, where the setting says so."""
    contract = context.database.mapping("SELECT * FROM contract WHERE id = ?", (contract_id,))
    if contract is None:
        return []
    by_site = settings.value(context, "contract.by_site", True)
    site = contract["address_id"]
    only = " AND address_id = ?" if site and by_site and not text.strip() else ""
    today = context.today.isoformat()
    found = context.database.rows(
        f"{_MACHINE} WHERE party_id = ? AND active = 1{only} AND id NOT IN "
        "(SELECT equipment_id FROM contract_machine WHERE contract_id = ? "
        "AND (until IS NULL OR until > ?)) "
        "ORDER BY CASE WHEN address_id = ? THEN 0 ELSE 1 END, code_fold, id",
        (contract["party_id"], *((site,) if only else ()), contract_id, today, site),
    )
    return [(one[0], _joined(one[1:3]), _joined(one[3:])) for one in found]


def label(context: Context, picker: str, value: int) -> str:
    """The words for a stored value, "" for none."""
    if picker == "contact":
        return str(context.database.value("SELECT name FROM contact WHERE id = ?", (value,), ""))
    if picker == "customer_order":
        return str(context.database.value("SELECT number FROM document WHERE id = ?", (value,), ""))
    select = _SITE if picker == "address" else _MACHINE
    row = context.database.row(f"{select} WHERE id = ?", (value,))
    return _joined(row[1:]) if row else ""


def _joined(parts: tuple[Any, ...]) -> str:
    return " ".join(str(one) for one in parts if one)
