"""Keys reach the screens in the order in which they were typed, whatever opens meanwhile."""

from __future__ import annotations

import asyncio

import pytest
from screen_dump import Host
from test_widgets_frame import Quote
from textual import events

from codial_tui.terminal.keys import KeyedApp


class Keyed(Host, KeyedApp[None]):
    """A host whose keys pass as those of the program."""


async def test_keys_typed_while_a_screen_opens_stay_in_order() -> None:
    """Those that wait in the screen below come before those typed when the new one is there."""
    opened = asyncio.Event()

    class Slow(Quote):
        async def action_edit(self) -> None:
            self.app.push_screen(second)
            await opened.wait()

    second = Quote()
    app = Keyed(Slow())
    async with app.run_test(size=(80, 24)) as pilot:
        for name in ("f2", "a", "b"):
            app.post_message(events.Key(name, name if len(name) == 1 else None))
        while app.screen is not second:
            await asyncio.sleep(0)
        for name in ("c", "d"):
            app.post_message(events.Key(name, name))
        while not app._held:
            await asyncio.sleep(0)
        opened.set()
        while len(second.typing_line.text) < 4:
            await pilot.pause(0.01)
        assert second.typing_line.text == "abcd"


async def test_a_key_that_no_screen_looks_at_holds_the_others_up_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("codial_tui.terminal.keys.monotonic", lambda: now[0])
    lost, second = Quote(), Quote()
    app = Keyed(lost)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(second)
        app.key_given(lost)
        app.post_message(events.Key("a", "a"))
        await pilot.pause(0.05)
        assert second.typing_line.text == ""
        now[0] += 2
        while not second.typing_line.text:
            await pilot.pause(0.01)
        assert second.typing_line.text == "a"
