"""The settings of the company that are no columns: read and written by declared field."""

from __future__ import annotations

import json
from typing import Any

from codial_tui.domain.problems import Problem
from codial_tui.domain.records.setting_fields import ALL_SETTINGS, CompanySetting
from codial_tui.domain.spec import FieldType
from codial_tui.domain.text import clean
from codial_tui.errors import Refused
from codial_tui.services.context import Context

from . import rights, settings

_BY_NAME = {one.field.name: one for one in ALL_SETTINGS}


def value(context: Context, name: str) -> Any:
    """The company's own value, whatever a user set for themselves; its default when not set."""
    held, key = _held(context, name)
    found = held.get(key) if isinstance(held, dict) else held
    return _BY_NAME[name].default if found in (None, "") else found


def put(context: Context, name: str, wanted: Any) -> None:
    """Set a value; None or "" goes back to the default. Raises Refused."""
    rights.require(context, "settings")
    one = _BY_NAME[name]
    checked = _checked(one, wanted)
    held, key = _held(context, name)
    if key:
        held = {**(held or {}), key: checked}
        held = {inner: kept for inner, kept in held.items() if kept not in (None, "")}
        settings.store(context, name.partition("/")[0], held, own=False)
    else:
        is_flag = one.field.type is FieldType.BOOL and checked is not None
        stored = bool(checked) if is_flag else checked
        settings.store(context, name, one.default if stored is None else stored, own=False)


def _held(context: Context, name: str) -> tuple[Any, str]:
    """What is stored under the setting of a field, and the field's key in it."""
    stored, _, key = name.partition("/")
    text = context.database.value(
        "SELECT value FROM setting WHERE scope = 'company' AND name = ?", (stored,)
    )
    return (json.loads(text) if text else None), key


def _checked(one: CompanySetting, wanted: Any) -> Any:
    if isinstance(wanted, str):
        return clean(wanted)[: one.field.max_length]
    if one.most and wanted is not None and not one.least <= wanted <= one.most:
        said = f"{one.field.label} : hors bornes"
        remedy = f"pas moins de {one.least}" if wanted < one.least else "un nombre plus petit"
        raise Refused(Problem("setting.range", one.field.name, said, remedy))
    return wanted
