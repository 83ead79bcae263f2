"""How lines are numbered: by chapter, or through; from any first number."""

from __future__ import annotations

import pytest

from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.lines.line_numbers import letters, parse_numbering
from codial_tui.domain.problems import Invalid
from codial_tui.domain.structure import Outline, numbers, outline

CHAPTER, ITEM, ASSEMBLY = LineType.CHAPTER, LineType.ITEM, LineType.ASSEMBLY


def numbered(scheme: str) -> list[str]:
    lines = [
        Line("before"),
        Line("c1", CHAPTER),
        Line("a", ASSEMBLY),
        Line("part", parent_uid="a"),
        Line("note", LineType.COMMENT),
        Line("c11", CHAPTER, level=2),
        Line("b"),
        Line("break", LineType.PAGE_BREAK),
        Line("c2", CHAPTER),
        Line("c"),
    ]
    document = Document(1, "d", "quote", {"numbering": scheme}, lines)
    return list(numbers(document).values())


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("", ["1", "2", "2.1", "2.1.1", "2.2", "2.3", "2.3.1", "", "3", "3.1"]),
        ("5.1", ["5", "6", "6.1", "6.1.1", "6.2", "6.3", "6.3.1", "", "7", "7.1"]),
        ("1", ["1", "A", "2", "2.1", "3", "A.1", "4", "", "B", "5"]),
        ("100", ["100", "A", "101", "101.1", "102", "A.1", "103", "", "B", "104"]),
        ("nonsense", ["1", "2", "2.1", "2.1.1", "2.2", "2.3", "2.3.1", "", "3", "3.1"]),
    ],
)
def test_numbers_follow_the_scheme(scheme: str, expected: list[str]) -> None:
    assert numbered(scheme) == expected


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("", ""), ("1.1", ""), (" 1 ", "1"), ("100", "100"), ("05.1", "5.1"), ("5.", "5.1")],
)
def test_the_first_number_says_it_all(typed: str, stored: str) -> None:
    assert parse_numbering(typed) == stored


@pytest.mark.parametrize("typed", ["0", "0.1", "a", "1.2", "-1", "1,1", "123456", "1.1.1", "１"])
def test_what_is_no_first_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="premier numéro"):
        parse_numbering(typed)


def test_chapters_go_on_after_z() -> None:
    assert [letters(n) for n in (1, 26, 27, 52, 53, 703)] == ["A", "Z", "AA", "AZ", "BA", "AAA"]


def test_one_line_of_many_is_numbered_without_the_others() -> None:
    lines = [Line("c", CHAPTER), *(Line(f"l{n}") for n in range(2000))]
    document = Document(1, "d", "quote", {}, lines)
    assert Outline(document).number("l1999") == "1.2000"
    assert outline(document)[2000].heading == "c"
