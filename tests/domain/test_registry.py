"""The declarations hold together, and each way of breaking one is found."""

from __future__ import annotations

from typing import Any

import pytest

from codial_tui.domain.document import LINE_FIELDS
from codial_tui.domain.kinds import doc_types, register
from codial_tui.domain.kinds.quote import QUOTE
from codial_tui.domain.paper.compose import BLOCKS
from codial_tui.domain.paper.compose_rows import CELLS
from codial_tui.domain.paper.print_layout import layout as layout_of
from codial_tui.domain.paper.print_layout import layout_names
from codial_tui.domain.registry_check import check_registry
from codial_tui.domain.spec import (
    Column,
    DocType,
    Field,
    FieldType,
    Inbound,
    Mark,
    Move,
    Page,
    State,
    Tab,
)
from codial_tui.models.tables_document import Document
from codial_tui.screens.document.pane import PANES
from codial_tui.screens.lines.line_source import COMPUTED
from codial_tui.services.invoicing import validate_effects
from codial_tui.services.lists.choices import PICKERS
from codial_tui.services.lists.mark_sql import MARK_SQL
from codial_tui.services.paper.printing import EFFECTS

DECORATED = frozenset({"state_label", "sign", "branch_label"})
"""What a list adds to the columns of the table."""


def problems(*kinds: DocType) -> list[str]:
    """What is wrong with these kinds, beside the real names of the program."""
    return check_registry(
        kinds,
        layouts=layout_names(),
        panes=frozenset(PANES),
        pickers=PICKERS,
        effects=frozenset({*EFFECTS, *validate_effects.EFFECTS}),
        columns={*LINE_FIELDS, *COMPUTED, *Document._meta.columns, *DECORATED},
    )


def test_every_declaration_holds_together() -> None:
    assert problems(*doc_types()) == []


def test_every_layout_names_cells_and_blocks_that_exist() -> None:
    for layout in map(layout_of, sorted(layout_names())):
        assert {column.name for column in layout.columns} <= set(CELLS), layout.name
        assert set(layout.blocks) <= set(BLOCKS), layout.name


def test_a_mark_can_be_counted_by_the_database() -> None:
    """A list by mark asks the database what the predicate says of a row."""
    assert {mark.predicate for kind in doc_types() for mark in kind.marks} <= set(MARK_SQL)


def tab(changed: str, **values: Any) -> tuple[Tab, ...]:
    """The tabs of a quote, one of them changed."""
    return tuple(one._replace(**values) if one.name == changed else one for one in QUOTE.tabs)


def field(**values: Any) -> dict[str, Any]:
    return {"fields": (*QUOTE.fields, Field(**{"name": "own", "label": "Propre", **values}))}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"tabs": tab("lines", pane="grid")}, "quote.lines: no pane grid"),
        (
            {"tabs": tab("header", pages=(Page("Entête", ("nobody",)),))},
            "quote.header: page names unknown field nobody",
        ),
        (
            {"tabs": tab("lines", columns=(Column("colour", "Couleur"),))},
            "quote.lines: no column colour",
        ),
        ({"list_columns": (Column("colour", "Couleur"),)}, "quote: no list column colour"),
        (field(type=FieldType.REFERENCE, picks="colour"), "quote.own: no picker colour"),
        (field(type=FieldType.CHOICE), "quote.own: a choice without choices"),
        (field(name="subject"), "quote: field subject twice"),
        ({"side_table": ""}, "quote.valid_until: no side table"),
        ({"rules": {"print": ("is_blue",)}}, "quote: no rule is_blue"),
        ({"effects": {"print": ("paint",)}}, "quote: no effect paint"),
        ({"marks": (Mark("blue", "Bleu", "is_blue"),)}, "quote: no predicate is_blue"),
        ({"layout": "watercolour"}, "quote: no print layout watercolour"),
        ({"layout": ""}, "quote: no print layout "),
        ({"initial": "born"}, "quote: no initial state born"),
        (
            {"states": (*QUOTE.states, State("lost", "Perdu"))},
            "quote: state lost is unreachable",
        ),
        (
            {"moves": (*QUOTE.moves, Move("pending", "gone"))},
            "quote: move pending → gone names an unknown state",
        ),
        ({"inbound": (Inbound("dream"),)}, "quote: inbound from unknown kind dream"),
        ({"mentions": ("poetry",)}, "quote: no mention poetry"),
        (
            {"states": (*QUOTE.states, State("again", "Encore", "E"))},
            "quote: state letter E twice",
        ),
        ({"tabs": tab("lines", letter="E")}, "quote: letter E is header elsewhere"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_broken_is_found(broken: dict[str, Any], said: str) -> None:
    assert said in problems(QUOTE._replace(**broken))


def test_a_letter_is_the_same_tab_in_every_kind() -> None:
    other = QUOTE._replace(kind="other", tabs=tab("followup", name="machine", pane="form"))
    assert problems(QUOTE, other) == ["other: letter S is followup elsewhere"]


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ({}, "quote is registered already"),
        ({"kind": "other"}, "taken by quote"),
        ({"kind": "other", "key": "Z"}, "taken by quote"),
        ({"kind": "other", "code": "zz"}, "taken by quote"),
    ],
)
def test_kind_key_and_code_belong_to_one(taken: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        register(QUOTE._replace(**taken))
    assert [one.kind for one in doc_types()].count("other") == 0
