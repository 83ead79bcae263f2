"""Fiche perso: fields the company defines for a kind, and their values on a document."""

from __future__ import annotations

import json
from dataclasses import dataclass

from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import YES_NO, Field, FieldType
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.records import rights

TYPES = {
    "text": FieldType.TEXT,
    "number": FieldType.QUANTITY,
    "date": FieldType.DATE,
    "choice": FieldType.CHOICE,
    "yes_no": FieldType.BOOL,
}
LABEL = 80
"""characters of a label or choice"""


@dataclass(frozen=True, slots=True)
class CustomField:
    """One company field: its row id and how a form shows it."""

    id: int
    field: Field


def fields(context: Context, owner: str) -> list[CustomField]:
    """The active fields of a kind, in order. owner: document kind, party or item."""
    found = context.database.rows(
        "SELECT id, name, label, type, choices, required FROM custom_form_field "
        "WHERE owner = ? AND active = 1 ORDER BY position, id",
        (owner,),
    )
    return [
        CustomField(
            row[0],
            Field(
                row[1],
                row[2],
                TYPES[row[3]],
                required=bool(row[5]),
                choices=YES_NO
                if row[3] == "yes_no"
                else tuple((choice, choice) for choice in json.loads(row[4])),
            ),
        )
        for row in found
    ]


def define(
    context: Context, owner: str, label: str, kind: str, choices: tuple[str, ...] = ()
) -> int:
    """Add a field to the fiche of a kind; returns its id. One that was removed and is defined
    again with the same name and type comes back, with what documents hold of it. Raises Refused."""
    _administrator(context)
    label, name = _named(label)
    choices = tuple(dict.fromkeys(filter(None, (clean(one)[:LABEL] for one in choices))))
    if kind not in TYPES:
        raise Refused(NO_FIELD)
    if kind == "choice" and len(choices) < 2:
        raise Refused(Problem("custom.choices", "choices", "Un choix a deux valeurs au moins"))
    database = context.database
    with database.write():
        removed = database.row(
            "SELECT id, type FROM custom_form_field WHERE owner = ? AND name = ? AND active = 0",
            (owner, name),
        )
        values = {
            "name": name,
            "label": label,
            "type": kind,
            "choices": json.dumps(list(choices), ensure_ascii=False),
            "position": _last(context, owner) + 1,
        }
        if removed and removed[1] == kind:
            database.update("custom_form_field", removed[0], {**values, "active": 1})
            return int(removed[0])
        if removed:  # another type: what it holds stays under a name nobody can type
            database.update("custom_form_field", removed[0], {"name": f"{name} {removed[0]}"})
        return database.insert(
            "custom_form_field", {"uid": context.uid(), "owner": owner, **values}
        )


def rename(context: Context, field_id: int, label: str) -> None:
    """Give a field another label; documents keep their values. Raises Refused."""
    _administrator(context)
    label, name = _named(label)
    database = context.database
    with database.write():
        owner = database.value("SELECT owner FROM custom_form_field WHERE id = ?", (field_id,))
        other = database.row(
            "SELECT id, active FROM custom_form_field WHERE owner = ? AND name = ? AND id <> ?",
            (owner, name, field_id),
        )
        if other and other[1]:
            raise refuse("custom.exists", f"« {label} » existe déjà", "un autre nom", "label")
        if other:
            database.update("custom_form_field", other[0], {"name": f"{name} {other[0]}"})
        database.update("custom_form_field", field_id, {"name": name, "label": label})


def used(context: Context, field_id: int) -> int:
    """How many documents hold a value of a field."""
    found: int = context.database.value(
        "SELECT COUNT(*) FROM custom_form_value WHERE field_id = ?", (field_id,)
    )
    return found


def remove(context: Context, field_id: int) -> None:
    """Take a field off the fiche. What documents hold of it stays in the database, and shows
    again when the field is defined again. Raises Refused."""
    _administrator(context)
    with context.database.write():
        context.database.update("custom_form_field", field_id, {"active": 0})


def move(context: Context, field_id: int, step: int) -> bool:
    """One place up (-1) or down (1) among the fields of its kind; False at the end. Raises
    Refused."""
    _administrator(context)
    database = context.database
    with database.write():
        rows = database.rows(
            "SELECT id FROM custom_form_field WHERE active = 1 AND owner = "
            "(SELECT owner FROM custom_form_field WHERE id = ?) ORDER BY position, id",
            (field_id,),
        )
        ids = [row[0] for row in rows]
        at = ids.index(field_id) + step
        if not 0 <= at < len(ids):
            return False
        ids.remove(field_id)
        ids.insert(at, field_id)
        for position, one in enumerate(ids):
            database.update("custom_form_field", one, {"position": position})
    return True


NO_FIELD = Problem(
    "custom.type", "type", "Champ : libellé et type", "texte, nombre, date, choix ou oui/non"
)


def _named(label: str) -> tuple[str, str]:
    """A label as it is stored, and the name that follows from it. Raises Refused."""
    label = clean(label)[:LABEL]
    if not label:
        raise Refused(NO_FIELD)
    return label, "_".join(fold(label).split())[:40]


def _last(context: Context, owner: str) -> int:
    found: int = context.database.value(
        "SELECT COALESCE(MAX(position), -1) FROM custom_form_field WHERE owner = ?", (owner,)
    )
    return found


def _administrator(context: Context) -> None:
    rights.require(context, "define_forms")


def values(context: Context, owner: str, owner_uid: str) -> dict[str, str]:
    """The values of a document's fiche by field name, as stored text."""
    return dict(
        context.database.rows(
            "SELECT f.name, v.value FROM custom_form_value v "
            "JOIN custom_form_field f ON f.id = v.field_id "
            "WHERE f.owner = ? AND v.owner_uid = ? AND f.active = 1",
            (owner, owner_uid),
        )
    )


def put(context: Context, field: CustomField, owner_uid: str, value: str) -> None:
    """Store one value; "" takes it away."""
    database = context.database
    with database.write():
        database.execute(
            "DELETE FROM custom_form_value WHERE field_id = ? AND owner_uid = ?",
            (field.id, owner_uid),
        )
        if value:
            names = ("field_id", "owner_uid", "value")
            database.insert_many("custom_form_value", names, [(field.id, owner_uid, value)])
