"""Declared records fit their tables, and obey their rules."""

from __future__ import annotations

import pytest

from codial_tui.domain.records.record_parts import PART_TYPES
from codial_tui.domain.records.records import RECORD_TYPES, record_type
from codial_tui.domain.records.reference_records import REFERENCE
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.lists import choices, record_lists
from codial_tui.services.records import record_parts, records

DECLARED = {**RECORD_TYPES, **REFERENCE, **PART_TYPES}


@pytest.mark.parametrize("name", DECLARED)
def test_what_is_declared_is_stored(context: Context, name: str) -> None:
    record = DECLARED[name]
    row = context.database.run(f"SELECT * FROM {record.table} WHERE 1 = 0").description
    columns = {one[0] for one in row}
    fields = {one.name for one in record.fields}
    assert fields <= columns
    assert {record.key, record.label, *record.once} <= columns
    assert {f"{one}_fold" for one in record.folds} <= columns
    assert {one for one in columns if one.endswith("_fold")} == {f"{n}_fold" for n in record.folds}
    assert ("uid" in columns) == record.uid
    assert not record.owner or record.owner in columns
    assert not record.owner or record.retires == ("active" in columns)
    assert set(record.quick) <= fields
    assert {one.picks for one in record.fields if one.picks} <= choices.PICKERS
    pages = [page for tab in record.tabs for page in tab.pages]
    shown = [one for page in pages for one in (*page.left, *page.right) if one]
    assert sorted(shown) == sorted(fields) or not pages
    if not record.owner:
        record_lists.RecordList(context, name, "x").rows(0, 5)
        record_lists.RecordList(context, name).rows(0, 5)


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        ("vat_rate", {"code": "x", "label": "x", "rate": 1_000_001}, "rate"),
        ("app_user", {"login": "a b", "name": "A"}, "login"),
        ("branch", {"code": "", "name": "A"}, "code"),
        ("unit", {"code": "x" * 9, "label": "x"}, "code"),
        ("unit", {"code": "U", "label": "twice"}, "code"),
    ],
)
def test_what_is_wrong_is_refused(
    context: Context, name: str, values: dict[str, object], field: str
) -> None:
    before = context.database.value(f"SELECT COUNT(*) FROM {name}")
    with pytest.raises(Refused) as refused:
        records.create(context, name, values)
    assert refused.value.problems[0].field == field
    assert context.database.value(f"SELECT COUNT(*) FROM {name}") == before


def test_a_zero_rate_is_a_rate(context: Context) -> None:
    made = records.create(context, "vat_rate", {"code": "z", "label": "Zéro", "rate": 0})
    assert records.load(context, "vat_rate", made)["category"] == "Z"


def test_an_assembly_is_never_inside_itself(context: Context) -> None:
    ids = [records.create(context, "item", {"reference": one, "label": one}) for one in "ABC"]
    one, two, three = ids
    for whole, part in ((one, two), (two, three)):
        values = {"component_id": part, "ratio": 1_000_000}
        record_parts.create(context, "assembly_component", whole, values)
    for part in (one, two, three):
        with pytest.raises(Refused, match="contiendrait"):
            record_parts.create(
                context, "assembly_component", three, {"component_id": part, "ratio": 1}
            )
    assert records.load(context, "item", three)["is_assembly"] == 0


def test_a_price_list_line_is_of_one_thing(context: Context) -> None:
    listed = records.create(context, "price_list", {"code": "P", "label": "Pro"})
    family = records.create(context, "item_family", {"code": "F", "label": "F"})
    item = records.create(context, "item", {"reference": "A", "label": "A"})
    for values in (
        {"item_id": item, "family_id": family, "discount": 1},
        {"family_id": family, "price": 100},
        {"item_id": item},
    ):
        with pytest.raises(Refused):
            record_parts.create(context, "price_list_line", listed, values)
    values = {"family_id": family, "discount": 50_000}
    record_parts.create(context, "price_list_line", listed, values)
    for again in (values, {**values, "from_quantity": 0}):
        with pytest.raises(Refused, match="existe déjà"):
            record_parts.create(context, "price_list_line", listed, again)


def test_a_code_that_no_list_has_is_still_read(context: Context) -> None:
    assert choices.label_of(context, "product_nature", "fourniture") == "Fourniture"
    assert choices.label_of(context, "product_nature", "reprise 2019") == "reprise 2019"
    assert choices.label_of(context, "branch", 99) == ""


def test_instalments_are_at_most_the_whole(context: Context) -> None:
    terms = context.database.value("SELECT id FROM payment_terms WHERE code = '30j'")
    made = [
        record_parts.create(context, "payment_instalment", terms, {"share": share, "days": days})
        for share, days in ((600_000, 60), (400_000, 30))
    ]
    share = record_type("payment_instalment").field("share")
    for wrong in (400_001, 0, -1):
        with pytest.raises(Refused):
            records.put(context, "payment_instalment", made[1], share, wrong)
    records.put(context, "payment_instalment", made[1], share, 399_999)
    found = record_parts.listed(context, "payment_instalment", terms)
    assert [(one["share"], one["days"]) for one in found] == [(399_999, 30), (600_000, 60)]
