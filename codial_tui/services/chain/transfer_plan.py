"""What a transfer would write, worked out in memory: the same for its preview and for itself.

Sources are moved one after the other into one target, new or there already. Nothing is written.
"""

from __future__ import annotations

from codial_tui.domain.chain.footer_transfer import FEES, Footer, carry_footer
from codial_tui.domain.chain.transfer import carry, check_takes, usual
from codial_tui.domain.changes import insert, insert_after
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.lines.lines import Key
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.rules import PREDICATES
from codial_tui.domain.spec import DocType, Inbound
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import corrected, deposits
from codial_tui.services.maintenance import followed_order
from codial_tui.services.records import settings

from . import pools, transfer_merge
from .transfer_parts import Plan, SourcePart
from .transfer_parts import Request as Request


def source_of(
    context: Context, source_id: int, kind: DocType, offer: int | None = None
) -> tuple[Document, Inbound]:
    """A source and how the kind is made from it; offer: as this supplier answered it. Raises
    Refused."""
    source = load(context.database, source_id)
    if source is None:
        raise refuse("document.unknown", f"Document {source_id} introuvable")
    inbound = kind.inbound_from(source.kind)
    if inbound is None:
        title = doc_type(source.kind).title
        raise refuse("transfer.kind", f"{title} → {kind.title} : n'existe pas", "F6 dit les cibles")
    today = context.today.isoformat()
    if inbound.ready and not PREDICATES[inbound.ready](source.header, today):
        raise refuse("transfer.not_ready", *inbound.refusal)
    if source.text("location") not in ("", "office"):
        raise refuse("document.elsewhere", f"{source.ref} est sur une station", "reprenez-le")
    if inbound.offered:
        from codial_tui.services.buying.price_offers import offered

        source = offered(context, source, offer)
    return source, inbound


def plan(context: Context, request: Request) -> Plan:
    """Work a request out. Raises Refused with every problem, among them `choice.CODE` for a
    difference that nobody decided and `merge.CODE` for one that blocks."""
    kind = doc_type(request.kind)
    if kind not in doc_types(context.editions):
        raise refuse("kind.off", f"{kind.title} : pas dans cette édition", "", "kind")
    if not request.sources:
        raise refuse("transfer.nothing", "Rien à transférer", "marquez des pièces")
    made: Plan | None = None
    for source_id in request.sources:
        source, inbound = source_of(context, source_id, kind, request.offer)
        if made is None:
            made = _start(context, request, kind, source, inbound)
        _add(context, request, made, source, inbound)
    assert made is not None
    if "use" in kind.parts:
        made.changes += deposits.brought_up_to_date(context, made.target)
        made.changes += corrected.named(context, made.target)
    return made


def _start(
    context: Context, request: Request, kind: DocType, source: Document, inbound: Inbound
) -> Plan:
    if request.into is not None:
        target = load(context.database, request.into)
        if target is None or target.kind != kind.kind:
            raise refuse("document.unknown", f"Cible {request.into} introuvable", "", "into")
        if target.number("is_credit") or target.text("nature") == "deposit":
            said = f"{target.ref} est un avoir ou un acompte"
            raise refuse("merge.credit", said, "choisissez une facture", "into")
        if target.id in request.sources:
            raise refuse("transfer.itself", "Une pièce ne se transfère pas dans elle-même")
        return Plan(kind, target, target.version)
    target = documents.blank(context, kind.kind)
    names = {*inbound.header_fields}
    target.header.update({name: source.header.get(name) for name in names})
    target.header.update(inbound.values)
    if "planned_date" in {one.name for one in kind.fields}:
        target.header["planned_date"] = source.header.get("planned_date")
    return Plan(kind, target, 0)


