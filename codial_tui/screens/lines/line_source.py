"""The lines of a document as rows of the grid: numbers, signs, subtotals, folded assemblies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from codial_tui.domain.document import HEADINGS, LINE_FIELDS, PRICED, Document, Line, LineType
from codial_tui.domain.lines.costing import taux_de_marque
from codial_tui.domain.lines.lines import line_cost
from codial_tui.domain.quantity import (
    format_cents,
    format_percent,
    format_price,
    format_quantity,
)
from codial_tui.domain.spec import Column
from codial_tui.domain.structure import Outline, children_of, subtotals
from codial_tui.screens.cells import cell
from codial_tui.widgets.row_source import Key, Row

TYPE_SIGNS = {
    LineType.CHAPTER: "=",
    LineType.TITLE: ";;",
    LineType.SUBTITLE: ";;;",
    LineType.COMMENT: ";",
    LineType.ASSEMBLY: "*",
    LineType.AD_HOC_ASSEMBLY: "(",
    LineType.PAGE_BREAK: "-",
}
TAG_SIGNS = {"option": "+", "variant": "/", "informative": "i"}
SIGN_ROLES = {"√": "settled", "~": "partial"}
_COVERED = {
    "warranty": "garantie",
    "contract": "contrat",
    "order": "commande",
    "offered": "offert",
}
"""Who pays for a line, in place of its amount."""
NUMBER = "line_number"
ROLES = {LineType.CHAPTER: "chapter", LineType.TITLE: "chapter", LineType.SUBTITLE: "chapter"}


Formatted = dict[str, tuple[tuple[object, ...], Row]]
"""Rows by uid, each with all that it was made of: a row made of the same is not made again."""

MOST_FORMATTED = 500
_VALUES = attrgetter(*LINE_FIELDS)


class LineSource:
    """Rows of a document, computed once and formatted when they are shown.

    opened: assemblies whose components are shown; extra: values by provider column and line uid;
    formatted: rows that an earlier source has made, to be used again where nothing changed.
    """

    def __init__(
        self,
        document: Document,
        columns: Sequence[Column],
        opened: frozenset[str] = frozenset(),
        extra: dict[str, dict[str, Any]] | None = None,
        formatted: Formatted | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.types = {column.name: column.type for column in columns}
        self.extra = extra or {}
        self.document = document
        self.decimals = document.price_decimals
        self.lines = _shown(document, opened)
        self.formatted: Formatted = {} if formatted is None else formatted

    # Worked out when first asked for: a line added at the end of a long quote shows a few rows.

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.document)

    @cached_property
    def subtotals(self) -> dict[str, int]:
        return subtotals(self.document)

    @cached_property
    def children(self) -> Mapping[str, Sequence[Line]]:
        return children_of(self.document)

    @cached_property
    def _priced(self) -> list[Line]:
        return [line for line in self.lines if line.type in PRICED]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {line.uid: index for index, line in enumerate(self.lines)}

    page = 6
    """rows formatted at once: they are in memory, only the ones on screen cost"""

    def count(self) -> int:
        return len(self.lines)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        if len(self.formatted) > MOST_FORMATTED:
            self.formatted.clear()
        return [self._known_row(line, at) for at, line in enumerate(self.lines[start:stop], start)]

    def index_of(self, key: Key) -> int | None:
        return self._index.get(str(key))

    def only_value(self, column: str) -> str | None:
        """The one value of a folding column when every priced line has it, else None."""
        value = attrgetter(column)
        if len(set(map(value, self.lines))) > 1 and len(set(map(value, self._priced))) > 1:
            return None
        priced = next((line for line in self.lines if line.type in PRICED), None)
        return self._text(priced, column) if priced is not None else ""

    def _known_row(self, line: Line, at: int) -> Row:
        number = self.outline.number(line.uid, near=at)
        made_of = (
            self.columns,
            self.decimals,
            number,
            _VALUES(line),
            self.subtotals[line.uid] if line.type in HEADINGS else None,
            self._cost(line) if "markup_rate" in self.types else None,
            *[values.get(line.uid) for values in self.extra.values()],
        )
        known = self.formatted.get(line.uid)
        if known is None or known[0] != made_of:
            known = self.formatted[line.uid] = made_of, self._row(line, number)
        return known[1]

    def _row(self, line: Line, number: str) -> Row:
        names = [column.name for column in self.columns]
        cells = tuple(number if one == NUMBER else self._text(line, one) for one in names)
        sign = self.extra.get("delivered_sign", {}).get(line.uid, "")
        return Row(line.uid, cells, ROLES.get(line.type, ""), sign, SIGN_ROLES.get(sign, ""))

    def _text(self, line: Line, name: str) -> str:
        maker = _TEXTS.get(name)
        if maker is not None:
            return maker(self, line)
        if name in self.extra:
            value = self.extra[name].get(line.uid)
        else:
            value = getattr(line, name, None)
        return cell(self.types[name], value, self.decimals) if line.is_priced else ""

    def _label(self, line: Line) -> str:
        indent = "  " if line.parent_uid else ""
        if line.type is LineType.PAGE_BREAK:
            return "─── saut de page ───"
        return indent + line.label

    def _amount(self, line: Line) -> str:
        if line.type in HEADINGS:
            return format_cents(self.subtotals[line.uid])
        if not line.is_priced:
            return ""
        if line.covered and line.parent_uid is None:  # nothing, and why
            return _COVERED.get(line.covered, line.covered)
        text = format_cents(line.amount)
        return f"({text})" if line.tag and line.parent_uid is None else text

    def _to_deliver(self, line: Line) -> str:
        return format_quantity(line.to_deliver) if line.to_deliver else ""

    def _price(self, line: Line) -> str:
        if not line.is_priced:
            return ""
        per = "" if line.price_per == 10_000 else f"/{format_quantity(line.price_per, 0)}"
        return format_price(line.unit_price, self.decimals) + per

    def _purchase(self, line: Line) -> str:
        """Nothing known is no price of nothing."""
        return format_price(line.purchase_price) if line.purchase_price else ""

    def _cost(self, line: Line) -> int:
        return line_cost(line, self.children.get(line.uid, ()))

    def _markup(self, line: Line) -> str:
        if not line.is_priced:
            return ""
        cost = self._cost(line)
        rate = taux_de_marque(line.net_amount, cost) if cost else None
        return "" if rate is None else format_percent(rate // 1000 * 1000)


def _shown(document: Document, opened: frozenset[str]) -> list[Line]:
    """The lines without the components of folded assemblies."""
    outside = [line for line in document.lines if line.parent_uid is None]
    if len(outside) == len(document.lines):
        return outside
    shown = {line.uid for line in document.lines if line.is_open} | opened
    return [line for line in document.lines if line.parent_uid is None or line.parent_uid in shown]


def sign_of(line: Line) -> str:
    """The sign of the T column, the same that the typing line takes."""
    if line.tag:
        return TAG_SIGNS[line.tag]
    if line.type is LineType.ITEM:
        return "." if line.is_free else ""
    return TYPE_SIGNS[line.type][:1]


def discounts_text(line: Line) -> str:
    return "-".join(format_percent(ratio).replace(" ", "") for ratio in line.discounts)


_TEXTS: dict[str, Callable[[LineSource, Line], str]] = {
    "sign": lambda source, line: sign_of(line),
    "label": LineSource._label,
    "quantity": lambda source, line: format_quantity(line.quantity) if line.is_priced else "",
    "to_deliver": LineSource._to_deliver,
    "unit_price": LineSource._price,
    "discounts": lambda source, line: discounts_text(line),
    "amount": LineSource._amount,
    "markup_rate": LineSource._markup,
    "purchase_price": LineSource._purchase,
    "reference": lambda source, line: line.reference,
}
COMPUTED = frozenset((NUMBER, *_TEXTS))
