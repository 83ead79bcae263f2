"""Consommation: what F6 and F7 do with the line in view, and undoing what was recorded here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from codial_tui.commands import EDIT, LOOK, TOOLS, TRANSFER, Command
from codial_tui.domain.buying.consumption import Tracked
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.spec import Tab
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.wording import counted
from codial_tui.services.buying import consumption, consumption_notes, consumption_records
from codial_tui.services.buying.consumption import Tracking
from codial_tui.services.buying.consumption_records import Record
from codial_tui.services.buying.ordering import Ordered
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable

from . import consumption_rows as drawn
from .needs_work import order_each, told

COST = Command("consumption_cost", "Coût réel", "Le coût d'une unité, quel qu'en fût le prévu", 2)
MAKE = Command("consumption_make", "Produire", "Bon de livraison, commandes de ce qui manque", 6)
MORE = Command("consumption_tools", "Outils", "Non posé, heures, facture fournisseur", 7)
LIST = Command("consumption_list", "Saisies", "Qui a saisi quoi ; Entrée contre-passe", 9)
COMMANDS = (
    COST._replace(short="Coût", second=EDIT.second),
    MAKE._replace(short="Faire", second=TRANSFER.second),
    MORE._replace(short="Outils", second=TOOLS.second),
    LIST._replace(short="Saisies"[:6], second=LOOK.second),
)
EMPTY = "Cette commande n'a aucune fourniture. Tapez une référence, ou .texte;quantité xcoût."
ASKED = "P non posé  H heures  F facture fournisseur  S saisies"
Done = Callable[[], Tracking]


class ConsumptionTools(Pane):
    """What is followed, the line in view, and what was recorded here."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.costs = host.context.user.may("see_costs")
        columns = drawn.LINES if self.costs else drawn.QUANTITIES
        self.table = RecordTable(columns, empty=EMPTY, signs=True)
        self.table.markable = False
        self.table.input_column = "consumed"
        self.tracking: Tracking | None = None
        self.at_lines = not self.costs
        self.made: list[int] = []
        """what was recorded here, which Ctrl+R takes back"""

    def show(self, found: Tracking) -> None:
        raise NotImplementedError

    @property
    def current(self) -> Tracked:
        """Raises Refused where there is none."""
        row = self.table.current
        if not self.at_lines or row is None or self.tracking is None:
            raise refuse("consumption.here", "Placez-vous sur une ligne", "Ctrl+G C, puis ↑ ↓")
        return self.tracking.line(str(row.key))

    def place(self) -> str:
        return str(self.table.current.key) if self.at_lines and self.table.current else ""

    def carry_out(self, doing: Done, words: str) -> None:
        """Record, remember it for Ctrl+R, show what it comes to."""
        before = {one.id for one in self.tracking.entries} if self.tracking else set()
        self.host.end_asking()
        try:
            found = doing()
        except CodialError:  # somebody else may have recorded: show what it is now
            self.show(consumption.look(self.host.context, self.order_id))
            raise
        self.made += [one.id for one in found.entries if one.id not in before][-1:]
        self.show(found)
        self.host.reading.done(words)

    @property
    def order_id(self) -> int:
        return self.editor.document.id

    # tools ---------------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(one) for one in COMMANDS]

    def action_consumption_tools(self) -> None:
        self.host.reading.ask(ASKED, self._tool, letters="PHFS")

    async def _tool(self, letter: str) -> None:
        tools: dict[str, Callable[[], Awaitable[None]]] = {
            "P": self._unfit,
            "H": self._hours,
            "F": self._invoice,
            "S": self.action_consumption_list,
        }
        if letter in tools:
            await tools[letter]()

    async def _unfit(self) -> None:
        one = self.current
        word = "non posé" if one.unfitted is None else "à poser de nouveau"
        self.carry_out(
            lambda: consumption_records.unfit(self.host.context, self.order_id, one.what),
            f"{consumption.name_of(one)} : {word}",
        )

    async def _hours(self) -> None:
        row, found = self.table.current, self.tracking
        assert found is not None
        here = found.line(str(row.key)) if self.at_lines and row is not None else None
        labour = drawn.is_labour(self.host.context, here)
        one = here if here is not None and labour else None
        one = one or consumption.labour_line(self.host.context, found)

        def then(text: str) -> None:
            quantity, by, day = drawn.hours(text, self.host.context.today)
            self.carry_out(
                lambda: consumption_records.record(
                    self.host.context, self.order_id, Record(one.what, quantity, None, day, by)
                ),
                f"{consumption.name_of(one)} : {format_quantity(quantity, 0)} h de plus",
            )

        self.host.ask_text("Heures [login] [date]", then)

    async def _invoice(self) -> None:
        one = self.current

        def then(text: str) -> None:
            ref, _, number = text.strip().partition(" ")
            line = int(number) if number.isdecimal() and len(number) < 6 else 0
            self.carry_out(
                lambda: consumption_records.spend(
                    self.host.context, self.order_id, one.what, ref, line
                ),
                f"{consumption.name_of(one)} : {ref.upper()} comptée",
            )

        self.host.ask_text("Facture fournisseur [n° de ligne]", then)

    async def action_consumption_list(self) -> None:
        """The records of the line, all of them on the first page; Enter reverses one."""
        what = self.place()
        assert self.tracking is not None
        rows = drawn.record_rows(self.tracking, what, self.costs)
        help = "Entrée contre-passe une saisie · Échap revient"
        screen = ChooseScreen("Saisies", help, drawn.RECORDS, rows, empty="Aucune saisie.")

        def then(key: str | None) -> None:
            if key is None:
                return

            def answered(letter: str) -> None:
                if letter == "O":
                    self._reverse(int(key))

            self.host.reading.ask("Contre-passer cette saisie ? O/N", answered, final=True)

        await self.host.app.push_screen(screen, then)

    def _reverse(self, entry_id: int) -> None:
        found = consumption_records.reverse(self.host.context, self.order_id, entry_id)
        self.made = [one for one in self.made if one != entry_id]
        self.show(found)
        self.host.reading.done("Saisie contre-passée")

    async def action_undo(self) -> None:
        if self.made:
            self._reverse(self.made[-1])
            return
        await self.host.action_undo()
        if not consumption.is_followed(self.editor.document):
            await self.host.go_tab("lines")

    # what it makes -------------------------------------------------------------------------------

    def action_consumption_make(self) -> None:
        asked = "B bon de livraison du consommé  C commander ce qui manque"
        self.host.reading.ask(asked, self._make, letters="BC", final=True)

    async def _make(self, letter: str) -> None:
        context = self.host.context
        if letter == "B":
            made = consumption_notes.make_note(context, self.order_id)
            self.editor.reload()
            await self.host.refresh_document()
            count = counted(made.lines, "ligne")
            self.host.reading.done(f"{made.ref} créé ({count}) : l'imprimer sort le stock")
        elif letter == "C":
            wanted = consumption_notes.wanted(context, self.order_id)
            await order_each(self.host, "purchase_order", wanted, self._ordered)

    async def _ordered(self, done: list[Ordered]) -> None:
        self.editor.reload()
        await self.host.refresh_document()
        self.host.reading.done(told(done, "purchase_order"))
