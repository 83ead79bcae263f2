"""Documents as JSON: the example of cli.md, every refusal, schema and parser agreeing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.config import asset
from codial_tui.domain.problems import Invalid
from codial_tui.exchange.documents import (
    AdjustmentRequest,
    DocumentRequest,
    LineRequest,
    PartyRequest,
    parse_document,
)

SCHEMA = json.loads(Path(asset("document.schema.json")).read_text("utf-8"))
EXAMPLE = """
{"kind":"quote","customer":"C00128","date":"2026-11-22","price_mode":"net","price_decimals":2,
 "subject":"Salle de bains","external_id":"shop-4711",
 "lines":[{"type":"chapter","label":"Plomberie","level":1},
          {"type":"item","reference":"TUB12","label":"Tube Ø12","quantity":"12","unit":"ml",
           "unit_price":"8.45","price_per":"1","discounts":["10"],"vat_rate":"20",
           "tags":["option"]}],
 "adjustments":[{"type":"discount","percent":"2"},
                {"type":"shipping","amount":"10.00","vat_rate":"20"},
                {"type":"billing_fee","amount":"5.00"}]}
"""


def conforms(value: Any, schema: dict[str, Any]) -> bool:
    """The part of JSON Schema 2020-12 our schema uses."""
    if "$ref" in schema and not conforms(value, SCHEMA["$defs"][schema["$ref"].split("/")[-1]]):
        return False
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    kind = schema.get("type", "")
    if not isinstance(value, types.get(kind, object)):
        return False
    tests = [
        kind != "integer" or not isinstance(value, bool),
        "enum" not in schema or value in schema["enum"],
        "const" not in schema or value == schema["const"],
        all(conforms(value, part) for part in schema.get("allOf", ())),
        "anyOf" not in schema or any(conforms(value, part) for part in schema["anyOf"]),
        "oneOf" not in schema or sum(conforms(value, part) for part in schema["oneOf"]) == 1,
        "not" not in schema or not conforms(value, schema["not"]),
    ]
    if isinstance(value, str):
        tests += [
            len(value) <= schema.get("maxLength", len(value)),
            re.search(schema.get("pattern", ""), value) is not None,
        ]
    if isinstance(value, int):
        tests.append(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list):
        tests.append(len(value) <= schema.get("maxItems", len(value)))
        tests += [conforms(entry, schema.get("items", {})) for entry in value]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        tests += [name in value for name in schema.get("required", ())]
        tests += [conforms(value[name], known[name]) for name in value if name in known]
        tests.append(schema.get("additionalProperties", True) or set(value) <= set(known))
    return all(tests)


def problems_of(value: Any) -> list[tuple[str, str]]:
    text = value if isinstance(value, str | bytes) else json.dumps(value)
    try:
        parse_document(text)
    except Invalid as error:
        return [(problem.code, problem.field) for problem in error.problems]
    return []


def with_line(**keys: Any) -> dict[str, Any]:
    return {"kind": "quote", "lines": [{"type": "comment", "label": "x"}, keys]}


def with_item(**keys: Any) -> dict[str, Any]:
    return with_line(type="item", reference="A", **keys)


PARTY = {"name": "Martin", "street": "1 rue X", "postcode": "75001", "city": "Paris"}
GOOD: list[Any] = [
    json.loads(EXAMPLE),
    {"kind": "delivery_note"},
    {"kind": "quote", "customer": PARTY},
    {"kind": "order", "customer": {**PARTY, "country": "FR", "siren": "732829320", "save": True}},
    {"kind": "purchase_order", "supplier": "F1"},
    with_line(type="page_break"),
    with_line(type="title", label="Titre"),
    with_line(type="subtitle", label="Sous-titre"),
    with_line(type="item", label="Pose"),
    with_item(quantity="-2.5", unit_price="-8.4500", vat_rate="20.00", vat_category="AE"),
    with_item(discounts=["10", "5.5", "100.0"], discount_amount="12.30", price_per="100"),
    with_item(quantity="99999999999.9999", price_per="0.5", unit="", discounts=[], tags=[]),
    {"kind": "quote", "adjustments": [{"type": "charge", "amount": "-3.50", "vat_category": "S"}]},
]


def with_visit(**keys: Any) -> dict[str, Any]:
    return {"kind": "work_order", "visits": [keys]}


GOOD += [
    with_visit(departure="21:50", arrival="22:10", end="23:20", **{"return": "23:35"}),
    with_visit(technician="lea", date="2026-11-22", arrival="00:05", km="12.5", zone="A", note=""),
    with_visit(arrival="2026-11-22T21:50", end="2026-11-22T22:50:00+01:00"),
    with_visit(departure="2026-11-22T20:50:00Z"),
]


def with_machine(machine: Any, **keys: Any) -> dict[str, Any]:
    return {"kind": "work_order", "nature": "maintenance", "machine": machine, **keys}


GOOD += [
    with_machine("VX-2231"),
    with_machine(
        ["VX-2231", {"code": "EQ26-00001", "coverage": "none", "fault": "a\nb"}], lines=[]
    ),
    with_machine({"brand": "V", "serial": "", "commissioned_on": "2024-03-12"}, billable=[]),
    with_machine([], parts_used=[{"reference": "A"}, {"label": "x", "billed": True}]),
    with_machine({"location": "cave"}, billable=["items", "consumables", "labour", "travel"]),
]
BAD: list[tuple[Any, str, str]] = [
    (with_machine({}), "json.missing", "machine.serial"),
    (with_machine(""), "json.missing", "machine.serial"),
    (with_machine([{"brand": " "}]), "json.missing", "machine.0.serial"),
    (with_machine(None), "json.type", "machine"),
    (with_machine(7), "json.type", "machine"),
    (with_machine(["A", 7]), "json.type", "machine.1"),
    (with_machine(["A"] * 101), "json.too_many", "machine"),
    (with_machine("x" * 61), "text.too_long", "machine.serial"),
    (with_machine({"serial": "A", "fault": "x" * 8001}), "text.too_long", "machine.fault"),
    (with_machine({"serial": "A", "coverage": "free"}), "json.choice", "machine.coverage"),
    (with_machine({"serial": "A", "age": 3}), "json.unknown_key", "machine.age"),
    (with_machine("A", billable="items"), "json.type", "billable"),
    (with_machine("A", billable=["parts"]), "json.choice", "billable.0"),
    (with_machine("A", parts_used=[{}]), "json.missing", "parts_used.0.reference"),
    (with_machine("A", parts_used=[{"reference": ""}]), "json.missing", "parts_used.0.reference"),
    (
        with_machine("A", parts_used=[{"label": "x", "quantity": 2}]),
        *("json.type", "parts_used.0.quantity"),
    ),
    (
        with_machine("A", parts_used=[{"label": "x", "billed": 0}]),
        *("json.type", "parts_used.0.billed"),
    ),
    (with_visit(), "json.missing", "visits.0.departure"),
    (with_visit(departure=""), "time.unreadable", "visits.0.departure"),
    (with_visit(departure="24:00"), "time.unreadable", "visits.0.departure"),
    (with_visit(departure="8:00"), "time.unreadable", "visits.0.departure"),
    (with_visit(departure=800), "json.type", "visits.0.departure"),
    (with_visit(departure=" 08:00"), "time.unreadable", "visits.0.departure"),
    (with_visit(arrival="2026-11-22 21:50"), "time.unreadable", "visits.0.arrival"),
    (with_visit(arrival="2126-11-22T21:50"), "time.unreadable", "visits.0.arrival"),
    (with_visit(arrival="08:00", km="-1"), "number.negative", "visits.0.km"),
    (with_visit(arrival="08:00", km=12), "json.type", "visits.0.km"),
    (with_visit(arrival="08:00", ended="09:00"), "json.unknown_key", "visits.0.ended"),
    (with_visit(arrival="08:00", zone="x" * 11), "text.too_long", "visits.0.zone"),
    ({"kind": "work_order", "visits": {}}, "json.type", "visits"),
    ([], "json.type", ""),
    ({}, "json.missing", "kind"),
    ({"kind": 1}, "json.type", "kind"),
    ({"kind": "Quote"}, "json.choice", "kind"),
    ({"kind": "quote", "colour": 1}, "json.unknown_key", "colour"),
    ({"kind": "quote", "customer": "C1", "supplier": "F1"}, "json.choice", "supplier"),
    ({"kind": "quote", "customer": 3}, "json.type", "customer"),
    ({"kind": "quote", "customer": " "}, "json.missing", "customer"),
    ({"kind": "quote", "customer": {"name": "M"}}, "json.missing", "customer.street"),
    ({"kind": "quote", "customer": {**PARTY, "age": 3}}, "json.unknown_key", "customer.age"),
    ({"kind": "quote", "customer": {**PARTY, "save": 1}}, "json.type", "customer.save"),
    ({"kind": "quote", "date": "22/11/2026"}, "date.unreadable", "date"),
    ({"kind": "quote", "price_mode": "HT"}, "json.choice", "price_mode"),
    ({"kind": "quote", "price_decimals": 5}, "json.choice", "price_decimals"),
    ({"kind": "quote", "price_decimals": True}, "json.type", "price_decimals"),
    ({"kind": "quote", "price_decimals": "2"}, "json.type", "price_decimals"),
    ({"kind": "quote", "subject": "x" * 256}, "text.too_long", "subject"),
    ({"kind": "quote", "lines": {}}, "json.type", "lines"),
    ({"kind": "quote", "lines": ["x"]}, "json.type", "lines.0"),
    (with_line(label="x"), "json.missing", "lines.1.type"),
    (with_line(type="kit"), "json.choice", "lines.1.type"),
    (with_line(type="item"), "json.missing", "lines.1.reference"),
    (with_line(type="item", reference=""), "json.missing", "lines.1.reference"),
    (with_line(type="chapter"), "json.missing", "lines.1.label"),
    (with_line(type="chapter", label="x", level=4), "json.choice", "lines.1.level"),
    (with_line(type="title", label="x", level=1), "json.unknown_key", "lines.1.level"),
    (with_line(type="comment", label="x", quantity="1"), "json.unknown_key", "lines.1.quantity"),
    (with_line(type="page_break", label="x"), "json.unknown_key", "lines.1.label"),
    (with_item(quantity=12), "json.type", "lines.1.quantity"),
    (with_item(quantity=1.5), "json.type", "lines.1.quantity"),
    (with_item(quantity="1,5"), "number.unreadable", "lines.1.quantity"),
    (with_item(quantity="1e3"), "number.unreadable", "lines.1.quantity"),
    (with_item(quantity="1.23456"), "number.decimals", "lines.1.quantity"),
    (with_item(quantity="999999999999"), "number.too_big", "lines.1.quantity"),
    (with_item(quantity="٣"), "number.unreadable", "lines.1.quantity"),
    (with_item(unit_price=""), "number.unreadable", "lines.1.unit_price"),
    (with_item(price_per="0"), "number.out_of_range", "lines.1.price_per"),
    (with_item(price_per="-1"), "number.negative", "lines.1.price_per"),
    (with_item(discounts="10"), "json.type", "lines.1.discounts"),
    (with_item(discounts=[10]), "json.type", "lines.1.discounts.0"),
    (with_item(discounts=["5", "101"]), "percent.out_of_range", "lines.1.discounts.1"),
    (with_item(vat_rate="-20"), "number.negative", "lines.1.vat_rate"),
    (with_item(vat_category="X"), "json.choice", "lines.1.vat_category"),
    (with_item(discount_amount="1.234"), "number.decimals", "lines.1.discount_amount"),
    (with_item(tags=["optional"]), "json.choice", "lines.1.tags.0"),
    (with_item(tags=["option", "variant"]), "json.too_many", "lines.1.tags"),
    (with_item(unit=None), "json.type", "lines.1.unit"),
    (
        {"kind": "quote", "adjustments": [{"type": "discount"}]},
        "json.choice",
        "adjustments.0.amount",
    ),
    (
        {"kind": "quote", "adjustments": [{"type": "discount", "percent": "1", "amount": "2"}]},
        "json.choice",
        "adjustments.0.amount",
    ),
    (
        {"kind": "quote", "adjustments": [{"type": "tip", "amount": "2"}]},
        "json.choice",
        "adjustments.0.type",
    ),
]


def test_the_example_of_the_specification() -> None:
    assert parse_document(EXAMPLE) == DocumentRequest(
        kind="quote",
        customer="C00128",
        date="2026-11-22",
        price_mode="net",
        price_decimals=2,
        subject="Salle de bains",
        external_id="shop-4711",
        lines=(
            LineRequest("chapter", "Plomberie", level=1),
            LineRequest(
                "item",
                "Tube Ø12",
                reference="TUB12",
                quantity=120_000,
                unit="ml",
                unit_price=84_500,
                price_per=10_000,
                discounts=(100_000,),
                vat_rate=200_000,
                tag="option",
            ),
        ),
        adjustments=(
            AdjustmentRequest("discount", percent=20_000),
            AdjustmentRequest("shipping", amount=1_000, vat_rate=200_000),
            AdjustmentRequest("billing_fee", amount=500),
        ),
    )


@pytest.mark.parametrize("value", GOOD, ids=range(len(GOOD)))
def test_what_is_taken_conforms_to_the_schema(value: Any) -> None:
    assert problems_of(value) == []
    assert conforms(value, SCHEMA)


@pytest.mark.parametrize(("value", "code", "field"), BAD, ids=range(len(BAD)))
def test_what_is_refused_does_not_conform(value: Any, code: str, field: str) -> None:
    assert (code, field) in problems_of(value)
    assert not conforms(value, SCHEMA)


numbers = st.from_regex(r"-?[0-9]{0,12}(\.[0-9]{0,6})?", fullmatch=True)


@given(
    st.sampled_from(["quantity", "unit_price", "price_per", "vat_rate", "discount_amount"]), numbers
)
def test_schema_and_parser_agree_on_numbers(key: str, text: str) -> None:
    value = with_item(**{key: text})
    assert (problems_of(value) == []) == conforms(value, SCHEMA)


def test_what_only_the_parser_can_tell() -> None:
    assert problems_of({"kind": "quote", "date": "2026-02-30"}) == [("date.unreadable", "date")]
    party = {**PARTY, "siren": "732829321", "vat_number": "FR00732829320"}
    assert problems_of({"kind": "quote", "customer": party}) == [
        ("siren.invalid", "customer.siren"), ("vat_number.invalid", "customer.vat_number"),
    ]  # fmt: skip
    assert problems_of({**with_item(unit_price="8.455"), "price_decimals": 2}) == [
        ("number.decimals", "lines.1.unit_price")
    ]
    assert problems_of({**with_item(unit_price="8.4500"), "price_decimals": 2}) == []


def test_prices_against_the_decimals_of_the_company() -> None:
    request = parse_document(json.dumps(with_item(unit_price="8.455")))
    assert request.price_problems(3) == ()
    assert [problem.field for problem in request.price_problems(2)] == ["lines.1.unit_price"]


def test_everything_wrong_is_told_at_once() -> None:
    value = {
        "kind": "quote",
        "colour": 1,
        "lines": [{"type": "item", "reference": "A", "quantity": 1, "unit_price": "x"}],
    }
    assert problems_of(value) == [
        ("json.type", "lines.0.quantity"),
        ("number.unreadable", "lines.0.unit_price"),
        ("json.unknown_key", "colour"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "nul", '{"kind":NaN}', "[" * 100_000, '{"kind":"a","kind":"b"}', b"\xff\xfe{",
        '{"kind":' + "9" * 5000 + "}", "\ufeff{}",
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_json(text: str | bytes) -> None:
    assert [code for code, _ in problems_of(text)] == ["json.unreadable"]


def test_a_text_too_big_is_not_parsed() -> None:
    assert problems_of(b" " * (21 << 20)) == [("json.unreadable", "")]


def test_hostile_texts() -> None:
    (comment, item) = parse_document(
        json.dumps(
            {
                "kind": "quote",
                "lines": [
                    {"type": "comment", "label": "un\x1b]52;c;x\x07\r\ndeux"},
                    {"type": "item", "label": "Tube\x1b[2J\nØ12 [red]"},
                ],
            }
        )
    ).lines
    assert comment.label == "un\ndeux"
    assert item.label == "Tube Ø12 [red]"
    assert parse_document('{"kind":"quote","subject":"a\\ud800b"}').subject == "ab"
    assert problems_of('{"kind":"quote","\\ud800":1}')[0][0] == "json.unknown_key"


def test_a_party_in_full() -> None:
    customer = parse_document(json.dumps({"kind": "quote", "customer": PARTY})).customer
    assert customer == PartyRequest("Martin", "1 rue X", "75001", "Paris")
