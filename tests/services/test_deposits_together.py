"""Whatever the order, its deposits and its invoices: nothing is deducted twice, all of it once."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.money import percent_of
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.invoicing import deposit_facts, deposit_issue, validating
from codial_tui.services.invoicing.deposit_issue import Ask
from codial_tui.services.law import verification

RATES = ("20", "10", "5.5", "0")


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    made = Desk(context, tmp_path)
    made.customer("MARTIN")
    return made


@st.composite
def stories(draw: st.DrawFn) -> dict[str, object]:
    lines = draw(
        st.lists(
            st.tuples(st.integers(1, 9), st.integers(1, 99_999), st.sampled_from(RATES)),
            min_size=1,
            max_size=4,
        )
    )
    return {
        "lines": lines,
        "mode": draw(st.sampled_from(["net", "gross"])),
        "deposits": draw(st.lists(st.integers(1, 100), max_size=3)),
        "shares": draw(st.lists(st.integers(1, 9), max_size=3)),
        "discount": draw(st.sampled_from([None, "3", "33.33"])),
    }


def check(document: Document) -> dict[tuple[str, int], int]:
    """HT by VAT key of the invoice's works and deductions."""
    found: dict[tuple[str, int], int] = {}
    for row in totals(document).vat:
        found[row.category, row.rate] = row.base
        if document.text("price_mode") == "net":
            assert row.amount == percent_of(row.base, row.rate)
        assert row.base >= 0
    return found


@pytest.mark.long
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stories())
def test_all_that_was_asked_is_deducted_once_all_is_billed(
    desk: Desk, story: dict[str, object]
) -> None:
    context = desk.context
    lines = [
        {
            "type": "item",
            "label": f"L{n}",
            "quantity": str(quantity),
            "unit_price": f"{cents / 100:.2f}",
            "vat_rate": rate,
        }
        for n, (quantity, cents, rate) in enumerate(story["lines"])  # type: ignore[arg-type]
    ]
    discount = story["discount"]
    adjustments = [{"type": "discount", "percent": discount}] if discount else []
    order = desk.make("order", *lines, price_mode=story["mode"], adjustments=adjustments)
    asked = []
    for percent in story["deposits"]:  # type: ignore[attr-defined]
        try:
            ask = Ask("receipt", percent=percent * 10_000)
            asked.append(deposit_issue.issue(context, order.id, ask))
        except Refused as error:
            assert error.problems[0].code in ("deposit.too_much", "deposit.nothing")
    invoices = []
    for share in story["shares"]:  # type: ignore[attr-defined]
        takes = {0: str(min(share, int(lines[0]["quantity"])))}
        try:
            invoices.append(desk.move(order, "invoice", takes))
        except Refused as error:
            assert error.problems[0].code == "quantity.left"
    try:
        invoices.append(desk.move(order, "invoice"))
    except Refused as error:
        assert error.problems[0].code in ("quantity.left", "transfer.nothing")
    done = [validating.validate(context, one.id) for one in invoices]
    nets: dict[tuple[str, int], int] = {}
    for invoice in done:
        assert totals(invoice).gross >= 0
        for key, net in check(invoice).items():
            nets[key] = nets.get(key, 0) + net
    used: dict[tuple[int, str, int], int] = {}
    for invoice in done:
        for use in invoice.uses:
            place = (use.deposit_id, use.vat_category, use.vat_rate)
            used[place] = used.get(place, 0) + use.amount
    parts = context.database.rows(
        "SELECT p.deposit_id, p.vat_category, p.vat_rate, p.amount, p.used FROM deposit_part p "
        "JOIN deposit d ON d.id = p.deposit_id WHERE d.order_id = ?",
        (order.id,),
    )
    for deposit, category, rate, amount, taken in parts:
        assert taken == used.get((deposit, category, rate), 0) <= amount
        assert amount - taken <= len(done)  # cents: a part of a TTC is not always a part of an HT
    for one in deposit_facts.of_order(context, order.id):
        assert one.left <= 2 * len(done) and one.paid == one.asked
    for deposit in asked:
        for row in totals(deposit).vat:
            nets[row.category, row.rate] = nets.get((row.category, row.rate), 0) + row.base
    cents = len(done) + len(asked)
    for row in totals(order).vat:
        assert abs(nets[row.category, row.rate] - row.base) <= cents
    vat = sum(totals(one).vat_total for one in (*done, *asked))
    assert abs(vat - totals(order).vat_total) <= cents * len(RATES)
    assert verification.verify(context)[1] == []


@pytest.mark.both
def test_an_order_in_ttc(desk: Desk) -> None:
    """Amounts are counted TTC there: 119.90 TTC less 60.00 leaves 59.90."""
    order = desk.make("order", ("Table", 1, "119.90"), price_mode="gross")
    issued = deposit_issue.issue(desk.context, order.id, Ask("receipt", amount=6_000))
    assert [(row.base, row.amount) for row in totals(issued).vat] == [(5_000, 1_000)]
    final = desk.move(order, "invoice")
    found = totals(final)
    assert (found.gross, found.net, found.vat_total) == (5_990, 4_992, 998)
    assert [(one.amount, one.net, one.vat) for one in final.uses] == [(6_000, 5_000, 1_000)]
    done = validating.validate(desk.context, final.id)
    assert totals(done).vat_total + totals(issued).vat_total == 1_998
