"""The demo company in a fresh database per test, and the real program on it, driven by keys."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from opened_program import SIZE, Session, _raise

from codial_tui.app import CodialApp
from codial_tui.bootstrap import Program, open_program

NOON = datetime(2026, 11, 9, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, built once; copied and never opened again. Tests of maintenance make their
    own machines, work orders and planning."""
    from codial_tui.services.demo import demo

    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    program = open_program(str(path), create=True, clock=lambda: NOON, login="claire")
    demo.load(program.context, maintenance=False)
    program.close()
    return path


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> Iterator[Program]:
    """The demo company, the day the drawings of ux.md were made."""
    path = tmp_path / "demo.sqlite3"
    shutil.copy(demo_template, path)
    program = open_program(str(path), clock=lambda: NOON, login="claire")
    yield program
    program.close()


@asynccontextmanager
async def running(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    *,
    screen: str = "",
    ref: str = "",
    size: tuple[int, int] = SIZE,
) -> AsyncIterator[Session]:
    """The program as it starts; a fault fails the test instead of being logged."""
    app = CodialApp(program, screen=screen, ref=ref)
    monkeypatch.setattr(app, "fault", _raise)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Session(app, pilot)
