"""Deposits, what deducts them and their credit notes, held to the official rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.exchange import schematron
from codial_tui.services.context import Context
from codial_tui.services.invoicing import einvoices, validating
from codial_tui.services.invoicing.credit_notes import credit
from codial_tui.services.invoicing.deposit_issue import Ask, issue, proposed

pytestmark = pytest.mark.skipif(
    not schematron.is_installed(), reason="extra `validation` is not installed"
)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["net", "gross"])
def test_the_official_rules_find_nothing(context: Context, tmp_path: Path, mode: str) -> None:
    """Odd cents, two rates, a footer discount, a retention; in HT and in TTC."""
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN", siren="732829320")
    line = {"type": "item", "quantity": "10"}
    order = desk.make(
        "order",
        {**line, "label": "A", "unit_price": "100.01", "vat_rate": "20"},
        {**line, "label": "B", "unit_price": "50.03", "vat_rate": "10"},
        price_mode=mode,
        adjustments=[{"type": "discount", "percent": "3.3"}],
    )

    def right(document: Document) -> Document:
        assert validating.problems(context, document) == []
        assert einvoices.official_problems(context, document) == []
        return document

    ask = Ask("receipt", amount=50_001)
    right(proposed(context, order.id, ask))
    deposit = issue(context, order.id, ask)
    first = right(desk.move(order, "invoice", {0: "2"}))
    assert first.uses and first.header["gross_total"] == 0
    first = validating.validate(context, first.id)
    last = validating.validate(context, right(desk.move(order, "invoice")).id)
    part = right(credit(context, last.id, {last.lines[0].uid: 10_000}))
    validating.validate(context, part.id)
    for source in (last, first):
        validating.validate(context, right(credit(context, source.id)).id)
    right(credit(context, deposit.id))
