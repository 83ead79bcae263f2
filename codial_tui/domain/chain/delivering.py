"""À livrer of an order: what the next delivery takes, line by line (domain.md §2). Pure.

Quantities are 10⁻⁴ and keep the sign of their line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Document, Line
from codial_tui.domain.draft import Plan
from codial_tui.domain.guards import Taken
from codial_tui.domain.problems import Problem, invalid
from codial_tui.domain.quantity import format_quantity

from .transfer import is_carried, same_side

SHORT_NAMED = 3
"""lines that are short and named; of more one says how many"""


def is_given_up(document: Document) -> bool:
    """Whether the order gave up what was not delivered."""
    return bool(document.header.get("given_up_at"))


def free(document: Document, line: Line, taken: Taken) -> int:
    """What no other document has taken of a line, open ones included."""
    if is_given_up(document) or not is_carried(line):
        return 0
    return line.quantity - taken.get(line.uid, {}).get("deliver", 0)


def excess(document: Document, line: Line, wanted: int, taken: Taken) -> int:
    """How much of what is wanted is above what is free; 0 when it is not."""
    return wanted - same_side(wanted, free(document, line, taken))


def fill(
    document: Document,
    taken: Taken,
    stock: Mapping[int, int],
    uids: Collection[str] | None = None,
) -> Plan:
    """À livrer with what is free and in stock. What goes back, and what is not kept in stock,
    goes whole; lines of the same item share its stock in their order. Warns of what is short.

    stock: on hand by item. Raises Invalid for an order that gave up its rest.
    """
    if is_given_up(document):
        raise invalid("order.given_up", "Reste abandonné", "rouvrez la commande : F7 W", "lines")
    there = dict(stock)
    changes, short = [], []
    for line in _scope(document, uids):
        wanted = free(document, line, taken)
        if line.stock_managed and line.item_id and wanted > 0:
            wanted = min(wanted, max(0, there.get(line.item_id, 0)))
            there[line.item_id] = there.get(line.item_id, 0) - wanted
            if wanted < free(document, line, taken):
                short.append((line, wanted))
        if change := set_line(line, to_deliver=wanted):
            changes.append(change)
    return Plan(changes, [_short(document, short, taken)] if short else [])


def _scope(document: Document, uids: Collection[str] | None) -> Iterator[Line]:
    return (one for one in document.lines if is_carried(one) and (uids is None or one.uid in uids))


def _short(document: Document, short: list[tuple[Line, int]], taken: Taken) -> Problem:
    named = [
        f"{line.reference or line.label[:20]} {format_quantity(wanted, 0)} sur "
        f"{format_quantity(free(document, line, taken), 0)}"
        for line, wanted in short[:SHORT_NAMED]
    ]
    more = len(short) - len(named)
    text = "Stock court : " + ", ".join(named) + (f" et {more} de plus" if more else "")
    return Problem("stock.short", "lines", text, "", "warning")
