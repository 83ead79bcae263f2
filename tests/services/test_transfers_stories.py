"""Stories of the chain to the cent, on both back ends (issue 4, domain.md §2–§4, §7)."""

from pathlib import Path

import pytest
from chain_desk import Desk, labels, net, quantities

from codial_tui.domain.document import LineType
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.rules import PREDICATES
from codial_tui.errors import Refused
from codial_tui.services.chain import merging
from codial_tui.services.context import Context

pytestmark = pytest.mark.both
DAY = "22/11/2026"


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    desk.item("COUDE", "1.27")
    return desk


def marks(desk: Desk, document: object) -> set[str]:
    found = desk.again(document)  # type: ignore[arg-type]
    kind = doc_type(found.kind)
    row = {**found.header}
    return {one.name for one in kind.marks if PREDICATES[one.predicate](row, "2026-11-22")}


def test_two_quotes_one_order_three_deliveries_one_returned_one_invoice(desk: Desk) -> None:
    context = desk.context
    first = desk.make(
        "quote",
        {"type": "chapter", "label": "Plomberie", "level": 1},
        ("TUBE", 12),
        {"type": "comment", "label": "Posé sous dalle"},
        ("Pose", "2.5", "41.27"),
        adjustments=[{"type": "discount", "percent": "5"}],
    )
    second = desk.make(
        "quote",
        ("COUDE", 7),
        ("Vanne", 1, "99.99"),
        adjustments=[{"type": "discount", "amount": "3.01"}, {"type": "shipping", "amount": "15"}],
    )
    before = desk.kept()
    order = desk.move((first, second), "order")
    assert net(order) == net(first, second)
    assert [one.state for one in map(desk.again, (first, second))] == ["accepted", "accepted"]
    assert labels(order) == [
        f"Selon devis {first.ref} du {DAY}",
        *("Plomberie", "Article TUBE", "Posé sous dalle", "Pose"),
        f"Selon devis {second.ref} du {DAY}",
        *("Article COUDE", "Vanne"),
    ]
    assert desk.undo(order) and desk.kept() == before

    order = desk.print(desk.move((first, second), "order"))
    tube, pose, coude, _ = (n for n, line in enumerate(order.lines) if line.is_priced)
    assert desk.progress(order) == ("none", "none") and order.state == "processed"
    one = desk.print(desk.move(order, "delivery_note", {tube: "5", coude: "7"}))
    two = desk.print(desk.move(order, "delivery_note", {tube: "4", pose: "1.25"}))
    assert desk.progress(order) == ("part", "none")
    back = desk.print(desk.move(one, "delivery_note", {2: "2"}))
    assert back.text("nature") == "return" and quantities(back) == [-2]
    three = desk.print(desk.move(order, "delivery_note"))
    assert desk.progress(order) == ("full", "part")  # what came back is not billed any more
    assert {"settled", "closed"} <= marks(desk, order)
    tube_id = next(line.item_id for line in order.lines if line.reference == "TUBE")
    assert desk.on_hand(tube_id or 0) == -10
    assert net(one, two, three) == net(order)
    with pytest.raises(Refused):
        desk.move(order, "delivery_note")

    before = desk.kept()
    sources = desk.shown(order, one, two, three, back)
    invoice = desk.move((one, two, three), "invoice")
    assert desk.kept() != before
    assert net(invoice) == net(order) + net(back)
    assert sum(line.quantity for line in invoice.lines if line.reference == "TUBE") == 100_000
    assert desk.progress(order) == ("full", "full")
    assert all(desk.progress(note)[1] == "full" for note in (one, two, three))
    assert desk.progress(back)[1] == ""  # wholly settled with the note: nothing to credit
    for source in (order, one, two, three):
        with pytest.raises(Refused):
            desk.move(source, "invoice")
    assert desk.undo(invoice)
    assert desk.kept() == before and desk.shown(order, one, two, three, back) == sources
    assert context.database.value("SELECT COUNT(*) FROM line_link WHERE pool = 'bill'") == 2


