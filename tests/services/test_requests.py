"""Documents asked for as data: what is left out is decided here, what is wrong is told at once."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain.document import Document, LineType
from codial_tui.domain.text import fold
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.documents import requests
from codial_tui.services.records import company, parties

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
FREE = {"type": "item", "label": "Pose", "unit_price": "10"}
INLINE = {"name": "Café Zoé", "street": "1 rue X", "postcode": "69001", "city": "LYON"}


@pytest.fixture
def context(database: Database) -> Context:
    context = start(database, program="test", clock=lambda: NOON, login="claire")
    company.init(context, "Essai")
    parties.create(
        context, {"code": "C1", "name": "MARTIN", "city": "LYON", "vat_regime": "normal"}
    )
    parties.create(context, {"code": "F1", "name": "REXO", "is_supplier": 1})
    parties.create(context, {"code": "X1", "name": "Sous-traité", "vat_regime": "reverse_charge"})
    add_item(context, "TUB12", sale_price=84_500, unit="ml", price_per=1_000_000, cost_price=50_000)
    add_item(context, "NUL", sale_price=0)
    pack = add_item(context, "OUV", sale_price=1_000_000, is_assembly=1)
    with context.database.write():
        context.database.insert(
            "assembly_component", {"assembly_id": pack, "component_id": 1, "ratio": 2_500_000}
        )
    return context


def add_item(context: Context, reference: str, **values: Any) -> int:
    with context.database.write():
        return context.database.insert(
            "item",
            {
                "uid": context.uid(),
                "reference": reference,
                "reference_fold": fold(reference),
                "label": f"Article {reference}",
                "search_text": fold(reference),
                **values,
            },
        )


def ask(context: Context, **values: Any) -> Document:
    asked = {"kind": "quote", "customer": "C1", **values}
    asked = {key: value for key, value in asked.items() if value is not None}
    return requests.create(context, parse_document(json.dumps(asked)))


def refusal(context: Context, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        ask(context, **values)
    assert context.database.value("SELECT COUNT(*) FROM document") == 0
    assert context.database.value("SELECT COUNT(*) FROM number_series") == 0
    return [(one.code, one.field) for one in refused.value.problems]


@pytest.mark.both
def test_a_whole_document_is_stored_to_the_cent(context: Context) -> None:
    found = ask(
        context,
        date="2026-11-20",
        subject="Essai",
        external_id="shop-1",
        lines=[
            {"type": "chapter", "label": "Plomberie", "level": 2},
            {"type": "item", "reference": "tub12", "quantity": "12", "price_per": "1",
             "unit_price": "8.45", "discounts": ["10"]},
            {"type": "item", "label": "Borne", "unit_price": "980", "tags": ["option"]},
            {"type": "comment", "label": "a\nb"},
            {"type": "page_break"},
        ],
        adjustments=[
            {"type": "discount", "percent": "2"},
            {"type": "shipping", "amount": "10.00", "vat_rate": "20"},
        ],
    )  # fmt: skip
    assert found.text("number") == "DE26-00001"
    assert [line.type.value for line in found.lines] == [
        "chapter", "item", "item", "comment", "page_break"
    ]  # fmt: skip
    tube = found.lines[1]
    assert (tube.reference, tube.label, tube.unit, tube.amount) == (
        "TUB12", "Article TUB12", "ml", 9126
    )  # fmt: skip
    assert found.lines[0].level == 2
    assert found.lines[3].label == "a\nb"
    sums = ("net_total", "vat_total", "gross_total", "cost_total")
    assert [found.header[name] for name in sums] == [9943, 1989, 11932, 6000]
    assert found.text("party_code") == "C1"
    assert found.text("date") == "2026-11-20"
    assert found.text("valid_until") == "2026-12-20"
    assert all(line.id for line in found.lines)


def test_what_is_left_out_comes_from_the_item_and_the_party(context: Context) -> None:
    with context.database.write():
        context.database.execute("UPDATE party SET discount = 50000 WHERE code = 'C1'")
    usual, priced = ask(
        context,
        lines=[
            {"type": "item", "reference": "TUB12", "quantity": "200"},
            {"type": "item", "reference": "TUB12", "quantity": "200", "unit_price": "8"},
        ],
    ).lines
    assert (usual.unit_price, usual.price_per, usual.discounts) == (84_500, 1_000_000, (50_000,))
    assert usual.amount == 1606  # 200 × 8.45 per 100, less 5 %
    assert (priced.discounts, priced.amount) == ((), 1600)


def test_an_assembly_brings_its_own_copy_of_its_components(context: Context) -> None:
    found = ask(context, lines=[{"type": "item", "reference": "OUV", "quantity": "2"}])
    assembly, part = found.lines
    assert assembly.type is LineType.ASSEMBLY
    assert (part.parent_uid, part.reference, part.quantity) == (assembly.uid, "TUB12", 50_000)
    assert found.number("net_total") == assembly.amount == 20_000


def test_gross_prices(context: Context) -> None:
    found = ask(
        context, price_mode="gross", lines=[{"type": "item", "label": "A", "unit_price": "12"}]
    )
    assert [found.header[name] for name in ("net_total", "gross_total")] == [1000, 1200]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ({}, ("AE", 0)),
        ({"vat_rate": "0"}, ("AE", 0)),
        ({"vat_rate": "10"}, ("S", 100_000)),
        ({"vat_rate": "0", "vat_category": "E"}, ("E", 0)),
        ({"vat_category": "G"}, ("G", 0)),
    ],
)
def test_the_regime_decides_the_vat_unless_the_line_does(
    context: Context, line: dict[str, str], key: tuple[str, int]
) -> None:
    found = ask(context, customer="X1", lines=[{**FREE, **line}])
    assert (found.lines[0].vat_category, found.lines[0].vat_rate) == key
    assert found.text("vat_mention").startswith("Autoliquidation")


def test_zero_is_no_vat_under_the_normal_regime(context: Context) -> None:
    line = ask(context, lines=[{**FREE, "vat_rate": "0.00"}]).lines[0]
    assert (line.vat_category, line.vat_rate) == ("Z", 0)


def test_a_party_in_full_makes_no_record_unless_saved(context: Context) -> None:
    count = "SELECT COUNT(*) FROM party"
    before = context.database.value(count)
    found = ask(context, customer=INLINE, lines=[FREE])
    assert found.header["party_id"] is None
    assert found.text("party_name") == "Café Zoé"
    assert found.text("party_name_fold") == "cafe zoe"
    assert found.text("billing_street") == "1 rue X"
    assert found.number("party_is_consumer") == 1
    assert context.database.value(count) == before
    first = ask(context, customer={**INLINE, "save": True}, lines=[FREE])
    second = ask(context, customer={**INLINE, "save": True}, lines=[FREE])
    assert context.database.value(count) == before + 1
    assert first.header["party_id"] == second.header["party_id"] is not None
    assert first.text("party_code") == "C00001"


def test_a_business_is_known_by_its_siren(context: Context) -> None:
    own = {**INLINE, "siren": "123456782", "save": True}
    first = ask(context, customer=own, lines=[FREE])
    other = {**own, "street": "2 rue Y"}
    second = ask(context, customer=other, lines=[FREE])
    assert first.header["party_id"] == second.header["party_id"]
    assert first.number("party_is_consumer") == 0
    assert second.text("billing_street") == "2 rue Y"


def test_the_same_external_id_gives_the_same_document(context: Context) -> None:
    first = ask(context, external_id="a", lines=[FREE])
    again = ask(context, external_id="a", lines=[FREE, FREE])
    other = ask(context, external_id="b", lines=[FREE])
    assert (again.id, again.ref, len(again.lines)) == (first.id, first.ref, 1)
    assert other.ref == "DE26-00002"
    assert [ask(context, lines=[FREE]).ref for _ in "12"] == ["DE26-00003", "DE26-00004"]


def test_a_refused_save_leaves_no_party(context: Context) -> None:
    before = context.database.value("SELECT COUNT(*) FROM party")
    refusal(context, customer={**INLINE, "save": True}, lines=[{**FREE, "vat_rate": "19.6"}])
    assert context.database.value("SELECT COUNT(*) FROM party") == before


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"kind": "magic"}, [("kind.unknown", "kind")]),
        ({"customer": "ABSENT"}, [("party.unknown", "customer")]),
        ({"customer": "F1"}, [("party.unknown", "customer")]),
        ({"customer": None, "supplier": "F1"},
         [("party.side", "supplier"), ("party.missing", "customer")]),
        ({"lines": [{**FREE, "vat_rate": "19.6"}]}, [("vat_rate.unknown", "lines.0.vat_rate")]),
        ({"adjustments": [{"type": "charge", "amount": "1", "vat_rate": "7"}]},
         [("vat_rate.unknown", "adjustments.0.vat_rate")]),
        ({"lines": [{"type": "item", "reference": "RIEN"}]},
         [("item.unknown", "lines.0.reference")]),
        ({"lines": [FREE, {"type": "item", "reference": "NUL"}]},
         [("price.missing", "lines.1.unit_price")]),
        ({"lines": [{"type": "item", "label": "A"}]}, [("price.missing", "lines.0.unit_price")]),
        ({"lines": [{**FREE, "unit_price": "1.234"}]}, [("number.decimals", "lines.0.unit_price")]),
        ({"lines": [{**FREE, "vat_rate": "20", "vat_category": "E"}]},
         [("vat_rate.not_zero", "lines.0.vat_rate")]),
        ({"lines": [{**FREE, "quantity": "99999999999", "unit_price": "99999999999"}]},
         [("amount.too_big", "lines.0.quantity")]),
        ({"lines": [{**FREE, "quantity": "1000000000", "unit_price": "1000000000"}]},
         [("amount.too_big", "lines.0.quantity")]),
        ({"lines": [{**FREE, "vat_rate": "7"}, {"type": "item", "reference": "RIEN"}]},
         [("vat_rate.unknown", "lines.0.vat_rate"), ("item.unknown", "lines.1.reference")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    context: Context, values: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    assert refusal(context, **values) == problems


def test_amounts_that_add_up_beyond_the_bounds_are_refused(context: Context) -> None:
    line = {**FREE, "quantity": "1000000000", "unit_price": "50000"}
    assert refusal(context, lines=[line] * 2) == [("amount.too_big", "lines")]


def test_a_blocked_party_gets_no_document(context: Context) -> None:
    with context.database.write():
        context.database.execute("UPDATE party SET blocked = 1 WHERE code = 'C1'")
    assert refusal(context, lines=[FREE]) == [("party.blocked", "customer")]


def test_nothing_before_there_is_a_company(database: Database) -> None:
    context = start(database, program="test", clock=lambda: NOON, login="claire")
    assert refusal(context, lines=[FREE]) == [("company.missing", "")]


def test_a_date_at_the_end_of_time(context: Context) -> None:
    found = ask(context, date="9999-12-31", lines=[FREE])
    assert (found.text("number"), found.text("valid_until")) == ("DE99-00001", "9999-12-31")
