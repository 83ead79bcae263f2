"""A call on screen: what is counted as time of it, and what two people type in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.services.maintenance import calls, equipment
from codial_tui.services.records import parties


@pytest.fixture
def later(demo: Program, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Minutes go by."""
    context = demo.context

    def pass_by(minutes: int) -> None:
        at = context.clock() + timedelta(minutes=minutes)
        monkeypatch.setattr(context, "clock", lambda: at)

    return pass_by


async def test_looking_at_who_calls_is_time_of_the_call(
    demo: Program, monkeypatch: pytest.MonkeyPatch, later: Callable[[int], None]
) -> None:
    context = demo.context
    party = parties.by_code(context, "C00310")
    call = calls.take(context, party_id=party, subject="Fuite")
    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter")
        await session.type("On passe")
        later(2)
        await session.press("escape", "f9")
        assert "C00310" in session.text
        later(3)  # with the customer's record, while they speak
        await session.press("escape")
        assert session.rows()[0].rstrip().endswith("5 min 00"), session.text
        await session.press("f6")
        assert calls.load(context, call)["seconds"] == 300
        later(30)
        await session.press("escape", "f9")
        later(30)  # with the work order
        await session.press("escape")
        assert session.rows()[0].rstrip().endswith("5 min 00"), session.text
        await session.press("escape")
    assert calls.load(context, call)["seconds"] == 300


async def test_a_call_that_is_closed_counts_no_more(
    demo: Program, monkeypatch: pytest.MonkeyPatch, later: Callable[[int], None]
) -> None:
    context = demo.context
    call = calls.take(context, subject="Fuite")
    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter")
        await session.type("On passe")
        later(3)
        await session.press("escape", "down", "down", "down", "c")
        found = calls.load(context, call)
        assert (found["state"], found["seconds"]) == ("closed", 180), session.text
        later(30)
        await session.press("escape")
    assert calls.load(context, call)["seconds"] == 180


async def test_two_people_write_the_same_line(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    call = calls.take(context, subject="Fuite")
    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter", "up", "up")
        await session.type("Plus d'eau")
        calls.change(context, call, calls.load(context, call), subject="Fuite au sous-sol")
        await session.press("enter")
        assert session.rows()[22].startswith(" × Objet : déjà changé par"), session.text
        assert "Plus d'eau" in session.text
        assert calls.load(context, call)["subject"] == "Fuite au sous-sol"
        await session.press("enter")
        assert calls.load(context, call)["subject"] == "Plus d'eau"


async def test_a_machine_that_is_let_go_is_told(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    party = parties.by_code(context, "C00310")
    values = {"party_id": party, "serial": "VX-2231", "brand": "VIESSEL"}
    call = calls.take(context, equipment_id=equipment.create(context, values), subject="Fuite")
    other = parties.create(context, {"name": "Garage Zorro", "is_customer": 1})
    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter", *["up"] * 6)
        await session.type("Zorro")
        await session.press("enter")
        found = calls.load(context, call)
        assert (found["party_id"], found["equipment_id"]) == (other, None)
        assert session.rows()[22].startswith(" ! La machine VX-2231 quitte l'appel"), session.text