def test_billed_first_delivered_next_week(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10), ("Pose", 2, "40"))
    untouched = desk.kept()
    invoice = desk.move(order, "invoice", goods_taken=False)
    assert net(invoice) == net(order) == 11330
    # labour is nothing to deliver: it takes both, whatever was answered
    assert desk.pool(order, "deliver") == [(2, 2)] and desk.pool(order, "bill") == [
        (10, 10),
        (2, 2),
    ]
    assert desk.progress(order) == ("part", "full")
    note = desk.print(desk.move(order, "delivery_note"))
    assert quantities(note) == [10] and desk.progress(order) == ("full", "full")
    assert desk.progress(note)[1] == "full" and "to_bill" not in marks(desk, note)
    with pytest.raises(Refused) as caught:
        desk.move(note, "invoice")
    assert caught.value.problems[0].code == "transfer.nothing"
    # it comes back although it was billed by the order: a credit note, not a gift
    back = desk.print(desk.move(note, "delivery_note", {0: "3"}))
    assert desk.pool(back, "bill") == [(-3, 0)] and "to_bill" in marks(desk, back)
    credit = desk.move(back, "invoice")
    assert net(credit) == -999 and quantities(credit) == [-3]
    assert desk.undo(credit)
    assert desk.progress(back)[1] == "none"
    other = desk.make("order", ("TUBE", 1))
    taken = desk.move(other, "invoice", goods_taken=True)
    assert desk.pool(other, "deliver") == [(1, 1)]
    assert desk.undo(taken) and desk.kept()["line_pool"] != untouched["line_pool"]
    assert desk.progress(other) == ("none", "none")


def test_an_assembly_of_stocked_items_is_delivered_later_too(desk: Desk) -> None:
    kit = desk.item("KIT", "50", is_assembly=1, stock_managed=0)
    tube = desk.context.database.value("SELECT id FROM item WHERE reference = 'TUBE'")
    with desk.context.database.write():
        desk.context.database.insert(
            "assembly_component", {"assembly_id": kit, "component_id": tube, "ratio": 2_000_000}
        )
    order = desk.make("order", ("KIT", 3))
    desk.move(order, "invoice", goods_taken=False)
    note = desk.print(desk.move(order, "delivery_note"))
    assert [line.quantity for line in note.lines] == [30_000, 60_000]
    assert desk.on_hand(tube) == -6


def test_of_three_orders_two_merge_and_the_third_says_why(desk: Desk) -> None:
    database = desk.context.database
    with database.write():
        place = database.value("SELECT id FROM establishment")
        north, south = (
            database.insert(
                "branch",
                {"uid": desk.context.uid(), "name": name, "code": name, "establishment_id": place},
            )
            for name in ("Nord", "Sud")
        )
    orders = [desk.make("order", ("TUBE", 10), subject="Bains") for _ in range(3)]
    orders = [desk.set(one, branch_id=where) for one, where in zip(orders, (north, north, south))]
    note = desk.move(orders[0], "delivery_note")
    assert labels(note) == ["Article TUBE"]
    found = merging.candidates(desk.context, orders[1], doc_type("delivery_note"))
    assert [(one.ref, one.group, one.criteria) for one in found] == [(note.ref, "mergeable", ())]
    third = merging.candidates(desk.context, orders[2], doc_type("delivery_note"))[0]
    (criterion,) = third.criteria
    assert (third.group, criterion.code, criterion.label) == ("refused", "branch", "Agence")
    assert (criterion.source, criterion.target, criterion.field) == ("Sud", "Nord", "branch_id")
    assert "F9" in criterion.remedy

    before, shown = desk.kept(), desk.shown(*orders, note)
    note = desk.move(orders[1], "delivery_note", into=note)
    # the second source brings titles for both
    titles = [f"Selon commande {one.ref} du {DAY}" for one in orders[:2]]
    assert labels(note) == [titles[0], "Article TUBE", titles[1], "Article TUBE"]
    assert [line.type for line in note.lines[::2]] == [LineType.TITLE] * 2
    assert net(note) == 6660
    with pytest.raises(Refused) as caught:
        desk.move(orders[2], "delivery_note", into=note)
    assert caught.value.problems[0].code == "merge.branch"
    assert "Sud" in caught.value.problems[0].message and "Nord" in caught.value.problems[0].message
    assert desk.progress(orders[2]) == ("none", "none")

    assert not desk.undo(note)  # the merge only: the note is there as before
    assert desk.kept() == before and desk.shown(*orders, note) == shown
    assert desk.undo(note)
    assert desk.kept()["line_link"] == []


def test_titles_are_a_setting_and_come_once(desk: Desk) -> None:
    from codial_tui.services.records import settings

    orders = [desk.make("order", ("TUBE", 1)) for _ in range(3)]
    note = desk.move(orders[0], "delivery_note")
    note = desk.move(orders[1], "delivery_note", into=note)
    note = desk.move(orders[2], "delivery_note", into=note)
    assert len(note.lines) == 6
    desk.undo(note)
    desk.undo(note)
    settings.store(desk.context, "transfer.source_titles", False)
    note = desk.move(orders[1], "delivery_note", into=note)
    assert labels(note) == ["Article TUBE"] * 2


