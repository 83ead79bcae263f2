"""A transfer between warehouses in hand: what was typed so far is stored at once, so that a cut
line loses nothing; it moves the stock only when it is validated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import stock, stock_counting

SETTING = "stock.transfer_in_hand"
MOST = 2_000
"""Items of one transfer."""


class Place(NamedTuple):
    """A warehouse."""

    id: int
    code: str
    name: str


class Moving(NamedTuple):
    """One item on its way. here: what the first warehouse has; 10⁻⁴."""

    item_id: int
    reference: str
    label: str
    unit: str
    here: int
    quantity: int


class Transfer(NamedTuple):
    """What is in hand: from where, to where (None: not said yet), the items, the last one first."""

    source: Place
    target: Place | None
    items: tuple[Moving, ...]


def places(context: Context) -> list[Place]:
    """The warehouses in use."""
    rows = context.database.rows(
        "SELECT id, code, name FROM warehouse WHERE active = 1 ORDER BY position, code"
    )
    return [Place(*row) for row in rows]


def in_hand(context: Context) -> Transfer:
    """What this user is transferring. With two warehouses the other one is where it goes. Raises
    Refused without any."""
    kept = _kept(context)
    known = {one.id: one for one in places(context)}
    usual = stock.warehouse_of(context, "")
    source = known.get(kept.get("from", 0)) or known[usual]
    others = [one for one in known.values() if one.id != source.id]
    target = known.get(kept.get("to", 0))
    if target is None or target.id == source.id:
        target = others[0] if len(others) == 1 else None
    items: dict[str, int] = kept.get("items", {})
    found: dict[int, Moving] = {}
    if items:
        marks = ", ".join("?" * len(items))
        for row in context.database.rows(
            "SELECT i.id, i.reference, i.label, i.unit, COALESCE(l.on_hand, 0) FROM item i "
            "LEFT JOIN stock_level l ON l.item_id = i.id AND l.warehouse_id = ? "
            f"WHERE i.id IN ({marks})",
            [source.id, *map(int, items)],
        ):
            found[row[0]] = Moving._make((*row, items[str(row[0])]))
    ordered = tuple(found[int(key)] for key in reversed(items) if int(key) in found)
    return Transfer(source, target, ordered)


def choose(context: Context, *, source: int = 0, target: int = 0) -> None:
    """Say from where, or to where, by id; the two change places when they would be the same."""
    now, kept = in_hand(context), _kept(context)
    first, last = now.source.id, now.target.id if now.target else 0
    if source:
        first, last = source, first if source == last else last
    if target:
        first, last = last if target == first and last else first, target
    settings.store(context, SETTING, {**kept, "from": first, "to": last})


def add(context: Context, text: str) -> Moving:
    """`TUB12 12`, `12*TUB12` or a scan: so many more go; a negative quantity takes some off.
    Raises Refused."""
    item, quantity, reference = stock_counting.read(context, text)
    kept = _kept(context)
    items: dict[str, int] = dict(kept.get("items", {}))
    total = items.pop(str(item), 0) + quantity
    if total < 0:
        raise refuse("stock.zero", f"{reference} : il n'en part pas autant", "", "quantity")
    if len(items) >= MOST:
        raise refuse("stock.transfer_full", f"{MOST} articles", "validez (F8) puis continuez")
    if total:
        items[str(item)] = total
    settings.store(context, SETTING, {**kept, "items": items})
    for one in in_hand(context).items:
        if one.item_id == item:
            return one
    return Moving(item, reference, "", "", 0, 0)


def drop(context: Context, item_id: int) -> None:
    """Leave an item where it is."""
    kept = _kept(context)
    items: dict[str, int] = dict(kept.get("items", {}))
    items.pop(str(item_id), None)
    settings.store(context, SETTING, {**kept, "items": items})


def validate(context: Context) -> Transfer:
    """Move what is in hand, in one transaction; it is then over. Raises Refused."""
    now = in_hand(context)
    if now.target is None:
        raise refuse("stock.places", "Vers quel dépôt ?", "F7 A le dit", "to")
    stock.transfer(
        context,
        [(one.reference, one.quantity) for one in reversed(now.items)],
        warehouse=now.source.code,
        to=now.target.code,
    )
    settings.store(context, SETTING, {**_kept(context), "items": {}})
    return now


def _kept(context: Context) -> dict[str, Any]:
    return dict(settings.value(context, SETTING, {}))
