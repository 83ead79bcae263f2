"""Wrapping keeps every letter and every margin; bands flow without losing one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.paper.richtext import Run, joined
from codial_tui.printing.marks import Band, Ink, Style, wrap, wrap_rich
from codial_tui.printing.pages import BOTTOM, Pages


class OnePerLetter:
    """A font in which every character is one wide."""

    def width(self, text: str, style: Style) -> float:
        return float(len(text))

    def printable(self, text: str, face: str) -> str:
        return text


FONT = OnePerLetter()
STYLE = Style()
TEXT = st.text(alphabet="abé :;€«»%\n\u00a0", max_size=80)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(TEXT, st.integers(1, 20))
def test_wrap_keeps_text_and_margin(text: str, width: int) -> None:
    lines = wrap(FONT, text, STYLE, width)
    assert all(len(line) <= width for line in lines)
    assert squeezed("".join(lines)) == squeezed(text)


@given(st.lists(st.builds(Run, TEXT, st.booleans(), st.booleans()), max_size=5), st.integers(1, 20))
def test_wrap_rich_keeps_text_and_margin(runs: list[Run], width: int) -> None:
    paragraph = joined(runs)
    lines = wrap_rich(FONT, paragraph, STYLE, width)
    assert all(sum(len(text) for _, text in line) <= width for line in lines)
    whole = "".join(text for line in lines for _, text in line)
    assert squeezed(whole) == squeezed("".join(run.text for run in paragraph))


def test_french_signs_stay_with_their_word() -> None:
    lines = [line.strip() for line in wrap(FONT, "prix de 40 € et « mot » ici", STYLE, 11)]
    assert lines == ["prix de", "40 € et", "« mot » ici"]


BANDS = st.lists(
    st.builds(
        Band,
        st.floats(1, 40),
        st.just([]),
        st.booleans(),
        st.just(0),
        st.booleans(),
    ),
    max_size=60,
)


@given(BANDS)
def test_every_band_is_on_a_page_and_above_the_foot(bands: list[Band]) -> None:
    for index, band in enumerate(bands):
        band.marks = [Ink(0, band.height, STYLE, f"band {index}")]
    pages = Pages(FONT, "title")
    pages.flow(bands)
    placed = [
        mark
        for page in pages.pages
        for mark in page.marks
        if isinstance(mark, Ink) and mark.text.startswith("band")
    ]
    assert [mark.text for mark in placed] == [f"band {index}" for index in range(len(bands))]
    assert all(mark.y <= BOTTOM + 0.02 for mark in placed)
