"""What a document can become, and how much of it is proposed: what F6 opens with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codial_tui.domain.chain.merge import group_of
from codial_tui.domain.chain.transfer import Left, usual
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type, outbound
from codial_tui.domain.rules import PREDICATES
from codial_tui.domain.spec import DocType, Inbound
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import load
from codial_tui.services.stock import stock_moves

from . import merging, pools
from .merging import Candidate
from .transfer_parts import Plan


@dataclass(frozen=True, slots=True)
class Target:
    """A kind that a source can become. left, takes: 10⁻⁴ by line uid; reason: why not now."""

    kind: DocType
    inbound: Inbound
    left: dict[str, Left]
    takes: dict[str, int]
    reason: str = ""

    @property
    def title(self) -> str:
        return self.inbound.label.capitalize() or self.kind.title


def of(context: Context, document_id: int) -> tuple[Document, list[Target]]:
    """A document and its targets in chain order, those of its own kind (a return) last."""
    source = load(context.database, document_id)
    if source is None:
        raise refuse("document.unknown", f"Document {document_id} introuvable")
    today = context.today.isoformat()
    found = []
    for kind, inbound in sorted(
        outbound(source.kind, context.editions), key=lambda one: one[0].kind == source.kind
    ):
        left = pools.left_of(context.database, source, inbound)
        ready = not inbound.ready or PREDICATES[inbound.ready](source.header, today)
        reason = "" if ready else " · ".join(filter(None, inbound.refusal))
        found.append(Target(kind, inbound, left, usual(source, inbound, left), reason))
    if not found:
        title = doc_type(source.kind).title
        raise refuse("transfer.none", f"{title} : ne se transfère pas", "F7 X le duplique")
    return source, found


def usual_of(targets: list[Target]) -> Target:
    """The one proposed: the first that takes from pools and has something to take."""
    for one in targets:
        if not one.reason and one.inbound.pools and any(one.takes.values()):
            return one
    return next((one for one in targets if not one.reason), targets[0])


def asks_goods(source: Document, target: Target, takes: dict[str, int]) -> bool:
    """Whether « Marchandise emportée ? » has to be asked: lines kept in stock are taken that are
    still to be delivered."""
    asks = target.inbound.asks
    holding = {line.parent_uid for line in source.lines if line.stock_managed}
    for line in source.lines:
        if asks and takes.get(line.uid) and (line.stock_managed or line.uid in holding):
            have = target.left.get(line.uid)
            pool = have.pool(asks) if have is not None else None
            if pool is not None and pool.left:
                return True
    return False


def any_asks_goods(context: Context, sources: Sequence[int], kind: DocType) -> bool:
    """Whether « Marchandise emportée ? » has to be asked of one of these documents."""
    for source_id in sources:
        source, targets = of(context, source_id)
        for one in targets:
            if one.kind.kind == kind.kind and asks_goods(source, one, one.takes):
                return True
    return False


def warnings(context: Context, made: Plan) -> list[str]:
    """What one should know and may go on all the same: stock that would be negative, a customer
    over the credit limit."""
    found = []
    if "stock_out" in made.kind.effects.get("print", ()):
        found += [one.message for one in stock_moves.shortages(context, made.target)]
    party = made.target.number("invoice_party_id") or made.target.number("party_id")
    limit = context.database.value("SELECT credit_limit FROM party WHERE id = ?", (party,))
    if limit:
        from codial_tui.domain.lines.totals import totals
        from codial_tui.domain.quantity import format_cents
        from codial_tui.services.payments.payment_facts import outstanding

        owed = outstanding(context, party, but=made.target.id) + totals(made.target).gross
        if owed > limit:
            found.append(f"Encours {format_cents(owed)} au-dessus du plafond {format_cents(limit)}")
    return found


def candidates(context: Context, sources: tuple[int, ...], kind: DocType) -> list[Candidate]:
    """The documents that all of these sources might join, the best first; each with the
    criteria of every source."""
    joined: dict[int, Candidate] = {}
    for number, source_id in enumerate(sources):
        source = load(context.database, source_id)
        if source is None:
            raise refuse("document.unknown", f"Document {source_id} introuvable")
        found = {one.id: one for one in merging.candidates(context, source, kind)}
        if not number:
            joined = {key: one for key, one in found.items() if key not in sources}
            continue
        for key, one in list(joined.items()):
            other = found.get(key)
            criteria = [*one.criteria, *(other.criteria if other else ())]
            unique = tuple({each.code: each for each in reversed(criteria)}.values())
            group = group_of(list(unique)) if other else "refused"
            joined[key] = Candidate(
                one.id,
                one.ref,
                one.date,
                one.subject,
                one.branch,
                one.net,
                one.lines,
                group,
                unique,
            )
    order = ("mergeable", "choice", "refused")
    return sorted(joined.values(), key=lambda one: (order.index(one.group), -one.id))
