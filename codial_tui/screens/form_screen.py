"""A screen made of one form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from textual.containers import Container

from codial_tui.domain.spec import Field, Page
from codial_tui.widgets.press import Press
from codial_tui.widgets.rows import Rows

from .base import BaseScreen
from .form_fields import FormFields

Result = TypeVar("Result")


class FormScreen(FormFields, BaseScreen[Result]):
    """A form over the body and, while a field has something to choose from, its list above
    row 22. Screens say what a value is (`value_of`) and what to do with one (`put`)."""

    def __init__(self, page: Page, fields: Iterable[Field]) -> None:
        super().__init__()
        self.page = page
        self._declared = tuple(fields)

    @property
    def frame(self) -> BaseScreen[Any]:
        return self

    def compose_body(self) -> Iterable[Rows | Container]:
        return self.form_widgets(self.page, self._declared)

    async def press(self, press: Press) -> bool:
        if await self.press_form(press):
            return True
        handled = await super().press(press)
        self.after_press(press)
        return handled

    def resume_route(self) -> None:
        self.aim_form()

    async def action_pick(self) -> None:
        await self.pick_from_list()
