"""A page of fields: underlined = can be typed in, plain = computed or locked."""

from __future__ import annotations

from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.spec import Field, FieldType
from codial_tui.domain.text import clean

from .field_text import pick, read
from .form_page import PICKED, FieldView, FormPage
from .press import Notice, Press, tell
from .typing_line import PASTE_LIMIT, too_much_pasted

__all__ = ["FieldView", "FormPane"]


class FormPane(FormPage):
    """One page of a form. Fields keep their text until they are left; then the value is told."""

    class FieldEdited(Notice):
        """A field was left with another value. `refuse()` keeps the caret and text there."""

        def __init__(self, form: FormPane, field: Field, value: object) -> None:
            super().__init__()
            self.form, self.field, self.name, self.value = form, field, field.name, value
            self.refused = False

        def refuse(self) -> None:
            self.refused = True

    class Refused(Notice):
        """The text is no value of this field; it stays, to be mended."""

        def __init__(self, form: FormPane, field: Field, problem: Problem) -> None:
            super().__init__()
            self.form, self.field, self.problem = form, field, problem

    class Picking(Notice):
        """Text typed in a reference field (or its list asked for): the screen opens a picker.

        accept: Enter was pressed on the text; opened: the list was asked for.
        """

        def __init__(
            self, form: FormPane, field: Field, text: str, *, accept: bool, opened: bool
        ) -> None:
            super().__init__()
            self.form, self.field, self.text = form, field, text
            self.accept, self.opened = accept, opened

    class Opening(Notice):
        """A long text wants its editor, with what was typed or pasted to open it."""

        def __init__(self, form: FormPane, field: Field, typed: str) -> None:
            super().__init__()
            self.form, self.field, self.typed = form, field, typed

    class Entered(Notice):
        """Another field is the current one."""

        def __init__(self, form: FormPane, field: Field) -> None:
            super().__init__()
            self.form, self.field = form, field

    class Finished(Notice):
        """The last field was left forwards."""

        def __init__(self, form: FormPane) -> None:
            super().__init__()
            self.form = form

    # keys --------------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        field = self.current
        if field is None:
            return False
        if press.key in ("enter", "tab", "down"):
            await self.step(1, accept=press.key == "enter")
            return True
        if press.key in ("shift+tab", "up"):
            await self.step(-1)
            return True
        if press.key == "escape":
            return not await self._give_up()
        if field.type in PICKED:
            return await self._pick(field, press)
        if field.type is FieldType.LONG_TEXT:
            if not press.printable:
                return False
            await tell(self, self.Opening(self, field, press.printable))
            return True
        return await self._edit(field, press)

    async def enter(self, name: str) -> bool:
        """Goes to a field, leaving the current one. False when it is locked or that refused."""
        if name not in self.names or not self._open(name) or not await self.leave():
            return False
        await self._go(self.names.index(name))
        return True

    async def _go(self, at: int) -> None:
        self._repaint_current()
        self._at = at
        self._load()
        self._show_current()
        self._repaint_current()
        await tell(self, self.Entered(self, self.fields[self.names[at]]))

    async def step(self, step: int, *, accept: bool = False) -> None:
        """Leaves the field for the next (1) or previous (-1) open one, if its text is taken."""
        field = self.current
        if field is None:
            return
        if accept and self._wants_picker(field):
            await self._tell_picking(field, accept=True)
            return
        if not await self.leave():
            return
        at = self._at + step
        while 0 <= at < len(self.names) and not self._open(self.names[at]):
            at += step
        if 0 <= at < len(self.names):
            await self._go(at)
        elif step > 0:
            await tell(self, self.Finished(self))

    def _wants_picker(self, field: Field) -> bool:
        """Enter on a typed reference, or on an empty one that must not stay empty (an empty
        customer is the customer at the counter: the screen knows)."""
        if field.type is not FieldType.REFERENCE:
            return False
        return self.changed if self.editor.text else field.required

    async def open_list(self) -> bool:
        """F4: the list of the current field. False when it has none."""
        field = self.current
        if field is None or field.type not in (FieldType.REFERENCE, FieldType.CHOICE):
            return False
        text = self.editor.text if self.changed else ""
        await tell(self, self.Picking(self, field, text, accept=False, opened=True))
        return True

    async def leave(self) -> bool:
        """Takes the text of the current field; False when it was refused and stays."""
        field = self.current
        if field is None or not self.changed:
            return True
        if field.type is FieldType.REFERENCE and self.editor.text:
            self._load()  # Tab does not accept a row of a list: back to what was there
            self._repaint_current()
            return True
        try:
            value = read(field, self.editor.text, self.today())
        except Invalid as error:
            await tell(self, self.Refused(self, field, error.problems[0]))
            return False
        return await self._give(field, value)

    async def paste(self, text: str) -> bool:
        field = self.current
        if field is None or field.type in PICKED:
            return False
        size = len(text.encode("utf-8", "replace"))
        if size > PASTE_LIMIT:
            problem = Problem("paste.too_big", field.name, too_much_pasted(size))
            await tell(self, self.Refused(self, field, problem))
        elif field.type is FieldType.LONG_TEXT:
            await tell(self, self.Opening(self, field, clean(text, multiline=True)))
        elif pasted := clean(text):
            self.editor.insert(pasted)
            await self._typed(field)
        return True

    async def _edit(self, field: Field, press: Press) -> bool:
        before = self.editor.text
        self.editor.clipboard = self.app.clipboard
        if not self.editor.press(press):
            return False
        if self.editor.clipboard != self.app.clipboard:
            self.app.copy_to_clipboard(self.editor.clipboard)
        if self.editor.refused or self.editor.text != before:
            await self._typed(field)
        self._repaint_current()
        return True

    async def _typed(self, field: Field) -> None:
        self._repaint_current()
        if self.editor.refused:
            self.editor.refused = False
            limit = f"{field.max_length} caractères au plus"
            problem = Problem("text.too_long", field.name, f"{field.label} : {limit}")
            await tell(self, self.Refused(self, field, problem))
        elif field.type is FieldType.REFERENCE:
            await self._tell_picking(field, accept=False)

    async def _tell_picking(self, field: Field, *, accept: bool) -> None:
        await tell(self, self.Picking(self, field, self.editor.text, accept=accept, opened=False))

    async def _pick(self, field: Field, press: Press) -> bool:
        if not press.printable or press.key == "space":
            return False
        try:
            value = pick(field, press.printable, self._views[field.name].value)
        except Invalid as error:
            await tell(self, self.Refused(self, field, error.problems[0]))
            return True
        await self._give(field, value)
        return True

    async def _give(self, field: Field, value: object) -> bool:
        if value != self._views[field.name].value:
            edited = self.FieldEdited(self, field, value)
            await tell(self, edited)
            if edited.refused:
                return False
        self.settle()
        self._repaint(field.name)
        return True

    async def _give_up(self) -> bool:
        """Esc: takes the text if it can be taken; else the first Esc says why, the next one
        goes back to the value. True when the caret may leave the form."""
        wrong = self.editor.text
        if await self.leave():
            return True
        if self._given_up == wrong:
            self._load()
            self._repaint_current()
            return True
        self._given_up = wrong
        return False
