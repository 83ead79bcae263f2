"""F6 on a price request: supplier by supplier into an open order or a new one, then all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codial_tui.domain.kinds import doc_type
from codial_tui.domain.quantity import format_cents
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.chain.transfer_carry import why
from codial_tui.screens.wording import counted
from codial_tui.services.buying import price_orders, price_requests
from codial_tui.services.buying.price_offers import offered
from codial_tui.services.buying.price_orders import Group
from codial_tui.services.chain import merging
from codial_tui.services.chain.merging import Candidate
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfers import Done

if TYPE_CHECKING:
    from codial_tui.screens.document.document_invoicing import InvoicingCommands

SHOWN = 2
"""Suppliers named in the question; more are counted."""


class OfferMerge(MergeScreen):
    """The same three groups as everywhere, for what one supplier answered."""

    def __init__(self, request_id: int, group: Group, place: str) -> None:
        request = Request((request_id,), price_requests.ORDER, offer=group.supplier_id)
        super().__init__(request)
        self.group, self.place = group, place

    def candidates(self) -> list[Candidate]:
        request = price_requests.load(self.context, self.request.sources[0])
        offer = offered(self.context, request, self.group.supplier_id)
        return merging.candidates(self.context, offer, doc_type(self.request.kind))

    def headline(self) -> str:
        return f"{self.place}{self.group.name} · {counted(self.group.lines, 'ligne')} à commander"


async def order(host: InvoicingCommands) -> None:
    """Where each supplier's lines go, one question, all orders in one transaction; then whether
    their price lists follow. Raises Refused when nothing is taken."""
    request_id = host.document_id
    several = price_orders.groups(host.context, request_id)
    await _into(host, request_id, several, 0, {}, {})


async def _into(
    host: InvoicingCommands,
    request_id: int,
    several: Sequence[Group],
    at: int,
    into: Mapping[int, int],
    choices: Mapping[str, str],
) -> None:
    """Ask for each supplier who has an order that can take it; Esc leaves everything as it is."""
    while at < len(several) and not _joins(several[at]):
        at += 1
    if at == len(several):
        _confirm(host, request_id, several, into, choices)
        return
    group = several[at]

    async def chosen(made: Request | None) -> None:
        if made is None:
            return
        more = {**into, group.supplier_id: made.into} if made.into else {**into}
        wins = {**choices, **made.choices}
        await host.guarded(lambda: _into(host, request_id, several, at + 1, more, wins))

    place = f"{at + 1}/{len(several)} " if len(several) > 1 else ""
    await host.app.push_screen(OfferMerge(request_id, group, place), chosen)


def _joins(group: Group) -> bool:
    return any(one.group != "refused" for one in group.candidates)


def _confirm(
    host: InvoicingCommands,
    request_id: int,
    several: Sequence[Group],
    into: Mapping[int, int],
    choices: Mapping[str, str],
) -> None:
    spare = sum(len(one.spare) for one in several)
    shown = 1 if spare else SHOWN
    names = ", ".join(f"{one.name[:14]} {format_cents(one.net)}" for one in several[:shown])
    if len(several) > shown:
        names += f" et {counted(len(several) - shown, 'autre')}"
    if spare:  # somebody bought it meanwhile: it would be for the stock
        names += f", dont {counted(spare, 'ligne')} déjà cdée ailleurs"

    async def then(letter: str) -> None:
        if letter == "O":
            done = price_orders.order(host.context, request_id, into=into, choices=choices)
            await _made(host, request_id, several, done)

    host.reading.ask(f"Commander : {names} ? O/N", then, final=True)


async def _made(
    host: InvoicingCommands, request_id: int, several: Sequence[Group], done: Sequence[Done]
) -> None:
    """Say what was made; ask about the price lists; go to the first order."""
    refs = ", ".join(one.ref for one in done)
    new = [one.target_id for one in done]
    reasons = tuple(why(one) for group in several for one in group.candidates if not _joins(group))
    await host._renew()
    host.explained = reasons

    async def then(letter: str) -> None:
        from codial_tui.screens.document.document import DocumentScreen

        said = f"{refs} · Ctrl+R annule"
        if letter == "O":
            count = price_orders.update_prices(host.context, request_id)
            said = f"{refs} · {count} prix dans les tarifs"
        await host.app.push_screen(DocumentScreen(new[0], said=said, explained=reasons))

    made = refs if len(done) <= SHOWN else counted(len(done), "commande")
    host.reading.ask(f"{made} · noter ces prix dans les tarifs ? O/N", then)
