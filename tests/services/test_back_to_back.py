"""Contremarque: a sale's lines and what is bought for them follow each other to the last unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from test_needs import Buyer

from codial_tui.domain.document import Document
from codial_tui.errors import LockLost
from codial_tui.services.buying import back_to_back, ordering
from codial_tui.services.chain import chains, giving_up
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, entering, headers, peeks, show
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import validating
from codial_tui.services.lists import home, lists, marks
from codial_tui.services.lists.list_queries import Query


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Buyer:
    desk = Buyer(context, tmp_path)
    desk.customer("MARTIN")
    rhone = desk.supplier("RHONE")
    desk.sold_by(desk.item("TUB12"), rhone, "5.00", delay_days=8)
    return desk


def bought(desk: Buyer, order: Document, **values: Any) -> Document:
    """The order to RHONE of what an order needs."""
    (done,) = ordering.order(desk.context, desk.wanted(order, **values))
    return desk.load(done.document_id)


def tied(desk: Desk) -> list[int]:
    """Quantities of the links, and what the pools hold: the same."""
    rows = desk.context.database.rows
    found = [
        row[0]
        for row in rows("SELECT quantity FROM line_link WHERE relation = 'supply' ORDER BY id")
    ]
    held = rows("SELECT COALESCE(SUM(taken), 0) FROM line_pool WHERE pool = 'buy'")[0][0]
    assert sum(found) == held
    return found


def dated(desk: Buyer, purchase: Document, day: str | None) -> None:
    editor = Editor(desk.context, purchase.id)
    editor.set_header("Essai", expected_date=day)
    for line in editor.document.lines:
        entering.edit_line(editor, line.uid, delivery_date=day)
    editor.close()


@pytest.mark.both
def test_both_sides_say_what_is_bought(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"), planned_date="2026-12-24")
    purchase = bought(desk, order)
    dated(desk, purchase, "2026-12-20")
    database, today = desk.context.database, desk.context.today.isoformat()
    line, theirs = order.lines[0].uid, purchase.lines[0].uid
    assert back_to_back.said(database, line, today) == [
        "commandé 6 sur CF26-00001 (Rhone, attendu 20/12)"
    ]
    assert [(one.ref, one.quantity, one.amount) for one in chains.tree(desk.context, order.id)] == [
        ("CC26-00001", None, None),
        ("CF26-00001", 6_0000, None),
    ]
    assert back_to_back.said(database, theirs, today) == ["6 pour CC26-00001 (Martin, voulu 24/12)"]
    receipt = desk.move(purchase, "goods_receipt", {0: "4"})
    validating.validate(desk.context, receipt.id)
    assert back_to_back.said(database, line, today)[0].endswith("attendu 20/12), reçu 4")
    peek = peeks.of_line(desk.context, order, order.lines[0])
    assert "commandé 6 sur CF26-00001 (Rhone, attendu 20/12), reçu 4" in peek
    (trail,) = chains.trails(desk.context, order)
    assert [(one.way, one.did, one.quantity, one.ref) for one in trail.passages] == [
        (1, "commandé", 6_0000, "CF26-00001")
    ]
    (trail,) = chains.trails(desk.context, desk.load(purchase.id))
    assert ("commandé pour", "CC26-00001") in [(one.did, one.ref) for one in trail.passages]
    both = {
        "quantity": "6", "unit": "", "arrived": "4", "expected": "2026-12-20",
        "wanted": "2026-12-24", "late": False, "project": None,
    }  # fmt: skip
    assert show.shown(desk.context, desk.load(order.id))["supplies"] == [
        {"line": order.lines[0].id, "ref": "CF26-00001", "party": "Rhone", **both}
    ]
    assert show.shown(desk.context, desk.load(purchase.id))["supplies"] == [
        {"line": purchase.lines[0].id, "ref": "CC26-00001", "party": "Martin", **both}
    ]


def test_components_are_followed_too(desk: Buyer) -> None:
    order = desk.make("order", ("Pose", "1", "9"))
    editor, after = Editor(desk.context, order.id), order.lines[0].uid
    for text in ("(Réseau", "6*TUB12", ")"):
        after = entering.enter(editor, entering.read(editor, text, after), after) or after
    holder = next(one for one in editor.document.lines if one.label == "Réseau")
    entering.edit_line(editor, holder.uid, quantity=2_0000)
    editor.close()
    order = desk.load(order.id)
    bought(desk, order, quantities={order.lines[2].item_id: 12_0000})
    assert tied(desk) == [12_0000]
    found = chains.trails(desk.context, order)
    assert [one.passages[0].did for one in found if one.passages] == ["commandé"]
    editor = Editor(desk.context, order.id)
    entering.edit_line(editor, holder.uid, quantity=1_0000)
    assert tied(desk) == [6_0000]
    assert back_to_back.warned(editor.too_many) == (
        "Déjà commandé : 6 sur CF26-00001 (Rhone) · réduisez-la, ou gardez-le en stock"
    )
    editor.undo()
    assert tied(desk) == [12_0000]


@pytest.mark.both
def test_a_smaller_line_needs_less_and_undo_ties_again(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"))
    bought(desk, order)
    editor = Editor(desk.context, order.id)
    uid = order.lines[0].uid
    entering.edit_line(editor, uid, quantity=7_0000)
    assert tied(desk) == [6_0000] and not editor.too_many
    entering.edit_line(editor, uid, quantity=2_5000)
    assert tied(desk) == [2_5000]
    assert [(one.purchase_ref, one.quantity) for one in editor.too_many] == [("CF26-00001", 3_5000)]
    entering.delete_lines(editor, [uid])
    assert tied(desk) == [] and len(editor.document.lines) == 0
    editor.undo()
    assert tied(desk) == [2_5000]
    editor.undo()
    assert tied(desk) == [6_0000]
    editor.redo()
    assert tied(desk) == [2_5000]


def test_undo_ties_no_more_than_others_left(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"))
    purchase = bought(desk, order)
    editor = Editor(desk.context, order.id)
    entering.edit_line(editor, order.lines[0].uid, quantity=1_0000)
    theirs = Editor(desk.context, purchase.id)  # the buyer cuts the order meanwhile
    entering.delete_lines(theirs, [purchase.lines[0].uid])
    assert tied(desk) == []
    editor.undo()
    assert tied(desk) == [] and editor.document.lines[0].quantity == 6_0000
    assert desk.needs(desk.load(order.id))["TUB12"].to_order == 6_0000


@pytest.mark.both
def test_a_smaller_purchase_gives_the_need_back(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "4", "9"), ("TUB12", "2", "9"))
    purchase = bought(desk, order)
    assert tied(desk) == [4_0000, 2_0000]
    editor = Editor(desk.context, purchase.id)
    entering.edit_line(editor, purchase.lines[0].uid, quantity=9_0000)
    assert tied(desk) == [4_0000, 2_0000]
    entering.edit_line(editor, purchase.lines[0].uid, quantity=3_0000)
    assert tied(desk) == [3_0000]
    assert desk.needs(order)["TUB12"].to_order == 3_0000
    editor.undo()
    assert tied(desk) == [4_0000, 2_0000]
    editor.close()
    documents.delete(desk.context, purchase.id)
    assert tied(desk) == [] and desk.needs(order)["TUB12"].to_order == 6_0000


def test_boxes_keep_the_unit_of_the_need(desk: Buyer) -> None:
    rhone = desk.context.database.value("SELECT id FROM party WHERE code = 'RHONE'")
    vis = desk.item("VIS", unit="u", purchase_unit="bte", purchase_factor=100_000_000)
    desk.sold_by(vis, rhone, "8.00", unit="bte")
    order = desk.make("order", ("VIS", "250", "1"))
    purchase = bought(desk, order)
    assert tied(desk) == [250_0000] and purchase.lines[0].unit == "bte"
    editor = Editor(desk.context, purchase.id)
    entering.edit_line(editor, purchase.lines[0].uid, quantity=2_0000)
    assert tied(desk) == [200_0000]


def test_giving_up_the_rest_on_either_side(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"))
    purchase = bought(desk, order)
    receipt = desk.move(purchase, "goods_receipt", {0: "4"})
    validating.validate(desk.context, receipt.id)
    theirs = Editor(desk.context, purchase.id)
    giving_up.give_up(theirs)
    assert tied(desk) == [4_0000]
    theirs.undo()
    assert tied(desk) == [6_0000]
    desk.print(desk.move(order, "delivery_note", {0: "1"}))
    editor = Editor(desk.context, order.id)
    giving_up.give_up(editor)
    assert tied(desk) == [1_0000]
    assert [one.quantity for one in editor.too_many] == [5_0000]
    editor.undo()
    assert tied(desk) == [6_0000]


@pytest.mark.both
def test_a_deleted_order_says_what_stays_on_order(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"))
    purchase = bought(desk, order)
    found = documents.delete(desk.context, order.id)
    assert back_to_back.counted(found) == "6 sur CF26-00001 (Rhone)"
    assert tied(desk) == []
    assert (
        desk.context.database.value(
            "SELECT text FROM document_event WHERE document_id = ? ORDER BY id DESC LIMIT 1",
            (purchase.id,),
        )
        == "CC26-00001 supprimée : 6 Article TUB12 pour le stock"
    )


@pytest.mark.both
@pytest.mark.parametrize(
    ("expected", "wanted", "is_late"),
    [
        ("2020-01-01", None, True),  # the day is over
        ("2999-01-10", None, False),
        ("2999-01-10", "2999-01-09", True),  # later than the customer wants it
        ("2999-01-10", "2999-01-10", False),
        (None, "2020-01-01", False),  # nobody has announced anything
    ],
)
def test_a_late_supply_shows_on_the_order(
    desk: Buyer, expected: str | None, wanted: str | None, is_late: bool
) -> None:
    context = desk.context
    values = {"planned_date": wanted} if wanted else {}
    order = desk.make("order", ("TUB12", "6", "9"), **values)
    other = desk.make("order", ("TUB12", "1", "9"))
    purchase = bought(desk, order)
    dated(desk, purchase, expected)

    def seen() -> tuple[bool, bool, list[int], list[str]]:
        listing = lists.DocumentList(context, Query("order"))
        signs = {row["id"]: row["sign"] for row in listing.rows(0, 9)}
        filtered = lists.DocumentList(context, Query("order", mark="supply_late"))
        names = [one.name for one in marks.of(context, desk.load(order.id))]
        todo = [one.rows for one in home.todos(context) if one.mark == "supply_late"]
        ids = [row["id"] for row in filtered.rows(0, 9)]
        assert signs[other.id] == ""
        assert ids in ([], [order.id]) and todo == [len(ids)] * bool(ids)
        return signs[order.id] == "!", bool(ids), todo, names

    assert seen() == (
        is_late,
        is_late,
        [1] if is_late else [],
        ["supply_late"] if is_late else [],
    )
    receipt = desk.move(desk.load(purchase.id), "goods_receipt")
    validating.validate(context, receipt.id)
    assert seen()[0] is False  # all of it came


def test_who_has_the_purchase_open_reads_its_links_again(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"))
    theirs = Editor(desk.context, bought(desk, order).id)
    editor = Editor(desk.context, order.id)
    entering.edit_line(editor, order.lines[0].uid, quantity=2_0000)
    with pytest.raises(LockLost):  # what they see is no longer what is stored
        entering.edit_line(theirs, theirs.document.lines[0].uid, quantity=5_0000)
    assert theirs.retry() and not theirs.reason
    entering.edit_line(theirs, theirs.document.lines[0].uid, quantity=5_0000)
    assert tied(desk) == [2_0000]


def test_what_is_only_bought_for_it_locks_no_header(desk: Buyer) -> None:
    order = desk.make("order", ("TUB12", "6", "9"))
    purchase = bought(desk, order)
    for one in (order, purchase):
        editor = Editor(desk.context, one.id)
        assert headers.locked(editor, editor.kind.field("party_id")) == ""
        editor.close()
    desk.move(purchase, "goods_receipt", {0: "4"})
    editor = Editor(desk.context, purchase.id)
    assert headers.locked(editor, editor.kind.field("party_id")) != ""
