"""What was billed and came back keeps its invoice: the law of `services.credited`, corner by corner
(design.md §2 « Pools », domain.md §3)."""

from pathlib import Path

import pytest
from chain_desk import Desk, net, quantities

from codial_tui.domain.changes import delete, set_line
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.errors import Refused
from codial_tui.services.chain import chains, merging, transfer_undo
from codial_tui.services.context import Context
from codial_tui.services.documents import headers
from codial_tui.services.documents.editing import Editor

pytestmark = pytest.mark.both


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    return desk


def delivered(desk: Desk, order: Document, quantity: str = "") -> Document:
    return desk.print(desk.move(order, "delivery_note", {0: quantity} if quantity else None))


def returned(desk: Desk, note: Document, quantity: str, again: bool) -> Document:
    back = desk.move(note, "delivery_note", {0: quantity})
    return desk.print(desk.set(back, deliver_again=int(again)))


def said(caught: pytest.ExceptionInfo[Refused]) -> tuple[str, str]:
    return caught.value.problems[0].code, caught.value.text


@pytest.mark.parametrize("directly", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_a_credit_never_stands_alone(desk: Desk, directly: bool, again: bool) -> None:
    """Its invoice is neither undone, nor deleted, nor made so small; smaller it may be."""
    order = desk.make("order", ("TUBE", 10))
    note = delivered(desk, order)
    invoice = desk.move(order if directly else note, "invoice", goods_taken=False)
    back = returned(desk, note, "4", again)
    assert desk.pool(back, "bill") == [(-4, 0)]
    before = desk.kept()
    why = f"« Article TUBE » : revenu par {back.ref}, retirez 6 au plus"
    refusal = ("line.credited", f"{why} · faites l'avoir")
    assert transfer_undo.why_not(desk.context, desk.again(invoice)) == why
    editor = Editor(desk.context, invoice.id)
    for gesture in (
        lambda: desk.undo(invoice),
        lambda: desk.delete(invoice),
        lambda: desk.edit(invoice, 0, quantity=30_000),
        lambda: editor.commit([delete(editor.document.lines[0])], "Essai"),
    ):
        with pytest.raises(Refused) as caught:
            gesture()
        assert said(caught) == refusal and desk.kept() == before
    editor.close()
    invoice = desk.edit(invoice, 0, quantity=40_000)
    assert net(invoice, desk.move(back, "invoice")) == 0
    assert desk.pool(order, "bill") == [(10, 0 if again else 4)]


def test_a_return_that_is_not_printed_is_undone_first(desk: Desk) -> None:
    note = delivered(desk, desk.make("order", ("TUBE", 10)))
    invoice = desk.move(note, "invoice")
    back = desk.move(note, "delivery_note", {0: "10"})
    with pytest.raises(Refused) as caught:
        desk.undo(invoice)
    assert said(caught) == (
        "line.credited",
        f"« Article TUBE » : revenu par {back.ref} · annulez ce retour",
    )
    assert desk.undo(back) and desk.undo(invoice)
    assert desk.kept()["line_link"][0][2:5] == ("fulfil", "deliver", 100_000)


def test_what_replaces_a_credited_return_is_billed_again(desk: Desk) -> None:
    """Until the credit is invoiced it is owed; both together are what was ordered."""
    order = desk.make("order", ("TUBE", 10))
    note = delivered(desk, order)
    first = desk.move(note, "invoice")
    back = returned(desk, note, "3", again=True)
    assert desk.pool(order, "bill") == [(10, 7)] and desk.progress(back)[1] == "none"
    again = desk.move(order, "invoice")
    assert quantities(again) == [3] and desk.pool(back, "bill") == [(-3, 0)]
    with pytest.raises(Refused) as caught:  # the order has been billed, whatever is owed
        desk.move(order, "invoice")
    assert said(caught)[0] == "transfer.nothing"
    assert net(first, again, desk.move(back, "invoice")) == net(order)


def test_an_invoice_that_others_gave_back_to_is_made_smaller(desk: Desk) -> None:
    """Ten billed, one of them credited: nine are taken of the order, and a link of ten changes."""
    order = desk.make("order", ("TUBE", 10))
    note = desk.move(order, "delivery_note", {0: "2"})
    invoice = desk.move(order, "invoice", goods_taken=True)
    note = desk.print(note)
    returned(desk, note, "1", again=True)
    assert desk.pool(order, "bill") == [(10, 9)] and desk.pool(order, "deliver") == [(10, 9)]
    desk.edit(invoice, 0, quantity=30_000)
    assert desk.pool(order, "bill") == [(10, 2)] and desk.pool(order, "deliver") == [(10, 4)]


def test_what_was_never_billed_is_not_credited(desk: Desk) -> None:
    """Two notes, one of them billed; the order's other invoice is undone after the first return:
    what comes back then has been credited already."""
    order = desk.make("order", ("TUBE", 10))
    one, two = (delivered(desk, order, "5") for _ in range(2))
    desk.move(one, "invoice")
    directly = desk.move(order, "invoice", goods_taken=False)
    assert desk.pool(returned(desk, two, "5", again=False), "bill") == [(-5, 0)]
    assert desk.undo(directly)
    assert desk.pool(returned(desk, one, "5", again=False), "bill") == [(0, 0)]
    assert desk.pool(order, "bill") == [(10, 10)]


def test_more_comes_back_than_was_ordered_and_is_redelivered_as_ordered(desk: Desk) -> None:
    """A note of ten for an order of eight: two returns of five reopen eight."""
    order = desk.make("order", ("TUBE", 8))
    note = desk.print(desk.edit(desk.move(order, "delivery_note"), 0, quantity=100_000))
    returned(desk, note, "5", again=True)
    assert desk.pool(order, "deliver") == [(8, 3)]
    returned(desk, note, "5", again=True)
    assert desk.pool(order, "deliver") == [(8, 0)]


def test_a_note_without_order_keeps_what_was_credited_too(desk: Desk) -> None:
    note = desk.print(desk.make("delivery_note", ("TUBE", 10)))
    invoice = desk.move(note, "invoice", {0: "6"})
    assert desk.pool(returned(desk, note, "7", again=False), "bill") == [(-3, 0)]
    with pytest.raises(Refused):
        desk.edit(invoice, 0, quantity=20_000)
    desk.edit(invoice, 0, quantity=30_000)
    assert desk.pool(note, "bill") == [(10, 7)]


def test_what_others_took_since_does_not_come_back_by_undoing(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10))
    note = desk.move(order, "delivery_note")
    editor = Editor(desk.context, note.id)
    editor.commit([set_line(editor.document.lines[0], quantity=40_000)], "Essai")
    other = desk.move(order, "delivery_note", {0: "5"})
    with pytest.raises(Refused) as caught:
        editor.undo()
    assert said(caught) == (
        "line.taken",
        f"« Article TUBE » : pris depuis par {other.ref} · annulez d'abord cette pièce",
    )
    assert desk.undo(other) and editor.undo()
    assert desk.pool(order, "deliver") == [(10, 10)] and quantities(editor.document) == [10]
    editor.close()


