"""The register of equipment by keys: a machine, one inside it, its counter, files, warranties."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.screens.maintenance.equipment_history import EquipmentHistory
from codial_tui.screens.records.record import RecordScreen
from codial_tui.services.documents import attachments
from codial_tui.services.maintenance import equipment, work_orders
from codial_tui.services.records import parties


async def test_a_machine_with_its_parts_counter_files_and_warranty(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "m", "m")
        await session.type("tilleuls")
        await session.press("enter")
        for word in ("VX-2231", "VIESSEL", "Chaudière", "Condens"):
            await session.type(word)
            await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        (boiler,) = context.database.mappings("SELECT * FROM equipment")
        assert (boiler["code"], boiler["serial"], boiler["label"]) == (
            *("EQ26-00001", "VX-2231", "VIESSEL Chaudière Condens"),
        )
    party = parties.by_code(context, "C00310")
    with context.database.write():
        own = {"meter": "hours", "warranty_until": "2026-12-31"}
        context.database.update("equipment", boiler["id"], own)
    equipment.create(
        context, {"party_id": party, "serial": "B-1", "brand": "RIELLO", "parent_id": boiler["id"]}
    )
    work_orders.new(context, party, equipment=[boiler["id"]], subject="Entretien")
    (attachments.folder(context, "inbox") / "notice.txt").write_text("Notice", encoding="utf-8")
    async with running(demo, monkeypatch) as session:
        await session.type("vx-2231")
        assert "EQ26-00001" in session.text
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        await session.press("ctrl+g", "c", "f5")
        await session.type("1200")
        await session.press("f8")
        assert [one["value"] for one in equipment.readings(context, boiler["id"])] == [12_000_000]
        await session.press("ctrl+g", "e", "f7")
        assert isinstance(session.screen, EquipmentHistory)
        text = session.text
        assert "cette machine" in text and "  RIELLO" in text
        assert "intervention  BI26-00001" in text and "Entretien" in text
        await session.press("f5", "enter")
        assert "notice.txt" in session.text
        await session.press("end", "enter")
        assert "Notice" in session.text
        await session.press("escape", "escape", "escape")
        await session.press("f10")
        await session.type("rapports")
        await session.press("enter", "g")
        assert "EQ26-00001" in session.text and "31/12/26" in session.text


async def test_a_serial_number_twice_is_said_on_the_page(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    party = parties.by_code(context, "C00310")
    known = {"party_id": party, "brand": "RICOH"}
    first = equipment.create(context, {**known, "serial": "ZZ-9"})
    equipment.create(context, {**known, "serial": "ZZ-8"})
    code = context.database.value("SELECT code FROM equipment WHERE id = ?", (first,))
    async with running(demo, monkeypatch) as session:
        await session.type("zz-8")
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        assert "même n° de série" not in session.text
        await session.screen.form.enter("serial")
        await session.type("zz-9")
        await session.press("enter")
        assert f"! même n° de série que {code}" in session.text
