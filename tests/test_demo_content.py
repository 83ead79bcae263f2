"""The demo company and the letter models: readable, coherent, and evidently invented."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from stdnum import ean, iban
from stdnum.be import vat as belgian_vat
from stdnum.de import vat as german_vat
from stdnum.fr import siren, siret, tva

from codial_tui.config import asset
from codial_tui.domain import lines
from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.money import SCALE4, SCALE6, div_round
from codial_tui.domain.quantity import (
    parse_cents,
    parse_coefficient,
    parse_percent,
    parse_plain,
    parse_price,
    parse_quantity,
)
from codial_tui.domain.text import clean, words
from codial_tui.domain.totals import totals
from codial_tui.exchange import communes

FICTION = re.compile(
    r"(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d"  # ARCEP, for fiction
    r"|\+\d\d \d{1,2} 000 00 0\d"  # abroad: no such subscriber
)
DRAWN_PHONES = {"04 78 11 22 33", "04 72 00 11 22"}  # of the screens everyone knows
STATES = {"pending", "accepted", "refused", "dropped"}


def rows(name: str) -> list[dict[str, str]]:
    with asset(f"demo/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def column(name: str, key: str) -> set[str]:
    return {row[key] for row in rows(name)}


@cache
def company() -> dict[str, Any]:
    return tomllib.loads(asset("demo/company.toml").read_text(encoding="utf-8"))


@cache
def models() -> list[dict[str, str]]:
    text = asset("letters/models.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["model"]
    return found


@cache
def quotes() -> dict[str, dict[str, Any]]:
    content = json.loads(asset("demo/quotes.json").read_text(encoding="utf-8"))
    return {quote["number"]: quote for quote in content["quotes"]}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Items and assemblies by reference; an assembly is sold by one."""
    assemblies = [{**row, "price_per": "1"} for row in rows("assemblies")]
    return {row["reference"]: row for row in rows("items") + assemblies}


def codes(table: str) -> set[str]:
    return {row["code"] for row in company()[table]}


def test_there_is_enough_to_look_real() -> None:
    assert len(rows("items")) >= 300
    assert len(rows("assemblies")) >= 25
    assert len(rows("customers")) == 41  # forty, and the counter
    assert len(rows("suppliers")) == 8
    assert len(quotes()) == 45
    states = Counter(quote["state"] for quote in quotes().values())
    assert set(states) == STATES
    assert min(states.values()) >= 3
    assert any(step["from_quantity"] != "1" for step in rows("supplier_prices"))
    assert max(Counter(row["party"] for row in rows("addresses")).values()) >= 3
    assert max(Counter(row["party"] for row in rows("contacts")).values()) >= 3


@pytest.mark.parametrize(
    "path", sorted(path.name for path in asset("demo").iterdir() if path.suffix != ".md")
)
def test_every_text_is_clean_and_whole(path: str) -> None:
    text = asset(f"demo/{path}").read_bytes().decode("utf-8")
    assert clean(text, multiline=True) == text.strip("\n")
    if path.endswith(".csv"):
        with asset(f"demo/{path}").open(encoding="utf-8", newline="") as file:
            head, *body = csv.reader(file, delimiter=";")
        assert len(set(head)) == len(head)
        assert [row for row in body if len(row) != len(head)] == []
        readme = asset("demo/README.md").read_text(encoding="utf-8")
        assert [name for name in head if f"`{name}`" not in readme] == []


def test_references_and_codes_are_unique() -> None:
    references = [row["reference"].casefold() for row in rows("items") + rows("assemblies")]
    assert len(set(references)) == len(references)
    parties = [row["code"].casefold() for row in rows("customers") + rows("suppliers")]
    assert len(set(parties)) == len(parties)
    for name in ("families", "units"):
        assert len(column(name, "code")) == len(rows(name))
    codes_of_ean = [row["ean"] for row in rows("items") if row["ean"]]
    assert len(set(codes_of_ean)) == len(codes_of_ean) > 250


