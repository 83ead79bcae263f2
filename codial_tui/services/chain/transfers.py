"""Transfer and merge: one gesture, one transaction (domain.md §4).

The plan is worked out before; inside the transaction everything it rests on is looked at again,
and what changed meanwhile is planned anew or refused. What pools have left is not a question of
timing: the database refuses to take more.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from codial_tui.domain.document import ADJUSTMENT_FIELDS, LINE_FIELDS, Document
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.money import in_bounds
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.models.dialect import Dialect
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, locks, rows

from . import pools, proposing
from .transfer_effects import EFFECTS
from .transfer_parts import Plan, Request, SourcePart
from .transfer_plan import plan

TRIES = 3
"""How often a plan is made anew because another program was quicker."""


class Stale(Exception):
    """What the plan rests on has changed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was made. refs: of the target and the sources, as people say them."""

    target_id: int
    ref: str
    created: bool
    sources: tuple[str, ...]
    transfers: tuple[int, ...]


def transfer(context: Context, request: Request) -> Done:
    """Move sources into a target, wholly or in parts, as one transaction.

    Raises Refused with every problem: `merge.CODE`, `choice.CODE`, `quantity.left`,
    `transfer.nothing`, `document.locked`; nothing is then written.
    """
    for _ in range(TRIES):
        made = planned(context, request)
        try:
            with context.database.write():
                return write_plan(context, made)
        except Stale:
            continue
        except Refused as error:
            if error.problems[0].code != "pool.taken":
                raise
    try:  # others are always quicker: keep them out while planning
        with context.database.write():
            claim(context, {*request.sources, *filter(None, (request.into,))})
            return write_plan(context, planned(context, request))
    except Stale:
        raise refuse("transfer.busy", "Ces pièces changent en ce moment", "réessayez") from None


def planned(context: Context, request: Request) -> Plan:
    """The plan of a request, ready to be written. Raises Refused with every problem."""
    made = plan(context, request)
    _check_size(made.target)
    if made.is_new:
        documents.prepare(made.target)
    return made


def _check_size(target: Document) -> None:
    found = totals(target)
    if not (in_bounds(found.gross) and in_bounds(found.cost) and in_bounds(found.brut)):
        raise refuse("amount.too_big", "Total trop grand", "réduisez les quantités")


def write_plan(context: Context, made: Plan, batch: str = "") -> Done:
    """Write a plan inside the caller's transaction. batch: of the gesture it is part of, "" for a
    gesture of its own. Raises Stale when what it rests on has changed."""
    database, target = context.database, made.target
    own = [part.document for part in made.parts] + ([] if made.is_new else [target])
    ids = {one.id for one in own}
    claim(context, ids)
    _recheck(database, made, own)
    links = [one for part in made.parts for one in part.moved.links]
    pools.ensure(database, [(one.source_line_id, one.pool) for one in links if one.pool])
    if made.is_new:
        documents.write_new(context, target, _label(made))
    else:
        _write_existing(context, made)
    _link_footers(database, made)
    batch = batch or context.uid()
    written = tuple(
        _record(context, made, part, batch, n == 0) for n, part in enumerate(made.parts)
    )
    for part in made.parts:
        for name in part.inbound.effects:
            EFFECTS[name](context, part.document, target)
        documents.log_event(context, part.document, "transfer", f"→ {target.ref}")
    touched = pools.documents_of(database, {one.source_line_id for one in links})
    pools.refresh(database, {target.id, *ids, *touched})
    refs = tuple(part.document.ref for part in made.parts)
    return Done(target.id, target.ref, made.is_new, refs, written)


def _label(made: Plan) -> str:
    return f"Depuis {', '.join(part.document.ref for part in made.parts)}"


def claim(context: Context, ids: Collection[int]) -> None:
    """Make sure nobody else has one of these documents open, inside the caller's transaction, and
    keep other writers off them."""
    database = context.database
    pools.turn(database)
    database.lock_rows("document", ids)
    for document_id in sorted(ids):
        who = locks.elsewhere(context, document_id)
        if who:
            document = rows.load(database, document_id)
            name = document.ref if document else str(document_id)
            raise refuse("document.locked", f"{name} : {who}", "demandez-lui de la fermer")


SEEN = ("version", "state", "printed_at", "location", "delivery", "billing")
"""What of a document a plan rests on, beside what is left of its lines: printing it, or taking
something of it, makes no new version."""


def unchanged(database: Dialect, document: Document, version: int) -> bool:
    """Whether a document is stored as it was loaded with this version."""
    stored = database.row(f"SELECT {', '.join(SEEN)} FROM document WHERE id = ?", (document.id,))
    return stored is not None and tuple(stored) == (
        version,
        *(document.header.get(name) for name in SEEN[1:]),
    )


def _recheck(database: Dialect, made: Plan, own: Sequence[Document]) -> None:
    """Raises Stale when a document, or what is left of it, is not what the plan saw."""
    for one in own:
        version = made.before if one is made.target else one.version
        if not unchanged(database, one, version):
            raise Stale
    for part in made.parts:
        inbound = part.inbound
        if inbound.pools and pools.left_of(database, part.document, inbound) != part.left:
            raise Stale


def _write_existing(context: Context, made: Plan) -> None:
    """Add what comes to a target that is there: its old rows by change, new ones in bulk."""
    database, target = context.database, made.target
    found = totals(target)
    now = context.now
    updated = database.execute(
        "UPDATE document SET version = version + 1, net_total = ?, vat_total = ?, "
        "gross_total = ?, cost_total = ?, updated_at = ? WHERE id = ? AND version = ?",
        (found.net, found.vat_total, found.gross, found.cost, now, target.id, made.before),
    )
    if updated != 1:
        raise Stale
    fresh = {uid for part in made.parts for uid in (*part.lines, *part.titles, *part.adjustments)}
    fresh |= {one.uid for part in made.parts for one in part.moved.links}
    older = [one for one in made.changes if one.uid not in fresh]
    for change in older:
        rows.write(database, target, change)
    lines = [line for line in target.lines if line.uid in fresh]
    footers = [one for one in target.adjustments if one.uid in fresh]
    documents.insert_parts(context, "document_line", LINE_FIELDS, target.id, lines)
    documents.insert_parts(context, "document_adjustment", ADJUSTMENT_FIELDS, target.id, footers)
    rows.insert_links(database, [one for one in target.links.values() if one.uid in fresh])
    step = rows.write_step(context, target, made.before + 1, _label(made), barrier=True)
    rows.write_edits(database, step, older)
    documents.log_event(context, target, "transfer", _label(made))
    target.version = made.before + 1


def _link_footers(database: Dialect, made: Plan) -> None:
    """Note what went of each footer element, and of those it came from itself."""
    parts = [part for part in made.parts if part.parts and part.inbound.pools]
    if not parts:
        return
    targets: dict[str, int] = dict(
        database.rows(
            "SELECT uid, id FROM document_adjustment WHERE document_id = ?", (made.target.id,)
        )
    )
    found: list[tuple[Any, ...]] = []
    for part in parts:
        sources = {one.uid: one.id for one in part.document.adjustments}
        origins = _origins(database, part.document.id) if part.inbound.through else {}
        for one in part.parts:
            source_id, target_id = sources[one.source_uid], targets[one.target_uid]
            found.append((source_id, target_id, one.pool, *one.key, one.amount))
            if source_id in origins:
                stream = part.inbound.through[0]
                found.append((origins[source_id], target_id, stream, *one.key, one.amount))
    database.insert_many(
        "adjustment_link",
        ("source_id", "target_id", "pool", "vat_category", "vat_rate", "amount"),
        found,
    )


def _origins(database: Dialect, document_id: int) -> dict[int, int]:
    """The footer element that each one of a delivery note came from. What comes back has none:
    its credit is its own."""
    return dict(
        database.rows(
            "SELECT k.target_id, MIN(k.source_id) FROM adjustment_link k "
            "JOIN document_adjustment a ON a.id = k.target_id "
            "WHERE a.document_id = ? AND k.pool = 'deliver' GROUP BY k.target_id",
            (document_id,),
        )
    )


def _record(context: Context, made: Plan, part: SourcePart, batch: str, first: bool) -> int:
    """Write what undoing this needs; returns its id."""
    before = {
        "state": part.document.state,
        "header": part.header,
        "titles": part.titles,
        "proposed": proposing.spend(context, part, made.target.ref),
        "adjustments": part.adjustments_before,
    }
    return context.database.insert(
        "transfer",
        {
            "uid": context.uid(),
            "batch": batch,
            "source_id": part.document.id,
            "target_id": made.target.id,
            "created": int(made.is_new and first),
            "user_id": context.user.id,
            "user_name": context.user.name,
            "at": context.now,
            "lines": json.dumps(part.lines),
            "adjustments": json.dumps(part.adjustments),
            "grown": json.dumps(part.grown),
            "before": json.dumps(before, ensure_ascii=False),
        },
    )


def problems_of(context: Context, request: Request) -> list[Problem]:
    """Why a request would be refused; [] when it would not."""
    try:
        plan(context, request)
    except Refused as error:
        return list(error.problems)
    return []


__all__ = ["Done", "Request", "plan", "problems_of", "transfer"]
