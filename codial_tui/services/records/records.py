"""Records from their declarations: reading one, making one, writing a field when it is left.

A field of an item or a party edited here is remembered in `user_columns`, so that a price list
never overwrites it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from codial_tui.domain.problems import Problem
from codial_tui.domain.records.records import record_type
from codial_tui.domain.spec import NUMERIC, Field, FieldType, RecordType
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.lists.choices import PICTURE

from . import parties, record_rules, rights


def load(context: Context, name: str, record_id: int) -> dict[str, Any]:
    """A record by column name. Raises Refused when there is none."""
    record = record_type(name)
    found = context.database.mapping(f"SELECT * FROM {record.table} WHERE id = ?", (record_id,))
    if found is None:
        raise refuse("record.unknown", f"{record.title} introuvable")
    return found


def remark(context: Context, name: str, row: Mapping[str, Any]) -> str:
    """A few words to know of a record whatever is done with it; "" for nothing."""
    if name != "equipment":
        return ""
    from codial_tui.services.maintenance import equipment

    twin = equipment.twin(context, row)
    return f"! même n° de série que {twin[0]}" if twin else ""


def find(context: Context, name: str, key: str) -> int | None:
    """The id of a record by its exact key (code, reference), whatever its case."""
    record = record_type(name)
    text = key.strip()
    where, params = f"{record.key}_fold = ?", [fold(text)]
    if record.key not in record.folds:
        where, params = f"({record.key} = ? OR LOWER({record.key}) = ?)", [text, text.lower()]
    found: int | None = context.database.value(
        f"SELECT id FROM {record.table} WHERE {where}", params
    )
    return found


def create(context: Context, name: str, values: dict[str, Any]) -> int:
    """A new record from the few fields asked on the spot; returns its id. Raises Refused."""
    if name == "party":
        return parties.create(context, values)
    if name == "subscription":
        from codial_tui.services.invoicing import subscriptions

        return subscriptions.create(context, values)
    if name == "equipment":
        from codial_tui.services.maintenance import equipment

        return equipment.create(context, values)
    if name == "contract":
        from codial_tui.services.maintenance import contracts

        return contracts.create(context, values)
    record = record_type(name)
    may_change(context, record)
    row = new_row(context, record, values)
    with context.database.write():
        made = context.database.insert(record.table, row)
        record_rules.follow(context, name, load(context, name, made))
    return made


def new_row(context: Context, record: RecordType, values: dict[str, Any]) -> dict[str, Any]:
    """The checked columns of a new row. Raises Refused."""
    declared = {one.name: one for one in record.fields}
    row = {
        key: _checked(declared[key], one) if key in declared else one for key, one in values.items()
    }
    for field in record.fields:
        if field.name in values:
            rights.require(context, field.right)
        if field.required and row.get(field.name) in (None, ""):
            raise Refused(Problem("field.required", field.name, f"{field.label} manque"))
    row.update(record_rules.completed(record.name, row))
    _refuse(record_rules.check(context, record.name, row))
    _refuse_twin(context, record, row, None)
    row.update(_folded(record, row))
    if record.uid:
        row["uid"] = context.uid()
    if record.searched:
        now = context.now
        row.update(created_at=now, updated_at=now, user_columns=json.dumps(sorted(values)))
    return row


def check_typed(context: Context, name: str, values: dict[str, Any], field: str) -> None:
    """Refuse a field of a row in the making as soon as it is left, where a rule can tell then
    (the keys of SIREN, SIRET, VAT number). Raises Refused."""
    if name in record_rules.CHECKED_EARLY and values.get(field):
        found = record_rules.check(context, name, values)
        _refuse([one for one in found if one.field == field])


UNSEEN: Any = object()
CHANGED = "record.changed"


def put(
    context: Context, name: str, record_id: int, field: Field, value: Any, seen: Any = UNSEEN
) -> None:
    """Write one field of a record, over the value that was seen of it. Raises Refused, also when
    somebody else wrote it meanwhile."""
    record = record_type(name)
    may_change(context, record)
    rights.require(context, field.right)
    if field.picks == PICTURE and value:
        from . import pictures

        value = pictures.taken(context, str(value))
    value = _checked(field, value)
    if field.required and value in (None, ""):
        raise Refused(Problem("field.required", field.name, f"{field.label} manque", field.help))
    with context.database.write():  # what is checked is what is there: two people, two fields
        before = load(context, name, record_id)
        if seen is not UNSEEN and before[field.name] not in (seen, value):
            said = f"{field.label} : quelqu'un d'autre vient de le changer"
            raise refuse(CHANGED, said, "relisez, puis retapez", field.name)
        after = {**before, field.name: value}
        if field.name == "is_default" and not record.owner and before["is_default"] and not value:
            raise refuse("default.missing", "Il en faut un par défaut", "choisissez-en un autre")
        found = record_rules.check(context, name, after)
        _refuse([one for one in found if one.field == field.name])
        if field.name in (record.once or (record.key,)):
            _refuse_twin(context, record, after, record_id)
        changes = {field.name: value, **_folded(record, after)}
        if record.searched:
            edited = sorted({*json.loads(before["user_columns"]), field.name})
            changes.update(user_columns=json.dumps(edited), updated_at=context.now)
        context.database.update(record.table, record_id, changes)
        record_rules.follow(context, name, after)


def noted(context: Context, name: str, row: dict[str, Any], field: Field) -> str:
    """What to know once a field is written, "" for nothing."""
    if name != "contract" or field.name != "ended_on":
        return ""
    from codial_tui.services.maintenance import contract_rest

    return " · ".join(contract_rest.told(context, row))


def may_change(context: Context, record: RecordType) -> None:
    """Raises Refused for who has not the right to change such records."""
    rights.require(context, record.right)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(*problems)


def _refuse_twin(
    context: Context, record: RecordType, row: dict[str, Any], record_id: int | None
) -> None:
    """Raises Refused when another row has the same key, or the same columns of `once`."""
    if record.once:
        names = (*((record.owner,) if record.owner else ()), *record.once)
        numbers = {one.name for one in record.fields if one.type in NUMERIC}
        row = {one: row.get(one, 0 if one in numbers else None) for one in names}
        tests = [f"{one} IS NULL" if row[one] is None else f"{one} = ?" for one in names]
        other = context.database.value(
            f"SELECT id FROM {record.table} WHERE id <> ? AND {' AND '.join(tests)}",
            [record_id or 0, *(row[one] for one in names if row[one] is not None)],
        )
        field, said = record.once[0], record.title
    elif record.owner or record.single:
        return
    else:
        field, said = record.key, str(row[record.key])
        other = find(context, record.name, said)
    if other not in (None, record_id):
        raise Refused(Problem("record.exists", field, f"{said} existe déjà", "ouvrez sa fiche"))


def _checked(field: Field, value: Any) -> Any:
    """A value as it is stored: texts clean and not too long."""
    if not isinstance(value, str):
        return value
    text = clean(value, multiline=field.type is FieldType.LONG_TEXT)
    if len(text) > field.max_length:
        raise Refused(Problem("field.too_long", field.name, f"{field.max_length} signes au plus"))
    return text


def _folded(record: RecordType, row: dict[str, Any]) -> dict[str, str]:
    """The search and sort columns that follow from what people read."""
    found = {f"{one}_fold": fold(str(row.get(one) or "")) for one in record.folds}
    if record.searched:
        parts = (str(row.get(one) or "") for one in (record.key, record.label, "ean"))
        found["search_text"] = (
            parties.search_text(row)
            if record.name == "party"
            else fold(" ".join(part for part in parts if part))
        )
    return found
