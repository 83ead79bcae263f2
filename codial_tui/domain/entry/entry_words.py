"""Words, numbers and parameters of the typing line (ux.md §3, rules 5, 6 and 8).

After a reference or a free designation stand, in any order and each once, a quantity, a price
`x8,45` and discounts `-10%-5%`. Nothing is rounded, nothing is guessed: what cannot be read is
refused with the word that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from codial_tui.domain.money import SCALE4, SCALE6
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.quantity import format_scaled, parse_plain

MOST = 10**9 * SCALE4
"""Largest quantity (units) and unit price (euros) of the typing line, both in 10⁻⁴."""

NO_BREAK = "\u00a0\u202f"
_DROP_NO_BREAK = str.maketrans("", "", NO_BREAK)
_NUMBER = rf"[<>]?-?[xX]?[0-9][0-9.,]*(?:[{NO_BREAK}]+[0-9][0-9.,]*)*(?:[{NO_BREAK}]+%)?"
_WORD = re.compile(rf"{_NUMBER}\S*|\S+")
_NUMERIC = re.compile(r"[0-9]|-|[xX][0-9]")
_PRICE = re.compile(r"[xX][0-9]")
_DISCOUNTS = re.compile(r"(?:-[0-9.,]+%)+")
_DISCOUNT_LIKE = re.compile(r"[-0-9.,%]+")
_PLAIN = re.compile(r"-?[0-9.,]+")

Host = Literal["item", "free", "repeat"]
"""What the parameters stand behind: it decides units, and what a stray word is told."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line and where it stands (offsets in the cleaned line). The no-break
    spaces that come with a pasted number are dropped from `text`."""

    text: str
    start: int
    end: int

    @property
    def quoted(self) -> str:
        """The word for a message, at most 24 characters of it."""
        return self.text if len(self.text) <= 24 else f"{self.text[:23]}…"

    @property
    def numeric(self) -> bool:
        """Starts like a number (digit, `-`, `x` + digit): a parameter, or refused."""
        return bool(_NUMERIC.match(self.text))


class Refusal(Exception):
    """Carries the problem of a refused line, and the place of the wrong part, to the parser."""

    def __init__(self, problem: Problem, start: int, end: int) -> None:
        super().__init__(problem.text)
        self.problem = problem
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Parameters:
    """quantity and unit_price in 10⁻⁴, discounts in 10⁻⁶; None = not given."""

    quantity: int | None = None
    unit: str = ""
    unit_price: int | None = None
    discounts: tuple[int, ...] = ()


def refuse(word: Word, code: str, message: str, remedy: str = "") -> Refusal:
    """The refusal of one word: `field` is the word itself, for the screen to mark."""
    return Refusal(Problem(code, word.text, message, remedy), word.start, word.end)


def refuse_all(line: str, code: str, message: str, remedy: str) -> Refusal:
    """The refusal of the whole line."""
    return refuse(Word(line, 0, len(line)), code, message, remedy)


def split_words(line: str, start: int = 0) -> tuple[Word, ...]:
    """The words of the line from `start` on. Any blank parts them, except a no-break space
    between the digits of a number or before its `%`."""
    return tuple(
        Word(match.group().translate(_DROP_NO_BREAK), match.start(), match.end())
        for match in _WORD.finditer(line, start)
    )


def read_parameters(
    words: Sequence[Word],
    *,
    host: Host,
    price_decimals: int,
    count: int | None = None,
) -> Parameters:
    """Parameters in any order, each once; `count` is a leading count already taken (10⁻⁴).

    Raises Refusal with the first word that cannot stand.
    """
    quantity = count
    quantity_word: Word | None = None
    price: int | None = None
    discounts: tuple[int, ...] | None = None
    unit = ""
    previous_is_quantity = False
    for word in words:
        if previous_is_quantity and host == "free" and not word.numeric:
            unit, previous_is_quantity = word.text, False
            continue
        previous_is_quantity = False
        if not word.numeric:
            raise _stray(word, host)
        if _DISCOUNTS.fullmatch(word.text):
            if discounts is not None:
                raise refuse(
                    word,
                    "discount.twice",
                    "remise donnée deux fois",
                    "collez une cascade : -10%-5%",
                )
            discounts = _read_discounts(word)
        elif _PRICE.match(word.text):
            value = _read_number(word, word.text[1:], price_decimals, host)
            if price is not None:
                raise refuse(word, "price.twice", "prix donné deux fois", "gardez-en un")
            price = within_bounds(value, word, "price", "prix trop grand")
        else:
            value = _read_number(word, word.text, 4, host)
            if quantity is not None:
                raise _second_quantity(word, quantity_word)
            quantity = within_bounds(value, word, "quantity", "quantité trop grande")
            quantity_word, previous_is_quantity = word, True
    return Parameters(quantity, unit, price, discounts or ())


def read_factor(word: Word) -> int:
    """One number of a leading count, in 10⁻⁴. Raises Refusal."""
    return _read_number(word, word.text, 4, "item")


def within_bounds(value: int, word: Word, name: str, message: str) -> int:
    """The value, or a Refusal when it is beyond ±MOST."""
    if abs(value) > MOST:
        most = format_scaled(MOST, SCALE4, 4, minimum=0)
        raise refuse(word, f"{name}.too_big", message, f"{most} au plus")
    return value


def _read_discounts(word: Word) -> tuple[int, ...]:
    """`-10%-5%` as ratios in 10⁻⁶."""
    percents = word.text.removesuffix("%").split("%")
    ratios = tuple(_parse(word, text.removeprefix("-"), SCALE6 // 100, 4) for text in percents)
    if any(ratio > SCALE6 for ratio in ratios):
        raise refuse(word, "discount.too_big", "une remise va de 0 à 100 %")
    return ratios


def _read_number(word: Word, text: str, decimals: int, host: Host) -> int:
    """A quantity or a price in 10⁻⁴; a word that is no number at all is told what it is not."""
    if not _PLAIN.fullmatch(text):
        raise _stray(word, host)
    return _parse(word, text, SCALE4, decimals)


def _parse(word: Word, text: str, scale: int, decimals: int) -> int:
    if text.count(",") + text.count(".") > 1:
        raise refuse(word, "number.unreadable", "deux virgules", "un nombre n'en a qu'une")
    try:
        return parse_plain(text, scale, decimals)
    except Invalid as error:
        problem = error.problems[0]
        raise refuse(word, problem.code, problem.message, problem.remedy) from None


def _second_quantity(word: Word, first: Word | None) -> Refusal:
    if first is None:
        message, remedy = "quantité donnée deux fois", "avant * ou après la référence"
    elif word.text.startswith("-"):
        message, remedy = (
            f"quantité déjà donnée ({first.quoted})",
            f"une remise s'écrit {word.quoted}%",
        )
    else:
        message, remedy = (
            f"quantité déjà donnée ({first.quoted}), un nombre s'écrit sans espace",
            "",
        )
    return refuse(word, "quantity.twice", message, remedy)


def _stray(word: Word, host: Host) -> Refusal:
    """A word that is no parameter."""
    message, remedy = f"« {word.quoted} » n'est ni quantité ni prix", ""
    if "%" in word.text and _DISCOUNT_LIKE.fullmatch(word.text):
        remedy = "une remise s'écrit -10% ou -10%-5%"
    elif host == "free":
        message += " ; finissez par ;"
    elif host == "item":
        remedy = "F4 cherche"
    return refuse(word, "parameter.unknown", message, remedy)
