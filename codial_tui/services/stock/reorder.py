"""What to order again: items whose available stock is below their minimum, up to their maximum.

Available is on hand less what is reserved, with what is expected: proposing twice orders once.
Quantities are 10⁻⁴ of the unit of stock; the supplier's packages are added by the order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from codial_tui.domain.buying.needs import Need
from codial_tui.domain.buying.supplier_choice import CHOICES
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.buying import needs, ordering
from codial_tui.services.context import Context

from . import coming, stock


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item that is short. supplier: who would be asked, "" when nobody is known."""

    item_id: int
    reference: str
    label: str
    unit: str
    on_hand: int
    reserved: int
    expected: int
    minimum: int
    maximum: int
    supplier_id: int | None = None
    supplier: str = ""

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved + self.expected

    @property
    def to_order(self) -> int:
        """Up to the maximum, or the minimum when there is none."""
        return max(self.minimum, self.maximum) - self.available


_SHORT = (
    "SELECT i.id, i.reference, i.label, i.unit, i.stock_minimum, i.stock_maximum, i.supplier_id, "
    "COALESCE(p.name, ''), COALESCE((SELECT SUM(l.on_hand) FROM stock_level l "
    "WHERE l.item_id = i.id), 0) FROM item i LEFT JOIN party p ON p.id = i.supplier_id "
    "WHERE i.stock_managed = 1 AND i.blocked = 0 AND i.stopped_at IS NULL "
    "AND (i.stock_minimum > 0 OR i.stock_maximum > 0) ORDER BY i.reference_fold, i.id"
)


def proposals(context: Context, supplier: str = "", how: str = "usual") -> list[Proposal]:
    """What is short, by reference. supplier: only what would be bought there (name or code); how:
    usual, cheapest or fastest. Raises Refused for an unknown supplier."""
    database = context.database
    rows = list(database.rows(_SHORT))
    promised, awaited = stock.reserved(database), coming.expected(database)
    offers = needs.offers(context, [row[0] for row in rows])
    found = []
    for key, reference, label, unit, minimum, maximum, usual, name, there in rows:
        held, due = promised.get(key, 0), awaited.get(key, 0)
        one = Proposal(key, reference, label, unit, int(there), held, due, minimum, maximum)
        if one.available >= minimum or one.to_order <= 0:
            continue
        offer = CHOICES[how](list(offers.get(key, ())), one.to_order)
        who = (offer.supplier_id, offer.name) if offer else (usual, name)
        found.append(
            Proposal(key, reference, label, unit, int(there), held, due, minimum, maximum, *who)
        )
    if not supplier:
        return found
    wanted = _supplier(context, supplier)
    return [one for one in found if one.supplier_id == wanted]


def _supplier(context: Context, text: str) -> int:
    for key, code, name in context.database.rows(
        "SELECT id, code, name FROM party WHERE is_supplier = 1"
    ):
        if fold(text) in (fold(code), fold(name)):
            return int(key)
    raise refuse("supplier.unknown", f"Fournisseur {text} inconnu", "son code ou son nom")


def order(
    context: Context,
    items: Collection[int] | None = None,
    quantities: Mapping[int, int] | None = None,
    *,
    supplier: str = "",
    how: str = "usual",
) -> list[ordering.Ordered]:
    """Order these items again (all that are short when none is named), one order a supplier.
    quantities: by item, over what is proposed. Looked at again here: what somebody else ordered
    meanwhile is not short any more.

    Raises Refused when nothing is, or with every item that has no supplier, price or unit.
    """
    short = [
        one for one in proposals(context, supplier, how) if items is None or one.item_id in items
    ]
    if not short:
        raise refuse("reorder.nothing", "Rien à commander", "tout est au-dessus de son minimum")
    wanted = [
        Need(
            *(one.item_id, one.reference, one.label, one.unit, ()),
            on_hand=one.on_hand,
            reserved=one.reserved,
            coming=one.expected,
            to_order=one.to_order,
        )
        for one in short
    ]
    offers = needs.offers(context, [one.item_id for one in short])
    unlisted = {
        one.item_id: one.supplier_id
        for one in short
        if one.supplier_id is not None and not offers.get(one.item_id)
    }
    asked = ordering.propose(
        context, wanted, offers, how=how, chosen=unlisted, quantities=quantities
    )

    def sure() -> None:
        now = {one.item_id: one.to_order for one in proposals(context)}
        for one in short:
            if now.get(one.item_id, 0) < one.to_order:
                raise refuse(
                    "reorder.changed", f"{one.reference} : commandé entre-temps", "relisez la liste"
                )

    return ordering.order(context, asked, sure=sure)
