"""Cells become typed values: one reader per type, each text → value, None when empty.

Readers raise Invalid with a problem whose `field` is empty: the caller knows the column.
Nothing is rounded and nothing is guessed: what can be read in two ways is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from codial_tui.domain import quantity
from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Invalid, invalid
from codial_tui.domain.text import clean, fold

Reader = Callable[[str], Any]

_FILL = (10_000, 1_000, 100, 10, 1)
_NO_NUMBER = frozenset(
    ("-", "–", "—", "nc", "n.c.", "n/c", "na", "n/a", "sur demande", "sur devis", "p.s.d.", "psd")
)
_CURRENCY = re.compile(r"\s*(?:€|eur(?:os?)?)?\s*(?:h\.?\s?t\.?)?$", re.IGNORECASE)
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_GROUPS = {
    ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+"),
    ".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+"),
}
_VAT_FRACTIONS = frozenset((2_000, 1_000, 550, 210, 850, 1_300))
"""0.2, 0.1, 0.055… on the scale of percents: what a spreadsheet cell in % format holds."""
_COUNTRIES = {
    "france": "fr", "fra": "fr", "belgique": "be", "suisse": "ch", "luxembourg": "lu",
    "allemagne": "de", "italie": "it", "espagne": "es", "portugal": "pt", "pays bas": "nl",
    "royaume uni": "gb", "irlande": "ie", "monaco": "mc", "andorre": "ad", "autriche": "at",
    "pologne": "pl", "danemark": "dk", "suede": "se", "norvege": "no", "finlande": "fi",
    "grece": "gr", "republique tcheque": "cz", "tchequie": "cz", "slovaquie": "sk",
    "slovenie": "si", "hongrie": "hu", "roumanie": "ro", "bulgarie": "bg", "croatie": "hr",
    "malte": "mt", "chypre": "cy", "estonie": "ee", "lettonie": "lv", "lituanie": "lt",
    "maroc": "ma", "algerie": "dz", "tunisie": "tn", "etats unis": "us", "canada": "ca",
    "chine": "cn", "guadeloupe": "gp", "martinique": "mq", "la reunion": "re", "reunion": "re",
    "guyane": "gf", "mayotte": "yt", "nouvelle caledonie": "nc", "polynesie francaise": "pf",
}  # fmt: skip
_EAN_LENGTHS = frozenset((8, 12, 13, 14))


def tidy(text: str) -> str:
    """`domain.text.clean`, with a short way for text that is clean already (nearly all)."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip(" ") if "  " not in text else clean(text)
    return clean(text)


def text_reader(name: str, limit: int) -> Reader:
    """Clean text of at most `limit` characters; `name` is the start of the problem's code."""

    def read(text: str) -> str | None:
        value = tidy(text)
        if len(value) > limit:
            raise invalid(
                f"{name}.too_long",
                f"{len(value)} caractères, {limit} au plus",
                "raccourcissez le texte dans le fichier",
            )
        return value or None

    return read


def number_reader(code: str, label: str, decimal: str) -> Reader:
    """Positive numbers in 10⁻⁴ with at most 4 decimals, written with the file's decimal sign.

    Problems: `code`.unreadable, .negative, .decimals, .ambiguous (`1.234` in a file that writes
    a decimal comma), .too_big.
    """

    def read(text: str) -> int | None:
        whole, sign, fraction = text.partition(decimal)
        if whole.isdecimal() and len(whole) < 12 and len(fraction) < 5:
            if not sign:
                return int(whole) * SCALE4
            if fraction.isdecimal():
                return int(whole) * SCALE4 + int(fraction) * _FILL[len(fraction)]
        return slowly(text)

    def slowly(text: str) -> int | None:
        bare = tidy(text)
        if not bare or bare.lower() in _NO_NUMBER:
            return None
        bare = _CURRENCY.sub("", bare, count=1)
        if _GROUPS[decimal].fullmatch(bare):
            bare = bare.replace("," if decimal == "." else ".", "")
        elif decimal not in bare and _AMBIGUOUS.fullmatch(bare):
            raise invalid(f"{code}.ambiguous", f"{label} : milliers ou décimales ?")
        try:
            value = quantity.parse(bare, SCALE4, 4)
        except Invalid as error:
            kind = error.problems[0].code.partition(".")[2]
            raise invalid(f"{code}.{kind}", f"{label} {_why(kind, bare)}") from error
        if value < 0:
            raise invalid(f"{code}.negative", f"{label} négatif")
        return value

    return read


