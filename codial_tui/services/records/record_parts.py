"""What a record has several of: listed, made, changed field by field, taken out of use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.problems import Problem
from codial_tui.domain.records.record_parts import ADDRESS, PART_TYPES
from codial_tui.domain.spec import Field, RecordType
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.lists import choices

from . import record_rules, records

DEFAULT, POSITION = "is_default", "position"


def listed(context: Context, part: str, owner_id: int) -> list[dict[str, Any]]:
    """Those in use of a record by column name, in order; choices also in words."""
    record = PART_TYPES[part]
    found = context.database.mappings(
        f"SELECT * FROM {record.table} WHERE {record.owner} = ?"
        f"{' AND active = 1' if record.retires else ''} ORDER BY {_order(record)}",
        (owner_id,),
    )
    choices.put_words(context, record, found)
    return found


def _order(record: RecordType) -> str:
    names = {one.name for one in record.fields}
    by = ["is_default DESC"] if DEFAULT in names else []
    if "from_quantity" in names:
        by += [one for one in ("item_id", "family_id") if one in names] + ["from_quantity"]
    elif "days" in names:
        by.append("days")
    elif _positioned(record):
        by.append(POSITION)
    return ", ".join([*by, "id"])


def _positioned(record: RecordType) -> bool:
    return record.retires or record.table == "assembly_component"


def create(context: Context, part: str, owner_id: int, values: Mapping[str, Any]) -> int:
    """A new one; the first address of its role, the first contact, is the default. Raises
    Refused."""
    record = PART_TYPES[part]
    records.may_change(context, record)
    if part == "contract_use":
        return _use(context, owner_id, values)
    if part == "equipment_reading":
        from codial_tui.services.maintenance import equipment

        given = {name: values.get(name) for name in ("value", "read_on", "note")}
        day, note = str(given["read_on"] or ""), str(given["note"] or "")
        return equipment.read(context, owner_id, int(given["value"] or 0), day, note)
    given = {**values, record.owner: owner_id}
    if part == "contract_machine" and not given.get("since"):
        from codial_tui.services.maintenance import contract_machines

        given["since"] = contract_machines.joins(context, owner_id)
    if record is ADDRESS:
        given.setdefault("role", "delivery")
        if not (given.get("street") or given.get("city")):
            raise Refused(Problem("address.empty", "street", "L'adresse est vide", "tapez la rue"))
    row = records.new_row(context, record, given)
    others = listed(context, part, owner_id)
    if _positioned(record):
        row[POSITION] = max((one[POSITION] for one in others), default=-1) + 1
    if DEFAULT in {one.name for one in record.fields}:
        alike = [one for one in others if one.get("role") == row.get("role")]
        row.setdefault(DEFAULT, int(not alike))
    with context.database.write():
        made = context.database.insert(record.table, row)
        _one_default(context, record, {**row, "id": made})
        record_rules.follow(context, part, {**row, "id": made})
    return made


def _use(context: Context, contract_id: int, values: Mapping[str, Any]) -> int:
    from datetime import date

    from codial_tui.services.maintenance import contract_use

    day = values.get("used_on") or context.today.isoformat()
    return contract_use.use(
        context,
        contract_id,
        values.get("quantity") or 0,
        day=date.fromisoformat(day),
        note=str(values.get("note") or ""),
    )


def warning(context: Context, part: str, row_id: int) -> str:
    """What is to be known of a part that was written, though it is let through; "" for nothing."""
    if part != "contract_machine":
        return ""
    from codial_tui.services.maintenance import contract_machines

    row = context.database.mapping(f"SELECT * FROM {part} WHERE id = ?", (row_id,))
    return contract_machines.warning(context, row) if row else ""


def put(context: Context, part: str, row_id: int, field: Field, value: Any) -> None:
    """Write one field. Raises Refused."""
    records.put(context, part, row_id, field, value)
    record = PART_TYPES[part]
    if field.name in (DEFAULT, "role"):
        with context.database.write():
            _one_default(context, record, records.load(context, part, row_id))


def remove(context: Context, part: str, row_id: int) -> None:
    """Take one out of use (documents keep their own copy of it), or delete it for good."""
    record = PART_TYPES[part]
    records.may_change(context, record)
    row = records.load(context, part, row_id)
    with context.database.write():
        if part == "contract_machine":
            from codial_tui.services.maintenance import contract_machines

            contract_machines.leave(context, row)
        elif record.retires:
            context.database.update(record.table, row_id, {"active": 0, DEFAULT: 0})
        else:
            context.database.execute(f"DELETE FROM {record.table} WHERE id = ?", (row_id,))
        record_rules.follow(context, part, row)


def _one_default(context: Context, record: RecordType, row: Mapping[str, Any]) -> None:
    """At most one default an owner and role, inside the caller's transaction."""
    if not row.get(DEFAULT):
        return
    alike, params = ("role = ?", (row["role"],)) if record is ADDRESS else ("1 = 1", ())
    context.database.execute(
        f"UPDATE {record.table} SET is_default = 0 WHERE {record.owner} = ? AND id <> ? "
        f"AND {alike}",
        (row[record.owner], row["id"], *params),
    )
