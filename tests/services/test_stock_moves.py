"""Stock: one trigger a move, a journal that is only added to, what is promised and still here."""

import json
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.domain.text import fold
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.services.chain.transfer_plan import Request
from codial_tui.services.chain.transfers import transfer
from codial_tui.services.context import Context, User
from codial_tui.services.documents import requests
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import ToFile
from codial_tui.services.records import parties, settings
from codial_tui.services.stock import stock, stock_moves

ONE = 10_000


@pytest.fixture
def shop(context: Context) -> Context:
    """Two items kept in stock, 40 of each in the usual warehouse, and a customer."""
    parties.create(context, {"code": "C1", "name": "MARTIN", "city": "LYON"})
    for reference in ("TUB12", "VIS"):
        with context.database.write():
            context.database.insert(
                "item",
                {
                    "uid": context.uid(),
                    "reference": reference,
                    "reference_fold": fold(reference),
                    "label": f"Article {reference}",
                    "search_text": fold(reference),
                    "sale_price": 84_500,
                    "stock_managed": 1,
                },
            )
        stock.move(context, reference, 40 * ONE, reason="opening")
    return context


def made(context: Context, kind: str, *lines: tuple[str, str]) -> Document:
    wanted = {
        "kind": kind,
        "customer": "C1",
        "lines": [
            {"type": "item", "reference": reference, "quantity": quantity}
            for reference, quantity in lines
        ],
    }
    return requests.create(context, parse_document(json.dumps(wanted)))


def on_hand(context: Context, reference: str) -> int:
    return stock.levels(context, reference)[0].quantity // ONE


def printed(context: Context, document_id: int, folder: Any) -> None:
    where = ToFile(folder / f"{document_id}.pdf", replace=True)
    printing.print_document(context, document_id, where)


@pytest.mark.both
def test_printing_a_delivery_note_moves_the_stock_once(shop: Context, tmp_path: Any) -> None:
    note = made(shop, "delivery_note", ("TUB12", "12"), ("TUB12", "-2"))
    assert on_hand(shop, "TUB12") == 40
    printed(shop, note.id, tmp_path)
    assert on_hand(shop, "TUB12") == 30
    printed(shop, note.id, tmp_path)
    assert on_hand(shop, "TUB12") == 30
    with pytest.raises(Refused), shop.database.write():
        stock_moves.leave(shop, note, "delivery")
    assert on_hand(shop, "TUB12") == 30


@pytest.mark.both
def test_what_orders_and_open_notes_promise_is_reserved(shop: Context, tmp_path: Any) -> None:
    order = made(shop, "order", ("TUB12", "12"), ("VIS", "5"))
    assert stock.levels(shop, "TUB12")[0].reserved == 12 * ONE
    uid = order.lines[0].uid
    done = transfer(shop, Request((order.id,), "delivery_note", takes={order.id: {uid: 4 * ONE}}))
    level = stock.levels(shop, "TUB12")[0]
    assert (level.quantity, level.reserved, level.available) == (40 * ONE, 12 * ONE, 28 * ONE)
    printed(shop, done.target_id, tmp_path)
    level = stock.levels(shop, "TUB12")[0]
    assert (level.quantity, level.reserved, level.available) == (36 * ONE, 8 * ONE, 28 * ONE)
    assert {one.reference: one.reserved // ONE for one in stock.levels(shop)} == {
        "TUB12": 8,
        "VIS": 5,
    }


