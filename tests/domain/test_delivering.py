"""À livrer: what is free, what is above it, and what stock allows (domain.md §2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.chain.delivering import excess, fill, free
from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.problems import Invalid

ONE = 10_000


def item(uid: str, quantity: int, item_id: int | None = 1, **values: object) -> Line:
    stocked = int(item_id is not None)
    line = Line(uid, LineType.ITEM, label=uid, quantity=quantity * ONE, item_id=item_id)
    line.stock_managed = stocked
    for name, value in values.items():
        setattr(line, name, value)
    return line


def order(*lines: Line, **header: object) -> Document:
    document = Document(1, "d", "order", dict(header))  # type: ignore[arg-type]
    document.lines = list(lines)
    return document


def filled(document: Document, stock: dict[int, int], taken: dict[str, int]) -> list[int]:
    held = {uid: {"deliver": units * ONE} for uid, units in taken.items()}
    there = {key: units * ONE for key, units in stock.items()}
    apply(document, fill(document, held, there).changes)
    return [line.to_deliver // ONE for line in document.lines]


def test_lines_of_one_item_share_its_stock_in_their_order() -> None:
    lines = (
        item("a", 4),
        item("b", 3),
        item("c", 2, None),
        item("d", -2),
        item("e", 1, tag="option"),
    )
    assert filled(order(*lines), {1: 5}, {"a": 1}) == [3, 2, 2, -2, 0]


def test_negative_stock_gives_nothing_and_says_so() -> None:
    document = order(item("a", 4), item("b", 1), item("c", 1), item("d", 1))
    plan = fill(document, {}, {1: -3 * ONE})
    assert plan.changes == []
    assert [one.text for one in plan.problems] == [
        "Stock court : a 0 sur 4, b 0 sur 1, c 0 sur 1 et 1 de plus"
    ]


def test_what_was_taken_is_not_free_and_above_it_is_excess() -> None:
    line = item("a", 4)
    document, taken = order(line), {"a": {"deliver": 3 * ONE}}
    assert free(document, line, taken) == ONE
    assert excess(document, line, 2 * ONE, taken) == ONE
    assert excess(document, line, ONE, taken) == 0
    back = item("b", -4)
    assert excess(order(back), back, -5 * ONE, {}) == -ONE


def test_nothing_is_free_of_an_order_that_gave_up() -> None:
    line = item("a", 4)
    document = order(line, given_up_at="2026-11-09T10:00:00.000Z")
    assert free(document, line, {}) == 0
    with pytest.raises(Invalid, match="abandonné"):
        fill(document, {}, {})


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 3)), max_size=8),
    st.dictionaries(st.integers(1, 3), st.integers(-20, 90)),
)
def test_never_above_what_is_free_nor_above_stock(
    wanted: list[tuple[int, int]], stock: dict[int, int]
) -> None:
    document = order(*(item(str(n), units, key) for n, (units, key) in enumerate(wanted)))
    filled(document, stock, {})
    left = dict.fromkeys((1, 2, 3), 0)
    for line in document.lines:
        assert excess(document, line, line.to_deliver, {}) == 0
        if line.to_deliver > 0:
            left[line.item_id or 0] += line.to_deliver
    assert all(gone <= max(0, stock.get(key, 0)) * ONE for key, gone in left.items())
