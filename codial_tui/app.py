"""The Textual application: theme, start, what every screen may ask of the program."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from contextlib import suppress
from typing import Any

from textual.screen import Screen

from codial_tui import faults
from codial_tui.bootstrap import Program
from codial_tui.config import asset
from codial_tui.screens.looks import look_for
from codial_tui.services.context import Context
from codial_tui.services.records import preferences
from codial_tui.terminal.keys import KeyedApp
from codial_tui.terminal.wire import driver_class


class CodialApp(KeyedApp[None], inherit_css=False):
    """One terminal on one database. The toolkit's own style sheet of an app takes 4 ms to read and
    dresses nothing of ours."""

    CSS_PATH = asset("codial.tcss")
    TITLE = "codial"

    def __init__(
        self, program: Program, *, screen: str = "", ref: str = "", plain_output: bool = False
    ) -> None:
        super().__init__(ansi_color=True, driver_class=driver_class(os.environ, plain_output))
        self.program = program
        self.look = look_for(program.context, os.environ)
        self._start = (screen, ref)
        self._on_top: list[Screen[Any]] = []

    @property
    def shows_cursor(self) -> bool:
        """Whether the driver lets the terminal show its own cursor, without blinking."""
        return preferences.chosen(self.context, preferences.CURSOR) == "shown"

    @property
    def context(self) -> Context:
        return self.program.context

    def get_default_screen(self) -> Screen[Any]:
        """Home itself, so that no blank screen is mounted and painted before it."""
        from codial_tui.screens.start import first_screens

        self._on_top = first_screens(self.context, *self._start)
        home = getattr(self._on_top[0], "is_home", False)
        return self._on_top.pop(0) if home else super().get_default_screen()

    async def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for one in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(one, self.hang_up)
        for screen in self._on_top:
            await self.push_screen(screen)
        self.call_after_refresh(gc.enable)  # off since the start (cli.screens)

    def push_screen(self, screen: Any, callback: Any = None, *args: Any, **options: Any) -> Any:
        """What comes back from a screen is handled like a key: refusals become words."""
        asking = self.screen_stack[-1] if self.screen_stack else None
        guarded = getattr(asking, "guarded", None)
        then = callback
        if callback is not None and guarded is not None:

            async def then(result: Any) -> None:
                await guarded(lambda: callback(result))

        return super().push_screen(screen, then, *args, **options)

    def hang_up(self) -> None:
        """The line was cut, or the machine goes down: keep the line in hand and end."""
        try:
            self.leave_all(cut=True)
        finally:  # whatever a screen could not keep: nobody is there to wait for
            self.exit(return_code=1)

    async def run_command(self, name: str) -> None:
        """A command of the whole program (screens.program): most open a screen."""
        from codial_tui.screens.program import screen_of

        screen = screen_of(name)
        if screen is not None:
            await self.push_screen(screen)
        else:
            await getattr(self, f"command_{name}")()

    async def command_home(self) -> None:
        while any(getattr(one, "is_home", False) for one in self.screen_stack[:-1]):
            self.leave(self.screen)
            self.pop_screen()  # not awaited: it may end with the removal of the screen that asked

    async def command_repaint(self) -> None:
        self.repaint()

    async def command_suspend(self) -> None:
        self.action_suspend_process()

    def keep_drafts(self) -> None:
        """Before the program is stopped: what is half typed may not be finished soon."""
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                keep()

    async def command_quit_program(self) -> None:
        self.leave_all(cut=False)
        self.exit()

    def leave_all(self, *, cut: bool) -> None:
        """Let every open screen keep what it has in hand."""
        for screen in reversed(self.screen_stack):
            self.leave(screen, cut=cut)

    @staticmethod
    def leave(screen: Any, *, cut: bool = False) -> None:
        """Let a screen keep what it has in hand and give back what it holds."""
        leave = getattr(screen, "leave", None)
        if leave is not None:
            leave(cut=cut)

    def last_words(self, error: Exception) -> str:
        with suppress(Exception):
            self.leave_all(cut=False)
        return self.fault(error, "le programme")

    def fault(self, error: Exception, where: str) -> str:
        """Log an unexpected error; what to tell the person, with the reference to give us."""
        try:
            reference = f"réf. {faults.keep(error, where)}"
        except OSError:
            reference = "non journalisé"
        return f"Il y a eu un problème dans {where} · rien n'est perdu · {reference}"


def run(program: Program, **start: Any) -> int:
    """Open the program in this terminal until the user quits."""
    app = CodialApp(program, **start)
    app.run(mouse=preferences.chosen(program.context, preferences.MOUSE) == "on")
    return app.return_code or 0
