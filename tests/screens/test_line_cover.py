"""Who pays for the lines of a work order, by keys: the four boxes, F7 G on a line, undo."""

from __future__ import annotations

import json

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.exchange.documents import parse_document
from codial_tui.services.documents import requests, rows

WANTED = {
    "kind": "work_order",
    "customer": "C00310",
    "machine": {"brand": "VIESSEL", "coverage": "warranty"},
    "lines": [
        {"type": "item", "label": "Heure", "unit": "h", "quantity": "2.5", "unit_price": "48"}
    ],
    "parts_used": [{"label": "Électrode", "quantity": "2", "unit_price": "31.25"}],
}


def covered(program: Program, document_id: int) -> list[str]:
    found = rows.load(program.context.database, document_id)
    assert found is not None
    return [one.covered for one in found.lines]


async def test_a_line_is_billed_after_all(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    made = requests.create(demo.context, parse_document(json.dumps(WANTED)))
    assert covered(demo, made.id) == ["warranty", "warranty"]
    async with running(demo, monkeypatch, ref=made.ref) as session:
        assert session.rows()[0].rstrip().endswith("HT 0,00 €")
        assert session.rows()[3].rstrip().endswith("garantie"), session.text
        await session.press("pageup", "up", "up")
        assert "Heure · sous garantie (120,00)" in session.rows()[22], session.text
        await session.press("f7")
        assert "G  Facturée ou non" in session.text
        await session.press("g")
        assert "« Heure » : facturé · Ctrl+R annule" in session.rows()[22], session.text
        assert session.rows()[0].rstrip().endswith("HT 120,00 €")
        assert covered(demo, made.id) == ["", "warranty"]
        await session.press("f7", "g")
        assert "« Heure » : sous garantie" in session.rows()[22]
        await session.press("ctrl+r")
        assert covered(demo, made.id) == ["", "warranty"]
        await session.press("ctrl+r")
        assert covered(demo, made.id) == ["warranty", "warranty"]


async def test_two_marked_lines_are_offered(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {**WANTED, "machine": "N-1"}
    made = requests.create(demo.context, parse_document(json.dumps(wanted)))
    async with running(demo, monkeypatch, ref=made.ref) as session:
        await session.press("pageup", "up", "space", "space", "f7", "g")
        assert "2 lignes : offert · Ctrl+R annule" in session.rows()[22], session.text
        assert session.rows()[3].rstrip().endswith("offert")
        assert covered(demo, made.id) == ["offered", "offered"]
        await session.press("ctrl+g", "m", "f7")
        assert "facturée" not in session.rows()[22], session.text  # it is done in Lignes
        assert "offert 182,50" in session.text


async def test_a_box_turned_on_machine_bills_its_lines(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = requests.create(demo.context, parse_document(json.dumps(WANTED)))
    async with running(demo, monkeypatch, ref=made.ref) as session:
        await session.press("ctrl+g", "m")
        assert "offert 182,50" in session.text
        screen = session.screen
        await screen.pane.form.form.enter("bill_labour")
        await session.press("o")
        assert covered(demo, made.id) == ["", "warranty"]
        assert "offert 62,50" in session.text and "HT 120,00" in session.rows()[0]
