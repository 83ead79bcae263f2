"""Undoing a transfer or merge while the target is open: sources get back exactly what was taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from codial_tui.domain.chain.transfer import same_side
from codial_tui.domain.changes import (
    Change,
    apply,
    delete,
    inverse,
    set_header,
    set_line,
    set_link,
)
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.invoicing import deposits

from . import credited, pools, proposing
from .merging import target_facts
from .transfer_effects import UNDONE
from .transfers import claim, unchanged

Row = dict[str, Any]


def last_of(context: Context, target_id: int) -> list[Row]:
    """The transfers of the last gesture into a target, the last first; [] when there is none."""
    found = context.database.mappings(
        "SELECT * FROM transfer WHERE target_id = ? AND undone_at IS NULL ORDER BY id DESC",
        (target_id,),
    )
    return [one for one in found if one["batch"] == found[0]["batch"]]


def why_not(context: Context, target: Document) -> str:
    """Why the last transfer into a document cannot be undone; "" when it can."""
    found = _problem(context, target)
    return found.message if found is not None else ""


def _problem(context: Context, target: Document) -> Problem | None:
    facts = target_facts(context, doc_type(target.kind), target)
    gestures = last_of(context, target.id)
    reason = ""
    if not gestures:
        reason = "Aucun transfert à annuler ici"
    elif not facts.is_initial or target.header.get("printed_at"):
        reason = f"{target.ref} : {facts.state_label.lower()}, son transfert reste"
    elif facts.locked_by:
        reason = facts.locked_by
    elif facts.parts:
        reason = f"{target.ref} est devenu {', '.join(facts.parts)}"
    if reason:
        remedy = "faites un retour ou une nouvelle pièce"
        return Problem("transfer.final", "", reason, remedy)
    seen = rows.load(context.database, target.id)
    if seen is None:
        return None
    return credited.problem(context.database, seen, _all_back(seen, gestures))


def is_gone(context: Context, document_id: int) -> bool:
    """Whether a document is no longer there."""
    found = context.database.value("SELECT 1 FROM document WHERE id = ?", (document_id,))
    return found is None


def undo(context: Context, target_id: int) -> tuple[str, bool]:
    """Undo the last transfer or merge into a document; returns what was undone in words, and
    whether the document is gone with it. Raises Refused with the reason."""
    target = rows.load(context.database, target_id)
    if target is None:
        raise refuse("document.unknown", f"Document {target_id} introuvable")
    problem = _problem(context, target)
    if problem is not None:
        raise Refused(problem)
    gestures = last_of(context, target_id)
    sources = {one["source_id"]: rows.load(context.database, one["source_id"]) for one in gestures}
    seen = replace(target, header=dict(target.header))
    changes = _all_back(target, gestures)
    changes += deposits.brought_up_to_date(context, target)
    gone = bool(gestures[-1]["created"]) and not target.lines and not target.adjustments
    refs = ", ".join(one.ref for one in sources.values() if one is not None)
    with context.database.write():
        claim(context, sorted({target_id, *sources}))
        if not unchanged(context.database, seen, target.version):
            raise refuse("document.changed", f"{target.ref} a changé entre-temps", "recommencez")
        credited.keep(context.database, target, changes)
        origins = pools.origins_of(context.database, {target_id})
        _write(context, target, changes, gone, refs)
        for gesture in gestures:
            _give_back(context, target, gesture, sources[gesture["source_id"]])
        pools.refresh(context.database, {*sources, *origins, *(() if gone else (target_id,))})
    return f"Transfert depuis {refs} annulé", gone


def _all_back(target: Document, gestures: Sequence[Row]) -> list[Change]:
    """The changes that take gestures out again; applied."""
    return [change for one in gestures for change in _taken_back(target, one)]


def _taken_back(target: Document, gesture: Row) -> list[Change]:
    """The changes that take a gesture's lines, footer and header values out again; applied."""
    changes: list[Change] = []

    def do(more: list[Change]) -> None:
        apply(target, more)
        changes.extend(more)

    before = json.loads(gesture["before"])
    own = {*json.loads(gesture["lines"]), *before["titles"]}
    taken = [line for line in target.lines if line.uid in own or line.parent_uid in own]
    gone = {line.uid for line in taken}
    do([delete(one) for one in target.links.values() if one.target_uid in gone])
    do([delete(line) for line in reversed(taken)])
    for grown in json.loads(gesture["grown"]):
        do(_shrunk(target, *grown))
    footers = set(json.loads(gesture["adjustments"]))
    do([delete(one) for one in target.adjustments if one.uid in footers])
    do(_percents_back(target, before["adjustments"]))
    kept = {
        name: old
        for name, (old, new) in before["header"].items()
        if target.header.get(name) == new  # else somebody has changed it since
    }
    do([change for change in [set_header(target, **kept)] if change])
    do(recompute(target))
    return changes


