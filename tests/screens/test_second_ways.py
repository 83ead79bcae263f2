"""Keys of ux.md §2: each has a second way, and none takes what a text field or a terminal needs."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from demo_program import running

import codial_tui.screens
import codial_tui.widgets
from codial_tui import commands
from codial_tui.bootstrap import Program
from codial_tui.commands import FUNCTION_KEYS, Command
from codial_tui.terminal.keys import Chords

EDITING = {f"ctrl+{letter}" for letter in "aedkuw"}
"""start, end, delete, cut to the end, to the start, a word; X C V are the clipboard everywhere"""
ELSEWHERE = {f"ctrl+{letter}" for letter in "bhijmqs"} | {"f11", "f12"}
"""tmux's prefix, Backspace, Tab, Enter twice, flow control; what terminals keep for themselves"""
BEFORE = ("alt+", "shift+", "ctrl+left", "ctrl+right", "ctrl+up", "ctrl+down")


def every_command() -> list[Command]:
    modules = [commands]
    for package in (codial_tui.screens, codial_tui.widgets):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            modules.append(importlib.import_module(found.name))
    return [one for module in modules for one in vars(module).values() if isinstance(one, Command)]


def test_no_command_takes_a_key_of_text_or_terminal() -> None:
    taken = {key: one.name for one in every_command() for key in one.second}
    assert {"ctrl+p", "ctrl+n", "ctrl+t", "ctrl+o", "ctrl+l"} <= taken.keys()
    assert taken.keys().isdisjoint(EDITING | ELSEWHERE)
    assert not [key for key in taken if key.startswith(BEFORE)]


@pytest.mark.parametrize("row", ["1234567890", "&é\"'(-è_çà"])
def test_ctrl_f_reaches_every_function_key(row: str) -> None:
    assert [one.slot for one in FUNCTION_KEYS] == list(range(1, 11))
    for number, character in enumerate(row, 1):
        chords = Chords()
        assert chords.feed("ctrl+f") == ()
        assert chords.feed(character, character) == ((f"f{number}", None),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["f1"], ["ctrl+f", "1"]),
        (["f3"], ["ctrl+p"]),
        ([*"cui", "f4"], [*"cui", "ctrl+f", "4"]),
        (["f5"], ["ctrl+n"]),
        (["f6"], ["ctrl+t"]),
        (["up", "f9"], ["up", "ctrl+o"]),
        (["f10"], ["colon"]),
        (["f10"], ["ctrl+f", "0"]),
        (["f7"], ["ctrl+f", "è"]),
        (["f8"], ["ctrl+f", "_"]),
        (["up", "delete", "ctrl+r"], ["up", "delete", "ctrl+z"]),
        (["ctrl+g", "right"], ["ctrl+pagedown"]),
        (["ctrl+g", "left"], ["ctrl+pageup"]),
    ],
    ids=lambda keys: "-".join(keys),
)
async def test_the_second_way_does_the_same(
    demo: Program, monkeypatch: pytest.MonkeyPatch, first: list[str], second: list[str]
) -> None:
    seen = []
    for keys in (first, second):
        async with running(demo, monkeypatch, ref="DE26-00042") as session:
            before = session.rows()
            await session.press(*keys)
            await session.pilot.pause()
            seen.append(session.rows())
    assert seen[0] == seen[1] != before


@pytest.mark.long
async def test_the_menu_quits_with_q(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f10", "q", "enter")
        await session.pilot.pause()
        assert session.app.return_code == 0, session.text


async def test_down_enters_the_open_list_that_f4_opens(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field with a list: F4, or three letters; ↓ is then in the list and Enter takes its row."""
    taken = []
    for keys in (["f4", "down", "down", "enter"], ["m", "a", "r", "down", "down", "enter"]):
        async with running(demo, monkeypatch, ref="DE26-00042") as session:
            await session.press("ctrl+g", "e", *keys)
            await session.pilot.pause()
            name = "SELECT party_name FROM document WHERE number = 'DE26-00042'"
            taken.append(demo.context.database.value(name))
    assert len(set(taken)) == 2 and "MARTIN SARL" not in taken[:1]


async def test_the_menu_puts_the_names_of_commands_before_their_help(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f10", *"fiche")
        assert session.rows()[3].split()[:3] == ["►", "Champs", "de"]
