"""Besoins (F10): what all open orders need, filtered, ordered together."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.domain.buying.needs import Need
from codial_tui.domain.dates import parse_date
from codial_tui.domain.spec import Column, Side
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.long_work import Cancelled, LongWork, Progress
from codial_tui.screens.opening import open_document, open_record
from codial_tui.screens.wording import counted
from codial_tui.services.buying import needs
from codial_tui.services.buying.needs import Filter
from codial_tui.services.buying.ordering import Ordered
from codial_tui.services.records import customers
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Row

from .needs_pane import HELP
from .needs_work import COMMANDS, MOST, NeedsWork, told

FILTERS = "  F fourn.  A affaire  D avant  L retard  X tout"
READING = "Lecture des commandes…"


class NeedsScreen(BaseScreen[None]):
    """Row 22 filters by words; F7 by supplier, project, day or lateness; F6 orders."""

    where = "les besoins"

    def __init__(self) -> None:
        super().__init__()
        self.board = NeedsWork(self, self._read, self.tab_bar.say, self._reread)
        self.board.table.empty = READING
        self.work = LongWork(self)
        self.wanted = Filter()
        self.found: list[Need] = []
        """what the filter found, but for its words"""
        self.is_old = False
        """something may have changed since it was read"""

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.board.table

    def on_mount(self) -> None:
        self.typing_line.label(hint="des mots de l'article")
        self.show_commands()
        self.resume_route()
        self._reread()

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.board.table)

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.is_old:
            self._reread()

    def _read(self, from_stock: bool) -> list[Need]:
        return needs.named(self.found, self.wanted.text)

    def _reread(self, said: str = "") -> None:
        """Read all orders beside the keys, once more when something changes meanwhile. said: on
        row 23 afterwards."""
        if self.work.running:
            self.is_old = True
            return
        self.is_old = False
        wanted, from_stock = self.wanted._replace(text=""), self.board.from_stock

        def doing(progress: Progress, cancelled: Cancelled) -> list[Need]:
            return needs.everywhere(
                self.context, wanted, from_stock=from_stock, progress=progress, cancelled=cancelled
            )

        def then(found: list[Need]) -> None:
            if self.work.stopped:
                self.dismiss()
                return
            self.board.table.empty = "Rien à commander."
            self.found = found
            self._look()
            if said:
                self.reading.done(said)
            if self.is_old:
                self._reread(said)

        self.work.start("Besoins", doing, then, unit="commandes")

    def _look(self) -> None:
        self.board.look()
        count = len(self.board.needs)
        self.title_bar.show(f"Besoins des commandes{self._filters()}", counted(count, "article"))
        self.tab_bar.say(self.board.says())

    def _filters(self) -> str:
        one, database = self.wanted, self.context.database
        words = []
        if one.supplier_id:
            sql = "SELECT name FROM party WHERE id = ?"
            words.append(str(database.value(sql, (one.supplier_id,))))
        if one.project_id:
            sql = "SELECT code FROM project WHERE id = ?"
            words.append(f"affaire {database.value(sql, (one.project_id,))}")
        if one.until:
            words.append(f"avant le {one.until[8:10]}/{one.until[5:7]}/{one.until[2:4]}")
        if one.late:
            words.append("en retard")
        if one.text:
            words.append(f"« {one.text} »")
        return "".join(f" · {word}" for word in words)

    def commands(self) -> list[Offer]:
        return [Offer(one) for one in COMMANDS]

    async def typed(self, text: str) -> None:
        self.wanted = self.wanted._replace(text=text.strip())
        self._look()

    async def accepted(self, text: str) -> None:
        self.board.ask_quantity()

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self.board.say()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.board.ask_quantity()

    # commands ------------------------------------------------------------------------------------

    async def action_order_needs(self) -> None:
        self.work.idle()
        await self.board.order(self._ordered)

    def _ordered(self, done: list[Ordered]) -> None:
        self._reread(told(done, "purchase_order"))

    async def action_needs_supplier(self) -> None:
        await self.board.ask_supplier()

    def action_needs_tools(self) -> None:
        self.board.ask_how(self._filter, FILTERS)

    async def _filter(self, letter: str) -> None:
        if letter == "F":
            rows = [
                Row(str(hit.id), (hit.name, hit.code))
                for hit in customers.recent(self.context, MOST, Side.PURCHASE)
            ]
            await self._choose("De quel fournisseur habituel ?", rows, "supplier_id")
        elif letter == "A":
            found = self.context.database.rows("SELECT id, code, name FROM project ORDER BY code")
            rows = [Row(str(key), (name, code)) for key, code, name in found]
            await self._choose("De quelle affaire ?", rows, "project_id")
        elif letter == "D":
            self.ask_text("Attendus avant le", self._until)
        else:
            late = letter == "L" and not self.wanted.late
            self.wanted = Filter() if letter == "X" else self.wanted._replace(late=late)
            if letter == "X":
                self.typing_line.put("")
            self._reread()

    def _until(self, text: str) -> None:
        day = parse_date(text, self.context.today).isoformat() if text.strip() else ""
        self.wanted = self.wanted._replace(until=day)
        self._reread()

    async def _choose(self, title: str, rows: list[Row], name: str) -> None:
        columns = (Column("name", "Nom", min_width=20, shrinks=True), Column("code", "Code"))
        screen = ChooseScreen(title, "Entrée prend · Échap renonce", columns, rows, empty="Aucun.")

        def then(key: str | None) -> None:
            if key is not None:
                self.wanted = Filter(**{**self.wanted._asdict(), name: int(key)})
                self._reread()

        await self.app.push_screen(screen, then)

    async def action_needs_look(self) -> None:
        """The order that waits for it; again from there, what it has ordered."""
        one = self.board.current
        if one is None:
            self.reading.refuse(self.board.table.empty)
            return
        self.is_old = True
        if one.sources:
            await open_document(self, one.sources[0].document_id, tab="needs")
        else:
            await open_record(self, "item", one.item_id)

    def help_text(self) -> list[str]:
        return [
            *self.explained,
            "Ce que demandent toutes les commandes ouvertes, articles cumulés. "
            "F9 ouvre la commande qui attend le plus.",
            *HELP[1:],
        ]

    async def back(self) -> None:
        if not self.work.escape():
            self.dismiss()
