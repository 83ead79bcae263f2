"""F8 on a work order whose report is held: all that differs is shown before it is closed."""

from __future__ import annotations

import json

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.exchange.documents import parse_document
from codial_tui.screens.document.document_chain import KIND_LETTERS
from codial_tui.screens.lines.line_tools import OWN, REST
from codial_tui.screens.maintenance.visits_pane import STAMPS
from codial_tui.services.documents import completing, requests, rows
from codial_tui.services.documents.line_tools import BY_LETTER
from codial_tui.services.records import company_settings

ORDERED = [
    {"type": "item", "reference": name, "quantity": "3"} for name in ("TUB22", "TE22", "PVC40")
]


async def test_all_that_differs_is_shown(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    company_settings.put(context, "work.report_check", "identical")

    def ask(**values: object) -> str:
        asked = {"customer": "C00310", **values}
        return requests.create(context, parse_document(json.dumps(asked))).ref

    order = ask(kind="order", lines=ORDERED)
    ref = ask(kind="work_order", order=order)
    report = {"parts_used": [{"reference": "TUB22", "quantity": "5000"}]}
    made = completing.complete(context, ref, parse_document(json.dumps(report), "work_order"))
    assert made.state == "open"
    assert [one.covered for one in made.lines] == ["order", ""]
    async with running(demo, monkeypatch, ref=ref) as session:
        await session.press("f8")
        assert "! 4 points à voir, V. Terminer" in session.rows()[22], session.text
        assert session.rows()[22].rstrip().endswith("? O/N/V")
        await session.press("v")
        for said in ("TUB22 : 3 commandé, 5 000 posé", "TE22 : 3 commandé, rien de posé"):
            assert said in session.text
        await session.press("escape")
        assert "4 points à voir, V." in session.rows()[22], session.text
        await session.press("n", "f8", "o")
        found = rows.load(context.database, made.id)
        assert found is not None and found.state == "closed"


async def test_one_that_was_dropped_is_to_be_planned_again(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"kind": "work_order", "customer": "C00310"}
    made = requests.create(demo.context, parse_document(json.dumps(asked)))
    async with running(demo, monkeypatch, ref=made.ref) as session:
        await session.press("f7", "6", "o")
        assert f"{made.ref} sans suite · F7 6 le rouvre" in session.rows()[22], session.text
        await session.press("f7", "6")
        assert f"{made.ref} rouvert · à planifier" in session.rows()[22], session.text


def test_letters_of_a_kind_are_the_same_on_every_tab() -> None:
    lines = {*BY_LETTER, *(letter for letter, _ in (*OWN, REST))}
    for own in KIND_LETTERS.values():
        assert not own.keys() & {*lines, *STAMPS, *"AOJ", *"WMEG"} - {"G"}
