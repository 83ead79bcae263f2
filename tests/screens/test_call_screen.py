"""A call on screen: nothing typed is lost when two people have it, only time on it is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.maintenance import calls
from codial_tui.services.records import parties


async def test_two_people_write_the_same_text(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    call = calls.take(context, subject="Fuite")
    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter")
        assert session.rows()[0].startswith(" Appel AP26-00001 · Ouvert"), session.text
        await session.type("On rappelle demain")
        calls.change(context, call, calls.load(context, call), answer="On passe ce soir")
        await session.press("escape")
        assert "Réponse : déjà changé par" in session.rows()[22], session.text
        assert "On passe ce soir" in session.text and "On rappelle demain" in session.text
        assert calls.load(context, call)["answer"] == "On passe ce soir"
        await session.press("escape")  # both are kept
        assert calls.load(context, call)["answer"] == "On passe ce soir\n\nOn rappelle demain"
        assert session.rows()[0].startswith(" Appel AP26-00001"), session.text
        assert "déjà changé" not in session.rows()[22], session.text


async def test_only_time_on_the_call_counts(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    party = parties.by_code(context, "C00310")
    call = calls.take(context, party_id=party, subject="Fuite")

    def later(minutes: int) -> None:
        at = context.clock() + timedelta(minutes=minutes)
        monkeypatch.setattr(context, "clock", lambda: at)

    def seconds() -> int:
        return int(calls.load(context, call)["seconds"])

    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter")
        later(10)
        await session.press("escape")  # it was only read
        assert seconds() == 0
        await session.type("ap26-00001")
        await session.press("enter")
        await session.type("On passe")
        later(2)
        await session.press("escape", "f6")
        assert isinstance(session.screen, DocumentScreen)
        assert seconds() == 120
        later(60)  # in the work order
        await session.press("escape")
        assert session.rows()[0].startswith(
            " Appel AP26-00001 · SCI Les Tilleuls · En attente · BI26-00001"
        ), session.text
        assert "État           En attente" in session.text
        assert "BI26-00001 : F9 l'ouvre, F8 clôt l'appel" in session.text
        await session.press("f8")
        assert (seconds(), calls.load(context, call)["state"]) == (120, "closed")


async def test_a_long_text_that_is_refused_is_shown_again(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    call = calls.take(context, subject="Fuite")
    async with running(demo, monkeypatch) as session:
        await session.type("ap26-00001")
        await session.press("enter")
        await session.type("On passe demain")

        def refused(*_: object, **__: object) -> None:
            raise Refused(Problem("document.locked", "", "Ouvert par Claire", "attendez"))

        with monkeypatch.context() as patch:
            patch.setattr(calls, "change", refused)
            await session.press("escape")
            assert "On passe demain" in session.text
            assert session.rows()[22].startswith(" × Ouvert par Claire · attendez"), session.text
            await session.type(" matin")
            await session.press("f8")
            assert "On passe demain matin" in session.text
        await session.type(".")
        await session.press("escape")  # it is free now
        assert calls.load(context, call)["answer"] == "On passe demain matin."
        with monkeypatch.context() as patch:
            patch.setattr(calls, "change", refused)
            await session.type("!")
            await session.press("escape", "escape")  # left as it is: given up
            assert session.rows()[0].startswith(" Appel AP26-00001"), session.text
        assert calls.load(context, call)["answer"] == "On passe demain matin."
