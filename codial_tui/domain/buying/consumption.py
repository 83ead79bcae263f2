"""What an order really consumed beside what was planned (domain.md §7; practice.md §1.7). Pure:
quantities and unit costs 10⁻⁴ (a cost is for `price_per`), amounts cents HT, rates 10⁻⁶.

difference = planned − spent, a saving is positive; margin = sale − planned, sale + beside − spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from codial_tui.domain.document import Line
from codial_tui.domain.money import SCALE4, SCALE6, div_round

NO_CATEGORY = ("", "Sans rubrique")


class Category(NamedTuple):
    """A cost category of the company; billing_class: of the lines it takes by default."""

    code: str
    label: str
    billing_class: str = "article"


class Entry(NamedTuple):
    """One record, append-only. kind: use (a quantity at a cost), cost (the real unit cost of all
    of it), spend (an amount: a supplier's invoice), unfitted, reversal (of `reverses`). what: the
    uid of the planned line, else what an unplanned item goes by."""

    id: int
    kind: str
    what: str
    quantity: int = 0
    unit_cost: int = 0
    price_per: int = SCALE4
    typed: bool = False
    amount: int = 0
    date: str = ""
    worker: str = ""
    user: str = ""
    at: str = ""
    source: str = ""
    reverses: int | None = None
    reference: str = ""
    label: str = ""
    unit: str = ""
    category: str = ""
    item_id: int | None = None


class Billed(NamedTuple):
    """What suppliers have invoiced of a line: quantity in its unit, cents HT."""

    quantity: int = 0
    amount: int = 0


class Tracked(NamedTuple):
    """A supply with what became of it. line_id: None for what was not planned; unit_cost: what is
    planned for price_per; own_cost: what was really paid; unfitted: the record that says so."""

    what: str
    reference: str
    label: str
    unit: str
    category: str
    line_id: int | None = None
    item_id: int | None = None
    stocked: bool = False
    quantity: int = 0
    unit_cost: int = 0
    price_per: int = SCALE4
    own_cost: int = 0
    planned: int = 0
    consumed: int = 0
    spent: int = 0
    billed: Billed = Billed()
    unfitted: int | None = None
    records: int = 0
    by_invoice: bool = False
    """nothing was recorded: what is invoiced is spent"""

    @property
    def is_planned(self) -> bool:
        return self.line_id is not None

    @property
    def difference(self) -> int:
        return self.planned - self.spent


class Sum(NamedTuple):
    """A cost category: cents."""

    label: str
    planned: int
    spent: int

    @property
    def difference(self) -> int:
        return self.planned - self.spent


class Summary(NamedTuple):
    """All of an order. sale: cents HT; sums: the categories it has; beside: cents HT that the work
    orders that work for it bill beside it."""

    sale: int
    sums: tuple[Sum, ...]
    beside: int = 0

    @property
    def planned(self) -> int:
        return sum(one.planned for one in self.sums)

    @property
    def spent(self) -> int:
        return sum(one.spent for one in self.sums)

    @property
    def difference(self) -> int:
        return self.planned - self.spent

    @property
    def planned_margin(self) -> int:
        return self.sale - self.planned

    @property
    def real_margin(self) -> int:
        return self.sale + self.beside - self.spent

    @property
    def planned_rate(self) -> int | None:
        return rate(self.planned_margin, self.sale)

    @property
    def real_rate(self) -> int | None:
        return rate(self.real_margin, self.sale + self.beside)


def rate(margin: int, sale: int) -> int | None:
    """The margin of a sale (taux de marque), 10⁻⁶; None of nothing sold."""
    return div_round(margin * SCALE6, sale) if sale else None


def cost_of(quantity: int, unit_cost: int, price_per: int = SCALE4) -> int:
    """Cents of a quantity at a cost for `price_per`. 46 h × 32.00 = 1 472.00."""
    return div_round(quantity * unit_cost, 100 * price_per)


def live(entries: Iterable[Entry]) -> list[Entry]:
    """The records that count: not reversed, and no reversal."""
    several = list(entries)
    gone = {one.reverses for one in several}
    return [one for one in several if one.kind != "reversal" and one.id not in gone]


def category_of(line: Line, categories: Sequence[Category]) -> str:
    """The category of a line: its own where the company has it, else the first that takes its
    billing class; travel is labour."""
    if any(one.code == line.cost_category for one in categories):
        return line.cost_category
    wanted = "labour" if line.billing_class == "travel" else line.billing_class
    return next((one.code for one in categories if one.billing_class == wanted), "")


def planned_cost(line: Line) -> int:
    """10⁻⁴ for its price_per: what a unit of a line costs us."""
    return line.cost_price or line.purchase_price


def track(
    lines: Sequence[Line],
    entries: Sequence[Entry],
    billed: Mapping[str, Billed],
    categories: Sequence[Category],
    moved_from: Mapping[str, str] | None = None,
) -> list[Tracked]:
    """Every supply of an order in its order, then what was not planned. moved_from: uid of the
    order's line → uid of the planned one, where an execution quote stands for the order."""
    own: dict[str, list[Entry]] = {}
    for one in live(entries):
        own.setdefault((moved_from or {}).get(one.what, one.what), []).append(one)
    found = []
    for line in lines:
        cost = planned_cost(line)
        base = Tracked(
            line.uid,
            line.reference,
            line.label,
            line.unit,
            category_of(line, categories),
            line.id,
            line.item_id,
            bool(line.stock_managed),
            line.quantity,
            cost,
            line.price_per,
            planned=cost_of(line.quantity, cost, line.price_per),
            billed=billed.get(line.uid, Billed()),
        )
        found.append(_spent(base, own.pop(line.uid, ())))
    for what, several in own.items():
        first = several[0]
        codes = {one.code for one in categories}
        base = Tracked(
            what,
            first.reference,
            first.label,
            first.unit,
            first.category if first.category in codes else "",
            item_id=first.item_id,
            stocked=first.item_id is not None,
            unit_cost=first.unit_cost,
            price_per=first.price_per,
        )
        found.append(_spent(base, several))
    return found


def _spent(base: Tracked, entries: Sequence[Entry]) -> Tracked:
    """The line with what its records and its suppliers' invoices make of it.

    A quantity costs what was typed with it; else what was typed for all of it, what suppliers
    invoiced, what it was known to cost then: in this order. What is not kept in stock is spent as
    it is invoiced, when nothing was recorded.
    """
    uses = [one for one in entries if one.kind == "use"]
    costs = [one for one in entries if one.kind == "cost"]
    spends = [one for one in entries if one.kind == "spend"]
    refused = [one.id for one in entries if one.kind == "unfitted"]
    billed = base.billed
    consumed = sum(one.quantity for one in uses)
    by_invoice = not (uses or refused or base.stocked) and billed.quantity > 0
    if by_invoice:
        consumed, spent = billed.quantity, billed.amount
    else:
        spent = _valued(uses, costs, billed)
    spent += sum(one.amount for one in spends)
    if costs:
        own = costs[-1].unit_cost
    elif consumed:
        own = div_round(spent * 100 * base.price_per, consumed)
    elif billed.quantity:
        own = div_round(billed.amount * 100 * base.price_per, billed.quantity)
    else:
        own = base.unit_cost
    return base._replace(
        consumed=consumed,
        spent=spent,
        own_cost=own,
        unfitted=refused[-1] if refused else None,
        records=len(entries),
        by_invoice=by_invoice,
    )


def _valued(uses: Sequence[Entry], costs: Sequence[Entry], billed: Billed) -> int:
    """Cents; quantities of one cost are added up before they are rounded."""
    groups: dict[tuple[int, int], int] = {}
    invoiced = 0
    for one in uses:
        key = (one.unit_cost, one.price_per)
        if not one.typed and costs:
            key = (costs[-1].unit_cost, costs[-1].price_per)
        elif not one.typed and billed.quantity:
            invoiced += one.quantity
            continue
        groups[key] = groups.get(key, 0) + one.quantity
    total = sum(cost_of(quantity, *key) for key, quantity in groups.items())
    return total + (div_round(billed.amount * invoiced, billed.quantity) if invoiced else 0)


def summed(
    sale: int, lines: Iterable[Tracked], categories: Sequence[Category], beside: int = 0
) -> Summary:
    """Planned and spent by category, in the company's order; those with something in them."""
    sums: dict[str, list[int]] = {}
    for one in lines:
        cell = sums.setdefault(one.category, [0, 0])
        cell[0] += one.planned
        cell[1] += one.spent
    names = [*((one.code, one.label) for one in categories), NO_CATEGORY]
    cells = tuple(Sum(label, *sums[code]) for code, label in names if code in sums)
    return Summary(sale, cells, beside)


def bar(planned: int, spent: int, most: int, width: int) -> tuple[int, int]:
    """Cells of a bar: how many are spent, and which one is the last planned (0: none). most: the
    largest amount of the chart."""
    if most <= 0 or width <= 0:
        return 0, 0

    def cells(cents: int) -> int:
        return min(width, div_round(max(0, cents) * width, most) or (1 if cents > 0 else 0))

    return cells(spent), cells(planned)
