"""Retention, direct payment and prorata: below the TTC, on every invoice (domain.md §6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Deduction, Document, Value
from codial_tui.domain.invoicing.deductions import parts, release_of
from codial_tui.domain.lines.totals import totals
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import headers, show
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import invoice_parts, validating
from codial_tui.services.invoicing.credit_notes import credit
from codial_tui.services.invoicing.deposit_issue import Ask, issue
from codial_tui.services.law import verification
from codial_tui.services.paper import printing


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    made = Desk(context, tmp_path)
    made.customer("MARTIN")
    made.customer("SOUSTRAIT", is_supplier=1)
    return made


def typed(desk: Desk, document: Document, **values: Value) -> Document:
    """Fields of the header, as the screen gives them."""
    editor = Editor(desk.context, document.id)
    for name, value in values.items():
        headers.edit(editor, editor.kind.field(name), value)
    editor.close()
    return desk.again(document)


def works(desk: Desk) -> Document:
    """1 000.00 at 20 % and 500.00 at 10 %: 1 500.00 HT, 1 750.00 TTC."""
    line = {"type": "item", "quantity": "1"}
    return desk.make(
        "invoice",
        {**line, "label": "A", "unit_price": "1000", "vat_rate": "20"},
        {**line, "label": "B", "unit_price": "500", "vat_rate": "10"},
    )


@pytest.mark.both
def test_retention_on_a_direct_invoice(desk: Desk) -> None:
    made = typed(desk, works(desk), retention=50_000)
    found = totals(made)
    assert (found.gross, found.payable) == (175_000, 166_250)
    done = validating.validate(desk.context, made.id)
    [part] = parts(done)
    assert (part.kind, part.amount, part.release_on) == ("retention", 8_750, "2027-11-22")
    assert [(one.amount, one.release_on) for one in done.deductions] == [(8_750, "2027-11-22")]
    rows = desk.context.database.rows
    desk.print(done)
    due = "SELECT nature, amount, due_date FROM instalment WHERE document_id = ? ORDER BY nature"
    assert rows(due, (done.id,))[0] == ("retention", 8_750, "2027-11-22")
    assert sum(row[1] for row in rows(due, (done.id,))) == 175_000
    text = "\n".join(line for page in printing.preview(desk.context, done) for line in page)
    for words in ("Retenue de garantie 5 %", "-87,50", "Net à payer", "1 662,50 €"):
        assert words in text
    assert "22/11/2027" in text
    assert verification.verify(desk.context)[1] == []


@pytest.mark.both
def test_every_kind_together_then_one_by_one(desk: Desk) -> None:
    supplier = desk.context.database.value("SELECT id FROM party WHERE code = 'SOUSTRAIT'")
    made = typed(
        desk,
        works(desk),
        retention=30_000,
        retention_base="net",
        prorata=15_000,
        direct_payment=20_000,
        subcontractor=supplier,
    )
    assert [(one.kind, one.amount) for one in parts(made)] == [
        ("retention", 4_500),
        ("prorata", 2_250),
        ("direct_payment", 20_000),
    ]
    assert totals(made).payable == 175_000 - 26_750
    shown = show.shown(desk.context, made)["deductions"]
    assert [one["amount"] for one in shown] == ["45.00", "22.50", "200.00"]
    bonded = typed(desk, made, bond=1, prorata=None)
    assert totals(bonded).payable == 155_000
    assert parts(bonded)[0].release_on is None
    read = [invoice_parts.value_of(bonded, name) for name in ("retention", "bond", "prorata")]
    assert read == [30_000, 1, None]
    editor = Editor(desk.context, made.id)
    editor.undo()
    assert len(editor.document.deductions) == 3
    editor.close()


@pytest.mark.both
def test_what_is_refused(desk: Desk) -> None:
    made = works(desk)
    with pytest.raises(Refused, match="5 % au plus"):
        typed(desk, made, retention=50_001)
    with pytest.raises(Refused, match="Retenue % d'abord"):
        typed(desk, made, bond=1)
    typed(desk, made, direct_payment=180_000)
    found = validating.problems(desk.context, desk.again(made))
    assert "deduction.too_much" in [one.code for one in found]
    with pytest.raises(Refused), desk.context.database.write():
        desk.context.database.insert(
            "invoice_deduction",
            {"uid": desk.context.uid(), "document_id": made.id, "percent": 50_001},
        )


@pytest.mark.long
@pytest.mark.both
def test_the_base_is_the_works_not_what_the_deposit_leaves(desk: Desk) -> None:
    """As on the progress invoices of domain.md §6: 5 % of the TTC of the works."""
    order = desk.make("order", ("Travaux", 1, "10000"))
    issue(desk.context, order.id, Ask("receipt", amount=360_000))
    made = typed(desk, desk.move(order, "invoice"), retention=50_000, prorata=15_000)
    found = totals(made)
    assert (found.gross, [one.amount for one in parts(made)]) == (840_000, [60_000, 15_000])
    assert found.payable == 840_000 - 60_000 - 15_000
    done = validating.validate(desk.context, made.id)
    back = credit(desk.context, done.id)
    assert totals(back).payable == -found.payable
    assert [one.amount for one in parts(back)] == [-60_000, -15_000]
    assert [one.amount for one in validating.validate(desk.context, back.id).deductions] == [
        -60_000,
        -15_000,
    ]


@pytest.mark.both
def test_the_command_line_keeps_it_too(desk: Desk) -> None:
    made = desk.make(
        "invoice",
        ("Travaux", 1, "100"),
        deductions=[
            {"kind": "retention", "percent": "5"},
            {"kind": "direct_payment", "amount": "10.00", "supplier": "SOUSTRAIT"},
        ],
    )
    assert totals(made).payable == 12_000 - 600 - 1_000
    with pytest.raises(Refused, match="5 % au plus"):
        desk.make("invoice", ("Pose", 1, "1"), deductions=[{"kind": "retention", "percent": "6"}])
    with pytest.raises(Refused, match="pas pour cette pièce"):
        desk.make("order", ("Pose", 1, "1"), deductions=[{"kind": "retention", "percent": "1"}])


def test_a_leap_day_comes_back_on_the_28th() -> None:
    assert release_of(Deduction("", "retention"), "2028-02-29") == "2029-02-28"
    assert release_of(Deduction("", "retention", bond=1), "2028-02-29") is None
