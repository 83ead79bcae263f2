"""Préférences (F10): what each user sets for themselves; Enter or Space takes the next choice."""

from __future__ import annotations

import os
from collections.abc import Iterable

from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.looks import look_for
from codial_tui.services.records.preferences import PREFERENCES, choose_next, chosen
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("label", "Préférence", min_width=30, shrinks=True),
    Column("choice", "Choix", width=24),
)


class PreferencesScreen(BaseScreen[None]):
    """A row for each; what is chosen holds at once, for this user on every machine."""

    where = "les préférences"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS)
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show("Préférences")
        self.tab_bar.say("Entrée ou Espace prend le choix suivant, Échap revient.")
        self.typing_line.show("Pour vous seul, tout de suite")
        self.direct(self.table)
        self.show_commands()
        self._fill()

    def resume_route(self) -> None:
        self.direct(self.table)

    def _fill(self) -> None:
        rows = [
            Row(one.name, (one.label, dict(one.choices)[chosen(self.context, one)]))
            for one in PREFERENCES
        ]
        current = self.table.current
        self.table.show(ListSource(rows), key=current.key if current else None)

    async def press(self, press: Press) -> bool:
        if press.key == "space":
            press = Press("enter")
        return await super().press(press)

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        preference = next(one for one in PREFERENCES if one.name == notice.row.key)
        choose_next(self.context, preference)
        self.codial.look = look_for(self.context, os.environ)
        for widget in self.query("*"):
            widget.refresh()
        self._fill()