def _add(
    context: Context, request: Request, made: Plan, source: Document, inbound: Inbound
) -> None:
    """Move one source into the plan's target."""
    left = pools.left_of(context.database, source, inbound)
    takes = dict(request.takes.get(source.id) or usual(source, inbound, left))
    if not takes:
        said = f"{source.ref} : plus rien à transférer"
        raise refuse("transfer.nothing", said, "onglet Transfert : où c'est passé", "lines")
    problems = check_takes(source, inbound, left, takes)
    if problems:
        raise Refused(*problems)
    merges = not made.is_new or bool(made.parts)
    moved = carry(source, inbound, left, takes, context.uid, asked=bool(request.goods_taken))
    if inbound.supplies:
        from codial_tui.services.buying.price_needs import supplied

        moved.links.extend(supplied(context, moved.links))
    part = SourcePart(source, inbound, left, moved, [], takes)
    if merges:
        transfer_merge.join(context, request, made, part)
    footer = _footer(context, part, alone=not merges and len(request.sources) == 1)
    part.parts = footer.parts
    position = max((one.position for one in made.target.adjustments), default=-1)
    for place, one in enumerate(footer.adjustments, position + 1):
        one.position = place
    lines = transfer_merge.lines_of(context, made, part, merges or len(request.sources) > 1)
    part.lines += [line.uid for line in lines]
    part.adjustments += [one.uid for one in footer.adjustments]
    here = {one.target_uid for one in moved.links} & {line.uid for line in lines}
    made.do(insert_after(made.target, lines, None))
    made.do([insert(one) for one in footer.adjustments])
    made.do([insert(one) for one in moved.links if one.target_uid in here])
    covered = followed_order.covering(context, made.target, made.changes)
    made.changes += covered
    touched = {one.uid for one in covered if one.op != "delete"}
    made.do(recompute(made.target, [*part.lines, *(one[0] for one in part.grown), *touched]))
    made.parts.append(part)


def _footer(context: Context, part: SourcePart, *, alone: bool) -> Footer:
    """What follows the lines of a source. Its first pool counts; what goes back counts what was
    billed too; a pool that is taken because somebody said so only notes it."""
    source, inbound, moved = part.document, part.inbound, part.moved
    counted = [*inbound.pools[:1]] or [""]
    if inbound.sign < 0:
        counted.append("")
    asked = inbound.asks and any(one.pool == inbound.asks for one in moved.links)
    fees = bool(settings.value(context, "transfer.fees_first", True))
    already = already_gone(context, source)
    if fees and inbound.through:
        for one in _fees_gone(context, source, inbound.through[0]):
            already.setdefault(counted[0], {}).setdefault(one, 1)
    return carry_footer(
        source,
        moved.nets,
        part.left,
        {pool: gone for pool, gone in already.items() if pool in counted or pool == inbound.asks},
        context.uid,
        counted=counted,
        beside=inbound.asks if asked else "",
        alone=moved.whole and alone,
        sign=inbound.sign,
        fees=fees,
    )


def already_gone(context: Context, source: Document) -> dict[str, dict[tuple[str, Key], int]]:
    """What of the source's footer went with earlier transfers, by pool."""
    found: dict[str, dict[tuple[str, Key], int]] = {}
    for uid, pool, category, rate, amount in context.database.rows(
        "SELECT a.uid, k.pool, k.vat_category, k.vat_rate, SUM(k.amount) FROM adjustment_link k "
        "JOIN document_adjustment a ON a.id = k.source_id "
        "WHERE a.document_id = ? GROUP BY a.uid, k.pool, k.vat_category, k.vat_rate",
        (source.id,),
    ):
        found.setdefault(pool, {})[uid, (category, rate)] = amount
    return found


def _fees_gone(context: Context, source: Document, pool: str) -> list[tuple[str, Key]]:
    """The fees of a source that were taken already of what the source comes from: an order that
    was billed directly has billed them."""
    return [
        (uid, (category, rate))
        for uid, category, rate in context.database.rows(
            "SELECT DISTINCT a.uid, gone.vat_category, gone.vat_rate FROM document_adjustment a "
            "JOIN adjustment_link k ON k.target_id = a.id "
            "JOIN adjustment_link gone ON gone.source_id = k.source_id AND gone.pool = ? "
            "WHERE a.document_id = ? AND a.type IN (?, ?)",
            (pool, source.id, *FEES),
        )
    ]
