"""Values as the cells of a table or a form show them, by declared type."""

from __future__ import annotations

from typing import Any

from codial_tui.domain.quantity import (
    format_cents,
    format_coefficient,
    format_percent,
    format_price,
    format_quantity,
)
from codial_tui.domain.spec import Column, FieldType


def cell(kind: FieldType, value: Any, decimals: int = 2) -> str:
    """A stored value as text; "" for none. decimals: of the document's unit prices."""
    if value is None or value == "":
        return ""
    match kind:
        case FieldType.CENTS:
            return format_cents(value)
        case FieldType.PRICE:
            return format_price(value, decimals)
        case FieldType.QUANTITY:
            return format_quantity(value)
        case FieldType.PERCENT:
            return format_percent(value)
        case FieldType.COEFFICIENT:
            return format_coefficient(value)
        case FieldType.DATE | FieldType.DATETIME:
            return short_date(str(value))
        case FieldType.BOOL:
            return "oui" if value else "non"
    return str(value)


def row_cells(columns: tuple[Column, ...], values: dict[str, Any]) -> tuple[str, ...]:
    """One text per column of a row of values."""
    return tuple(cell(column.type, values.get(column.name)) for column in columns)


def short_date(iso: str) -> str:
    """`2026-11-09` → `09/11/26`."""
    return f"{iso[8:10]}/{iso[5:7]}/{iso[2:4]}" if len(iso) >= 10 else iso


def grouped(number: int) -> str:
    """`48 310`."""
    return f"{number:,}".replace(",", " ")
