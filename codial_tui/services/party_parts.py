"""Addresses and contacts of a party: read, made, changed field by field, taken out of use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.party_parts import ADDRESS, CONTACT
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import Field, RecordType
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused, refuse

from .context import Context

_PARTS = {one.name: one for one in (ADDRESS, CONTACT)}


def listed(context: Context, part: str, party_id: int) -> list[dict[str, Any]]:
    """The active ones of a party by column name, the default first; `role_label` in words."""
    found = context.database.mappings(
        f"SELECT * FROM {_PARTS[part].table} WHERE party_id = ? AND active = 1 "
        "ORDER BY is_default DESC, position, id",
        (party_id,),
    )
    if part == ADDRESS.name:
        labels = dict(ADDRESS.field("role").choices)
        for row in found:
            row["role_label"] = labels[row["role"]]
    return found


def load(context: Context, part: str, row_id: int) -> dict[str, Any]:
    """One by column name. Raises Refused when there is none."""
    found = context.database.mapping(f"SELECT * FROM {_PARTS[part].table} WHERE id = ?", (row_id,))
    if found is None:
        raise refuse("part.unknown", f"{_PARTS[part].title} introuvable")
    return found


def create(context: Context, part: str, party_id: int, values: Mapping[str, Any]) -> int:
    """A new one; the first of its role is the default. Raises Refused."""
    record = _PARTS[part]
    row = {name: _checked(record.field(name), value) for name, value in values.items()}
    for field in record.fields:
        if field.required and not row.get(field.name):
            raise Refused(Problem("field.required", field.name, f"{field.label} manque"))
    if record is ADDRESS:
        row.setdefault("role", "delivery")
        if not (row.get("street") or row.get("city")):
            raise Refused(Problem("address.empty", "street", "L'adresse est vide", "tapez la rue"))
    others = listed(context, part, party_id)
    alike = [one for one in others if one.get("role") == row.get("role")]
    row.update(_folded(record, row))
    row.update(uid=context.uid(), party_id=party_id, position=len(others))
    row.setdefault("is_default", int(not alike))
    with context.database.write():
        made = context.database.insert(record.table, row)
        _one_default(context, record, {**row, "id": made})
    return made


def put(context: Context, part: str, row_id: int, field: Field, value: Any) -> None:
    """Write one field. Raises Refused."""
    record = _PARTS[part]
    value = _checked(field, value)
    if field.required and not value:
        raise Refused(Problem("field.required", field.name, f"{field.label} manque"))
    after = {**load(context, part, row_id), field.name: value}
    with context.database.write():
        context.database.update(record.table, row_id, {field.name: value, **_folded(record, after)})
        _one_default(context, record, after)


def remove(context: Context, part: str, row_id: int) -> None:
    """Take one out of use; documents keep their own copy of it."""
    with context.database.write():
        context.database.update(_PARTS[part].table, row_id, {"active": 0, "is_default": 0})


def _one_default(context: Context, record: RecordType, row: Mapping[str, Any]) -> None:
    """At most one default a party and role, inside the caller's transaction."""
    if not row.get("is_default"):
        return
    alike, params = ("role = ?", (row["role"],)) if record is ADDRESS else ("1 = 1", ())
    context.database.execute(
        f"UPDATE {record.table} SET is_default = 0 WHERE party_id = ? AND id <> ? AND {alike}",
        (row["party_id"], row["id"], *params),
    )


def _checked(field: Field, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = clean(value)
    if len(text) > field.max_length:
        raise Refused(Problem("field.too_long", field.name, f"{field.max_length} signes au plus"))
    return text


def _folded(record: RecordType, row: Mapping[str, Any]) -> dict[str, str]:
    return {"name_fold": fold(str(row.get("name") or ""))} if record is CONTACT else {}
