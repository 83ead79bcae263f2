"""Numbering, nesting and subtotals."""

from __future__ import annotations

from document_strategies import document, documents, heading, line
from hypothesis import given

from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.structure import closure, numbers, outline, roots, span_of, subtotals


def works() -> Document:
    return document(
        line("free", "1", "10"),
        heading("plumbing"),
        line("tube", "1", "20"),
        Line("note", LineType.COMMENT),
        heading("bath", 2),
        line("tap", "1", "30"),
        line("option", "1", "5", tag="option"),
        heading("power"),
        line("board", "1", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("breaker", "2", "20", parent_uid="board"),
        line("wire", "1", "10", parent_uid="board"),
        line("cable", "1", "40"),
    )


def test_numbers_follow_the_chapters() -> None:
    assert numbers(works()) == {
        "free": "1", "plumbing": "2", "tube": "2.1", "note": "2.2", "bath": "2.3",
        "tap": "2.3.1", "option": "2.3.2", "power": "3", "board": "3.1",
        "breaker": "3.1.1", "wire": "3.1.2", "cable": "3.2",
    }  # fmt: skip


def test_depth_follows_the_nesting() -> None:
    depths = {place.uid: place.depth for place in outline(works())}
    assert depths == {
        "free": 0, "plumbing": 0, "tube": 1, "note": 1, "bath": 1, "tap": 2, "option": 2,
        "power": 0, "board": 1, "breaker": 2, "wire": 2, "cable": 1,
    }  # fmt: skip


def test_subtotals_hold_nested_chapters_and_no_option() -> None:
    assert subtotals(works()) == {"plumbing": 50_00, "bath": 30_00, "power": 90_00}


def test_subtotals_of_other_amounts() -> None:
    amounts = {one.uid: 1 for one in works().lines}
    assert subtotals(works(), amounts) == {"plumbing": 2, "bath": 1, "power": 2}


def test_titles_divide_a_chapter_without_a_number() -> None:
    made = document(
        heading("c"),
        line("a", "1", "1"),
        heading("t", 1, LineType.TITLE),
        line("b", "1", "2"),
        heading("u", 1, LineType.TITLE),
        line("d", "1", "4"),
        heading("c2"),
        line("e", "1", "8"),
    )
    assert numbers(made) == {
        "c": "1", "a": "1.1", "t": "", "b": "1.2", "u": "", "d": "1.3", "c2": "2", "e": "2.1",
    }  # fmt: skip
    assert subtotals(made) == {"c": 7_00, "t": 2_00, "u": 4_00, "c2": 8_00}


def test_a_title_of_level_0_stands_above_chapters() -> None:
    """The title line of a merged source (domain.md §4) holds that source's chapters."""
    made = document(
        heading("s1", 0, LineType.TITLE),
        heading("c1"),
        line("a", "1", "1"),
        heading("s2", 0, LineType.TITLE),
        line("b", "1", "2"),
    )
    assert subtotals(made) == {"s1": 1_00, "c1": 1_00, "s2": 2_00}
    assert numbers(made)["b"] == "2"


def test_a_skipped_level_nests_where_it_can() -> None:
    made = document(heading("a", 1), heading("b", 3), line("c"), heading("d", 2), line("e"))
    assert numbers(made) == {"a": "1", "b": "1.1", "c": "1.1.1", "d": "1.2", "e": "1.2.1"}


def test_page_breaks_and_subtitles_take_no_number() -> None:
    made = document(Line("p", LineType.PAGE_BREAK), Line("s", LineType.SUBTITLE), line("a"))
    assert numbers(made) == {"p": "", "s": "", "a": "1"}


def test_what_a_line_holds() -> None:
    made = works()
    assert span_of(made, "plumbing") == range(1, 7)
    assert span_of(made, "bath") == range(4, 7)
    assert span_of(made, "power") == range(7, 12)
    assert span_of(made, "board") == range(8, 11)
    assert span_of(made, "tube") == range(2, 3)


def test_nested_assemblies_hold_each_other() -> None:
    made = document(
        line("outer", type=LineType.ASSEMBLY),
        line("inner", type=LineType.ASSEMBLY, parent_uid="outer"),
        line("leaf", parent_uid="inner"),
        line("other", parent_uid="outer"),
        line("after"),
    )
    assert span_of(made, "outer") == range(4)
    assert numbers(made)["leaf"] == "1.1.1"
    assert numbers(made)["other"] == "1.2"
    assert [one.uid for one in closure(made, ["inner"])] == ["inner", "leaf"]


def test_closure_and_roots_of_a_selection() -> None:
    made = works()
    assert [one.uid for one in closure(made, ["tap", "bath", "board", "nowhere"])] == [
        "bath", "tap", "option", "board", "breaker", "wire",
    ]  # fmt: skip
    assert [one.uid for one in roots(made, ["tap", "bath", "wire", "board"])] == ["bath", "board"]


@given(documents(max_lines=20))
def test_subtotals_of_the_outermost_headings_and_loose_lines_are_the_total(made: Document) -> None:
    sums, places = subtotals(made), outline(made)
    outer = sum(sums[one.uid] for one in places if one.uid in sums and not one.heading)
    held = {place.uid for place in places if place.heading}
    loose = sum(one.amount for one in made.lines if one.counts and one.uid not in held)
    assert outer + loose == sum(one.amount for one in made.lines if one.counts)


@given(documents(max_lines=20))
def test_numbers_are_unique(made: Document) -> None:
    shown = [number for number in numbers(made).values() if number]
    assert len(shown) == len(set(shown))


@given(documents(max_lines=20))
def test_a_span_is_the_closure_of_its_line(made: Document) -> None:
    for one in made.lines:
        span = [made.lines[index].uid for index in span_of(made, one.uid)]
        assert span == [held.uid for held in closure(made, [one.uid])]