def _shrunk(
    target: Document, uid: str, quantity: int, came: list[tuple[str, int, int]]
) -> list[Change]:
    """A line that had grown gives back what came then, as far as its links still have it."""
    line = next((one for one in target.lines if one.uid == uid), None)
    if line is None:
        return []
    changes: list[Change | None] = []
    rest: dict[str, int] = {}  # what still has to go of each pool; the first link is the line's own
    for place, (link_uid, more, amount) in enumerate(came):
        link = target.links.get(link_uid)
        if link is None:
            quantity = quantity if place else 0
            continue
        less = same_side(same_side(more, rest.get(link.pool, quantity)), link.quantity)
        if place == 0:
            quantity = less
        else:
            rest[link.pool] = rest.get(link.pool, quantity) - less
        if less == link.quantity:
            changes.append(delete(link))
        else:
            left = {"quantity": link.quantity - less, "amount": link.amount - amount}
            changes.append(set_link(link, **left))
    changes.append(set_line(line, quantity=line.quantity - quantity))
    return [one for one in changes if one is not None]


def _percents_back(target: Document, frozen: list[Row]) -> list[Change]:
    """Percents that the merge turned into amounts, when nobody changed them since."""
    changes = [
        Change(one["op"], "adjustment", one["uid"], one["before"] or None, one["after"] or None)
        for one in frozen
    ]
    there = {one.uid: one for one in target.adjustments}
    for change in changes:
        one = there.get(change.uid)
        after = change.after or {}
        if one is None or any(getattr(one, name) != after[name] for name in after):
            return []
    return inverse(changes)


def _write(
    context: Context, target: Document, changes: list[Change], gone: bool, refs: str
) -> None:
    database = context.database
    if gone:
        documents.log_audit(context, "transfer.undone", {"ref": target.ref, "from": refs})
        database.execute("DELETE FROM document WHERE id = ?", (target.id,))
        return
    found = totals(target)
    database.execute(
        "UPDATE document SET version = version + 1, net_total = ?, vat_total = ?, "
        "gross_total = ?, cost_total = ?, updated_at = ? WHERE id = ?",
        (found.net, found.vat_total, found.gross, found.cost, context.now, target.id),
    )
    for change in changes:
        rows.write(database, target, change)
    label = f"Transfert depuis {refs} annulé"
    step = rows.write_step(context, target, target.version + 1, label, barrier=True)
    rows.write_edits(database, step, changes)
    documents.log_event(context, target, "transfer", label)


def _give_back(context: Context, target: Document, gesture: Row, source: Document | None) -> None:
    """Mark the gesture undone, and the source as it was when nothing else was made of it."""
    database, before = context.database, json.loads(gesture["before"])
    database.execute("UPDATE transfer SET undone_at = ? WHERE id = ?", (context.now, gesture["id"]))
    if source is None:
        return
    proposing.restore(context, source.id, before.get("proposed", {}), target.ref)
    inbound = doc_type(target.kind).inbound_from(source.kind)
    others = database.value(
        "SELECT COUNT(*) FROM transfer WHERE source_id = ? AND undone_at IS NULL", (source.id,)
    )
    if inbound is not None and (not others or inbound.offered):
        for name in inbound.effects:
            if name in UNDONE:
                UNDONE[name](context, source, before["state"])
    documents.log_event(context, source, "transfer", f"{target.ref} : transfert annulé")
