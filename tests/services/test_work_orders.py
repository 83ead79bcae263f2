"""Work orders: made, loaded, edited with undo, locked once closed, never billed before."""

from __future__ import annotations

from typing import Any

import pytest

from codial_tui.domain.changes import insert, set_line, set_part
from codial_tui.domain.document import Line, Visit
from codial_tui.errors import CodialError, Refused
from codial_tui.services.chain import transfers
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import work_orders
from codial_tui.services.records import parties


@pytest.fixture
def party(context: Context) -> int:
    return parties.create(context, {"name": "SCI Les Tilleuls", "is_customer": 1})


def boiler(context: Context, party: int, **values: Any) -> int:
    database = context.database
    with database.write():
        return database.insert(
            "equipment",
            {
                "uid": context.uid(),
                "code": "EQ1",
                "code_fold": "eq1",
                "party_id": party,
                "brand": "VIESSEL",
                "serial": "VX-2231-0098",
                "created_at": context.now,
                **values,
            },
        )


def test_it_keeps_its_own_copy_of_a_machine(context: Context, party: int) -> None:
    machine = boiler(context, party, warranty_until="2099-01-01")
    made = work_orders.new(context, party, equipment=[machine], fault="Code F28", subject="Panne")
    document = Editor(context, made).document
    assert document.ref.startswith("BI")
    (one,) = document.machines
    assert (one.brand, one.serial, one.coverage, one.fault) == (
        *("VIESSEL", "VX-2231-0098", "warranty", "Code F28"),
    )
    assert document.header["coverage"] == "warranty"
    assert document.header["bill_labour"] == 0


def test_times_are_edited_undone_and_redone(context: Context, party: int) -> None:
    editor = Editor(context, work_orders.new(context, party))
    visit = Visit(context.uid(), departure="2026-11-22T20:50:00Z", arrival="2026-11-22T21:10:00Z")
    editor.commit([insert(visit)], "Visite")
    editor.commit([set_part(editor.document.visits[0], ended="2026-11-22T22:20:00Z")], "Fin")
    editor.undo()
    assert Editor(context, editor.document.id, lock=False).document.visits[0].ended is None
    editor.redo()
    stored = Editor(context, editor.document.id, lock=False).document.visits
    assert [(one.departure, one.ended) for one in stored] == [
        ("2026-11-22T20:50:00Z", "2026-11-22T22:20:00Z")
    ]
    with pytest.raises(CodialError):  # the schema itself keeps the order of times
        editor.commit([set_part(editor.document.visits[0], ended="2026-11-22T20:00:00Z")], "Fin")


def test_a_covered_line_costs_nothing(context: Context, party: int) -> None:
    editor = Editor(context, work_orders.new(context, party))
    line = Line(context.uid(), label="Électrode", quantity=2_0000, unit_price=48_0000)
    editor.commit([insert(line)], "Ligne")
    assert editor.totals.net == 96_00
    editor.commit([set_line(editor.document.lines[0], covered="warranty")], "Garantie")
    assert editor.totals.net == 0
    assert editor.document.lines[0].amount == 0


def test_an_open_one_is_not_invoiced(context: Context, party: int) -> None:
    made = work_orders.new(context, party)
    document = documents.get(context, Editor(context, made, lock=False).document.ref)
    with pytest.raises(Refused, match="Seul un bon d'intervention terminé se facture"):
        transfers.transfer(context, transfers.Request((document.id,), "invoice"))
