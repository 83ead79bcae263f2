"""Rapports: a letter shows a table, row 22 takes the period."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.document import Line, Visit
from codial_tui.screens.buying.reports import ReportsScreen
from codial_tui.screens.report import ReportScreen
from codial_tui.services.documents import documents


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


async def test_time_billed_and_not_billed_fits_80_columns(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    document = documents.blank(context, "work_order", 1)
    line = Line(context.uid(), label="Pose", quantity=1_0000, unit_price=123_456_7800)
    line.billing_class, line.amount, line.net_amount = "labour", 123_456_78, 123_456_78
    times = ("2026-11-02T07:00:00Z", "2026-11-02T07:35:00Z", "2026-11-02T10:05:00Z")
    document.visits = [Visit(context.uid(), None, "Claire Martin", *times, "2026-11-02T10:45:00Z")]
    document.lines = [line]
    documents.insert(context, document)
    async with running(demo, monkeypatch) as session:
        await session.press("f10")
        await session.type("rapports")
        await session.press("enter", "t")
        await session.until(lambda: isinstance(session.screen, ReportScreen))
        heading, row, total = (session.rows()[at].strip("► ") for at in (2, 3, 4))
        assert heading.split(maxsplit=5) == [
            *("Technicien", "BI", "Trajet", "Travail", "Facturé"),
            "À fact. Non fact. Facturé HT À fact. HT",
        ]
        figures = ["1", "1:15", "2:30", "0:00", "2:30", "1:15", "0,00", "123 456,78"]
        assert row.startswith("Claire ") and total.startswith("TOTAL")
        for shown in (row, total):
            assert shown.replace("\u202f", " ").split()[-9:] == " ".join(figures).split()
