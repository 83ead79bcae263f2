"""Texts of several lines have a screen of their own, with Textual's editor in it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import TextArea

from codial_tui.domain.text import clean, display

from .frame import FrameScreen
from .press import Press
from .typing_line import PASTE_LIMIT, too_much_pasted

_GIVEN_BACK = frozenset({"f6", "f7"})
"""TextArea selects with them; here they transfer and open the tools"""


class Editor(TextArea, inherit_bindings=False):
    """TextArea without the bindings that hide ours, without blinking, and with a paste limit."""

    BINDINGS = [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and binding.key not in _GIVEN_BACK
    ]

    def __init__(self, text: str) -> None:
        super().__init__(
            text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", compact=True
        )
        self.cursor_blink = False
        self.highlight_cursor_line = False

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        size = len(event.text.encode("utf-8", "replace"))
        if size > PASTE_LIMIT:
            if isinstance(self.screen, FrameScreen):
                self.screen.reading.refuse(too_much_pasted(size))
            return
        text = clean(event.text, multiline=True)
        pasted = self.replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(pasted.end_location)


class LongTextScreen(FrameScreen[str]):
    """Edits a text. F8 or Esc leaves with it (write-through: there is no Cancel, Ctrl+R undoes).

    limit: the most characters; a longer text is refused and stays to be shortened. said: why one
    is here again.
    """

    CSS = """
    TextArea, TextArea:focus {
        background: ansi_default;
        color: ansi_default;
        border: none;
        padding: 0 1;
        & .text-area--cursor {
            background: ansi_white;
            color: ansi_black;
            text-style: none;
        }
        & .text-area--selection {
            background: ansi_cyan;
            color: ansi_black;
        }
    }
    """

    def __init__(
        self, title: str, text: str, *, typed: str = "", limit: int = 0, said: str = ""
    ) -> None:
        super().__init__()
        self.heading = title
        self.limit = limit
        self.text = text
        self.shown = "\n".join(map(display, text.split("\n")))
        """the text without what must not reach a terminal; given back as it was if unchanged"""
        self.editor = Editor(self.shown)
        self.typed, self.said = typed, said

    def compose_body(self) -> Iterable[Widget]:
        return (self.editor,)

    def on_mount(self) -> None:
        self.title_bar.show(self.heading)
        self.typing_line.show("Texte de plusieurs lignes : Échap le garde et revient")
        self.reading.context("Ctrl+R revient en arrière · Ctrl+Y rétablit · F8 garde le texte")
        self.key_bar.show({8: "Garder"})
        self.direct()
        self.editor.focus()
        self.editor.move_cursor(self.editor.document.end)
        if self.typed:
            self.editor.insert(self.typed)
        if self.said:
            self.reading.refuse(self.said)

    async def press(self, press: Press) -> bool:
        self.reading.forget()
        if press.key in ("escape", "f8"):
            self._leave()
        elif press.key == "ctrl+r":
            self.editor.undo()
        elif press.key == "ctrl+y":
            self.editor.redo()
        elif press.printable or press.key == "enter":
            self.editor.insert(press.printable or "\n")  # typed ahead, before the editor was there
        else:
            return await super().press(press)
        return True

    def _leave(self) -> None:
        text = clean(self.editor.text, multiline=True)
        if self.editor.text == self.shown:
            self.dismiss(self.text)
        elif self.limit and len(text) > self.limit:
            self.reading.refuse(f"{len(text)} caractères · {self.limit} au plus, raccourcissez")
        else:
            self.dismiss(text)
