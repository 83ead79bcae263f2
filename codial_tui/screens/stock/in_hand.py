"""What is scanned or typed item by item, kept at once, and done whole at F8: an inventory, or
goods that change warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.services.documents import resume
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.typing_line import Draft

EMPTY = "Scannez, ou tapez une référence et sa quantité."


class InHandScreen(BaseScreen[None]):
    """What is typed is kept; nothing moves before F8 and O.

    place: where the half-typed line is kept; hint: what row 22 takes; columns: of the items.
    """

    place = ""
    hint = ""
    columns: Sequence[Column] = ()

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(self.columns, empty=EMPTY, signs=True)
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.typing_line.label(hint=self.hint)
        self.typing_line.draft = Draft(*resume.draft(self.context, self.place))
        self.show_commands()
        self.resume_route()
        self.fill()

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    # what each does for itself -----------------------------------------------------------------

    def fill(self, key: int | None = None) -> None:
        """Show what is in hand, on an item."""
        raise NotImplementedError

    def add(self, text: str) -> tuple[int, str]:
        """Take what was typed: its item, and what to say. Raises Refused."""
        raise NotImplementedError

    def drop(self, item_id: int) -> str:
        """Let an item go; the end of the sentence about it."""
        raise NotImplementedError

    # --------------------------------------------------------------------------------------------

    async def accepted(self, text: str) -> None:
        if not text.strip():
            return
        item_id, said = self.add(text)
        self.typing_line.put("")
        self.fill(item_id)
        self.reading.say(said)

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        self.action_delete_row()

    def action_delete_row(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return
        said = self.drop(int(str(row.key)))
        self.fill()
        self.reading.say(f"{row.cells[0]} {said}")

    async def back(self) -> None:
        self.keep_draft()
        self.dismiss()

    def keep_draft(self) -> None:
        """What is half typed is there on return."""
        draft = self.typing_line.draft
        resume.keep_draft(self.context, self.place, draft.text, draft.caret)
