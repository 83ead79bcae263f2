"""Where an item's stock came from and went: its moves, the newest first; Enter opens the paper."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import LOOK
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.opening import open_document
from codial_tui.services.stock import stock, valuation
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("at", "Quand", width=14),
    Column("quantity", "Mouvement", FieldType.QUANTITY, width=9, width_from_data=True),
    Column("after", "Reste", FieldType.QUANTITY, width=9, width_from_data=True),
    Column("warehouse", "Dépôt", width=7, shrinks=True),
    Column("reason", "Motif", min_width=15, shrinks=True),
    Column("ref", "Pièce", width=11),
    Column("user", "Par", width=12, shrinks=True, hidden_below=100),
)


class StockHistory(BaseScreen[None]):
    """The moves of one item."""

    where = "les mouvements de stock"

    def __init__(self, item_id: int, reference: str, label: str) -> None:
        super().__init__()
        self.item_id, self.reference, self.label = item_id, reference, label
        self.table = RecordTable(COLUMNS, empty="Aucun mouvement de stock.")
        self.table.markable = False
        self.moves: dict[int, stock.Move] = {}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        levels = stock.levels(self.context, self.reference)
        held = sum(one.quantity for one in levels)
        promised = sum(one.reserved for one in levels)
        due = sum(one.expected for one in levels)
        self.title_bar.show(
            f"Mouvements · {self.reference} {self.label}", f"stock {format_quantity(held, 0)}"
        )
        self.reading.context(
            f"Réservé {format_quantity(promised, 0)} · attendu {format_quantity(due, 0)} · "
            f"disponible {format_quantity(held - promised + due, 0)}"
            + valuation.said(self.context, self.item_id)
        )
        self.moves = dict(enumerate(stock.history(self.context, self.item_id)))
        self.show_commands()
        self.resume_route()
        self.table.show(ListSource([self._row(key, one) for key, one in self.moves.items()]))

    def resume_route(self) -> None:
        self.typing_line.show("Entrée ouvre la pièce du mouvement")
        self.direct(self.table)

    @staticmethod
    def _row(key: int, one: stock.Move) -> Row:
        day = f"{one.at[8:10]}/{one.at[5:7]}/{one.at[2:4]} {one.at[11:16]}"
        quantity = format_quantity(one.quantity, 0)
        signed = f"+{quantity}" if one.quantity > 0 else quantity
        after = format_quantity(one.after, 0)
        return Row(key, (day, signed, after, one.warehouse, one.reason, one.ref, one.user))

    def commands(self) -> list[Offer]:
        return [Offer(LOOK)]

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.action_look()

    async def action_look(self) -> None:
        row = self.table.current
        move = self.moves.get(int(str(row.key))) if row is not None else None
        if move is None or move.document_id is None:
            self.reading.refuse("Ce mouvement ne vient d'aucune pièce · choisissez-en un autre")
            return
        await open_document(self, move.document_id)

    async def back(self) -> None:
        self.dismiss()
