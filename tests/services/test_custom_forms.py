"""Fields a company defines for a kind, and their values on a document."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain.spec import FieldType
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services import custom_forms
from codial_tui.services.context import Context, utc_now

UID = "0190a1b2-0000-7000-8000-000000000001"
OTHER = "0190a1b2-0000-7000-8000-000000000002"


@pytest.fixture
def context(database: Database) -> Iterator[Context]:
    yield start(database, program="test", clock=utc_now, login="marie")


def test_every_type_in_order_of_definition(context: Context) -> None:
    for label, kind in (("Étage", "text"), ("m²", "number"), ("Le", "date"), ("Neuf", "yes_no")):
        custom_forms.define(context, "quote", label, kind)
    custom_forms.define(context, "quote", "Énergie", "choice", ("gaz", "bois"))
    custom_forms.define(context, "order", "Autre", "text")
    found = [one.field for one in custom_forms.fields(context, "quote")]
    assert [one.label for one in found] == ["Étage", "m²", "Le", "Neuf", "Énergie"]
    assert [one.type for one in found] == [
        FieldType.TEXT,
        FieldType.QUANTITY,
        FieldType.DATE,
        FieldType.BOOL,
        FieldType.CHOICE,
    ]
    assert found[4].choices == (("gaz", "gaz"), ("bois", "bois"))


@pytest.mark.parametrize(
    ("label", "kind", "choices", "code"),
    [
        ("", "text", (), "custom.type"),
        ("\x1b[31m \t", "text", (), "custom.type"),
        ("Étage", "colour", (), "custom.type"),
        ("Énergie", "choice", (), "custom.choices"),
        ("Énergie", "choice", ("gaz",), "custom.choices"),
        ("Énergie", "choice", ("gaz", " gaz ", "\x1b[0m"), "custom.choices"),
    ],
)
def test_what_is_no_field_is_refused(
    context: Context, label: str, kind: str, choices: tuple[str, ...], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        custom_forms.define(context, "quote", label, kind, choices)
    assert refused.value.problems[0].code == code
    assert custom_forms.fields(context, "quote") == []


def test_the_same_name_twice_is_refused_for_one_kind_only(context: Context) -> None:
    custom_forms.define(context, "quote", "Étage", "text")
    custom_forms.define(context, "order", "Étage", "text")
    with pytest.raises(Refused):
        custom_forms.define(context, "quote", "etage", "number")
    assert len(custom_forms.fields(context, "quote")) == 1


def test_labels_and_choices_are_cleaned_and_shortened(context: Context) -> None:
    custom_forms.define(
        context, "quote", "\x1b]52;c;QQ\x07É" + "x" * 300, "choice", ("\x1b[2Jgaz", "y" * 300)
    )
    field = custom_forms.fields(context, "quote")[0].field
    assert field.label == "É" + "x" * 79
    assert field.choices[0] == ("gaz", "gaz")
    assert len(field.choices[1][0]) == 80


def test_values_belong_to_one_document_and_go_when_emptied(context: Context) -> None:
    custom_forms.define(context, "quote", "Étage", "text")
    field = custom_forms.fields(context, "quote")[0]
    custom_forms.put(context, field, UID, "2")
    custom_forms.put(context, field, UID, "3")
    custom_forms.put(context, field, OTHER, "9")
    assert custom_forms.values(context, "quote", UID) == {"etage": "3"}
    custom_forms.put(context, field, UID, "")
    assert custom_forms.values(context, "quote", UID) == {}
    assert custom_forms.values(context, "quote", OTHER) == {"etage": "9"}
