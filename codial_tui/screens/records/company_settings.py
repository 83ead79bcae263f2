"""Quotes and mentions: the company's settings that are no columns, one page written through."""

from __future__ import annotations

from typing import Any

from codial_tui.commands import PICK
from codial_tui.domain.records.setting_fields import ALL_SETTINGS, PAGE
from codial_tui.domain.spec import Field, Page
from codial_tui.screens.form_screen import FormScreen
from codial_tui.services.records import company_settings
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer


class CompanySettingsScreen(FormScreen[None]):
    """A value is stored when its field is left; an emptied one is what it was at first."""

    where = "les réglages"

    def __init__(self, page: Page = PAGE, title: str = "Devis et mentions, transferts") -> None:
        names = {*page.left, *page.right}
        super().__init__(page, [one.field for one in ALL_SETTINGS if one.field.name in names])
        self.heading = title

    def on_mount(self) -> None:
        self.title_bar.show(self.heading)
        self.tab_bar.say("Ce qui est tapé est enregistré · Échap revient")
        self.show_commands()
        self.resume_route()

    def value_of(self, name: str) -> Any:
        return company_settings.value(self.context, name)

    async def put(self, field: Field, value: Any) -> None:
        company_settings.put(self.context, field.name, value)

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        self.reading.say("Tout est enregistré · Échap revient")

    def commands(self) -> list[Offer]:
        return [Offer(PICK)]

    async def back(self) -> None:
        self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Un réglage vaut pour toute la société, dès qu'il est tapé.",
            "Seuls les administrateurs, et qui en a le droit, changent ces réglages.",
        ]
