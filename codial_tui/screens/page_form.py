"""One declared page of a document's form, written through field by field."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Container

from codial_tui.domain.spec import Field, FieldType, Page
from codial_tui.services.documents import headers
from codial_tui.services.invoicing import invoice_parts
from codial_tui.services.lists import choices, marks
from codial_tui.widgets.form import FieldView, FormPane

from .base import BaseScreen
from .document.pane import Pane
from .form_fields import FormFields


class PageForm(FormFields, Container):
    """The fields of a page; editing one is one step of the document."""

    DEFAULT_CSS = "PageForm { height: 1fr; width: 1fr; layout: vertical; }"

    def __init__(self, pane: Pane, page: Page) -> None:
        super().__init__()
        self.pane = pane
        self.page = page._replace(left=self._on(page.left), right=self._on(page.right))

    def _on(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Without what this edition does not ask for; what an old document holds stays in view."""
        editor = self.pane.editor
        sizes = self.pane.host.context.editions.split("+")
        return tuple(
            name
            for name in names
            if not name
            or not (wanted := editor.kind.field(name).editions)
            or not wanted.isdisjoint(sizes)
            or editor.document.header.get(name)
        )

    @property
    def frame(self) -> BaseScreen[Any]:
        return self.pane.host

    def compose(self) -> ComposeResult:
        kind = self.pane.editor.kind
        names = [name for name in (*self.page.left, *self.page.right) if name]
        yield from self.form_widgets(self.page, [kind.field(name) for name in names])

    def value_of(self, name: str) -> Any:
        if self.fields[name].store == "part":
            return invoice_parts.value_of(self.pane.editor.document, name)
        value = self.pane.editor.document.header.get(name)
        return str(value) if name == "price_decimals" and value is not None else value

    def whose(self) -> int | None:
        """The document's customer, whichever page he is on."""
        return self.pane.editor.document.number("party_id") or None

    def _view(self, name: str) -> FieldView:
        field, editor = self.fields[name], self.pane.editor
        value = self.value_of(name)
        locked = headers.locked(editor, field)
        if field.type is FieldType.REFERENCE:
            shown = choices.label_of(self.frame.context, field.picks, value)
            if field.name == "party_id":
                shown = f"{editor.document.text('party_code')} {editor.document.text('party_name')}"
            elif field.shows and not shown:
                shown = editor.document.text(field.shows)
            return FieldView(value, shown.strip(), locked=locked)
        if field.type is FieldType.BOOL:
            return FieldView(bool(value), locked=locked)
        note, role = self._mark(name)
        return FieldView(value, locked=locked, note=note, role=role)

    def _mark(self, name: str) -> tuple[str, str]:
        """The sign and the role of the mark that a field wears; the title says its name."""
        editor = self.pane.editor
        if name not in {one.field for one in editor.kind.marks}:
            return "", ""
        for one in marks.of(self.frame.context, editor.document):
            if one.field == name:
                return one.sign, one.role
        return "", ""

    async def put(self, field: Field, value: Any) -> None:
        headers.edit(self.pane.editor, field, value)
        await self.pane.host.refresh_document()

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        notice.stop()
        await self.pane.finished()
