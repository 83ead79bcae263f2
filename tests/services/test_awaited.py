"""Receipts against the orders they come from: partial, over, under, scanned, several at once."""

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.chain import gathering, giving_up
from codial_tui.services.chain.transfers import Request
from codial_tui.services.context import Context
from codial_tui.services.documents import entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import validating
from codial_tui.services.paper import papers
from codial_tui.services.stock import awaited, coming

ONE = 10_000
EAN = "3017620422003"


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    found = Desk(context, tmp_path)
    found.customer("MARTIN")
    found.customer("DUPONT", is_supplier=1, is_customer=0)
    found.item("VIS", unit="u", ean=EAN)
    found.item("CLOU", unit="u")
    return found


def ordered(desk: Desk, *lines: Any, **values: Any) -> Document:
    made = desk.make("purchase_order", *lines, customer=None, supplier="DUPONT", **values)
    return desk.print(made)


def typed(editor: Editor, text: str) -> str | None:
    found = entering.enter(editor, entering.read(editor, text, None), None)
    return found


def lines_of(document: Document) -> list[tuple[str, int, int]]:
    """Reference, quantity, and how much of it is linked."""
    linked: dict[str, int] = {}
    for one in document.links.values():
        linked[one.target_uid] = linked.get(one.target_uid, 0) + one.quantity
    return [
        (one.reference, one.quantity // ONE, linked.get(one.uid, 0) // ONE)
        for one in document.lines
        if one.is_priced
    ]


@pytest.mark.both
def test_what_is_scanned_comes_from_open_orders(desk: Desk) -> None:
    first = ordered(desk, ("VIS", "2", "5"), ("CLOU", "3", "1"))
    second = ordered(desk, ("VIS", "2", "6"))
    receipt = desk.make("goods_receipt", customer=None, supplier="DUPONT", lines=[])
    editor = Editor(desk.context, receipt.id)
    typed(editor, EAN)
    assert lines_of(editor.document) == [("VIS", 1, 1)]
    assert editor.document.lines[0].unit_price == 5 * ONE
    typed(editor, EAN)
    typed(editor, EAN)
    assert lines_of(editor.document) == [("VIS", 2, 2), ("VIS", 1, 1)]
    assert editor.document.lines[1].unit_price == 6 * ONE
    typed(editor, "vis 3")  # one of the second order, two that nobody ordered
    assert lines_of(editor.document) == [("VIS", 2, 2), ("VIS", 2, 2), ("VIS", 2, 0)]
    editor.undo()
    assert lines_of(editor.document) == [("VIS", 2, 2), ("VIS", 1, 1)]
    assert desk.pool(second, "deliver") == [(2, 1)]
    editor.redo()
    typed(editor, "clou")
    editor.close()
    told = validating.warnings(desk.context, desk.again(receipt))
    assert [one.text for one in told if one.code == "receipt.rest"] == [
        f"reste CLOU 2 ({first.ref})"
    ]
    assert [one.text for one in told if one.code == "receipt.more"] == ["VIS : 2 hors commande"]
    validating.validate(desk.context, receipt.id)
    assert desk.progress(first)[0] == "part" and desk.progress(second)[0] == "full"
    assert desk.pool(first, "deliver") == [(2, 2), (3, 1)]


def test_what_is_not_on_order_is_entered_as_everywhere(desk: Desk) -> None:
    receipt = desk.make("goods_receipt", customer=None, supplier="DUPONT", lines=[])
    ordered(desk, ("CLOU", "3", "1"))
    editor = Editor(desk.context, receipt.id)
    typed(editor, "vis 3 x4")
    assert lines_of(editor.document) == [("VIS", 3, 0)]
    line = editor.document.lines[0]
    assert awaited.said(desk.context, editor.document, line) == ["hors commande"]
    editor.close()


@pytest.mark.both
def test_each_line_says_ordered_before_now_and_rest(desk: Desk, tmp_path: Path) -> None:
    order = ordered(desk, ("VIS", "10", "5"))
    first = desk.move(order, "goods_receipt", {0: "4"})
    validating.validate(desk.context, first.id)
    second = desk.move(order, "goods_receipt", {0: "5"})
    line = next(one for one in second.lines if one.is_priced)
    said = awaited.said(desk.context, second, line)
    assert said == [f"{order.ref} : commandé 10, reçu avant 4, ici 5, reste 1"]
    (table,) = papers.paper(desk.context, second).tables()
    assert [one.label for one in table.columns] == [
        "Référence",
        "Désignation",
        "Cdé",
        "Déjà reçu",
        "Qté",
        "Reste",
        "U",
    ]
    cells = [row.cells for row in table.rows if "VIS" in "".join(row.cells)]
    assert cells[0][0] == "VIS" and cells[0][2:] == ("10,00", "4,00", "5,00", "1,00", "u")
    grown = desk.edit(second, second.lines.index(line), quantity=8 * ONE)
    line = next(one for one in grown.lines if one.is_priced)
    assert awaited.said(desk.context, grown, line)[1] == "! 2 de plus que commandé"
    assert desk.pool(order, "deliver") == [(10, 10)]


def test_more_than_ordered_becomes_a_line_without_order(desk: Desk) -> None:
    order = ordered(desk, ("VIS", "10", "5"))
    receipt = desk.move(order, "goods_receipt", {0: "12"})
    assert lines_of(receipt) == [("VIS", 10, 10), ("VIS", 2, 0)]


def test_several_orders_make_one_receipt_and_one_undo(desk: Desk) -> None:
    before = desk.kept()
    one, two = ordered(desk, ("VIS", "10", "5")), ordered(desk, ("CLOU", "4", "1"))
    before = desk.kept()
    done = gathering.gather(desk.context, Request((one.id, two.id), "goods_receipt", None, {}))
    receipt = desk.load(done.target_id)
    assert lines_of(receipt) == [("VIS", 10, 10), ("CLOU", 4, 4)]
    assert desk.undo(receipt)
    assert desk.kept() == before


@pytest.mark.both
def test_an_order_gives_up_its_rest(desk: Desk) -> None:
    order = ordered(desk, ("VIS", "10", "5"))
    receipt = desk.move(order, "goods_receipt", {0: "4"})
    validating.validate(desk.context, receipt.id)
    item = desk.context.database.value("SELECT id FROM item WHERE reference = 'VIS'")
    assert coming.expected(desk.context.database, [item]) == {item: 6 * ONE}
    editor = Editor(desk.context, order.id)
    giving_up.give_up(editor)
    assert coming.expected(desk.context.database, [item]) == {}
    with pytest.raises(Refused):
        desk.move(order, "goods_receipt")
    editor.undo()
    assert coming.expected(desk.context.database, [item]) == {item: 6 * ONE}
    giving_up.give_up(editor)
    giving_up.reopen(editor)
    editor.close()
    again = desk.move(order, "goods_receipt")
    assert lines_of(again) == [("VIS", 6, 6)]
