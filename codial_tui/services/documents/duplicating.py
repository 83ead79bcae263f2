"""Copying a document into the same kind or one that its declaration allows: nothing is taken and
nothing is linked (design.md §2: copies take no pool)."""

from __future__ import annotations

from dataclasses import replace

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.kinds.sales import CARRIED
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.spec import DocType
from codial_tui.errors import refuse
from codial_tui.services.context import Context

from . import documents
from .rows import load


def targets(context: Context, kind: DocType) -> list[DocType]:
    """The kinds that a document of a kind can be copied into, its own first."""
    return [
        one
        for one in sorted(doc_types(context.editions), key=lambda one: one.kind != kind.kind)
        if one.by_hand and (one.kind == kind.kind or kind.kind in one.copied_from)
    ]


def duplicate(context: Context, source_id: int, kind_name: str) -> Document:
    """Store a copy with today's date and its own number. Raises Refused."""
    source = load(context.database, source_id)
    if source is None:
        raise refuse("document.unknown", f"Document {source_id} introuvable")
    kind = next(
        (one for one in targets(context, doc_type(source.kind)) if one.kind == kind_name), None
    )
    if kind is None:
        raise refuse("duplicate.kind", f"{source.ref} ne se copie pas ainsi", "F6 transfère")
    copy = copied(context, source, kind.kind)
    documents.insert(context, copy, f"Copie de {source.ref}")
    return copy


def copied(context: Context, source: Document, kind_name: str) -> Document:
    """A copy in memory, with today's date and amounts brought in line; not stored yet."""
    copy = documents.blank(context, kind_name)
    copy.header.update({name: source.header.get(name) for name in (*CARRIED, "opening_text")})
    uids = {line.uid: context.uid() for line in source.lines}
    copy.lines = [
        replace(
            line,
            uid=uids[line.uid],
            parent_uid=uids.get(line.parent_uid) if line.parent_uid else None,
            id=None,
            to_deliver=0,
            covered="",  # what paid for it was the other document's
        )
        for line in source.lines
        if not line.nature  # a deposit is deducted where it is, not in a copy
    ]
    copy.adjustments = [replace(one, uid=context.uid(), id=None) for one in source.adjustments]
    documents.prepare(copy)
    apply(copy, recompute(copy))
    return copy
