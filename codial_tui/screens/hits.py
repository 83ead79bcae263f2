"""The search list under the entry line: what was found, in place above row 22."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container

from codial_tui.domain.document import Document
from codial_tui.domain.quantity import format_price, format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.services import catalogue, pricing
from codial_tui.services.catalogue import Item
from codial_tui.services.context import Context
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

COLUMNS = (
    Column("reference", "Référence", width=10, width_from_data=True),
    Column("label", "Désignation", min_width=16, shrinks=True),
    Column("stock", "Stock", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("unit", "U", width=3),
    Column("price", "Votre prix", FieldType.PRICE, width=11),
    Column("last", "Dernier", width=18, shrinks=True, min_width=8),
)
ROWS = 6


class Hits(Container):
    """Items found while somebody types. `entered`: the cursor is in the list."""

    DEFAULT_CSS = """
    Hits { height: 8; display: none; layout: vertical; }
    Hits > TextRows { height: 1; }
    """

    def __init__(self, context: Context) -> None:
        super().__init__(id="hits")
        self.context = context
        self.items: list[Item] = []
        self.entered = False
        self.title = TextRows(Text(rule=True))
        self.table = RecordTable(COLUMNS)

    def compose(self) -> ComposeResult:
        yield self.title
        yield self.table

    @property
    def is_open(self) -> bool:
        return bool(self.display) and bool(self.items)

    @property
    def current(self) -> Item | None:
        """The item the cursor is on, None outside the list."""
        row = self.table.current if self.entered else None
        return None if row is None else next(one for one in self.items if one.id == row.key)

    def show(self, document: Document, text: str, items: Sequence[Item]) -> None:
        """Show what was found for a text; nothing found closes the list."""
        self.items, self.entered = list(items), False
        self.table.aim(False)
        if not items:
            self.display = False
            return
        limit = catalogue.SEARCH_LIMIT
        count = f"{limit}+" if len(items) >= limit else str(len(items))
        name = "article" if len(items) == 1 else "articles"
        help_text = "↓ choisir, Entrée ajouter, Tab compléter"
        self.title.show(Text(f"{count} {name} pour « {text} » · {help_text}", rule=True))
        self.table.show(HitSource(self.context, document, self.items))
        self.display = True

    def close(self) -> None:
        self.items, self.entered = [], False
        self.display = False

    def enter(self) -> None:
        """The cursor goes into the list."""
        self.entered = True
        self.table.aim(True)

    async def press(self, press: Press) -> bool:
        """Arrows move in the list while it is open; the first ↓ enters it."""
        if not self.is_open or press.key not in ("down", "up", "pagedown", "pageup"):
            return False
        if not self.entered:
            if press.key in ("down", "pagedown"):
                self.enter()
                return True
            return False
        if press.key == "up" and self.table.cursor == 0:
            self.entered = False
            self.table.aim(False)
            return True
        return await self.table.press(press)


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
