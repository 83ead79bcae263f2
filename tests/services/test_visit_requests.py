"""Visits of work orders asked for as data, and shown as data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.services.context import Context
from codial_tui.services.documents import requests, show
from codial_tui.services.records import parties, records, settings

NIGHT = [
    {
        "technician": "claire",
        "date": "2026-11-22",
        "departure": "21:50",
        "arrival": "22:10",
        "end": "23:20",
        "return": "23:35",
        "km": "12.5",
    },
    {
        "technician": "Intérim Sud",
        "departure": "2026-11-22T23:40",
        "arrival": "2026-11-22T23:05:00Z",
        "end": "2026-11-23T01:25+01:00",
        "return": "01:40",
        "note": "chaudière",
    },
]


def ask(context: Context, kind: str = "work_order", **values: Any) -> Document:
    if not context.database.value("SELECT 1 FROM party WHERE code = ?", ("C1",)):
        parties.create(context, {"code": "C1", "name": "MARTIN", "is_customer": 1})
    asked = {"kind": kind, "customer": "C1", **values}
    return requests.create(context, parse_document(json.dumps(asked)))


def refusal(context: Context, *visits: dict[str, Any], **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        ask(context, visits=list(visits), **values)
    assert context.database.value("SELECT COUNT(*) FROM document") == 0
    return [(one.code, one.field) for one in refused.value.problems]


@pytest.mark.both
def test_visits_over_midnight_as_data_and_back(context: Context) -> None:
    made = ask(context, visits=NIGHT)
    found = show.shown(context, made)
    assert found["times"] == {"travel_minutes": 75, "work_minutes": 150}
    assert found["visits"] == [
        {
            "technician": "Claire",
            "technician_id": context.user.id,
            "departure": "2026-11-22T21:50+01:00",
            "arrival": "2026-11-22T22:10+01:00",
            "end": "2026-11-22T23:20+01:00",
            "return": "2026-11-22T23:35+01:00",
            "km": "12.5",
            "zone": "",
            "note": "",
            "travel_minutes": 35,
            "work_minutes": 70,
        },
        {
            "technician": "Intérim Sud",
            "technician_id": None,
            "departure": "2026-11-22T23:40+01:00",
            "arrival": "2026-11-23T00:05+01:00",
            "end": "2026-11-23T01:25+01:00",
            "return": "2026-11-23T01:40+01:00",
            "km": "0",
            "zone": "",
            "note": "chaudière",
            "travel_minutes": 40,
            "work_minutes": 80,
        },
    ]
    assert made.lines == []  # no item is billed for times


def test_times_are_billed_as_the_company_does(context: Context) -> None:
    for setting, reference, price in (("labour", "MO", 48_0000), ("km", "KM", 6000)):
        values = {"reference": reference, "label": reference, "unit": "h", "sale_price": price}
        item = records.create(context, "item", values)
        settings.store(context, f"work.{setting}_item", item, own=False)
    made = ask(context, visits=NIGHT)
    brief = [(one.reference, one.quantity, one.amount, one.billing_class) for one in made.lines]
    assert brief == [("MO", 2_5000, 120_00, "labour"), ("KM", 12_5000, 7_50, "travel")]
    assert made.header["net_total"] == 127_50
    own = [{"type": "item", "label": "Forfait main d'œuvre", "unit": "h", "unit_price": "99"}]
    made = ask(context, visits=NIGHT, lines=own)
    assert [(one.reference or one.label, one.amount) for one in made.lines] == [
        *(("Forfait main d'œuvre", 99_00), ("KM", 7_50)),
    ]


def test_the_day_and_the_technician_may_be_left_out(context: Context) -> None:
    made = ask(context, date="2026-11-20", visits=[{"departure": "23:50", "arrival": "00:10"}])
    (visit,) = made.visits
    assert (visit.technician_name, visit.arrival) == ("Claire", "2026-11-20T23:10:00Z")


def test_what_is_wrong_names_its_path(context: Context) -> None:
    records.create(context, "app_user", {"login": "lea", "name": "Léa"})
    records.create(context, "app_user", {"login": "leo", "name": "Léo"})
    records.create(context, "travel_zone", {"code": "A", "label": "Ville", "price": 1})
    good = {"arrival": "08:00"}
    assert refusal(
        context,
        good,
        {"date": "2026-03-29", "departure": "01:30", "arrival": "02:30"},
        {"departure": "2026-11-22T09:00", "arrival": "2026-11-22T08:00"},
        {"arrival": "08:00", "end": "07:00", "return": "06:59"},
        {**good, "technician": "le"},
        {**good, "zone": "B"},
        {**good, "date": "1900-01-01"},
    ) == [
        ("time.missing", "visits.1.arrival"),
        ("visit.order", "visits.2.arrival"),
        ("visit.too_long", "visits.3.return"),
        ("visit.technician", "visits.4.technician"),
        ("visit.zone", "visits.5.zone"),
        ("date.out_of_range", "visits.6.date"),
    ]


def test_only_work_orders_have_visits(context: Context) -> None:
    assert refusal(context, {"arrival": "08:00"}, kind="quote") == [("json.unknown_key", "visits")]
    assert "visits" not in show.shown(context, ask(context, "quote"))


def test_moments_of_the_hour_that_comes_twice(context: Context) -> None:
    night = {"departure": "2026-10-25T00:30:00Z", "arrival": "2026-10-25T02:30+02:00"}
    made = ask(context, visits=[{**night, "end": "2026-10-25T02:30+01:00"}])
    assert show.shown(context, made)["times"] == {"travel_minutes": 0, "work_minutes": 60}
