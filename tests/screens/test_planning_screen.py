"""The planning by keys at 80×24: typed, taken and put, clashing, from a work order and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.records.records import record_type
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.maintenance.planning import PlanningScreen
from codial_tui.services.context import Context
from codial_tui.services.maintenance import (
    planning,
    planning_paper,
    planning_views,
    resources,
    work_orders,
)
from codial_tui.services.maintenance.planning_views import Appointment
from codial_tui.services.records import parties, records

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 22)


@pytest.fixture
def team(demo: Program) -> Iterator[Context]:
    """Yann and Léa are on the planning; a boiler waits."""
    context = demo.context
    resources.resources(context)
    records.create(context, "resource", {"code": "LM", "name": "Léa Martin", "kind": "person"})
    work_orders.new(context, parties.by_code(context, "C00310"), subject="Panne")
    yield context


def shown(context: Context) -> list[tuple[str, str, str, str]]:
    return [_words(one) for one in planning_views.between(context, FIRST, LAST)]


def _words(one: Appointment) -> tuple[str, str, str, str]:
    return (one.resource, one.kind, f"{one.starts:%d %H:%M}", f"{one.ends:%d %H:%M}")


async def test_typed_taken_and_put(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        assert session.rows()[22] == " Entrée montre : Planning"
        await session.press("enter")
        assert isinstance(session.screen, PlanningScreen)
        assert session.rows()[0] == " Planning · semaine · 09/11 au 14/11/2026"
        assert "me 11 Armistice"[:9] in session.rows()[2]
        await session.type("0830 1000 Point chantier")
        assert session.rows()[22] == " = Rendez-vous LM lu 09/11 08:30–10:00 Point chantier"
        await session.press("enter")
        assert "►8h30 Poi…" in session.text
        await session.press("right")
        await session.type("abs 11/11 congé")
        await session.press("escape")  # what is typed goes first
        assert session.rows()[21].startswith("►  ")
        await session.type("abs 10/11 11/11 congé")
        await session.press("enter")
        assert "►congé" in session.rows()[3], session.text
        assert shown(team) == [
            ("LM", "appointment", "09 08:30", "09 10:00"),
            ("LM", "absence", "10 00:00", "12 00:00"),
        ]
        # taken with Space, moved by arrows, put with Enter
        await session.press("left", "space", "right", "down", "+", "+", ">")
        assert session.rows()[22] == " = YA ma 10/11 09:00–10:45"
        await session.press("enter")
        assert shown(team)[1] == ("YA", "appointment", "10 09:00", "10 10:45")
        # Esc lets go and nothing is written
        await session.press("space", "left", "escape")
        assert shown(team)[1] == ("YA", "appointment", "10 09:00", "10 10:45")
        assert session.rows()[22].startswith(" YA ma 10/11 09:00–10:45 Point chantier")
        await session.press("delete", "o")
        assert len(shown(team)) == 1
        await session.press("f3")
        assert session.rows()[22].startswith(" Planning 2026-11-09.pdf")
        await session.press("pagedown")
        assert session.rows()[0] == " Planning · semaine · 16/11 au 21/11/2026"


async def test_a_work_order_is_put_and_clashes(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    lm = resources.find(team, "lm").id
    day = datetime.fromisoformat("2026-11-12T00:00")
    planning.appoint(team, lm, "absence", day, day.replace(day=13), label="Congé")
    async with running(demo, monkeypatch) as session:
        await session.type("bi26-00001")
        await session.press("enter", "f7")
        assert "P planifier" in session.text or "Planifier" in session.text
        await session.press("escape", "ctrl+g", "e", "f7", "5")
        assert isinstance(session.screen, PlanningScreen)
        assert "Entrée pose" in session.rows()[21]
        await session.press("right", "right", "right")
        assert session.rows()[22].startswith(" ! LM je 12/11 08:00–10:00 · LM est pris : absence")
        await session.press("enter")
        assert session.rows()[0].endswith("2 en conflit")
        assert "8h!SCI L…" in session.text and "!Congé" in session.text
        found = planning_views.between(team, FIRST, LAST)
        assert [bool(one.clashes) for one in found] == [True, True]
        assert session.rows()[22].startswith(" ! je 12/11 08:00–10:00 · LM est pris : absence")
        # by day, moved to somebody who is there
        await session.press("tab")
        assert session.rows()[0] == " Planning · jour · 12/11/2026" + " " * 38 + "2 en conflit"
        await session.press("space", "right", "down", "enter")
        assert session.rows()[0] == " Planning · jour · 12/11/2026"
        assert shown(team)[1] == ("YA", "work", "12 08:30", "12 10:30")
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen)
        await session.press("escape", "escape")
        assert isinstance(session.screen, DocumentScreen)
        assert "Planifié" in session.rows()[0]
        row = next(one for one in session.rows() if " Prévue le" in one)
        assert "12/11/26   ○" in row
        assert session.screen.editor.document.text("planned_date") == "2026-11-12"


async def test_what_waits_is_offered(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", "space")
        assert session.rows()[22] == " × Rien à prendre ici · F5 : un bon à planifier"
        await session.press("f5")
        assert "BI26-00001  SCI Les Tilleuls" in session.text
        await session.press("enter", "enter")
        assert shown(team) == [("LM", "work", "09 08:00", "09 10:00")]
        await session.press("f5")
        assert session.rows()[22].startswith(" × Aucun bon à planifier")
        await session.press("f2")
        await session.type(" urgente")
        await session.press("enter")
        assert [one.label for one in planning_views.between(team, FIRST, LAST)] == ["Panne urgente"]


async def test_somebody_moved_it_meanwhile(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    lm = resources.find(team, "lm").id
    starts = datetime.fromisoformat("2026-11-09T08:00")
    made = planning.appoint(team, lm, "appointment", starts, starts.replace(hour=9), label="X")
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", "space", "right")
        planning.move(team, made.id, 1, starts=starts.replace(hour=10))
        await session.press("enter")
        assert session.rows()[22].startswith(" × Quelqu'un l'a déplacé entre-temps")
        await session.press("escape")
        assert shown(team) == [("LM", "appointment", "09 10:00", "09 11:00")]


async def test_dragged_into_another_week(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    lm = resources.find(team, "lm").id
    starts = datetime.fromisoformat("2026-11-13T08:00")
    made = planning.appoint(team, lm, "appointment", starts, starts.replace(hour=9), label="X")
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", *["right"] * 4, "space", "right", "right", "right", "enter")
        assert session.rows()[22] == " lu 16/11 08:00–09:00", session.text
        assert session.rows()[0] == " Planning · semaine · 16/11 au 21/11/2026"
        assert shown(team) == [("LM", "appointment", "16 08:00", "16 09:00")]
        await session.press("space", "pageup")
        planning.move(team, made.id, 2, starts=starts.replace(hour=14))  # by somebody else
        await session.press("enter")
        assert session.rows()[22].startswith(" × Quelqu'un l'a déplacé entre-temps")
        assert shown(team) == [("LM", "appointment", "13 14:00", "13 15:00")]
        await session.press("escape", "space", "right", "enter")  # as it is now
        assert session.rows()[22].startswith(" ! sa 14/11 14:00–15:00"), session.text
        assert shown(team) == [("LM", "appointment", "14 14:00", "14 15:00")]


async def test_the_cursor_goes_to_the_day(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", "down", "f7", "d")
        await session.type("19/11/26")
        await session.press("enter")
        assert session.rows()[0] == " Planning · semaine · 16/11 au 21/11/2026"
        await session.type("10h 11h Ici")
        assert session.rows()[22] == " = Rendez-vous YA je 19/11 10:00–11:00 Ici", session.text
        await session.press("escape", "f7", "a")
        await session.type("10h 11h Là")
        await session.press("enter")
        assert shown(team) == [("YA", "appointment", "09 10:00", "09 11:00")]
        assert "►10h Là" in session.text


async def test_what_somebody_who_left_had_stays_in_view(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    lm = resources.find(team, "lm").id
    starts = datetime.fromisoformat("2026-11-09T08:00")
    planning.appoint(team, lm, "appointment", starts, starts.replace(hour=9), label="Visite")
    records.put(team, "resource", lm, record_type("resource").field("active"), 0)
    assert "(LM, parti)" in str(planning_paper.paper(team, FIRST).blocks)
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter")
        assert session.rows()[3].startswith(" (LM)   ►8h Visite"), session.text
        assert session.rows()[22].startswith(" LM (parti) lu 09/11 08:00–09:00 Visite")
        await session.press("space", "pagedown", "right", "enter")  # into a week without any
        assert session.rows()[22].startswith(" × Léa Martin n'est plus au planning"), session.text
        assert shown(team) == [("LM", "appointment", "09 08:00", "09 09:00")]
        await session.press("escape", "pageup", "home")
        assert session.rows()[3].startswith(" (LM)   ►8h Visite"), session.text
        await session.press("space", "down", "enter")
        assert shown(team) == [("YA", "appointment", "09 08:00", "09 09:00")]
        assert "(LM)" not in session.text


async def test_a_sunday_is_shown_when_it_is_asked_for(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", "f7", "d")
        await session.type("15/11/26")
        await session.press("enter")
        assert session.rows()[0] == " Planning · semaine · 09/11 au 15/11/2026"
        await session.type("8h30 10h Astreinte")
        assert session.rows()[22].startswith(" = Rendez-vous LM di 15/11 08:30"), session.text
        await session.press("escape", "tab", "pagedown", "pageup", "tab")
        assert session.rows()[0] == " Planning · semaine · 09/11 au 15/11/2026"


async def test_the_first_row_is_in_view_from_a_work_order(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("bi26-00001")
        await session.press("enter", "ctrl+g", "e", "f7", "5")
        await session.press("down")
        assert session.rows()[3].startswith(" LM"), session.text
        await session.press("up", "enter", "escape", "f7", "5")
        assert session.rows()[3].startswith(" LM"), session.text


async def test_more_people_than_columns(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        values = {"code": f"R{number}", "name": f"Renfort {number}", "kind": "person"}
        records.create(team, "resource", values)
    who = resources.find(team, "r8").id
    starts = datetime.fromisoformat("2026-11-09T09:00")
    planning.appoint(team, who, "appointment", starts, starts.replace(hour=10), label="Loin")
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", *["down"] * 9, "tab")
        assert session.rows()[2].split() == ["R3", "R4", "R5", "R6", "R7", "R8"]
        assert session.rows()[5].endswith("►Loin")
        await session.press("space", "f5", "right", "down", "enter")  # F5 is of no use just now
        assert session.rows()[2].split() == ["R4", "R5", "R6", "R7", "R8", "R9"]
        assert shown(team) == [("R9", "appointment", "09 09:30", "09 10:30")]
        await session.press("home")
        assert session.rows()[2].split()[0] == "LM"


async def test_many_who_left_are_beside_whom_is_there(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = datetime.fromisoformat("2026-11-09T09:00")
    active = record_type("resource").field("active")
    for number in range(12):
        values = {"code": f"X{number:02d}", "name": f"Ancien {number}", "kind": "vehicle"}
        who = records.create(team, "resource", values)
        planning.appoint(team, who, "appointment", starts, starts.replace(hour=10), label="Loin")
        records.put(team, "resource", who, active, 0)
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", "tab", "end")
        assert session.rows()[2].split() == [f"(X{one:02d})" for one in range(6, 12)]
        await session.press("f7", "d")
        await session.type("16/11/26")  # a week that has nothing of them
        await session.press("enter")
        assert session.rows()[2].split() == ["LM", "YA"], session.text
        await session.type("8h 9h Ici")
        await session.press("enter")
        assert "►Ici" in session.text


async def test_what_waits_is_wanted_in_a_week_with_fewer_rows(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ya = resources.find(team, "ya").id
    for hour in range(8, 14):
        starts = datetime.fromisoformat(f"2026-11-09T{hour:02d}:00")
        planning.appoint(team, ya, "appointment", starts, starts.replace(hour=hour + 1))
    with team.database.write():
        team.database.execute("UPDATE document_work_order SET due_on = '2026-11-19'")
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter", *["down"] * 6, "f5", "enter")
        assert session.rows()[22].startswith(" = YA je 19/11 08:00–10:00"), session.text
        await session.press("enter")
        assert ("YA", "work", "19 08:00", "19 10:00") in shown(team)


async def test_words_that_are_too_long_stay_on_the_line(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("pl")
        await session.press("enter")
        await session.type("8h 9h " + "x" * 121)
        await session.press("enter")
        assert session.rows()[22].rstrip() == " × 121 signes : 120 au plus · raccourcissez"
        assert shown(team) == []
        await session.press("backspace", "enter")
        (one,) = planning_views.between(team, FIRST, LAST)
        assert one.label == "x" * 120


async def test_a_work_order_is_planned_by_5_on_every_tab(
    demo: Program, team: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("bi26-00001")
        await session.press("enter", "ctrl+g", "e", "ctrl+g", "e")
        assert "départ arrivée fin retour" in session.rows()[21]
        await session.press("f7")  # on Horaires, in full at 80 columns
        assert session.rows()[22].rstrip() == (
            " ? P parti A arrivé F fini V revenu  T lignes  4 signer  5 plan  6 sans suite"
        )
        await session.press("5")
        assert isinstance(session.screen, PlanningScreen)
        await session.press("escape", "escape", "ctrl+g", "l", "f7", "5")
        assert isinstance(session.screen, PlanningScreen)
        await session.press("enter")
        assert shown(team) == [("LM", "work", "09 08:00", "09 10:00")]
