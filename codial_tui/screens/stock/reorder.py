"""Réapprovisionnement: what is below its minimum; F8 orders it, one order a supplier."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import LOOK, VALIDATE
from codial_tui.domain.quantity import format_quantity, parse_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.domain.text import fold, words
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.opening import open_document, open_record
from codial_tui.screens.wording import counted
from codial_tui.services.stock import reorder
from codial_tui.services.stock.reorder import Proposal
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

FIGURES = ("on_hand", "reserved", "expected", "minimum")
COLUMNS = (
    Column("reference", "Référence", width=10, shrinks=True),
    Column("label", "Désignation", min_width=10, shrinks=True),
    Column("on_hand", "Stock", FieldType.QUANTITY, width=5, width_from_data=True),
    Column("reserved", "Rés.", FieldType.QUANTITY, width=4, width_from_data=True),
    Column("expected", "Att.", FieldType.QUANTITY, width=4, width_from_data=True),
    Column("minimum", "Mini", FieldType.QUANTITY, width=4, width_from_data=True),
    Column("to_order", "Commander", FieldType.QUANTITY, width=9, width_from_data=True),
    Column("unit", "U", width=3),
    Column("supplier", "Fournisseur", min_width=12, shrinks=True),
)


class ReorderScreen(BaseScreen[None]):
    """Digits change what is ordered of the current row, words filter, Space marks."""

    where = "le réapprovisionnement"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Rien n'est sous son minimum.", signs=True)
        self.found: dict[int, Proposal] = {}
        self.quantities: dict[int, int] = {}
        self.filter = ""

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.typing_line.label(hint="une quantité · des mots : filtrer")
        self.tab_bar.say("Espace marque · une quantité remplace la proposée · F8 commande")
        self.show_commands()
        self.resume_route()
        self._load()

    def resume_route(self) -> None:
        self.direct(self.table, self.typing_line)

    def _load(self) -> None:
        self.found = {one.item_id: one for one in reorder.proposals(self.context)}
        self._fill()

    def _fill(self, key: int | None = None) -> None:
        shown = self._in_view()
        suppliers = len({one.supplier_id for one in shown if one.supplier_id})
        self.title_bar.show(
            "Réapprovisionnement",
            f"{counted(len(shown), 'article')} · {counted(suppliers, 'fournisseur')}",
        )
        self.table.show(ListSource([self._row(one) for one in shown]), key=key)

    def _row(self, one: Proposal) -> Row:
        figures = [format_quantity(getattr(one, name), 0) for name in FIGURES]
        quantity = self.quantities.get(one.item_id, one.to_order)
        lost = not one.supplier
        return Row(
            one.item_id,
            (
                *(one.reference, one.label, *figures),
                *(format_quantity(quantity, 0), one.unit, one.supplier or "sans fournisseur"),
            ),
            sign="?" if lost else "",
            sign_role="question" if lost else "",
        )

    def commands(self) -> list[Offer]:
        return [Offer(LOOK), Offer(VALIDATE)]

    async def accepted(self, text: str) -> None:
        row = self.table.current
        text = text.strip()
        if text[:1].isdigit() and row is not None:
            quantity = parse_quantity(text)
            self.quantities[int(str(row.key))] = quantity
            self.typing_line.put("")
            self._fill(int(str(row.key)))
            self.reading.say(f"{row.cells[0]} : {format_quantity(quantity, 0)} à commander")
            return
        self.filter = text
        self._fill()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.action_look()

    async def action_look(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return
        await open_record(self, "item", int(str(row.key)))

    def action_validate(self) -> None:
        marked = [int(str(key)) for key in self.table.marks]
        chosen = marked or [one.item_id for one in self._in_view()]
        if not chosen:
            self.reading.refuse(self.table.empty)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._order_all(chosen)

        whom = {self.found[one].supplier for one in chosen if one in self.found}
        what = f"{counted(len(chosen), 'article')} à {counted(len(whom), 'fournisseur')}"
        self.reading.ask(f"Commander {what} ? O/N", then)

    def _in_view(self) -> list[Proposal]:
        wanted = words(self.filter)
        return [
            one
            for one in self.found.values()
            if all(word in fold(f"{one.reference} {one.label} {one.supplier}") for word in wanted)
        ]

    async def _order_all(self, chosen: list[int]) -> None:
        done = reorder.order(self.context, chosen, self.quantities)
        self.table.marks.clear()
        self.quantities.clear()
        self._load()
        refs = ", ".join(one.ref for one in done)
        if len(done) == 1:
            await open_document(self, done[0].document_id)
        else:
            self.reading.done(f"Commandé : {refs} · F3 dans chacune l'envoie")

    def help_text(self) -> list[str]:
        return [
            "Le stock, moins le réservé, plus l'attendu, est sous le minimum de la fiche article.",
            "On commande jusqu'au maximum, par paquets entiers, au prix du fournisseur habituel.",
            "F8 commande les articles marqués, ou tous ceux affichés, par fournisseur.",
        ]

    async def back(self) -> None:
        self.dismiss()
