"""The fields of DATANORM records: what they mean, and the article they add up to."""

from __future__ import annotations

from collections.abc import Iterator

from codial_tui.domain.money import CENT, div_round, in_bounds
from codial_tui.domain.problems import Invalid, Problem, invalid

from . import values
from .fields import REFERENCE_LIMIT
from .formats import NOTHING, Row, Value
from .units import unit_label

LONG_LIMIT = 20_000

_PRICE_UNITS_4 = {"": 1, "0": 1, "1": 10, "2": 100, "3": 1000}
_NET = "2"


class Article:
    """An article in hand: its values until the next one comes."""

    def __init__(self, number: int, reference: str, *, partial: bool = False) -> None:
        self.number, self.reference, self.partial = number, reference, partial
        self.values: dict[str, Value] = {"reference": reference} if reference else {}
        self.problems: list[Problem] = []
        self.raw: dict[str, str] = {}
        self.steps: list[tuple[int, int]] = []
        self.text_key = ""
        self.text: list[str] = []
        self.dimensions: list[str] = []

    def take(self, name: str, read: values.Reader, text: str) -> None:
        """Read a field; what cannot be read is a problem of the row."""
        try:
            value = read(text)
        except Invalid as error:
            self.raw[name] = text
            self.problems += [Problem(p.code, name, p.message, p.remedy) for p in error.problems]
        else:
            if value is not None:
                self.values[name] = value

    def warn(self, code: str, name: str, message: str) -> None:
        self.problems.append(Problem(code, name, message, level="warning"))

    def row(self) -> Row:
        if self.steps:
            ordered = tuple(sorted(dict(self.steps).items()))
            if len(ordered) < len(set(self.steps)):
                self.problems.append(
                    Problem("price_step.twice", "price_steps", "deux prix pour la même quantité")
                )
            self.values["price_steps"] = ordered
        if self.text or self.dimensions:
            self.take("long_label", _long_text, "\n".join((*self.text, *self.dimensions)))
        if not self.reference:
            self.problems.append(Problem("reference.missing", "reference", "Référence absente"))
        return Row(
            self.number, self.values, tuple(self.problems), self.raw or NOTHING, self.partial
        )


def price_rows(number: int, cells: list[str]) -> Iterator[Row]:
    """A P record: up to three articles, each reference, price kind, cents, three discounts."""
    for start in range(2, 29, 9):
        block = (cells + [""] * 9)[start : start + 9]
        if not block[0].strip():
            continue
        article = Article(number, short_reference(block[0]), partial=True)
        article.take("price", cents, block[2])
        price = article.values.get("price")
        if not isinstance(price, int) or not price:
            article.values.pop("price", None)
        else:
            article.values["price_kind"] = "net" if block[1].strip() == _NET else "gross"
            _discount(article, price, block[3:9])
        yield article.row()


def _discount(article: Article, price: int, pairs: list[str]) -> None:
    """The purchase price after up to three discounts: kind 1 a percentage in hundredths, 2 a
    multiplier in thousandths, 3 a surcharge in hundredths of a percent; 0, a discount group, is
    the supplier's secret."""
    numerator, denominator = price, 1
    for kind, amount in zip(pairs[::2], pairs[1::2], strict=True):
        kind, rate = kind.strip(), whole(amount)
        if not kind or not rate:
            continue
        if kind == "1" and rate <= 10_000:
            numerator, denominator = numerator * (10_000 - rate), denominator * 10_000
        elif kind == "2":
            numerator, denominator = numerator * rate, denominator * 1_000
        elif kind == "3":
            numerator, denominator = numerator * (10_000 + rate), denominator * 10_000
        else:
            article.warn(
                "datanorm.discount_group", "purchase_price", "remise de groupe non reprise"
            )
            return
    if denominator > 1:
        article.values["purchase_price"] = div_round(numerator, denominator)


def header(line: str) -> tuple[str, str | None]:
    """(currency, date of the prices) of a V record."""
    cells = line.split(";")
    if len(cells) > 4:
        currency, written = cells[4], cells[3]
    else:
        currency, written = line[125:128], f"20{line[6:8]}{line[4:6]}{line[2:4]}"
    try:
        return currency.strip().upper(), values.day(written)
    except Invalid:
        return currency.strip().upper(), None


def cents(text: str) -> int | None:
    """Whole cents as 10⁻⁴."""
    bare = text.strip()
    if not bare:
        return None
    if bare.startswith("-") and bare[1:].isdecimal():
        raise invalid("price.negative", "prix négatif")
    if not (bare.isascii() and bare.isdecimal()):
        raise invalid("price.unreadable", "prix illisible", "des centimes entiers")
    value = int(bare[:30]) * CENT
    if len(bare) > 20 or not in_bounds(value):
        raise invalid("price.too_big", "prix trop grand")
    return value


def price_unit(text: str, is_5: bool) -> int | None:
    bare = text.strip()
    if not is_5:
        return _PRICE_UNITS_4.get(bare)
    return (
        int(bare)
        if bare.isdecimal() and int(bare[:9]) > 0 and len(bare) < 9
        else (None if bare else 1)
    )


def whole(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() and len(text) < 12 else None


def short_reference(text: str) -> str:
    return values.tidy(text)[:REFERENCE_LIMIT]


def unit(code: str) -> str | None:
    return values.tidy(unit_label(code))[:255] or None


def _long_text(text: str) -> str | None:
    if len(text) > LONG_LIMIT:
        raise invalid("long_label.too_long", f"texte de plus de {LONG_LIMIT} caractères")
    return text.strip() or None
