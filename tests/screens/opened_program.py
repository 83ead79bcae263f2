"""A program with a company, a customer and a quote, opened on one screen, driven by keys."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from screen_dump import screen_text
from textual.pilot import Pilot

from codial_tui.app import CodialApp
from codial_tui.bootstrap import Program, open_program
from codial_tui.screens.base import BaseScreen
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.records import company, parties

NOW = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
SIZE = (80, 24)


def make_program(folder: Path, *, login: str = "marie") -> Program:
    """A fresh database with a company and one customer with an address."""
    program = open_program(
        str(folder / "codial.sqlite3"), create=True, clock=lambda: NOW, login=login
    )
    company.init(
        program.context,
        "DÉMO SARL",
        siren="123456782",
        siret="12345678200010",
        street="8 quai Perrache",
        postcode="69002",
        city="LYON",
    )
    return program


def make_quote(context: Context, **values: Any) -> int:
    """An empty quote for MARTIN SARL; its id."""
    party = parties.create(
        context,
        {
            "name": "MARTIN SARL",
            "email": "compta@martin.example",
            "street": "14 rue des Lilas",
            "postcode": "69003",
            "city": "LYON",
        },
    )
    return documents.create(context, "quote", party, **values)


class Session:
    """A running program: press keys, read rows."""

    def __init__(self, app: CodialApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> Any:
        return self.app.screen

    async def press(self, *keys: str) -> None:
        """Press keys by name; a text of several words is typed when it starts with `=`."""
        for key in keys:
            await self.pilot.press(*(key[1:] if key.startswith("=") and len(key) > 1 else [key]))

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if one == " " else one for one in text))

    def rows(self) -> list[str]:
        """The rows on screen; fails on one that is too wide."""
        rows = screen_text(self.app)
        assert len(rows) == self.app.size.height
        assert all("\x1b" not in row for row in rows)
        return rows

    @property
    def text(self) -> str:
        return "\n".join(self.rows())

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait for background work, for as long as a slow machine may need."""
        for _ in range(2000):
            await self.pilot.pause(0.005)
            drawn = len(screen_text(self.app)) == self.app.size.height  # not while it is mounted
            if drawn and ready():
                return
        raise AssertionError("the background work did not end:\n" + self.text)

    async def settled(self) -> None:
        """Wait until the work beside the keys of this screen has ended."""
        await self.until(lambda: not getattr(getattr(self.screen, "work", None), "running", ""))


def _raise(error: Exception, where: str) -> str:
    raise error


@asynccontextmanager
async def opened(
    program: Program,
    screen: BaseScreen[Any],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int] = SIZE,
) -> AsyncIterator[Session]:
    """The program on one screen, at 80×24 unless told otherwise."""
    start = ModuleType("codial_tui.screens.start")
    start.first_screens = lambda context, *args: [screen]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "codial_tui.screens.start", start)
    app = CodialApp(program)
    monkeypatch.setattr(app, "fault", _raise)  # a fault fails the test instead of being logged
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Session(app, pilot)
