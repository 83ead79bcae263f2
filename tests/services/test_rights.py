"""Rights: what declarations ask for can be given, is refused without, and takes no one further."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import codial_tui
from codial_tui.domain.kinds import doc_types
from codial_tui.domain.records.record_parts import PART_TYPES
from codial_tui.domain.records.records import RECORD_TYPES, record_type
from codial_tui.domain.records.reference_records import REFERENCE
from codial_tui.domain.rights import ADMINISTER, LABELS
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.records import records, rights, users


def test_every_right_that_is_asked_for_can_be_given() -> None:
    declared = [*RECORD_TYPES.values(), *REFERENCE.values(), *PART_TYPES.values()]
    asked = {one.right for one in declared}
    asked |= {column.right for one in declared for column in one.list_columns}
    asked |= {field.right for one in declared for field in one.fields}
    for kind in doc_types():
        asked |= {column.right for column in kind.list_columns}
        asked |= {column.right for tab in kind.tabs for column in tab.columns}
    for path in Path(codial_tui.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""(?:may|require)\((?:[\w.]+, )?"(\w+)"\)""", text))
    assert asked - {""} == {*LABELS, ADMINISTER}


def test_a_right_is_given_and_taken(context: Context) -> None:
    users.add(context, "paul", "Paul")
    paul = context.database.value("SELECT id FROM app_user WHERE login = 'paul'")
    rights.put(context, paul, "see_costs", given=True)
    rights.put(context, paul, "see_costs", given=True)
    sql = "SELECT user_id, name FROM user_right"
    assert context.database.rows(sql) == [(paul, "see_costs")]
    rights.put(context, paul, "see_costs", given=False)
    assert context.database.rows(sql) == []
    with pytest.raises(Refused, match="inconnu"):
        rights.put(context, paul, ADMINISTER, given=True)


def test_who_changes_settings_makes_no_administrators(context: Context) -> None:
    me = context.user
    context.user = me._replace(role="user", rights=frozenset({"settings"}))
    records.create(context, "branch", {"code": "B", "name": "Bordeaux"})
    role = record_type("app_user").field("role")
    for wrong in (
        lambda: records.put(context, "app_user", me.id, role, "user"),
        lambda: records.create(context, "app_user", {"login": "z", "name": "Z", "role": "admin"}),
        lambda: rights.put(context, me.id, "see_costs", given=True),
    ):
        with pytest.raises(Refused, match="Réservé aux administrateurs"):
            wrong()
    assert context.database.rows("SELECT login, role FROM app_user WHERE login = 'z'") == []
    assert context.database.value("SELECT COUNT(*) FROM user_right") == 0


def test_costs_are_not_written_without_the_right(context: Context) -> None:
    made = records.create(context, "item", {"reference": "A", "label": "A", "cost_price": 100})
    context.user = context.user._replace(role="user")
    cost = record_type("item").field("cost_price")
    with pytest.raises(Refused, match="Réservé aux administrateurs") as refused:
        records.put(context, "item", made, cost, 1)
    assert "« Coûts »" in refused.value.text
    with pytest.raises(Refused, match="Réservé aux administrateurs"):
        records.create(context, "item", {"reference": "B", "label": "B", "purchase_price": 1})
    assert context.database.rows("SELECT reference, cost_price FROM item") == [("A", 100)]
    context.user = context.user._replace(rights=frozenset({"see_costs"}))
    records.put(context, "item", made, cost, 1)
    assert context.database.value("SELECT cost_price FROM item") == 1
