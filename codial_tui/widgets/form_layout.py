"""Where the fields of a form page stand: two columns, labels of 14 cells, at 80 and wider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codial_tui.domain.spec import Field, FieldType, Page

LABEL = 14
MOST_LABEL = 18
"""cells of the labels of a column, as many as its longest label needs"""
LEFT = 1
_HALF, _WHOLE = 47, 80
"""cell where the right column starts in 80"""
_WIDE = 26
"""fields declared this wide take what a wider terminal gives"""


@dataclass(frozen=True, slots=True)
class FormCell:
    """One field on the page: its row, where its label and its value stand, the value's width."""

    field: Field
    row: int
    label_at: int
    at: int
    width: int

    @property
    def has_list(self) -> bool:
        return self.field.type in (FieldType.CHOICE, FieldType.REFERENCE)

    @property
    def list_at(self) -> int:
        return self.at + self.width + 1

    @property
    def note_at(self) -> int:
        return self.list_at + (2 if self.has_list else 0)


def cells_of(page: Page, fields: Mapping[str, Field], width: int) -> tuple[FormCell, ...]:
    """The fields of a page in the order they are gone through: left column, then right."""
    half = _HALF * width // _WHOLE if page.right else width
    return (
        *_column(page.left, fields, LEFT, half - 1 if page.right else width),
        *_column(page.right, fields, half, width),
    )


def _column(
    names: tuple[str, ...], fields: Mapping[str, Field], at: int, end: int
) -> list[FormCell]:
    longest = max((len(fields[name].label) for name in names if name), default=0)
    value_at = at + min(MOST_LABEL, max(LABEL, longest)) + 1
    cells = []
    for row, name in enumerate(names):
        if not name:
            continue
        field = fields[name]
        room = end - value_at - 3  # a blank, the sign of a list, a blank
        width = room if field.width >= _WIDE else min(field.width, room)
        cells.append(FormCell(field, row, at, value_at, max(1, width)))
    return cells