def test_barcodes_are_in_store_numbers_with_the_right_digit() -> None:
    for row in rows("items"):
        assert not row["ean"] or (len(row["ean"]) == 13 and row["ean"][0] == "2"), row
        assert not row["ean"] or ean.is_valid(row["ean"]), row


def test_identifiers_have_the_right_check_digits() -> None:
    own = company()["company"]
    assert siren.is_valid(own["siren"])
    assert own["vat_number"] == "FR" + siren.to_tva(own["siren"]).replace(" ", "")
    for place in (own, *company()["establishment"]):
        assert siret.is_valid(place["siret"])
        assert place["siret"].startswith(own["siren"])
        assert iban.is_valid(place["iban"])
        bban = place["iban"][4:]
        bank, counter, account = int(bban[:5]), int(bban[5:10]), int(bban[10:21])
        assert (89 * bank + 15 * counter + 3 * account + int(bban[21:])) % 97 == 0
    abroad: dict[str, Callable[[str], bool]] = {
        "BE": belgian_vat.is_valid,
        "DE": german_vat.is_valid,
    }
    sirens = []
    for party in rows("customers") + rows("suppliers"):
        if party["siren"]:
            sirens.append(party["siren"])
            assert siren.is_valid(party["siren"]), party
            assert siret.is_valid(party["siret"]), party
            assert party["siret"].startswith(party["siren"])
        if party["vat_number"]:
            valid = abroad.get(party["country"], tva.is_valid)
            assert valid(party["vat_number"]), party
        professional = party.get("is_consumer") != "1" and party["country"] == "FR"
        assert professional == bool(party["siren"]), party
    assert len(set(sirens)) == len(sirens)
    assert all(number.startswith("0") for number in sirens)  # no real company's does


def test_nobody_real_can_be_called_or_written_to() -> None:
    people = rows("customers") + rows("suppliers") + rows("contacts") + rows("addresses")
    phones = [p.get(key) for p in people for key in ("phone", "mobile") if p.get(key)]
    phones += [user["phone"] for user in company()["user"]] + [company()["company"]["phone"]]
    strange = {str(one) for one in phones if not FICTION.fullmatch(str(one))}
    assert strange == DRAWN_PHONES
    text = "".join(
        path.read_text(encoding="utf-8") for path in asset("demo").iterdir() if path.suffix != ".md"
    )
    domains = set(re.findall(r"@([\w.-]+\w)", text))
    assert domains and {domain for domain in domains if not domain.endswith(".example")} == set()


def test_every_french_postcode_has_its_town() -> None:
    known = set(communes.read(asset("communes.csv.gz")))
    places = rows("customers") + rows("suppliers") + rows("addresses")
    french = {(p["postcode"], p["city"]) for p in places if p["country"] == "FR"} - {("", "")}
    assert french - known == set()


def test_items_parse_and_point_to_what_exists() -> None:
    families, units = column("families", "code"), column("units", "code")
    suppliers, natures = column("suppliers", "code"), codes("product_nature")
    for row in rows("items"):
        purchase, sale = parse_price(row["purchase_price"]), parse_price(row["sale_price"])
        assert 0 <= purchase <= sale, row
        assert parse_quantity(row["price_per"]) > 0
        assert parse_percent(row["vat_rate"]) == 200_000
        assert parse_cents(row["eco_contribution"] or "0") >= 0
        assert row["family"] in families and row["unit"] in units, row
        assert row["supplier"] in suppliers | {""}, row
        assert row["product_nature"] in natures, row
        assert row["cost_category"] in {"main_oeuvre", "pieces", "divers", "sous_traitance"}
        assert row["supply_nature"] in {"goods", "service"}
        assert row["billing_class"] in {"article", "consumable", "labour", "travel"}
        assert row["stock_managed"] in {"0", "1"}
        assert (row["stock_managed"] == "1") == bool(row["stock"]), row
        assert parse_quantity(row["stock"] or "0") >= 0
    assert {row["price_per"] for row in rows("items")} == {"1", "100", "1000"}
    assert any(len(row["sale_price"].partition(",")[2]) == 4 for row in rows("items"))
    assert sum(bool(row["eco_contribution"]) for row in rows("items")) >= 20
    for family in rows("families"):
        assert parse_coefficient(family["coefficient"] or "0") >= 0


