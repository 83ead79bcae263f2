"""Transfert: the chain of the document as a tree; its second page says where each line went."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import EDIT, LOOK
from codial_tui.domain.quantity import format_cents, format_quantity
from codial_tui.domain.spec import Column, FieldType, Tab
from codial_tui.screens.cells import short_date
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.opening import open_document
from codial_tui.services.chain import chains
from codial_tui.services.chain.chains import Node, Passage, Trail
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key, ListSource, Row

CHAIN = (
    Column("number", "Document", width_from_data=True),
    Column("date", "Date", FieldType.DATE, width=8),
    Column("state", "État", width=12, shrinks=True, width_from_data=True),
    Column("subject", "Objet", min_width=8, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("amount", "HT passé", FieldType.CENTS, width=10, width_from_data=True),
)
LINES = (
    Column("number", "N°", width=5, width_from_data=True),
    Column("reference", "Réf.", width=8, min_width=6, shrinks=True, width_from_data=True),
    Column("label", "Désignation", min_width=16, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=6, width_from_data=True),
)
UNIT = Column("unit", "U", width=3, width_from_data=True)
EMPTY = "Ce document ne vient d'aucun autre et n'a rien donné encore."
NO_LINES = "Aucune ligne à suivre."
CHAIN_SAYS = "Ce dont il vient au-dessus, ce qu'il est devenu en dessous · Entrée ouvre"
LINES_SAY = "Où est passée chaque ligne, et ce qui en reste · Entrée ouvre la pièce"
TURN = "T ou F9 : "


class TransferPane(Pane):
    """The tab's letter again, or F9, turns from documents to lines and back; Enter opens."""

    counter = "1/2"

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = RecordTable(CHAIN)
        self.table.markable = False
        self.places: dict[Key, tuple[int, str]] = {}
        """of each row: the document, and its line"""
        self.by_line = False

    def compose(self) -> ComposeResult:
        yield self.table

    async def arrive(self) -> None:
        self.host.typing_line.show(LINES_SAY if self.by_line else CHAIN_SAYS)
        self.host.typing_line.label(hint="")
        self.host.reading.context(TURN + ("les documents" if self.by_line else "ligne par ligne"))
        self.aim()

    def aim(self) -> None:
        self.host.direct(self.table)

    async def again(self) -> None:
        self.by_line = not self.by_line
        self.counter = "2/2" if self.by_line else "1/2"
        await self.changed()
        await self.arrive()

    def commands(self) -> list[Offer]:
        return [Offer(EDIT), Offer(LOOK)]

    async def action_look(self) -> None:
        await self.again()
        self.host.show_tabs()

    async def changed(self) -> None:
        if self.by_line:
            self._show_lines()
        else:
            self._show_chain()

    def _show_chain(self) -> None:
        nodes = chains.tree(self.host.context, self.editor.document.id)
        alone = len(nodes) == 1
        rows, here = [], None
        self.places = {}
        for at, node in enumerate([] if alone else nodes):
            here = at if node.here and here is None else here
            self.places[at] = (node.id, "")
            rows.append(_node_row(at, node))
        self.table.empty = EMPTY
        self.table.show(ListSource(rows), columns=CHAIN, key=here)

    def _show_lines(self) -> None:
        document = self.editor.document
        names = chains.left_columns(document.kind)
        columns = tuple(
            Column(name, title, FieldType.QUANTITY, width=len(title), width_from_data=True)
            for name, title in names
        )
        rows = []
        self.places = {}
        for trail in chains.trails(self.host.context, document):
            self.places[trail.uid] = (document.id, trail.uid)
            rows.append(_line_row(trail, [name for name, _ in names]))
            for at, passage in enumerate(trail.passages):
                key = (trail.uid, at)
                self.places[key] = (passage.document_id, passage.line)
                rows.append(_passage_row(key, passage))
        self.table.empty = NO_LINES
        self.table.show(ListSource(rows), columns=(*LINES, *columns, UNIT))

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        await self._open(notice.row.key)

    async def action_edit(self) -> None:
        row = self.table.current
        if row is None:
            self.host.reading.refuse(self.table.empty)
        else:
            await self._open(row.key)

    async def _open(self, key: Key) -> None:
        document_id, line = self.places[key]
        if document_id != self.editor.document.id:
            await open_document(self.host, document_id, line=line)
            return
        self.host.line_wanted = line
        await self.host.go_tab("lines")

    def help_text(self) -> list[str]:
        return [
            "La chaîne entière : chaque pièce sous celle dont elle vient, avec ce qui est passé.",
            "Encore T, ou F9 : pour chaque ligne, quelle pièce en a pris combien et ce qui reste.",
            "Entrée ouvre la pièce, sur la ligne quand c'est d'elle qu'on part.",
        ]


def _node_row(at: int, node: Node) -> Row:
    indent = "  " * (node.depth - 1) + "→ " if node.depth else ""
    cells = (
        f"{indent}{node.ref}",
        short_date(node.date),
        node.state,
        node.subject,
        "" if node.quantity is None else format_quantity(node.quantity),
        "" if node.amount is None else format_cents(node.amount),
    )
    return Row(at, cells, "chapter" if node.here else "")


def _line_row(trail: Trail, names: list[str]) -> Row:
    left = [format_quantity(trail.left[one]) if one in trail.left else "" for one in names]
    cells = (trail.number, trail.reference, trail.label, format_quantity(trail.quantity))
    return Row(trail.uid, (*cells, *left, trail.unit), "" if trail.passages else "muted")


def _passage_row(key: Key, one: Passage) -> Row:
    way = "→" if one.way > 0 else "de"
    said = f"{way} {one.ref} {one.did} {short_date(one.date)} · {one.state.lower()}"
    return Row(key, ("", "", said, format_quantity(one.quantity)))
