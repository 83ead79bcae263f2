"""When subscriptions fall due, and what their prices become."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.dates import FIRST, LAST
from codial_tui.domain.document import Deduction, Document, Line
from codial_tui.domain.invoicing.subscriptions import (
    MOST,
    Revision,
    Rhythm,
    anchored,
    due_days,
    following,
    repriced,
    subject,
    unfit,
)
from codial_tui.domain.money import SCALE6

MONTHLY_31 = Rhythm(1, "month", 31)
days = st.dates(FIRST, LAST)
rhythms = st.builds(
    Rhythm, st.integers(1, 400), st.sampled_from(("month", "day")), st.integers(1, 31)
)


def written(found: list[date]) -> list[str]:
    return [one.strftime("%d/%m/%y") for one in found]


def test_over_a_leap_february_the_day_comes_back() -> None:
    found = due_days(date(2028, 1, 31), MONTHLY_31, date(2028, 6, 30))
    assert written(found) == [
        "31/01/28",
        "29/02/28",
        "31/03/28",
        "30/04/28",
        "31/05/28",
        "30/06/28",
    ]
    common = due_days(date(2027, 1, 31), MONTHLY_31, date(2027, 3, 31))
    assert written(common) == ["31/01/27", "28/02/27", "31/03/27"]
    thirty = due_days(date(2028, 1, 30), Rhythm(1, "month", 30), date(2028, 3, 31))
    assert written(thirty) == ["30/01/28", "29/02/28", "30/03/28"]
    yearly = due_days(date(2028, 2, 29), Rhythm(12, "month", 29), date(2032, 12, 31))
    assert written(yearly) == ["29/02/28", "28/02/29", "28/02/30", "28/02/31", "29/02/32"]


def test_days_are_counted_through_february() -> None:
    found = due_days(date(2028, 2, 1), Rhythm(30, "day"), date(2028, 4, 30))
    assert written(found) == ["01/02/28", "02/03/28", "01/04/28"]


def test_the_stop_date_is_the_last_day_that_counts() -> None:
    quarterly = Rhythm(3, "month", 15)
    first, until = date(2026, 1, 15), date(2030, 1, 1)
    assert len(due_days(first, quarterly, until, date(2026, 7, 15))) == 3
    assert len(due_days(first, quarterly, until, date(2026, 7, 14))) == 2
    assert due_days(first, quarterly, until, date(2026, 1, 14)) == []
    assert due_days(first, quarterly, date(2026, 1, 14)) == []


def test_years_that_were_missed_come_in_parts() -> None:
    found = due_days(date(2001, 1, 1), Rhythm(1, "day"), date(2026, 1, 1))
    assert len(found) == MOST and found[-1] == date(2002, 1, 1)


def test_a_chosen_day_becomes_the_anchor_unless_the_month_cut_it() -> None:
    assert anchored(date(2027, 2, 28), 31) == 31
    assert anchored(date(2027, 2, 27), 31) == 27
    assert anchored(date(2027, 4, 30), 31) == 31
    assert anchored(date(2027, 5, 30), 31) == 30


@given(days, rhythms)
def test_the_next_day_is_later_and_on_the_anchor(day: date, rhythm: Rhythm) -> None:
    found = following(day, rhythm)
    assert found > day
    if rhythm.unit == "day":
        assert found == min(day + timedelta(days=rhythm.every), LAST + timedelta(days=1))
    elif found <= LAST:
        months = (found.year - day.year) * 12 + found.month - day.month
        assert months == rhythm.every
        assert found.day == rhythm.anchor or (found + timedelta(days=1)).day == 1
    assert found <= LAST + timedelta(days=1)


@given(days, rhythms, days)
def test_due_days_have_no_gap_and_no_overlap(first: date, rhythm: Rhythm, until: date) -> None:
    found = due_days(first, rhythm, until)
    assert all(first <= one <= until for one in found)
    assert all(following(one, rhythm) == other for one, other in pairwise(found))


def test_what_the_invoice_says() -> None:
    said = subject("Maintenance", date(2028, 1, 31), MONTHLY_31)
    assert said == "Maintenance, du 31/01/28 au 28/02/28"
    assert subject("", date(2028, 2, 29), MONTHLY_31) == "Abonnement du 29/02/28 au 30/03/28"
    assert len(subject("x" * 500, date(2028, 2, 29), MONTHLY_31)) <= 160


def test_a_revision_holds_from_its_day_on() -> None:
    typed = Revision("coefficient", coefficient=1_021_500, since="2027-01-01")
    assert [typed.on(day) for day in ("2026-12-31", "2027-01-01")] == [SCALE6, 1_021_500]
    index = Revision("index", base=118_400_000, now=121_700_000)
    assert index.on("2026-01-01") == 1_027_872  # 121.7 ÷ 118.4
    assert Revision(coefficient=2 * SCALE6).on("2026-01-01") == SCALE6


def test_prices_follow_the_index_and_costs_do_not() -> None:
    line = Line("a", quantity=10_000, unit_price=1_000_000, amount=10_000, purchase_price=500_000)
    line.eco_contribution = 12
    new = repriced(line, 1_021_500, SCALE6, 2)
    assert (new.unit_price, new.amount, new.purchase_price) == (1_021_500, 10_215, 500_000)
    assert new.eco_contribution == 12
    assert repriced(new, 1_021_500, 1_021_500, 2) is new
    assert repriced(new, SCALE6, 1_021_500, 2).unit_price == 1_000_000
    third = repriced(Line("b", unit_price=100_000), 1, 3, 2)
    assert third.unit_price == 33_300  # 3.33: at the decimals of the document


def model(**header: str | int | None) -> Document:
    line = Line("a", quantity=10_000, unit_price=100_000, amount=1_000)
    return Document(1, "u", "invoice", {"party_id": 1, "number": "FA26-00001", **header}, [line])


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (model(), ""),
        (model(is_credit=1), "model.credit"),
        (model(nature="deposit"), "model.nature"),
        (model(nature="progress"), "model.nature"),
        (model(party_id=None), "model.party"),
        (Document(1, "u", "quote", {}), "model.kind"),
        (Document(1, "u", "invoice", {"party_id": 1}), "model.empty"),
        (Document(1, "u", "invoice", {"party_id": 1}, [Line("a", tag="option")]), "model.empty"),
    ],
)
def test_what_can_be_a_model(document: Document, code: str) -> None:
    assert [one.code for one in unfit(document)] == ([code] if code else [])


def test_what_belongs_to_one_order_is_no_model() -> None:
    kept = model()
    kept.deductions = [Deduction("d")]
    assert [one.code for one in unfit(kept)] == ["model.deductions"]
    deducting = model()
    deducting.lines[0].nature = "deposit"
    assert [one.code for one in unfit(deducting)] == ["model.deposit"]
