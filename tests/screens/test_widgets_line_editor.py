"""The line editor alone: its keys, its undo, any keys in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from codial_tui.widgets.line_editor import LineEditor, draw
from codial_tui.widgets.press import Press
from codial_tui.widgets.theme import COLOUR

NAMED = (
    *("left", "right", "home", "end", "backspace", "delete", "shift+left", "shift+home"),
    *(f"ctrl+{letter}" for letter in "aedkuwxcvrzy"),
)
KEYS = st.one_of(
    st.sampled_from(NAMED).map(Press),
    st.sampled_from("ab é,漢;\u0301 ").map(lambda char: Press(char, char)),
)


def typed(editor: LineEditor, *keys: str) -> LineEditor:
    for key in keys:
        editor.press(Press(key, key if len(key) == 1 else None))
    return editor


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("a", "b", "left", "c"), "acb"),
        ((*"un deux", "ctrl+w"), "un "),
        ((*"un deux", "left", "left", "ctrl+k"), "un de"),
        ((*"un deux", "left", "left", "ctrl+u"), "ux"),
        ((*"abc", "ctrl+a", "ctrl+d", "delete"), "c"),
        ((*"abc", "shift+left", "shift+left", "x"), "ax"),
        ((*"abc", "shift+home", "ctrl+x", "d", "ctrl+v"), "dabc"),
        ((*"abc", "ctrl+c", "ctrl+v"), "abc"),
        ((*"a b c", "ctrl+r"), "a b "),
        ((*"abc", "ctrl+u", "ctrl+r"), "abc"),
        ((*"abc", "ctrl+r", "ctrl+y"), "abc"),
        ((*"abc", "ctrl+r", "d", "ctrl+y"), "d"),
    ],
)
def test_keys(keys: tuple[str, ...], text: str) -> None:
    assert typed(LineEditor(), *keys).text == text


def test_nothing_to_undo_is_somebody_elses_key() -> None:
    editor = typed(LineEditor(), "a")
    assert editor.press(Press("ctrl+r"))
    assert not editor.press(Press("ctrl+r")), "the document's undo comes next"
    editor.set("abc")
    assert not editor.press(Press("ctrl+r"))
    assert not editor.press(Press("ctrl+c")), "nothing is selected"


def test_the_limit_refuses_and_keeps() -> None:
    editor = LineEditor("abc", limit=4)
    typed(editor, "d", "e")
    assert editor.text == "abcd" and editor.refused
    typed(editor, "shift+left", "x")
    assert editor.text == "abcx" and not editor.refused


def test_a_no_break_blank_is_a_blank_and_controls_type_nothing() -> None:
    editor = LineEditor("a")
    assert editor.press(Press("no-break_space", "\u00a0")) and editor.text == "a "
    for char in ("\x1b", "\x07", "\u202e", "\x9b"):
        editor.press(Press("unknown", char))
    assert editor.text == "a "


@given(st.lists(KEYS, max_size=60))
def test_undo_goes_back_to_the_beginning_and_redo_to_the_end(keys: list[Press]) -> None:
    editor = LineEditor(limit=40)
    for key in keys:
        editor.press(key)
        assert 0 <= editor.caret <= len(editor.text) <= 40
        assert not editor.text.startswith("\x1b")
    while editor.press(Press("ctrl+y")):
        pass
    last = editor.text
    while editor.press(Press("ctrl+r")):
        pass
    assert editor.text == ""
    while editor.press(Press("ctrl+y")):
        pass
    assert editor.text == last


@given(st.lists(KEYS, max_size=60), st.integers(2, 30))
def test_it_is_drawn_in_its_cells_with_the_caret_in_view(keys: list[Press], width: int) -> None:
    editor = LineEditor()
    for key in keys:
        editor.press(key)
    segments = draw(editor, width, COLOUR, "typed", caret=True)
    assert sum(cell_len(segment.text) for segment in segments) == width
    assert COLOUR.style("caret") in [segment.style for segment in segments]
