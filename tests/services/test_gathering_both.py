"""Gathering and the chain on both back ends: looked at without a trace, done and undone as one."""

from datetime import date
from pathlib import Path

import pytest
from chain_desk import Desk, quantities
from sessions import session

from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.chain import chains, gathering, grouped_billing, unbilled
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor

pytestmark = pytest.mark.both
PORT = {"type": "shipping", "amount": "15"}


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    return desk


def test_an_order_and_its_note_bill_every_cent_once(desk: Desk) -> None:
    """With its fee, which both have: looked at, done in one batch, undone in one."""
    context = desk.context
    order = desk.make("order", ("TUBE", 12), adjustments=[PORT])
    note = desk.print(desk.move(order, "delivery_note", {0: "5"}))
    invoice = desk.make("invoice", ("TUBE", 1, "1"))
    before, shown = desk.kept(), desk.shown(order, note, invoice)
    notes = unbilled.of_customer(context, invoice, unbilled.NOTES)
    orders = unbilled.of_customer(context, invoice, unbilled.ORDERS)
    assert (notes, orders) == ((note.id,), (order.id,))
    request = Request((*notes, *orders), "invoice", invoice.id, goods_taken=False)
    looked = gathering.look(context, request)
    assert (looked.sources, looked.refusals) == ((note.id, order.id), ())
    assert looked.net == order.number("net_total") == 3_996 + 1_500
    assert (desk.kept(), desk.shown(order, note, invoice)) == (before, shown)
    done = gathering.gather(context, request)
    assert (done.target_id, len(done.transfers)) == (invoice.id, 2)
    found = desk.again(invoice)
    assert found.number("net_total") == 100 + looked.net
    assert quantities(found) == [1, 5, 7]
    assert desk.pool(order, "bill") == [(12, 12)]
    assert [(one.id, one.amount) for one in chains.tree(context, invoice.id)] == [
        (order.id, None),
        (note.id, 1_665),
        (invoice.id, 1_665),
        (invoice.id, 2_331),
    ]
    assert unbilled.of_customer(context, invoice, unbilled.NOTES) == ()
    assert desk.undo(found) is False
    assert desk.kept() == before
    assert desk.shown(order, note, invoice)[2]["lines"] == shown[2]["lines"]


def test_gathering_writes_everything_or_nothing(desk: Desk) -> None:
    first = desk.make("quote", ("TUBE", 2))
    desk.customer("DURAND")
    stranger = desk.make("quote", ("TUBE", 3), customer="DURAND")
    before = desk.kept()
    request = Request((first.id, stranger.id), "order")
    looked = gathering.look(desk.context, request)
    assert looked.sources == (first.id,)
    assert looked.refusals[0].startswith(f"{stranger.ref} : ")
    with pytest.raises(Refused):
        gathering.gather(desk.context, request)
    assert desk.kept() == before
    assert gathering.look(desk.context, Request((stranger.id + 99,), "order")).sources == ()


def test_a_difference_is_said_once_and_the_choice_holds_for_all(desk: Desk) -> None:
    several = [
        desk.make("quote", ("TUBE", n), subject=words) for n, words in ((1, "Un"), (2, "Deux"))
    ]
    request = Request(tuple(one.id for one in several), "order")
    looked = gathering.look(desk.context, request)
    assert [(one.code, one.source, one.target) for one in looked.undecided] == [
        ("subject", "Deux", "Un")
    ]
    with pytest.raises(Refused):
        gathering.gather(desk.context, request)
    done = gathering.gather(
        desk.context, Request(request.sources, "order", choices={"subject": "source"})
    )
    order = desk.load(done.target_id)
    assert order.text("subject") == "Deux"
    assert desk.undo(order) is True


def test_a_note_that_was_billed_with_its_order_does_not_stop_the_month(desk: Desk) -> None:
    """Delivered by two notes, four of the ten billed of the order before."""
    context = desk.context
    order = desk.make("order", ("TUBE", 10))
    notes = [desk.print(desk.move(order, "delivery_note", {0: "6"}))]
    notes.append(desk.print(desk.move(desk.again(order), "delivery_note")))
    desk.move(desk.again(order), "invoice", {0: "4"})
    groups = grouped_billing.groups(context, date(2000, 1, 1), date(2100, 1, 1))
    assert [one.notes for one in groups] == [[one.id for one in notes]]
    [outcome] = grouped_billing.bill(context, groups)
    assert outcome.document_id is not None
    assert quantities(desk.load(outcome.document_id)) == [6]
    assert outcome.refusal.startswith(f"{notes[1].ref} : plus rien à transférer")
    assert desk.pool(order, "bill") == [(10, 10)]
    assert grouped_billing.groups(context, date(2000, 1, 1), date(2100, 1, 1)) == []


def test_what_somebody_else_has_open_is_left_out_and_told(desk: Desk, database_url: str) -> None:
    first, second = (desk.make("quote", ("TUBE", n)) for n in (1, 2))
    other_database = open_database(database_url, create=False)
    editor = Editor(session(other_database, "jean"), second.id)
    request = Request((first.id, second.id), "order")
    looked = gathering.look(desk.context, request)
    assert looked.sources == (first.id,)
    assert looked.refusals[0].startswith(f"{second.ref} : Ouvert par ")
    with pytest.raises(Refused, match="Ouvert par"):
        gathering.gather(desk.context, request)
    editor.close()
    other_database.close()
    assert gathering.look(desk.context, request).refusals == ()
    assert len(gathering.gather(desk.context, request).sources) == 2
