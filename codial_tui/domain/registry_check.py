"""Proof that the declarations hold together; a test runs it over every registered kind."""

from __future__ import annotations

from collections.abc import Collection

from .paper.mentions import rule_names
from .rules import PREDICATES, RULES
from .spec import DocType, FieldType


def check_registry(
    kinds: Collection[DocType],
    *,
    layouts: Collection[str],
    panes: Collection[str],
    pickers: Collection[str],
    effects: Collection[str],
    columns: Collection[str],
) -> list[str]:
    """What is wrong with the declarations, in words; empty when every name resolves, every state
    is reachable and every tab letter means the same tab everywhere.

    columns: what a list or line table can show (stored columns and computed ones).
    """
    wrong: list[str] = []
    letters: dict[str, str] = {}
    sources = {kind.kind for kind in kinds}
    for kind in kinds:
        wrong += _check_names(kind, layouts, panes, pickers, effects, columns)
        wrong += _check_states(kind)
        for tab in kind.tabs:
            if letters.setdefault(tab.letter, tab.name) != tab.name:
                wrong.append(f"{kind.kind}: letter {tab.letter} is {letters[tab.letter]} elsewhere")
        for inbound in kind.inbound:
            if inbound.source not in sources:
                wrong.append(f"{kind.kind}: inbound from unknown kind {inbound.source}")
    return wrong


def _check_names(
    kind: DocType,
    layouts: Collection[str],
    panes: Collection[str],
    pickers: Collection[str],
    effects: Collection[str],
    columns: Collection[str],
) -> list[str]:
    wrong = []
    names = [one.name for one in kind.fields]
    wrong += [f"{kind.kind}: field {name} twice" for name in set(names) if names.count(name) > 1]
    for tab in kind.tabs:
        if tab.pane not in panes:
            wrong.append(f"{kind.kind}.{tab.name}: no pane {tab.pane}")
        for page in tab.pages:
            if page.pane and page.pane not in panes:
                wrong.append(f"{kind.kind}.{tab.name}: no pane {page.pane}")
            wrong += [
                f"{kind.kind}.{tab.name}: page names unknown field {name}"
                for name in (*page.left, *page.right)
                if name and name not in names
            ]
        wrong += [
            f"{kind.kind}.{tab.name}: no column {column.name}"
            for column in tab.columns
            if column.name not in columns and not column.source.startswith("provider:")
        ]
    wrong += [
        f"{kind.kind}: no list column {column.name}"
        for column in kind.list_columns
        if column.name not in columns and column.source != "side"
    ]
    for one in kind.fields:
        if one.type is FieldType.REFERENCE and one.picks not in pickers:
            wrong.append(f"{kind.kind}.{one.name}: no picker {one.picks}")
        if one.type is FieldType.CHOICE and not one.choices:
            wrong.append(f"{kind.kind}.{one.name}: a choice without choices")
        if one.store == "side" and not kind.side_table:
            wrong.append(f"{kind.kind}.{one.name}: no side table")
    wrong += [
        f"{kind.kind}: no rule {name}"
        for found in kind.rules.values()
        for name in found
        if name not in RULES
    ]
    wrong += [
        f"{kind.kind}: no effect {name}"
        for found in kind.effects.values()
        for name in found
        if name not in effects
    ]
    wrong += [
        f"{kind.kind}: no predicate {mark.predicate}"
        for mark in kind.marks
        if mark.predicate not in PREDICATES
    ]
    for name in kind.mentions:
        try:
            list(rule_names((name,)))
        except KeyError:
            wrong.append(f"{kind.kind}: no mention {name}")
    if kind.layout not in layouts:
        wrong.append(f"{kind.kind}: no print layout {kind.layout}")
    return wrong


def _check_states(kind: DocType) -> list[str]:
    names = {state.name for state in kind.states}
    letters = [state.letter for state in kind.states if state.letter]
    wrong = [
        f"{kind.kind}: state letter {letter} twice"
        for letter in sorted({one for one in letters if letters.count(one) > 1})
    ]
    wrong += [
        f"{kind.kind}: move {move.source} → {move.target} names an unknown state"
        for move in kind.moves
        if not {move.source, move.target} <= names
    ]
    if kind.initial not in names:
        return [*wrong, f"{kind.kind}: no initial state {kind.initial}"]
    reached = {kind.initial}
    while True:
        more = {move.target for move in kind.moves if move.source in reached} - reached
        if not more:
            break
        reached |= more
    return wrong + [f"{kind.kind}: state {name} is unreachable" for name in sorted(names - reached)]
