"""« Prévue le » of a work order turns yellow, and bears a sign, once it is on the planning."""

from __future__ import annotations

from datetime import datetime

import pytest
from cell_dump import attributes, cells
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.services.maintenance import planning, resources, work_orders
from codial_tui.services.records import parties

STARTS, ENDS = (datetime.fromisoformat(f"2026-11-24T{hour}:00") for hour in ("08", "10"))


async def test_planned(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    made = work_orders.new(context, parties.by_code(context, "C00310"), subject="Panne")
    for planned in (False, True):
        if planned:
            planning.plan(context, made, resources.resources(context)[0].id, STARTS, ENDS)
        async with running(demo, monkeypatch) as session:
            await session.type("bi26-00001")
            await session.press("enter")
            await session.press("ctrl+g", "e")
            row = next(one for one in session.rows() if " Prévue le" in one)
            assert ("24/11/26   ○" in row) == planned
            assert ("Planifié" in session.rows()[0]) == planned
            at = row.index("Prévue le") + 15
            drawn = attributes(cells(session.app)[session.rows().index(row)][at])
            assert ("black on yellow" in drawn) == planned
