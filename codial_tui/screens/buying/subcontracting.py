"""Sous-traitance: the lines of a document that others do, who does them, and ordering them."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import LOOK, PICK, TOOLS, TRANSFER, Command
from codial_tui.domain.quantity import format_cents, format_price, format_quantity, parse_price
from codial_tui.domain.spec import Column, FieldType, Side, Tab
from codial_tui.errors import refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.opening import open_document
from codial_tui.screens.wording import counted
from codial_tui.services.buying import subcontracting
from codial_tui.services.buying.ordering import Ordered
from codial_tui.services.buying.subcontracting import KIND, Work
from codial_tui.services.records import customers
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .needs_work import MOST, order_each, told

COLUMNS = (
    Column("number", "N°", width=5, width_from_data=True),
    Column("label", "Désignation", min_width=14, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("unit", "U", width=3, width_from_data=True),
    Column("price", "Coût U", FieldType.PRICE, width=8, width_from_data=True),
    Column("planned", "Prévu HT", FieldType.CENTS, width=9, width_from_data=True),
    Column("ordered", "Cdé", FieldType.QUANTITY, width=5, width_from_data=True),
    Column("to_order", "À cder", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("supplier", "Sous-trait.", width=11, min_width=8, shrinks=True),
)
PARTIES = (Column("name", "Sous-traitant", min_width=20, shrinks=True), Column("code", "Code"))
LINES = (
    Column("number", "N°", width=6),
    Column("label", "Désignation", min_width=20, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=8),
    Column("cost", "Prévu HT", FieldType.CENTS, width=10),
)
ORDER = Command("order_works", "Commander", "Fait les commandes de sous-traitance", 6, "Cder")
WHO = Command("works_supplier", "Sous-traitant", "Qui fait cette ligne", 4, "À qui")
ADD = Command("works_add", "Ajouter", "Une autre ligne à sous-traiter", 7, "Ajouter")
SEE = Command("works_look", "Voir", "La commande de sous-traitance", 9, "Voir")
COMMANDS = tuple(
    own._replace(slot=usual.slot, second=usual.second)
    for own, usual in ((ORDER, TRANSFER), (WHO, PICK), (ADD, TOOLS), (SEE, LOOK))
)
SAYS = "F7 ajoute une ligne · Entrée : son coût · F4 : qui la fait · F6 commande"


class SubcontractPane(Pane):
    """Del does a line oneself again; Space marks what F6 orders."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = RecordTable(COLUMNS, empty="Rien n'est sous-traité. F7 choisit une ligne.")
        self.found: dict[str, Work] = {}
        self.chosen: dict[str, int] = {}
        """who does a line of a document that nobody may change any more"""

    def compose(self) -> ComposeResult:
        yield self.table

    async def arrive(self) -> None:
        self.host.typing_line.show(SAYS)
        self.host.typing_line.label(hint="")
        self.aim()
        self.say()

    def aim(self) -> None:
        self.host.direct(self.table)

    async def changed(self) -> None:
        context = self.host.context
        found = subcontracting.works(context, self.editor.document, self.chosen)
        self.found = {one.line.uid: one for one in found}
        key = self.table.current and self.table.current.key
        self.table.show(ListSource([_row(one) for one in found]), key=key)
        self.say()

    @property
    def current(self) -> Work | None:
        row = self.table.current
        return self.found.get(str(row.key)) if row is not None else None

    def _known(self) -> Work:
        one = self.current
        if one is None:
            raise refuse("works.none", self.table.empty)
        return one

    def say(self) -> None:
        """Row 23: what is ordered of the line where, else what all of it should cost."""
        one = self.current
        if one is None:
            self.host.reading.context("")
            return
        today = self.host.context.today.isoformat()
        bought = [each.bought(today) for each in one.supplies]
        planned = sum(each.planned for each in self.found.values())
        left = sum(1 for each in self.found.values() if each.to_order)
        total = f"prévu {format_cents(planned)} € HT en tout, {counted(left, 'ligne')} à commander"
        self.host.reading.context(" · ".join([*bought, total]))

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self.say()

    def commands(self) -> list[Offer]:
        return [Offer(one) for one in COMMANDS]

    # what one decides ----------------------------------------------------------------------------

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        self._ask_cost()

    def on_record_table_figure(self, notice: RecordTable.Figure) -> None:
        notice.stop()
        self._ask_cost(notice.character)

    def _ask_cost(self, first: str = "") -> None:
        one = self._known()
        line = one.line

        async def then(text: str) -> None:
            price = parse_price(text, 4)
            subcontracting.plan_cost(self.editor, line.uid, price)
            self.host.end_asking()
            await self.host.refresh_document()

        text = first or format_price(line.cost_price or line.purchase_price, 2)
        self.host.ask_text(f"Coût de « {line.label[:34]} » par {line.unit or 'u'}", then, text)

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        uids = [str(key) for key in notice.keys]
        ordered = [self.found[uid] for uid in uids if self.found[uid].ordered]
        if ordered:
            where = ordered[0].supplies[0].purchase_ref
            raise refuse("works.ordered", f"Commandé sur {where}", "retirez-l'en d'abord")
        subcontracting.mark(self.editor, uids, wanted=False)
        self.table.marks.clear()
        await self.host.refresh_document()
        self.host.reading.done(f"{counted(len(uids), 'ligne')} à faire soi-même · Ctrl+R")

    async def action_works_add(self) -> None:
        """F7: a line among those that are not subcontracted."""
        from codial_tui.domain.lines.lines import line_cost
        from codial_tui.domain.structure import numbers

        document = self.editor.document
        places = numbers(document)
        rows = [
            Row(
                one.uid,
                (
                    places.get(one.uid, ""),
                    one.label,
                    format_quantity(one.quantity, 2),
                    format_cents(line_cost(one)),
                ),
            )
            for one in subcontracting.others(document)
        ]

        async def then(uid: str | None) -> None:
            if uid is not None:
                await self.host.guarded(lambda: self._add(uid))

        said = "Entrée la donne à un sous-traitant · Échap renonce"
        screen = ChooseScreen("Quelle ligne sous-traiter ?", said, LINES, rows, empty="Aucune.")
        await self.host.app.push_screen(screen, then)

    async def _add(self, uid: str) -> None:
        subcontracting.mark(self.editor, [uid])
        await self.host.refresh_document()
        self.table.put_cursor(uid)
        label = self.editor.document.line(uid).label
        self.host.reading.done(f"« {label} » sous-traité · F4 : à qui")

    async def action_works_supplier(self) -> None:
        """F4: the subcontractors, those of late first."""
        one = self._known()
        rows = [
            Row(str(hit.id), (hit.name, hit.code))
            for hit in customers.recent(self.host.context, MOST, Side.PURCHASE)
        ]

        async def then(key: str | None) -> None:
            if key is not None:
                await self.host.guarded(lambda: self._chose(one.line.uid, int(key)))

        title = f"« {one.line.label} » : qui le fait ?"
        said = "Entrée prend · Échap renonce"
        screen = ChooseScreen(title, said, PARTIES, rows, empty="Aucun fournisseur. Créez-en un.")
        await self.host.app.push_screen(screen, then)

    async def _chose(self, uid: str, supplier_id: int) -> None:
        if self.editor.reason:
            self.chosen[uid] = supplier_id
        else:
            subcontracting.choose(self.editor, uid, supplier_id)
        await self.host.refresh_document()

    # ordering ------------------------------------------------------------------------------------

    async def action_order_works(self) -> None:
        """F6: what is marked, else all of it, one order a subcontractor."""
        if self.editor.reason:
            raise refuse("document.locked", self.editor.reason)
        marked = {str(key) for key in self.table.marks}
        several = [one for uid, one in self.found.items() if not marked or uid in marked]
        document = self.editor.document
        wanted = subcontracting.propose(self.host.context, document, several)
        await order_each(self.host, KIND, wanted, self._ordered)

    async def _ordered(self, done: list[Ordered]) -> None:
        self.table.marks.clear()
        self.editor.reload()
        await self.host.refresh_document()
        self.host.reading.done(told(done, KIND))

    async def action_works_look(self) -> None:
        one = self._known()
        if not one.supplies:
            raise refuse("works.look", "Pas encore commandé", "F6 le commande")
        last = one.supplies[-1]
        await open_document(self.host, last.purchase_id, line=last.purchase_line)

    def help_text(self) -> list[str]:
        return [
            "Les lignes de rubrique « Sous-traitance », ouvrages ouverts. F7 en ajoute une, Suppr "
            "la retire, F4 dit qui la fait, Entrée ce qu'elle doit coûter.",
            "F6 commande ce qui est marqué (Espace), sinon tout, à ce coût : une commande par "
            "sous-traitant, nouvelle ou ouverte. F9 ouvre la commande. Dans le bâtiment, la TVA "
            "est autoliquidée (CGI art. 283-2 nonies), sauf régime propre du sous-traitant.",
        ]


def _row(one: Work) -> Row:
    line = one.line
    ready = one.supplier_id is not None or not one.to_order
    cells = (
        one.number,
        line.label,
        format_quantity(line.quantity, 2),
        line.unit,
        format_price(line.cost_price or line.purchase_price, 2),
        format_cents(one.planned),
        format_quantity(one.ordered, 2),
        format_quantity(one.to_order, 2),
        one.supplier or "?",
    )
    return Row(line.uid, cells, "", "" if ready else "?", "" if ready else "danger")
