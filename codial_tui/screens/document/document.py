"""The one document screen: it serves every kind from its declaration."""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Iterable, Sequence
from functools import partial
from inspect import isawaitable

from textual.containers import Container

from codial_tui.commands import EDIT, LOOK, NEW, PICK, PRINT, TOOLS, TRANSFER, VALIDATE, Command
from codial_tui.domain.kinds import outbound
from codial_tui.domain.spec import Tab
from codial_tui.errors import CodialError, LockLost, refuse
from codial_tui.screens.buying import too_many
from codial_tui.services.documents import resume
from codial_tui.services.documents.editing import Editor
from codial_tui.services.lists import lists
from codial_tui.services.lists.lists import Listing
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.panes import PaneSwitcher
from codial_tui.widgets.press import Press
from codial_tui.widgets.typing_line import Draft

from . import document_title
from .document_chain import DUPLICATE, TAKE_BACK
from .document_validate import ValidateCommands
from .pane import Pane, build

UNDO = Command("undo", "Revenir", "Annule le dernier geste", second=("ctrl+r", "ctrl+z"))
REDO = Command("redo", "Rétablir", "Refait ce qui vient d'être annulé", second=("ctrl+y",))
DRAFT_SECONDS = 1.0
RETRY_SECONDS = 5.0
"""how often a document that somebody else has is asked for again"""


