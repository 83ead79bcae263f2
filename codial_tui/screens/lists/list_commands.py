"""What one can do with the rows of a list: open, create, print, sort, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.commands import EDIT, LOOK, NEW, PRINT, TOOLS, TRANSFER
from codial_tui.domain.kinds import outbound
from codial_tui.domain.spec import Column, DocType, RecordType
from codial_tui.domain.text import display
from codial_tui.errors import CodialError
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.cells import grouped
from codial_tui.screens.long_work import Cancelled, LongWork, Progress
from codial_tui.screens.opening import create, open_document, open_record
from codial_tui.screens.wording import this_one
from codial_tui.services.documents import documents, peeks
from codial_tui.services.documents.editing import Editor
from codial_tui.services.lists import list_saved, lists
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key
from codial_tui.widgets.rows import Text, TextRows

from .list_rows import NEWEST_FIRST, ListState, number, sort_letters

if TYPE_CHECKING:
    from codial_tui.screens.chain.transfer_carry import Outcome as Moved
    from codial_tui.screens.document.print_batch import Outcome
    from codial_tui.services.chain.transfers import Done
    from codial_tui.services.lists.lists import DocumentList, Listing
    from codial_tui.services.lists.record_lists import RecordList


class ListCommands(BaseScreen[None]):
    """The commands of a list; `ListScreen` shows the rows they act on."""

    what: str
    record: RecordType | None
    kind: DocType | None
    table: RecordTable
    peek: TextRows
    state: ListState
    listing: Listing
    columns: tuple[Column, ...]
    work: LongWork

    @property
    def spec(self) -> DocType | RecordType:
        """The declaration the list derives from."""
        raise NotImplementedError

    def show_list(self, key: Key | None = None) -> None:
        """Ask for the rows again."""

    def show_legend(self) -> None:
        """What the signs mean, or what is marked."""

    def new_listing(self) -> DocumentList | RecordList:
        """The list in hand, to be read anew."""
        raise NotImplementedError

    def marked_listing(self) -> DocumentList | RecordList:
        """What is marked, in the order of the list."""
        raise NotImplementedError

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        if self.record:
            return [Offer(EDIT), Offer(NEW), Offer(TOOLS), Offer(LOOK)]
        return [
            Offer(EDIT),
            Offer(PRINT),
            Offer(NEW),
            Offer(TRANSFER, self._no_transfer),
            Offer(TOOLS),
            Offer(LOOK),
        ]

    @property
    def _no_transfer(self) -> str:
        assert self.kind is not None
        becomes = outbound(self.kind.kind, self.context.editions)
        return "" if becomes else f"{self.kind.title} : fin de la chaîne"

    async def open(self, row_id: int) -> None:
        if self.record:
            await open_record(self, self.what, row_id, self.listing)
        else:
            await open_document(self, row_id, self.listing)

    def _current_id(self) -> int | None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return None
        return int(str(row.key))

    async def action_edit(self) -> None:
        row_id = self._current_id()
        if row_id is not None:
            await self.open(row_id)

    async def action_look(self) -> None:
        """F9: more about the row while the caret stays; again, or with nothing more: its record."""
        row_id = self._current_id()
        if row_id is None:
            return
        rows = [] if self.peek.display else peeks.of(self.context, self.what, row_id)
        if rows:
            self.peek.show(Text("F9 encore ouvre · Échap ferme", rule=True), *rows)
        else:
            await self.open(row_id)
        self.peek.display = bool(rows)

    async def action_new(self) -> None:
        await create(self, self.what)

    async def action_print(self) -> None:
        if self.table.marks and self.kind:
            from codial_tui.screens.document.print_batch import PrintBatchScreen

            ids = [int(str(key)) for key in self.table.marks]
            await self.app.push_screen(PrintBatchScreen(self.kind, ids), self._batch_printed)
            return
        row_id = self._current_id()
        if row_id is None:
            return
        from codial_tui.screens.document.preview import PreviewScreen

        editor = Editor(self.context, row_id)
        await self.app.push_screen(PreviewScreen(editor), lambda said: self._printed(editor, said))

    async def action_transfer(self) -> None:
        """F6: the marked documents into one, else the current one."""
        assert self.kind is not None
        if self.table.marks:
            from codial_tui.screens.chain.gathering import ask_target

            ids = tuple(sorted(int(str(key)) for key in self.table.marks))
            ask_target(self, self.kind, ids, self._gathered)
            return
        row_id = self._current_id()
        if row_id is not None:
            from codial_tui.screens.chain.transfer_choice import TransferScreen

            lists.still_there(self.context, "", row_id)
            await self.app.push_screen(
                TransferScreen(row_id), lambda outcome: self._transferred(row_id, outcome)
            )

    async def _gathered(self, done: Done) -> None:
        """What went is no longer marked; the document it is in comes up."""
        self.table.unmark()
        count = len(done.sources)
        what = f"{count} documents" if count > 1 else done.sources[0]
        said = f"{done.ref} depuis {what}" if done.created else f"{what} dans {done.ref}"
        await open_document(self, done.target_id, said=f"{said} · Ctrl+R annule")

    async def _transferred(self, source_id: int, outcome: Moved | None) -> None:
        from codial_tui.screens.chain.transfer_carry import DEPOSIT

        if outcome is DEPOSIT:
            from codial_tui.screens.invoicing.deposit import DepositScreen

            await self.app.push_screen(DepositScreen(source_id), self._deposited)
        elif outcome is not None:
            from codial_tui.screens.document.document import DocumentScreen

            screen = DocumentScreen(outcome.target_id, said=outcome.said, explained=outcome.reasons)
            await self.app.push_screen(screen)

    def _deposited(self, invoice_id: int | None) -> None:
        from codial_tui.screens.invoicing.deposit import issued

        if invoice_id is not None:
            self.call_after_refresh(self.reading.done, issued(self.context, invoice_id))

    def _batch_printed(self, outcome: Outcome | None) -> None:
        """What was printed is no longer marked."""
        if outcome is not None:
            self.table.marks -= outcome.printed
            self.show_list(key=self.state.key)
            self.call_after_refresh(self.reading.done, outcome.said)  # once the rows are back

    def _printed(self, editor: Editor, said: str | None) -> None:
        editor.close()
        if said:
            self.call_after_refresh(self.reading.done, said)  # once the rows are back

    def action_tools(self) -> None:
        marked = bool(self.table.marks)
        tools = {
            "T": "tri",
            **({"F": "filtrer"} if self.kind else {}),
            "S": "garder",
            "L": "gardés",
            "X": "exporter",
            **({"A": "aucune marque"} if marked else {}),
        }
        shown = "  ".join(f"{letter} {says}" for letter, says in tools.items())
        self.reading.ask(f"Outils : {shown}", self._tool, letters="".join(tools))

    async def _tool(self, letter: str) -> None:
        if letter == "A":
            self.table.unmark()
            self.show_legend()
        elif letter == "T":
            self._ask_sort()
        elif letter == "F" and self.kind:
            from .list_filter import ListFilterForm

            await self.app.push_screen(ListFilterForm(self.kind, self.state), self._filtered)
        elif letter == "S":
            self.ask_text("Garder ce filtre sous", self._keep)
        elif letter == "L":
            from .list_saved import SavedFilters

            screen = SavedFilters(self.context, self.what, self.spec.plural, self.kind)
            await self.app.push_screen(screen, self._recalled)
        elif letter == "X":
            self._ask_export()

    # filters -----------------------------------------------------------------------------------

    def _filtered(self, state: ListState | None) -> None:
        if state is not None:
            self.typing_line.put(state.text)
            self.show_list(key=None)

    def _keep(self, name: str) -> None:
        kept = list_saved.keep(self.context, self.what, name, self.state.kept())
        self.end_asking()
        self.reading.done(f"Filtre gardé : « {kept} » · F7 L le retrouve")

    def _recalled(self, name: str | None) -> None:
        kept = list_saved.saved(self.context, self.what).get(name or "")
        if kept is not None:
            self.state.recall(kept, self.kind, self.new_listing().sorts)
            self.typing_line.put(self.state.text)
            self.show_list(key=None)

    # export ------------------------------------------------------------------------------------

    def _ask_export(self) -> None:
        self.work.idle()
        count = self.listing.count()
        if self.table.marks:
            what = f"{len(self.table.marks)} marqués"
        else:
            what = f"{number(count)} lignes" if count.exact else "toute la liste"
        endings = {"X": "xlsx", "C": "csv"}
        self.reading.ask(
            f"Exporter {what} : X classeur XLSX  C texte CSV",
            lambda letter: self._export(endings.get(letter, "")),
            letters="XC",
        )

    def _export(self, ending: str) -> None:
        """Beside the keys, into the user's export folder."""
        if not ending:
            return
        from codial_tui.services.lists import list_export

        listing = self.marked_listing() if self.table.marks else self.new_listing()

        def doing(progress: Progress, cancelled: Cancelled) -> list_export.Written | None:
            return list_export.export(self.context, listing, ending, progress, cancelled)

        def then(written: list_export.Written | None) -> None:
            if written is None:
                self.reading.done("Export interrompu, rien n'est écrit")
            else:
                name, where = written.path.name, written.path.parent
                lines = f"{grouped(written.rows)} ligne{'s' if written.rows > 1 else ''}"
                self.reading.done(f"{name} · {lines} · {display(str(where))}")

        self.work.start("Export", doing, then)

    # order -------------------------------------------------------------------------------------

    def _ask_sort(self) -> None:
        by = sort_letters(self.columns, self.listing.sorts)
        labels = {one.name: one.label.lower() for one in self.columns}
        shown = "  ".join(f"{letter} {labels[name]}" for letter, name in by.items())
        self.reading.ask(
            f"Trier par : {shown}", lambda one: self._sort(by.get(one, "")), letters="".join(by)
        )

    def _sort(self, name: str) -> None:
        """By a column; by the same once more turns the order round."""
        state = self.state
        if not name:
            return
        state.descending = not state.descending if name == state.sort else name in NEWEST_FIRST
        state.sort = name
        self.show_list(key=None)

    # deleting ----------------------------------------------------------------------------------

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        if self.record:
            retires = any(one.name == "active" for one in self.record.fields)
            remedy = "Entrée, Actif : non" if retires else "Entrée, Bloqué : oui"
            self.reading.refuse(f"{self.spec.title} : ne se supprime pas · {remedy}")
            return
        from codial_tui.screens.buying import too_many

        ids = [int(str(key)) for key in notice.keys]
        one = this_one(self.spec.gender, self.spec.title)
        what = f"{len(ids)} documents" if len(ids) > 1 else one
        self.reading.ask(
            f"{too_many.of_documents(self.context, ids)}Supprimer {what} définitivement ?",
            lambda letter: self._delete(ids, letter),
            final=True,
        )

    def _delete(self, ids: list[int], letter: str) -> None:
        if letter != "O":
            return
        done, refusals = 0, []
        for one in ids:
            try:
                documents.delete(self.context, one)
                done += 1
                self.table.marks.discard(one)
            except CodialError as error:
                refusals.append(error.text)
        self.show_list(key=self.state.key)
        if refusals:
            before = f"{done} supprimés, {len(refusals)} refusés : " if len(ids) > 1 else ""
            self.reading.refuse(before + refusals[0])
        else:
            self.reading.done("Supprimé" if done == 1 else f"{done} documents supprimés")
