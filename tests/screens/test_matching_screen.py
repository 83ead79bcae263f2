"""Rapprochement by keys: F6 on a supplier's invoice."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.screens.buying.matching import MatchingScreen


async def test_an_invoice_is_matched_and_says_what_differs(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "h", "c")
        await session.type("rhon")
        await session.press("enter")
        await session.type("tub12 10")
        await session.press("enter", "f6", "f8", "f8", "o")
        assert session.rows()[22].startswith(" Bon de réception BR26-00001 validé")
        await session.press("escape", "escape", "escape", "f5", "h", "f")
        await session.type("rhon")
        await session.press("enter", "f6")
        assert isinstance(session.screen, MatchingScreen)
        await session.press("f8")
        assert session.rows()[22] == " × Aucune ligne à rapprocher · tapez celles de la facture"
        await session.press("escape")
        await session.type("tub12 12 x5,20")
        await session.press("enter", "f6", "f8")
        rows = session.rows()
        assert rows[0].startswith(" Rapprocher FF26-00001 · 1 ligne sur 1")
        assert rows[0].endswith("écart 11,40 €")
        assert rows[3].startswith("► ≠ Tube cuivre")
        assert rows[3].split()[-6:] == ["12,00", "10,00", "5,20", "5,10", "11,40", "BR26-00001"]
        assert rows[22] == " 1 ligne rapprochée"
        await session.press("down", "up")
        await session.press("f7")
        assert session.rows()[22] == " Ligne à rapprocher de nouveau"
        assert session.rows()[0].startswith(" Rapprocher FF26-00001 · 0 ligne sur 1")
        await session.press("f8", "escape", "ctrl+r")
        assert "Rapprochée" in session.rows()[22]
    assert demo.context.database.rows(
        "SELECT billing FROM document WHERE kind = ?", ("supplier_invoice",)
    ) == [("none",)]
