"""The demo company and the letter models: readable, coherent, and evidently invented."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable

import pytest
from demo_files import catalogue, codes, column, company, models, quotes, rows
from stdnum import ean, iban
from stdnum.be import vat as belgian_vat
from stdnum.de import vat as german_vat
from stdnum.fr import siren, siret, tva

from codial_tui.config import asset
from codial_tui.domain.money import SCALE4, SCALE6, div_round
from codial_tui.domain.paper import richtext
from codial_tui.domain.quantity import (
    parse_cents,
    parse_coefficient,
    parse_percent,
    parse_price,
    parse_quantity,
)
from codial_tui.domain.text import clean, words
from codial_tui.exchange import communes

FICTION = re.compile(
    r"(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d"  # ARCEP, for fiction
    r"|\+\d\d \d{1,2} 000 00 0\d"  # abroad: no such subscriber
)
DRAWN_PHONES = {"04 78 11 22 33", "04 72 00 11 22"}  # of the screens everyone knows
STATES = {"pending", "accepted", "refused", "dropped"}


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
    texts = [own["legal_mention"], own["quote_mention"], own["insurer"]]
    for table in ("insurance", "waste", "terms"):
        texts += company()[table].values()
    assert len(texts) == 14
    assert all(text == clean(text) != "" for text in texts)


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
    assert places == {"letter": 3, "opening": 2, "closing": 2, "line": 3}
    assert len({(model["place"], model["name"]) for model in models()}) == len(models())
    used = set()
    for model in models():
        body = model["body"]
        fields = set(re.findall(r"\{([^}]*)\}", body))
        assert fields <= FIELDS, model["name"]
        used |= fields
        runs = [run for paragraph in richtext.parse(body) for run in paragraph]
        assert not [run for run in runs if "**" in run.text or "_" in run.text], model["name"]
        assert model["place"] == "line" or any(run.bold or run.italic for run in runs)
        assert richtext.fill(richtext.parse(body), dict.fromkeys(FIELDS, "x"))[1] == []
        assert clean(body, multiline=True) == body.strip("\n")
    assert used == FIELDS
