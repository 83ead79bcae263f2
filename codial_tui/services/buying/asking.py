"""Asking for what is needed before it is ordered: a price request, or a request in the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codial_tui.domain.buying.needs import Need, shared
from codial_tui.domain.document import Document
from codial_tui.services.context import Context

from . import price_needs
from .ordering import Wanted

NOBODY = 0
"""supplier of what is only asked for"""


def request(
    context: Context,
    needs: Sequence[Need],
    kind: str = "price_request",
    quantities: Mapping[int, int] | None = None,
) -> Document:
    """A request of what is to order, in the units of stock, by project; it remembers the lines
    that need it. quantities: 10⁻⁴ by item, over what is to order. Raises Refused for nothing."""
    wanted: list[Wanted] = []
    for need in needs:
        quantity = (quantities or {}).get(need.item_id, need.to_order)
        if quantity > 0:
            wanted += _wanted(need, quantity)
    return price_needs.from_needs(context, wanted, kind=kind)


def _wanted(need: Need, quantity: int) -> list[Wanted]:
    """One line a project; what is beyond the lines goes with the last."""
    groups: dict[int | None, list[tuple[int, int]]] = {}
    for source, part in shared(quantity, need.sources):
        groups.setdefault(source.project_id, []).append((source.line_id, part))
    groups = groups or {None: []}
    found, left = [], quantity
    for number, (project, sources) in enumerate(groups.items(), 1):
        own = left if number == len(groups) else sum(part for _, part in sources)
        left -= own
        found.append(
            Wanted(
                NOBODY,
                need.item_id,
                need.label,
                own,
                need.unit,
                sources=tuple(sources),
                project_id=project,
            )
        )
    return found
