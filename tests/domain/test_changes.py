"""Edits as values: apply, undo, refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from document_strategies import document, documents, line, priced_lines
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.changes import (
    Change,
    Mismatch,
    apply,
    delete,
    insert,
    insert_after,
    inverse,
    line_from,
    order,
    row_of,
    set_adjustment,
    set_header,
    set_line,
    set_part,
)
from codial_tui.domain.document import (
    Adjustment,
    Deduction,
    DepositUse,
    Document,
    Line,
    LineType,
    Reference,
)
from codial_tui.domain.draft import merged


def snapshot(made: Document) -> tuple[Any, ...]:
    """Everything a document holds; a header field never set and one set to nothing are one."""
    header = {name: value for name, value in made.header.items() if value is not None}
    return (
        header,
        [row_of(one) for one in made.lines],
        [row_of(one) for one in made.adjustments],
    )


@st.composite
def edits(draw: st.DrawFn, made: Document) -> list[Change]:
    """One random gesture on the document as it stands."""
    kind = draw(st.sampled_from(("set", "insert", "delete", "order", "header", "footer")))
    here = [one.uid for one in made.lines]
    if kind == "insert" or (kind in ("set", "delete") and not here):
        fresh = draw(priced_lines(f"fresh-{draw(st.integers(0, 10**9))}"))
        if fresh.uid in here:
            return []
        return insert_after(made, [fresh], draw(st.sampled_from([None, *here])))
    if kind == "set":
        target = made.line(draw(st.sampled_from(here)))
        change = set_line(
            target,
            quantity=draw(st.integers(-(10**6), 10**6)),
            label=draw(st.text(max_size=5)),
            discounts=tuple(draw(st.lists(st.integers(0, 10**6), max_size=2))),
            type=draw(st.sampled_from(list(LineType))),
        )
        return [change] if change else []
    if kind == "delete":
        return [delete(made.line(draw(st.sampled_from(here))))]
    if kind == "order":
        change = order(made, draw(st.permutations(here)))
        return [change] if change else []
    if kind == "header":
        change = set_header(made, subject=draw(st.text(max_size=5)), vat_rate=draw(st.integers()))
        return [change] if change else []
    if made.adjustments and draw(st.booleans()):
        one = draw(st.sampled_from(made.adjustments))
        change = set_adjustment(one, amount=draw(st.integers(0, 99)))
        return [change] if change else [delete(one)]
    position = max((one.position for one in made.adjustments), default=0) + 1
    return [insert(Adjustment(f"a-{position}", amount=5, position=position))]


@given(st.data(), documents(max_lines=6))
def test_undoing_every_step_gives_the_first_document_back(
    data: st.DataObject, made: Document
) -> None:
    """Also when steps were reordered and respaced in between, and through JSON."""
    before = snapshot(made)
    log = []
    for _ in range(data.draw(st.integers(1, 6))):
        step = data.draw(edits(made))
        apply(made, step)
        log.append(step)
    after = snapshot(made)
    for step in reversed(log):
        apply(made, [_through_json(change) for change in inverse(step)])
    assert snapshot(made) == before
    for step in log:
        apply(made, [_through_json(change) for change in step])
    assert snapshot(made) == after


def _through_json(change: Change) -> Change:
    """As the audit trail stores it."""
    old, new = (json.loads(json.dumps(side)) for side in (change.before, change.after))
    return Change(change.op, change.target, change.uid, old, new)


@given(st.data(), documents(max_lines=6))
def test_merged_changes_do_the_same(data: st.DataObject, made: Document) -> None:
    start = [line_from(row_of(one)) for one in made.lines]
    header, footer = dict(made.header), [Adjustment(**row_of(one)) for one in made.adjustments]
    log: list[Change] = []
    for _ in range(4):
        step = data.draw(edits(made))
        apply(made, step)
        log += step
    again = Document(1, made.uid, "quote", header, start, footer)
    apply(again, merged(log))
    assert snapshot(again) == snapshot(made)


def test_merged_says_each_row_once_and_drops_what_comes_back() -> None:
    one = line("a", "1", "1")
    there = Change("set", "line", "a", {"quantity": 1}, {"quantity": 2})
    back = Change("set", "line", "a", {"quantity": 2}, {"quantity": 1})
    price = Change("set", "line", "a", {"unit_price": 1}, {"unit_price": 5})
    assert merged([there, price, back]) == [price]
    assert merged([there, delete(one), back])[1].op == "delete"


def test_nothing_is_applied_when_one_change_does_not_fit() -> None:
    made = document(line("a", "1", "1"), line("b", "1", "1"))
    before = snapshot(made)
    good = set_line(made.line("a"), label="new")
    assert good is not None
    for wrong in (
        Change("set", "line", "b", {"label": "other"}, {"label": "x"}),
        Change("set", "line", "gone", {"label": ""}, {"label": "x"}),
        Change("delete", "line", "gone", row_of(made.line("a")), None),
        Change("insert", "line", "b", None, row_of(made.line("b"))),
        Change("set", "document", "document", {"subject": "other"}, {"subject": "x"}),
        Change("order", "line", "document", {"uids": ["b", "a"]}, {"uids": ["a", "b"]}),
    ):
        with pytest.raises(Mismatch):
            apply(made, [good, wrong])
        assert snapshot(made) == before


def test_setting_what_is_there_is_no_change() -> None:
    made = document(line("a", "1", "1"), subject="x")
    assert set_line(made.line("a"), label="a") is None
    assert set_header(made, subject="x") is None
    assert order(made, ["a"]) is None


def test_an_order_names_every_line_once() -> None:
    made = document(line("a"), line("b"))
    for uids in ([], ["a"], ["a", "a"], ["a", "b", "c"]):
        with pytest.raises(ValueError, match="every line once"):
            order(made, uids)


def test_a_line_survives_json() -> None:
    one = line("a", "1", "1", discounts=(1, 2), type=LineType.ASSEMBLY)
    assert line_from(json.loads(json.dumps(row_of(one)))) == one


def test_a_used_up_gap_is_opened_again() -> None:
    made = document(line("a"), line("z"))
    made.lines[1].position = made.lines[0].position + 1
    apply(made, insert_after(made, [Line("b"), Line("c")], "a"))
    assert [one.uid for one in made.lines] == ["a", "b", "c", "z"]
    positions = [one.position for one in made.lines]
    assert positions == sorted(set(positions))


def test_undo_of_a_delete_after_a_reorder_lands_in_its_place() -> None:
    """Positions are part of an order change: without them an older undo goes astray."""
    made = document(*(line(name) for name in "abcd"))
    for number, one in enumerate(made.lines):
        one.position = 10 + number
    before = snapshot(made)
    first = [delete(made.line("b"))]
    apply(made, first)
    second = order(made, ["d", "c", "a"])
    assert second is not None
    apply(made, [second])
    apply(made, inverse([second]))
    apply(made, inverse(first))
    assert snapshot(made) == before


def test_the_parts_of_an_invoice_travel_like_lines() -> None:
    made = Document(1, "d", "invoice")
    parts = [
        Reference("r" * 32, "deposit", "FA26-00001", "2026-11-01", 3, 1),
        Reference("s" * 32, "corrected", "F1", None, None, 0),
        Deduction("t" * 32, percent=50_000, release_on="2027-11-01"),
        DepositUse("u" * 32, 7, "l" * 32, "S", 200_000, 100, 100, 20),
    ]
    log = [insert(one) for one in parts]
    apply(made, log)
    assert [one.number for one in made.references] == ["F1", "FA26-00001"]
    wanted = [
        set_part(made.deductions[0], bond=1, percent=30_000),
        set_part(made.uses[0], amount=50, net=50, vat=10),
        delete(made.references[0]),
    ]
    more = [one for one in wanted if one is not None]
    assert set_part(made.uses[0], amount=100) is None
    apply(made, more)
    assert (made.deductions[0].bond, made.uses[0].amount) == (1, 50)
    assert len(made.references) == 1
    again = json.loads(json.dumps([(one.before, one.after) for one in more]))
    assert again[1] == [
        {"amount": 100, "net": 100, "vat": 20},
        {"amount": 50, "net": 50, "vat": 10},
    ]
    with pytest.raises(Mismatch):
        apply(made, more)
    apply(made, inverse(more))
    assert (made.deductions[0].bond, made.uses[0].amount) == (0, 100)
    assert [one.number for one in made.references] == ["F1", "FA26-00001"]
    apply(made, inverse(log))
    assert (made.references, made.deductions, made.uses) == ([], [], [])
