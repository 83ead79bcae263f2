"""A customer signs a work order on screen: by name, by hand with the mouse, or not at all."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from opened_program import NOW, Session, make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.domain.changes import insert, set_line
from codial_tui.domain.document import Line
from codial_tui.domain.maintenance.strokes import MOST_STROKES
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import planning, work_orders
from codial_tui.services.records import parties, records
from codial_tui.widgets.theme import Look


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return make_program(tmp_path)


@pytest.fixture
def work(program: Program) -> int:
    """A work order with one line and the contact of its customer; its id."""
    context = program.context
    party = parties.create(context, {"name": "SCI Les Tilleuls", "is_customer": 1})
    made = work_orders.new(context, party, subject="Panne", contact_name="Mme Dupont")
    editor = Editor(context, made)
    line = Line(context.uid(), label="Joint", quantity=1_0000, unit_price=10_0000)
    editor.commit([insert(line)], "Ligne")
    editor.close()
    return made


def rows(program: Program) -> list[tuple[Any, ...]]:
    return program.context.database.rows(
        "SELECT signer, signed_at, strokes FROM work_report ORDER BY id", ()
    )


async def drag(session: Session, *points: tuple[int, int]) -> None:
    """A stroke over screen cells."""
    pilot = session.pilot
    await pilot.mouse_down(offset=points[0])
    for point in points[1:]:
        await pilot.hover(offset=point)
    await pilot.mouse_up(offset=points[-1])


async def test_a_typed_name(program: Program, work: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4")
        assert "Nom de qui signe : Mme Dupont" in session.text
        assert "1 ligne" in session.text
        await session.press("enter")
        assert "« Mme Dupont » signe : N nom et heure  D dessine à la souris" in session.text
        await session.press("n")
        assert "Signé par Mme Dupont à 11:00 · F3 l'imprime" in session.rows()[22]
        assert "Signé" in session.rows()[0]
        assert rows(program) == [("Mme Dupont", NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "[]")]
        await session.press("f3")
        assert "Mme Dupont" in "\n".join(map("\n".join, session.screen.pages))


async def test_from_the_lines_and_from_the_menu(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work), monkeypatch) as session:
        await session.press("f7")
        assert "4  Faire signer" in session.text
        assert "T  Avoir" not in session.text  # what only a work order has comes before
        await session.press("4")
        assert "Ce que le client signe" in session.text
        await session.press("escape", "f10")
        await session.type("faire signer")
        await session.press("enter")
        assert "Ce que le client signe" in session.text
        await session.press("escape")
        assert rows(program) == []


async def test_drawn_with_the_mouse(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4", "enter", "d")
        assert "Signature de Mme Dupont" in session.text
        await session.press("enter")
        assert "Rien n'est dessiné" in session.text
        await drag(session, (5, 3), (39, 9), (74, 16))
        await drag(session, (40, 5))
        assert "2 traits · Entrée signe" in session.text
        body = session.rows()[3:17]
        assert all(any("\u2800" < char <= "\u28ff" for char in row) for row in body)
        await session.press("delete")
        assert "1 trait · Entrée signe" in session.text
        await session.press("enter")
        assert "Signé par Mme Dupont" in session.text
        (row,) = rows(program)
        assert json.loads(row[2]) == [[[10, 20], [690, 260], [1390, 540]]]


async def test_a_drag_that_leaves_the_frame_stays_at_its_edge(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4", "enter", "d")
        await drag(session, (40, 10), (79, 22), (0, 0))
        await session.press("enter")
        (row,) = rows(program)
        assert json.loads(row[2]) == [[[710, 300], [1399, 559], [0, 0]]]


async def test_escape_signs_nothing(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4", "enter", "d")
        await drag(session, (5, 3), (74, 16))
        await session.press("escape")
        assert "Nom de qui signe" in session.text
        await session.press("escape", "escape")
        assert rows(program) == []


async def test_too_much_is_refused_kindly(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4", "enter", "d")
        session.screen.canvas.strokes = [[(1, 1)]] * MOST_STROKES
        await drag(session, (5, 3), (74, 16))
        assert "Signature trop longue" in session.text
        await session.press("enter")
        assert "Signé par Mme Dupont" in session.text
        assert len(json.loads(rows(program)[0][2])) == MOST_STROKES


async def test_a_terminal_without_dots_takes_a_name(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        session.app.look = Look(plain=True)
        await session.press("f7", "4", "enter", "d")
        assert "Ce terminal ne montre pas de dessin" in session.text
        await session.press("enter", "n")
        assert [row[0] for row in rows(program)] == ["Mme Dupont"]


async def test_nobody_and_a_hostile_name(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4", *["backspace"] * 10, "enter")
        assert "Qui signe" in session.text
        await session.type("[b]{x}<i> 100 %")
        await session.press("enter", "n")
        assert [row[0] for row in rows(program)] == ["[b]{x}<i> 100 %"]


async def test_changed_since_it_was_signed(
    program: Program, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"code": "KB", "name": "Karim Belhadj", "kind": "person"}
    who = records.create(program.context, "resource", own)
    monday = datetime.fromisoformat("2026-11-23T08:00")
    planning.plan(program.context, work, who, monday, monday.replace(hour=10))
    async with opened(program, DocumentScreen(work, tab="header"), monkeypatch) as session:
        await session.press("f7", "4", "enter", "n")
        assert "Planifié" in session.rows()[0]
        editor = session.screen.editor
        editor.commit([set_line(editor.document.lines[0], quantity=2_0000)], "Quantité")
        await session.screen.refresh_document()
        await session.pilot.pause()
        assert " · Ouvert · Signé, modifié" in session.rows()[0]
        await session.press("f7", "4")
        assert "Signé le 09/11/2026 à 11:00 par Mme Dupont, modifié depuis" in session.text
        await session.press("enter", "n")
        assert "Signé, modifié" not in session.rows()[0]
        assert len(rows(program)) == 2
