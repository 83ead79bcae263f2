"""Horaires by keys at 80×24: typing, changing, deleting, stamping, the form, what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.domain.changes import row_of
from codial_tui.domain.document import Visit
from codial_tui.domain.maintenance.times import Times, times
from codial_tui.services.documents.rows import load
from codial_tui.services.maintenance import work_orders
from codial_tui.services.records import records, settings


@asynccontextmanager
async def horaires(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Session, int]]:
    """A new work order of MARTIN SARL, open on Horaires."""
    party = program.context.database.value("SELECT id FROM party WHERE code = 'C00128'")
    made = work_orders.new(program.context, party)
    ref = program.context.database.value("SELECT number FROM document WHERE id = ?", (made,))
    async with running(program, monkeypatch, ref=ref) as session:
        await session.press("ctrl+g", "e", "ctrl+g", "e")
        assert "►Entête 2/4" in session.rows()[1], session.text
        yield session, made


def visits(session: Session, document_id: int) -> list[Visit]:
    """As stored, which must be what is in memory."""
    found = load(session.app.context.database, document_id)
    assert found is not None
    held = session.screen.editor.document.visits
    assert [*map(row_of, held)] == [*map(row_of, found.visits)]
    return found.visits


async def test_two_visits_over_midnight_and_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with horaires(demo, monkeypatch) as (session, made):
        assert "Aucune visite. Tapez par exemple 0800 0835 1105 1145" in session.text
        await session.type("2150 2210 2320 2335")
        said = "= Claire 09/11/26 21:50 22:10 23:20 23:35 → trajet 0:35 travail 1:10"
        assert said in session.rows()[22], session.text
        await session.press("enter")
        await session.type("2340 0005 0125 0140 12,5 a")
        await session.press("enter")
        assert "trajet 1:15 · travail 2:30" in session.rows()[20], session.text
        assert "2 visites" in session.rows()[20]
        assert "23:40  00:05+" in session.text and "12,5 A" in session.text, session.text
        assert times(visits(session, made)) == Times(75, 150)
        await session.press("up", "delete")
        assert "Visite supprimée · Ctrl+R annule" in session.rows()[22]
        assert "trajet 0:40 · travail 1:20" in session.rows()[20]
        await session.press("ctrl+r")
        assert times(visits(session, made)) == Times(75, 150)
        await session.press("ctrl+g", "e")
        assert "►Entête 3/4" in session.rows()[1], session.text
        assert "Compléments" not in session.text and "Notes" in session.text
        await session.press("ctrl+g", "e", "ctrl+g", "e")
        assert "►Entête 1/4" in session.rows()[1] and "Technicien" in session.text


async def test_a_visit_is_taken_back_to_the_line(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with horaires(demo, monkeypatch) as (session, made):
        await session.type("0800 0835 1105 1145")
        await session.press("enter", "enter")
        line = session.screen.typing_line
        assert line.text.endswith("09/11/26 08:00 08:35 11:05 11:45"), line.text
        assert "Entrée remplace la visite" in session.rows()[21]
        await session.press("escape")
        assert line.text == "" and "départ arrivée fin retour" in session.rows()[21]
        await session.press("enter")
        await session.press(*["backspace"] * 5)
        await session.type("1200")
        await session.press("enter")
        assert "1 visite " in session.rows()[20], session.text
        assert times(visits(session, made)) == Times(90, 150)


async def test_the_form_of_a_visit(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with horaires(demo, monkeypatch) as (session, made):
        await session.press("f2")
        await session.press("down")
        await session.type("Intérim Sud")
        await session.press("enter", "enter")
        await session.type("2330")
        await session.press("enter")
        await session.type("0860")
        await session.press("enter")
        assert "« 0860 » : 00:00 à 23:59" in session.rows()[22], session.text
        await session.press(*["backspace"] * 4)
        await session.type("0015")
        await session.press("enter")
        await session.type("8h")
        await session.press("f8")
        assert "Intérim Sud" in session.rows()[3], session.text
        assert "00:15+" in session.rows()[3] and "08:00+" in session.rows()[3]
        (one,) = visits(session, made)
        assert (one.technician_id, one.technician_name) == (None, "Intérim Sud")
        assert times([one]) == Times(45, 465)
        await session.press("f2", "escape")
        assert [*map(row_of, visits(session, made))] == [row_of(one)]


async def test_what_is_wrong_is_said_and_stays(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with horaires(demo, monkeypatch) as (session, made):
        await session.type("0835 0800 1105 1145")
        assert "× Plus de 24 heures pour une visite" in session.rows()[22], session.text
        await session.press("enter")
        assert "Plus de 24 heures" in session.rows()[22]
        assert session.screen.typing_line.text == "0835 0800 1105 1145"
        assert visits(session, made) == []
        await session.press("ctrl+u")
        await session.type("0400 0430 2130 2145")
        assert "! Une visite de 17 h 45" in session.rows()[22]
        await session.press("enter")
        assert "Une visite de 17 h 45" in session.rows()[22]
        assert len(visits(session, made)) == 1


async def test_now_is_noted_by_a_letter_and_billed_by_another(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"reference": "MO-H", "label": "Heure", "unit": "h", "sale_price": 48_0000}
    item = records.create(demo.context, "item", values)
    settings.store(demo.context, "work.labour_item", item, own=False)
    async with horaires(demo, monkeypatch) as (session, made):
        await session.press("f7", "a")
        assert visits(session, made)[0].arrival == "2026-11-09T11:00:00Z"
        assert "12:00" in session.rows()[3], session.text  # in Paris
        await session.press("enter")
        await session.type(" 1330 1345")
        await session.press("enter", "f7", "t")
        assert "Temps et trajets en lignes : fait" in session.rows()[22], session.text
        assert "HT 72,00 €" in session.rows()[0]
        await session.press("f7", "t")
        assert "Les lignes sont déjà celles des visites" in session.rows()[22], session.text
        await session.press("ctrl+g", "l")
        assert "MO-H" in session.text and "1,5" in session.text, session.text


async def test_a_closed_one_shows_its_times_and_takes_none(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with horaires(demo, monkeypatch) as (session, made):
        await session.type("0800 0835 1105 1145")
        await session.press("enter")
        visits(session, made)
        with demo.context.database.write():
            demo.context.database.execute(
                "UPDATE document SET state = 'closed' WHERE id = ?", (made,)
            )
        session.screen.editor.reload()
        await session.screen.refresh_document()
        await session.type("1400 1410")
        await session.press("enter")
        assert "est terminé" in session.rows()[22], session.text
        await session.press("ctrl+u", "delete")
        assert "est terminé" in session.rows()[22]
        assert len(visits(session, made)) == 1
