"""Merging: what comes into a target that has lines already (seed 001; domain.md §4)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from codial_tui.domain.chain.footer_transfer import frozen
from codial_tui.domain.chain.merge import CHOICE_FIELDS, compare, group_of
from codial_tui.domain.changes import insert, insert_at, set_header, set_line, set_link
from codial_tui.domain.document import Document, Line, LineType, Link
from codial_tui.domain.kinds import cited
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import load
from codial_tui.services.records import settings

from .merging import blocked, target_facts
from .transfer_parts import Plan, Request, SourcePart, Undecided


def join(context: Context, request: Request, made: Plan, part: SourcePart) -> None:
    """Check the criteria, let the chosen values win, and make the target ready for more lines.
    Raises Refused."""
    _decide(context, request, made, part)
    _freeze(context, made, part)
    if not made.is_new and titled(context):
        _title_earlier(context, made, part)


def lines_of(context: Context, made: Plan, part: SourcePart, several: bool) -> list[Line]:
    """The lines a source brings: under « Selon commande CC26-00012 du 03/11/2026 » when sources
    meet, or without those that are added to lines which the target has."""
    if not several:
        return part.moved.lines
    if settings.value(context, "transfer.sum_equal", False):
        return _summed(made, part)
    return (
        [_title(context, part.document), *part.moved.lines] if titled(context) else part.moved.lines
    )


def titled(context: Context) -> bool:
    """Whether a title names the source above the lines that came from it (two settings)."""
    return bool(settings.value(context, "transfer.source_titles", True)) and not settings.value(
        context, "transfer.sum_equal", False
    )


def _decide(context: Context, request: Request, made: Plan, part: SourcePart) -> None:
    source, inbound = part.document, part.inbound
    facts = target_facts(context, made.kind, made.target, source)
    found = compare(inbound.criteria, source.header, made.target.header, facts)
    if not inbound.criteria:
        raise refuse("merge.never", f"{made.kind.title} : ne se regroupe pas", "créez-en une")
    if group_of(found) == "refused":
        raise Refused(*(blocked(one) for one in found if one.level == "blocking"))
    undecided = [one for one in found if request.choices.get(one.code) not in ("source", "target")]
    if undecided:
        raise Undecided(undecided)
    after: dict[str, Any] = {}
    for code, names in CHOICE_FIELDS.items():
        if code in inbound.criteria and (
            request.choices.get(code) == "source" or not made.target.header.get(names[0])
        ):
            after |= {n: source.header[n] for n in names if source.header.get(n) is not None}
    change = set_header(made.target, **after)
    if change is not None:
        made.do([change])
        now = change.after or {}
        part.header = {name: (old, now[name]) for name, old in (change.before or {}).items()}


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
    made.do(changes)


def _title(context: Context, source: Document) -> Line:
    words = cited(source.kind, source.ref, source.text("date"))
    return Line(context.uid(), LineType.TITLE, level=0, label=f"Selon {words}")


def _title_earlier(context: Context, made: Plan, part: SourcePart) -> None:
    """Put the title of its source above lines that came when there was only one."""
    target = made.target
    for source_id, stored in context.database.rows(
        "SELECT source_id, lines FROM transfer WHERE target_id = ? AND undone_at IS NULL "
        "ORDER BY id",
        (target.id,),
    ):
        own = set(json.loads(stored))
        first = next((n for n, line in enumerate(target.lines) if line.uid in own), None)
        source = load(context.database, source_id) if first is not None else None
        if first is None or source is None:
            continue
        title = _title(context, source)
        around = target.lines[max(first - 1, 0) : first + 1]
        if not any(one.type is title.type and one.label == title.label for one in around):
            made.do(insert_at(target, [title], first))
            part.titles.append(title.uid)


_EQUAL = (
    *("item_id", "reference", "label", "unit", "unit_price", "price_per", "discounts", "tag"),
    *("vat_category", "vat_rate", "basis", "eco_contribution", "purchase_price", "cost_price"),
    *("discount_amount", "delivery_date", "stock_managed", "covered", "project_id"),
)


def _summed(made: Plan, part: SourcePart) -> list[Line]:
    """Add lines of an item that is there already, at the same price, to the line that has it."""
    there: dict[tuple[Any, ...], Line] = {}
    for line in made.target.lines:
        if _sums(line):
            there.setdefault(tuple(getattr(line, name) for name in _EQUAL), line)
    links = {_way(one): one for one in made.target.links.values()}
    kept = []
    for line in part.moved.lines:
        same = there.get(tuple(getattr(line, name) for name in _EQUAL)) if _sums(line) else None
        if same is None:
            kept.append(line)
            continue
        change = set_line(same, quantity=same.quantity + line.quantity)
        made.do([change] if change else [])
        came = []
        for one in [one for one in part.moved.links if one.target_uid == line.uid]:
            new = replace(one, target_uid=same.uid)
            old = links.get(_way(new))
            if old is None:
                made.do([insert(new)])
                links[_way(new)] = old = made.target.links[new.uid]
            else:
                more = set_link(
                    old, quantity=old.quantity + one.quantity, amount=old.amount + one.amount
                )
                made.do([more] if more else [])
            came.append((old.uid, one.quantity, one.amount))
        part.grown.append((same.uid, line.quantity, came))
    return kept


def _way(link: Link) -> tuple[str, int, str, str]:
    """What two links of a document may not share."""
    return (link.target_uid, link.source_line_id, link.relation, link.pool)


def _sums(line: Line) -> bool:
    return (
        line.type is LineType.ITEM
        and line.item_id is not None
        and line.parent_uid is None
        and not line.discount_amount
        and line.basis == "computed"
    )
