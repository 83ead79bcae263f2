"""Closings, the key that signs them and the signed count kept beside it."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.bootstrap import start
from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.law import (
    chain_links,
    closings,
    events,
    signed_count,
    signing,
    verification,
)

DAY = "2026-11-{:02}"


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    return desk


def invoice(desk: Desk, day: str, price: str = "100", quantity: int = 1) -> Document:
    return desk.make("invoice", ("Pose", quantity, price), date=day)


def validate(desk: Desk, *days: str) -> list[Document]:
    return [validating.validate(desk.context, invoice(desk, day).id) for day in days]


def at(desk: Desk, day: str, hour: int = 11) -> None:
    moment = datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
    desk.context.clock = lambda: moment


def codes(run: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        run()
    return [one.code for one in refused.value.problems]


def wrong(desk: Desk) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in verification.verify(desk.context)[1]]


@pytest.mark.both
def test_days_months_and_years_are_closed_in_order(desk: Desk) -> None:
    at(desk, "2026-01-05")
    validate(desk, "2025-12-30", "2025-12-31", "2026-01-02", "2026-01-05")
    assert closings.waiting(desk.context) == ["2025-12-30", "2025-12-31", "2026-01-02"]
    made = closings.run(desk.context)
    assert [(one.kind, one.period) for one in made] == [
        ("day", "2025-12-30"),
        ("day", "2025-12-31"),
        ("month", "2025-12"),
        ("year", "2025"),
        ("day", "2026-01-02"),
    ]
    assert made == closings.listed(desk.context)
    year, last = made[3].body, made[4].body
    assert year["invoices"] == {
        "count": 2,
        "first": "FA25-00001",
        "last": "FA25-00002",
        "net": 20_000,
        "vat": 4_000,
        "gross": 24_000,
        "absolute": 24_000,
    }
    assert year["vat"] == [{"amount": 4_000, "base": 20_000, "category": "S", "rate": 200_000}]
    assert last["invoices"]["count"] == 1 and last["invoices"]["first"] == "FA26-00001"
    assert last["perpetual"] == {
        "invoices": 3,
        "net": 30_000,
        "vat": 6_000,
        "gross": 36_000,
        "absolute": 36_000,
        "receipts": 0,
    }
    assert closings.run(desk.context) == [] and closings.waiting(desk.context) == []
    assert wrong(desk) == []


def test_a_credit_note_lowers_the_total_and_not_the_absolute_one(desk: Desk) -> None:
    at(desk, DAY.format(21))
    [one] = validate(desk, DAY.format(20))
    credit = invoice(desk, DAY.format(20), "40", -1)
    with desk.context.database.write():
        named = {"type": "corrected", "number": one.ref, "date": DAY.format(20)}
        named |= {"uid": desk.context.uid(), "document_id": credit.id, "referenced_id": one.id}
        desk.context.database.insert("invoice_reference", named)
    validating.validate(desk.context, credit.id)
    [day] = closings.run(desk.context)
    said = day.body["invoices"]
    assert (said["count"], said["gross"], said["absolute"]) == (2, 7_200, 16_800)


@pytest.mark.both
def test_nothing_comes_into_a_closed_day(desk: Desk) -> None:
    validate(desk, DAY.format(22))
    closings.run(desk.context, date(2026, 11, 22))
    late = invoice(desk, DAY.format(22))
    with pytest.raises(Refused) as refused:
        validating.validate(desk.context, late.id)
    [problem] = refused.value.problems
    assert (problem.code, problem.field) == ("date.closed", "date")
    assert problem.text == "Le 22/11/26 est clôturé · dès le 23/11/26"
    at(desk, DAY.format(23))
    validate(desk, DAY.format(23))
    assert wrong(desk) == []


def test_a_closed_month_covers_its_empty_days(desk: Desk) -> None:
    at(desk, "2026-11-03")
    validate(desk, "2026-10-05")
    closings.run(desk.context)
    assert closings.closed_until(desk.context) == "2026-10-31"
    assert codes(lambda: validate(desk, "2026-10-30")) == ["date.closed"]


def test_a_day_to_come_is_not_closed(desk: Desk) -> None:
    assert codes(lambda: closings.run(desk.context, date(2026, 11, 23))) == ["closing.future"]
    assert closings.run(desk.context) == []


def test_payments_go_to_the_day_they_were_recorded_in(desk: Desk) -> None:
    def pay(mode: str, amount: int) -> None:
        with desk.context.database.write():
            body = {"mode": mode, "amount": amount}
            chain_links.append(desk.context, "payments", f"payment {desk.context.uid()}", body)

    at(desk, DAY.format(18))
    pay("CB", 5_000)
    pay("ESP", 2_000)
    at(desk, DAY.format(20))
    pay("CB", -1_000)
    one, two = closings.run(desk.context, date(2026, 11, 20))
    assert one.body["receipts"] == [
        {"amount": 5_000, "count": 1, "mode": "CB"},
        {"amount": 2_000, "count": 1, "mode": "ESP"},
    ]
    assert two.body["receipts"] == [{"amount": -1_000, "count": 1, "mode": "CB"}]
    assert two.body["perpetual"]["receipts"] == 6_000
    pay("CB", 300)  # in the evening, the day is closed: the next one has it
    assert closings.waiting(desk.context) == []
    at(desk, DAY.format(22))
    [three] = closings.run(desk.context)
    assert (three.period, three.body["perpetual"]["receipts"]) == (DAY.format(21), 6_300)


# -- the key -------------------------------------------------------------------------------------


def test_the_key_is_kept_apart_and_private(desk: Desk) -> None:
    key = signing.current(desk.context)
    assert key is not None and key.reason == "first"
    path = signing.path_of(desk.context, key.public)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    dump = "\n".join(map(str, desk.context.database.rows("SELECT * FROM signing_key")))
    assert key.public in dump and "PRIVATE" not in dump


@pytest.mark.both
def test_a_new_key_is_signed_by_the_one_before(desk: Desk) -> None:
    first = signing.current(desk.context)
    validate(desk, DAY.format(20))
    [one] = closings.run(desk.context)
    second = signing.rotate(desk.context)
    at(desk, DAY.format(24))
    validate(desk, DAY.format(23))
    [two] = closings.run(desk.context)
    assert first and (one.key_id, two.key_id) == (first.id, second.id)
    signature = desk.context.database.value(
        "SELECT signature FROM signing_key WHERE id = ?", (second.id,)
    )
    assert signing.is_signed(first.public, signature, second.public.encode())
    assert wrong(desk) == []


def test_a_lost_key_refuses_and_is_replaced_with_a_word_in_the_log(desk: Desk) -> None:
    validate(desk, DAY.format(20))
    assert codes(lambda: signing.replace(desk.context)) == ["key.there"]
    key = signing.current(desk.context)
    assert key is not None
    signing.path_of(desk.context, key.public).unlink()
    assert codes(lambda: validate(desk, DAY.format(21))) == ["key.missing"]
    assert codes(lambda: closings.run(desk.context)) == ["key.missing"]
    assert codes(lambda: signing.rotate(desk.context)) == ["key.missing"]
    new = signing.replace(desk.context)
    assert new.reason == "lost"
    newest = events.newest(desk.context, 1)[0]
    assert newest.label == "Clé de signature" and "la précédente est perdue" in newest.detail
    validate(desk, DAY.format(21))
    closings.run(desk.context)
    assert wrong(desk) == []


# -- the signed count ----------------------------------------------------------------------------


def test_the_count_follows_each_validation(desk: Desk) -> None:
    validate(desk, DAY.format(20), DAY.format(21))
    count = signed_count.read(desk.context)
    assert count is not None
    last = desk.context.database.row("SELECT position, hash FROM invoice_seal WHERE position = 2")
    assert count.heads["invoices"] == last and last is not None
    assert signing.is_signed(count.key, count.signature, count.text)
    assert signed_count.path(desk.context).stat().st_mode & 0o777 == 0o600


def test_a_refused_validation_leaves_the_count(desk: Desk) -> None:
    validate(desk, DAY.format(21))
    before = signed_count.path(desk.context).read_bytes()
    bad = desk.make("invoice", date=DAY.format(21))
    codes(lambda: validating.validate(desk.context, bad.id))
    assert signed_count.path(desk.context).read_bytes() == before


def test_a_count_that_was_touched_stops_the_counter(desk: Desk) -> None:
    validate(desk, DAY.format(20), DAY.format(21))
    path = signed_count.path(desk.context)
    good = path.read_text()
    said = json.loads(good)
    said["heads"]["invoices"][0] = 1
    for bad, code in (
        (json.dumps(said), "count.signature"),
        ("{", "count.unreadable"),
        (None, "count.missing"),
    ):
        path.unlink() if bad is None else path.write_text(bad)
        assert wrong(desk)[0][0] == code
        assert codes(lambda: validate(desk, DAY.format(21))) == [code]
    path.write_text(good)
    validate(desk, DAY.format(21))
    assert wrong(desk) == []


# -- events --------------------------------------------------------------------------------------


def test_prints_of_an_invoice_are_written_down_and_those_of_a_quote_not(desk: Desk) -> None:
    [made] = validate(desk, DAY.format(20))
    desk.print(desk.print(made))
    desk.print(desk.make("quote", ("Pose", 1, "10")))
    said = [(one.label, one.detail) for one in events.newest(desk.context, 9)][::-1]
    assert [label for label, _ in said] == [
        *("Clé de signature", "Papier gardé", "Original imprimé", "Papier gardé", "Duplicata"),
    ]
    assert said[2][1] == "FA26-00001, essai"
    assert said[4][1] == "FA26-00001, DUPLICATA 1, essai"
    assert wrong(desk) == []


def test_a_clock_set_back_is_written_down_at_the_next_start(desk: Desk, database_url: str) -> None:
    validate(desk, DAY.format(20))
    for moment, known in (("2026-11-22T11:00:00", 0), ("2026-11-21T08:00:00", 1)):
        opened = open_database(database_url, create=False)
        clock = datetime.fromisoformat(moment + "+00:00")
        one = start(opened, program="test", clock=lambda now=clock: now, login="claire")
        found = [e for e in events.newest(one, 9) if e.label == "Horloge reculée"]
        assert len(found) == known
        opened.close()
    assert found[0].detail == "2026-11-22T11:00:00.000Z, 2026-11-21T08:00:00.000Z"


def test_a_clock_set_back_while_the_program_is_open_is_written_down_too(desk: Desk) -> None:
    validate(desk, DAY.format(20))
    noon = desk.context.clock()
    desk.context.clock = lambda: noon - timedelta(hours=4)
    validate(desk, DAY.format(21))
    found = [one for one in events.newest(desk.context, 9) if one.label == "Horloge reculée"]
    assert [one.detail for one in found] == ["2026-11-22T11:00:00.000Z, 2026-11-22T07:00:00.000Z"]
