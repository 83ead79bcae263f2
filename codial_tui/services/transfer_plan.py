"""What a transfer would write, worked out in memory: the same for its preview and for itself.

Sources are moved one after the other into one target, new or there already. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codial_tui.domain.changes import Change, apply, insert, insert_after, set_header, set_line
from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.footer_transfer import Already, Part, carry_footer, frozen
from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.lines import Key
from codial_tui.domain.merge import CHOICE_FIELDS, Criterion, compare, group_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.recompute import recompute
from codial_tui.domain.rules import PREDICATES
from codial_tui.domain.spec import DocType, Inbound
from codial_tui.domain.transfer import Left, Moved, carry, check_takes, usual
from codial_tui.errors import Refused, refuse

from . import documents, pools, settings
from .context import Context
from .merging import target_facts
from .rows import load


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. into: a target that is there, None makes a new one; takes: quantities by
    source id and line uid, none for what is usual; choices: criterion code → source or target;
    goods_taken: the answer to « Marchandise emportée ? », None when nobody was asked."""

    sources: tuple[int, ...]
    kind: str
    into: int | None = None
    takes: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    goods_taken: bool | None = None


@dataclass(slots=True)
class SourcePart:
    """One source of a plan. header_before: what the target's header was before it came."""

    document: Document
    inbound: Inbound
    left: dict[str, Left]
    moved: Moved
    parts: list[Part]
    lines: list[str] = field(default_factory=list)
    adjustments: list[str] = field(default_factory=list)
    grown: list[tuple[str, int]] = field(default_factory=list)
    header_before: dict[str, Any] = field(default_factory=dict)
    adjustments_before: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """target: as it will be; before: the version it had, 0 when it is new; changes: what is done
    to a target that was there, in order."""

    kind: DocType
    target: Document
    before: int
    parts: list[SourcePart] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.before == 0


def source_of(context: Context, source_id: int, kind: DocType) -> tuple[Document, Inbound]:
    """A source and how the kind is made from it. Raises Refused."""
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
        source, inbound = source_of(context, source_id, kind)
        if made is None:
            made = _start(context, request, kind, source, inbound)
        _add(context, request, made, source, inbound)
    assert made is not None
    return made


def _start(
    context: Context, request: Request, kind: DocType, source: Document, inbound: Inbound
) -> Plan:
    if request.into is not None:
        target = load(context.database, request.into)
        if target is None or target.kind != kind.kind:
            raise refuse("document.unknown", f"Cible {request.into} introuvable", "", "into")
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
    database = context.database
    left = pools.left_of(database, source, inbound)
    takes = dict(request.takes.get(source.id) or usual(source, inbound, left))
    problems = check_takes(source, inbound, left, takes)
    if problems:
        raise Refused(*problems)
    merges = not made.is_new or bool(made.parts)
    part = SourcePart(source, inbound, left, Moved([], [], {}, False), [])
    if merges:
        part.header_before = _decide(context, request, made, source, inbound)
        _freeze(context, made, part)
    moved = carry(source, inbound, left, takes, context.uid, asked=bool(request.goods_taken))
    part.moved = moved
    stream = inbound.pools[0] if inbound.pools else ""
    footer = carry_footer(
        source,
        moved.nets,
        left,
        already_gone(context, source, stream),
        context.uid,
        alone=moved.whole and not merges and len(request.sources) == 1,
        sign=inbound.sign,
        fees=bool(settings.value(context, "transfer.fees_first", True)),
    )
    part.parts = footer.parts
    lines = _titled(context, made, part, moved.lines, several=len(request.sources) > 1 or merges)
    if merges and settings.value(context, "transfer.sum_equal", False):
        lines = _summed(made, part, lines)
    position = max((one.position for one in made.target.adjustments), default=-1)
    for place, one in enumerate(footer.adjustments, position + 1):
        one.position = place
    part.lines += [line.uid for line in lines]
    part.adjustments += [one.uid for one in footer.adjustments]
    changes = insert_after(made.target, lines, None)
    changes += [insert(one) for one in footer.adjustments]
    changes += [insert(one) for one in moved.links]
    _do(made, changes)
    _do(made, recompute(made.target, [*part.lines, *(uid for uid, _ in part.grown)]))
    made.parts.append(part)


def _do(made: Plan, changes: Sequence[Change]) -> None:
    apply(made.target, changes)
    made.changes += changes


