"""A print on its way beside the keys: one at a time, counted, and nothing typed ahead is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events

from codial_tui.screens.base import BaseScreen
from codial_tui.screens.long_work import Cancelled, LongWork, Progress, Result
from codial_tui.widgets.press import Press

LOOKING = frozenset({"pagedown", "pageup", "home", "end", "ctrl+l", "f1"})
"""keys that only look, and so work meanwhile"""


class PrintWork(LongWork):
    """While it runs, Esc asks whether to stop, keys that look work, and what else is typed waits
    for the screen below."""

    question = "Interrompre l'impression ? O/N"

    def __init__(self, screen: BaseScreen[Any]) -> None:
        super().__init__(screen)
        self._ahead: list[Press] = []

    def press(self, press: Press) -> bool:
        """True when the key was dealt with: the screen's own keys are not to have it."""
        if not self.running or self.screen.reading.question is not None or press.key in LOOKING:
            return False
        if press.key == "escape":
            self.screen.reading.ask(self.question, self._answered, letters="ON")
        else:
            self._ahead.append(press)
        return True

    def start(
        self,
        what: str,
        doing: Callable[[Progress, Cancelled], Result],
        then: Callable[[Result], Any],
        *,
        unit: str = "pages",
    ) -> None:
        self._ahead.clear()  # what was typed ahead of a print that failed meant another screen
        super().start(what, doing, then, unit=unit)

    def _answered(self, letter: str) -> None:
        if letter == "O":
            self._ahead.clear()
            self.stop()

    def give_back(self) -> None:
        """The screen has gone: what was typed ahead goes to the one that is there now."""
        for press in self._ahead:
            self.screen.app.screen.post_message(events.Key(press.key, press.character))
        self._ahead.clear()
