"""Besoins: what one document needs, and ordering it."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.domain.buying.needs import Need
from codial_tui.domain.spec import Tab
from codial_tui.errors import refuse
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.opening import open_document, open_record
from codial_tui.services.buying import needs
from codial_tui.services.buying.ordering import Ordered
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable

from .needs_work import COMMANDS, NeedsWork, told


class NeedsPane(Pane):
    """The items of a document, assemblies opened up, with what is still to order."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.work = NeedsWork(host, self._read, host.typing_line.show)
        self.work.table.empty = "Ce document ne demande aucun article acheté."

    def _read(self, from_stock: bool) -> list[Need]:
        ids = [self.editor.document.id]
        return needs.of_documents(self.host.context, ids, from_stock=from_stock, whole=True)

    def compose(self) -> ComposeResult:
        yield self.work.table

    async def arrive(self) -> None:
        self.host.typing_line.show(self.work.says())
        self.host.typing_line.label(hint="")
        self.aim()
        self.work.say()

    def aim(self) -> None:
        self.host.direct(self.work.table)

    async def changed(self) -> None:
        self.work.look()

    def commands(self) -> list[Offer]:
        return [Offer(one) for one in COMMANDS]

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self.work.say()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        self.work.ask_quantity()

    def on_record_table_figure(self, notice: RecordTable.Figure) -> None:
        notice.stop()
        self.work.ask_quantity(notice.character)

    async def action_order_needs(self) -> None:
        if self.editor.reason:
            raise refuse("document.locked", self.editor.reason)
        await self.work.order(self._ordered)

    async def _ordered(self, done: list[Ordered]) -> None:
        self.editor.reload()
        await self.host.refresh_document()
        self.work.look()
        self.host.reading.done(told(done, "purchase_order"))

    async def action_needs_supplier(self) -> None:
        await self.work.ask_supplier()

    def action_needs_tools(self) -> None:
        self.work.ask_how()

    async def action_needs_look(self) -> None:
        """The supplier order that brings it, where there is one; else the item."""
        one = self.work.current
        if one is None:
            self.host.reading.refuse(self.work.table.empty)
            return
        orders = needs.orders_for(self.host.context, one)
        if orders:
            await open_document(self.host, orders[0])
        else:
            await open_record(self.host, "item", one.item_id)

    def help_text(self) -> list[str]:
        return HELP


HELP = [
    "Besoin : tout ce que les lignes demandent, ouvrages ouverts, options et variantes à part. "
    "Cdé : ce qui est commandé pour elles. À cder : le reste, moins le stock libre.",
    "Entrée tape une autre quantité, F4 choisit le fournisseur, Espace marque, F6 commande ce qui "
    "est marqué, sinon tout : une commande par fournisseur, nouvelle ou déjà ouverte.",
    "F7 : fournisseur habituel, le moins cher ou le plus rapide ; avec ou sans le stock ; "
    "P en fait une demande de prix, N une demande d'achat.",
]
