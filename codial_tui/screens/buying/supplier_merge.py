"""Into an open order of the supplier, or a new one: the same three groups as everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codial_tui.domain.money import SCALE6, div_round
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.chain.transfer_carry import decide
from codial_tui.services.buying import joining
from codial_tui.services.buying.ordering import Wanted
from codial_tui.services.chain.merging import Candidate
from codial_tui.services.chain.transfer_parts import Request


class SupplierMerge(MergeScreen):
    """Answers a request whose `into` is the order that takes the lines, None for a new one."""

    def __init__(self, kind: str, name: str, wanted: Sequence[Wanted]) -> None:
        super().__init__(Request((), kind))
        self.supplier, self.wanted = name, wanted

    def candidates(self) -> list[Candidate]:
        return joining.candidates(self.context, self.kind.kind, self.wanted[0].supplier_id)

    def headline(self) -> str:
        return f"Besoins vers {self.kind.title} · {self.supplier}"

    def worth(self) -> tuple[int, int]:
        return sum(map(cost_of, self.wanted)), len(self.wanted)

    def under(self) -> str:
        return ""

    async def take(self, one: Candidate) -> None:
        async def then(request: Request) -> None:
            self.dismiss(request)

        request = replace(self.request, into=one.id)
        await decide(self, request, [each for each in one.criteria if each.level == "choice"], then)


def cost_of(one: Wanted) -> int:
    """Cents HT of a line to order."""
    gross = one.quantity * one.price * (SCALE6 - one.discount)
    return div_round(gross, one.price_per * SCALE6 * 100)
