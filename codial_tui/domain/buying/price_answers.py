"""What suppliers answered to a price request, compared line by line (domain.md §7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from codial_tui.domain.document import Line
from codial_tui.domain.lines.lines import line_amount
from codial_tui.domain.money import SCALE6
from codial_tui.domain.problems import invalid
from codial_tui.domain.quantity import parse_percent, parse_price, parse_quantity
from codial_tui.domain.text import fold

DELAY_MAX = 3_650
"""Days; more is a typing error."""


class Said(NamedTuple):
    """What one line of an answer says. price: 10⁻⁴ for the line's price_per, before the discount
    (10⁻⁶); minimum: 10⁻⁴; delay_days: None when they do not say; declined: they do not supply
    it."""

    price: int = 0
    discount: int = 0
    minimum: int = 0
    delay_days: int | None = None
    declined: bool = False


class Answer(NamedTuple):
    """What a supplier says of a line, and whether it is taken there."""

    supplier_id: int
    line_uid: str
    said: Said
    chosen: bool = False


class Offered(NamedTuple):
    """An answer beside the others. quantity (10⁻⁴): what would be ordered, their minimum at
    least; amount: cents in the document's price mode; best: nobody is cheaper."""

    answer: Answer
    quantity: int
    amount: int
    best: bool


class Summary(NamedTuple):
    """A supplier over all lines. amount: cents of what they answered; missing: lines they said
    nothing of; declined: lines they do not supply; chosen: cents of what is taken there."""

    amount: int
    missing: int
    declined: int
    chosen: int


def ordered(line: Line, said: Said) -> Line:
    """The line as it would be ordered at an answer, its amount worked out."""
    found = replace(
        line,
        quantity=max(line.quantity, said.minimum),
        unit_price=said.price,
        price_forced=0,
        discounts=(said.discount,) if said.discount else (),
        discount_amount=0,
        basis="computed",
    )
    found.amount = line_amount(found)
    return found


def compare(lines: Iterable[Line], answers: Iterable[Answer]) -> dict[str, dict[int, Offered]]:
    """By line uid and supplier: what was offered, the cheapest marked. Who declines offers
    nothing. Equal amounts are all the best: a delay may decide."""
    by_line: dict[str, list[Answer]] = {}
    for one in answers:
        by_line.setdefault(one.line_uid, []).append(one)
    found: dict[str, dict[int, Offered]] = {}
    for line in lines:
        offers = {}
        for one in by_line.get(line.uid, ()):
            if not one.said.declined:
                made = ordered(line, one.said)
                offers[one.supplier_id] = Offered(one, made.quantity, made.amount, False)
        least = min((one.amount for one in offers.values()), default=0)
        found[line.uid] = {
            who: one._replace(best=one.amount == least) for who, one in offers.items()
        }
    return found


def summary(lines: Sequence[Line], answers: Iterable[Answer], supplier_id: int) -> Summary:
    """What a supplier answered over all lines."""
    own = {one.line_uid: one for one in answers if one.supplier_id == supplier_id}
    amount = missing = declined = chosen = 0
    for line in lines:
        one = own.get(line.uid)
        if one is None:
            missing += 1
        elif one.said.declined:
            declined += 1
        else:
            cents = ordered(line, one.said).amount
            amount += cents
            chosen += cents if one.chosen else 0
    return Summary(amount, missing, declined, chosen)


def cheapest(compared: Mapping[str, Mapping[int, Offered]]) -> dict[str, int]:
    """By line uid, the supplier who is cheapest; among equals the quickest, then the one asked
    first (the order of the answers)."""
    found = {}
    for uid, offers in compared.items():
        best = [one for one in offers.values() if one.best]
        if best:
            found[uid] = min(best, key=_wait).answer.supplier_id
    return found


def _wait(one: Offered) -> int:
    days = one.answer.said.delay_days
    return DELAY_MAX + 1 if days is None else days


_DECLINED = frozenset(("-", "non", "nf", "ne fournit pas"))
_DELAY = re.compile(r"(\d+)j(?:ours?)?$")
_MINIMUM = re.compile(r"min(?:imum)?\.?\s*=?\s*(\S+)$")
EXAMPLE = "12,50 -5% 8j min 10, ou non"


def read(text: str, decimals: int = 4) -> Said:
    """What was typed for a line: price, then in any order a discount `-5%`, a delay `8j`, a
    minimum `min 10`; `non` when they do not supply it. decimals: of the document's prices. Raises
    Invalid."""
    words = fold(text).replace("min ", "min").split()
    if not words:
        raise invalid("answer.empty", "Aucun prix", EXAMPLE, "price")
    if " ".join(words) in _DECLINED:
        return Said(declined=True)
    said = Said(_price(words[0], decimals))
    for word in words[1:]:
        if word.endswith("%"):
            discount = parse_percent(word.lstrip("-").removesuffix("%"))
            if not 0 <= discount < SCALE6:
                raise invalid("answer.discount", f"Remise {word} impossible", EXAMPLE, "discount")
            said = said._replace(discount=discount)
        elif match := _DELAY.match(word):
            said = said._replace(delay_days=days(match[1]))
        elif match := _MINIMUM.match(word):
            said = said._replace(minimum=_quantity(match[1]))
        else:
            raise invalid("answer.word", f"« {word} » n'est pas compris", EXAMPLE, "price")
    return said


def _price(word: str, decimals: int) -> int:
    price = parse_price(word.removesuffix("€").lstrip("x"), decimals)
    if price <= 0:
        said = "Un prix est au-dessus de zéro"
        raise invalid("answer.price", said, "« non » : ne fournit pas", "price")
    return price


def _quantity(word: str) -> int:
    found = parse_quantity(word)
    if found < 0:
        raise invalid("answer.minimum", f"Minimum {word} impossible", EXAMPLE, "minimum")
    return found


def days(word: str) -> int:
    """A delay in days. Raises Invalid."""
    if not word.isdecimal() or len(word) > 4 or int(word) > DELAY_MAX:
        said = f"Délai « {word} » impossible"
        raise invalid("answer.delay", said, f"de 0 à {DELAY_MAX} jours", "delay_days")
    return int(word)
