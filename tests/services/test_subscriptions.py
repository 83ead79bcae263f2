"""Subscriptions: what falls due, the invoices it makes, and what is refused."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from sessions import session

from codial_tui.domain.document import Document
from codial_tui.domain.problems import Problem
from codial_tui.errors import CodialError, Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import einvoices, subscriptions, validating
from codial_tui.services.lists import home
from codial_tui.services.records import records


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    return desk


def at(desk: Desk, day: str) -> None:
    year, month, number = map(int, day.split("-"))
    desk.context.clock = lambda: datetime(year, month, number, 11, 0, tzinfo=UTC)


def issued(desk: Desk, day: str = "2028-01-31", price: str = "100", **values: Any) -> Document:
    """A validated invoice of one line."""
    made = desk.make("invoice", ("Maintenance", 1, price), date=day, **values)
    return validating.validate(desk.context, made.id)


def subscribe(desk: Desk, model: Document, **values: Any) -> int:
    given = {"model_id": model.id, "label": "Maintenance", **values}
    return records.create(desk.context, "subscription", given)


def run(desk: Desk, until: str, **options: Any) -> list[subscriptions.Outcome]:
    wanted = subscriptions.plan(desk.context, date.fromisoformat(until))
    return list(subscriptions.run(desk.context, wanted, **options))


def stored(desk: Desk, one: int, name: str) -> Any:
    return desk.context.database.value(f"SELECT {name} FROM subscription WHERE id = ?", (one,))


@pytest.mark.both
def test_a_year_over_a_leap_february(desk: Desk) -> None:
    at(desk, "2028-01-31")
    one = subscribe(desk, issued(desk))
    assert (stored(desk, one, "next_date"), stored(desk, one, "anchor_day")) == ("2028-02-29", 31)
    made = []
    for today in ("2028-02-28", "2028-02-29", "2028-03-30", "2028-03-31", "2028-04-30"):
        at(desk, today)
        for outcome in run(desk, today, validate=True):
            assert not outcome.refusal
            document = desk.load(outcome.document_id or 0)
            made.append((document.text("date"), document.text("subject"), document.ref))
    assert made == [
        ("2028-02-29", "Maintenance, du 29/02/28 au 30/03/28", "FA28-00002"),
        ("2028-03-31", "Maintenance, du 31/03/28 au 29/04/28", "FA28-00003"),
        ("2028-04-30", "Maintenance, du 30/04/28 au 30/05/28", "FA28-00004"),
    ]
    assert stored(desk, one, "next_date") == "2028-05-31"


@pytest.mark.both
def test_missed_days_make_an_invoice_each_dated_today(desk: Desk) -> None:
    at(desk, "2026-01-31")
    one = subscribe(desk, issued(desk, "2026-01-31"))
    at(desk, "2026-04-15")
    due = subscriptions.plan(desk.context, desk.context.today)
    assert [(one.day, one.model, one.net, one.reason) for one in due] == [
        ("2026-02-28", "FA26-00001", 10_000, ""),
        ("2026-03-31", "FA26-00001", 10_000, ""),
    ]
    assert home.subscriptions_due(desk.context) == 1
    outcomes = list(subscriptions.run(desk.context, due))
    found = [desk.load(one.document_id or 0) for one in outcomes]
    assert [one.text("date") for one in found] == ["2026-04-15"] * 2
    assert [one.text("subject") for one in found] == [
        "Maintenance, du 28/02/26 au 30/03/26",
        "Maintenance, du 31/03/26 au 29/04/26",
    ]
    assert [one.state for one in found] == ["provisional"] * 2
    assert stored(desk, one, "next_date") == "2026-04-30"
    assert home.subscriptions_due(desk.context) == 0
    assert run(desk, "2026-04-29") == []
    [ahead] = run(desk, "2026-04-30")  # a day to come carries its own date
    assert desk.load(ahead.document_id or 0).text("date") == "2026-04-30"


@pytest.mark.both
def test_the_last_issued_invoice_is_the_model(desk: Desk) -> None:
    at(desk, "2026-01-01")
    one = subscribe(desk, issued(desk, "2026-01-01"))
    at(desk, "2026-02-01")
    [first] = run(desk, "2026-02-01")
    draft = desk.load(first.document_id or 0)
    desk.edit(draft, 0, unit_price=1_200_000)  # a change of this month stays
    at(desk, "2026-03-01")
    [second] = subscriptions.plan(desk.context, desk.context.today)
    assert (second.model, second.net) == ("FA26-00001", 10_000)  # a draft is no model yet
    validating.validate(desk.context, draft.id)
    [second] = subscriptions.plan(desk.context, desk.context.today)
    assert (second.model, second.net) == ("FA26-00002", 12_000)
    with pytest.raises(Refused, match="La dernière facture émise est le modèle"):
        field = records.record_type("subscription").field("model_id")
        records.put(desk.context, "subscription", one, field, draft.id)


@pytest.mark.both
def test_an_index_counts_once(desk: Desk) -> None:
    at(desk, "2026-01-15")
    one = subscribe(
        desk,
        issued(desk, "2026-01-15"),
        revision="index",
        index_base=118_400_000,
        index_now=121_700_000,
        revised_from="2026-03-01",
    )
    nets = []
    for month in (2, 3, 4, 5):
        at(desk, f"2026-0{month}-15")
        if month == 5:
            desk.context.database.execute(
                "UPDATE subscription SET index_now = 118400000 WHERE id = ?", (one,)
            )
        [outcome] = run(desk, f"2026-0{month}-15", validate=True)
        nets.append(desk.load(outcome.document_id or 0).number("net_total"))
    assert nets == [10_000, 10_279, 10_279, 10_000]  # 100 × 121.7 ÷ 118.4


def test_the_customer_is_read_anew_and_the_rest_is_the_model_s(desk: Desk) -> None:
    at(desk, "2026-01-15")
    model = issued(desk, "2026-01-15", price_decimals=4)
    subscribe(desk, model)
    desk.context.database.execute(
        "UPDATE party SET name = 'MARTIN ET FILS', street = '2 rue Neuve' WHERE code = 'MARTIN'"
    )
    at(desk, "2026-02-15")
    [outcome] = run(desk, "2026-02-15")
    made = desk.load(outcome.document_id or 0)
    assert (made.text("party_name"), made.text("billing_street")) == (
        "MARTIN ET FILS",
        "2 rue Neuve",
    )
    assert made.price_decimals == 4 and made.ref == f"FA-P{made.id}"
    assert {line.uid for line in made.lines}.isdisjoint(line.uid for line in model.lines)
    log = desk.context.database.rows(
        "SELECT text FROM document_event WHERE document_id = ? AND type = 'note'", (made.id,)
    )
    assert log == [("Abonnement Maintenance, d'après FA26-00001",)]


@pytest.mark.both
def test_twice_at_once_makes_one(desk: Desk, database_url: str, back_end: str) -> None:
    at(desk, "2026-01-15")
    subscribe(desk, issued(desk, "2026-01-15"))
    at(desk, "2026-02-15")
    other = open_database(database_url, create=False)
    theirs = session(other, login="paul")
    theirs.clock = desk.context.clock
    mine = subscriptions.plan(desk.context, desk.context.today)
    same = subscriptions.plan(theirs, theirs.today)
    assert [one.day for one in mine] == [one.day for one in same] == ["2026-02-15"]
    barrier = threading.Barrier(2)
    found: list[subscriptions.Outcome] = []

    def work(context: Context, wanted: list[subscriptions.Due]) -> None:
        with context.database.thread():
            barrier.wait()
            found.extend(subscriptions.run(context, wanted))

    threads = [
        threading.Thread(target=work, args=pair) for pair in ((desk.context, mine), (theirs, same))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    made = [one.ref for one in found if one.ref]
    [refused] = [one.refusal for one in found if one.refusal]
    assert len(made) == 1
    assert refused == f"Maintenance : déjà faite, {made[0]} · regardez à nouveau"
    count = desk.context.database.value("SELECT COUNT(*) FROM document WHERE kind = 'invoice'")
    assert count == 2
    other.close()


@pytest.mark.both
def test_a_deleted_draft_gives_its_day_back(desk: Desk) -> None:
    at(desk, "2026-01-15")
    one = subscribe(desk, issued(desk, "2026-01-15"))
    at(desk, "2026-04-20")
    first, second, third = run(desk, "2026-04-20")
    documents.delete(desk.context, second.document_id or 0)
    assert stored(desk, one, "next_date") == "2026-03-15"
    assert [due.day for due in subscriptions.plan(desk.context, desk.context.today)] == [
        "2026-03-15"
    ]
    [again] = run(desk, "2026-04-20")
    assert again.ref and stored(desk, one, "next_date") == "2026-05-15"
    assert load(desk.context.database, first.document_id or 0) is not None
    assert third.due.day == "2026-04-15"


def test_making_only_a_later_day_leaves_the_earlier_one_due(desk: Desk) -> None:
    at(desk, "2026-01-15")
    one = subscribe(desk, issued(desk, "2026-01-15"))
    at(desk, "2026-03-20")
    february, march = subscriptions.plan(desk.context, desk.context.today)
    list(subscriptions.run(desk.context, [march]))
    assert stored(desk, one, "next_date") == "2026-02-15"
    assert subscriptions.plan(desk.context, desk.context.today) == [february]


def reasons(desk: Desk) -> list[str]:
    return [one.reason for one in subscriptions.plan(desk.context, desk.context.today)]


def test_what_cannot_be_copied_says_why_and_writes_nothing(desk: Desk) -> None:
    at(desk, "2026-01-15")
    draft = desk.make("invoice", ("Maintenance", 1, "100"), date="2026-01-15")
    one = subscribe(desk, draft)
    at(desk, "2026-02-15")
    assert reasons(desk) == [f"FA-P{draft.id} n'est pas validée · validez-la : F8"]
    [outcome] = run(desk, "2026-02-15")
    assert outcome.refusal == reasons(desk)[0] and outcome.document_id is None
    assert stored(desk, one, "next_date") == "2026-02-15"
    validating.validate(desk.context, draft.id)
    desk.context.database.execute("UPDATE party SET blocked = 1, blocked_reason = 'impayés'")
    assert reasons(desk) == ["Martin est bloqué (impayés) · débloquez sa fiche"]
    desk.context.database.execute("UPDATE party SET blocked = 0")
    assert reasons(desk) == [""]


def test_what_validation_refuses_stays_provisional(desk: Desk) -> None:
    at(desk, "2026-01-15")
    subscribe(desk, issued(desk, "2026-01-15"))
    at(desk, "2026-02-15")
    issued(desk, "2026-02-20")
    [outcome] = run(desk, "2026-02-15", validate=True)
    said = "reste provisoire : Date 15/02/26, avant celle de FA26-00002"
    assert outcome.refusal == f"{said} · au plus tôt le 20/02/26"
    assert desk.load(outcome.document_id or 0).state == "provisional"


@pytest.mark.long
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"model_id": 0}, "model_id"),
        ({"model_id": 999}, "model_id"),
        ({"every": 0}, "every"),
        ({"every": 99_999}, "every"),
        ({"coefficient": -1}, "coefficient"),
        ({"index_base": 10**15}, "index_base"),
        ({"coefficient": 0}, "coefficient"),
        ({"next_date": "1850-01-01"}, "next_date"),
        ({"next_date": "2026-01-14"}, "next_date"),
        ({"stop_date": "2026-02-14"}, "stop_date"),
    ],
)
def test_what_is_typed_wrong_names_its_field(
    desk: Desk, values: dict[str, Any], field: str
) -> None:
    model = issued(desk, "2026-01-15")
    with pytest.raises(CodialError) as caught:
        subscribe(desk, model, **values)
    assert isinstance(caught.value, Refused) and caught.value.problems[0].field == field


def test_a_chosen_date_becomes_the_anchor(desk: Desk) -> None:
    one = subscribe(desk, issued(desk, "2026-01-31"))
    record = records.record_type("subscription")
    records.put(desk.context, "subscription", one, record.field("next_date"), "2026-04-30")
    assert stored(desk, one, "anchor_day") == 31
    records.put(desk.context, "subscription", one, record.field("next_date"), "2026-05-10")
    assert stored(desk, one, "anchor_day") == 10
    with pytest.raises(Refused, match="ne va pas avec la prochaine date"):
        records.put(desk.context, "subscription", one, record.field("anchor_day"), 31)
    records.put(desk.context, "subscription", one, record.field("active"), 0)
    at(desk, "2027-01-01")
    assert subscriptions.plan(desk.context, desk.context.today) == []


def test_no_number_for_a_day_to_come(desk: Desk) -> None:
    at(desk, "2026-01-15")
    subscribe(desk, issued(desk, "2026-01-15"))
    [ahead] = run(desk, "2026-02-15", validate=True)
    assert ahead.refusal == "reste provisoire : sa date est à venir · validez-la ce jour-là"
    assert desk.load(ahead.document_id or 0).state == "provisional"
    assert issued(desk, "2026-01-20").ref == "FA26-00002"


def test_the_official_rules_are_asked_before_a_number_is_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(desk, "2026-01-15")
    subscribe(desk, issued(desk, "2026-01-15"))
    at(desk, "2026-02-15")
    asked = []

    def wrong(context: Context, document: Document) -> list[Problem]:
        asked.append((document.ref, [line.label for line in document.lines]))
        return [Problem("einvoice.br-co-15", "", "Norme EN 16931, règle BR-CO-15")]

    monkeypatch.setattr(einvoices, "official_problems", wrong)
    [outcome] = run(desk, "2026-02-15", validate=True)
    assert outcome.refusal == "reste provisoire : Norme EN 16931, règle BR-CO-15"
    assert asked == [(outcome.ref, ["Maintenance"])]
    assert desk.load(outcome.document_id or 0).state == "provisional"
    assert desk.context.database.value("SELECT COUNT(*) FROM invoice_seal") == 1


def test_the_stop_may_be_behind_once_it_was_reached(desk: Desk) -> None:
    at(desk, "2026-01-15")
    one = subscribe(desk, issued(desk, "2026-01-15"), stop_date="2026-02-20")
    at(desk, "2026-03-15")
    assert len(run(desk, "2026-03-15")) == 1
    record = records.record_type("subscription")
    records.put(desk.context, "subscription", one, record.field("label"), "Fini")
    assert stored(desk, one, "label") == "Fini"
