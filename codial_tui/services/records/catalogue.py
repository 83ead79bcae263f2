"""Items: exact look-ups and search while somebody types, and the price a party pays.

Reads are SQL text on b-trees and the search index; a worker thread may pass its own reader.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.text import fold, words
from codial_tui.models.queries import Queries
from codial_tui.services.context import Context

SEARCH_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Item:
    """An item as lines need it. Prices 10⁻⁴, vat_rate 10⁻⁶, eco_contribution in cents."""

    id: int
    reference: str
    label: str
    unit: str
    sale_price: int
    price_per: int
    purchase_price: int
    cost_price: int
    eco_contribution: int
    vat_category: str
    vat_rate: int
    family_id: int | None
    cost_category: str
    supply_nature: str
    product_nature: str
    billing_class: str
    stock_managed: int
    is_assembly: int
    ean: str
    long_label: str
    supplier_id: int | None


_COLUMNS = ", ".join(f"item.{one.name}" for one in fields(Item)[1:])


def by_reference(context: Context, reference: str) -> Item | None:
    """The item with exactly this reference, whatever its case."""
    row = context.database.row(
        f"SELECT item.id, {_COLUMNS} FROM item WHERE reference_fold = ? AND blocked = 0",
        (fold(" ".join(reference.split())),),
    )
    return Item(*row) if row else None


def by_id(context: Context, item_id: int) -> Item | None:
    row = context.database.row(f"SELECT item.id, {_COLUMNS} FROM item WHERE id = ?", (item_id,))
    return Item(*row) if row else None


class ExactLookup:
    """The typing line's exact look-ups (`domain.entry_kinds.Lookup`), two b-tree reads."""

    def __init__(self, context: Context) -> None:
        self._database = context.database

    def reference(self, text: str) -> str | None:
        found: str | None = self._database.value(
            "SELECT reference FROM item WHERE reference_fold = ? AND blocked = 0", (fold(text),)
        )
        return found

    def barcode(self, digits: str) -> str | None:
        found: str | None = self._database.value(
            "SELECT reference FROM item WHERE ean = ? AND blocked = 0", (digits,)
        )
        return found


def search(
    database: Queries, text: str, *, assemblies_only: bool = False, limit: int = SEARCH_LIMIT
) -> list[Item]:
    """Items that hold every word typed; at most `limit`, not counted any further."""
    rows = database.search(
        "item",
        words(text),
        f"item.id, {_COLUMNS}",
        limit=limit,
        where="item.blocked = 0" + (" AND item.is_assembly = 1" if assemblies_only else ""),
    )
    return [Item(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class LastPrice:
    """What this party last paid for an item: price 10⁻⁴, the document and its date."""

    price: int
    number: str
    date: str


def last_price(
    context: Context, party_id: int | None, item_id: int, but: int = 0
) -> LastPrice | None:
    """The newest price of an item on this party's documents, another document than `but`."""
    if party_id is None:
        return None
    row = context.database.row(
        "SELECT l.unit_price, d.number, d.date FROM document_line l "
        "JOIN document d ON d.id = l.document_id "
        "WHERE l.item_id = ? AND d.party_id = ? AND d.id <> ? "
        "ORDER BY d.date DESC, d.id DESC LIMIT 1",
        (item_id, party_id, but),
    )
    return LastPrice(row[0], row[1] or "", row[2]) if row else None


def stock(context: Context, item_ids: list[int]) -> dict[int, int]:
    """On hand in all warehouses (10⁻⁴) of these items, in one query."""
    if not item_ids:
        return {}
    marks = ", ".join("?" * len(item_ids))
    return dict(
        context.database.rows(
            "SELECT item_id, SUM(on_hand) FROM stock_level "
            f"WHERE item_id IN ({marks}) GROUP BY item_id",
            tuple(item_ids),
        )
    )


def components(context: Context, item_id: int) -> list[tuple[Item, int]]:
    """The components of an assembly with their ratio (10⁻⁶ per unit of the assembly), in order."""
    rows = context.database.rows(
        f"SELECT c.ratio, item.id, {_COLUMNS} FROM assembly_component c "
        "JOIN item ON item.id = c.component_id WHERE c.assembly_id = ? AND c.type = 'item' "
        "ORDER BY c.position, c.id",
        (item_id,),
    )
    return [(Item(*row[1:]), row[0]) for row in rows]


def line_of(context: Context, document: Document, item: Item, quantity: int, price: int) -> Line:
    """A new line for an item: the document keeps its own copy of all it needs (domain.md §3)."""
    regime = document.text("vat_category")
    category = item.vat_category if regime in ("", "S") else regime
    return Line(
        uid=context.uid(),
        type=LineType.ASSEMBLY if item.is_assembly else LineType.ITEM,
        item_id=item.id,
        reference=item.reference,
        label=item.label,
        long_text=item.long_label,
        quantity=quantity,
        unit=item.unit,
        unit_price=price,
        price_per=item.price_per,
        vat_category=category,
        vat_rate=item.vat_rate if category == "S" else 0,
        eco_contribution=item.eco_contribution,
        purchase_price=item.purchase_price,
        cost_price=item.cost_price or item.purchase_price,
        supplier_id=item.supplier_id,
        cost_category=item.cost_category,
        supply_nature=item.supply_nature,
        product_nature=item.product_nature,
        billing_class=item.billing_class,
        stock_managed=item.stock_managed,
    )
