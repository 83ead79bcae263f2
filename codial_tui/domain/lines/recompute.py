"""The amounts that follow from an edit, as changes of the same step (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from codial_tui.domain.changes import Change, set_line
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.money import CENT, SCALE4
from codial_tui.domain.structure import children_of

from .lines import (
    component_quantity,
    component_ratio,
    enters_assembly,
    line_amount,
    needs_amount,
    unit_share,
)
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
    lines, nets = worked.lines, worked.amounts
    if touched is None or document.gross_mode:
        lines, nets = document.lines, net_amounts(document, worked.amounts)
    # else HT: no other line can change, and the HT of a line is its amount
    changes = []
    for line in lines:
        amount = worked.amounts.get(line.uid, line.amount)
        net_amount = nets.get(line.uid, 0)
        new = worked.families.get(line.uid)
        if new is None and amount == line.amount and net_amount == line.net_amount:
            continue
        values: dict[str, int] = {"amount": amount, "net_amount": net_amount}
        if new is not None:
            values |= {name: getattr(new, name) for name in FOLLOWS}
        change = set_line(line, **values)
        if change is not None:
            changes.append(change)
    return changes


def settled(changes: Sequence[Change], follow: Iterable[Change]) -> list[Change]:
    """One edit of changes and what followed from them: a line that they insert is inserted as it
    ended up, instead of being set at once."""
    last = {one.uid: at for at, one in enumerate(changes) if one.target == "line"}
    result = list(changes)
    for one in follow:
        at = last.get(one.uid) if (one.op, one.target) == ("set", "line") else None
        if at is not None and changes[at].op == "insert":
            result[at] = replace(
                result[at], after={**(result[at].after or {}), **(one.after or {})}
            )
        else:
            result.append(one)
    return result


FOLLOWS = ("quantity", "ratio", "unit_price", "price_per")
"""What may follow in an assembly and its components, beside the amounts."""


class _Worked:
    """New amounts of the lines that may change, and copies of assemblies and components."""

    def __init__(self, document: Document, touched: frozenset[str] | None) -> None:
        self.touched = touched
        self.children = children_of(document)
        self.families: dict[str, Line] = {}
        self.amounts: dict[str, int] = {}
        self.lines: list[Line] = []
        """those of `amounts`, in document order"""
        lines = document.lines
        if touched is not None:
            wanted = touched | self.children.keys()
            lines = [line for line in lines if line.uid in wanted]
        for line in lines:
            if line.uid in self.children and line.parent_uid is None:
                self._work(line, None)
            elif line.parent_uid is None:
                self.lines.append(line)
                self._settle(line)

    def _settle(self, line: Line) -> None:
        kept = line.amount if line.is_priced else 0
        self.amounts[line.uid] = line_amount(line) if needs_amount(line) else kept

    def _is_touched(self, uid: str | None) -> bool:
        return self.touched is not None and uid in self.touched

    def _work(self, line: Line, assembly: Line | None) -> Line:
        self.lines.append(line)
        new = replace(line)
        if assembly is not None:
            self._follow(new, assembly)
        components = [self._work(one, new) for one in self.children.get(line.uid, ())]
        if components and new.type is LineType.AD_HOC_ASSEMBLY and not new.price_forced:
            new.unit_price = CENT * sum(map(unit_share, filter(enters_assembly, components)))
            new.price_per = SCALE4
        self._settle(new)
        self.families[new.uid] = new
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
