"""A selling price typed for a line, a chapter or the whole, brought down to the lines.

Customers negotiate the whole (practice.md §3.2): ratio = target ÷ present, applied to the lines
whose price is not forced, then the missing cents on the largest line that can take them. A unit
price has only the document's decimals: cents it cannot express are taken off the largest line as
a discount in money, which an e-invoice allows on a line (EN 16931 BT-136), where an amount that
quantity × price does not give is refused. Where cents miss, the price goes up a notch before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Document, Line
from codial_tui.domain.draft import Draft, Plan
from codial_tui.domain.money import CENT, div_round, in_bounds
from codial_tui.domain.problems import Invalid, invalid
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.structure import children_of

from .lines import discounted, round_price, unit_cost, work_amount
from .tools import gap_message, leaves, scope
from .totals import totals

PASSES = 4
"""Scalings before the cents are placed; a footer percent or a nested assembly needs two."""

STEPS = 16
"""Corrections of a discount in money; two are enough without a footer percent."""

TRIES = 40
"""Lines tried for the left-over cents, largest first."""

MOST_NOTCHES = 1 << 20

Measure = Callable[[Document], int]


def force_price(document: Document, uids: Iterable[str] | None, target: int) -> Plan:
    """Make the lines chosen (None: all) add up to `target` cents, in the document's price mode
    and before the footer. One priced line alone keeps the price: it is marked forced."""
    chosen = [line.uid for line in scope(document, uids)]
    single = len(chosen) == 1
    counted = frozenset(
        uid for uid in chosen if single or document.line(uid).counts or _is_component(document, uid)
    )

    def measure(draft: Document) -> int:
        return sum(line.amount for line in draft.lines if line.uid in counted)

    draft = Draft(document)
    draft.recompute(counted)
    gap = _Forcing(draft, counted, target, measure, override=single).run(to_the_cent=not single)
    if single:
        draft.do(set_line(draft.document.line(chosen[0]), price_forced=1))
        if gap:  # an ad hoc assembly whose components cannot express it takes the price itself
            gap = _Forcing(draft, counted, target, measure, override=True).run()
    _warn(draft, gap)
    return draft.plan(counted)


def force_total(document: Document, target: int) -> Plan:
    """Make the whole document come to `target` cents, footer included, before deposits are
    deducted: HT in HT mode, TTC in TTC mode."""

    def measure(draft: Document) -> int:
        found = totals(draft)
        return found.works_gross if document.gross_mode else found.works_net

    draft = Draft(document)
    draft.recompute()
    counted = frozenset(line.uid for line in document.lines if line.counts and not line.nature)
    _warn(draft, _Forcing(draft, counted, target, measure, override=False).run())
    return draft.plan()


def force_lines(draft: Draft, uids: Iterable[str], target: int) -> None:
    """Inside another tool: make just these lines add up to `target`, whatever their tag."""
    counted = frozenset(uids)

    def measure(document: Document) -> int:
        return sum(line.amount for line in document.lines if line.uid in counted)

    draft.recompute(counted)
    _warn(draft, _Forcing(draft, counted, target, measure, override=True).run())


def _warn(draft: Draft, gap: int) -> None:
    if gap:
        draft.warn("tool.gap", gap_message(gap), "changez une quantité ou une remise")


def _is_component(document: Document, uid: str) -> bool:
    return document.line(uid).parent_uid is not None


class _Forcing:
    """One run: scale, then place the cents."""

    def __init__(
        self,
        draft: Draft,
        counted: frozenset[str],
        target: int,
        measure: Measure,
        *,
        override: bool,
    ) -> None:
        if not in_bounds(target):
            raise invalid("amount.too_big", "Montant trop grand", "réduisez-le")
        self.draft, self.target, self.measure = draft, target, measure
        self.counted = counted
        document = draft.document
        self.digits = document.price_decimals
        children = children_of(document)
        lines = [line for line in document.lines if line.uid in counted]
        found = leaves(lines, children)
        self.free = [
            line
            for line in found
            if (override or not line.price_forced)
            and (override or line.basis == "computed")
            and line.quantity
            and discounted(line)[0]
        ]
        self.locked = len(found) - len(self.free)
        self.bases = self._bases(children)
        self.base = self._weigh(self.bases)

    def _bases(self, children: dict[str, list[Line]]) -> dict[str, int]:
        """The prices to scale: what is there, else costs, else the same for all."""
        candidates = (
            {line.uid: line.unit_price for line in self.free},
            {line.uid: unit_cost(line, children.get(line.uid, ())) for line in self.free},
            {line.uid: line.price_per for line in self.free},
        )
        return next((one for one in candidates if self._weigh(one)), {})

    def _weigh(self, prices: dict[str, int]) -> int:
        """What these prices come to, in hundredths of a cent."""
        total = 0
        for line in self.free:
            top, bottom = discounted(line)
            total += div_round(
                line.quantity * prices.get(line.uid, 0) * top, line.price_per * bottom
            )
        return total

    def run(self, *, to_the_cent: bool = True) -> int:
        """Bring the lines to the target; returns the cents that are missing. to_the_cent: taking
        off as a discount what prices cannot express."""
        if self.locked:
            self.draft.warn("tool.locked", f"{self.locked} lignes à prix forcé, laissées")
        if self.base and self._gap():
            self._scale()
            self._place_cents()
            if to_the_cent and self._gap():
                self._take_off_cents()
        return self._gap()

    def _gap(self) -> int:
        """Cents that miss; negative when there are too many."""
        return self.target - self.measure(self.draft.document)

    def _set(self, prices: Sequence[tuple[Line, int]]) -> None:
        self.draft.set_all(
            (line, {"unit_price": price, "basis": "computed"}) for line, price in prices
        )
        self.draft.recompute([line.uid for line, _ in prices])

    def _scale(self) -> None:
        """Prices × target ÷ base, corrected until the footer and the assemblies follow."""
        missing = self.target - self.measure(self.draft.document)
        wanted = self._weigh({line.uid: line.unit_price for line in self.free}) + missing * CENT
        best: tuple[int, list[tuple[Line, int]]] | None = None
        for _ in range(PASSES):
            prices = [
                (line, round_price(self.bases[line.uid] * wanted, self.base, self.digits))
                for line in self.free
            ]
            try:
                self._set(prices)
            except Invalid:  # what follows slowly asked for a price out of bounds
                if best is None:
                    raise
                break
            reached = self.measure(self.draft.document)
            gap = self.target - reached
            if best is None or abs(gap) < abs(best[0]):
                best = (gap, prices)
            if not gap or not reached:
                break
            wanted = (
                div_round(wanted * self.target, reached) if self.target else wanted + gap * CENT
            )
        if best is not None:
            self._set(best[1])

    def _place_cents(self) -> None:
        """The missing cents on the largest line whose price can express them."""
        by_size = sorted(self.free, key=lambda line: -abs(work_amount(line)))[:TRIES]
        for line in by_size:
            gap = self._gap()
            if not gap:
                return
            top, bottom = discounted(line)
            step = round_price(
                gap * line.price_per * CENT * bottom, line.quantity * top, self.digits
            )
            before = line.unit_price
            self._set([(line, before + step)])
            after = self._gap()
            if abs(after) >= abs(gap):
                self._set([(line, before)])

    def _take_off_cents(self) -> None:
        """The cents no price can express, off the largest line that can bear them."""
        sold = [line for line in self.free if line.quantity > 0 <= line.unit_price]
        for line in sorted(sold, key=lambda line: -work_amount(line))[:TRIES]:
            bearer = self._bearer(line)
            if bearer.basis != "computed":
                continue
            before = line.unit_price, bearer.discount_amount
            self._raise_above(line)
            self._discount(bearer, before[1])
            if not self._gap():
                cents = format_cents(bearer.discount_amount - before[1])
                shown = bearer.reference or bearer.label[:20]
                self.draft.warn("tool.cents", f"{cents} de remise sur « {shown} » pour l'arrondi")
                return
            self._set([(line, before[0])])
            self._set_discount(bearer, before[1])

    def _bearer(self, line: Line) -> Line:
        """The line whose amount is added up: the line itself, or the assembly it is part of."""
        while line.parent_uid is not None and line.uid not in self.counted:
            line = self.draft.document.line(line.parent_uid)
        return line

    def _raise_above(self, line: Line) -> None:
        """The price a few notches up, until nothing misses any more."""
        notch = 10 ** (4 - self.digits)
        step = 1
        while self._gap() > 0 and step < MOST_NOTCHES:
            self._set([(line, line.unit_price + step * notch)])
            step *= 2

    def _discount(self, bearer: Line, least: int) -> None:
        """What is too much off a line. Where a footer percent follows the amount, a cent off the
        line is less than one off the total: each step tells how much (secant)."""
        gap = self._gap()
        step = -gap
        for _ in range(STEPS):
            wanted = bearer.discount_amount + step
            if not gap or not least <= wanted <= least + work_amount(bearer):
                return
            self._set_discount(bearer, wanted)
            before, gap = gap, self._gap()
            step = div_round(step * gap, before - gap) if before != gap else -gap
            step = step or (1 if gap < 0 else -1)

    def _set_discount(self, bearer: Line, cents: int) -> None:
        self.draft.set_all([(bearer, {"discount_amount": cents})])
        self.draft.recompute([bearer.uid])
