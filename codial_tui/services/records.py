"""Parties and items as records: reading one, and writing a field when it is left.

A field edited here is remembered in `user_columns`, so that a price list never overwrites it.
"""

from __future__ import annotations

import json
from typing import Any

from codial_tui.domain.document import Value
from codial_tui.domain.problems import Problem
from codial_tui.domain.records import RECORD_TYPES
from codial_tui.domain.spec import Field, FieldType, RecordType
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused, refuse

from . import parties
from .context import Context


def load(context: Context, name: str, record_id: int) -> dict[str, Any]:
    """A record by column name. Raises Refused when there is none."""
    table = RECORD_TYPES[name].table
    found = context.database.mapping(f"SELECT * FROM {table} WHERE id = ?", (record_id,))
    if found is None:
        raise refuse("record.unknown", "Fiche introuvable")
    return found


def find(context: Context, name: str, key: str) -> int | None:
    """The id of a record by its exact key (code, reference), whatever its case."""
    record = RECORD_TYPES[name]
    found: int | None = context.database.value(
        f"SELECT id FROM {record.table} WHERE {record.key}_fold = ?", (fold(key.strip()),)
    )
    return found


def create(context: Context, name: str, values: dict[str, Any]) -> int:
    """A new record from the few fields asked on the spot; returns its id. Raises Refused."""
    if name == "party":
        return parties.create(context, values)
    record = RECORD_TYPES[name]
    row = {key: clean(one) if isinstance(one, str) else one for key, one in values.items()}
    for field in record.fields:
        if field.required and not row.get(field.name):
            raise Refused(Problem("field.required", field.name, f"{field.label} manque"))
    if find(context, name, str(row[record.key])) is not None:
        raise Refused(
            Problem(
                "record.exists", record.key, f"{row[record.key]} existe déjà", "ouvrez sa fiche"
            )
        )
    now = context.now
    row.update(_folded(record, row))
    row.update(uid=context.uid(), created_at=now, updated_at=now)
    row["user_columns"] = json.dumps(sorted(values))
    with context.database.write():
        return context.database.insert(record.table, row)


def put(context: Context, name: str, record_id: int, field: Field, value: Value) -> None:
    """Write one field of a record. Raises Refused."""
    record = RECORD_TYPES[name]
    if isinstance(value, str):
        value = clean(value, multiline=field.type is FieldType.LONG_TEXT)
        if len(value) > field.max_length:
            raise Refused(
                Problem("field.too_long", field.name, f"{field.max_length} signes au plus")
            )
    if field.required and value in (None, ""):
        raise Refused(Problem("field.required", field.name, f"{field.label} manque", field.help))
    now = load(context, name, record_id)
    after = {**now, field.name: value}
    if name == "party":
        problems = [one for one in parties.check(after) if one.field == field.name]
        if problems:
            raise Refused(*problems)
    if field.name == record.key:
        other = find(context, name, str(value))
        if other not in (None, record_id):
            raise Refused(Problem("record.exists", field.name, f"{value} existe déjà"))
    edited = sorted({*json.loads(now["user_columns"]), field.name})
    changes = {
        field.name: value,
        **_folded(record, after),
        "user_columns": json.dumps(edited),
        "updated_at": context.now,
    }
    with context.database.write():
        context.database.update(record.table, record_id, changes)


def _folded(record: RecordType, row: dict[str, Any]) -> dict[str, str]:
    """The search and sort columns that follow from what people read."""
    key, label = str(row.get(record.key) or ""), str(row.get(record.label) or "")
    if record.name == "party":
        search = parties.search_text(row)
    else:
        search = fold(" ".join(part for part in (key, label, str(row.get("ean") or "")) if part))
    return {
        f"{record.key}_fold": fold(key),
        f"{record.label}_fold": fold(label),
        "search_text": search,
    }
