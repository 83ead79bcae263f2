"""Paramètres (F10): every kind of setting with how many there are; Enter opens its list."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import EDIT
from codial_tui.domain.records.reference_records import REFERENCE
from codial_tui.domain.spec import Column
from codial_tui.domain.text import fold, words
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.lists.list_rows import number
from codial_tui.screens.opening import open_list, open_record
from codial_tui.services.lists import lists
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("plural", "Paramètre", min_width=30, shrinks=True),
    Column("count", "Nombre", width=10),
)
SERIES, FORMS, QUOTES = "number_series", "custom_form", "company_settings"
WORK = "work_settings"
OTHERS = {
    SERIES: "Numéros des documents",
    QUOTES: "Devis et mentions, transferts",
    WORK: "Interventions : temps, trajets, contrats",
    FORMS: "Champs de la fiche perso",
}
"""Settings that are no records, by the words people read."""


class SettingsScreen(BaseScreen[None]):
    """Typing narrows the names; Enter opens the list, or the record where there is one only."""

    where = "les paramètres"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Aucun paramètre de ce nom. Ctrl+U efface.")
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show("Paramètres")
        self.show_commands()
        self.resume_route()
        self._fill("")

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self._fill(self.typing_line.text)

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    def _fill(self, typed: str) -> None:
        wanted = words(typed)
        rows = []
        for record in REFERENCE.values():
            if all(word in fold(record.plural) for word in wanted):
                count = lists.capped(self.context, f"FROM {record.table}")
                rows.append(
                    Row(record.name, (record.plural, "" if record.single else number(count)))
                )
        rows += [
            Row(name, (label, ""))
            for name, label in OTHERS.items()
            if all(word in fold(label) for word in wanted)
        ]
        current = self.table.current
        self.table.show(ListSource(rows), key=current.key if current else None)

    async def typed(self, text: str) -> None:
        self._fill(text)

    async def accepted(self, text: str) -> None:
        await self.action_edit()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.action_edit()

    async def action_edit(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
        elif row.key == SERIES:
            from .number_series import NumberSeriesScreen

            await self.app.push_screen(NumberSeriesScreen())
        elif row.key == QUOTES:
            from .company_settings import CompanySettingsScreen

            await self.app.push_screen(CompanySettingsScreen())
        elif row.key == WORK:
            from codial_tui.domain.records.setting_fields import WORK_PAGE

            from .company_settings import CompanySettingsScreen

            await self.app.push_screen(CompanySettingsScreen(WORK_PAGE, OTHERS[WORK]))
        elif row.key == FORMS:
            from codial_tui.screens.document.custom import DefineScreen

            await self.app.push_screen(DefineScreen())
        elif REFERENCE[str(row.key)].single:
            await open_record(self, str(row.key), 1)
        else:
            await open_list(self, str(row.key))

    def commands(self) -> list[Offer]:
        return [Offer(EDIT)]

    async def back(self) -> None:
        self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Tapez un mot pour trouver le paramètre ; Entrée l'ouvre.",
            "Seuls les administrateurs changent les paramètres.",
            "Ce qui ne sert plus : Actif, non. Les documents gardent leur copie.",
        ]
