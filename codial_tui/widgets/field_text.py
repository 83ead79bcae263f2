"""Fields as text: what a value of a type looks like in a form, what a typed text means.

Values: cents, 10⁻⁴ (price, quantity), 10⁻⁶ (percent, coefficient) as integers, dates as ISO
text, yes/no as bool, choices by their stored value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from codial_tui.domain import quantity
from codial_tui.domain.dates import format_date, parse_date
from codial_tui.domain.problems import invalid
from codial_tui.domain.spec import Field, FieldType
from codial_tui.domain.text import clean, display, fold

_TIME = re.compile(r"([0-9]{1,2})[:h]([0-9]{2})?")

_READ: dict[FieldType, Callable[[str], int]] = {
    FieldType.INTEGER: lambda text: quantity.parse(text, 1, 0),
    FieldType.CENTS: quantity.parse_cents,
    FieldType.PRICE: quantity.parse_price,
    FieldType.QUANTITY: quantity.parse_quantity,
    FieldType.PERCENT: quantity.parse_percent,
    FieldType.COEFFICIENT: quantity.parse_coefficient,
}
_WRITE: dict[FieldType, Callable[[int], str]] = {
    FieldType.INTEGER: lambda value: quantity.format_scaled(value, 1, 0),
    FieldType.CENTS: quantity.format_cents,
    FieldType.PRICE: quantity.format_price,
    FieldType.QUANTITY: quantity.format_quantity,
    FieldType.PERCENT: quantity.format_percent,
    FieldType.COEFFICIENT: quantity.format_coefficient,
}


def write(field: Field, value: object) -> str:
    """The text of a value; "" for None."""
    if value is None:
        return ""
    if field.type is FieldType.BOOL:
        return "oui" if value else "non"
    if field.type is FieldType.CHOICE:
        return next((label for stored, label in field.choices if stored == value), str(value))
    if field.type is FieldType.DATE:
        return format_date(date.fromisoformat(str(value)))
    if field.type is FieldType.DATETIME:
        day, _, time = str(value).partition("T")
        return f"{format_date(date.fromisoformat(day))} {time[:5]}".rstrip()
    if field.type in _WRITE and isinstance(value, int):
        return _WRITE[field.type](value)
    if field.type is FieldType.LONG_TEXT:
        return summary(str(value))
    return str(value)


def summary(text: str) -> str:
    """A long text in one line: `2 lignes : Suite à votre demande`."""
    lines = text.strip().splitlines()
    if len(lines) < 2:
        return display(text.strip())
    return f"{len(lines)} lignes : {display(lines[0])}"


def read(field: Field, text: str, today: date) -> object:
    """The value a typed text means; None for an empty one ("" for texts).

    Raises Invalid: required and empty, too long, or not of the field's type.
    """
    cleaned = clean(text)
    if not cleaned:
        if field.required:
            raise invalid(
                f"{field.name}.required", f"{field.label} : à remplir", "Échap revient", field.name
            )
        return "" if field.type in (FieldType.TEXT, FieldType.LONG_TEXT) else None
    if field.type in _READ:
        return _READ[field.type](cleaned)
    if field.type is FieldType.DATE:
        return parse_date(cleaned, today).isoformat()
    if field.type is FieldType.DATETIME:
        return _moment(cleaned, today)
    if field.type in (FieldType.BOOL, FieldType.CHOICE):
        return pick(field, cleaned, None)
    if len(cleaned) > field.max_length:
        raise invalid(
            f"{field.name}.too_long",
            f"{field.label} : {len(cleaned)} caractères",
            f"{field.max_length} au plus",
            field.name,
        )
    return cleaned


def pick(field: Field, letter: str, current: object) -> object:
    """The value a letter picks in a choice or yes/no field; pressed again, the next one that
    starts with it. Raises Invalid when none does."""
    choices = (
        ((True, "oui"), (False, "non")) if field.type is FieldType.BOOL else tuple(field.choices)
    )
    wanted = fold(letter)[:1]
    fitting = [stored for stored, label in choices if wanted and fold(label).startswith(wanted)]
    if not fitting:
        letters = " ".join(dict.fromkeys(label[:1].upper() for _, label in choices))
        raise invalid(
            f"{field.name}.choice", f"{field.label} : « {letter} » n'est pas un choix", letters
        )
    if current in fitting:
        return fitting[(fitting.index(current) + 1) % len(fitting)]
    return fitting[0]


def _moment(text: str, today: date) -> str:
    day, _, time = text.partition(" ")
    iso = parse_date(day, today).isoformat()
    if not time.strip():
        return iso
    match = _TIME.fullmatch(time.strip())
    hour, minute = (int(part or 0) for part in match.groups()) if match else (99, 0)
    if hour > 23 or minute > 59:
        raise invalid("time.unreadable", f"« {time} » n'est pas une heure", "tapez 9:30 ou 14h")
    return f"{iso}T{hour:02d}:{minute:02d}"