DRAWN_ITEMS = {
    "TUB12": ("Tube cuivre Ø12 barre 5 m", "ml", "8,45"),
    "TUB14": ("Tube cuivre Ø14 barre 5 m", "ml", "9,80"),
    "TUB16": ("Tube cuivre Ø16 barre 5 m", "ml", "11,20"),
    "TUB18": ("Tube cuivre Ø18 barre 5 m", "ml", "13,65"),
    "TUB22": ("Tube cuivre Ø22 barre 5 m", "ml", "17,90"),
    "TUB12C": ("Tube cuivre Ø12 cour. 25 m", "cou", "96,40"),
    "RACC12": ("Coude 90° Ø12 à souder", "u", "1,35"),
    "CE200S": ("Chauffe-eau 200 L stéatite", "u", "612,00"),
    "GRSEC": ("Groupe de sécurité 3/4", "u", "28,90"),
    "DISJ16": ("Disjoncteur 16 A ph+n", "u", "9,80"),
    "BORN7": ("Borne 7 kW", "u", "980,00"),
    "BORN11": ("Borne 11 kW", "u", "1240,00"),
    "CAB325": ("Câble R2V 3G2,5 couronne", "ml", "1,12"),
    "TAB3": ("Tableau complet 3 rangées", "ens", "890,00"),
    "VIS4X40": ("Vis agglo 4×40", "u", "0,12"),
    "CIM25": ("Ciment 25 kg", "sac", "8,90"),
    "SABL": ("Sable 0/4 big bag", "big", "62,00"),
    "PLACO13": ("Plaque BA13 2,50 m", "u", "8,50"),
    "TRANSP": ("Livraison grue", "for", "90,00"),
    "OUVSDB": ("Salle de bains complète", "ens", "3798,04"),
    "OUVECL": ("Éclairage étage complet", "ens", "6492,16"),
}


def test_what_the_drawings_and_examples_name_is_there() -> None:
    for reference, drawn in DRAWN_ITEMS.items():
        row = catalogue()[reference]
        assert (row["label"], row["unit"], row["sale_price"]) == drawn
    assert {"TUB", "X45", "CLOIS"} <= set(catalogue())
    copper = catalogue()["TUB12"]
    assert (copper["purchase_price"], copper["stock"]) == ("5,10", "140")
    assert [catalogue()[ref]["stock"] for ref in ("TUB14", "TUB18", "RACC12")] == ["85", "0", "31"]


def test_tub_cui_finds_the_twelve_copper_tubes() -> None:
    def found(row: dict[str, str]) -> bool:
        text = " ".join(words(f"{row['reference']} {row['label']}"))
        return "tub" in text and "cui" in text

    hits = [row["reference"] for row in catalogue().values() if found(row)]
    assert len(hits) == 12
    assert all(reference.startswith("TUB") for reference in hits)


def test_an_assembly_costs_the_sum_of_its_components() -> None:
    items = {row["reference"]: row for row in rows("items")}
    sums: Counter[str] = Counter()
    for part in rows("assembly_components"):
        item = items[part["reference"]]
        ratio = parse_coefficient(part["ratio"])
        assert ratio > 0
        per = parse_quantity(item["price_per"])
        # cents × 10⁻⁶ × …: exact, all price_per here divide 1000
        price = ratio * parse_price(item["sale_price"]) * SCALE4 * 1000 // per
        sums[part["assembly"]] += price
    assert set(sums) == column("assemblies", "reference")
    for row in rows("assemblies"):
        cents = div_round(sums[row["reference"]], SCALE6 * 1000 * 100)
        assert cents == parse_cents(row["sale_price"]), row
        assert row["unit"] in column("units", "code")


