"""Subcontracting: which lines, what they should cost, ordering them once, VAT reversed."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_needs import Buyer

from codial_tui.domain.document import Document
from codial_tui.domain.paper.paper import Paper
from codial_tui.errors import Refused
from codial_tui.services.buying import back_to_back, ordering, subcontracting
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import validating


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Buyer:
    context.edition = "building"
    desk = Buyer(context, tmp_path)
    desk.customer("MARTIN")
    return desk


def works(desk: Buyer, document: Document) -> list[tuple[str, int, int, str]]:
    return [
        (one.line.label, one.planned, one.to_order, one.supplier)
        for one in subcontracting.works(desk.context, desk.load(document.id))
    ]


def planned(desk: Buyer, supplier: int, **values: object) -> Document:
    """An order with 12,5 h of works by another at 31,20, and one line of one's own."""
    order = desk.make("order", ("Pose", "3", "50"), ("Enduit", "12.5", "55"), **values)
    editor = Editor(desk.context, order.id)
    uid = order.lines[1].uid
    subcontracting.mark(editor, [uid])
    subcontracting.choose(editor, uid, supplier)
    subcontracting.plan_cost(editor, uid, 31_2000)
    editor.close()
    return desk.load(order.id)


def ordered(desk: Buyer, *several: Document, **values: object) -> list[ordering.Ordered]:
    found = []
    for one in several:
        all_of_it = subcontracting.works(desk.context, one)
        found += subcontracting.propose(desk.context, one, all_of_it)
    return ordering.order(desk.context, found, kind="subcontract_order", **values)  # type: ignore[arg-type]


@pytest.mark.both
def test_works_are_ordered_at_their_cost_with_vat_reversed(desk: Buyer) -> None:
    supplier = desk.supplier("BATI", street="3 rue Y", city="LYON")
    order = planned(desk, supplier, planned_date="2999-03-01")
    assert works(desk, order) == [("Enduit", 390_00, 12_5000, "Bati")]
    (done,) = ordered(desk, order)
    made = desk.load(done.document_id)
    (line,) = made.lines
    assert (made.kind, made.ref, line.quantity, line.unit_price) == (
        "subcontract_order", "CS26-00001", 12_5000, 31_2000,
    )  # fmt: skip
    assert (line.vat_category, line.vat_rate, line.cost_category) == ("AE", 0, "sous_traitance")
    assert made.text("vat_regime") == "reverse_charge"
    assert (made.number("net_total"), made.number("gross_total")) == (390_00, 390_00)
    assert line.delivery_date == "2999-03-01"
    assert works(desk, order) == [("Enduit", 390_00, 0, "Bati")]
    with pytest.raises(Refused, match="Rien à commander"):
        ordered(desk, desk.load(order.id))


@pytest.mark.parametrize(
    ("edition", "regime", "category"),
    [
        ("building", "normal", "AE"),
        ("trade", "normal", "S"),
        ("trade", "reverse_charge", "AE"),
        ("building", "franchise", "E"),
    ],
)
def test_whose_vat_is_reversed(desk: Buyer, edition: str, regime: str, category: str) -> None:
    desk.context.edition = edition
    supplier = desk.supplier("BATI", vat_regime=regime)
    made = documents.blank(desk.context, "subcontract_order", supplier)
    assert made.text("vat_category") == category
    bought = documents.blank(desk.context, "purchase_order", supplier)
    assert (bought.text("vat_category") == "AE") == (regime == "reverse_charge")


def test_the_mention_is_on_paper(desk: Buyer) -> None:
    supplier = desk.supplier("BATI", siret="12345678200010", street="3 rue Y", city="LYON")
    (done,) = ordered(desk, planned(desk, supplier))
    said = str(paper_of(desk, done.document_id))
    assert "Autoliquidation, article 283-2 nonies du CGI" in said
    assert "Bati" in said and "3 rue Y" in said
    assert "SIRET du sous-traitant : 123 456 782 00010" in said


def paper_of(desk: Buyer, document_id: int) -> Paper:
    from codial_tui.services.paper import papers

    return papers.paper(desk.context, desk.load(document_id))


def test_two_documents_of_two_projects_join_one_open_order(desk: Buyer) -> None:
    supplier = desk.supplier("BATI")
    with desk.context.database.write():
        one, two = (
            desk.context.database.insert("project", {"uid": desk.context.uid(), "code": code,
                                                     "name": code, "name_fold": code.lower()})
            for code in ("GARE", "QUAI")
        )  # fmt: skip
    first, second = planned(desk, supplier), planned(desk, supplier)
    first, second = desk.set(first, project_id=one), desk.set(second, project_id=two)
    (done,) = ordered(desk, first)
    (joined,) = ordered(desk, second, into={supplier: done.document_id},
                        choices={})  # fmt: skip
    made = desk.load(joined.document_id)
    assert joined.ref == done.ref and not joined.created
    assert [line.project_id for line in made.lines] == [one, two]
    assert {line.vat_category for line in made.lines} == {"AE"}
    today = desk.context.today.isoformat()
    assert back_to_back.said(desk.context.database, made.lines[1].uid, today) == [
        "12,5 pour CC26-00002 (Martin, QUAI)"
    ]


def test_what_cannot_be_ordered_says_all_of_it(desk: Buyer) -> None:
    order = desk.make("order", ("Pose", "3", "50"), ("Enduit", "2", "55"))
    editor = Editor(desk.context, order.id)
    subcontracting.mark(editor, [one.uid for one in order.lines])
    subcontracting.plan_cost(editor, order.lines[0].uid, 10_0000)
    with pytest.raises(Refused) as caught:
        ordered(desk, editor.document)
    assert [one.message for one in caught.value.problems] == [
        "« Pose » : pas de sous-traitant",
        "« Enduit » : pas de sous-traitant",
        "« Enduit » : pas de coût prévu",
    ]
    assert not desk.context.database.value(
        "SELECT COUNT(*) FROM document WHERE kind = 'subcontract_order'"
    )
    editor.undo()
    editor.undo()
    assert works(desk, order) == []


def test_two_people_order_the_same_works_once(desk: Buyer) -> None:
    order = planned(desk, desk.supplier("BATI"))
    mine, theirs = (
        subcontracting.propose(desk.context, order, subcontracting.works(desk.context, order))
        for _ in range(2)
    )
    ordering.order(desk.context, mine, kind="subcontract_order")
    with pytest.raises(Refused, match="commandé ou changé entre-temps"):
        ordering.order(desk.context, theirs, kind="subcontract_order")


def test_works_that_are_received_or_billed_have_come(desk: Buyer) -> None:
    order = planned(desk, desk.supplier("BATI"))
    (done,) = ordered(desk, order)
    made = desk.load(done.document_id)
    receipt = desk.move(made, "goods_receipt", {0: "4"})
    validating.validate(desk.context, receipt.id)
    database = desk.context.database
    assert [one.arrived for one in back_to_back.of_document(database, order.id)] == [4_0000]
    assert database.value("SELECT COUNT(*) FROM stock_move") == 0


def test_a_smaller_subcontract_order_gives_the_works_back(desk: Buyer) -> None:
    order = planned(desk, desk.supplier("BATI"))
    (done,) = ordered(desk, order)
    editor = Editor(desk.context, done.document_id)
    entering.edit_line(editor, editor.document.lines[0].uid, quantity=5_0000)
    assert works(desk, order)[0][2] == 7_5000
    editor.undo()
    assert works(desk, order)[0][2] == 0
    entering.delete_lines(editor, [editor.document.lines[0].uid])
    assert works(desk, order)[0][2] == 12_5000