def test_a_header_that_somebody_changed_since_stays(desk: Desk) -> None:
    first, second = (
        desk.make("order", ("TUBE", 1), subject=subject) for subject in ("Cuisine", "Bains")
    )
    note = desk.move(first, "delivery_note")
    choose = {"choices": {"subject": "source"}}
    note = desk.move(second, "delivery_note", into=note, **choose)
    assert note.text("subject") == "Bains"
    desk.undo(note)
    assert desk.again(note).text("subject") == "Cuisine"
    desk.move(second, "delivery_note", into=note, **choose)
    desk.set(note, subject="Cave")
    desk.undo(note)
    assert desk.again(note).text("subject") == "Cave"


def test_through_deliveries_and_directly_never_collide(desk: Desk) -> None:
    fee = [{"type": "shipping", "amount": "15"}, {"type": "discount", "amount": "1.01"}]
    order = desk.make("order", ("TUBE", 10), ("COUDE", 3), adjustments=fee)
    note = desk.print(desk.move(order, "delivery_note", {0: "6", 1: "3"}))
    direct = desk.move(order, "invoice", {0: "7"}, goods_taken=False)
    assert desk.progress(note)[1] == "part"  # three of its six are billed
    through = desk.move(note, "invoice")
    assert quantities(through) == [3, 3]
    assert desk.progress(order) == ("part", "full") and desk.progress(note)[1] == "full"
    assert net(direct, through) == net(order)  # the fee and the discount once
    rest = desk.print(desk.move(order, "delivery_note"))
    assert quantities(rest) == [4] and desk.progress(rest)[1] == "full"
    # made smaller, an invoice gives back to the note and to the order
    through = desk.edit(through, 0, quantity=20_000)
    assert desk.pool(order, "bill") == [(10, 9), (3, 3)] and desk.pool(note, "bill")[0] == (6, 2)
    assert desk.progress(order)[1] == desk.progress(note)[1] == "part"
    assert quantities(desk.move(order, "invoice")) == [1]


@pytest.mark.parametrize("again", [False, True])
def test_a_return_before_billing(desk: Desk, again: bool) -> None:
    order = desk.make("order", ("TUBE", 10))
    note = desk.print(desk.move(order, "delivery_note"))
    back = desk.set(desk.move(note, "delivery_note", {0: "4"}), deliver_again=int(again))
    before = desk.kept()
    assert desk.progress(order)[0] == "full"  # nothing came back yet
    back = desk.print(back)
    assert desk.kept() != before and desk.on_hand(order.lines[0].item_id or 0) == -6
    assert desk.progress(order)[0] == ("part" if again else "full")
    invoices = [desk.move(note, "invoice")]
    assert quantities(invoices[0]) == [6]
    if again:
        second = desk.print(desk.move(order, "delivery_note"))
        assert quantities(second) == [4]
        invoices.append(desk.move(second, "invoice"))
    assert net(*invoices) == (net(order) if again else net(order) - 1332)
    assert desk.progress(order) == ("full", "full")
    with pytest.raises(Refused):
        desk.move(back, "invoice")
    with pytest.raises(Refused):
        desk.undo(back)  # printed: what is done is done


@pytest.mark.parametrize("again", [False, True])
def test_a_return_after_billing_goes_to_a_negative_invoice(desk: Desk, again: bool) -> None:
    order = desk.make("order", ("TUBE", 10), adjustments=[{"type": "discount", "percent": "10"}])
    note = desk.print(desk.move(order, "delivery_note"))
    invoice = desk.move(note, "invoice")
    credits = []
    for taken in ("1", "2"):
        back = desk.move(note, "delivery_note", {0: taken})
        back = desk.print(desk.set(back, deliver_again=int(again)))
        assert desk.pool(back, "bill") == [(-int(taken), 0)]
        assert desk.progress(back)[1] == "none"
        credits.append(desk.move(back, "invoice"))
        assert desk.progress(back)[1] == "full"
    assert [one.number("net_total") for one in credits] == [-300, -599]
    assert net(invoice, *credits) == 2098
    assert desk.progress(order) == (("part", "part") if again else ("full", "full"))
    if again:  # what replaces it is delivered and billed
        second = desk.print(desk.move(order, "delivery_note"))
        replaced = desk.move(second, "invoice")
        assert quantities(replaced) == [3]
        assert net(invoice, *credits, replaced) == net(order)
        assert desk.progress(order) == ("full", "full")


