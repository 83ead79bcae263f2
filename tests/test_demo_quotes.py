"""The quotes of the demo company: complete, coherent, and those of the drawings to the cent."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from demo_files import catalogue, codes, column, company, models, quotes, rows

from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines import lines
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.money import SCALE4, SCALE6
from codial_tui.domain.quantity import parse_cents, parse_percent, parse_plain


def test_quotes_are_numbered_in_order_and_dated_on_working_days() -> None:
    ranks: Counter[str] = Counter()
    days = []
    for number, quote in quotes().items():
        document = quote["document"]
        day = date.fromisoformat(document["date"])
        ranks[number[:5]] += 1
        assert number == f"DE{day:%y}-{ranks[number[:5]]:05d}"
        assert document["external_id"] == f"demo-{number}"
        assert day.weekday() < 5
        days.append(day)
    assert days == sorted(days)
    assert days[-1].isoformat() == company()["reference_date"]


def test_quotes_name_what_exists_and_their_numbers_parse() -> None:
    units, users = column("units", "code"), {user["initials"] for user in company()["user"]}
    customers = {row["code"]: row for row in rows("customers")}
    letters = {model["name"] for model in models() if model["place"] == "letter"}
    contacts = {(row["party"], row["name"]) for row in rows("contacts")}
    places = {(row["party"], row["label"]) for row in rows("addresses")}
    for number, quote in quotes().items():
        header, document = quote["header"], quote["document"]
        code = document["customer"]
        assert code in customers
        assert "contact" not in header or (code, header["contact"]) in contacts
        assert "works_address" not in header or (code, header["works_address"]) in places
        assert header.get("invoice_party", code) in customers
        assert header["salesperson"] in users and quote["created_by"] in users
        assert header["payment_terms"] in codes("payment_terms") | {""}
        assert header["price_list"] in codes("price_list")
        assert header.get("letter_model", next(iter(letters))) in letters
        assert date.fromisoformat(header["valid_until"]) > date.fromisoformat(document["date"])
        for one in _priced(document["lines"]):
            reference = one.get("reference")
            assert reference is None or one["label"] == catalogue()[reference]["label"], number
            assert one["unit"] in units
            assert parse_plain(one["quantity"], SCALE4, 4) != 0
            assert parse_plain(one["unit_price"], SCALE4, document["price_decimals"]) >= 0
            assert all(0 < parse_percent(each) < SCALE6 for each in one.get("discounts", []))
        for adjustment in document["adjustments"]:
            assert len({"percent", "amount"} & set(adjustment)) == 1


def test_the_follow_up_tells_a_story_in_order() -> None:
    types = {"note", "sent", "printed", "reminder", "call", "visit", "state", "transfer"}
    fields = {field.name for field in doc_type("quote").fields}
    users = {user["initials"] for user in company()["user"]}
    for number, quote in quotes().items():
        moments = [datetime.fromisoformat(event["at"]) for event in quote["log"]]
        assert all(moment.tzinfo for moment in moments)
        assert moments == sorted(moments), number
        assert max(moments).date().isoformat() <= company()["reference_date"]
        assert moments[0].date().isoformat() == quote["document"]["date"]
        assert {event["type"] for event in quote["log"]} <= types
        assert {event["by"] for event in quote["log"]} <= users
        assert set(quote["follow_up"]) <= fields
        assert quote["follow_up"].get("next_action_by", "CP") in users
        decided = [event for event in quote["log"] if event["type"] == "state"][1:]
        assert len(decided) == (quote["state"] != "pending"), number
        lost = quote["state"] in {"refused", "dropped"}
        assert lost == ("lost_reason" in quote["follow_up"]), number


def test_the_list_of_the_drawing_is_the_list_of_the_demo() -> None:
    """`martin >1000` among what is pending (screens/list-of-quotes)."""
    names = {row["code"]: row["name"] for row in rows("customers")}
    hits = {}
    for number, quote in quotes().items():
        name = names[quote["document"]["customer"]]
        subject = quote["document"]["subject"]
        net = totals(_document(quote["document"])).net
        if quote["state"] == "pending" and "martin" in f"{name} {subject}".lower():
            hits[number] = (net, name, subject)
    assert {number: net for number, (net, *_) in hits.items() if net > 100_000} == {
        "DE26-00042": 1_234_050,
        "DE26-00039": 812_000,
        "DE26-00037": 201_540,
        "DE26-00031": 198_000,
        "DE26-00028": 174_530,
        "DE26-00022": 140_200,
        "DE26-00019": 132_000,
        "DE26-00015": 120_500,
        "DE26-00011": 107_600,
    }
    assert hits["DE26-00037"][1:] == ("MARTINEZ Toitures", "Zinguerie cour")


def test_de26_00042_is_the_quote_of_the_drawings() -> None:
    document = quotes()["DE26-00042"]["document"]
    kinds = [one["type"] for one in document["lines"]]
    assert len(kinds) == 15
    assert Counter(kinds) == {"chapter": 2, "comment": 1, "ad_hoc_assembly": 1, "item": 11}
    tags = {one["reference"]: one["tags"] for one in document["lines"] if "tags" in one}
    assert tags == {"BORN7": ["option"], "BORN11": ["variant"]}
    found = totals(_document(document))
    assert (found.brut, found.discount) == (1_290_000, -55_950)
    assert (found.net, found.vat_total, found.gross) == (1_234_050, 246_810, 1_480_860)
    assert found.options == 98_000


def test_the_ad_hoc_assemblies_are_the_sum_of_their_components() -> None:
    seen = 0
    for quote in quotes().values():
        for one in quote["document"]["lines"]:
            if one["type"] == "ad_hoc_assembly":
                parts = [lines.line_amount(_line(part, "p")) for part in one["components"]]
                assert sum(parts) == lines.line_amount(_line(one, "a"))
                seen += 1
    assert seen == 2


def test_the_counter_sale_is_in_gross_prices() -> None:
    document = quotes()["DE26-00041"]["document"]
    assert (document["customer"], document["price_mode"]) == ("COMPTOIR", "gross")
    assert totals(_document(document)).gross == 8_620


def test_every_kind_of_line_footer_and_regime_is_shown() -> None:
    documents = [quote["document"] for quote in quotes().values()]
    kinds = {one["type"] for document in documents for one in document["lines"]}
    assert kinds == {
        "item",
        "ad_hoc_assembly",
        "chapter",
        "title",
        "comment",
        "page_break",
    }
    keys = {
        (one.get("vat_category", "S"), one["vat_rate"])
        for document in documents
        for one in document["lines"]
        if "vat_rate" in one
    }
    assert {("S", "20"), ("S", "10"), ("S", "5.5"), ("AE", "0"), ("K", "0"), ("G", "0")} == keys
    assert any("percent" in each for document in documents for each in document["adjustments"])
    assert any("discounts" in one for document in documents for one in document["lines"])


def _priced(lines_: list[dict[str, Any]]) -> list[dict[str, Any]]:
    priced = [one for one in lines_ if "quantity" in one]
    return priced + [part for one in priced for part in one.get("components", [])]


def _line(one: dict[str, Any], uid: str) -> Line:
    """The line of a JSON document, with the eco-contribution its item brings."""
    if "quantity" not in one:
        return Line(uid=uid, type=LineType(one["type"]), label=one["label"])
    line = Line(
        uid=uid,
        type=LineType(one["type"]),
        tag=one.get("tags", [""])[0],
        quantity=parse_plain(one["quantity"], SCALE4, 4),
        unit_price=parse_plain(one["unit_price"], SCALE4, 4),
        price_per=parse_plain(one["price_per"], SCALE4, 4),
        discounts=tuple(parse_percent(each) for each in one.get("discounts", [])),
        vat_category=one.get("vat_category", "S"),
        vat_rate=parse_percent(one.get("vat_rate", "20")),
    )
    eco = catalogue().get(one.get("reference", ""), {}).get("eco_contribution") or "0"
    line.eco_contribution = parse_cents(eco)
    line.amount = line.net_amount = lines.line_amount(line)
    return line


def _document(json_document: dict[str, Any]) -> Document:
    document = Document(id=1, uid="d", kind="quote")
    document.header = {"price_mode": json_document["price_mode"], "price_decimals": 2}
    document.lines = [
        _line(one, f"l{index}")
        for index, one in enumerate(json_document["lines"])
        if one["type"] != "page_break"
    ]
    document.adjustments = [
        Adjustment(
            uid=f"a{index}",
            percent=parse_percent(one["percent"]) if "percent" in one else None,
            amount=parse_cents(one.get("amount", "0")),
        )
        for index, one in enumerate(json_document["adjustments"])
    ]
    return document
