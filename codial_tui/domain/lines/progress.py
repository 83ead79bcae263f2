"""How far a document has got: what its pools say of it, in one word (domain.md §2).

Statuses come from quantities, never from rounded percentages.
"""

from __future__ import annotations

from collections.abc import Iterable


def how_far(lines: Iterable[tuple[int, int]]) -> str:
    """`none`, `part` or `full` of (quantity, what can still be taken), both 10⁻⁴; "" without any
    quantity. A line is done when nothing of it is left."""
    wanted = [(quantity, left) for quantity, left in lines if quantity]
    if not wanted:
        return ""
    if not any(left for _, left in wanted):
        return "full"
    return "none" if all(left == quantity for quantity, left in wanted) else "part"
