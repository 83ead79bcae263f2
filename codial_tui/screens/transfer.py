"""Transfert: the documents this one comes from, and those it became."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.domain.spec import Column, FieldType, Tab
from codial_tui.services import chains
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key, ListSource, Row

from .cells import cell
from .document import DocumentScreen
from .pane import Pane

COLUMNS = (
    Column("number", "Document", width=14),
    Column("date", "Date", FieldType.DATE, width=8),
    Column("state", "État", width=12),
    Column("subject", "Objet", min_width=12, shrinks=True),
    Column("amount", "HT", FieldType.CENTS, width=12),
)
EMPTY = "Ce document ne vient d'aucun autre et n'a rien donné encore."


class TransferPane(Pane):
    """Parents above, children below; Enter opens one."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = RecordTable(COLUMNS, empty=EMPTY)
        self.table.markable = False
        self.found: dict[Key, int] = {}

    def compose(self) -> ComposeResult:
        yield self.table

    async def arrive(self) -> None:
        self.host.typing_line.show("Documents parents et enfants · Entrée ouvre")
        self.host.typing_line.label(hint="")
        self.aim()

    def aim(self) -> None:
        self.host.direct(self.table)

    async def changed(self) -> None:
        found = chains.relatives(self.host.context, self.editor.document.id)
        rows: list[Row] = []
        for title, ways in (("documents parents", -1), ("documents enfants", 1)):
            related = [one for one in found if one.way == ways]
            if related:
                rows.append(Row(f"rule{ways}", (title,), "rule"))
            for one in related:
                cells = (
                    one.ref,
                    cell(FieldType.DATE, one.date),
                    one.state,
                    one.subject,
                    cell(FieldType.CENTS, one.amount),
                )
                self.found[ways, one.id] = one.id
                rows.append(Row((ways, one.id), cells))
        self.table.show(ListSource(rows))

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        document_id = self.found[notice.row.key]
        await self.host.app.push_screen(DocumentScreen(document_id))
