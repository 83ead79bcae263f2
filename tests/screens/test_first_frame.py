"""What the program opens with: home itself, on nothing; everything else on top of it."""

from __future__ import annotations

from typing import Any

import pytest
from demo_program import running
from opened_program import make_program

from codial_tui.app import CodialApp
from codial_tui.bootstrap import Program, open_program


def stack(app: CodialApp) -> list[str]:
    return [type(screen).__name__ for screen in app.screen_stack]


async def test_home_lies_on_no_blank_screen(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        assert stack(session.app) == ["HomeScreen"]
        await session.press("escape")
        assert "Quitter ?" in session.rows()[22]


async def test_what_was_asked_for_lies_on_home_and_the_menu_leads_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, ref="DE26-00001") as session:
        assert stack(session.app) == ["HomeScreen", "DocumentScreen"]
        held = "SELECT COUNT(*) FROM document WHERE lock_token IS NOT NULL AND lock_token <> ''"
        assert demo.context.database.value(held) == 1
        await session.type("tub")
        await session.press("f10")
        await session.type("accueil")
        await session.press("enter")
        await session.pilot.pause()
        assert stack(session.app) == ["HomeScreen"]
        assert demo.context.database.value(held) == 0
        drafts = demo.context.database.rows("SELECT text FROM entry_draft WHERE text != ''")
        assert drafts == [("tub",)]
        await session.app.run_command("home")
        assert stack(session.app) == ["HomeScreen"]


async def test_home_comes_when_the_first_question_is_answered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    program = open_program(str(tmp_path / "new.sqlite3"), create=True, login="claire")
    async with running(program, monkeypatch) as session:
        assert stack(session.app)[-1] == "FirstStart"
    program.close()
    program = make_program(tmp_path)
    async with running(program, monkeypatch) as session:
        assert stack(session.app) == ["HomeScreen"]
    program.close()
