"""Transfert entre dépôts: scan or type what goes; F8 moves it all at once."""

from __future__ import annotations

from codial_tui.commands import TOOLS, VALIDATE, Command
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.wording import counted
from codial_tui.services.stock import stock_transferring
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.row_source import ListSource, Row

from .in_hand import InHandScreen

COLUMNS = (
    Column("reference", "Référence", width=12, shrinks=True),
    Column("label", "Désignation", min_width=16, shrinks=True),
    Column("here", "Départ", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("quantity", "Transféré", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("rest", "Reste", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("unit", "U", width=3),
)
DROP = Command("delete_row", "Laisser", "Cet article reste où il est", second=("delete",))


class StockTransfer(InHandScreen):
    """What is typed is kept at once; nothing moves before F8 and O."""

    where = "le transfert entre dépôts"

    place = "stock_transfer"
    hint = "TUB12 12 · 12*TUB12 · un scan : un de plus"
    columns = COLUMNS

    def fill(self, key: int | None = None) -> None:
        now = stock_transferring.in_hand(self.context)
        to = now.target.name if now.target else "?"
        self.title_bar.show(
            f"Transfert · {now.source.name} → {to}", counted(len(now.items), "article")
        )
        self.tab_bar.say("F7 change les dépôts · F8 transfère · Échap garde pour plus tard")
        rows = []
        for one in now.items:
            short = one.quantity > one.here
            figures = (one.here, one.quantity, one.here - one.quantity)
            cells = (one.reference, one.label, *(format_quantity(figure, 0) for figure in figures))
            rows.append(
                Row(
                    one.item_id,
                    (*cells, one.unit),
                    sign="!" if short else "",
                    sign_role="danger" if short else "",
                )
            )
        self.table.show(ListSource(rows), key=key)

    def commands(self) -> list[Offer]:
        return [Offer(DROP), Offer(TOOLS), Offer(VALIDATE)]

    def add(self, text: str) -> tuple[int, str]:
        one = stock_transferring.add(self.context, text)
        return one.item_id, (f"{one.reference} {one.label} : {format_quantity(one.quantity, 0)}")

    def drop(self, item_id: int) -> str:
        stock_transferring.drop(self.context, item_id)
        return "reste où il est"

    def action_tools(self) -> None:
        self.reading.ask(
            "Changer : D le dépôt de départ  A celui d'arrivée", self._choose, letters="DA"
        )

    async def _choose(self, letter: str) -> None:
        if letter not in ("D", "A"):
            return
        known = stock_transferring.places(self.context)
        if len(known) < 2:
            self.reading.refuse("Un seul dépôt · F10 Paramètres, Dépôts en ajoute")
            return
        rows = [Row(str(one.id), (one.code, one.name)) for one in known]
        columns = (Column("code", "Code", width=12), Column("name", "Dépôt", min_width=20))
        title = "Dépôt de départ" if letter == "D" else "Dépôt d'arrivée"

        async def then(key: str | None) -> None:
            if key is not None:
                side = "source" if letter == "D" else "target"
                stock_transferring.choose(self.context, **{side: int(key)})
                self.fill()

        screen = ChooseScreen(title, "Entrée le prend, Échap revient", columns, rows)
        await self.app.push_screen(screen, then)

    def action_validate(self) -> None:
        now = stock_transferring.in_hand(self.context)
        if not now.items:
            self.reading.refuse("Rien à transférer · tapez une référence ou scannez")
            return
        if now.target is None:
            self.reading.refuse("Vers quel dépôt ? · F7 A le dit")
            return

        async def then(letter: str) -> None:
            if letter == "O":
                done = stock_transferring.validate(self.context)
                self.fill()
                self.reading.done(f"Transféré : {counted(len(done.items), 'article')}")

        short = sum(one.quantity > one.here for one in now.items)
        warned = f" ({short} en manque)" if short else ""
        self.reading.ask(
            f"Transférer {counted(len(now.items), 'article')} vers {now.target.name}{warned} ? O/N",
            then,
            final=True,
        )

    def help_text(self) -> list[str]:
        return [
            "Ce que vous tapez est gardé tout de suite, même si la ligne coupe.",
            "Le même article tapé deux fois s'ajoute ; une quantité négative en enlève.",
            "F7 choisit les dépôts. Le stock ne bouge qu'avec F8 et O, tout à la fois.",
        ]
