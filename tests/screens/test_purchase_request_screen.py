"""A purchase request by keys: no supplier, no price, ordered in an open order or by its prices."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program


@pytest.mark.long
async def test_a_request_becomes_part_of_an_open_order_and_says_so(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "h", "c")
        await session.type("rexo")
        await session.press("enter")
        await session.type("tub12 1 x7")
        await session.press("enter", "escape", "f5", "h", "a")
        assert session.rows()[22] == " Entrée : sans fournisseur"
        await session.press("enter")
        assert " · sans fournisseur · Ouverte" in session.rows()[0]
        await session.type("tub12 10")
        await session.press("enter", "f6")
        assert session.rows()[0].startswith(" Transférer la demande d'achat DA26-00001  ")
        await session.press("c", "f8")
        assert session.rows()[0].startswith(" DA26-00001 vers Commande fournisseur  ")
        assert session.rows()[3].split()[2:5] == ["09/11/26", "REXO", "Négoce"]
        await session.press("enter")
        assert session.rows()[0].startswith(" Commande fournisseur CF26-00001 · REXO")
        await session.press("escape")
        assert " · Ouverte · Commandée" in session.rows()[0]
        await session.press("escape")
        await session.type("da")
        await session.press("enter")
        assert session.rows()[3].split()[1:4] == ["DA26-00001", "09/11/26", "√"]