def _why(kind: str, text: str) -> str:
    if kind == "decimals":
        return ": plus de 4 décimales"
    if kind == "too_big":
        return "trop grand"
    if text.count(",") > 1:
        return ": deux virgules"
    return ": deux points" if text.count(".") > 1 else "illisible"


def vat_rate_reader(decimal: str) -> Reader:
    """A VAT rate as a ratio in 10⁻⁶: `20`, `5,5 %`, `0,2` (a spreadsheet's 20 %)."""
    number = number_reader("vat_rate", "TVA", decimal)

    def read(text: str) -> int | None:
        value: int | None = number(text.replace("%", ""))
        if value is None:
            return None
        if value in _VAT_FRACTIONS:
            value *= 100
        if value > 100 * SCALE4:
            raise invalid("vat_rate.unreadable", "TVA : plus de 100 %")
        return value  # percents in 10⁻⁴ are ratios in 10⁻⁶

    return read


def ean(text: str) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits with the right check digit (GS1 General Specifications
    §7.9). Own arithmetic: python-stdnum agrees (a test) and takes nine times as long."""
    digits = text if text.isdecimal() else re.sub(r"[\s-]", "", tidy(text))
    if not digits.strip("0"):
        return None
    if not (digits.isascii() and digits.isdecimal()):
        raise invalid("ean.unreadable", "EAN : des chiffres seulement")
    if len(digits) not in _EAN_LENGTHS:
        raise invalid("ean.length", f"EAN : {len(digits)} chiffres", "8, 12, 13 ou 14 chiffres")
    codes = digits.encode()
    total = sum(codes[-1::-2]) + 3 * sum(codes[-2::-2])
    zeros = 48 * ((len(codes) + 1) // 2 + 3 * (len(codes) // 2))
    if (total - zeros) % 10:
        raise invalid("ean.check_digit", "EAN : clé fausse")
    return digits


def day(text: str) -> str | None:
    """A date as ISO text: `16/03/2011`, `2011-03-16`, `20110316`, with or without a time."""
    bare = tidy(text).partition(" ")[0].partition("T")[0]
    if not bare:
        return None
    for pattern, order in (
        (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", (3, 2, 1)),
        (r"(\d{4})-?(\d{2})-?(\d{2})", (1, 2, 3)),
    ):
        if match := re.fullmatch(pattern, bare):
            try:
                return date(*(int(match.group(index)) for index in order)).isoformat()
            except ValueError:
                break
    raise invalid("date.unreadable", "date illisible", "jj/mm/aaaa")


def flag(text: str) -> bool | None:
    """Yes or no: `oui`, `O`, `1`, `x`, `non`, `N`, `0`."""
    word = fold(tidy(text))
    if word in ("oui", "o", "1", "x", "vrai", "true", "yes", "y"):
        return True
    if word in ("non", "n", "0", "faux", "false", "no"):
        return False
    if not word:
        return None
    raise invalid("flag.unreadable", "oui ou non attendu")


def country(text: str) -> str | None:
    """A country as its two letters (ISO 3166-1): `FR`, `France`, `Belgique`."""
    word = fold(tidy(text)).replace("-", " ")
    if not word:
        return None
    code = _COUNTRIES.get(word, word)
    if not re.fullmatch(r"[a-z]{2}", code):
        raise invalid("country.unknown", "pays inconnu", "donnez son code, par exemple BE")
    return code.upper()


def siren(text: str) -> str | None:
    """Nine digits with the right key, through python-stdnum."""
    from stdnum.fr import siren as rule

    return _identifier(text, rule, "siren", "SIREN")


def siret(text: str) -> str | None:
    """Fourteen digits with the right key (La Poste has its own rule), through python-stdnum."""
    from stdnum.fr import siret as rule

    return _identifier(text, rule, "siret", "SIRET")


def vat_number(text: str) -> str | None:
    """An EU VAT number with its country prefix; other countries' are taken as they stand."""
    from stdnum.eu import vat as rule

    value = re.sub(r"[\s.-]", "", tidy(text)).upper()
    if value[:2].isdecimal():
        value = f"FR{value}"  # the key alone: written without its prefix
    if value[:2].lower() not in {*rule.MEMBER_STATES, "el"}:
        return value or None
    return _identifier(value, rule, "vat_number", "n° de TVA")


def _identifier(text: str, rule: Any, code: str, label: str) -> str | None:
    from stdnum.exceptions import ValidationError

    value = re.sub(r"[\s.-]", "", tidy(text))
    if not value:
        return None
    try:
        return str(rule.validate(value))
    except ValidationError as error:
        raise invalid(f"{code}.invalid", f"{label} : faux") from error