def already_gone(context: Context, source: Document, stream: str) -> Already:
    """What of the source's footer went with earlier transfers of a stream."""
    found: dict[tuple[str, Key], int] = {}
    for uid, category, rate, amount in context.database.rows(
        "SELECT a.uid, k.vat_category, k.vat_rate, SUM(k.amount) FROM adjustment_link k "
        "JOIN document_adjustment a ON a.id = k.source_id "
        "WHERE a.document_id = ? AND k.pool = ? GROUP BY a.uid, k.vat_category, k.vat_rate",
        (source.id, stream),
    ):
        found[uid, (category, rate)] = amount
    return found


# -- merging into a target that has lines ------------------------------------------------------


def _decide(
    context: Context, request: Request, made: Plan, source: Document, inbound: Inbound
) -> dict[str, Any]:
    """Check the criteria, and let the chosen values win; returns what they replaced."""
    facts = target_facts(context, made.kind, made.target)
    found = compare(inbound.criteria, source.header, made.target.header, facts)
    if not inbound.criteria:
        raise refuse("merge.never", f"{made.kind.title} : ne se regroupe pas", "créez-en une")
    if group_of(found) == "refused":
        raise Refused(*(_blocked(one) for one in found if one.level == "blocking"))
    undecided = [one for one in found if request.choices.get(one.code) not in ("source", "target")]
    if undecided:
        raise Refused(*(_undecided(one) for one in undecided))
    after: dict[str, Any] = {}
    for code, names in CHOICE_FIELDS.items():
        if code in inbound.criteria and (
            request.choices.get(code) == "source" or not made.target.header.get(names[0])
        ):
            after |= {n: source.header[n] for n in names if source.header.get(n) is not None}
    change = set_header(made.target, **after)
    if change is None:
        return {}
    _do(made, [change])
    return dict(change.before or {})


def _blocked(one: Criterion) -> Problem:
    words = f"{one.label} : {one.source} ≠ {one.target}" if one.source else one.label
    return Problem(
        f"merge.{one.code}",
        one.field,
        words if one.source else f"{words} : {one.target}",
        one.remedy,
    )


def _undecided(one: Criterion) -> Problem:
    return Problem(
        f"choice.{one.code}",
        one.field,
        f"{one.label} : « {one.source} » ou « {one.target} » ?",
        f"--choose {one.code}=source ou target",
    )


def _freeze(context: Context, made: Plan, part: SourcePart) -> None:
    """Percents of the target stay on the lines it has."""
    changes = frozen(made.target, context.uid)
    part.adjustments_before = [
        {
            "op": one.op,
            "uid": one.uid,
            "before": dict(one.before or {}),
            "after": dict(one.after or {}),
        }
        for one in changes
    ]
    _do(made, changes)


def _titled(
    context: Context, made: Plan, part: SourcePart, lines: list[Line], *, several: bool
) -> list[Line]:
    """The lines under « Selon commande CC26-00012 du 03/11/2026 » when sources meet."""
    if not several or not settings.value(context, "transfer.source_titles", True):
        return lines
    if settings.value(context, "transfer.sum_equal", False):
        return lines
    return [_title(context, part.document), *lines]


def _title(context: Context, source: Document) -> Line:
    from datetime import date

    day = format_date(date.fromisoformat(source.text("date")))
    words = f"Selon {doc_type(source.kind).title.lower()} {source.ref} du {day}"
    return Line(context.uid(), LineType.TITLE, level=0, label=words)


_EQUAL = (
    *("item_id", "reference", "label", "unit", "unit_price", "price_per", "discounts", "tag"),
    *("vat_category", "vat_rate", "basis", "eco_contribution", "purchase_price", "cost_price"),
    *("discount_amount", "delivery_date", "stock_managed"),
)


def _summed(made: Plan, part: SourcePart, lines: list[Line]) -> list[Line]:
    """Add lines of an item that is there already, at the same price, to the line that has it."""
    there: dict[tuple[Any, ...], Line] = {}
    for line in made.target.lines:
        if _sums(line):
            there.setdefault(tuple(getattr(line, name) for name in _EQUAL), line)
    kept = []
    for line in lines:
        same = there.get(tuple(getattr(line, name) for name in _EQUAL)) if _sums(line) else None
        if same is None:
            kept.append(line)
            continue
        change = set_line(same, quantity=same.quantity + line.quantity)
        part.grown.append((same.uid, line.quantity))
        _do(made, [change] if change else [])
        part.moved.links[:] = [
            replace(one, target_uid=same.uid) if one.target_uid == line.uid else one
            for one in part.moved.links
        ]
    return kept


def _sums(line: Line) -> bool:
    return (
        line.type is LineType.ITEM
        and line.item_id is not None
        and line.parent_uid is None
        and not line.discount_amount
        and line.basis == "computed"
    )
