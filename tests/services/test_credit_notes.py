"""Credit notes: whole and in part, of deposits and of what deducted them, and their goods."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk, labels, quantities

from codial_tui.domain.chain import credits
from codial_tui.domain.changes import insert
from codial_tui.domain.document import Document, Reference
from codial_tui.domain.lines.arrange import duplicate as duplicate_lines
from codial_tui.domain.lines.force_price import force_total
from codial_tui.domain.lines.tools import change_vat, discount
from codial_tui.domain.lines.totals import totals
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, duplicating
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import deposit_facts, validating
from codial_tui.services.invoicing.credit_notes import credit, creditable
from codial_tui.services.invoicing.deposit_issue import Ask, issue
from codial_tui.services.law import verification
from codial_tui.services.payments import payments
from codial_tui.services.stock import goods


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    made = Desk(context, tmp_path)
    made.customer("MARTIN")
    made.item("TUBE")
    return made


def validated(desk: Desk, *lines: object, **values: object) -> Document:
    made = desk.make("invoice", *(lines or (("TUBE", 3, "10"), ("Pose", 1, "45.55"))), **values)
    return validating.validate(desk.context, made.id)


def takes(document: Document, **by_index: int) -> dict[str, int]:
    return {document.lines[int(n[1:])].uid: units * 10_000 for n, units in by_index.items()}


def standings(desk: Desk, order: Document) -> list[tuple[int, int, int]]:
    """Deducted, credited and left of each deposit of an order, cents TTC."""
    found = deposit_facts.of_order(desk.context, order.id)
    return [(one.deducted, one.credited, one.left) for one in found]


def codes(desk: Desk, document: Document) -> list[str]:
    return [one.code for one in validating.problems(desk.context, desk.again(document))]


@pytest.mark.both
def test_a_whole_invoice_is_mirrored(desk: Desk) -> None:
    one = validated(
        desk,
        ("TUBE", 3, "9.99"),
        {"type": "comment", "label": "Merci"},
        adjustments=[{"type": "discount", "percent": "3"}, {"type": "shipping", "amount": "7.77"}],
    )
    made = credit(desk.context, one.id)
    assert quantities(made) == [-3] and made.state == "provisional"
    assert labels(made) == [*labels(one)]
    found, was = totals(made), totals(one)
    assert (found.net, found.vat_total, found.gross) == (-was.net, -was.vat_total, -was.gross)
    named = [(r.type, r.number, r.date, r.referenced_id) for r in made.references]
    assert named == [("corrected", "FA26-00001", "2026-11-22", one.id)]
    done = validating.validate(desk.context, made.id)
    assert (done.text("number"), done.number("is_credit")) == ("FA26-00002", 1)
    with pytest.raises(Refused, match="Rien à créditer sur FA26-00001"):
        credit(desk.context, one.id)
    with pytest.raises(Refused, match="est un avoir"):
        credit(desk.context, done.id)
    assert desk.context.database.rows("SELECT * FROM line_pool WHERE taken <> 0") == []
    assert verification.verify(desk.context)[1] == []


@pytest.mark.both
def test_parts_add_up_to_the_whole(desk: Desk) -> None:
    one = validated(
        desk,
        ("TUBE", 3, "9.99"),
        ("Pose", 1, "45.55"),
        adjustments=[{"type": "discount", "amount": "10.01"}],
    )
    parts = [credit(desk.context, one.id, takes(one, _0=1)) for _ in range(2)]
    assert quantities(parts[0]) == [-1]
    with pytest.raises(Refused, match="1 à créditer au plus"):
        credit(desk.context, one.id, takes(one, _0=2))
    parts.append(credit(desk.context, one.id))
    assert quantities(parts[2]) == [-1, -1]
    assert sum(totals(part).net for part in parts) == -totals(one).net
    assert {left.quantity for left in creditable(desk.context, one).values()} == {0}


@pytest.mark.both
def test_a_credited_quantity_that_is_typed_over_still_counts(desk: Desk) -> None:
    one = validated(desk, ("Heure", 3, "100"))
    first = desk.edit(credit(desk.context, one.id, takes(one, _0=2)), 0, quantity=-10_000)
    assert [link.quantity for link in first.links.values()] == [10_000]
    assert quantities(credit(desk.context, one.id)) == [-2]
    with pytest.raises(Refused, match="Rien à créditer"):
        credit(desk.context, one.id)
    over = desk.edit(first, 0, quantity=-30_000)
    with pytest.raises(Refused, match="« Heure » : 3 facturé, 5 crédité"):
        validating.validate(desk.context, over.id)
    # a price is corrected: positive quantity, negative price; nothing comes back
    price = desk.edit(desk.edit(over, 0, quantity=10_000), 0, unit_price=-200_000)
    assert [link.quantity for link in price.links.values()] == [0]
    back = desk.edit(desk.edit(price, 0, unit_price=1_000_000), 0, quantity=-10_000)
    assert [(link.quantity, link.amount) for link in back.links.values()] == [(10_000, 10_000)]
    assert totals(validating.validate(desk.context, back.id)).gross == -12_000


@pytest.mark.both
def test_no_more_money_is_credited_than_was_billed(desk: Desk) -> None:
    one = validated(desk, ("Heure", 3, "100"))
    made = desk.edit(credit(desk.context, one.id, takes(one, _0=1)), 0, unit_price=50_000_000)
    with pytest.raises(Refused, match="« Heure » : 300,00 facturé, 5 000,00 crédité"):
        validating.validate(desk.context, made.id)
    made = desk.edit(made, 0, unit_price=1_500_000)
    validating.validate(desk.context, made.id)
    rest = credit(desk.context, one.id)
    with pytest.raises(Refused, match="300,00 facturé, 350,00 crédité"):
        validating.validate(desk.context, rest.id)
    validating.validate(desk.context, desk.edit(rest, 0, unit_price=750_000).id)


@pytest.mark.both
def test_a_rebate_at_a_negative_price_is_credited_too(desk: Desk) -> None:
    one = validated(desk, ("Heure", 10, "100"), ("Geste", 2, "-50"), ("Reprise", -1, "20"))
    made = credit(desk.context, one.id)
    assert [(line.quantity, line.unit_price) for line in made.lines] == [
        (-100_000, 1_000_000),
        (20_000, 500_000),
        (10_000, 200_000),
    ]
    assert totals(made).gross == -totals(one).gross
    made = desk.edit(made, 1, quantity=10_000)
    assert quantities(credit(desk.context, one.id)) == [1]
    validating.validate(desk.context, made.id)


@pytest.mark.both
def test_a_credit_note_that_is_dropped_gives_back(desk: Desk) -> None:
    one = validated(desk)
    made = credit(desk.context, one.id)
    documents.delete(desk.context, made.id)
    assert quantities(credit(desk.context, one.id)) == [-3, -1]


@pytest.mark.both
def test_only_a_validated_invoice_is_credited(desk: Desk) -> None:
    draft = desk.make("invoice", ("TUBE", 1, "10"))
    with pytest.raises(Refused, match="n'est pas une facture validée"):
        credit(desk.context, draft.id)
    with pytest.raises(Refused, match="n'est pas une facture validée"):
        credit(desk.context, desk.make("order", ("TUBE", 1, "10")).id)


@pytest.mark.both
def test_by_hand_the_signs_and_the_invoice_it_names(desk: Desk) -> None:
    made = desk.make("invoice", ("TUBE", -2, "10"))
    assert codes(desk, made)[0] == "credit.reference"
    with pytest.raises(Refused, match="Quantité et prix négatifs"):
        desk.edit(made, 0, unit_price=-100_000)
    desk.edit(made, 0, quantity=20_000)
    price = desk.edit(made, 0, unit_price=-100_000)
    assert totals(price).gross == -2_400
    editor = Editor(desk.context, made.id)
    named = Reference(desk.context.uid(), "corrected", "F-2019-7", "2019-03-31")
    editor.commit([insert(named)], "Facture corrigée")
    editor.close()
    done = validating.validate(desk.context, made.id)
    assert done.number("is_credit") == 1
    assert credits.written(done) == "F-2019-7 31/03/19"
    editor = Editor(desk.context, desk.make("invoice", ("TUBE", 1, "10")).id)
    editor.commit([insert(Reference(desk.context.uid(), "corrected", "X"))], "Essai")
    assert editor.undo() == "Essai" and editor.document.references == []


@pytest.mark.both
def test_the_credit_of_a_deposit_frees_its_deduction(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    deposit = issue(desk.context, order.id, Ask(amount=36_000))
    final = desk.move(order, "invoice")
    assert totals(final).gross == 84_000
    made = credit(desk.context, deposit.id)
    assert (totals(made).gross, made.text("nature")) == (-36_000, "deposit")
    again = desk.again(final)
    assert totals(again).gross == 120_000 and again.references == [] and again.uses == []
    assert not any(line.nature for line in again.lines)
    [standing] = deposit_facts.of_order(desk.context, order.id)
    assert (standing.deducted, standing.credited, standing.left) == (0, 36_000, 0)
    validating.validate(desk.context, made.id)
    validating.validate(desk.context, final.id)
    assert issue(desk.context, desk.make("order", ("TUBE", 1, "1")).id, Ask(amount=100)).id
    assert verification.verify(desk.context)[1] == []


@pytest.mark.both
def test_a_deposit_that_was_deducted_is_credited_with_its_invoice(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    deposit = issue(desk.context, order.id, Ask("receipt", amount=36_000))
    final = validating.validate(desk.context, desk.move(order, "invoice").id)
    with pytest.raises(Refused, match="Acompte déjà déduit sur FA26-00002"):
        credit(desk.context, deposit.id)
    back = credit(desk.context, final.id)
    assert totals(back).gross == -84_000 and [one.amount for one in back.uses] == [-30_000]
    assert standings(desk, order) == [(36_000, 0, 0)]
    with pytest.raises(Refused, match="Acompte déjà déduit sur FA26-00002"):
        credit(desk.context, deposit.id)
    validating.validate(desk.context, back.id)
    assert standings(desk, order) == [(0, 0, 36_000)]
    made = credit(desk.context, deposit.id)
    assert totals(made).gross == -36_000
    validating.validate(desk.context, made.id)


@pytest.mark.both
def test_goods_come_back_when_somebody_says_so(desk: Desk) -> None:
    item = desk.item("VIS")
    one = desk.make("invoice", ("VIS", 5, "1"))
    assert goods.asked(desk.context.database, one)
    desk.set(one, goods="yes")
    one = validating.validate(desk.context, one.id)
    assert desk.on_hand(item) == -5
    kept = credit(desk.context, one.id, takes(one, _0=1), goods=False)
    validating.validate(desk.context, kept.id)
    assert desk.on_hand(item) == -5
    back = credit(desk.context, one.id, takes(one, _0=2))
    assert goods.asked(desk.context.database, back)
    desk.set(back, goods="yes")
    validating.validate(desk.context, back.id)
    assert desk.on_hand(item) == -3


@pytest.mark.both
def test_what_a_return_brought_in_comes_back_once(desk: Desk) -> None:
    item = desk.item("VIS")
    order = desk.make("order", ("VIS", 5, "1"))
    note = desk.print(desk.move(order, "delivery_note"))
    one = validating.validate(desk.context, desk.move(note, "invoice").id)
    assert desk.on_hand(item) == -5
    desk.print(desk.move(note, "delivery_note", {0: "2"}))
    assert desk.on_hand(item) == -3
    made = credit(desk.context, one.id, takes(one, _0=3), goods=True)
    validating.validate(desk.context, made.id)
    assert desk.on_hand(item) == -2


@pytest.mark.both
def test_a_credit_note_is_set_against_invoices(desk: Desk) -> None:
    one, other = validated(desk), validated(desk)
    made = validating.validate(desk.context, credit(desk.context, one.id, takes(one, _0=3)).id)
    for document in (one, other, made):
        desk.print(document)
    before = payments.left(desk.context, [other.id])[other.id]
    payments.offset(desk.context, made.id, [other.id])
    left = payments.left(desk.context, [made.id, other.id])
    assert (left[made.id], before - left[other.id]) == (0, 3_600)


@pytest.mark.both
def test_the_credit_of_what_came_back_names_its_invoice(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 5, "10"))
    note = desk.print(desk.move(order, "delivery_note"))
    one = validating.validate(desk.context, desk.move(note, "invoice").id)
    back = desk.print(desk.move(note, "delivery_note", {0: "2"}))
    made = desk.move(back, "invoice")
    assert totals(made).gross == -2_400
    assert [(r.number, r.referenced_id) for r in made.references] == [("FA26-00001", one.id)]
    assert validating.validate(desk.context, made.id).number("is_credit") == 1


@pytest.mark.both
def test_a_copy_deducts_nothing_and_tools_leave_deductions_alone(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, Ask("receipt", amount=36_000))
    made = desk.move(order, "invoice")
    copy = duplicating.duplicate(desk.context, made.id, "invoice")
    assert [line.nature for line in copy.lines] == [""] and totals(copy).gross == 120_000
    editor = Editor(desk.context, made.id)
    editor.run(change_vat(editor.document, None, 100_000), "TVA")
    assert [(line.nature, line.vat_rate) for line in editor.document.lines] == [("", 100_000)]
    editor.undo()
    editor.run(discount(editor.document, None, [100_000]), "Remise")
    assert [line.discounts for line in editor.document.lines] == [(100_000,), ()]
    assert editor.totals.gross == 108_000 - 36_000
    uids = [line.uid for line in editor.document.lines]
    pasted = duplicate_lines(editor.document, uids, desk.context.uid)
    assert [one.after["nature"] for one in pasted.changes if one.op == "insert"] == [""]
    editor.run(force_total(editor.document, 80_000), "Forcé")
    assert (editor.totals.works_net, editor.totals.net) == (80_000, 50_000)
    editor.close()


@pytest.mark.both
def test_a_provisional_credit_note_gives_no_deposit_back(desk: Desk) -> None:
    """Else two validated invoices would deduct it, and the credit note could not be dropped."""
    order = desk.make("order", ("Heure", 1, "1000"), ("Pose", 1, "1000"))
    issue(desk.context, order.id, Ask("receipt", amount=88_200))
    first = validating.validate(desk.context, desk.move(order, "invoice", {0: "1"}).id)
    draft = credit(desk.context, first.id)
    other = desk.move(order, "invoice")
    assert other.uses == [] and totals(other).gross == 120_000
    documents.delete(desk.context, draft.id)
    assert standings(desk, order) == [(88_200, 0, 0)]
    draft = credit(desk.context, first.id)
    less = desk.edit(draft, 1, unit_price=5_000_000)
    assert [(one.amount, one.net, one.vat) for one in less.uses] == [(-50_000, -50_000, -10_000)]
    done = validating.validate(desk.context, less.id)
    assert totals(done).gross == -60_000
    again = desk.again(other)  # it deducts what came back by itself
    assert [one.amount for one in again.uses] == [50_000] and totals(again).gross == 60_000
    assert standings(desk, order) == [(88_200, 0, 0)]
    validating.validate(desk.context, other.id)
    assert verification.verify(desk.context)[1] == []


@pytest.mark.both
def test_what_is_left_of_a_deposit_is_credited(desk: Desk) -> None:
    order = desk.make(
        "order", ("Heure", 10, "100"), {**LINE, "unit_price": "500.05", "vat_rate": "10"}
    )
    deposit = issue(desk.context, order.id, Ask("receipt", amount=50_001))
    first = validating.validate(desk.context, desk.move(order, "invoice", {0: "2"}).id)
    assert standings(desk, order) == [(24_000, 0, 26_001)]
    draft = desk.move(order, "invoice")
    assert standings(desk, order) == [(50_001, 0, 0)]
    part = credit(desk.context, deposit.id, takes(deposit, _1=1))
    assert [line.amount for line in part.lines] == [-deposit.lines[1].amount]
    documents.delete(desk.context, part.id)
    made = credit(desk.context, deposit.id)
    assert totals(made).gross == -26_001 and len(made.lines) == 2
    assert desk.again(draft).uses == []
    assert standings(desk, order) == [(24_000, 26_001, 0)]
    documents.delete(desk.context, made.id)
    assert standings(desk, order) == [(50_001, 0, 0)]  # the draft deducts it again
    made = validating.validate(desk.context, credit(desk.context, deposit.id).id)
    with pytest.raises(Refused, match="Acompte déjà déduit sur FA26-00002"):
        credit(desk.context, deposit.id)
    validating.validate(desk.context, credit(desk.context, first.id).id)
    assert standings(desk, order) == [(24_000, 26_001, 0)]  # by the draft
    last = validating.validate(desk.context, credit(desk.context, deposit.id).id)
    assert totals(last).gross == -24_000 and standings(desk, order) == [(0, 50_001, 0)]
    assert verification.verify(desk.context)[1] == []


LINE = {"type": "item", "label": "Divers", "quantity": "1"}
