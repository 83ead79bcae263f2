"""The search list under the entry line: items as rows, priced for the document's party."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.document import Document
from codial_tui.domain.quantity import format_price, format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.services.context import Context
from codial_tui.services.documents import pricing
from codial_tui.services.records import catalogue
from codial_tui.services.records.catalogue import Item
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("reference", "Référence", width=10, width_from_data=True),
    Column("label", "Désignation", min_width=16, shrinks=True),
    Column("stock", "Stock", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("unit", "U", width=3),
    Column("price", "Votre prix", FieldType.PRICE, width=11),
    Column("last", "Dernier", width=18, shrinks=True, min_width=8),
)
ROWS = 6


def title_of(text: str, count: int) -> str:
    """The heading of the search list; what is beyond its limit is not counted."""
    limit = catalogue.SEARCH_LIMIT
    number = f"{limit}+" if count >= limit else str(count)
    name = "article" if count == 1 else "articles"
    return f"{number} {name} pour « {text} » · ↓ choisir, Entrée ajouter, Tab compléter"


class HitSource(ListSource):
    """Items as rows, priced for the document's party; only the rows on screen are worked out."""

    def __init__(self, context: Context, document: Document, items: Sequence[Item]) -> None:
        super().__init__()
        self.context, self.document, self.items = context, document, items

    def count(self) -> int:
        return len(self.items)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        shown = (
            self.items[start : min(stop, start + 2 * ROWS)]
            if start == 0
            else self.items[start:stop]
        )
        levels = catalogue.stock(self.context, [one.id for one in shown if one.stock_managed])
        return [self._row(one, levels) for one in shown]

    def index_of(self, key: object) -> int | None:
        return next((at for at, one in enumerate(self.items) if one.id == key), None)

    def _row(self, item: Item, levels: dict[int, int]) -> Row:
        price = pricing.price_of(self.context, self.document, item, 10_000).price
        party = self.document.header.get("party_id")
        last = catalogue.last_price(
            self.context, party if isinstance(party, int) else None, item.id, self.document.id
        )
        stock = ""
        if item.stock_managed:
            level = levels.get(item.id, 0)
            stock = ("! " if level <= 0 else "") + format_quantity(level, 0)
        said = f"{format_price(last.price)} {last.number[:2]} {_day(last.date)}" if last else ""
        cells = (
            item.reference,
            item.label,
            stock,
            item.unit,
            "" if price is None else format_price(price, self.document.price_decimals),
            said,
        )
        return Row(item.id, cells)


def _day(iso: str) -> str:
    return f"{iso[8:10]}/{iso[5:7]}"
