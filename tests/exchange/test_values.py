"""Cells: what is read, what is refused, and that nothing is ever read as something else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean as stdnum_ean

from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import decimal_text
from codial_tui.domain.text import clean
from codial_tui.exchange import values
from codial_tui.exchange.workbook import cell_text

PRICE = values.number_reader("price", "prix", ",")
POINT = values.number_reader("price", "prix", ".")


def refused(read: values.Reader, text: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        read(text)
    problem = caught.value.problems[0]
    return problem.code, problem.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("44,38", 443_800),
        ("0,00", 0),
        ("7", 70_000),
        ("1 234,5", 12_345_000),
        ("1\u202f234,50 €", 12_345_000),
        ("12,50 € HT", 125_000),
        ("12,5EUR", 125_000),
        ("1.234,56", 12_345_600),
        ("12.50", 125_000),
        ("0.125", 1_250),
        ("1,50000", 15_000),
        (",5", 5_000),
        ("", None),
        ("  ", None),
        ("-", None),
        ("NC", None),
        ("sur devis", None),
    ],
)
def test_a_price_is_read_in_ten_thousandths(text: str, expected: int | None) -> None:
    assert PRICE(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("2,849,83", "price.unreadable", "prix : deux virgules"),
        ("1.2.3", "price.unreadable", "prix : deux points"),
        ("4A,10", "price.unreadable", "prix illisible"),
        ("1E5", "price.unreadable", "prix illisible"),
        ("½", "price.unreadable", "prix illisible"),
        ("1 23,4", "price.unreadable", "prix illisible"),
        ("-3,10", "price.negative", "prix négatif"),
        ("1,23456", "price.decimals", "prix : plus de 4 décimales"),
        ("1.234", "price.ambiguous", "prix : milliers ou décimales ?"),
        ("99999999999999999", "price.too_big", "prix trop grand"),
        ("9" * 5000, "price.too_big", "prix trop grand"),
    ],
)
def test_a_price_that_is_not_sure_is_refused(text: str, code: str, message: str) -> None:
    assert refused(PRICE, text) == (code, message)


def test_the_decimal_sign_of_the_file_decides() -> None:
    assert POINT("1.2345") == 12_345
    assert POINT("1,234.56") == 12_345_600
    assert refused(POINT, "1,234")[0] == "price.ambiguous"


@given(st.integers(0, 10**13))
def test_what_is_written_is_what_is_read(value: int) -> None:
    text = decimal_text(value, 10_000)
    assert POINT(text) == value
    assert PRICE(text.replace(".", ",")) == value


@given(st.text())
def test_the_short_way_of_tidy_is_clean(text: str) -> None:
    assert values.tidy(text) == clean(text)


@given(st.floats(0, 1e9).map(lambda value: round(value, 4)))
def test_a_spreadsheet_number_keeps_its_decimals(value: float) -> None:
    assert Decimal(cell_text(value).replace(",", ".")) == Decimal(repr(value))


def test_float_noise_goes_and_precision_stays() -> None:
    assert cell_text(0.1 + 0.2) == "0,3"
    assert cell_text(1.1 * 3) == "3,3"
    assert cell_text(3400949497294.0) == "3400949497294"
    assert cell_text(12.34567) == "12,34567"
    assert refused(PRICE, cell_text(12.34567))[0] == "price.decimals"
    assert cell_text(True) == "oui"
    assert cell_text(float("nan")) == "nan"
    assert refused(PRICE, cell_text(float("inf")))[0] == "price.unreadable"


@pytest.mark.parametrize(
    ("text", "ratio"),
    [("20", 200_000), ("20 %", 200_000), ("5,5%", 55_000), ("0,2", 200_000), ("0,055", 55_000),
     ("2,1", 21_000), ("0", 0), ("", None)],
)  # fmt: skip
def test_a_vat_rate_is_a_ratio(text: str, ratio: int | None) -> None:
    assert values.vat_rate_reader(",")(text) == ratio


def test_a_vat_rate_over_a_hundred_is_refused() -> None:
    assert refused(values.vat_rate_reader(","), "120")[0] == "vat_rate.unreadable"


@given(st.text("0123456789", min_size=7, max_size=13).filter(lambda digits: digits.strip("0")))
def test_check_digits_agree_with_python_stdnum(digits: str) -> None:
    if len(digits) not in (7, 11, 12, 13):
        return
    right = digits + stdnum_ean.calc_check_digit(digits)
    assert values.ean(right) == right
    wrong = digits + str((int(right[-1]) + 1) % 10)
    if wrong.strip("0"):
        assert refused(values.ean, wrong) == ("ean.check_digit", "EAN : clé fausse")


def test_barcodes_that_are_none() -> None:
    assert values.ean("3 400949-497294") == "3400949497294"
    assert values.ean("0000000000000") is None
    assert refused(values.ean, "123")[0] == "ean.length"
    assert refused(values.ean, "3,40095E+12")[0] == "ean.unreadable"
    assert refused(values.ean, "³400949497294")[0] == "ean.unreadable"


def test_days() -> None:
    assert values.day("16/03/2011") == "2011-03-16"
    assert values.day("2011-03-16 00:00:00") == "2011-03-16"
    assert values.day("20110316") == "2011-03-16"
    assert values.day("") is None
    assert refused(values.day, "31/02/2011")[0] == "date.unreadable"
    assert refused(values.day, "03/16/2011")[0] == "date.unreadable"


def test_company_numbers() -> None:
    assert values.siren("732 829 320") == "732829320"
    assert values.siret("732 829 320 00074") == "73282932000074"
    assert values.vat_number("fr 44 732 829 320") == "FR44732829320"
    assert values.vat_number("CHE123") == "CHE123"
    assert values.vat_number("44 732829320") == "FR44732829320"
    assert refused(values.vat_number, "20")[0] == "vat_number.invalid"
    assert refused(values.siren, "732829321")[0] == "siren.invalid"
    assert refused(values.siret, "73282932000075")[0] == "siret.invalid"
    assert refused(values.vat_number, "FR45732829320")[0] == "vat_number.invalid"
    assert refused(values.vat_number, "FR" + "9" * 4000)[0] == "vat_number.invalid"


def test_countries() -> None:
    assert [values.country(text) for text in ("France", "fr", "PAYS-BAS", "Réunion", "")] == [
        "FR", "FR", "NL", "RE", None,
    ]  # fmt: skip
    assert refused(values.country, "Frnace")[0] == "country.unknown"


def test_a_text_over_its_limit_is_refused() -> None:
    read = values.text_reader("label", 2000)
    assert read("a" * 2000) == "a" * 2000
    assert refused(read, "a" * 2001)[0] == "label.too_long"
    assert read("Tube\x1b]52;c;AAAA\x07 Ø12") == "Tube Ø12"
