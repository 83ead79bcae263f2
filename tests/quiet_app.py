"""Waiting for a program under test: until nothing is left to do, instead of until it has slept.

The toolkit's pilot sleeps forty milliseconds at every key, to see whether the process still works.
Here it is looked at: nothing ready on the loop, nothing to paint, no work beside the keys.
"""

from __future__ import annotations

import asyncio
from time import monotonic, process_time
from typing import Any

import pytest
from textual._context import active_app
from textual._wait import wait_for_idle
from textual.screen import Screen

STILL = 0.2
"""seconds without any work of the process after which what goes on beside the keys is not waited
for: it waits for the test"""
BUSY = 0.001
"""seconds of work that show the contrary"""


async def quiet(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Return when the app has nothing to do, or what it has waits for something else."""
    loop: Any = asyncio.get_running_loop()
    app = active_app.get()
    end = monotonic() + max_sleep
    worked, since = process_time(), monotonic()
    while monotonic() < end:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        screen = app.screen if app._screen_stack else None
        if screen is not None and to_paint(screen):
            screen._on_timer_update()
        elif app._resize_event is not None or any(one.is_running for one in app.workers):
            await asyncio.sleep(0.001)
            if process_time() - worked > BUSY:
                worked, since = process_time(), monotonic()
            elif monotonic() > since + STILL:
                return
        else:
            return


def to_paint(screen: Screen[Any]) -> bool:
    """Whether something of this screen is not painted yet."""
    waits = screen._layout_required or screen._scroll_required or screen._repaint_required
    return bool(waits or screen._recompose_required or screen._dirty_widgets or screen._callbacks)


@pytest.fixture(autouse=True)
def _no_sleep_at_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.app.wait_for_idle", quiet)
    monkeypatch.setattr("textual.pilot.wait_for_idle", quiet)


@pytest.fixture
def toolkit_waits(monkeypatch: pytest.MonkeyPatch, _no_sleep_at_keys: None) -> None:
    """For keys typed while something is held up: each as far apart as a person's."""
    monkeypatch.setattr("textual.app.wait_for_idle", wait_for_idle)
