"""What an order sold is not billed again by the work order that works for it, what is beyond is:
to the unit, whatever is typed in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.changes import apply, inverse, set_line
from codial_tui.domain.document import Document, Line, LineType, Link
from codial_tui.domain.maintenance.coverage import ORDER
from codial_tui.domain.maintenance.order_cover import beyond_uid, covering, taken

HEADER = {"coverage": "none", "bill_articles": 1, "order_id": 7}


def work(*quantities: int, item: int = 1) -> Document:
    document = Document(1, "d", "work_order", dict(HEADER))
    document.lines = [
        Line(f"l{at}", position=at * 1024, item_id=item, quantity=one, unit_price=10_0000)
        for at, one in enumerate(quantities, 1)
    ]
    return document


def told(document: Document) -> list[tuple[int, str]]:
    return [(one.quantity, one.covered) for one in document.lines]


def all_of(document: Document) -> list[str]:
    return [one.uid for one in document.lines]


def test_a_line_that_has_more_is_cut_in_two() -> None:
    document = work(17_0000)
    done = covering(document, {"#1": 14_0000}, all_of(document))
    assert told(document) == [(14_0000, ORDER), (3_0000, "")]
    assert document.lines[1].uid == beyond_uid("l1")
    apply(document, inverse(done))
    assert told(document) == [(17_0000, "")]


def test_what_is_typed_again_is_all_of_it() -> None:
    document = work(17_0000)
    left = {"#1": 14_0000}
    covering(document, left, ["l1"])
    for quantity, expected in (
        (20_0000, [(14_0000, ORDER), (6_0000, "")]),
        (10_0000, [(10_0000, ORDER)]),
        (15_0000, [(14_0000, ORDER), (1_0000, "")]),
    ):
        apply(document, [one for one in [set_line(document.line("l1"), quantity=quantity)] if one])
        covering(document, left, ["l1"])
        assert told(document) == expected


def test_what_is_typed_of_the_rest_stays() -> None:
    document = work(17_0000)
    covering(document, {"#1": 14_0000}, ["l1"])
    rest = document.lines[1]
    apply(document, [one for one in [set_line(rest, quantity=5_0000)] if one])
    covering(document, {"#1": 14_0000}, [rest.uid])
    assert told(document) == [(14_0000, ORDER), (5_0000, "")]


def test_one_that_became_another_article_is_a_line_of_its_own() -> None:
    document = work(5_0000)
    covering(document, {"#1": 3_0000}, all_of(document))
    pump = document.lines[1]
    pump.item_id, pump.unit_price = 2, 900_0000
    covering(document, {"#1": 5_0000}, ())
    assert [(one.item_id, one.quantity, one.covered) for one in document.lines] == [
        (1, 3_0000, ORDER),
        (2, 2_0000, ""),
    ]
    document.lines[0].quantity = 6_0000  # cut again: beside the one that is no longer its rest
    covering(document, {"#1": 5_0000}, ["l1"])
    assert [(one.item_id, one.quantity, one.covered) for one in document.lines] == [
        (1, 5_0000, ORDER),
        (1, 1_0000, ""),
        (2, 2_0000, ""),
    ]
    document.lines[0].item_id = 3  # the first one: what was behind it is the order's then
    covering(document, {"#1": 5_0000}, ())
    assert [(one.item_id, one.covered) for one in document.lines] == [(3, ""), (1, ORDER), (2, "")]


def test_a_discount_in_euros_is_shared() -> None:
    document = work(5_0000)
    document.lines[0].discount_amount = 45_00
    covering(document, {"#1": 4_0000}, all_of(document))
    assert [one.discount_amount for one in document.lines] == [36_00, 9_00]
    apply(document, [one for one in [set_line(document.lines[0], quantity=2_0000)] if one])
    covering(document, {"#1": 4_0000}, ["l1"])
    assert [(one.quantity, one.discount_amount) for one in document.lines] == [(2_0000, 45_00)]


def test_components_went_with_their_assembly() -> None:
    document = work(1_0000)  # one more of what the assembly holds, typed before it
    document.lines.append(Line("a", LineType.ASSEMBLY, position=5000, item_id=7, quantity=1_0000))
    part = Line("c", parent_uid="a", position=6000, item_id=1, quantity=1_0000, ratio=1_000_000)
    document.lines.append(part)
    covering(document, {"#7": 1_0000, "#1": 1_0000}, all_of(document))
    assert [(one.uid, one.covered) for one in document.lines] == [
        ("l1", ""),
        ("a", ORDER),
        ("c", ""),
    ]
    assert {key: one.quantity for key, one in taken(document).items()} == {
        "#7": 1_0000,
        "#1": 1_0000,
    }


def test_without_its_order_all_is_billed() -> None:
    document = work(17_0000, 2_0000)
    covering(document, {"#1": 18_0000}, all_of(document))
    assert told(document) == [(17_0000, ORDER), (1_0000, ORDER), (1_0000, "")]
    covering(document, {}, ())
    assert [one.covered for one in document.lines] == ["", "", ""]


def test_what_a_warranty_pays_is_not_the_orders() -> None:
    document = work(2_0000, 3_0000)
    document.lines[0].covered = "warranty"
    covering(document, {"#1": 3_0000}, all_of(document))
    assert told(document) == [(2_0000, "warranty"), (3_0000, ORDER)]


def test_another_article_and_an_option_are_not_touched() -> None:
    document = work(2_0000, item=2)
    document.lines.append(Line("o", item_id=1, tag="option", position=9000))
    assert covering(document, {"#1": 3_0000}, all_of(document)) == []


def test_a_line_without_words_is_nobodys() -> None:
    document = work(2_0000)
    document.lines[0].item_id = None
    assert covering(document, {"": 5_0000}, all_of(document)) == []


def test_an_assembly_or_what_is_linked_stays_whole() -> None:
    document = work(5_0000, 5_0000)
    document.lines[0].type = LineType.ASSEMBLY
    document.lines.append(Line("c", parent_uid="l1", item_id=9, ratio=1_000_000, position=9000))
    covering(document, {"#1": 3_0000}, all_of(document))
    assert told(document)[:2] == [(5_0000, ORDER), (5_0000, "")]
    linked = work(5_0000)
    linked.links["k"] = Link("k", "l1", 3, "deliver", "deliver", 5_0000, 0)
    covering(linked, {"#1": 3_0000}, all_of(linked))
    assert told(linked) == [(5_0000, ORDER)]


@given(
    st.lists(st.integers(-5, 30).filter(bool), min_size=1, max_size=6),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_nothing_is_lost_and_nothing_billed_twice(sizes: list[int], sold: int, later: int) -> None:
    document = work(*sizes)
    covering(document, {"#1": sold}, all_of(document))
    for left in (sold, later, sold):
        covering(document, {"#1": left}, ())
        used = [one for one in document.lines if one.quantity > 0]
        assert sum(one.quantity for one in document.lines) == sum(sizes)
        back = -sum(one.quantity for one in document.lines if one.quantity < 0)
        covered = sum(one.quantity for one in used if one.covered == ORDER)
        billed = sum(one.quantity for one in used if not one.covered)
        assert covered <= left + back
        assert not billed or covered >= min(left, covered + billed)
        assert covering(document, {"#1": left}, ()) == []  # doing it again changes nothing
