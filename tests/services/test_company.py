"""A new company: its reference data, once, checked; VAT rates as data."""

from datetime import UTC, datetime

import pytest

from codial_tui.bootstrap import start
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.records import company, parties, settings


@pytest.fixture
def context(database: Database) -> Context:
    clock = lambda: datetime(2026, 11, 22, 11, 0, tzinfo=UTC)  # noqa: E731
    return start(database, program="test", clock=clock, login="claire")


def test_a_company_starts_with_what_every_document_needs(context: Context) -> None:
    company.init(context, " Essai\x1b[31m ", siren="123 456 782", city="LYON")
    stored = settings.company(context)
    assert (stored["name"], stored["siren"]) == ("Essai", "123456782")
    assert stored["vat_number"] == "FR11123456782"
    rows = context.database.rows
    assert rows("SELECT code, rate FROM vat_rate ORDER BY position") == [
        ("20", 200_000),
        ("10", 100_000),
        ("5,5", 55_000),
        ("2,1", 21_000),
        ("0", 0),
    ]
    assert rows("SELECT code, name, is_default FROM establishment") == [("1", "LYON", 1)]
    assert rows("SELECT code FROM warehouse") == [("1",)]
    assert len(rows("SELECT 1 FROM vat_regime")) == 7
    assert len(rows("SELECT 1 FROM payment_terms")) == 5
    assert context.user.role == "admin"


def test_units_have_the_codes_of_e_invoices(context: Context) -> None:
    """UN/ECE recommendation 20, whose packages of recommendation 21 begin with X."""
    company.init(context, "Essai")
    codes = dict(context.database.rows("SELECT code, unece FROM unit"))
    assert (codes["u"], codes["ml"], codes["h"]) == ("C62", "MTR", "HUR")
    assert [codes[name] for name in ("sac", "big", "cou", "bte")] == ["XBG", "XBG", "XRO", "XBX"]


def test_letter_and_text_models_come_with_the_company(context: Context) -> None:
    company.init(context, "Essai")
    rows = context.database.rows
    assert rows("SELECT name, kind FROM letter_model ORDER BY position") == [
        ("Devis de travaux", "quote"),
        ("Offre de prix", "quote"),
        ("Relance d'un devis", "quote"),
    ]
    places = rows("SELECT place, COUNT(*) FROM text_model GROUP BY place ORDER BY place")
    assert places == [("closing", 2), ("line", 3), ("opening", 2)]


def test_a_second_company_is_refused_and_the_first_stays(context: Context) -> None:
    company.init(context, "Première")
    with pytest.raises(Refused) as refused:
        company.init(context, "Seconde")
    assert refused.value.problems[0].code == "company.exists"
    assert settings.company(context)["name"] == "Première"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "party.name"),
        ({"name": "A", "siren": "123456789"}, "siren.invalid"),
        ({"name": "A", "siren": "123456782", "siret": "12345678200011"}, "siret.invalid"),
        ({"name": "A", "edition": "magic"}, "constraint.check"),
    ],
)
def test_a_wrong_company_leaves_nothing(
    context: Context, values: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        company.init(context, **values)
    assert refused.value.problems[0].code == code
    for table in ("company", "establishment", "vat_rate", "unit", "letter_model"):
        assert context.database.value(f"SELECT COUNT(*) FROM {table}") == 0


def test_communes_load_once(context: Context) -> None:
    count = company.load_communes(context)
    assert count > 35_000
    assert company.load_communes(context) == count
    towns = context.database.rows("SELECT name FROM commune WHERE postcode = '69003'")
    assert towns == [("LYON",)]


def test_vat_rates_are_data(context: Context) -> None:
    company.init(context, "Essai")
    company.add_rate(context, 85_000, "La Réunion")
    row = context.database.row("SELECT code, label, category FROM vat_rate WHERE rate = 85000")
    assert row == ("8,5", "La Réunion", "S")
    for rate, code in ((85_000, "vat_rate.exists"), (1_000_001, "vat_rate.range")):
        with pytest.raises(Refused) as refused:
            company.add_rate(context, rate)
        assert refused.value.problems[0].code == code


def test_a_regime_brings_the_words_to_print(context: Context) -> None:
    company.init(context, "Essai")
    assert settings.regime_values(context, "reverse_charge", 200_000) == {
        "vat_category": "AE",
        "vat_rate": 0,
        "vat_mention": "Autoliquidation, article 283-2 nonies du CGI",
    }
    normal = settings.regime_values(context, "normal", 100_000)
    assert normal == {"vat_category": "S", "vat_rate": 100_000, "vat_mention": ""}


def test_documents_count_as_the_company_does(context: Context) -> None:
    own = {"price_mode": "gross", "price_decimals": 3, "vat_rounding": "line"}
    company.init(context, "Essai", vat_regime="franchise", **own)
    party = parties.create(context, {"name": "MARTIN"})
    abroad = parties.create(context, {"name": "DUPONT", "vat_regime": "export"})
    for found in (documents.blank(context, "quote"), documents.blank(context, "quote", party)):
        assert {name: found.header[name] for name in own} == own
        assert (found.text("vat_regime"), found.text("vat_category")) == ("franchise", "E")
        assert found.number("vat_rate") == 0
        assert found.text("vat_mention") == "TVA non applicable, art. 293 B du CGI"
    assert documents.blank(context, "quote", abroad).text("vat_category") == "G"


def test_a_document_before_there_is_a_company_is_french_and_net(context: Context) -> None:
    header = documents.blank(context, "quote").header
    names = ("price_mode", "price_decimals", "vat_regime", "vat_category", "vat_rate")
    assert [header[name] for name in names] == ["net", 2, "normal", "S", 200_000]
