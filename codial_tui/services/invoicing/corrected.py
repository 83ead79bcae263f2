"""The invoices that what came back was billed on: what its credit note corrects."""

from __future__ import annotations

from codial_tui.domain.chain.credits import CORRECTED
from codial_tui.domain.changes import Change, apply, insert
from codial_tui.domain.document import Document, Reference
from codial_tui.domain.lines.totals import totals
from codial_tui.services.context import Context

_BILLED = (
    "SELECT DISTINCT d.id, d.number, d.date FROM line_link r "
    "JOIN line_link b ON b.source_line_id = r.source_line_id AND b.relation = 'bill' "
    "AND b.quantity > 0 JOIN document_line t ON t.id = b.target_line_id "
    "JOIN document d ON d.id = t.document_id "
    "WHERE r.target_line_id IN ({marks}) AND r.relation = 'return' AND d.kind = 'invoice' "
    "AND d.state <> 'provisional' AND d.gross_total > 0 ORDER BY d.id"
)


def named(context: Context, document: Document) -> list[Change]:
    """The changes that make an invoice of returned goods name what it corrects; applied, not
    written. Nothing where somebody named something."""
    sources = sorted({one.source_line_id for one in document.links.values()})
    if not sources or document.references or totals(document).gross >= 0:
        return []
    marks = ", ".join("?" * len(sources))
    rows = context.database.rows(_BILLED.format(marks=marks), sources)
    changes = [
        insert(Reference(context.uid(), CORRECTED, number, day, key, place))
        for place, (key, number, day) in enumerate(rows)
    ]
    apply(document, changes)
    return changes