def test_nothing_is_delivered_by_a_return(desk: Desk) -> None:
    """An open return takes no order in, and stays a return."""
    order = desk.make("order", ("TUBE", 10))
    back = desk.move(delivered(desk, order, "4"), "delivery_note", {0: "2"})
    (candidate,) = merging.candidates(desk.context, order, doc_type("delivery_note"))[:1]
    assert (candidate.ref, candidate.group) == (back.ref, "refused")
    assert [(one.code, one.target) for one in candidate.criteria] == [("target_nature", "retour")]
    with pytest.raises(Refused) as caught:
        desk.move(order, "delivery_note", into=back)
    assert said(caught) == (
        "merge.target_nature",
        "Nature de la cible : retour · créez une nouvelle pièce",
    )
    editor = Editor(desk.context, back.id)
    nature = next(one for one in editor.kind.fields if one.name == "nature")
    with pytest.raises(Refused) as refused:
        headers.edit(editor, nature, "sale")
    assert said(refused)[0] == "field.locked"
    editor.close()


@pytest.mark.parametrize("again", [True, False])
def test_a_return_is_said_once_of_each_line(desk: Desk, again: bool) -> None:
    order = desk.make("order", ("TUBE", 10))
    note = delivered(desk, order)
    desk.move(note, "invoice", {0: "8"})
    back = returned(desk, note, "4", again)
    for source in (order, note):
        (trail,) = chains.trails(desk.context, desk.again(source))
        found = [(one.did, one.quantity) for one in trail.passages if one.ref == back.ref]
        assert found == [("retourné", 40_000)]
