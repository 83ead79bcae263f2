"""The amounts that follow from an edit, as changes of the same step (design.md §3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from .changes import Change, set_line
from .document import Document, Line, LineType
from .lines import (
    component_quantity,
    component_ratio,
    enters_assembly,
    line_amount,
    needs_amount,
    unit_share,
)
from .money import CENT, SCALE4
from .structure import children_of
from .totals import net_amounts


def recompute(document: Document, uids: Iterable[str] | None = None) -> list[Change]:
    """The changes that bring stored figures in line after an edit of these lines (None: of any).

    Component quantities follow their assembly (ratio × quantity); the ratio follows when it is
    the component's quantity that was edited. An ad hoc assembly costs the sum of its components,
    unless its price is forced. Amounts follow quantity and price, unless forced or of a progress
    invoice. HT amounts follow last: in TTC mode one line moves the cents of its neighbours.

    Raises Invalid when an amount does not fit the database.
    """
    touched = None if uids is None else frozenset(uids)
    worked = _Worked(document, touched)
    amounts = {uid: line.amount for uid, line in worked.lines.items()}
    nets = net_amounts(document, amounts)
    changes = []
    for line in document.lines:
        new = worked.lines.get(line.uid)
        net = nets.get(line.uid, 0)
        if new is None and net == line.net_amount:
            continue
        new = new or line
        change = set_line(
            line,
            quantity=new.quantity,
            ratio=new.ratio,
            unit_price=new.unit_price,
            price_per=new.price_per,
            amount=new.amount,
            net_amount=net,
        )
        if change is not None:
            changes.append(change)
    return changes


class _Worked:
    """Copies of the lines that may change, with their new figures."""

    def __init__(self, document: Document, touched: Collection[str] | None) -> None:
        self.touched = touched
        self.children = children_of(document)
        self.lines: dict[str, Line] = {}
        for line in document.lines:
            if line.parent_uid is None:
                family = line.uid in self.children
                if touched is None or family or line.uid in touched:
                    self._work(line, None)

    def _is_touched(self, uid: str | None) -> bool:
        return self.touched is not None and uid in self.touched

    def _work(self, line: Line, assembly: Line | None) -> Line:
        new = replace(line)
        if assembly is not None:
            self._follow(new, assembly)
        components = [self._work(one, new) for one in self.children.get(line.uid, ())]
        if components and new.type is LineType.AD_HOC_ASSEMBLY and not new.price_forced:
            new.unit_price = CENT * sum(map(unit_share, filter(enters_assembly, components)))
            new.price_per = SCALE4
        if needs_amount(new):
            new.amount = line_amount(new)
        elif not new.is_priced:
            new.amount = 0
        self.lines[new.uid] = new
        return new

    def _follow(self, component: Line, assembly: Line) -> None:
        """Quantity from the ratio, or the ratio from a quantity that was just typed."""
        if not component.is_priced:
            return
        typed = self._is_touched(component.uid) and not self._is_touched(assembly.uid)
        implied = component_ratio(component.quantity, assembly.quantity)
        if component.ratio == implied or (component.ratio and not assembly.quantity):
            return
        if typed or not component.ratio:
            component.ratio = implied
        else:
            component.quantity = component_quantity(component.ratio, assembly.quantity)