def test_supplier_prices_go_down_with_the_quantity() -> None:
    previous: tuple[str, str, int, int] | None = None
    items = {row["reference"]: row for row in rows("items")}
    for row in rows("supplier_prices"):
        assert row["supplier"] in column("suppliers", "code")
        quantity, price = parse_quantity(row["from_quantity"]), parse_price(row["purchase_price"])
        same = previous is not None and previous[:2] == (row["supplier"], row["reference"])
        if same and previous is not None:
            assert quantity > previous[2] and price < previous[3], row
        else:
            assert quantity == SCALE4
        item = items[row["reference"]]
        if not same and item["supplier"] == row["supplier"]:
            assert row["purchase_price"] == item["purchase_price"], row
        assert row["price_per"] == item["price_per"]
        previous = (row["supplier"], row["reference"], quantity, price)


def test_price_rules_name_one_target_and_one_effect() -> None:
    families = column("families", "code")
    for row in rows("price_lists") + rows("customer_discounts"):
        assert bool(row["reference"]) != bool(row["family"]), row
        assert bool(row["discount"]) != bool(row["price"]), row
        assert row["reference"] in set(catalogue()) | {""}
        assert row["family"] in families | {""}
        assert parse_quantity(row["from_quantity"]) > 0
        assert parse_percent(row["discount"] or "0") + parse_price(row["price"] or "0") > 0
    assert column("price_lists", "price_list") <= codes("price_list")
    assert column("customer_discounts", "customer") <= column("customers", "code")


def test_parties_point_to_what_exists() -> None:
    users = {user["initials"] for user in company()["user"]}
    for row in rows("customers"):
        assert row["payment_terms"] in codes("payment_terms") | {""}, row
        assert row["price_list"] in codes("price_list")
        assert row["salesperson"] in users
        assert row["branch"] in codes("branch")
        assert row["invoice_party"] in column("customers", "code") | {""}
        assert parse_cents(row["credit_limit"] or "0") >= 0
    everyone = column("customers", "code") | column("suppliers", "code")
    assert column("addresses", "party") | column("contacts", "party") <= everyone
    assert column("addresses", "role") == {"billing", "delivery", "works"}
    martin = next(row for row in rows("customers") if row["code"] == "C00128")
    assert (martin["name"], martin["street"], martin["city"], martin["phone"]) == (
        "MARTIN SARL",
        "14 rue des Lilas",
        "LYON",
        "04 78 11 22 33",
    )
    default = [r for r in rows("contacts") if r["party"] == "C00128" and r["is_default"] == "1"]
    assert [(row["title"], row["name"]) for row in default] == [("M.", "Paul MARTIN")]
    assert company()["counter_customer"] in everyone


def test_the_company_points_to_what_exists() -> None:
    places = codes("establishment")
    for table in ("branch", "assignment", "site", "warehouse"):
        assert {row["establishment"] for row in company()[table]} <= places
    users = {user["initials"] for user in company()["user"]}
    assert {user["branch"] for user in company()["user"]} <= codes("branch")
    assert company()["default_user"] in users
    for favourite in company()["favourite"]:
        assert favourite["user"] in users and favourite["text"] in catalogue()
    own = company()["company"]
    assert parse_cents(own["capital"]) == 4_000_000
    for mention in ("waste_mention", "legal_mention", "quote_mention", "late_penalty", "insurer"):
        assert own[mention] == clean(own[mention]) != ""


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


FIELDS = {
    "client.nom",
    "document.numero",
    "document.objet",
    "document.date",
    "document.validite",
    "total.ht",
    "total.ttc",
    "societe.nom",
    "commercial.nom",
}


def test_letter_models_use_known_fields_and_closed_markup() -> None:
    places = Counter(model["place"] for model in models())
    assert places == {"letter": 3, "opening": 2, "closing": 2}
    assert len({(model["place"], model["name"]) for model in models()}) == len(models())
    used = set()
    for model in models():
        body = model["body"]
        fields = set(re.findall(r"\{([^}]*)\}", body))
        assert fields <= FIELDS, model["name"]
        used |= fields
        for paragraph in body.split("\n\n"):
            assert paragraph.count("**") % 2 == 0, paragraph
            assert len(re.findall(r"(?<!\w)_|_(?!\w)", paragraph)) % 2 == 0, paragraph
        assert clean(body, multiline=True) == body.strip("\n")
    assert used == FIELDS


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
