"""A screen that is one form: a record, its quick creation, an address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from textual.widget import Widget

from codial_tui.domain.spec import Field, Page
from codial_tui.widgets.press import Press

from .base import BaseScreen
from .form_fields import FormFields

Result = TypeVar("Result")


class FormScreen(FormFields, BaseScreen[Result]):
    """Screens say what a value is (`value_of`) and what to do with one (`put`)."""

    def __init__(self, page: Page, fields: Iterable[Field]) -> None:
        super().__init__()
        self._page, self._declared = page, tuple(fields)

    @property
    def frame(self) -> BaseScreen[Any]:
        return self

    def compose_body(self) -> Iterable[Widget]:
        return self.form_widgets(self.seen(self._page), self._declared)

    def seen(self, page: Page) -> Page:
        """A page with the fields this user may see."""
        may = self.context.user.may
        hidden = {one.name for one in self._declared if not may(one.right)}
        left, right = (
            tuple(name for name in names if name not in hidden) for names in (page.left, page.right)
        )
        return page._replace(left=left, right=right)

    async def press(self, press: Press) -> bool:
        handled = await super().press(press)
        self.after_press(press)
        return handled

    def resume_route(self) -> None:
        self.aim_form()

    async def action_pick(self) -> None:
        await self.pick_from_list()
