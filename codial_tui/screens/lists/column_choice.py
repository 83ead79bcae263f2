"""Which columns a grid shows: per user and per kind, marked with Space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (Column("label", "Colonne", min_width=30), Column("state", "", width=10))


class ColumnsScreen(BaseScreen[list[str]]):
    """Space shows or hides a column; Enter keeps the choice."""

    where = "le choix des colonnes"

    def __init__(self, columns: Sequence[Column], shown: Sequence[str]) -> None:
        super().__init__()
        self.columns = columns
        self.shown = set(shown)
        self.table = RecordTable(COLUMNS, ListSource(self._rows()), signs=True)

    def _rows(self) -> list[Row]:
        return [
            Row(
                one.name,
                (
                    one.label.replace("{mode}", "").strip() or one.name,
                    "affichée" if one.name in self.shown else "",
                ),
            )
            for one in self.columns
            if not self.is_attached or self.context.user.may(one.right)
        ]

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show("Colonnes")
        self.tab_bar.say("Espace montre ou cache, Entrée garde, Échap abandonne.")
        self.typing_line.show("Vos colonnes pour cette sorte de document")
        self.table.show(ListSource(self._rows()))
        self.direct(self.table)
        self.show_commands()

    async def press(self, press: Press) -> bool:
        if press.key == "space" and self.table.current is not None:
            name = str(self.table.current.key)
            self.shown ^= {name}
            self.table.show(ListSource(self._rows()), key=name)
            return True
        return await super().press(press)

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.dismiss([one.name for one in self.columns if one.name in self.shown])
