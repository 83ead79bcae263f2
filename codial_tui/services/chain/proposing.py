"""À livrer of an order: what was typed goes with the transfer that takes it, and comes back when
that one is undone (domain.md §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codial_tui.domain.changes import Change, set_line
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import outbound
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import load, write, write_edits, write_step

from .transfer_parts import SourcePart


def spend(context: Context, part: SourcePart, ref: str) -> dict[str, int]:
    """Empty what was typed of the lines that went, inside the caller's transaction. Returns what
    it was, 10⁻⁴ by line uid. ref: of the target."""
    went = {(one.source_line_id, one.pool) for one in part.moved.links}
    spent: dict[str, int] = {}
    changes: list[Change | None] = []
    for _, inbound in outbound(part.document.kind):
        name = inbound.proposes
        for line in part.document.lines if name else ():
            typed = int(getattr(line, name))
            taken = inbound == part.inbound or (line.id, inbound.pools[0]) in went
            if typed and part.takes.get(line.uid) and taken:
                spent[line.uid] = typed
                changes.append(set_line(line, **{name: 0}))
    _write(context, part.document, changes, f"À livrer : {ref}")
    return spent


def restore(context: Context, source_id: int, spent: Mapping[str, int], ref: str) -> None:
    """Give back what was typed where nobody typed anything since, inside the caller's
    transaction."""
    source = load(context.database, source_id) if spent else None
    if source is None:
        return
    names = {one.proposes for _, one in outbound(source.kind) if one.proposes}
    changes = [
        set_line(line, **{name: spent[line.uid]})
        for name in names
        for line in source.lines
        if line.uid in spent and not getattr(line, name)
    ]
    _write(context, source, changes, f"À livrer : {ref} annulé")


def _write(
    context: Context, document: Document, found: Sequence[Change | None], label: str
) -> None:
    changes = [one for one in found if one is not None]
    if not changes:
        return
    context.database.execute(
        "UPDATE document SET version = version + 1, updated_at = ? WHERE id = ?",
        (context.now, document.id),
    )
    for change in changes:
        write(context.database, document, change)
    step = write_step(context, document, document.version + 1, label)
    write_edits(context.database, step, changes)
