"""Inventaire: scan or type what is on the shelves; F8 makes it the stock."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import VALIDATE, Command
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.screens.base import BaseScreen
from codial_tui.services.documents import resume
from codial_tui.services.stock import stock_counting
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.typing_line import Draft

COLUMNS = (
    Column("reference", "Référence", width=12, shrinks=True),
    Column("label", "Désignation", min_width=16, shrinks=True),
    Column("before", "Stock", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("quantity", "Compté", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("difference", "Écart", FieldType.QUANTITY, width=10, width_from_data=True),
    Column("unit", "U", width=3),
)
PLACE = "stock_count"
DROP = Command("delete_row", "Oublier", "Ne compte plus cet article", second=("delete",))


class StockCount(BaseScreen[None]):
    """What is typed counts at once and is kept; nothing moves before F8 and O."""

    where = "l'inventaire"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Scannez, ou tapez une référence et sa quantité.")
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.typing_line.label(hint="TUB12 40 · 40*TUB12 · un scan : un de plus")
        self.typing_line.draft = Draft(*resume.draft(self.context, PLACE))
        self.show_commands()
        self.resume_route()
        self._fill()

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    def _fill(self, key: int | None = None) -> None:
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

    async def accepted(self, text: str) -> None:
        if not text.strip():
            return
        one = stock_counting.add(self.context, text)
        self.typing_line.put("")
        self._fill(one.item_id)
        self.reading.say(
            f"{one.reference} {one.label} : {format_quantity(one.quantity, 0)} {one.unit} comptés"
        )

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        self.action_delete_row()

    def action_delete_row(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return
        stock_counting.drop(self.context, int(str(row.key)))
        self._fill()
        self.reading.say(f"{row.cells[0]} n'est plus compté")

    def action_validate(self) -> None:
        found = stock_counting.in_hand(self.context)
        if not found:
            self.reading.refuse("Rien n'est compté · tapez une référence ou scannez")
            return
        wrong = sum(one.quantity != one.before for one in found)

        async def then(letter: str) -> None:
            if letter == "O":
                done = stock_counting.validate(self.context)
                self._fill()
                moved = sum(1 for one in done if one.difference)
                self.reading.say(f"Stock mis à jour : {len(done)} articles, {moved} corrigés")

        self.reading.ask(f"Le stock devient ce qui est compté ({wrong} écarts) ? O/N", then)

    async def back(self) -> None:
        self.keep_draft()
        self.dismiss()

    def keep_draft(self) -> None:
        """What is half typed is there on return."""
        draft = self.typing_line.draft
        resume.keep_draft(self.context, PLACE, draft.text, draft.caret)

    def help_text(self) -> list[str]:
        return [
            "Ce que vous comptez est gardé tout de suite, même si la ligne coupe.",
            "Le même article compté deux fois s'ajoute ; une quantité négative en enlève.",
            "Le stock ne change qu'avec F8 et O ; Suppr oublie la ligne courante.",
        ]
