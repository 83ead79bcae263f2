"""A call becomes a work order, by keys and without a screen."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from demo_program import running

from codial_tui.__main__ import main
from codial_tui.bootstrap import Program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.maintenance.call_entry import CallEntry
from codial_tui.services.maintenance import calls


def machine(program: Program) -> int:
    """A boiler at SCI Les Tilleuls."""
    context = program.context
    owner = context.database.value("SELECT id FROM party WHERE code = 'C00310'", ())
    row = {
        "uid": context.uid(),
        "code": "EQ26-1",
        "code_fold": "eq26-1",
        "party_id": owner,
        "brand": "VIESSEL",
        "type": "Chaudière",
        "serial": "VX-2231-0098",
        "serial_fold": "vx-2231-0098",
        "warranty_until": "2026-11-30",
        "created_at": context.now,
    }
    with context.database.write():
        return context.database.insert("equipment", row)


@pytest.mark.long
async def test_a_call_by_keys(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(demo)
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "m", "a")
        assert isinstance(session.screen, CallEntry)
        await session.type("2231")
        assert "VX-2231-0098 VIESSEL Chaudière" in session.text
        await session.press("enter")
        assert session.rows()[0].startswith(" Appel AP26-00001 · SCI Les Tilleuls · Ouvert")
        assert "Machine : VIESSEL Chaudière · garantie 30/11/26" in session.text
        await session.type("Mme Roux")
        await session.press("enter", "enter", "enter")
        await session.type("Plus d'eau chaude")
        await session.press("enter")
        await session.type("Code F28 depuis samedi")
        await session.press("f8")
        assert isinstance(session.screen, CallEntry)
        await session.press("f6")
        assert isinstance(session.screen, DocumentScreen)
        document = session.screen.editor.document
        assert session.rows()[22] == " Bon d'intervention de l'appel AP26-00001"
        assert document.text("subject") == "Plus d'eau chaude"
        (one,) = document.machines
        assert (one.serial, one.fault) == ("VX-2231-0098", "Code F28 depuis samedi")
        assert (one.coverage, document.number("bill_labour", 1)) == ("warranty", 0)
        await session.press("escape")
        assert "Bon d'intervention BI26-00001 : F9 l'ouvre" in session.text
        await session.press("f6")
        assert session.rows()[22].startswith(" × AP26-00001 est déjà BI26-00001")
        await session.press("f8")
    call = calls.get(demo.context, "AP26-00001")
    assert (call["state"], call["caller"]) == ("closed", "Mme Roux")


async def test_who_is_not_known_is_kept(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "m", "a", "f8")
        assert session.rows()[22].startswith(" × Rien n'est noté encore")
        await session.press("enter")
        await session.type("M. Petit")
        await session.press("enter", "escape")
        await session.type("ap")
        await session.press("enter")
        assert "AP26-00001" in session.text
        await session.press("down", "enter")
        assert session.rows()[0].startswith(" Appel AP26-00001 · M. Petit · Ouvert")
        await session.press("f6")
        assert session.rows()[22].startswith(" × Chez qui ?")


def test_calls_without_a_screen(
    demo: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine(demo)
    path = str(tmp_path / "demo.sqlite3")

    def run(*words: str, code: int = 0) -> Any:
        assert main(["--database", path, "call", *words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    made = run("add", "--serial", "vx-2231-0098", "--subject", "Panne", "--priority", "urgent")
    assert (made["customer"], made["equipment"], made["state"]) == ("C00310", "EQ26-1", "open")
    assert run("answer", made["number"], "On rappelle", "--wait")["state"] == "waiting"
    shown = run("order", made["number"], "--planned", "2026-11-12")
    assert (shown["kind"], shown["planned_date"], shown["call"]) == (
        *("work_order", "2026-11-12", made["number"]),
    )
    problems = run("order", made["number"], code=1)["problems"]
    assert problems[0]["code"] == "call.ordered"
    assert run("close", made["number"], "--answer", "Fait")["closed_at"]
    assert run("show", made["number"])["answer"] == "Fait"
    (listed,) = run("list", "--state", "closed")["calls"]
    assert listed["order"] == shown["number"]
    assert main(["--database", path, "call", "list"]) == 0
    (told,) = capsys.readouterr().out.splitlines()[1:]
    opened = datetime.fromisoformat(listed["opened_at"]).astimezone(ZoneInfo("Europe/Paris"))
    assert told.split("  ", 2)[1] == f"{opened:%d/%m/%y %H:%M}"
    assert told.endswith(f"SCI Les Tilleuls  Panne  Urgente   Clos  {listed['order']}")
    assert run("add", code=1)["problems"][0]["code"] == "call.empty"
    noted = run("add", "--serial", "NOPE")
    assert (noted["serial"], noted["warning"]) == ("NOPE", "N° de série NOPE inconnu au registre")
    assert main(["--database", path, "call", "show", noted["number"]]) == 0
    assert capsys.readouterr().out.strip() == f"{noted['number']} · NOPE"
    assert run("show", "AP99-1", code=1)["problems"][0]["code"] == "call.unknown"
