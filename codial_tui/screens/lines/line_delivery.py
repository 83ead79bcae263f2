"""À livrer in the grid of an order: digits typed in the rows, Enter goes down (ux.md §2, §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.domain.entry.entry_scan import is_barcode
from codial_tui.domain.quantity import format_quantity
from codial_tui.services.chain import delivering
from codial_tui.widgets.press import Press

if TYPE_CHECKING:
    from .lines import LinesPane

LEGEND = "√ livrée  ~ en partie  chiffres : à livrer  F7 L tout livrer  F6 transférer"
MOVES = ("up", "down", "pageup", "pagedown")


class DeliveryKeys:
    """Whether the keys are in the rows: an arrow on an empty line goes there, a letter back."""

    passing = True

    def __init__(self, pane: LinesPane) -> None:
        self.pane = pane
        self.offered = delivering.has_deliveries(pane.tab)
        self.in_rows = False

    async def press(self, press: Press) -> bool:
        pane = self.pane
        if not self.offered or pane.editor.reason or pane.hits.opened:
            return False
        if press.key in MOVES and not pane.host.typing_line.text:
            self.go(True)
        elif self.in_rows and press.key == "enter":
            await pane.table.move(1)
            return True
        elif self.in_rows and press.key == "backspace":
            await self._take("")
            return True
        elif self.in_rows and press.key == "escape":
            self.go(False)
            return True
        return False

    def go(self, in_rows: bool) -> None:
        """Into the rows, or back to row 22."""
        if in_rows != self.in_rows:
            self.in_rows = in_rows
            self.pane.table.input_column = delivering.COLUMN if in_rows else ""
            self.pane.table.refresh()
            self.pane.aim()

    def begin(self, character: str) -> None:
        """A digit in the rows: the quantity goes on on row 22."""
        pane = self.pane
        line = pane.editor.document.line(pane.place())
        delivering.parse(line, "")
        label = (line.reference or line.label)[:20]
        pane.host.ask_text(f"{label} à livrer", self._take, character)
        pane.host.typing_line.label(hint=self.hint())

    def hint(self) -> str:
        """`reste 24,00 u`: what no document holds of the current line."""
        pane = self.pane
        line = pane.editor.document.line(pane.place())
        rest = delivering.free(pane.editor, line)
        return f"reste {format_quantity(rest)} {line.unit}".rstrip() if rest else "reste 0"

    async def _take(self, text: str) -> None:
        """The typed quantity; above what is left it asks. A scanned code is an entry line."""
        pane, host = self.pane, self.pane.host
        if is_barcode(text.strip()):
            host.end_asking()
            self.go(False)
            host.typing_line.put(text)
            await host.accepted(text)
            return
        line = pane.editor.document.line(pane.place())
        wanted = delivering.parse(line, text)
        more = delivering.excess(pane.editor, line, wanted)
        if not more:
            await self._put(line.uid, wanted)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._put(line.uid, wanted)

        host.reading.ask(f"{more} : le livrer aussi ? O/N", then, letters="ON")

    async def _put(self, uid: str, wanted: int) -> None:
        pane = self.pane
        delivering.put(pane.editor, pane.editor.document.line(uid), wanted)
        if pane.host.is_asking:
            pane.host.end_asking()
        await pane.put(uid)
        await pane.table.move(1)