class DocumentScreen(ValidateCommands):
    """Tabs over one editor; each tab's pane is built on its first visit."""

    def __init__(
        self,
        document_id: int,
        *,
        tab: str = "lines",
        line: str = "",
        among: Listing | None = None,
        said: str = "",
        explained: Sequence[str] = (),
        field: str = "",
    ) -> None:
        """among: the list it was opened from, whose neighbours Ctrl+G ↑ ↓ go to; said: how it
        came about, on row 23 at first; explained: what F1 says first;
        field: one to mend."""
        super().__init__()
        self.said, self.explained, self.field_wanted = said, tuple(explained), field
        self.among = among
        self.document_id = document_id
        self.line_wanted = line
        self._first_tab = tab
        self._tab = ""
        self._draft_timer: TimerHandle | None = None
        self.switcher = PaneSwitcher({})

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"{self.editor.kind.title} {self.editor.document.ref}"

    def compose_body(self) -> Iterable[Container]:
        yield self.switcher

    async def on_mount(self) -> None:
        self.editor = Editor(self.context, self.document_id)
        self.switcher.builders = {
            tab.name: partial(build, self, tab) for tab in self.editor.kind.tabs
        }
        names = [tab.name for tab in self.tabs]
        await self.go_tab(self._first_tab if self._first_tab in names else "lines")
        if self.field_wanted:
            await self.show_problem(self.field_wanted)
        if self.editor.reason:
            self.reading.warn(self.editor.reason)
        elif self.said:
            self.reading.done(self.said)
        self.set_interval(RETRY_SECONDS, lambda: self.guarded(self.try_again))

    async def try_again(self) -> None:
        """Become writable by itself when whoever has the document leaves it (ux.md §5)."""
        if self.editor.reason and self.editor.retry():
            await self.refresh_document()
            if self.editor.reason:
                self.reading.warn(self.editor.reason)
            else:
                self.reading.done("Le document est à vous : vous pouvez écrire")

    @property
    def tabs(self) -> tuple[Tab, ...]:
        header = self.editor.document.header
        return tuple(one for one in self.editor.kind.tabs if not one.when or header.get(one.when))

    @property
    def pane(self) -> Pane:
        pane = self.switcher.pane
        assert isinstance(pane, Pane)
        return pane.shown

    # title, tabs, commands ---------------------------------------------------------------------

    def show_title(self) -> None:
        self.title_bar.show(*document_title.words(self.editor, self.app.size.width))

    def show_tabs(self) -> None:
        items = [TabItem(tab.name, tab.label, tab.letter, tab.short) for tab in self.tabs]
        self.tab_bar.show(items, self._tab, counter=self.pane.counter)

    def commands(self) -> list[Offer]:
        own = self.pane.commands()
        taken = {one.command.slot for one in own}
        shared = [
            Offer(PRINT),
            Offer(NEW),
            self._transfer_offer(),
            Offer(TOOLS),
            Offer(VALIDATE),
        ]
        idle = [Offer(one, "rien à cet endroit") for one in (EDIT, PICK, LOOK)]
        return [
            *own,
            *(one for one in (*shared, *idle) if one.command.slot not in taken),
            *(Offer(one) for one in (TAKE_BACK, DUPLICATE)),
            *self.kind_commands(),
            Offer(UNDO),
            Offer(REDO),
        ]

    def _transfer_offer(self) -> Offer:
        kind = self.editor.kind
        becomes = kind.bills or kind.matched or outbound(kind.kind, self.context.editions)
        return Offer(TRANSFER, "" if becomes else f"{kind.title} : fin de la chaîne")

    def help_text(self) -> list[str]:
        return [*self.explained, *self.pane.help_text()]

    # tabs --------------------------------------------------------------------------------------

    async def go(self, where: str) -> None:
        if await self.pane.settle():
            await super().go(where)

    async def go_tab(self, name: str) -> None:
        if name == self._tab:
            await self.pane.again()
            self.show_tabs()
            return
        if self._tab:
            self.keep_draft()
        await self.switcher.show(name)
        self._tab = name
        self.typing_line.draft = Draft(*resume.draft(self.context, self._draft_place))
        await self.refresh_document()
        await self.pane.arrive()
        self.show_commands()
        if self.typing_line.text and not self.typing_line.shown:
            await self.pane.typed(self.typing_line.text)
        self.note_place(still_there=True)

    async def go_record(self, step: int) -> None:
        """The previous or next document of the list, on the same tab."""
        at = self.among.index_of(self.document_id) if self.among else None
        if self.among is None or at is None:
            raise refuse("list.none", "Pas de liste", "ouvrez-le depuis sa liste")
        found = self.among.rows(at + step, at + step + 1) if at + step >= 0 else []
        if not found:
            end = "C'est le dernier de la liste" if step > 0 else "C'est le premier de la liste"
            raise refuse("list.end", end)
        lists.still_there(self.context, "", found[0]["id"])
        self.leave()
        # not awaited: it ends with the removal of this very screen
        self.app.switch_screen(DocumentScreen(found[0]["id"], tab=self._tab, among=self.among))

    def resume_route(self) -> None:
        self.pane.aim()

    async def press(self, press: Press) -> bool:
        if self.examining.press(press):
            return True
        if press.key not in ("f1", "escape"):
            self.explained = ()
        handled = await super().press(press)
        if self._tab and self.is_attached:
            self.pane.after_press(press)
            too_many.warn(self.reading, self.editor)
        return handled

    async def refresh_document(self) -> None:
        """The document changed, or another pane came into view."""
        self.show_title()
        self.show_tabs()
        await self.pane.changed()

    # typing ------------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        await self.pane.typed(text)
        self.keep_draft_soon()

    def keep_draft_soon(self) -> None:
        """Keep the line in hand one second after the last key."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
        self._draft_timer = self.guarded_later(DRAFT_SECONDS, self.keep_draft)

    async def accepted(self, text: str) -> None:
        await self.pane.accepted(text)

    async def pasted(self, lines: list[str]) -> None:
        await self.pane.pasted(lines)

    @property
    def _draft_place(self) -> str:
        return f"document:{self.document_id}:{self._tab}"

    def line_taken(self) -> None:
        """The line in hand is in the document: a cut connection must not bring it back."""
        resume.keep_draft(self.context, self._draft_place, "", 0)
        self.keep_draft_soon()

    def keep_draft(self) -> None:
        """Keep the line in hand, so that a cut connection loses at most one second of it."""
        if self._draft_timer is not None:
            self._draft_timer.cancel()
            self._draft_timer = None
        draft = self.typing_line.draft
        resume.keep_draft(self.context, self._draft_place, draft.text, draft.caret)
        self.note_place(still_there=True)

    def note_place(self, *, still_there: bool) -> None:
        """Note where one is, so that a cut connection comes back to it."""
        resume.remember(
            self.context,
            self.document_id,
            self.editor.document.ref,
            self._tab,
            self.pane.place(),
            still_there=still_there,
        )

    # commands ----------------------------------------------------------------------------------

    async def action_undo(self) -> None:
        if not (label := await self.undo_or_take_back()):
            return
        await self.refresh_document()
        self.reading.done(f"Annulé : {label} · Ctrl+Y rétablit")

    async def action_redo(self) -> None:
        label = self.editor.redo()
        await self.refresh_document()
        self.reading.done(f"Rétabli : {label}")

    async def action_new(self) -> None:
        from .new_document import NewDocument

        await self.app.push_screen(NewDocument(self.editor.kind.kind))

    async def show_problem(self, field: str) -> None:
        """Go where a problem is: into its field, on the line of its number."""
        if field.startswith("lines"):
            parts = field.split(".")
            if len(parts) > 1:
                self.line_wanted = self.editor.document.lines[int(parts[1]) - 1].uid
            target = "lines"
        else:
            target = next(
                (
                    tab.name
                    for tab in self.tabs
                    for page in tab.pages
                    if field in (*page.left, *page.right)
                ),
                self._tab,
            )
        if target != self._tab:
            await self.go_tab(target)
        await self.pane.show_field(field)

    async def run(self, offered: Offer) -> None:
        """Commands of the pane in view are its own `action_NAME`."""
        if not await self.pane.settle(offered.command.name):
            return
        own = getattr(self.pane, f"action_{offered.command.name}", None)
        if own is None or offered.reason:
            await super().run(offered)
            return
        outcome = own()
        if isawaitable(outcome):
            await outcome

    def refused(self, error: CodialError) -> None:
        super().refused(error)
        if isinstance(error, LockLost):
            self.show_title()

    # leaving -----------------------------------------------------------------------------------

    async def back(self) -> None:
        if await self.pane.back():
            return
        self.leave()
        await super().back()

    def leave(self, *, cut: bool = False) -> None:
        """Note where one is and give the lock back; the half-typed line is kept. cut: it is the
        connection that goes, so that the next session comes back here."""
        self.keep_draft()
        self.note_place(still_there=cut)
        self.editor.close()
