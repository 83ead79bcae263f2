"""Inventaire: scan or type what is on the shelves; F8 makes it the stock."""

from __future__ import annotations

from codial_tui.commands import VALIDATE, Command
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.services.stock import stock_counting
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.row_source import ListSource, Row

from .in_hand import InHandScreen

COLUMNS = (
    Column("reference", "Référence", width=12, shrinks=True),
    Column("label", "Désignation", min_width=16, shrinks=True),
    Column("before", "Stock", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("quantity", "Compté", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("difference", "Écart", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("unit", "U", width=3),
)
DROP = Command("delete_row", "Oublier", "Ne compte plus cet article", second=("delete",))


class StockCount(InHandScreen):
    """What is typed counts at once and is kept; nothing moves before F8 and O."""

    where = "l'inventaire"

    place = "stock_count"
    hint = "TUB12 40 · 40*TUB12 · un scan : un de plus"
    columns = COLUMNS

    def fill(self, key: int | None = None) -> None:
        found = stock_counting.in_hand(self.context)
        wrong = sum(one.quantity != one.before for one in found)
        self.title_bar.show("Inventaire", f"{len(found)} comptés · {wrong} écarts")
        rows = [
            Row(
                one.item_id,
                (
                    one.reference,
                    one.label,
                    format_quantity(one.before, 0),
                    format_quantity(one.quantity, 0),
                    format_quantity(one.quantity - one.before, 0),
                    one.unit,
                ),
                sign="≠" if one.quantity != one.before else "",
                sign_role="question" if one.quantity != one.before else "",
            )
            for one in found
        ]
        self.table.show(ListSource(rows), key=key)

    def commands(self) -> list[Offer]:
        return [Offer(DROP), Offer(VALIDATE)]

    def add(self, text: str) -> tuple[int, str]:
        one = stock_counting.add(self.context, text)
        return one.item_id, (
            f"{one.reference} {one.label} : {format_quantity(one.quantity, 0)} {one.unit} comptés"
        )

    def drop(self, item_id: int) -> str:
        stock_counting.drop(self.context, item_id)
        return "n'est plus compté"

    def action_validate(self) -> None:
        found = stock_counting.in_hand(self.context)
        if not found:
            self.reading.refuse("Rien n'est compté · tapez une référence ou scannez")
            return
        wrong = sum(one.quantity != one.before for one in found)

        async def then(letter: str) -> None:
            if letter == "O":
                done = stock_counting.validate(self.context)
                self.fill()
                moved = sum(1 for one in done if one.difference)
                self.reading.say(f"Stock mis à jour : {len(done)} articles, {moved} corrigés")

        self.reading.ask(f"Le stock devient ce qui est compté ({wrong} écarts) ? O/N", then)

    def help_text(self) -> list[str]:
        return [
            "Ce que vous comptez est gardé tout de suite, même si la ligne coupe.",
            "Le même article compté deux fois s'ajoute ; une quantité négative en enlève.",
            "Le stock ne change qu'avec F8 et O ; Suppr oublie la ligne courante.",
        ]
