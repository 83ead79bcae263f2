"""Screens whose keys are commands: one letter each, no typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import isawaitable
from typing import Any

from codial_tui.widgets.press import Press


class ByLetter:
    """Something to put on the route of keys: `A` or a key's name → what to do."""

    def __init__(self, keys: Mapping[str, Callable[[], Any]]) -> None:
        self.keys = dict(keys)

    async def press(self, press: Press) -> bool:
        action = self.keys.get(press.printable.upper().strip() or press.key)
        if action is None:
            return False
        outcome = action()
        if isawaitable(outcome):
            await outcome
        return True
