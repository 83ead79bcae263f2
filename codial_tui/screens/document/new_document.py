"""A new document asks only for the customer, then stands in Lignes (ux.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.containers import Container

from codial_tui.commands import NEW, Command
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.spec import Column, Side
from codial_tui.domain.text import fold
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.wording import new_one
from codial_tui.services.buying import price_requests
from codial_tui.services.documents import documents
from codial_tui.services.records import customers, parties
from codial_tui.services.records.parties import PartyHit
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Rows, Text, TextRows

RECENT = 16
CREATE, ALONE = "create", "alone"
WITHOUT = "interne, sans client"
COLUMNS = (
    Column("name", "Nom", min_width=20, shrinks=True),
    Column("code", "Code", width=8),
    Column("postcode", "CP", width=6),
    Column("city", "Ville", width=18, shrinks=True),
    Column("phone", "Téléphone", width=15),
)
CREATE_NEW = Command(
    "new", "Nouveau client", "Crée la fiche de ce nom", NEW.slot, NEW.short, NEW.second
)
ROLES = {Side.SALE: ("customer", "Client"), Side.PURCHASE: ("supplier", "Fournisseur")}


class NewDocument(BaseScreen[None]):
    """The customer is typed and found, or made on the spot; then the document opens."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = doc_type(kind)
        self.role, self.who = ROLES.get(self.kind.side, ("", "Tiers"))
        self.without = WITHOUT if self.role == "customer" else f"sans {self.who.lower()}"
        self.heading = TextRows(Text(rule=True))
        self.table = RecordTable(COLUMNS)
        self.table.markable = False
        self._hits: list[PartyHit] = []
        self._begun: dict[str, Any] = {}
        """what was typed about a new customer before Esc"""

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"la création : {self.kind.title}"

    def compose_body(self) -> Iterable[Rows | Container]:
        return (self.heading, self.table)

    def on_mount(self) -> None:
        self.title_bar.show(new_one(self.kind.gender, self.kind.title))
        self.tab_bar.say(f"{self.who} : nom, code, ville, téléphone ou SIREN")
        self.typing_line.label(prompt=f"{self.who} : ")
        self.show_commands()
        self.direct(self.typing_line, self.table)
        self.search("")

    def search(self, text: str) -> None:
        """Show who a text means; without a text, who was here last."""
        typed = text.strip()
        if typed:
            self._hits = customers.search(self.context, typed, role=self.role)
            exact = any(fold(typed) in (fold(one.name), fold(one.code)) for one in self._hits)
            title = f"{len(self._hits)} pour « {typed[:30]} » · ↑ ↓ choisir, Entrée prendre"
        else:
            self._hits = customers.recent(self.context, RECENT, self.kind.side)
            exact = True
            who = "Derniers servis" if self.role == "customer" else f"{self.who}s"
            title = f"{who} · ↓ choisir"
        rows = [
            Row(one.id, (one.name, one.code, one.postcode, one.city, one.phone))
            for one in self._hits
        ]
        if self.kind.without_party and self.without.startswith(fold(typed)):
            rows.insert(
                0 if typed else len(rows), Row(ALONE, (self.without.capitalize(), *[""] * 4))
            )
        if not exact:
            rows.append(Row(CREATE, (f"Créer « {typed} »", "", "", "", "")))
        self.heading.show(Text(title, rule=True))
        self.table.show(ListSource(rows))
        self.table.aim(bool(typed))
        self._say()

    def _say(self) -> None:
        row = self.table.current if self.table.show_cursor else None
        if row is None:
            text = f"Entrée : {parties.COUNTER_NAME}" if self.role == "customer" else ""
            text = f"Entrée : {self.without}" if self.kind.unpriced else text
        elif row.key == ALONE:
            text = f"Entrée : {self.kind.title.lower()} {self.without}"
        elif row.key == CREATE:
            text = f"Entrée crée « {self.typing_line.text.strip()} »"
        else:
            text = f"Entrée prend {row.cells[0]} ({row.cells[1]})"
        self.reading.say(text)

    # keys --------------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        moves = press.key in ("down", "up", "pagedown", "pageup")
        if moves and not self.table.show_cursor and self.table.count:
            self.reading.forget()
            self.table.aim(True)  # the first ↓ enters the list
            self._say()
            return True
        return await super().press(press)

    async def typed(self, text: str) -> None:
        self.search(text)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._say()

    async def accepted(self, text: str) -> None:
        row = self.table.current if self.table.show_cursor else None
        if row is None and self.role == "customer":
            self.open(parties.counter(self.context))
        elif row is None and self.kind.unpriced:
            self.open(None)
        elif row is None:
            self.reading.refuse(f"{self.who} : tapez un nom · F5 crée une fiche")
        elif row.key == ALONE:
            self.open(None)
        elif row.key == CREATE:
            await self.action_new()
        else:
            self.open(int(str(row.key)))

    def open(self, party_id: int | None) -> None:
        """The document of a party, or of none, in place of this screen."""
        from .document import DocumentScreen

        if party_id is not None and self.kind.kind == price_requests.KIND:
            made = price_requests.create(self.context, party_id)
        else:
            made = documents.create(self.context, self.kind.kind, party_id)
        # not awaited: it ends with the removal of this very screen
        self.app.switch_screen(DocumentScreen(made))

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(CREATE_NEW)]

    async def action_new(self) -> None:
        from codial_tui.screens.records.quick_create import QuickCreate

        typed = self.typing_line.text.strip()
        if typed:
            self._begun["name"] = typed
        roles = {"is_supplier": 1, "is_customer": 0} if self.role == "supplier" else {}
        await self.app.push_screen(QuickCreate("party", self._begun, **roles), self._made)

    async def _made(self, party_id: int | None) -> None:
        if party_id is not None:
            await self.guarded(lambda: self.open(party_id))

    def help_text(self) -> list[str]:
        return [
            "Tapez quelques lettres : le plus récent vient en premier, Entrée le prend.",
            "Ligne vide + Entrée : client comptoir. Nom inconnu + Entrée : crée la fiche.",
        ]
