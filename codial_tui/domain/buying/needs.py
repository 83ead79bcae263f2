"""What documents need (domain.md §7; practice.md §1.6): their supplies, assemblies exploded, equal
items cumulated, and what of it is still to order. Pure: quantities 10⁻⁴ of the item's unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from codial_tui.domain.chain.transfer import same_side
from codial_tui.domain.document import Document, Line
from codial_tui.domain.lines.lines import enters_assembly
from codial_tui.domain.lines.totals import counting
from codial_tui.domain.structure import children_of

SUBCONTRACTING = "sous_traitance"
"""The cost category of what another firm does."""


def supplies(document: Document) -> list[Line]:
    """Everything a document is made of: its counting lines, those of assemblies in their place;
    options, variants and informative lines left out. An assembly without components is its own."""
    children = children_of(document)
    found: list[Line] = []

    def open_up(line: Line) -> None:
        inside = [one for one in children.get(line.uid, ()) if enters_assembly(one)]
        for one in inside:
            open_up(one)
        if not inside:
            found.append(line)

    for line in counting(document):
        if not line.nature:
            open_up(line)
    return found


def is_subcontracted(line: Line) -> bool:
    return line.cost_category == SUBCONTRACTING


def is_goods(line: Line) -> bool:
    """Whether a supply is bought: an item that is neither a service nor done by others."""
    return (
        line.item_id is not None
        and line.supply_nature == "goods"
        and line.billing_class not in ("labour", "travel")
        and not is_subcontracted(line)
    )


class Source(NamedTuple):
    """A line that needs an item. ordered: what is bought for it (`supply` links), arrived: what of
    that came in, delivered: what the customer has of it; holds: its document reserves it."""

    document_id: int
    ref: str
    line_id: int
    quantity: int
    ordered: int = 0
    arrived: int = 0
    delivered: int = 0
    project_id: int | None = None
    due: str = ""
    holds: bool = False

    @property
    def left(self) -> int:
        """What nothing is ordered for yet."""
        return self.quantity - self.ordered

    @property
    def kept(self) -> int:
        """What came for it and is still here: what came is delivered before what was in stock."""
        return max(0, self.arrived - self.delivered)

    @property
    def missing(self) -> int:
        """What its customer still waits for and nothing is ordered for."""
        gone = min(self.delivered, self.arrived)
        return max(0, self.quantity - self.delivered - (self.ordered - gone))


class Need(NamedTuple):
    """An item that documents need. on_hand: in all warehouses; reserved: for others than these
    documents; coming: on supplier orders, for whomever; to_order: what is neither ordered for them
    nor free in stock."""

    item_id: int
    reference: str
    label: str
    unit: str
    sources: tuple[Source, ...]
    on_hand: int = 0
    reserved: int = 0
    coming: int = 0
    to_order: int = 0

    @property
    def needed(self) -> int:
        return sum(one.quantity for one in self.sources)

    @property
    def ordered(self) -> int:
        return sum(one.ordered for one in self.sources)

    @property
    def due(self) -> str:
        """The first day one of the documents waits for it, ISO; "" when none says."""
        return min((one.due for one in self.sources if one.due), default="")

    @property
    def projects(self) -> frozenset[int]:
        return frozenset(one.project_id for one in self.sources if one.project_id)


def to_order(sources: Sequence[Source], free: int) -> int:
    """What is still to order: needed − delivered − ordered for them and not delivered yet − what is
    free in stock. What came for a line is delivered before what was in stock, and is not free.
    free: on hand less what others have reserved, 0 when stock is not to be taken.
    4 + 2.5 + (10 × 0.3) = 9.5, ordered 6 → 3.5."""
    kept = sum(one.kept for one in sources)
    return max(0, sum(one.missing for one in sources) - max(0, free - kept))


def passed_on(sources: Iterable[Source], before: Iterable[Source]) -> tuple[Source, ...]:
    """The lines of an execution quote with what was ordered, came and was delivered for those of
    the order it plans, in their order."""
    earlier = list(before)
    rest = [sum(getattr(one, name) for one in earlier) for name in _PROGRESS]
    found = []
    for one in sources:
        for number, name in enumerate(_PROGRESS):
            if not one.holds:
                part = min(rest[number], max(0, one.quantity - getattr(one, name)))
                one = one._replace(**{name: getattr(one, name) + part})
                rest[number] -= part
        found.append(one)
    return tuple(found)


_PROGRESS = ("ordered", "arrived", "delivered")


def shared(quantity: int, sources: Iterable[Source]) -> list[tuple[Source, int]]:
    """For which lines so much is ordered: each as far as it is missing, in their order. What goes
    beyond all of them is for the stock."""
    found = []
    for one in sources:
        part = same_side(quantity, one.missing)
        if part:
            found.append((one, part))
            quantity -= part
    return found
