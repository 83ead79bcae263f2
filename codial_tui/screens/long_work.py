"""Work that takes longer than a key may: in a thread, counted on row 23, stopped on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, TypeVar

from textual.timer import Timer

from codial_tui.errors import refuse

from .base import BaseScreen
from .cells import grouped

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

SECONDS = 0.3
"""between two counts on row 23: a slow line is not kept busy"""


class LongWork:
    """One piece of work at a time for a screen. The thread has a connection of its own."""

    def __init__(self, screen: BaseScreen[Any]) -> None:
        self.screen = screen
        self.running = ""
        """what is going on, "" for nothing"""
        self._unit = ""
        self._stop = Event()
        self._done = self._total = 0
        self._timer: Timer | None = None

    def start(
        self,
        what: str,
        doing: Callable[[Progress, Cancelled], Result],
        then: Callable[[Result], Any],
        *,
        unit: str = "lignes",
    ) -> None:
        """Do it beside the keys, then tell. What it raises is told as if a key had done it.
        unit: what is counted."""
        self.running, self._unit = what, unit
        self._stop.clear()
        self._done = self._total = 0
        self._timer = self.screen.set_interval(SECONDS, self._count)
        self._count()
        self.screen.run_worker(self._run(doing, then), group="work", exit_on_error=False)

    def each(
        self,
        what: str,
        made: Callable[[], Iterable[Result]],
        count: int,
        then: Callable[[list[Result]], Any],
        *,
        unit: str = "factures",
    ) -> None:
        """Make `count` things one after the other; those made before it was stopped are told."""

        def doing(progress: Progress, cancelled: Cancelled) -> list[Result]:
            found: list[Result] = []
            for one in made():
                found.append(one)
                progress(len(found), count)
                if cancelled():
                    break
            return found

        self.start(what, doing, then, unit=unit)

    def idle(self) -> None:
        """Raises Refused while something is going on."""
        if self.running:
            raise refuse("work.busy", f"{self.running} en cours", "Échap l'arrête")

    def escape(self, question: str = "") -> bool:
        """What Esc does: stop what is going on, once `question` is answered O where there is one;
        False when nothing is."""
        if not self.running:
            return False
        if question:
            self.screen.reading.ask(question, lambda letter: self.stop() if letter == "O" else None)
        else:
            self.stop()
        return True

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to end at the next place where it can."""
        self._stop.set()

    async def _run(
        self,
        doing: Callable[[Progress, Cancelled], Result],
        then: Callable[[Result], Any],
    ) -> None:
        async def told() -> None:
            try:
                outcome = await asyncio.to_thread(self._in_thread, doing)
            finally:
                self._end()
            answer = then(outcome)
            if asyncio.iscoroutine(answer):
                await answer

        await self.screen.guarded(told)

    def _in_thread(self, doing: Callable[[Progress, Cancelled], Result]) -> Result:
        with self.screen.context.database.thread():
            return doing(self._progress, self._stop.is_set)

    def _progress(self, done: int, total: int) -> None:
        self._done, self._total = done, total

    def _end(self) -> None:
        self.running = ""
        self.screen.reading.withdraw()  # « interrompre ? » has no object any more
        self.screen.reading.say("")
        if self._timer is not None:
            self._timer.stop()

    def _count(self) -> None:
        text = f"{self.running}…"
        if self._total:
            count = f"{grouped(self._done)} sur {grouped(self._total)}"
            text = f"{self.running} : {count} {self._unit}"
        self.screen.reading.say(f"{text} · Échap interrompt")
