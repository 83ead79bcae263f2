"""A pane: what one tab of a document shows. The registry gives tabs their panes by name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.containers import Container

from codial_tui.domain.spec import Tab
from codial_tui.services.documents.editing import Editor
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press

if TYPE_CHECKING:
    from codial_tui.widgets.form import FormPane

    from .document import DocumentScreen

PANES = {
    "form": ("document.header", "HeaderPane"),
    "lines": ("lines.lines", "LinesPane"),
    "followup": ("document.followup", "FollowUpPane"),
    "transfer": ("chain.transfer", "TransferPane"),
    "attachments": ("document.attachments", "AttachmentsPane"),
    "custom": ("document.custom", "CustomPane"),
    "subcontracting": ("buying.subcontracting", "SubcontractPane"),
    "needs": ("buying.needs_pane", "NeedsPane"),
    "suppliers": ("buying.price_pane", "SuppliersPane"),
    "payments": ("payments.payments", "PaymentsPane"),
    "machine": ("maintenance.machine_pane", "MachinePane"),
    "visits": ("maintenance.visits_pane", "VisitsPane"),
    "consumption": ("buying.consumption_pane", "ConsumptionPane"),
}
"""Pane name of a `Tab` → module of `screens/` and class; imported when first visited."""

AS_TYPED = frozenset(("help", "menu", "pick", "look", "undo", "redo"))
"""Commands that leave the text of a field in hand."""


def build(host: DocumentScreen, tab: Tab) -> Pane:
    """The pane of a tab, made on its first visit."""
    module, name = PANES[tab.pane]
    made: Pane = getattr(import_module(f"codial_tui.screens.{module}"), name)(host, tab)
    return made


class Pane(Container):
    """Base of the panes: it reads the editor's document and asks services to change it."""

    DEFAULT_CSS = "Pane { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }"
    BLANK = True
    counter = ""
    """`2/3` when the tab has several pages"""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(id=f"pane-{tab.name}")
        self.host = host
        self.tab = tab

    @property
    def shown(self) -> Pane:
        """What takes the keys: a sub-tab's own pane stands for its tab's."""
        return self

    @property
    def editor(self) -> Editor:
        return self.host.editor

    async def arrive(self) -> None:
        """The tab was opened: aim the keys, say what row 22 and 23 are for."""

    async def settle(self, command: str = "") -> bool:
        """Another tab, another document or a command comes: what a field holds is written first.
        False when it was refused; it stays, and so does one."""
        form = self.field_form
        return form is None or command in AS_TYPED or await form.leave()

    @property
    def field_form(self) -> FormPane | None:
        """The fields in view, None on a pane without."""
        return None

    async def show_field(self, name: str) -> None:
        """Stand in a field, where this pane has it and it can be changed."""
        if form := self.field_form:
            await form.enter(name)

    async def again(self) -> None:
        """The tab's letter once more: its next page."""

    async def changed(self) -> None:
        """The document changed: repaint what differs."""

    def commands(self) -> list[Offer]:
        return []

    async def typed(self, text: str) -> None:
        """The text of row 22 changed while this pane is in view."""

    async def accepted(self, text: str) -> None:
        """Enter on row 22."""

    async def pasted(self, lines: list[str]) -> None:
        """Several lines were pasted on row 22: one line of text, unless the pane knows better."""
        await self.host.type_lines(lines)

    def aim(self) -> None:
        """Put the keys on this pane's usual route."""
        self.host.direct(self.host.typing_line)

    def after_press(self, press: Press) -> None:
        """The key has been dealt with."""

    async def finished(self) -> None:
        """The last field of a form was left."""

    async def back(self) -> bool:
        """Esc: True when the pane itself had something to close."""
        return False

    def place(self) -> str:
        """What to come back to: the uid of the current line, or ""."""
        return ""

    async def offer(self) -> None:
        """Say what Enter on the empty line does here, so that it does it at once."""

    def help_text(self) -> list[str]:
        return []

    def draft(self) -> Any:
        """Where the half-typed text of this pane is kept, None when it is not."""
        return None


class PagePane(Pane):
    """A sub-tab that is no form of fields: `holder`, the pane of its tab, turns the pages."""

    holder: Pane

    @property
    def counter(self) -> str:  # type: ignore[override]
        return self.holder.counter

    async def again(self) -> None:
        await self.holder.again()

    async def show_field(self, name: str) -> None:
        await self.holder.show_field(name)
