"""Colours never speak alone, 16 colours and none can be read, the cursor is where one looks."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cell_dump import assert_cells, attributes, cells, runs
from demo_program import NOON, running
from opened_program import Session
from rich.color import ColorType
from rich.style import Style

from codial_tui.bootstrap import Program, open_program
from codial_tui.domain.kinds import doc_types
from codial_tui.services.records import preferences
from codial_tui.widgets.theme import CONTRAST, PAIRS, SIGNS, Look

REF = "DE26-00042"

DECLARED = [
    (one.role, one.sign) for kind in doc_types() for one in (*kind.states, *kind.marks) if one.role
]

PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
    "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "putty": "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb "
    "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc "
    "767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
    "macos": "000000 990000 00a600 999900 0000b2 b200b2 00a6b2 bfbfbf "
    "666666 e50000 00d900 e5e500 0000ff e500e5 00e5e5 e5e5e5",
    "gnome": "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 d0cfcc "
    "5e5c64 f66151 33da7a e9ad0c 2a7bde c061cb 33c7de ffffff",
    "linux": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
    "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
}
"""What terminals come with; bold white is their bright white."""


async def walk(session: Session) -> AsyncIterator[str]:
    """The main screens, each by the keys that lead there from the one before."""
    yield "home"
    await session.press("down", "down")
    yield "home-row"
    await session.press("escape", "=cuivre")
    await session.until(lambda: "TUB12" in session.text)
    yield "home-search"
    await session.press("ctrl+u", "d", "e", "enter")
    yield "list"
    await session.press("down", "space", "down")
    yield "list-marked"
    await session.press("escape", "escape")
    await session.press(*REF.lower(), "enter")
    await session.until(lambda: REF in session.rows()[0])
    yield "lines"
    await session.press("up", "up", "space")
    yield "lines-row"
    await session.press("space", "=tub cui")
    await session.until(lambda: "TUB14" in session.text or "Tube" in session.rows()[17])
    yield "lines-search"
    await session.press("ctrl+u", "escape", "=tub12 1 234", "enter")
    yield "lines-error"
    await session.press("ctrl+u", "f7")
    yield "tools"
    await session.press("escape", "ctrl+g", "e")
    yield "header"
    await session.press("tab", "=x")
    yield "header-typing"
    await session.press("ctrl+u", "ctrl+g", "s")
    yield "follow-up"
    await session.press("f10")
    yield "menu"
    await session.press("escape", "f1")
    yield "help"
    await session.press("escape", "f3")
    await session.until(lambda: "Aperçu" in session.text or "DEVIS" in session.text)
    yield "preview"
    await session.press("escape", "escape", "=tub12", "enter")
    await session.until(lambda: "Article" in session.rows()[0])
    yield "item"
    await session.press("escape", "ctrl+u", "escape")
    yield "question"


STORED = ("home-row", "list-marked", "lines", "lines-search", "lines-error", "header-typing")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """16 colours and every sign, whatever the test itself runs in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.long
@pytest.mark.usefixtures("terminal")
async def test_every_screen_in_sixteen_colours_and_in_none(
    demo: Program, demo_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every pair whole, no meaning without its sign, the same words without colour; some screens
    as they are, with their attributes."""
    words: dict[str, list[str]] = {}
    async with running(demo, monkeypatch) as session:
        async for name in walk(session):
            words[name] = session.rows()
            pairs_are_whole(session, name)
            signs_stand_with_colours(session, name)
            attention_is_marked(session, name)
            if name in STORED:
                assert_cells(session.app, f"cells-{name}")
    path = Path(demo.database.url)
    demo.close()
    shutil.copy(demo_template, path)
    again = open_program(str(path), clock=lambda: NOON, login="claire")
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(again, monkeypatch) as session:
        async for name in walk(session):
            assert session.rows() == words[name], name
            for row in cells(session.app):
                assert {(cell.fg, cell.bg) for cell in row} == {("default", "default")}, name
            if name in STORED:
                assert_cells(session.app, f"cells-{name}-mono")
    again.close()


def pairs_are_whole(session: Session, name: str) -> None:
    for row in cells(session.app):
        for cell in row:
            coloured = (cell.fg != "default", cell.bg != "default")
            assert coloured in ((True, True), (False, False)), (name, cell)
            assert not (cell.bold and cell.fg == "black"), (name, cell)


def signs_stand_with_colours(session: Session, name: str) -> None:
    looks: dict[str, set[str]] = {}
    for role, signs in [*SIGNS.items(), *DECLARED]:
        if PAIRS[role][0]:
            looks.setdefault(PAIRS[role][0], set()).update(signs)
    for number, row in enumerate(cells(session.app), 1):
        whole = "".join(cell.data for cell in row)
        for first, _, shown, text in runs(row):
            if shown in looks and number > 1:
                found = text if shown != "black on cyan" else whole[: first + 1] + text
                assert looks[shown] & set(found), (name, number, shown, text, whole)


def attention_is_marked(session: Session, name: str) -> None:
    """The terminal's cursor stands on the caret, on the current row or behind a question."""
    at = session.app.cursor_position
    row = cells(session.app)[at.y]
    text = "".join(cell.data for cell in row)
    looks = attributes(row[at.x])
    marked = text[at.x] in "►_" or looks in ("black on white", "black on cyan", "black on yellow")
    assert marked or name in ("help", "preview"), (name, at, text, looks)


# the roles -------------------------------------------------------------------------------------


def test_every_colour_has_an_attribute_without_colour() -> None:
    for role, (colour, mono) in PAIRS.items():
        style = Style.parse(colour)
        assert (style.color is None) == (style.bgcolor is None), role
        assert bool(mono) == bool(colour), role
        plain = Style.parse(mono)
        assert plain.color is None and plain.bgcolor is None, role


def test_what_a_declaration_colours_has_a_sign() -> None:
    assert DECLARED
    for role, sign in DECLARED:
        assert role in SIGNS and len(sign) == 1, (role, sign)


def test_meanings_that_look_alike_without_colour_have_different_signs() -> None:
    """Of two roles with the same attributes one is a place (title, key) or both have signs."""
    places = {"title", "key", "caret", "selection", "current_cell", "header", "field", "letter"}
    places |= {"", "chapter", "total", "typed", "muted", "rule"}
    for role in PAIRS:
        assert role in places or role in SIGNS, role
    alike: dict[str, set[str]] = {}
    for role, signs in SIGNS.items():
        for other in alike:
            if PAIRS[other][1] == PAIRS[role][1] and {role, other} != {"danger", "error"}:
                assert not alike[other] & set(signs), (role, other)
        alike[role] = set(signs)
    plain = Look(plain=True)
    shown = {role: {plain.text(sign) for sign in signs} for role, signs in SIGNS.items()}
    assert shown["settled"] == {"V", "~"} and shown["danger"] == {"!", "x"}


@pytest.mark.parametrize("palette", PALETTES)
def test_contrast(palette: str) -> None:
    """4:1 at least as usual, 7:1 (WCAG 2.2 §1.4.6) with the contrast preference, but for the
    Linux console, whose backgrounds are never bright."""
    colours = [bytes.fromhex(one) for one in PALETTES[palette].split()]
    for role, pair in {role: pair for role, (pair, _) in PAIRS.items()}.items():
        if " on " in pair:
            assert ratio(Style.parse(pair), colours) >= 3.95, (role, pair)
    if palette != "linux":
        for role, pair in CONTRAST.items():
            assert ratio(Style.parse(pair), colours) >= 7, (role, pair)


def ratio(style: Style, colours: list[bytes]) -> float:
    """Of the luminances (WCAG 2.2, contrast ratio)."""
    assert style.color is not None and style.bgcolor is not None
    assert style.color.type is style.bgcolor.type is ColorType.STANDARD
    front = style.color.number or 0
    front += 8 if style.bold and front == 7 else 0
    light = [luminance(colours[at]) for at in (front, style.bgcolor.number or 0)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def luminance(colour: bytes) -> float:
    linear = [
        one / 255 / 12.92 if one / 255 <= 0.04045 else ((one / 255 + 0.055) / 1.055) ** 2.4
        for one in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.long
@pytest.mark.usefixtures("terminal")
async def test_the_contrast_preference_holds_at_once_and_next_time(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def title(session: Session) -> str:
        return attributes(cells(session.app)[0][1])

    async with running(demo, monkeypatch) as session:
        assert title(session) == "bold white on blue"
        await session.press(":", "=prefer", "enter")
        assert "Préférences" in session.rows()[0]
        await session.press("down", "enter")
        assert title(session) == "brightwhite on blue"
        assert "très contrastées" in session.text
        await session.press("escape")
        assert title(session) == "brightwhite on blue"
    async with running(demo, monkeypatch) as session:
        assert title(session) == "brightwhite on blue"
        await session.press(":", "=prefer", "enter", "down", "enter")
        assert title(session) == "bold reverse"
    assert preferences.chosen(demo.context, preferences.COLOURS) == "none"


async def test_the_cursor_follows_the_caret_the_row_and_the_question(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, ref=REF) as session:

        def at() -> tuple[int, int]:
            found = session.app.cursor_position
            return found.y + 1, found.x

        def row() -> int:
            return next(y for y, text in enumerate(session.rows(), 1) if y > 2 and text[:1] == "►")

        assert at() == (22, 2)
        await session.press("=tub12")
        assert at() == (22, 7)
        await session.press("left", "left")
        assert at() == (22, 5)
        await session.press("up")
        assert at() == (row(), 0)
        await session.press("up")
        assert at() == (row(), 0)
        await session.press("x")
        assert at()[0] == 22
        await session.press("ctrl+a", "ctrl+k")
        assert at() == (22, 2)
        await session.press(*["1234567890"] * 12)
        assert at()[0] == 22 and at()[1] < 80
        await session.press("ctrl+u", "ctrl+g", "e", "ctrl+g", "e")
        await session.press("escape", "escape", "escape", "escape")
        assert "Quitter ?" in session.rows()[22]
        assert at() == (23, session.rows()[22].rindex("?") + 2)


def test_a_role_that_nobody_declared_is_data() -> None:
    looks: Mapping[str, Any] = Look().styles
    assert Look().style("unheard of") == looks[""]
