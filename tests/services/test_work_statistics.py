"""Time and amounts of work orders, to the minute and to the cent, along every axis."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from codial_tui.cli import verb
from codial_tui.domain.changes import insert
from codial_tui.domain.document import Adjustment, Line, Visit
from codial_tui.services.chain import transfers
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.maintenance import closing, statistics
from codial_tui.services.records import parties

MORNING = ("2026-11-09T07:00:00Z", "2026-11-09T07:35:00Z", "2026-11-09T10:05:00Z")
BACK = "2026-11-09T10:45:00Z"
ADDRESS = {"street": "1 rue X", "postcode": "69001", "city": "LYON", "is_consumer": 1}


def visit(context: Context, user: int | None, name: str) -> Visit:
    return Visit(context.uid(), user, name, *MORNING, BACK)


def line(context: Context, billing_class: str, price: int, covered: str = "") -> Line:
    found = Line(context.uid(), label=billing_class, quantity=1_0000, unit_price=price)
    found.billing_class, found.covered = billing_class, covered
    found.amount = found.net_amount = 0 if covered else price // 100
    return found


def work(context: Context, party: int, lines: list[Line], visits: list[Visit], **own: Any) -> int:
    document = documents.blank(context, "work_order", party)
    document.lines, document.visits = lines, visits
    document.header.update(own)
    return documents.insert(context, document)


def billed(context: Context, work_order: int, takes: dict[str, int] | None = None) -> int:
    """Its provisional invoice. takes: quantities by line uid, all without."""
    state = context.database.value("SELECT state FROM document WHERE id = ?", (work_order,))
    if state == "open":
        closing.close(context, work_order)
    parts = {work_order: takes} if takes else {}
    request = transfers.Request((work_order,), "invoice", takes=parts)
    return transfers.transfer(context, request).target_id


@pytest.fixture
def day(context: Context) -> Context:
    """Three work orders: one invoiced, by two technicians; one under warranty; one to bill."""
    lebrun = parties.create(context, {"name": "LEBRUN", "is_customer": 1, **ADDRESS})
    other = parties.create(context, {"name": "TILLEULS", "is_customer": 1})
    me = context.user.id
    both = [visit(context, me, "Claire"), visit(context, None, "Paul (intérim)")]
    labour, travel = line(context, "labour", 100_0100), line(context, "travel", 40_0000)
    billed(context, work(context, lebrun, [labour, travel], both))
    free = [line(context, "labour", 90_0000, "warranty"), line(context, "article", 96_0000)]
    work(context, other, free, [visit(context, me, "Claire")])
    due = [line(context, "labour", 50_0000), line(context, "travel", 20_0000, "offered")]
    work(context, other, due, [visit(context, me, "Claire")])
    return context


def rows(context: Context, axis: str, *period: date) -> dict[str, tuple[Any, ...]]:
    first, last = period or (context.today.replace(day=1), context.today)
    found = statistics.by(context, axis, first, last)
    return {str(row[1]): tuple(row[2:]) for row in found.rows}


@pytest.mark.both
def test_by_technician(day: Context) -> None:
    found = rows(day, "technician")
    # three times 75 minutes of travel and 150 of work; billed: labour and travel of the first
    assert found["Claire"] == (
        *(3, 225, 450),
        *(225, 150, 300),
        *(Decimal("70.01"), Decimal("146.00"), Decimal("110.00")),
    )
    assert found["Paul (intérim)"] == (1, 75, 150, 225, 0, 0, Decimal("70.00"), 0, 0)
    assert found["TOTAL"] == (
        *(3, 300, 600, 450, 150, 300),
        *(Decimal("140.01"), Decimal("146.00"), Decimal("110.00")),
    )


def test_by_customer_machine_contract_and_month(day: Context) -> None:
    found = rows(day, "customer")
    assert found["LEBRUN"][:6] == (1, 150, 300, 450, 0, 0)
    assert found["TILLEULS"][:6] == (2, 150, 300, 0, 150, 300)
    for axis, only in (("equipment", "Sans machine"), ("contract", "Hors contrat")):
        assert rows(day, axis)[only] == rows(day, axis)["TOTAL"] == rows(day, "customer")["TOTAL"]
    (month, total) = rows(day, "month")
    assert (month, total) == (f"{day.today:%m/%Y}", "TOTAL")


def test_nothing_in_a_period_is_no_row(context: Context) -> None:
    assert rows(context, "technician") == {}


@pytest.fixture
def mixed(context: Context) -> tuple[Context, int, list[Line]]:
    """One work order: a part at 16,90, three hours at 40,00 and one at 10,00, a trip at 20,00;
    75 minutes of travel and 150 of work."""
    party = parties.create(context, {"name": "ROUX", "is_customer": 1, **ADDRESS})
    lines = [
        *(line(context, "article", 16_9000), line(context, "labour", 40_0000)),
        *(line(context, "labour", 10_0000), line(context, "travel", 20_0000)),
    ]
    lines[1].quantity, lines[1].amount, lines[1].net_amount = 3_0000, 120_00, 120_00
    return context, work(context, party, lines, [visit(context, None, "Paul")]), lines


def euros(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


@pytest.mark.both
def test_only_lines_that_were_invoiced_are_billed(mixed: tuple[Context, int, list[Line]]) -> None:
    context, made, (article, hours, _, _) = mixed
    # a part only: not a minute of it is billed
    billed(context, made, {article.uid: 1_0000})
    assert rows(context, "customer")["ROUX"] == (1, 75, 150, 0, 225, 0, *euros("16.90", "150", "0"))
    # one of three hours: 40,00 of 130,00 of labour, 46 of 150 minutes
    billed(context, made, {hours.uid: 1_0000})
    assert rows(context, "customer")["ROUX"] == (
        *(1, 75, 150, 46, 179, 0),
        *euros("56.90", "110", "0"),
    )
    billed(context, made)
    for axis in ("customer", "technician"):
        assert rows(context, axis)["TOTAL"] == (1, 75, 150, 225, 0, 0, *euros("166.90", "0", "0"))


@pytest.mark.both
def test_what_is_credited_is_no_longer_billed(mixed: tuple[Context, int, list[Line]]) -> None:
    context, made, _ = mixed
    invoice = validating.validate(context, billed(context, made))
    uid = next(one.uid for one in invoice.lines if one.quantity == 3_0000)
    credit_notes.credit(context, invoice.id, {uid: 1_0000}, goods=False)
    # 40,00 of 130,00 of labour: 46 of 150 minutes; no other invoice takes them
    assert rows(context, "customer")["ROUX"] == (
        *(1, 75, 150, 179, 0, 46),
        *euros("126.90", "0", "0"),
    )
    note = credit_notes.credit(context, invoice.id, goods=False)
    validating.validate(context, note.id)
    assert rows(context, "customer")["ROUX"] == (1, 75, 150, 0, 0, 225, *euros("0", "0", "0"))


def test_a_footer_is_billed_as_the_lines_and_a_dropped_one_is_not(
    mixed: tuple[Context, int, list[Line]],
) -> None:
    context, made, (article, *_) = mixed
    with context.database.write():  # 10 % less
        context.database.update("document", made, {"net_total": 150_21})
    billed(context, made, {article.uid: 1_0000})
    assert rows(context, "customer")["ROUX"][6:] == euros("15.21", "135", "0")
    other = parties.create(context, {"name": "BLANC", "is_customer": 1})
    lines = [line(context, "labour", 50_0000)]
    gone = work(context, other, lines, [visit(context, None, "Paul")])
    closing.drop(context, gone)
    assert rows(context, "customer")["BLANC"] == (1, 75, 150, 0, 0, 225, 0, 0, 0)


@pytest.mark.both
def test_a_footer_goes_as_invoices_take_it(mixed: tuple[Context, int, list[Line]]) -> None:
    """Fees go whole with the first, discounts as the lines."""
    context, made, (article, hours, *_) = mixed
    editor = Editor(context, made)
    fee, less = (
        Adjustment(context.uid(), "shipping", amount=12_00),
        Adjustment(context.uid(), "discount", amount=10_00),
    )
    editor.commit([insert(fee), insert(less)], "Pied")
    editor.close()
    assert documents_net(context, made) == 168_90
    first = validating.validate(context, billed(context, made, {article.uid: 1_0000}))
    assert first.number("net_total") == 27_89  # 16,90 + 12,00 − 1,01
    assert rows(context, "customer")["ROUX"][6:] == euros("27.89", "141.01", "0")
    second = validating.validate(context, billed(context, made, {hours.uid: 1_0000}))
    last = validating.validate(context, billed(context, made))
    nets = [one.number("net_total") for one in (first, second, last)]
    assert sum(nets) == 168_90
    assert rows(context, "customer")["ROUX"][6:] == euros("168.90", "0", "0")
    (uid,) = [one.uid for one in second.lines if one.quantity == 1_0000 and one.is_priced]
    credit_notes.credit(context, second.id, {uid: 5000}, goods=False)
    note = int(context.database.value("SELECT MAX(id) FROM document", ()))
    assert rows(context, "customer")["ROUX"][6] * 100 == 168_90 + documents_net(context, note)
    credit_notes.credit(context, first.id, goods=False)
    assert rows(context, "customer")["ROUX"][6] * 100 == (
        168_90 + documents_net(context, note) + documents_net(context, note + 1)
    )


def documents_net(context: Context, document_id: int) -> int:
    sql = "SELECT net_total FROM document WHERE id = ?"
    return int(context.database.value(sql, (document_id,)))


OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.both
def test_time_belongs_to_the_day_it_was_worked(context: Context) -> None:
    party = parties.create(context, {"name": "ROUX", "is_customer": 1})
    # in Paris the first visit begins on 1 October at 00:30, the second on 9 November
    night = ("2026-09-30T22:30:00Z", "2026-09-30T22:40:00Z", "2026-09-30T23:40:00Z")
    visits = [Visit(context.uid(), None, "Paul", *night), visit(context, None, "Claire")]
    work(context, party, [line(context, "labour", 130_0000)], visits, date="2026-11-23")
    assert rows(context, "month", date(2026, 1, 1), date(2026, 12, 31)) == {
        # amounts: on the day of the first visit
        "10/2026": (1, 10, 60, 0, 60, 10, *euros("0", "130", "0")),
        "11/2026": (1, 75, 150, 0, 150, 75, *euros("0", "0", "0")),
        "TOTAL": (1, 85, 210, 0, 210, 85, *euros("0", "130", "0")),
    }
    # amounts go by all the minutes: 70 and 225 of 295
    assert rows(context, "technician", *OCTOBER) == {
        "Paul": (1, 10, 60, 0, 60, 10, *euros("0", "30.85", "0")),
        "Claire": (1, 0, 0, 0, 0, 0, *euros("0", "99.15", "0")),
        "TOTAL": (1, 10, 60, 0, 60, 10, *euros("0", "130", "0")),
    }
    assert rows(context, "month", date(2026, 9, 1), date(2026, 9, 30)) == {}


def test_without_a_visit_a_work_order_is_of_its_planned_day(context: Context) -> None:
    party = parties.create(context, {"name": "ROUX", "is_customer": 1})
    work(context, party, [line(context, "labour", 130_0000)], [], planned_date="2026-10-31")
    work(context, party, [line(context, "labour", 20_0000)], [], date="2026-10-30")
    found = rows(context, "month", *OCTOBER)
    assert found["10/2026"] == (2, 0, 0, 0, 0, 0, *euros("0", "150", "0"))


def test_headings_keep_their_points_on_the_command_line(
    mixed: tuple[Context, int, list[Line]], capsys: pytest.CaptureFixture[str]
) -> None:
    context, made, (article, *_) = mixed
    billed(context, made, {article.uid: 1_0000})
    found = statistics.by(context, "customer", date(2026, 11, 1), date(2026, 11, 30))
    verb.say_report(argparse.Namespace(output=None, json=False), found)
    heading, row, _ = capsys.readouterr().out.splitlines()
    assert "À fact. min  Non fact. min  Facturé HT  À fact. HT  Offert HT" in heading
    assert row.split()[-4:] == ["0", "16,90", "150,00", "0,00"]
