"""Fields a company defines for a kind, and their values on a document."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain.spec import FieldType
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services.context import Context, utc_now
from codial_tui.services.documents import custom_forms

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


def test_a_removed_name_serves_another_type(context: Context) -> None:
    old = custom_forms.define(context, "quote", "Étage", "text")
    custom_forms.put(context, custom_forms.fields(context, "quote")[0], UID, "deux")
    custom_forms.remove(context, old)
    new = custom_forms.define(context, "quote", "Étage", "number")
    assert new != old
    assert custom_forms.values(context, "quote", UID) == {}
    custom_forms.remove(context, new)
    other = custom_forms.define(context, "quote", "Niveau", "text")
    custom_forms.rename(context, other, "ETAGE")
    assert [one.id for one in custom_forms.fields(context, "quote")] == [other]
    sql = "SELECT value FROM custom_form_value WHERE field_id = ?"
    assert context.database.value(sql, (old,)) == "deux"


def test_who_may_not_define_changes_nothing(context: Context) -> None:
    made = custom_forms.define(context, "quote", "Étage", "text")
    context.user = context.user._replace(role="user")
    for wrong in (
        lambda: custom_forms.define(context, "quote", "Autre", "text"),
        lambda: custom_forms.rename(context, made, "Autre"),
        lambda: custom_forms.remove(context, made),
        lambda: custom_forms.move(context, made, 1),
    ):
        with pytest.raises(Refused, match="Réservé aux administrateurs") as refused:
            wrong()
        assert "« Fiches perso »" in refused.value.text
    assert [one.field.label for one in custom_forms.fields(context, "quote")] == ["Étage"]
    context.user = context.user._replace(rights=frozenset({"define_forms"}))
    custom_forms.rename(context, made, "Niveau")
    assert [one.field.label for one in custom_forms.fields(context, "quote")] == ["Niveau"]
