"""By keys only: a call, a work order, planned, two visits over midnight, parts under warranty at
zero and labour billed, signed, closed, invoiced."""

from __future__ import annotations

from typing import Any

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.document import Document
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.maintenance.planning import PlanningScreen
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.maintenance import equipment
from codial_tui.services.records import catalogue, company_settings, parties, records
from codial_tui.services.stock import journal


@pytest.fixture
def shop(demo: Program) -> Program:
    """A boiler under warranty; Yann has three tubes in his van; labour is MOPLO, 48,00 an hour."""
    context = demo.context
    equipment.create(
        context,
        {
            "party_id": parties.by_code(context, "C00310"),
            "serial": "VX-2231-0098",
            "brand": "VIESSEL",
            "type": "Chaudière",
            "warranty_until": "2026-12-31",
        },
    )
    yann = context.database.value("SELECT id FROM app_user WHERE is_technician = 1")
    van = records.create(context, "warehouse", {"code": "VAN", "name": "Fourgon", "user_id": yann})
    tube, labour = (catalogue.by_reference(context, one) for one in ("TUB12", "MOPLO"))
    assert tube is not None and labour is not None
    company_settings.put(context, "work.labour_item", labour.id)
    with context.database.write():
        journal.write(context, [journal.Entry(tube.id, van, 3_0000, "receipt", cost=50_000_000)])
    return demo


def in_van(context: Context) -> Any:
    return context.database.value(
        "SELECT l.on_hand FROM stock_level l JOIN warehouse w ON w.id = l.warehouse_id "
        "WHERE w.code = 'VAN'"
    )


async def test_from_the_call_to_the_invoice(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = shop.context

    def order() -> Document:
        return documents.get(context, "BI26-00001")

    async with running(shop, monkeypatch) as session:
        # the call becomes a work order
        await session.press("f5", "m", "a")
        await session.type("2231")
        await session.press("enter")
        await session.type("Mme Roux")
        await session.press("enter", "enter", "enter")
        await session.type("Plus d'eau chaude")
        await session.press("enter")
        await session.type("Code F28")
        await session.press("f8", "f6")
        assert isinstance(session.screen, DocumentScreen)
        assert order().header["coverage"] == "warranty"
        # it is refused as an invoice, with the reason
        await session.press("f6", "f")
        assert "Seul un bon d'intervention terminé se facture" in session.text
        await session.press("escape")
        # planned
        await session.press("ctrl+g", "e", "f7", "5")
        assert isinstance(session.screen, PlanningScreen)
        await session.press("enter", "escape")
        assert order().text("planned_date") == "2026-11-09"
        # two visits over midnight
        await session.press("ctrl+g", "e")
        for visit in ("08/11 2150 2210 2320 2335", "08/11 2340 0005 0125 0140"):
            await session.type(visit)
            await session.press("enter")
        assert "trajet 1:15 · travail 2:30" in session.text
        # the warranty does not pay for labour
        await session.press("ctrl+g", "m")
        while "►Main d'œuvre" not in session.text:
            await session.press("down")
        await session.press("o", "enter")
        assert order().header["bill_labour"] == 1
        # parts cost nothing, labour does
        await session.press("ctrl+g", "l")
        await session.type("TUB12 2")
        await session.press("enter")
        await session.press("ctrl+g", "m", "f7", "t")
        lines = [(one.reference, one.covered, one.amount) for one in order().lines]
        assert lines == [("TUB12", "warranty", 0), ("MOPLO", "", 120_00)]
        # signed, closed: the parts leave the van
        await session.press("f7", "4")
        await session.type("Mme Roux")
        await session.press("enter", "n")
        assert order().text("signed_at") != ""
        assert in_van(context) == 3_0000
        await session.press("f8", "o")
        assert order().state == "closed"
        assert in_van(context) == 1_0000
        # invoiced
        await session.press("f6", "f", "f8")
        screen = session.screen
        assert isinstance(screen, DocumentScreen)
        assert screen.editor.document.kind == "invoice"
        assert screen.editor.document.number("net_total") == 120_00
        assert [one.amount for one in screen.editor.document.lines if one.is_priced] == [0, 120_00]
    assert order().header["billing"] == "full"
