"""F7 G in Lignes of a work order: who pays for a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.domain.maintenance import coverage
from codial_tui.errors import refuse
from codial_tui.screens.wording import counted

if TYPE_CHECKING:
    from codial_tui.screens.document.document_invoicing import InvoicingCommands


async def toggle(host: InvoicingCommands) -> None:
    """Bill the marked lines, else that of the cursor; where all are billed, have them covered."""
    chosen = getattr(host.pane, "chosen", None)
    uids = chosen() if chosen is not None else []
    if not uids:
        raise refuse("cover.where", "Aucune ligne ici", "Ctrl+G L, sur la ligne, F7 G")
    host.editor.run(coverage.toggle(host.editor.document, uids), "Facturation de lignes")
    await host.refresh_document()
    lines = [host.editor.document.line(uid) for uid in uids]
    said = next((coverage.said(one).lower() for one in lines if one.covered), "facturé")
    what = f"« {lines[0].label[:40]} »" if len(lines) == 1 else counted(len(lines), "ligne")
    host.reading.done(f"{what} : {said} · Ctrl+R annule")
