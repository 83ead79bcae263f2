"""A document that goes over in parts: nothing is lost, nothing is won (domain.md §4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from document_strategies import document, documents, heading, line, uids
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.chain.footer_transfer import carry_footer, frozen, shares_of
from codial_tui.domain.chain.transfer import (
    Left,
    Moved,
    Pool,
    carry,
    check_takes,
    is_carried,
    same_side,
    usual,
)
from codial_tui.domain.changes import apply
from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.lines.lines import line_key
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.spec import Inbound

DELIVER = Inbound("order", relation="fulfil", pools=("deliver",), excess=True)
BILL = Inbound("order", relation="bill", pools=("bill",), asks="deliver")
COPY = Inbound("order")


class Book:
    """What pools and footers remember between parts, as the database does."""

    def __init__(self, source: Document, inbound: Inbound) -> None:
        self.source, self.inbound = source, inbound
        self.new_uid = uids()
        for number, one in enumerate(source.lines, 1):
            one.id = number
        names = (*inbound.pools, *filter(None, (inbound.asks,)))
        self.pools = {
            (one.uid, name): Pool(one.id or 0, name, one.quantity, 0, one.net_amount, 0)
            for one in source.lines
            if is_carried(one)
            for name in names
        }
        self.gone: dict[str, dict[Any, int]] = {}

    def left(self) -> dict[str, Left]:
        found: dict[str, tuple[Pool, ...]] = {}
        for (uid, _), pool in self.pools.items():
            found[uid] = (*found.get(uid, ()), pool)
        return {uid: Left(pools[0].left, pools) for uid, pools in found.items()}

    def part(self, takes: dict[str, int], *, asked: bool = False) -> tuple[Document, Moved]:
        """One transfer: its target and what moved."""
        left, source = self.left(), self.source
        assert check_takes(source, self.inbound, left, takes) == []
        moved = carry(source, self.inbound, left, takes, self.new_uid, asked=asked)
        counted = list(self.inbound.pools[:1])
        footer = carry_footer(
            source, moved.nets, left, self.gone, self.new_uid, counted=counted, alone=moved.whole
        )
        for part in footer.parts:
            gone = self.gone.setdefault(part.pool, {})
            gone[part.source_uid, part.key] = gone.get((part.source_uid, part.key), 0) + part.amount
        ids = {one.id: one.uid for one in source.lines}
        for link in moved.links:
            key = (ids[link.source_line_id], link.pool)
            pool = self.pools[key]
            taken, amount = pool.taken + link.quantity, pool.amount + link.amount
            assert same_side(taken, pool.quantity) == taken  # never more than there is
            self.pools[key] = pool._replace(taken=taken, amount=amount)
        target = document(*moved.lines, adjustments=tuple(footer.adjustments), **source.header)
        return target, moved


@st.composite
def sources(draw: st.DrawFn) -> Document:
    """Documents with forced amounts and discounts in money too, as an order may have them."""
    found: Document = draw(documents())
    for one in found.lines:
        if not one.quantity:  # nothing of it can be taken
            continue
        if is_carried(one) and draw(st.integers(0, 4)) == 0:
            one.discount_amount = draw(st.integers(-500, 500))
        if one.type is LineType.ITEM and is_carried(one) and draw(st.integers(0, 4)) == 0:
            one.basis, one.amount = "forced", draw(st.integers(-9_999, 99_999))
    apply(found, recompute(found))
    return found


def splits(draw: Any, book: Book, parts: int) -> list[dict[str, int]]:
    """What every part takes, so that the last leaves nothing."""
    found = []
    rest = {uid: one.quantity for uid, one in book.left().items()}
    for number in range(parts):
        takes = {}
        for uid, quantity in rest.items():
            share = quantity if number == parts - 1 else draw(st.integers(0, abs(quantity)))
            takes[uid] = same_side(share if quantity >= 0 else -abs(share), quantity)
            rest[uid] = quantity - takes[uid]
        found.append({uid: taken for uid, taken in takes.items() if taken})
    return [takes for takes in found if takes]


def figures(one: Line) -> tuple[Any, ...]:
    return (one.label, one.unit_price, one.price_per, one.discounts, one.cost_price, line_key(one))


@given(sources(), st.integers(1, 5), st.data())
def test_parts_add_up(source: Document, parts: int, data: st.DataObject) -> None:
    book = Book(source, DELIVER)
    before = replace(source, lines=[replace(one) for one in source.lines])
    made = [book.part(takes) for takes in splits(data.draw, book, parts)]
    assert source.lines == before.lines  # the source is only read
    carried = [one for one in source.lines if is_carried(one) and one.quantity]
    quantities: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    pieces: Counter[str] = Counter()
    for target, _ in made:
        names = {one.label: one for one in carried}
        for one in target.lines:
            if is_carried(one):
                origin = names[one.label]
                assert figures(one) == figures(origin)  # to the last decimal
                quantities[one.label] += one.quantity
                amounts[one.label] += one.amount
                pieces[one.label] += 1
    for one in carried:
        assert quantities[one.label] == one.quantity
        slack = (pieces[one.label] + 1) / 2  # half a cent a line and document
        if one.eco_contribution:
            slack *= 2  # rounded on its own, because it is printed on its own
        assert abs(amounts[one.label] - one.amount) <= (slack if one.basis == "computed" else 0)
    if not made:
        return
    # the footer: to the cent per element and VAT key, in every mode
    wanted = {(one.uid, one.key): one.amount for one in shares_of(source) if one.amount}
    gone = {key: amount for key, amount in book.gone.get("deliver", {}).items() if amount}
    assert gone == wanted
    assert sum(sum(one.amount for one in shares_of(target)) for target, _ in made) == sum(
        wanted.values()
    )


@given(sources(), st.integers(2, 4), st.data())
def test_vat_differs_by_half_a_cent_a_key_and_document(
    source: Document, parts: int, data: st.DataObject
) -> None:
    source.header |= {"price_mode": "net", "vat_rounding": "rate"}
    source.adjustments = [one for one in source.adjustments if not one.hidden]
    apply(source, recompute(source))
    book = Book(source, DELIVER)
    made = [book.part(takes)[0] for takes in splits(data.draw, book, parts)]
    if not made:
        return
    whole = {(row.category, row.rate): row for row in totals(source).vat}
    bases: Counter[Any] = Counter()
    vat: Counter[Any] = Counter()
    for target in made:
        for row in totals(target).vat:
            bases[row.category, row.rate] += row.base
            vat[row.category, row.rate] += row.amount
    for key, row in whole.items():
        exact = (bases[key] - row.base) * key[1] / 1_000_000
        assert abs(vat[key] - row.amount - exact) <= (len(made) + 1) / 2


@given(sources(), st.booleans())
def test_a_whole_document_goes_over_as_it_is(source: Document, asked: bool) -> None:
    book = Book(source, BILL)
    takes = usual(source, BILL, book.left())
    if not any(takes.values()):
        return
    target, moved = book.part(takes, asked=asked)
    stays = [one for one in source.lines if is_carried(one) and not one.quantity]
    if moved.whole and not stays and not any(one.tag for one in source.lines):
        assert totals(target) == totals(source)
        assert [one.percent for one in target.adjustments] == [
            one.percent for one in source.adjustments
        ]
    for one in source.lines:
        pool = book.pools.get((one.uid, "deliver"))
        if pool is not None and takes.get(one.uid):
            assert pool.taken == one.quantity  # nothing here is kept in stock


@given(documents())
def test_merging_freezes_the_percents_of_both(target: Document) -> None:
    """What stands in the target keeps its footer to the cent when other lines come."""
    counting = {one.uid for one in shares_of(target) if one.amount}
    sums: Counter[Any] = Counter()
    for one in shares_of(target):
        sums[one.key] += one.amount
    apply(target, frozen(target, uids()))
    assert all(one.percent is None for one in target.adjustments if one.uid in counting)
    after: Counter[Any] = Counter()
    for one in shares_of(target):
        after[one.key] += one.amount
    assert {k: v for k, v in after.items() if v} == {k: v for k, v in sums.items() if v}


def test_headings_and_comments_follow_their_lines_and_options_stay() -> None:
    source = document(
        Line("intro", LineType.COMMENT, label="intro"),
        heading("A"),
        heading("A1", 2),
        line("a", "4", "10"),
        Line("about-a", LineType.COMMENT, label="about-a"),
        heading("B"),
        line("b", "2", "5"),
        line("c", "1", "5", tag="option"),
        Line("about-c", LineType.COMMENT, label="about-c"),
    )
    book = Book(source, DELIVER)
    target, moved = book.part({"a": 20_000})
    assert [one.label for one in target.lines] == ["intro", "A", "A1", "a", "about-a"]
    assert not moved.whole
    target, moved = book.part({"a": 20_000, "b": 20_000})
    assert [one.label for one in target.lines] == ["intro", "A", "A1", "a", "about-a", "B", "b"]


def test_more_than_is_left_becomes_a_line_without_link_or_is_refused() -> None:
    source = document(line("a", "4", "10"), line("b", "1", "1"))
    book = Book(source, DELIVER)
    target, moved = book.part({"a": 60_000})
    assert [one.quantity for one in target.lines] == [40_000, 20_000]
    assert [(one.pool, one.quantity) for one in moved.links] == [("deliver", 40_000)]
    strict = Book(source, BILL)
    problems = check_takes(source, BILL, strict.left(), {"a": 60_000})
    assert [one.code for one in problems] == ["quantity.left"]
    negative = check_takes(source, BILL, strict.left(), {"a": -10_000})
    assert [one.code for one in negative] == ["quantity.left"]
    assert [one.code for one in check_takes(source, BILL, strict.left(), {})] == [
        "transfer.nothing"
    ]


def test_an_assembly_in_parts_keeps_its_unit_price_and_its_shares() -> None:
    """A discount in money on a component is of all assemblies: each part has its share."""
    parent = line("kit", "3", "0", type=LineType.AD_HOC_ASSEMBLY)
    inside = line("in", "6", "10", parent_uid="kit", ratio=2_000_000, discount_amount=100)
    source = document(parent, inside)
    book = Book(source, DELIVER)
    price = source.lines[0].unit_price
    one, _ = book.part({"kit": 10_000})
    two, _ = book.part({"kit": 20_000})
    assert one.lines[0].unit_price == two.lines[0].unit_price == price
    assert [each.quantity for each in (*one.lines, *two.lines)] == [10_000, 20_000, 20_000, 40_000]


def test_a_fee_goes_whole_with_the_first_part_or_in_parts() -> None:
    fee = Adjustment("fee", "shipping", amount=1000, vat_category="S", vat_rate=200_000)
    source = document(line("a", "2", "10"), line("b", "2", "10"), adjustments=(fee,))
    for whole, wanted in ((True, [1000, 0]), (False, [250, 750])):
        gone: dict[str, dict[Any, int]] = {}
        pools = {one: Pool(n, "deliver", 20_000, 0, 2000, 0) for n, one in enumerate(("a", "b"), 1)}
        found = []
        for take in (1000, 3000):
            left = {uid: Left(pool.left, (pool,)) for uid, pool in pools.items()}
            moved = {("deliver", ("S", 200_000)): take}
            footer = carry_footer(
                source,
                moved,
                left,
                gone,
                uids(),
                counted=["deliver"],
                alone=False,
                fees=whole,
            )
            for part in footer.parts:
                stream = gone.setdefault(part.pool, {})
                key = (part.source_uid, part.key)
                stream[key] = stream.get(key, 0) + part.amount
            pools["a"] = pools["a"]._replace(amount=pools["a"].amount + take)
            found.append(sum(one.amount for one in footer.adjustments))
        assert found == wanted


def test_a_copy_takes_nothing() -> None:
    source = document(line("a", "4", "10"))
    source.lines[0].id = 7
    moved = carry(source, COPY, {"a": Left(40_000)}, {"a": 40_000}, uids())
    assert [(one.pool, one.quantity) for one in moved.links] == [("", 40_000)]