def test_no_more_comes_back_than_went(desk: Desk) -> None:
    note = desk.print(desk.move(desk.make("order", ("TUBE", 10)), "delivery_note"))
    desk.move(note, "invoice", {0: "4"})
    first = desk.move(note, "delivery_note", {0: "8"})  # six unbilled, two billed
    with pytest.raises(Refused) as caught:
        desk.move(note, "delivery_note", {0: "3"})
    assert caught.value.problems[0].code == "quantity.left"
    desk.print(first)
    assert desk.pool(first, "bill") == [(-2, 0)]
    assert net(desk.move(first, "invoice")) == -666
    desk.print(desk.move(note, "delivery_note"))
    assert desk.on_hand(note.lines[0].item_id or 0) == 0
    with pytest.raises(Refused):
        desk.move(note, "delivery_note")


def test_a_month_of_delivery_notes_for_fifty_customers(desk: Desk) -> None:
    """One invoice a delivery address, as grouped invoicing asks for them."""
    expected, invoices = 0, []
    for number in range(50):
        code = f"C{number:02}"
        desk.customer(code)
        notes = []
        for place in range(1 + number % 3):
            note = desk.make("delivery_note", ("TUBE", 1 + number), customer=code)
            if place == 2:
                note = desk.set(note, delivery_street="9 quai Y", delivery_city="LYON")
            notes.append(desk.print(note))
            expected += net(note)
        for group in ([note for note in notes if not note.text("delivery_street")], notes[2:]):
            if group:
                invoices.append(desk.move(tuple(group), "invoice"))
    assert len(invoices) == 50 + 16 and net(*invoices) == expected
    assert not desk.context.database.rows(
        "SELECT 1 FROM document WHERE kind = 'delivery_note' AND billing <> 'full'"
    )
    assert len({one.ref for one in invoices}) == len(invoices)


def test_what_was_printed_meanwhile_takes_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Printing makes no new version, and forbids the merge all the same; so for undoing."""
    from codial_tui.services.chain import transfer_undo, transfers

    orders = [desk.make("order", ("TUBE", 1)) for _ in range(2)]
    note = desk.move(orders[0], "delivery_note")
    real, calls = transfers._check_size, []

    def printing_between(target: object) -> None:
        if not calls:
            calls.append(desk.print(note))
        real(target)  # type: ignore[arg-type]

    monkeypatch.setattr(transfers, "_check_size", printing_between)
    with pytest.raises(Refused) as caught:
        desk.move(orders[1], "delivery_note", into=note)
    assert caught.value.problems[0].code == "merge.target_state"
    assert quantities(desk.again(note)) == [1]
    monkeypatch.undo()

    late = desk.move(orders[1], "delivery_note")
    problem = transfer_undo._problem

    def printed_after(context: Context, target: object) -> object:
        found = problem(context, target)  # type: ignore[arg-type]
        desk.print(late)
        return found

    monkeypatch.setattr(transfer_undo, "_problem", printed_after)
    with pytest.raises(Refused) as refused:
        desk.undo(late)
    assert refused.value.problems[0].code == "document.changed"
    assert quantities(desk.again(late)) == [1]


def test_a_note_is_printed_once_even_by_two(desk: Desk) -> None:
    from codial_tui.services.paper import printing

    note = desk.move(desk.make("order", ("TUBE", 4)), "delivery_note")
    slow = printing.prepare(desk.context, note.id, printing.ToFile(desk.folder / "slow.pdf"))
    desk.print(note)
    pdf, words = printing.carry_out(slow)
    with pytest.raises(Refused):
        printing.finish(desk.context, note.id, slow, pdf, words)
    assert desk.on_hand(note.lines[0].item_id or 0) == -4


def test_equal_items_are_summed_when_set_and_come_apart_again(desk: Desk) -> None:
    from codial_tui.services.records import settings

    settings.store(desk.context, "transfer.sum_equal", True)
    order = desk.make("order", ("TUBE", 10), ("Pose", 1, "40"))
    notes = [desk.print(desk.move(order, "delivery_note", {0: q})) for q in ("4", "6")]
    invoice = desk.move(notes[0], "invoice")
    before, shown = desk.kept(), desk.shown(order, *notes, invoice)
    invoice = desk.move(notes[1], "invoice", into=invoice)
    assert quantities(invoice) == [10] and labels(invoice) == ["Article TUBE"]
    assert desk.pool(order, "bill") == [(10, 10)]
    assert not desk.undo(invoice)
    assert desk.kept() == before and desk.shown(order, *notes, invoice) == shown
    invoice = desk.move(notes[1], "invoice", into=invoice)
    desk.edit(invoice, 0, quantity=90_000)
    assert desk.pool(order, "bill") == [(10, 9)]
    desk.undo(invoice)
    assert quantities(desk.again(invoice)) == [4] and desk.pool(order, "bill") == [(10, 4)]
