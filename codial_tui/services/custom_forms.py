"""Fiche perso: fields the company defines for a kind, and their values on a document."""

from __future__ import annotations

import json
from dataclasses import dataclass

from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import Field, FieldType
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused

from .context import Context

TYPES = {
    "text": FieldType.TEXT,
    "number": FieldType.QUANTITY,
    "date": FieldType.DATE,
    "choice": FieldType.CHOICE,
    "yes_no": FieldType.BOOL,
}
LABEL = 80
"""characters of a label or choice"""
YES_NO = (("1", "oui"), ("0", "non"))


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
    """Add a field to the fiche of a kind; returns its id. Raises Refused."""
    label = clean(label)[:LABEL]
    choices = tuple(dict.fromkeys(filter(None, (clean(one)[:LABEL] for one in choices))))
    if kind not in TYPES or not label:
        raise Refused(
            Problem(
                "custom.type",
                "type",
                "Champ : libellé et type",
                "texte, nombre, date, choix ou oui/non",
            )
        )
    if kind == "choice" and len(choices) < 2:
        raise Refused(Problem("custom.choices", "choices", "Un choix a deux valeurs au moins"))
    database = context.database
    name = "_".join(fold(label).split())[:40]
    with database.write():
        place = database.value("SELECT COUNT(*) FROM custom_form_field WHERE owner = ?", (owner,))
        return database.insert(
            "custom_form_field",
            {
                "uid": context.uid(),
                "owner": owner,
                "name": name,
                "label": label,
                "type": kind,
                "choices": json.dumps(list(choices), ensure_ascii=False),
                "position": place,
            },
        )


def values(context: Context, owner: str, owner_uid: str) -> dict[str, str]:
    """The values of a document's fiche by field name, as stored text."""
    return dict(
        context.database.rows(
            "SELECT f.name, v.value FROM custom_form_value v "
            "JOIN custom_form_field f ON f.id = v.field_id WHERE f.owner = ? AND v.owner_uid = ?",
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
