"""An inventory count in hand: what was counted so far is stored at once, so that a cut line loses
nothing; it moves the stock only when it is validated.
"""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import parse_quantity
from codial_tui.domain.text import clean
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import stock

SETTING = "stock.count_in_hand"
ONE = 10_000
MOST = 10_000
"""Items of one count."""


class Counting(NamedTuple):
    """One item counted: before is on hand now, quantity what was found; 10⁻⁴."""

    item_id: int
    reference: str
    label: str
    unit: str
    before: int
    quantity: int


def in_hand(context: Context) -> list[Counting]:
    """What this user has counted and not yet validated, the last one first."""
    kept: dict[str, int] = settings.value(context, SETTING, {})
    if not kept:
        return []
    marks = ", ".join("?" * len(kept))
    place = stock.warehouse_of(context, "")
    rows = context.database.rows(
        "SELECT i.id, i.reference, i.label, i.unit, COALESCE(l.on_hand, 0) FROM item i "
        "LEFT JOIN stock_level l ON l.item_id = i.id AND l.warehouse_id = ? "
        f"WHERE i.id IN ({marks})",
        [place, *map(int, kept)],
    )
    found = {row[0]: Counting._make((*row, kept[str(row[0])])) for row in rows}
    return [found[int(key)] for key in reversed(kept) if int(key) in found]


def read(context: Context, text: str) -> tuple[int, int, str]:
    """What `TUB12`, `TUB12 40`, `40*TUB12` or a scan means: item id, quantity (10⁻⁴, one more when
    none is said), reference. Raises Refused."""
    text = " ".join(clean(text).split())
    count, star, rest = text.partition("*")
    if star:
        try:
            return _item(context, rest, parse_quantity(count))
        except Invalid:
            pass
    head, _, tail = text.rpartition(" ")
    if head:
        try:
            return _item(context, head, parse_quantity(tail))
        except Invalid:
            pass
    return _item(context, text, ONE)


def _item(context: Context, reference: str, quantity: int) -> tuple[int, int, str]:
    item = stock.item_of(context, reference)
    row = context.database.row("SELECT reference, stock_managed FROM item WHERE id = ?", (item,))
    if row is None or not row[1]:
        raise refuse("item.not_stocked", f"{reference} n'est pas suivi en stock", "voyez sa fiche")
    return item, quantity, row[0]


def add(context: Context, text: str) -> Counting:
    """Count one more thing; returns how many of it there are now. Raises Refused."""
    item, quantity, reference = read(context, text)
    kept: dict[str, int] = dict(settings.value(context, SETTING, {}))
    total = kept.pop(str(item), 0) + quantity
    if total < 0:
        raise refuse("stock.counted", f"{reference} : on ne compte pas moins que zéro")
    if len(kept) >= MOST:
        raise refuse("stock.count_full", f"{MOST} articles comptés", "validez (F8) puis continuez")
    settings.store(context, SETTING, {**kept, str(item): total})
    return next(one for one in in_hand(context) if one.item_id == item)


def drop(context: Context, item_id: int) -> None:
    """Forget what was counted of an item."""
    kept: dict[str, int] = dict(settings.value(context, SETTING, {}))
    kept.pop(str(item_id), None)
    settings.store(context, SETTING, kept)


def validate(context: Context) -> list[stock.Counted]:
    """What was counted becomes what is on hand; the count is then over. Raises Refused."""
    counted = in_hand(context)
    if not counted:
        raise refuse("stock.count_empty", "Rien n'est compté", "tapez une référence ou scannez")
    done = stock.count(context, [(one.reference, one.quantity) for one in counted])
    settings.store(context, SETTING, {})
    return done
