"""Payments: instalments, allocation by VAT rate, credit, reversal; what the database refuses."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from sessions import session

from codial_tui.domain.document import Document
from codial_tui.domain.paper.paper import Code, Text
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.documents import show
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.law import chain_links
from codial_tui.services.paper import papers
from codial_tui.services.payments import payment_check, payment_facts, payment_lists, payments
from codial_tui.services.payments.payments import Entry


@pytest.fixture
def desk(context: Any, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE")
    return desk


def issued(desk: Desk, *lines: Any, **values: Any) -> Document:
    """A validated and printed invoice."""
    draft = desk.make("invoice", *(lines or (("TUBE", 10),)), **values)
    return desk.print(validating.validate(desk.context, draft.id))


def credited(desk: Desk, invoice: Document, quantity: int) -> Document:
    """A validated and printed credit note of so many of the first line."""
    takes = {invoice.lines[0].uid: quantity * 10_000}
    note = credit_notes.credit(desk.context, invoice.id, takes, goods=False)
    return desk.print(validating.validate(desk.context, note.id))


def terms(
    desk: Desk, *parts: tuple[int, int, int, int], customer: str = "MARTIN", **own: Any
) -> None:
    """Payment terms of a customer: parts (share, days, end of month, day of month), then own."""
    database = desk.context.database
    with database.write():
        made = database.insert(
            "payment_terms",
            {"uid": desk.context.uid(), "code": customer, "label": "Conditions", **own},
        )
        for share, days, end, day in parts:
            database.insert(
                "payment_instalment",
                {
                    "terms_id": made,
                    "share": share,
                    "days": days,
                    "end_of_month": end,
                    "day_of_month": day,
                },
            )
        database.execute("UPDATE party SET payment_terms_id = ? WHERE code = ?", (made, customer))


def dues(desk: Desk, document: Document) -> list[tuple[str, int, int]]:
    return desk.context.database.rows(
        "SELECT due_date, amount, paid FROM instalment WHERE document_id = ? ORDER BY position",
        (document.id,),
    )


def by_key(desk: Desk, document: Document) -> list[tuple[int, int, int]]:
    return desk.context.database.rows(
        "SELECT vat_rate, amount, paid FROM receivable WHERE document_id = ? "
        "ORDER BY vat_rate DESC",
        (document.id,),
    )


def settled(desk: Desk, document: Document) -> tuple[str, str | None, int]:
    header = desk.load(document.id).header
    return header["settlement"], header["due_next"], header["paid_total"]  # type: ignore[return-value]


def pay(desk: Desk, amount: int, *several: Document, mode: str = "VIR", **more: Any) -> Any:
    entry = Entry(amount, mode, documents=tuple(one.id for one in several), **more)
    return payments.record(desk.context, entry)


def chain(desk: Desk) -> list[Any]:
    return list(chain_links.verify(desk.context, "payments"))


def code_of(call: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **named)
    assert all(one.message for one in caught.value.problems)
    return caught.value.problems[0].code


# -- instalments ----------------------------------------------------------------------------------


@pytest.mark.both
def test_the_first_print_makes_the_instalments_of_the_frozen_terms(desk: Desk) -> None:
    terms(desk, (300_000, 0, 0, 0), days=30, end_of_month=1, method="30")
    draft = desk.make("invoice", ("TUBE", "100.01"), date="2026-01-15")
    made = validating.validate(desk.context, draft.id)
    assert made.text("due_date") == "2026-02-28"  # BT-9: when all of it is due
    assert json.loads(made.text("payment_terms"))["method"] == "30"
    assert dues(desk, made) == [] and settled(desk, made) == ("", None, 0)
    with desk.context.database.write():  # what is frozen does not follow the record
        desk.context.database.execute("UPDATE payment_terms SET days = 90")
    printed = desk.print(made)
    assert dues(desk, printed) == [("2026-01-15", 36_004, 0), ("2026-02-28", 84_008, 0)]
    assert by_key(desk, printed) == [(200_000, 120_012, 0)]
    assert settled(desk, printed) == ("due", "2026-01-15", 0)
    desk.print(printed)  # a duplicate makes no second ones
    assert len(dues(desk, printed)) == 2


def test_a_typed_due_date_stands_for_all(desk: Desk) -> None:
    terms(desk, (500_000, 0, 0, 0), days=30)
    draft = desk.set(desk.make("invoice", ("TUBE", 10)), due_date="2026-12-24")
    made = desk.print(validating.validate(desk.context, draft.id))
    assert dues(desk, made) == [("2026-12-24", 12_000, 0)]


def test_an_invoice_of_nothing_is_paid_at_once(desk: Desk) -> None:
    made = issued(desk, ("TUBE", 10), ("TUBE", -10))
    assert dues(desk, made) == [] and settled(desk, made) == ("paid", None, 0)
    assert code_of(pay, desk, 100, made) == "payment.settled"


# -- paying ---------------------------------------------------------------------------------------


@pytest.mark.both
def test_a_payment_goes_to_the_oldest_instalment_by_vat_rate(desk: Desk) -> None:
    terms(desk, (300_000, 0, 0, 0), days=30)
    lines = (
        ("Pose", 1, "100"),
        {"type": "item", "label": "B", "quantity": "1", "unit_price": "100", "vat_rate": "5.5"},
    )
    made = issued(desk, *lines)
    assert by_key(desk, made) == [(200_000, 12_000, 0), (55_000, 10_550, 0)]
    assert [row[1] for row in dues(desk, made)] == [6_765, 15_785]
    done = pay(desk, 10_000, made, reference="CHQ 12")
    assert (done.allocated, done.free) == ({made.id: 10_000}, 0)
    assert [row[2] for row in dues(desk, made)] == [6_765, 3_235]
    assert sum(row[2] for row in by_key(desk, made)) == 10_000
    assert [row[2] for row in by_key(desk, made)] == [5_322, 4_678]
    assert settled(desk, made)[0::2] == ("part", 10_000)
    assert payments.left(desk.context, [made.id]) == {made.id: 12_550}
    pay(desk, 12_550, made)
    assert [row[1] - row[2] for row in by_key(desk, made)] == [0, 0]
    assert settled(desk, made) == ("paid", None, 22_550)
    assert payments.paid(desk.context, [made.id]) == {made.id: 22_550}
    assert chain(desk) == []
    said = desk.context.database.rows(
        "SELECT text FROM document_event WHERE document_id = ? AND text LIKE 'RG-%' ORDER BY id",
        (made.id,),
    )
    assert said == [("RG-1 : Virement 100,00",), ("RG-2 : Virement 125,50",)]


def test_only_an_invoice_with_instalments_takes_a_payment(desk: Desk) -> None:
    draft = desk.make("invoice", ("TUBE", 10))
    assert code_of(pay, desk, 100, draft) == "state.not_validated"
    assert code_of(pay, desk, 0, draft) == "state.not_validated"  # what is left of it is nothing
    made = validating.validate(desk.context, draft.id)
    assert code_of(pay, desk, 100, made) == "state.not_printed"
    assert code_of(pay, desk, 0, made) == "state.not_printed"
    assert code_of(pay, desk, 100, desk.make("order", ("TUBE", 1))) == "payment.kind"
    printed = desk.print(made)
    assert code_of(pay, desk, 0, printed) == "payment.zero"
    assert code_of(pay, desk, 100, printed, mode="TROC") == "mode.unknown"
    assert code_of(pay, desk, 100, printed, expected=1) == "payment.changed"
    assert desk.context.database.value("SELECT COUNT(*) FROM payment") == 0


@pytest.mark.both
def test_what_is_too_much_is_credit_that_pays_the_next_invoice(desk: Desk) -> None:
    one, two = issued(desk), issued(desk)
    done = pay(desk, 15_000, one)
    assert done.free == 3_000
    party = one.number("party_id")
    assert payments.credit_of(desk.context, party) == 3_000
    assert payments.allocate(desk.context, done.payment_id, [two.id]) == {two.id: 3_000}
    assert payments.credit_of(desk.context, party) == 0
    assert code_of(payments.allocate, desk.context, done.payment_id, [two.id]) == "credit.none"
    assert settled(desk, two)[::2] == ("part", 3_000)
    assert payments.release(desk.context, done.payment_id, two.id) == 3_000
    assert settled(desk, two)[::2] == ("due", 0)
    entry = Entry(-4_000, "VIR", party_id=party, allocate=False)
    assert code_of(payments.record, desk.context, entry) == "refund.credit"
    payments.record(desk.context, Entry(-3_000, "VIR", party_id=party))
    assert payments.credit_of(desk.context, party) == 0
    # what was given back pays nothing any more, though the payment itself has it free
    assert code_of(payments.allocate, desk.context, done.payment_id, [two.id]) == "credit.none"
    assert chain(desk) == []


def test_the_counter_gives_change_and_no_credit(desk: Desk) -> None:
    draft = desk.make(
        "invoice",
        ("TUBE", 10),
        customer={
            "name": "Client comptoir",
            "street": "1 rue",
            "postcode": "69001",
            "city": "LYON",
        },
    )
    made = desk.print(validating.validate(desk.context, draft.id))
    assert code_of(pay, desk, 15_000, made, mode="ESP") == "payment.too_much"
    pay(desk, 12_000, made, mode="ESP")
    assert settled(desk, made)[0] == "paid"


@pytest.mark.both
def test_a_customer_pays_several_invoices_oldest_first(desk: Desk) -> None:
    first, second = issued(desk, date="2026-01-10"), issued(desk, date="2026-02-10")
    done = payments.record(desk.context, Entry(20_000, "CHQ", party_id=first.number("party_id")))
    assert done.allocated == {first.id: 12_000, second.id: 8_000}
    other = desk.customer("DURAND")
    entry = Entry(100, "CHQ", documents=(second.id,), party_id=other)
    assert code_of(payments.record, desk.context, entry) == "payment.parties"


@pytest.mark.both
def test_a_credit_note_is_set_against_an_invoice_or_given_back(desk: Desk) -> None:
    made = issued(desk)
    credit = credited(desk, made, 4)
    assert [row[1] for row in dues(desk, credit)] == [-4_800]
    done = payments.offset(desk.context, credit.id, [made.id])
    assert done.allocated == {made.id: 4_800, credit.id: -4_800}
    assert settled(desk, credit)[0] == "paid"
    assert payments.left(desk.context, [made.id]) == {made.id: 7_200}
    assert code_of(payments.offset, desk.context, credit.id, [made.id]) == "offset.nothing"
    other = credited(desk, made, 1)
    assert code_of(pay, desk, 100, other) == "payment.settled"  # nobody pays a credit note
    pay(desk, -1_200, other)
    assert settled(desk, other) == ("paid", None, -1_200)
    payments.reverse(desk.context, done.payment_id, "erreur")
    assert settled(desk, credit)[0] == settled(desk, made)[0] == "due"
    assert chain(desk) == []


@pytest.mark.both
def test_a_payment_that_bounced_is_reversed_once_with_its_fees(desk: Desk) -> None:
    made = issued(desk)
    done = pay(desk, 15_000, made, mode="CHQ", reference="0412")
    assert code_of(payments.reverse, desk.context, done.payment_id, "x", fees=-1) == "reversal.fees"
    again = payments.reverse(desk.context, done.payment_id, "impayé", fees=1_250)
    row = desk.context.database.mapping("SELECT * FROM payment WHERE id = ?", (again,)) or {}
    assert (row["kind"], row["amount"], row["fees"], row["reverses"]) == (
        "reversal",
        -15_000,
        1_250,
        done.payment_id,
    )
    assert settled(desk, made)[::2] == ("due", 0)
    assert payments.credit_of(desk.context, made.number("party_id")) == 0
    assert code_of(payments.reverse, desk.context, done.payment_id, "encore") == "payment.reversed"
    assert code_of(payments.reverse, desk.context, again, "non") == "payment.reversal"
    assert code_of(payments.reverse, desk.context, done.payment_id, " ") == "reversal.reason"
    assert code_of(payments.allocate, desk.context, done.payment_id, [made.id]) in (
        "credit.none",
        "payment.reversed",
    )
    pay(desk, 12_000, made)
    assert settled(desk, made)[0] == "paid"
    assert chain(desk) == []


@pytest.mark.both
def test_an_early_payment_gets_its_discount_by_vat_rate(desk: Desk) -> None:
    made = issued(desk, ("Pose", 1, "2450"))
    pay(desk, 288_120, made, discount=5_880)
    assert settled(desk, made) == ("paid", None, 294_000)
    kinds = desk.context.database.rows("SELECT kind, vat_rate, amount FROM payment_allocation")
    assert kinds == [("payment", 200_000, 288_120), ("discount", 200_000, 5_880)]


def test_vat_keys_of_both_signs_on_one_invoice(desk: Desk) -> None:
    back = {"type": "item", "label": "B", "quantity": "-1", "unit_price": "30", "vat_rate": "10"}
    made = issued(desk, ("Pose", 1, "100"), back)
    assert by_key(desk, made) == [(200_000, 12_000, 0), (100_000, -3_300, 0)]
    done = pay(desk, 4_000, made)
    assert sum(row[2] for row in by_key(desk, made)) == 4_000
    pay(desk, 4_700, made)
    assert settled(desk, made)[0] == "paid"
    payments.release(desk.context, done.payment_id, made.id)
    payments.allocate(desk.context, done.payment_id, [made.id])
    payments.reverse(desk.context, done.payment_id, "impayé")
    assert payments.left(desk.context, [made.id]) == {made.id: 4_000}


# -- what the database refuses, whoever writes ----------------------------------------------------


@pytest.mark.long
@pytest.mark.both
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payment SET amount = 1",
        "DELETE FROM payment",
        "UPDATE payment_allocation SET amount = 1",
        "DELETE FROM payment_allocation",
        "UPDATE instalment SET due_date = '2027-01-01'",
        "DELETE FROM instalment",
        "UPDATE receivable SET amount = amount + 1",
        "DELETE FROM receivable",
        "UPDATE receivable SET paid = amount + 1",
        "UPDATE instalment SET paid = amount + 1",
        "INSERT INTO payment_allocation (uid, payment_id, document_id, kind, vat_category, "
        "vat_rate, amount, at, user_name) SELECT '0123456789abcdef0123456789abcdef', payment_id, "
        "document_id, kind, vat_category, vat_rate, 1, at, user_name FROM payment_allocation",
    ],
)
def test_sql_cannot_rewrite_or_overpay(desk: Desk, sql: str) -> None:
    made = issued(desk)
    pay(desk, 5_000, made)
    database = desk.context.database
    before = database.rows("SELECT * FROM payment_allocation")
    with pytest.raises(Refused), database.write():
        database.execute(sql)
    assert database.rows("SELECT * FROM payment_allocation") == before
    assert payments.left(desk.context, [made.id]) == {made.id: 7_000}


@pytest.mark.both
def test_two_people_pay_the_same_invoice_at_once(desk: Desk, database_url: str) -> None:
    made = issued(desk)
    outcomes: list[str] = []

    def one(name: str) -> None:
        mine = open_database(database_url, create=False)
        try:
            entry = Entry(12_000, "VIR", documents=(made.id,), expected=12_000, reference=name)
            payments.record(session(mine, name), entry)
            outcomes.append("paid")
        except Refused as error:
            outcomes.append(error.problems[0].code)
        finally:
            mine.close()

    threads = [threading.Thread(target=one, args=(name,)) for name in ("anne", "paul")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["paid", "payment.changed"]
    assert payments.left(desk.context, [made.id]) == {made.id: 0}
    assert desk.context.database.value("SELECT COUNT(*) FROM payment") == 1
    assert chain(desk) == []


@pytest.mark.both
def test_an_order_of_a_shop_told_twice_at_once_pays_once(desk: Desk, database_url: str) -> None:
    made = issued(desk)
    found: list[int] = []

    def one(name: str) -> None:
        mine = open_database(database_url, create=False)
        try:
            entry = Entry(5_000, "CB", documents=(made.id,), source="external web-7")
            found.append(payment_lists.once(session(mine, name), entry))
        finally:
            mine.close()

    threads = [threading.Thread(target=one, args=(name,)) for name in ("anne", "paul")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2 and len(set(found)) == 1
    assert payments.left(desk.context, [made.id]) == {made.id: 7_000}


@pytest.mark.both
def test_what_a_customer_owes_counts_what_is_unpaid(desk: Desk) -> None:
    made = issued(desk)
    party = made.number("party_id")
    draft = desk.make("invoice", ("TUBE", 1))
    assert payment_facts.outstanding(desk.context, party) == 13_200
    assert payment_facts.outstanding(desk.context, party, but=draft.id) == 12_000
    pay(desk, 12_500, made)
    assert payment_facts.outstanding(desk.context, party) == 1_200 - 500
    payer = desk.customer("GROUPE")
    with desk.context.database.write():  # a draft that another party is billed for is its debt
        desk.context.database.update("document", draft.id, {"invoice_party_id": payer})
    assert payment_facts.outstanding(desk.context, payer) == 1_200
    assert payment_facts.outstanding(desk.context, party) == -500


def test_the_paper_says_when_it_is_due_and_how_to_pay_it(desk: Desk) -> None:
    terms(desk, (300_000, 0, 0, 0), days=30, discount=20_000, discount_days=8)
    with desk.context.database.write():
        desk.context.database.execute(
            "UPDATE company SET iban = 'FR7630006000011234567890189', bic = 'AGRIFRPP'"
        )
    desk.context.cache.clear()
    made = issued(desk, date="2026-01-15")
    paper = papers.paper(desk.context, made)
    [code] = [block for block in paper.blocks if isinstance(block, Code)]
    assert code.payload.endswith("EUR120.00\n\n\nFA26-00001")
    said = "\n".join(
        run.text
        for block in paper.blocks
        if isinstance(block, Text)
        for paragraph in block.paragraphs
        for run in paragraph
    )
    assert "Échéances : 36,00 € le 15/01/2026, 84,00 € le 14/02/2026." in said
    assert "Escompte de 2 % pour un paiement sous 8 jours." in said
    note = credited(desk, made, 1)
    assert not [one for one in papers.paper(desk.context, note).blocks if isinstance(one, Code)]


@pytest.mark.long
@pytest.mark.both
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE receivable SET paid = paid + 1", "payment.receivable"),
        ("UPDATE instalment SET paid = paid + 1", "payment.instalment"),
        ("UPDATE document SET settlement = 'paid'", "payment.settlement"),
        ("UPDATE document SET due_next = NULL", "payment.settlement"),
        ("UPDATE document SET paid_total = 0", "payment.settlement"),
    ],
)
def test_verify_recomputes_what_is_paid(desk: Desk, sql: str, code: str) -> None:
    made = issued(desk)
    issued(desk, ("TUBE", 10), ("TUBE", -10))  # nothing owed, paid at once
    pay(desk, 5_000, made)
    assert list(payment_check.verify(desk.context)) == []
    with desk.context.database.write():
        desk.context.database.execute(sql + " WHERE " + "id = id")
    found = {(one.code, one.field) for one in payment_check.verify(desk.context)}
    assert (code, made.text("number")) in found


@pytest.mark.both
def test_a_retention_is_an_instalment_of_its_own(desk: Desk) -> None:
    """Owed all the same, a year later; what nobody will pay is not owed."""
    terms(desk, days=30)
    kept = {"kind": "retention", "percent": "5"}
    paid_directly = {"kind": "direct_payment", "amount": "100.00", "label": "Sous-traitant"}
    draft = desk.make(
        "invoice", ("Pose", 1, "1000"), date="2026-01-15", deductions=[kept, paid_directly]
    )
    made = desk.print(validating.validate(desk.context, draft.id))
    assert dues(desk, made) == [("2026-02-14", 104_000, 0), ("2027-01-15", 6_000, 0)]
    assert by_key(desk, made) == [(200_000, 110_000, 0)]
    assert made.text("due_date") == "2026-02-14"
    pay(desk, 104_000, made)
    assert settled(desk, made) == ("part", "2027-01-15", 104_000)
    shown = show.shown(desk.context, made)
    assert (shown["left"], [one["nature"] for one in shown["instalments"]]) == (
        "60.00",
        ["term", "retention"],
    )


@pytest.mark.parametrize(("days", "wrong"), [(60, False), (61, True)])
def test_a_delay_beyond_the_law_is_said(desk: Desk, days: int, wrong: bool) -> None:
    terms(desk, days=days)
    draft = desk.make("invoice", ("TUBE", 1), date="2026-03-01")
    codes = [one.code for one in validating.warnings(desk.context, desk.load(draft.id))]
    assert ("terms.delay" in codes) == wrong
