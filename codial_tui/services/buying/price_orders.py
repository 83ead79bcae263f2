"""F6 on a price request: an order per chosen supplier, new or an open one of theirs, all in one
transaction; then, when somebody says so, the answers become the suppliers' prices (domain.md §7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.chain import merging, pools
from codial_tui.services.chain.merging import Candidate
from codial_tui.services.chain.transfer_parts import Request, Undecided
from codial_tui.services.chain.transfers import Done, Stale, claim, planned, write_plan
from codial_tui.services.context import Context

from . import price_requests
from .price_needs import bought_meanwhile
from .price_offers import offered
from .price_requests import ORDER


@dataclass(frozen=True, slots=True)
class Group:
    """What would be ordered of one supplier. net: cents HT; candidates: their documents that could
    take it, refused ones with every reason; spare: labels of lines that somebody ordered meanwhile,
    wholly or in part."""

    supplier_id: int
    code: str
    name: str
    lines: int
    net: int
    candidates: tuple[Candidate, ...]
    spare: tuple[str, ...] = ()


def groups(context: Context, request_id: int) -> list[Group]:
    """What is chosen and not ordered yet, by supplier. Raises Refused when it is nothing."""
    seen = price_requests.compared(context, request_id)
    found = []
    for one in seen.asked:
        own = [
            line
            for line in seen.lines
            if seen.chosen(line.uid) == one.supplier_id and line.uid not in seen.ordered
        ]
        if own:
            offer = offered(context, seen.document, one.supplier_id)
            several = merging.candidates(context, offer, doc_type(ORDER))
            net = totals(offer).net
            spare = tuple(
                line.label
                for line in own
                if line.id and bought_meanwhile(context, line.id, line.quantity)
            )
            found.append(
                Group(one.supplier_id, one.code, one.name, len(own), net, tuple(several), spare)
            )
    if not found:
        if seen.ordered:
            refs = ", ".join(sorted(set(seen.ordered.values())))
            raise refuse("price.ordered", f"Tout ce qui est choisi est commandé : {refs}")
        remedy = "onglet Fournisseurs (N) : Entrée retient un prix"
        raise refuse("price.none", "Aucune réponse n'est retenue", remedy)
    return found


def order(
    context: Context,
    request_id: int,
    *,
    suppliers: Sequence[int] = (),
    into: Mapping[int, int] | None = None,
    choices: Mapping[str, str] | None = None,
) -> list[Done]:
    """Order what is chosen: one order a supplier, in the order they were asked. suppliers: these
    only; into: supplier → open order that takes the lines; choices: criterion → source or target,
    the target's value stays where nobody says.

    All in one transaction. Raises Refused (`merge.CODE` for a refused target, `price.none`); then
    nothing is written.
    """
    if unknown := set(into or {}) - {one.supplier_id for one in groups(context, request_id)}:
        price_requests.not_chosen(context, request_id, min(unknown))
    done: list[Done] = []
    batch = context.uid()
    with context.database.write():
        pools.turn(context.database)
        claim(context, {request_id, *(into or {}).values()})
        several = groups(context, request_id)  # somebody may have ordered meanwhile
        for supplier_id in suppliers:
            if supplier_id not in {one.supplier_id for one in several}:
                price_requests.not_chosen(context, request_id, supplier_id)
        for one in several:
            if suppliers and one.supplier_id not in suppliers:
                continue
            request = Request(
                (request_id,),
                ORDER,
                (into or {}).get(one.supplier_id),
                choices=choices or {},
                offer=one.supplier_id,
            )
            done.append(_one(context, request, batch))
    return done


def _one(context: Context, request: Request, batch: str) -> Done:
    try:
        while True:
            try:
                made = planned(context, request)
            except Undecided as error:
                wins = {one.code: "target" for one in error.criteria}
                request = replace(request, choices={**wins, **request.choices})
                if any(request.choices[code] not in ("source", "target") for code in wins):
                    raise
                continue
            return write_plan(context, made, batch)
    except Stale:  # we hold the turn: it is the plan that would not stand
        raise refuse("transfer.busy", "Ces pièces changent en ce moment", "réessayez") from None


# what they answered becomes their price --------------------------------------------------------


def update_prices(context: Context, request_id: int) -> int:
    """Write the answers that were ordered into the suppliers' price lists, as of today; how many.
    An answer in another unit than the price list's stays out of it."""
    seen = price_requests.compared(context, request_id)
    count = 0
    with context.database.write():
        for line in seen.lines:
            supplier_id = seen.chosen(line.uid)
            answer = seen.answer(line.uid, supplier_id) if supplier_id else None
            if answer is None or line.item_id is None or line.uid not in seen.ordered:
                continue
            values = {
                "price": answer.said.price,
                "price_per": line.price_per,
                "discount": answer.said.discount,
                "priced_at": context.today.isoformat(),
            }
            if answer.said.minimum:
                values["minimum"] = answer.said.minimum
            if answer.said.delay_days is not None:
                values["delay_days"] = answer.said.delay_days
            count += _put(context, line.item_id, answer.supplier_id, line.unit, values)
    return count


def _put(
    context: Context, item_id: int, supplier_id: int, unit: str, values: Mapping[str, object]
) -> bool:
    row = context.database.row(
        "SELECT id, unit FROM item_supplier WHERE item_id = ? AND supplier_id = ?",
        (item_id, supplier_id),
    )
    if row is None:
        own = {"item_id": item_id, "supplier_id": supplier_id, "unit": unit}
        context.database.insert("item_supplier", {**own, **values})
        return True
    if fold(row[1] or unit) != fold(unit or row[1]):
        return False
    context.database.update("item_supplier", row[0], values)
    return True
