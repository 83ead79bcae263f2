"""F1: help for the place one is at, generated from its commands, and texts to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from .drawing import wrap
from .frame import FrameScreen
from .menu import Entry
from .press import Press
from .rows import Rows, Text, draw_text


class TextPane(Rows):
    """Rows of text longer than the screen, moved with ↑ ↓ PgUp PgDn Home End."""

    DEFAULT_CSS = "TextPane { height: 1fr; }"

    def __init__(self, rows: Sequence[Text] = (), id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = tuple(rows)
        self.top = 0

    def show(self, rows: Sequence[Text]) -> None:
        """Another text, from its first row."""
        self.rows, self.top = tuple(rows), 0
        self.refresh()

    async def press(self, press: Press) -> bool:
        page = max(1, self.size.height - 1)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "space": page}
        steps |= {"home": -len(self.rows), "end": len(self.rows)}
        if press.key not in steps:
            return False
        last = max(0, len(self.rows) - self.size.height)
        top = max(0, min(last, self.top + steps[press.key]))
        if top != self.top:
            self.top = top
            self.refresh()
        return True

    def draw_row(self, y: int, width: int) -> Strip:
        at = self.top + y
        if at >= len(self.rows):
            return Strip.blank(width)
        return draw_text(self.rows[at], width, self.look)


class HelpScreen(FrameScreen[None]):
    """What one can do here. paragraphs: what the place is, before the keys."""

    def __init__(
        self, title: str, entries: Sequence[Entry], paragraphs: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.heading = title
        self.pane = TextPane(help_rows(entries, paragraphs))

    def compose_body(self) -> Iterable[Widget]:
        return (self.pane,)

    def on_mount(self) -> None:
        self.title_bar.show(f"Aide · {self.heading}")
        self.typing_line.show("↑ ↓ PgPréc PgSuiv pour lire, Échap revient")
        self.direct(self.pane)

    async def press(self, press: Press) -> bool:
        if press.key in ("enter", "f1"):
            await self.back()
            return True
        return await super().press(press)

    async def back(self) -> None:
        self.dismiss(None)


def help_rows(entries: Sequence[Entry], paragraphs: Sequence[str], width: int = 78) -> list[Text]:
    """The rows of a help page: paragraphs folded at `width`, then the keys."""
    rows: list[Text] = []
    for paragraph in paragraphs:
        rows += [Text(line) for line in wrap(paragraph, width)] + [Text()]
    if entries:
        rows.append(Text("Touches", rule=True))
    label = max((cell_len(entry.key) for entry in entries), default=0) + 2
    for entry in entries:
        text = entry.help or entry.label
        if not entry.key and entry.help:
            text = f"{entry.label} : {entry.help}"  # F10 finds it by this name
        if entry.reason:
            text += f" (pas ici : {entry.reason})"
        first, *others = wrap(text, width - label) or [""]
        rows.append(Text(entry.key.ljust(label) + first))
        rows += [Text(" " * label + other) for other in others]
    return rows
