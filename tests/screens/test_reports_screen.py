"""Rapports: a letter shows a table, row 22 takes the period."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.screens.buying.reports import ReportsScreen


async def test_margins_of_the_demo_by_keys(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f10")
        await session.type("rapports")
        await session.press("enter")
        assert isinstance(session.screen, ReportsScreen)
        assert session.rows()[0].split(maxsplit=1) == ["Rapports", "du 01/01/26 au 09/11/26"]
        await session.press("c")
        await session.settled()
        rows = session.rows()
        assert rows[0].startswith(" Marge par commande") and rows[0].endswith("11 lignes")
        assert {"Commande", "Client", "HT", "Coût", "Marge", "Marque"} <= set(rows[2].split())
        await session.press("escape")
        await session.type("13/13")
        await session.press("enter")
        assert "n'est pas une période" in session.rows()[22]
        await session.press("ctrl+u")
        await session.type("01/25")
        await session.press("enter", "down", "down", "down", "enter")
        await session.settled()
        assert "Rien dans cette période." in session.text
        await session.press("escape", "escape")
        assert session.rows()[0].startswith(" DÉMO SARL")
