"""Deposits of orders, deducted on what descends from them: stories to the cent (domain.md §6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk, labels

from codial_tui.domain.changes import delete, set_line
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import totals
from codial_tui.errors import Refused
from codial_tui.services.chain import chains
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfer_targets import candidates
from codial_tui.services.chain.transfers import Stale, planned, write_plan
from codial_tui.services.context import Context
from codial_tui.services.documents import headers
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import deposit_facts, validating
from codial_tui.services.invoicing.credit_notes import credit
from codial_tui.services.invoicing.deposit_issue import Ask, issue, proposed, settle_unpaid
from codial_tui.services.invoicing.deposits import UNPAID
from codial_tui.services.law import verification
from codial_tui.services.payments import payments


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    made = Desk(context, tmp_path)
    made.customer("MARTIN")
    made.item("TUBE")
    return made


def request(percent: str = "", amount: str = "", **values: object) -> Ask:
    from codial_tui.domain.quantity import parse_cents, parse_percent

    return Ask(
        percent=parse_percent(percent) if percent else None,
        amount=parse_cents(amount) if amount else None,
        **values,  # type: ignore[arg-type]
    )


def deductions(document: Document) -> list[tuple[int, int, int]]:
    """Rate in percent, quantity in units, cents, of every deduction line."""
    return [
        (line.vat_rate // 10_000, line.quantity // 10_000, line.amount)
        for line in document.lines
        if line.nature
    ]


def vat(document: Document) -> dict[int, tuple[int, int]]:
    return {row.rate // 10_000: (row.base, row.amount) for row in totals(document).vat}


@pytest.mark.both
def test_2450_with_a_deposit_of_882(desk: Desk) -> None:
    order = desk.make("order", ("Travaux", 1, "2450"))
    deposit = issue(desk.context, order.id, request(amount="882", kind="receipt"))
    assert deposit.number("serial") == 1 and deposit.text("nature") == "deposit"
    assert deposit.state == "validated" and vat(deposit) == {20: (73_500, 14_700)}
    final = desk.move(order, "invoice")
    assert deductions(final) == [(20, -1, -73_500)]
    assert labels(final)[-1] == "Déduction de l'acompte FA26-00001 du 22/11/2026"
    found = totals(final)
    assert (found.gross, found.payable, found.vat_total, found.net) == (
        205_800,
        205_800,
        34_300,
        171_500,
    )
    assert (found.works_net, found.works_gross) == (245_000, 294_000)
    assert [(one.type, one.number, one.referenced_id) for one in final.references] == [
        ("deposit", "FA26-00001", deposit.id)
    ]
    [standing] = deposit_facts.of_order(desk.context, order.id)
    assert (standing.asked, standing.deducted, standing.left) == (88_200, 88_200, 0)
    done = validating.validate(desk.context, final.id)
    assert done.text("number") == "FA26-00002"
    assert verification.verify(desk.context)[1] == []


MIXED = (
    {"type": "item", "label": "A", "quantity": "10", "unit_price": "100", "vat_rate": "20"},
    {"type": "item", "label": "B", "quantity": "1", "unit_price": "500", "vat_rate": "10"},
)


@pytest.mark.both
def test_a_deposit_larger_than_the_first_of_two_invoices(desk: Desk) -> None:
    order = desk.make("order", *MIXED)
    deposit = issue(desk.context, order.id, request(percent="30", kind="receipt"))
    assert vat(deposit) == {20: (30_000, 6_000), 10: (15_000, 1_500)}
    first = desk.move(order, "invoice", {0: "2"})
    assert deductions(first) == [(20, -1, -20_000)]
    assert totals(first).gross == 0 and vat(first) == {20: (0, 0)}
    done = validating.validate(desk.context, first.id)
    second = desk.move(order, "invoice")
    assert deductions(second) == [(20, -1, -10_000), (10, -1, -15_000)]
    assert labels(second)[-1].endswith("du 22/11/2026, TVA 10 %")
    found = totals(second)
    assert (found.gross, found.vat_total) == (122_500, 17_500)
    assert totals(deposit).vat_total + totals(done).vat_total + found.vat_total == 25_000
    [standing] = deposit_facts.of_order(desk.context, order.id)
    assert (standing.asked, standing.deducted, standing.left) == (52_500, 52_500, 0)


@pytest.mark.both
def test_a_deposit_of_everything(desk: Desk) -> None:
    order = desk.make("order", *MIXED)
    issue(desk.context, order.id, request(percent="100", kind="receipt"))
    with pytest.raises(Refused, match="il reste 0,00"):
        proposed(desk.context, order.id, request(amount="0.01"))
    final = desk.move(order, "invoice")
    assert totals(final).gross == 0 and totals(final).vat_total == 0
    done = validating.validate(desk.context, final.id)
    assert done.text("number") == "FA26-00002"
    desk.print(done)
    settled = desk.context.database.value(
        "SELECT settlement FROM document WHERE id = ?", (done.id,)
    )
    assert settled == "paid"


@pytest.mark.both
def test_two_delivery_notes_on_one_merged_invoice(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="360"))
    notes = [desk.print(desk.move(order, "delivery_note", {0: "4"}))]
    notes.append(desk.print(desk.move(order, "delivery_note")))
    first = desk.move(notes[0], "invoice")
    assert deductions(first) == [(20, -1, -30_000)]
    merged = desk.move(notes[1], "invoice", into=first)
    assert deductions(merged) == [(20, -1, -30_000)]
    assert merged.lines[-1].nature == "deposit"
    assert totals(merged).gross == 120_000 - 36_000
    assert not desk.undo(merged)
    assert deductions(desk.again(merged)) == [(20, -1, -30_000)]
    assert desk.undo(merged)
    [standing] = deposit_facts.of_order(desk.context, order.id)
    assert (standing.deducted, standing.left) == (0, 36_000)


@pytest.mark.both
def test_editing_the_invoice_keeps_the_deduction_within_it(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="600"))
    final = desk.move(order, "invoice")
    assert deductions(final) == [(20, -1, -50_000)]
    less = desk.edit(final, 0, quantity=30_000)
    assert deductions(less) == [(20, -1, -30_000)] and totals(less).gross == 0
    assert deposit_facts.of_order(desk.context, order.id)[0].left == 24_000
    other = desk.move(order, "invoice")
    assert deductions(other) == [(20, -1, -20_000)]
    more = desk.edit(less, 0, quantity=40_000)
    assert deductions(more) == [(20, -1, -30_000)]


@pytest.mark.both
def test_an_invoice_made_before_the_deposit_deducts_it_too(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    final = desk.move(order, "invoice", {0: "5"})
    assert deductions(final) == []
    issue(desk.context, order.id, request(amount="120"))
    assert deductions(desk.again(final)) == [(20, -1, -10_000)]


@pytest.mark.both
def test_a_deduction_typed_by_hand_stays(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="600"))
    final = desk.move(order, "invoice", {0: "6"})
    typed = desk.edit(final, 1, unit_price=2_000_000)
    assert typed.text("deposits") == "manual" and deductions(typed) == [(20, -1, -20_000)]
    assert deposit_facts.of_order(desk.context, order.id)[0].left == 36_000
    with pytest.raises(Refused, match="déjà déduit"):
        desk.edit(typed, 1, unit_price=50_010_000)
    assert deductions(desk.again(typed)) == [(20, -1, -20_000)]
    more = desk.edit(typed, 1, unit_price=5_000_000)
    assert [one.amount for one in more.uses] == [50_000]
    back = desk.set(desk.edit(more, 1, unit_price=100), deposits="auto")
    assert deductions(back) == [(20, -1, -50_000)]


@pytest.mark.both
def test_no_more_than_the_order_is_asked_for(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    with pytest.raises(Refused, match="il reste 1 200,00 TTC"):
        issue(desk.context, order.id, request(amount="1200.01"))
    validating.validate(desk.context, desk.move(order, "invoice", {0: "5"}).id)
    with pytest.raises(Refused, match="il reste 600,00 TTC"):
        issue(desk.context, order.id, request(percent="60"))
    issue(desk.context, order.id, request(percent="50"))
    with pytest.raises(Refused, match="il reste 0,00 TTC"):
        issue(desk.context, order.id, request(amount="1"))
    rows = desk.context.database.rows
    assert rows("SELECT COUNT(*) FROM deposit") == [(1,)]


@pytest.mark.both
def test_any_amount_comes_out_to_the_cent(desk: Desk) -> None:
    """500.01 TTC at 20 % is 416.68 + 83.33: no HT gives it, so deposits are counted TTC."""
    order = desk.make("order", ("TUBE", 10, "100"))
    terms = desk.context.database.value("SELECT id FROM payment_terms WHERE days = 30 LIMIT 1")
    order = desk.set(order, payment_terms_id=terms, payment_terms_label="30 jours")
    deposit = issue(desk.context, order.id, request(amount="500.01", kind="receipt"))
    assert totals(deposit).gross == 50_001
    assert deposit.text("due_date") == deposit.text("date")  # not the 30 days of the order
    [standing] = deposit_facts.of_order(desk.context, order.id)
    assert (standing.kind, standing.asked, standing.paid) == ("receipt", 50_001, 50_001)


@pytest.mark.both
def test_sql_deducts_nothing_twice(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="600", kind="receipt"))
    final = desk.move(order, "invoice")
    database = desk.context.database
    for sql in (
        "UPDATE deposit_use SET amount = amount + 1",
        "UPDATE deposit_part SET amount = amount + 1",
        "UPDATE deposit SET order_id = order_id",
        "DELETE FROM deposit_part",
        "DELETE FROM deposit",
        "UPDATE deposit_part SET used = used + 1",
    ):
        with pytest.raises(Refused), database.write():
            database.execute(sql)
    done = validating.validate(desk.context, final.id)
    for sql in (
        "UPDATE deposit_use SET net = 0",
        "DELETE FROM deposit_use",
        "DELETE FROM invoice_reference",
        "UPDATE invoice_reference SET number = 'X'",
    ):
        with pytest.raises(Refused, match="validée"), database.write():
            database.execute(sql)
    assert desk.again(done).uses == done.uses


@pytest.mark.long
@pytest.mark.both
@pytest.mark.parametrize("answer", ["collect", "credit", "deduct"])
def test_an_unpaid_request_is_asked_about(desk: Desk, answer: str) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    deposit = issue(desk.context, order.id, request(amount="600"))
    final = desk.move(order, "invoice")
    with pytest.raises(Refused, match="Acompte FA26-00001 demandé, non réglé : 600,00"):
        validating.validate(desk.context, final.id)
    if answer == "deduct":
        done = validating.validate(desk.context, final.id, {UNPAID})
        assert totals(done).gross == 60_000
        assert payments.left(desk.context, [deposit.id]) == {deposit.id: 60_000}
        return
    said = settle_unpaid(desk.context, final.id, answer)
    done = validating.validate(desk.context, final.id)
    if answer == "collect":
        assert said == ["Acompte FA26-00001 encaissé : 600,00"]
        assert totals(done).gross == 60_000
        assert payments.left(desk.context, [deposit.id]) == {deposit.id: 0}
    else:
        assert said == ["Acompte FA26-00001 annulé par FA26-00002"]
        assert (done.text("number"), totals(done).gross) == ("FA26-00003", 120_000)
    assert verification.verify(desk.context)[1] == []


def test_two_invoices_of_one_order_at_once(desk: Desk) -> None:
    """Both planned while the deposit was whole: the second is planned anew with what is left."""
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="600"))
    ask = Request((order.id,), "invoice", takes={order.id: {order.lines[0].uid: 50_000}})
    plans = [planned(desk.context, ask) for _ in range(2)]
    made = []
    for plan in plans:
        try:
            with desk.context.database.write():
                made.append(write_plan(desk.context, plan).target_id)
        except Refused as error:
            assert error.problems[0].code == "pool.taken"
        except Stale:
            pass
    assert len(made) == 1
    second = desk.move(order, "invoice")
    assert [one.amount for one in desk.load(made[0]).uses] == [50_000]
    assert second.uses == []


def test_deposits_and_credit_notes_take_nothing_in(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="600", kind="receipt"))
    first = validating.validate(desk.context, desk.move(order, "invoice", {0: "6"}).id)
    back = credit(desk.context, first.id)
    assert candidates(desk.context, (order.id,), doc_type("invoice")) == []
    with pytest.raises(Refused, match="est un avoir ou un acompte"):
        desk.move(order, "invoice", into=back)


@pytest.mark.both
def test_an_order_with_a_deposit_keeps_customer_mode_and_itself(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    issue(desk.context, order.id, request(amount="600"))
    editor = Editor(desk.context, order.id)
    for name, value in (("price_mode", "gross"), ("party_id", 1)):
        with pytest.raises(Refused, match="un acompte est émis"):
            headers.edit(editor, editor.kind.field(name), value)
    editor.close()
    with pytest.raises(Refused, match="a un acompte"):
        desk.delete(order)
    final = desk.move(order, "invoice")
    editor = Editor(desk.context, final.id)
    with pytest.raises(Refused, match="HT ou TTC ne change plus"):
        editor.set_header("Prix", price_mode="gross")
    with pytest.raises(Refused, match="son taux est celui de l'acompte"):
        editor.commit([set_line(editor.document.lines[-1], vat_rate=100_000)], "TVA")
    editor.commit([delete(editor.document.lines[-1])], "Supprimée")
    assert editor.document.uses == [] and editor.document.references == []
    assert editor.document.text("deposits") == "manual"
    editor.undo()
    assert deductions(editor.document) == [(20, -1, -50_000)]
    assert editor.document.text("deposits") == "auto" and len(editor.document.references) == 1
    editor.redo()
    assert deductions(editor.document) == []
    editor.close()
    assert deposit_facts.of_order(desk.context, order.id)[0].left == 60_000


@pytest.mark.both
def test_the_chain_of_an_order_shows_its_deposits(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10, "100"))
    deposit = issue(desk.context, order.id, request(amount="600"))
    final = desk.move(order, "invoice")
    wanted = [
        (0, order.id, None, None),
        (1, deposit.id, None, 50_000),
        (1, final.id, 100_000, 100_000),
    ]
    for one in (order, deposit, final):
        nodes = chains.tree(desk.context, one.id)
        assert [(n.depth, n.id, n.quantity, n.amount) for n in nodes] == wanted
        assert [n.id for n in nodes if n.here] == [one.id]
    assert nodes[1].subject == "Acompte"


@pytest.mark.both
def test_a_typed_deduction_goes_with_its_order(desk: Desk) -> None:
    order = desk.make("order", ("Heure", 10, "100"))
    issue(desk.context, order.id, request(amount="600", kind="receipt"))
    typed = desk.edit(desk.move(order, "invoice"), 1, unit_price=2_000_000)
    assert deductions(typed) == [(20, -1, -20_000)]
    assert desk.undo(typed)  # no invoice of one deduction is left behind
    other = desk.move(desk.make("order", ("Pose", 10, "100")), "invoice")
    merged = desk.move(order, "invoice", into=other)
    typed = desk.edit(merged, len(merged.lines) - 1, unit_price=2_000_000)
    assert desk.undo(typed) is False and deductions(desk.again(typed)) == []
    merged = desk.move(order, "invoice", into=other)
    editor = Editor(desk.context, merged.id)
    own = [line for line in editor.document.lines if line.label == "Heure"]
    editor.commit([delete(one) for one in own], "Supprimée")
    editor.close()
    assert deductions(desk.again(merged)) == [] and desk.again(merged).references == []
    assert deposit_facts.of_order(desk.context, order.id)[0].left == 60_000


@pytest.mark.both
def test_a_dropped_draft_leaves_its_deduction_to_the_next(desk: Desk) -> None:
    order = desk.make("order", ("Heure", 10, "100"))
    issue(desk.context, order.id, request(amount="600", kind="receipt"))
    first, second = desk.move(order, "invoice", {0: "5"}), desk.move(order, "invoice")
    assert (deductions(first), deductions(second)) == ([(20, -1, -50_000)], [])
    desk.delete(first)
    assert deductions(desk.again(second)) == [(20, -1, -50_000)]
    assert totals(validating.validate(desk.context, second.id)).gross == 0


@pytest.mark.both
def test_an_unpaid_request_that_was_partly_credited(desk: Desk) -> None:
    """Due is what was asked less what was credited, set against it or not."""
    order = desk.make("order", ("Heure", 10, "100"))
    deposit = issue(desk.context, order.id, request(amount="600"))
    first = desk.move(order, "invoice", {0: "2"})
    validating.validate(desk.context, first.id, {UNPAID})
    note = credit(desk.context, deposit.id, {deposit.lines[0].uid: 2_500})
    note = desk.print(validating.validate(desk.context, note.id))
    final = desk.move(order, "invoice")
    for _ in range(2):
        with pytest.raises(Refused, match="non réglé : 450,00"):
            validating.validate(desk.context, final.id)
        if payments.left(desk.context, [note.id])[note.id]:
            payments.offset(desk.context, note.id, [deposit.id])
    assert settle_unpaid(desk.context, final.id, "credit") == [
        "Acompte FA26-00001 annulé par FA26-00004"
    ]
    [standing] = deposit_facts.of_order(desk.context, order.id)
    assert (standing.deducted, standing.credited, standing.left) == (24_000, 36_000, 0)
    assert payments.left(desk.context, [deposit.id]) == {deposit.id: 24_000}
    assert standing.due == 24_000  # what the first invoice deducted all the same


@pytest.mark.both
def test_what_nothing_will_deduct_any_more_is_said(desk: Desk) -> None:
    """The VAT of the invoice was changed, or the order made smaller."""
    order = desk.make("order", ("Heure", 10, "100"))
    issue(desk.context, order.id, request(amount="600", kind="receipt"))
    part = desk.move(order, "invoice", {0: "2"})

    def said(document: Document) -> list[str]:
        found = validating.warnings(desk.context, desk.again(document))
        return [one.message for one in found if one.code == "deposit.left"]

    assert said(part) == []  # the rest carries over
    last = desk.move(order, "invoice")
    assert said(last) == []
    changed = desk.edit(last, 0, vat_rate=100_000)
    assert deductions(changed) == []
    assert said(changed) == ["Acompte FA26-00001 : 360,00 restent à déduire"]
    order = desk.make("order", ("Heure", 10, "100"))
    issue(desk.context, order.id, request(amount="600", kind="receipt"))
    small = desk.move(desk.edit(order, 0, quantity=10_000), "invoice")
    assert said(small) == ["Acompte FA26-00002 : 480,00 restent à déduire"]
