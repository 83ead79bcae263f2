"""F2 on a line: all its fields, written through like those of a header."""

from __future__ import annotations

from typing import Any

from codial_tui.commands import PICK
from codial_tui.domain.document import Line, LineType
from codial_tui.domain.lines.line_fields import FIELDS, PRICED_PAGE, TEXT_PAGE
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Field, FieldType
from codial_tui.screens.buying import too_many
from codial_tui.screens.form_screen import FormScreen
from codial_tui.services.documents import entering
from codial_tui.services.documents.editing import Editor
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.frame import Offer

from .line_source import discounts_text


class LineScreen(FormScreen[None]):
    """One line in full; each field left is one step of the document."""

    def __init__(self, editor: Editor, uid: str) -> None:
        self.editor = editor
        self.uid = uid
        page = PRICED_PAGE if self.line.is_priced else TEXT_PAGE
        names = {name for name in (*page.left, *page.right) if name}
        super().__init__(page, [one for one in FIELDS if one.name in names])

    @property
    def where(self) -> str:  # type: ignore[override]
        return "la ligne"

    @property
    def line(self) -> Line:
        return self.editor.document.line(self.uid)

    def on_mount(self) -> None:
        self._show_title()
        self.tab_bar.say("Chaque champ quitté est enregistré ; Échap revient aux lignes.")
        self.show_commands()
        self.resume_route()

    def _show_title(self) -> None:
        line = self.line
        name = f"{line.reference} {line.label}".strip()
        amount = f"{format_cents(line.amount)} €" if line.is_priced else ""
        self.title_bar.show(f"{self.editor.document.ref} · {name}", amount)

    def commands(self) -> list[Offer]:
        return [Offer(PICK)]

    def value_of(self, name: str) -> Any:
        if name == "discounts":
            return discounts_text(self.line)
        return getattr(self.line, name)

    def _view(self, name: str) -> FieldView:
        view = super()._view(name)
        locked = self.editor.reason
        if name == "quantity" and not self.line.is_priced:
            locked = "ligne sans prix"
        if name == "unit_price" and self.line.type is LineType.AD_HOC_ASSEMBLY:
            locked = locked or "somme de ses composants"
        return FieldView(view.value, view.shown, locked=locked, note=view.note)

    async def put(self, field: Field, value: Any) -> None:
        if field.name == "discounts":
            value = entering.discounts_of(str(value or ""))
        elif field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE):
            value = str(value or "")
        elif value is None and field.name != "delivery_date":
            value = 0
        entering.edit_line(self.editor, self.uid, **{field.name: value})
        too_many.warn(self.reading, self.editor)
        self._show_title()

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        self.dismiss()
