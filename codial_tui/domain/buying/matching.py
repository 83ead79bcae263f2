"""What a supplier invoices against what came (domain.md §7; practice.md §1.6): which line answers
which receipt, and what differs. Pure: quantities 10⁻⁴, amounts cents HT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from codial_tui.domain.chain.transfer import Pool, same_side
from codial_tui.domain.document import Document, Line
from codial_tui.domain.money import div_round
from codial_tui.domain.text import fold


class Came(NamedTuple):
    """A line of a receipt or an order of which something can be invoiced. references: ours and the
    supplier's, folded; left: 10⁻⁴ that can be invoiced of its pool; through: the pool of the order
    line behind it."""

    ref: str
    date: str
    item_id: int | None
    references: frozenset[str]
    label: str
    left: int
    pool: Pool
    through: tuple[Pool, ...] = ()


class Difference(NamedTuple):
    """A line of the invoice beside what it answers. came: 10⁻⁴, what is linked of it; expected:
    cents HT of that at the price that was agreed; refs: of what it answers, "" for nothing."""

    uid: str
    label: str
    quantity: int
    came: int
    net: int
    expected: int
    refs: str

    @property
    def is_matched(self) -> bool:
        return bool(self.refs)

    @property
    def more(self) -> int:
        """10⁻⁴ invoiced beyond what came; negative: less than that."""
        return self.quantity - self.came

    @property
    def gap(self) -> int:
        """Cents HT invoiced beyond what came at the agreed price; negative: in our favour."""
        return self.net - self.expected


def propose(
    lines: Iterable[Line], came: Sequence[Came], named: str = ""
) -> dict[str, list[tuple[Came, int]]]:
    """What each line most probably answers, with how much of it: the same item, else the same
    reference, else the same words; of the document that is named first, then the oldest. A line
    takes of several until its quantity is reached; what came is taken once."""
    left = {one.pool.line_id: one.left for one in came}
    order = sorted(came, key=lambda one: (one.ref != named, one.date, one.pool.line_id))
    found: dict[str, list[tuple[Came, int]]] = {}
    wanted = list(lines)
    for alike in (_same_item, _same_reference, _same_words):
        for line in wanted:
            missing = line.quantity - sum(part for _, part in found.get(line.uid, ()))
            for one in order:
                if not missing or not alike(line, one):
                    continue
                part = same_side(missing, left[one.pool.line_id])
                if part:
                    found.setdefault(line.uid, []).append((one, part))
                    left[one.pool.line_id] -= part
                    missing -= part
    return found


def _same_item(line: Line, one: Came) -> bool:
    return line.item_id is not None and line.item_id == one.item_id


def _same_reference(line: Line, one: Came) -> bool:
    return bool(line.reference) and fold(line.reference) in one.references


def _same_words(line: Line, one: Came) -> bool:
    return bool(line.label) and fold(line.label) == fold(one.label)


class Linked(NamedTuple):
    """What a line of the invoice is linked with: so much of a line that came, and its cents HT."""

    ref: str
    quantity: int
    amount: int


def differences(document: Document, linked: Mapping[str, Sequence[Linked]]) -> list[Difference]:
    """Every counting line of an invoice beside what it answers."""
    found = []
    for line in document.lines:
        if not line.counts:
            continue
        parts = linked.get(line.uid, ())
        refs = ", ".join(dict.fromkeys(one.ref for one in parts))
        came = sum(one.quantity for one in parts)
        expected = sum(one.amount for one in parts)
        found.append(
            Difference(line.uid, line.label, line.quantity, came, line.net_amount, expected, refs)
        )
    return found


def unit_price(net: int, quantity: int) -> int:
    """10⁻⁴ € for one, of cents HT for so many; 0 for none."""
    return div_round(net * 1_000_000, quantity) if quantity else 0
