"""Buying by keys alone, at 80×24: needs, prices asked of two suppliers, one order, what came,
the delivery, what it consumed and what is left of the margin."""

from __future__ import annotations

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.services.buying import consumption
from codial_tui.services.documents import documents

pytestmark = pytest.mark.long


def level(program: Program, reference: str) -> int:
    return int(
        program.context.database.value(
            "SELECT SUM(l.on_hand) FROM stock_level l JOIN item i ON i.id = l.item_id "
            "WHERE i.reference = ?",
            (reference,),
        )
    )


async def home(session: Session) -> None:
    """As many Esc as it takes."""
    for _ in range(9):
        if session.rows()[0].startswith(" DÉMO SARL"):
            return
        await session.press("escape")
    raise AssertionError(session.rows()[0])


async def test_from_needs_to_margin(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        before = level(demo, "BORN7")
        await session.type("cc26-00011")
        await session.press("enter", "ctrl+g", "b", "f7", "p")  # ask the prices of what it needs
        assert session.rows()[0].startswith(" Demande de prix DP26-00001")
        await session.press("ctrl+g", "n")
        for supplier, price in (("elec", "700"), ("rhon", "650")):
            await session.type(supplier)
            await session.press("enter")
            await session.type(price)
            await session.press("enter")
        await session.press("f7", "m")
        assert "Retenu 650,00 €" in session.text
        await session.press("f6", "o")
        while "Besoins vers" in session.rows()[0]:
            await session.press("c")
        assert session.rows()[22].startswith(" ? CF26-00001 · noter ces prix dans les tarifs")
        await session.press("n")
        await home(session)
        await session.type("cf26-00001")
        await session.press("enter", "f6", "f8", "f8", "o")
        assert session.rows()[22].startswith(" Bon de réception BR26-00001 validé")
        assert level(demo, "BORN7") == before + 1_0000
        await home(session)
        await session.type("cc26-00011")
        await session.press("enter", "ctrl+g", "b")
        assert session.rows()[3].split()[-4:] == ["1,00", "0,00", "u", "F002"]  # ordered, none left
        await session.press("ctrl+g", "l", "f6", "b", "f8")
        assert "BL26-" in session.rows()[0]
        await session.press("f3", "enter", "o")
        await session.settled()
        assert level(demo, "BORN7") == before + 1_0000 - 3_0000

        # what the work really took
        await home(session)
        await session.type("cc26-00011")
        await session.press("enter", "f7", "3", "o", "ctrl+g", "c")
        await session.type("protbo 4")  # one more than planned
        await session.press("enter", "ctrl+g", "c")
        assert "marge prévue 1 099,60 €" in session.text
        found = consumption.look(demo.context, documents.get(demo.context, "CC26-00011").id)
        assert (found.summary.planned_margin, found.summary.spent) == (1_099_60, 568_00)
