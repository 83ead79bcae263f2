"""Over the credit limit: a warning before the transfer, of what is owed, not of what was paid."""

from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.services.chain import transfer_targets
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfer_plan import plan
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.payments import payments
from codial_tui.services.payments.payments import Entry

pytestmark = pytest.mark.both


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.item("TUBE", stock_managed=0)
    desk.customer("MARTIN", credit_limit=10_000)
    return desk


def said(desk: Desk, order: Document, into: int | None = None) -> list[str]:
    made = plan(desk.context, Request((order.id,), "invoice", into))
    return transfer_targets.warnings(desk.context, made)


def test_what_was_paid_is_no_longer_owed(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 5))  # 60,00 TTC
    assert said(desk, order) == []
    draft = desk.make("invoice", ("TUBE", 4))
    over = ["Encours 108,00 au-dessus du plafond 100,00"]
    assert said(desk, order) == over  # provisional ones count
    invoice = desk.print(validating.validate(desk.context, draft.id))
    assert said(desk, order) == over
    party = invoice.number("party_id")
    payments.record(desk.context, Entry(800, "CHQ", documents=(invoice.id,)))
    assert said(desk, order) == []
    payments.record(desk.context, Entry(4_000, "CHQ", documents=(invoice.id,)))
    again = desk.make("invoice", ("TUBE", 4))
    assert said(desk, order) == over
    payments.record(desk.context, Entry(800, "CHQ", party_id=party))  # in advance
    assert said(desk, order) == []
    assert said(desk, order, again.id) == []
    assert said(desk, desk.make("order", ("TUBE", 5)), again.id) == []


def test_the_payer_is_the_one_who_owes(desk: Desk) -> None:
    """`invoice_party` is the buyer billed: its limit counts (domain.md §1)."""
    payer = desk.customer("HOLDING", credit_limit=1_000)
    order = desk.set(desk.make("order", ("TUBE", 5)), invoice_party_id=payer)
    assert said(desk, order) == ["Encours 60,00 au-dessus du plafond 10,00"]