@pytest.mark.both
def test_what_assemblies_hold_and_invoices_take_along_is_reserved(
    context: Context, tmp_path: Path
) -> None:
    """An order of 4 doors with 3 hinges each promises 12; so does the invoice they leave with."""
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    door = desk.item("PORTE", stock_managed=0, is_assembly=1)
    hinge = desk.item("GOND")
    with context.database.write():
        context.database.insert(
            "assembly_component", {"assembly_id": door, "component_id": hinge, "ratio": 3_000_000}
        )
    order = desk.make("order", ("PORTE", 4), ("GOND", 2))

    def held() -> int:
        return stock.reserved(context.database, [hinge]).get(hinge, 0) // ONE

    assert held() == 12 + 2
    note = desk.move(order, "delivery_note", {0: "1"})
    assert held() == 14
    desk.print(note)
    assert held() == 9 + 2
    invoice = desk.move(order, "invoice", {0: "2"}, goods_taken=True)
    assert held() == 11
    desk.undo(invoice)
    desk.move(order, "invoice", {0: "2"}, goods_taken=False)
    assert held() == 11
    desk.make("quote", ("PORTE", 100))
    desk.make("invoice", ("GOND", 50))
    assert held() == 11 == stock.reserved(context.database)[hinge] // ONE


@pytest.mark.both
def test_a_history_says_what_moved_and_what_was_left(shop: Context, tmp_path: Any) -> None:
    note = made(shop, "delivery_note", ("TUB12", "12"))
    printed(shop, note.id, tmp_path)
    stock.count(shop, [("TUB12", 20 * ONE), ("tub12", 5 * ONE)])
    moves = stock.history(shop, stock.item_of(shop, "TUB12"))
    assert [(one.quantity // ONE, one.after // ONE, one.reason, one.ref) for one in moves] == [
        (-3, 25, "Inventaire", ""),
        (-12, 28, "Livraison", note.ref),
        (40, 40, "Stock de départ", ""),
    ]


def test_a_count_of_what_is_there_moves_nothing(shop: Context) -> None:
    (one,) = stock.count(shop, [("TUB12", 40 * ONE)])
    assert (one.before, one.difference) == (40 * ONE, 0)
    assert len(stock.history(shop, stock.item_of(shop, "TUB12"))) == 1


def test_a_count_with_one_wrong_reference_writes_nothing(shop: Context) -> None:
    with pytest.raises(Refused, match="NOPE"):
        stock.count(shop, [("TUB12", ONE), ("NOPE", ONE)])
    with pytest.raises(Refused, match="moins que zéro"):
        stock.count(shop, [("TUB12", -ONE)])
    assert on_hand(shop, "TUB12") == 40


def test_between_warehouses_two_moves_make_one(shop: Context) -> None:
    with shop.database.write():
        shop.database.insert("warehouse", {"uid": shop.uid(), "code": "VAN", "name": "Camion"})
    stock.move(shop, "VIS", 15 * ONE, to="camion")
    assert {one.warehouse: one.quantity // ONE for one in stock.levels(shop, "VIS")} == {
        "1": 25,
        "VAN": 15,
    }
    for wrong in ({"to": "VAN", "warehouse": "VAN"}, {"to": "NOWHERE"}):
        with pytest.raises(Refused):
            stock.move(shop, "VIS", ONE, **wrong)


def test_stock_below_zero_warns_or_is_refused_as_the_company_wants(
    shop: Context, tmp_path: Any
) -> None:
    note = made(shop, "delivery_note", ("VIS", "41"))
    warned = printing.warnings(shop, note)[-1]
    assert warned.message == "VIS : stock 40, il en part 41"
    settings.store(shop, "stock.negative", "block", own=False)
    with pytest.raises(Refused, match="VIS : stock 40"):
        printed(shop, note.id, tmp_path)
    assert on_hand(shop, "VIS") == 40
    settings.store(shop, "stock.negative", "warn", own=False)
    printed(shop, note.id, tmp_path)
    assert on_hand(shop, "VIS") == -1


def test_who_may_not_touch_the_stock_reads_it(shop: Context) -> None:
    shop.user = User(shop.user.id, "paul", "Paul", "P")
    with pytest.raises(Refused, match="Réservé aux administrateurs"):
        stock.move(shop, "VIS", ONE)
    with pytest.raises(Refused, match="Réservé aux administrateurs"):
        stock.count(shop, [("VIS", ONE)])
    assert on_hand(shop, "VIS") == 40
