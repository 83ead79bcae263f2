"""A page of fields as it stands: values, the one being typed in, where they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset
from textual.strip import Strip

from codial_tui.domain.spec import Field, FieldType, Page

from .drawing import Drawing, fit
from .field_text import write
from .form_layout import FormCell, cells_of
from .line_editor import LineEditor, caret_cell, draw
from .rows import Rows

PICKED = (FieldType.BOOL, FieldType.CHOICE)
"""types whose value is picked by a letter, not typed"""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it stands. value: as stored; shown: its text where the value is not it (the
    name behind a reference). locked: why it cannot be typed in; note: plain text behind it; role:
    of the theme, for a value that stands out (its note says why in words)."""

    value: object = None
    shown: str | None = None
    locked: str = ""
    note: str = ""
    wrong: bool = False
    role: str = ""


Provider = Callable[[str], FieldView]


class FormPage(Rows):
    """State and drawing of a form page; `FormPane` adds keys and notices."""

    DEFAULT_CSS = "FormPage { height: 1fr; }"

    def __init__(
        self,
        page: Page,
        fields: Mapping[str, Field],
        provider: Provider,
        today: Callable[[], date],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.fields, self.provider, self.today = fields, provider, today
        self.editor = LineEditor()
        self.active = True
        """the caret is here, not in a picker"""
        self._caret = Offset(0, 0)
        """cell and row of the page where it was drawn last"""
        self._text = ""
        self._given_up: str | None = None
        """text that was refused when Esc wanted to leave"""
        self._cells: tuple[FormCell, ...] = ()
        self._begin(page)

    def _begin(self, page: Page) -> None:
        """A page as it is first shown, in its first open field."""
        self.page = page
        self.names = [name for name in (*page.left, *page.right) if name]
        self._views = {name: self.provider(name) for name in self.names}
        self._top, self._at = 0, self._first_open()
        self._load()

    def _first_open(self) -> int:
        return next((at for at, name in enumerate(self.names) if self._open(name)), -1)

    def turn(self, page: Page) -> None:
        """Another page of the same fields; the current one was left before."""
        self._begin(page)
        self._cells = cells_of(page, self.fields, self.size.width)
        self.refresh()

    # state -------------------------------------------------------------------------------------

    @property
    def current(self) -> Field | None:
        """The field the caret is in; None when every field is locked."""
        return self.fields[self.names[self._at]] if self._at >= 0 else None

    @property
    def changed(self) -> bool:
        """Text was typed in the current field and not yet taken."""
        return self.editor.text != self._text

    def view(self, name: str) -> FieldView:
        return self._views[name]

    def reload(self, names: Iterable[str] | None = None) -> None:
        """Asks for values again and repaints the fields that changed; typed text stays."""
        changed = self.changed
        for name in self.names if names is None else names:
            view = self.provider(name)
            if view != self._views.get(name):
                self._views[name] = view
                self._repaint(name)
        if self._at >= 0 and not self._open(self.names[self._at]):
            self._at = self._first_open()
            changed = False
        if not changed:
            self._load()

    def aim(self, active: bool) -> None:
        """Whether the caret is shown here."""
        self.active = active
        self._repaint_current()

    def put(self, text: str) -> None:
        """Another text in the current field, as if it had been typed; tells nobody."""
        self.editor.set(text)
        self._repaint_current()

    def settle(self) -> None:
        """The text of the current field has been taken (a picker chose): shows its value."""
        if self.current is not None:
            self._views[self.current.name] = self.provider(self.current.name)
        self._load()

    # places ------------------------------------------------------------------------------------

    def _open(self, name: str) -> bool:
        return not self._views[name].locked and self.fields[name].store != "computed"

    def _load(self) -> None:
        field = self.current
        if field is None:
            return
        self._given_up = None
        self._text = self._shown(field.name)
        self.editor.limit = field.max_length
        self.editor.set(self._text)
        self.editor.select_all()

    def _shown(self, name: str) -> str:
        view = self._views[name]
        return write(self.fields[name], view.value) if view.shown is None else view.shown

    def _cell(self, name: str) -> FormCell | None:
        return next((cell for cell in self._cells if cell.field.name == name), None)

    def _show_current(self) -> None:
        field = self.current
        cell = None if field is None else self._cell(field.name)
        if cell is None:
            return
        top = self._top
        if cell.row < self._top:
            self._top = cell.row
        elif cell.row >= self._top + self.size.height - self._margin:
            self._top = cell.row - self.size.height + self._margin + 1
        if self._top != top:
            self.refresh()

    @property
    def _margin(self) -> int:
        """A blank row above the fields where there is room for one."""
        rows = max(len(self.page.left), len(self.page.right))
        return 1 if rows < self.size.height else 0

    def on_resize(self, event: events.Resize) -> None:
        self._cells = cells_of(self.page, self.fields, event.size.width)
        self._show_current()
        self.refresh()

    def _repaint_current(self) -> None:
        if self.current is not None:
            self._repaint(self.current.name)

    def _repaint(self, name: str) -> None:
        if (cell := self._cell(name)) is not None:
            y = cell.row - self._top + self._margin
            if 0 <= y < self.size.height:
                self.repaint_rows(y)

    def attention(self) -> Offset:
        """The caret in the current field, on the terminal."""
        at = self._caret
        return self.region.offset + Offset(at.x, at.y - self._top + self._margin)

    # drawing -----------------------------------------------------------------------------------

    def draw_row(self, y: int, width: int) -> Strip:
        drawing = Drawing(width)
        row = y - self._margin + self._top
        for cell in self._cells:
            if cell.row == row and row >= self._top:
                self._draw_cell(drawing, cell)
        return drawing.strip()

    def _draw_cell(self, drawing: Drawing, cell: FormCell) -> None:
        look, field = self.look, cell.field
        view = self._views[field.name]
        current = self.active and self.current is field
        if current:
            drawing.put(cell.label_at - 1, look.text("►"))
        elif view.wrong:
            drawing.put(cell.label_at - 1, look.text("×"), look.style("danger"))
        drawing.put(cell.label_at, fit(look.text(field.label), cell.at - cell.label_at - 1))
        drawing.put(cell.at, "")
        if current:
            self._draw_current(drawing, cell)
        else:
            role = "danger" if view.wrong else "field" if self._open(field.name) else ""
            role = view.role or role
            text = fit(look.text(self._shown(field.name)), cell.width)
            drawing.put(cell.at, text, look.style(role))
        if cell.has_list and self._open(field.name):
            drawing.put(cell.list_at, look.text("▼"))
        if view.note:
            note = look.text(view.note)
            room = drawing.width - 1 - cell.note_at
            drawing.put(cell.note_at, note if cell_len(note) <= room else fit(note, max(0, room)))

    def _draw_current(self, drawing: Drawing, cell: FormCell) -> None:
        look = self.look
        whole = self.editor.selection == (0, len(self.editor.text))
        if whole or cell.field.type in (*PICKED, FieldType.LONG_TEXT):
            text = fit(look.text(self.editor.text), cell.width)
            self._caret = Offset(cell.at, cell.row)
            drawing.put(cell.at, text, look.style("current"))
            return
        drawing.put(cell.at, "")
        self._caret = Offset(drawing.at + caret_cell(self.editor, cell.width, look), cell.row)
        for text, style, _ in draw(
            self.editor, cell.width, look, "current", caret=True, fill="current"
        ):
            drawing.add(text, style)
