"""Any order of gestures: what is paid is what is allocated and never more than is owed."""

import random
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.law import chain_links
from codial_tui.services.payments import payments
from codial_tui.services.payments.payments import Entry

KEYS = (
    "SELECT r.amount, r.paid, COALESCE((SELECT SUM(a.amount) FROM payment_allocation a "
    "WHERE a.document_id = r.document_id AND a.vat_category = r.vat_category "
    "AND a.vat_rate = r.vat_rate), 0) FROM receivable r"
)
DUES = (
    "SELECT i.amount, i.paid, COALESCE((SELECT SUM(a.amount) FROM payment_allocation a "
    "WHERE a.instalment_id = i.id), 0) FROM instalment i"
)
WHOLE = (
    "SELECT d.paid_total, d.settlement, SUM(i.amount), SUM(i.paid) FROM document d "
    "JOIN instalment i ON i.document_id = d.id GROUP BY d.id, d.paid_total, d.settlement"
)
PAYMENTS = (
    "SELECT p.amount, COALESCE((SELECT SUM(a.amount) FROM payment_allocation a "
    "WHERE a.payment_id = p.id AND a.kind = 'payment'), 0) FROM payment p"
)


def check(desk: Desk) -> None:
    rows = desk.context.database.rows
    for sql in (KEYS, DUES):
        for amount, paid, allocated in rows(sql):
            assert paid == allocated
            assert min(0, amount) <= paid <= max(0, amount)
    for cached, settlement, owed, paid in rows(WHOLE):
        assert cached == paid
        assert settlement == ("paid" if owed == paid else "part" if paid else "due")
    for amount, allocated in rows(PAYMENTS):
        assert allocated <= amount if amount >= 0 else allocated >= amount


def documents(desk: Desk, chance: random.Random) -> list[Document]:
    found = []
    for number in range(5):
        lines = [
            {
                "type": "item",
                "label": f"L{rate}",
                "quantity": "1",
                "unit_price": f"{chance.randint(1, 99_999)}.{chance.randint(0, 99):02d}",
                "vat_rate": rate,
            }
            for rate in chance.sample(["20", "10", "5.5", "2.1"], chance.randint(1, 4))
        ]
        draft = desk.make("invoice", *lines, customer=("MARTIN", "DURAND")[number % 2])
        made = desk.print(validating.validate(desk.context, draft.id))
        found.append(made)
        if number < 2:
            takes = {made.lines[0].uid: 10_000}
            note = credit_notes.credit(desk.context, made.id, takes, goods=False)
            found.append(desk.print(validating.validate(desk.context, note.id)))
    return found


def gesture(desk: Desk, chance: random.Random, several: list[Document]) -> None:
    one = chance.choice(several)
    party = one.number("party_id")
    left = payments.left(desk.context, [one.id])[one.id]
    ids = [row[0] for row in desk.context.database.rows("SELECT id FROM payment")]
    what = chance.randrange(7)
    if what < 2:
        amount = chance.choice((left, left // 2, left // 3 + 1, left + 500, -left)) or 1
        early = chance.choice((0, 0, abs(left) // 50))
        entry = Entry(amount, "VIR", documents=(one.id,), discount=early)
        payments.record(desk.context, entry)
    elif what == 2:
        amount = chance.choice((-100, 12_345, 1_000_000))
        payments.record(desk.context, Entry(amount, "CHQ", party_id=party))
    elif what == 3:
        payments.offset(desk.context, one.id, [chance.choice(several).id])
    elif ids and what == 4:
        payments.allocate(desk.context, chance.choice(ids), [one.id])
    elif ids and what == 5:
        payments.release(desk.context, chance.choice(ids), one.id)
    elif ids:
        payments.reverse(desk.context, chance.choice(ids), "essai")


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))]
)
def test_no_order_of_gestures_pays_more_than_is_owed(
    context: Any, tmp_path: Path, seed: int
) -> None:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.customer("DURAND")
    chance = random.Random(seed)
    several = documents(desk, chance)
    done = 0
    for _ in range(45):
        try:
            gesture(desk, chance, several)
            done += 1
        except Refused as error:
            assert error.problems[0].code.partition(".")[0] != "constraint", error.problems
        check(desk)
    assert done > 10
    kept = "SELECT id FROM payment p WHERE kind <> 'reversal' AND NOT EXISTS "
    for (payment_id,) in context.database.rows(
        f"{kept}(SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY id DESC"
    ):
        payments.reverse(context, payment_id, "tout")
    check(desk)
    assert context.database.value("SELECT SUM(ABS(paid)) FROM receivable") == 0
    assert context.database.value("SELECT SUM(amount) FROM payment") == 0
    assert payments.credit_of(context, several[0].number("party_id")) == 0
    assert list(chain_links.verify(context, "payments")) == []
