"""What an import decides without a database: which price is meant, when one is suspicious,
what a country is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from .money import SCALE4, div_round
from .problems import Problem, invalid
from .quantity import format_price
from .text import fold

Outcome = Literal["added", "changed", "unchanged", "refused", "held", "ignored"]
"""What becomes of a row of the file. held: it could be taken, but somebody must look at it
first (a price that falls by 80 %); refused and held rows are left out."""

TAKEN: tuple[Outcome, ...] = ("added", "changed")
REVIEWED: tuple[Outcome, ...] = ("refused", "held")

PRICES = ("price", "sale_price", "purchase_price")
_PRICES = frozenset(PRICES)
SUSPICIOUS_DROP = 80
"""Percent. A price list that falls by this much was misread, or is for another quantity."""

_COUNTRIES = {
    "FR": ("france", "fra", "france metropolitaine"),
    "BE": ("belgique", "belgium", "bel"),
    "CH": ("suisse", "switzerland", "che"),
    "LU": ("luxembourg", "lux"),
    "DE": ("allemagne", "germany", "deutschland", "deu"),
    "IT": ("italie", "italy", "italia", "ita"),
    "ES": ("espagne", "spain", "espana", "esp"),
    "PT": ("portugal", "prt"),
    "NL": ("pays-bas", "pays bas", "netherlands", "nld"),
    "GB": ("royaume-uni", "royaume uni", "united kingdom", "angleterre", "gbr", "uk"),
    "IE": ("irlande", "ireland", "irl"),
    "AT": ("autriche", "austria", "aut"),
    "PL": ("pologne", "poland", "pol"),
    "MC": ("monaco", "mco"),
    "AD": ("andorre", "andorra", "and"),
    "RE": ("reunion", "la reunion"),
    "GP": ("guadeloupe",),
    "MQ": ("martinique",),
    "GF": ("guyane", "guyane francaise"),
    "US": ("etats-unis", "etats unis", "usa", "united states"),
    "MA": ("maroc", "morocco"),
    "TN": ("tunisie", "tunisia"),
    "DZ": ("algerie", "algeria"),
}
_COUNTRY_OF = {name: code for code, names in _COUNTRIES.items() for name in names}


def settle_prices(values: Mapping[str, Any], *, supplier: bool) -> dict[str, Any]:
    """Give the bare price its side (cli.md): selling, or under a supplier purchase.

    An explicit purchase price beats it. Under a supplier, the only price a row has is that
    supplier's whatever its column is called. Price kinds of DATANORM are not kept.
    """
    settled = {name: value for name, value in values.items() if name not in ("price", "price_kind")}
    bare = values.get("price")
    side = "purchase_price" if supplier else "sale_price"
    if bare is not None:
        settled.setdefault(side, bare)
    elif supplier and "purchase_price" not in settled and "sale_price" in settled:
        settled["purchase_price"] = settled.pop("sale_price")
    return settled


def has_price(values: Mapping[str, Any]) -> bool:
    return not _PRICES.isdisjoint(values)


def rescaled(price: int, per: int, new_per: int) -> int:
    """A price (10⁻⁴) for `per` as a price for `new_per` (10⁻⁴ each)."""
    return price if per == new_per else div_round(price * new_per, per)


def price_drop(
    name: str, old: int, new: int, old_per: int = SCALE4, new_per: int = SCALE4
) -> Problem | None:
    """The problem of a price that falls by 80 % or more; None when there was no price before."""
    before, after = old * new_per, new * old_per
    if before <= 0 or after * 100 > before * (100 - SUSPICIOUS_DROP):
        return None
    percent = (before - after) * 100 // before
    return Problem(
        "price.drop",
        name,
        f"prix -{percent} % ({format_price(old)})",
        "corrigez, ou acceptez la ligne",
        level="warning",
    )


def country_code(text: str) -> str:
    """The ISO 3166 code of a country's code or French name. Raises Invalid `country.unknown`."""
    bare = fold(text).strip(" .")
    if found := _COUNTRY_OF.get(bare):
        return found
    if len(bare) == 2 and bare.isascii() and bare.isalpha():
        return bare.upper()
    raise invalid("country.unknown", "pays inconnu", "deux lettres, par exemple FR", "country")


def item_search_text(reference: str, label: str, ean: str, *supplier_references: str) -> str:
    """The folded text an item is found by; label may be folded already."""
    return fold(" ".join(filter(None, (reference, label, ean, *supplier_references))))
