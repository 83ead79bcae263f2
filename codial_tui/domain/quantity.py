"""French numbers: what people type becomes an integer, what is stored becomes text.

`parse` is the form-field reader (`1 234,50`, `1234,5`, `1234.5`); the typing line has stricter
rules of its own and calls `parse_plain`.
"""

from __future__ import annotations

import re

from .money import BOUND, CENT, SCALE4, SCALE6
from .problems import invalid

_PLAIN = re.compile(r"([+-]?)(\d+)?(?:[.,](\d*))?")
_BLANKS = str.maketrans("", "", " \u00a0\u202f")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d*)?")


def parse_plain(text: str, scale: int, decimals: int) -> int:
    """A number without blanks, decimal comma or point, as an integer of 1/scale.

    Raises Invalid when it is not a number, has more than `decimals` decimals (nothing is
    rounded silently) or does not fit the database.
    """
    match = _PLAIN.fullmatch(text)
    whole, fraction = (match.group(2), match.group(3)) if match else (None, None)
    if match is None or (whole is None and not fraction):
        separators = text.count(",") + text.count(".")
        why = "deux virgules" if separators > 1 else "ce n'est pas un nombre"
        raise invalid("number.unreadable", f"« {text} » : {why}", "tapez par exemple 1234,50")
    fraction = (fraction or "").rstrip("0")
    if len(fraction) > decimals:
        raise invalid("number.decimals", f"« {text} » : {decimals} décimales au plus")
    if len(whole or "") > 18:
        raise invalid("number.too_big", f"« {text[:24]}… » : nombre trop grand")
    value = int(whole or 0) * scale + (
        int(fraction) * scale // 10 ** len(fraction) if fraction else 0
    )
    if value > BOUND:
        raise invalid("number.too_big", f"« {text} » : nombre trop grand")
    return -value if match.group(1) == "-" else value


def parse(text: str, scale: int, decimals: int) -> int:
    """A number as a form field takes it: thousands may be grouped by blanks, `1 234,50`."""
    stripped = text.strip()
    if _GROUPED.fullmatch(stripped):
        stripped = stripped.translate(_BLANKS)
    return parse_plain(stripped, scale, decimals)


def parse_cents(text: str) -> int:
    """An amount in cents."""
    return parse(text, CENT, 2)


def parse_price(text: str, decimals: int = 4) -> int:
    """A unit price in 10⁻⁴, with the document's number of decimals."""
    return parse(text, SCALE4, decimals)


def parse_quantity(text: str) -> int:
    """A quantity in 10⁻⁴."""
    return parse(text, SCALE4, 4)


def parse_percent(text: str) -> int:
    """A percentage as a ratio in 10⁻⁶: `20`, `5,5 %`."""
    return parse(text.strip().removesuffix("%"), SCALE6 // 100, 4)


def parse_coefficient(text: str) -> int:
    """A coefficient in 10⁻⁶."""
    return parse(text, SCALE6, 6)


def format_scaled(value: int, scale: int, decimals: int, *, minimum: int | None = None) -> str:
    """Text with a decimal comma and blanks between thousands; decimals beyond `minimum` only
    when they are not zero. `decimals` is the scale's own number of digits."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), scale)
    digits = f"{rest:0{decimals}d}" if decimals else ""
    keep = decimals if minimum is None else minimum
    while len(digits) > keep and digits.endswith("0"):
        digits = digits[:-1]
    grouped = f"{whole:,}".replace(",", " ")
    return f"{sign}{grouped},{digits}" if digits else f"{sign}{grouped}"


def format_cents(value: int) -> str:
    return format_scaled(value, CENT, 2)


def format_price(value: int, decimals: int = 2) -> str:
    """A unit price with at least the document's decimals, never cutting a digit."""
    return format_scaled(value, SCALE4, 4, minimum=decimals)


def format_quantity(value: int, decimals: int = 2) -> str:
    return format_scaled(value, SCALE4, 4, minimum=decimals)


def format_percent(ratio: int) -> str:
    """`20 %`, `5,5 %` (ratio in 10⁻⁶)."""
    return f"{format_scaled(ratio, SCALE6 // 100, 4, minimum=0)} %"


def format_coefficient(value: int) -> str:
    return format_scaled(value, SCALE6, 6, minimum=2)


def decimal_text(value: int, scale: int, *, minimum: int = 0) -> str:
    """The exchange form: decimal point, no grouping, at least `minimum` decimals (cli.md)."""
    decimals = len(str(scale)) - 1
    text = format_scaled(value, scale, decimals, minimum=minimum)
    return text.replace(" ", "").replace(",", ".")
