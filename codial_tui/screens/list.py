"""The one list screen: every kind of document and every record, from its declaration (ux.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import Container

from codial_tui.commands import EDIT, LOOK, NEW, PRINT, TOOLS, TRANSFER
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.records import RECORD_TYPES
from codial_tui.domain.spec import DocType, RecordType
from codial_tui.domain.typing_lines import parse_filter
from codial_tui.errors import CodialError
from codial_tui.services import documents, lists, row_context
from codial_tui.services.editing import Editor
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key
from codial_tui.widgets.rows import Rows, TextRows

from .base import BaseScreen
from .list_rows import (
    EVERY,
    MARK,
    NEWEST_FIRST,
    ListRows,
    ListState,
    empty_sentence,
    number,
    sort_letters,
    state_tabs,
)
from .opening import create, open_document, open_record
from .slow_list import SlowReading
from .wording import this_one

if TYPE_CHECKING:
    from codial_tui.services.lists import Count, Listing

USES_ROWS = frozenset({"enter", "down", "up", "pagedown", "pageup", "delete", "space"})
NOT_YET = "arrive avec la chaîne de vente"
ALL = ""


class ListScreen(BaseScreen[None]):
    """Typing filters, ↓ or Enter goes to the rows, Enter opens.

    name: a document kind or a record. mark: only the documents that bear it (À FAIRE).
    """

    def __init__(self, name: str, *, mark: str = "") -> None:
        super().__init__()
        self.what = name
        self.record: RecordType | None = RECORD_TYPES.get(name)
        self.kind: DocType | None = None if self.record else doc_type(name)
        self._wanted_mark = mark
        self.table = RecordTable(signs=True)
        self.legend = TextRows("", "")
        self._slow: SlowReading | None = None

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"la liste : {self._plural}"

    @property
    def _spec(self) -> DocType | RecordType:
        spec = self.record or self.kind
        assert spec is not None
        return spec

    @property
    def _plural(self) -> str:
        return self._spec.plural

    def compose_body(self) -> Iterable[Rows | Container]:
        return (self.table, self.legend)

    def on_mount(self) -> None:
        may = self.context.user.may
        self.columns = tuple(one for one in self._spec.list_columns if may(one.right))
        self.state = self._remembered()
        self.typing_line.put(self.state.text)
        self.direct(self.typing_line, self.table)
        self.show_commands()
        self.show_list(key=self.state.key)

    def on_unmount(self) -> None:
        if self._slow is not None:
            self._slow.close()

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.table.columns:
            self.show_list(key=self.state.key)

    def _remembered(self) -> ListState:
        kept: dict[str, ListState] = self.context.cache.setdefault("lists", {})
        name = f"{self.what} {self._wanted_mark}"
        if name not in kept:
            first = self.kind.initial if self.kind and not self._wanted_mark else ALL
            sort = "date" if self.kind else self._spec.list_columns[0].name
            kept[name] = ListState(first, self._wanted_mark, "", sort, self.kind is not None)
        return kept[name]

    # what it shows -----------------------------------------------------------------------------

    def show_list(self, key: Key | None = None) -> None:
        """The rows of the filter, state and sort in hand; the cursor on a key if it is there.
        More documents than are counted are read beside the keys, unless an index has them."""
        self.counts = self._counts()
        listing = self._listing()
        indexed = not self.state.text.strip() and self.state.sort in ("date", "party_name")
        if not isinstance(listing, lists.DocumentList) or self.counts[ALL].exact or indexed:
            self._show(listing, key)
            return
        self._slow = self._slow or SlowReading(self.context)
        self._slow.want(listing, lambda found: self._show(found, key))
        self.reading.say("Recherche…")

    def _show(self, listing: Listing, key: Key | None) -> None:
        state = self.state
        self.listing = listing
        self.reading.say("")
        self.table.empty = empty_sentence(self._spec, state)
        self.table.show(ListRows(self.listing, self.columns), columns=self.columns, key=key)
        self._show_title()
        if self.kind is None:
            self.tab_bar.say("")
        else:
            self.tab_bar.show(*state_tabs(self.kind, self.counts, state, self._wanted_mark))
        way = "▼" if state.descending else "▲"
        self.typing_line.label(hint=f"tri : {self._sort_label()} {way}")
        self._show_legend()
        self._show_context()

    def _listing(self) -> Listing:
        state, context = self.state, self.context
        if self.record:
            return lists.RecordList(
                context, self.what, state.text, state.sort, descending=state.descending
            )
        query = lists.Query(
            self.what,
            state.state,
            state.mark,
            parse_filter(state.text),
            state.sort,
            state.descending,
        )
        return lists.DocumentList(context, query)

    def _counts(self) -> dict[str, Count]:
        if self.record:
            return {ALL: lists.capped(self.context, f"FROM {self.record.table}")}
        return lists.state_counts(self.context, self.what)

    def _show_title(self) -> None:
        shown = self.listing.count()
        total = None if self.state.mark else self.counts[self.state.state]
        count = number(shown)
        if total is not None and total.rows != shown.rows:
            count += f" sur {number(total)}"
        if self.kind and shown.exact:
            count += f" · HT {format_cents(shown.net_total)} €"
        self.title_bar.show(self._plural, count)

    def _sort_label(self) -> str:
        """Its column's; documents are in order of date even where no column shows it."""
        labels = (one.label for one in self.columns if one.name == self.state.sort)
        return next(labels, self.state.sort).lower()

    def _show_legend(self) -> None:
        marks = self.table.marks
        if marks:
            ids = {int(str(key)) for key in marks}
            text = f"■ {len(ids)} marqué{'s' if len(ids) > 1 else ''}"
            if self.kind:
                text += f", HT {format_cents(self.listing.net_of(ids))}"
        elif self.kind:
            text = "   ".join(f"{one.sign} {one.label.lower()}" for one in self.kind.marks)
        else:
            text = ""
        self.legend.show(text, "")

    def _show_context(self) -> None:
        row = self.table.current
        self.state.key = None if row is None else row.key
        said = row_context.of(self.context, self.what, int(str(row.key))) if row else ""
        self.reading.context(said)

    # keys --------------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        if self._slow is not None and press.key in USES_ROWS:
            await self._slow.wait()  # never uses an older list
        free = self._asked is None and self.reading.question is None
        if free and press.key in ("down", "up", "pagedown", "pageup") and self.table.count:
            self.enter_rows()
        elif free and press.key in ("left", "right") and self.kind and not self._editing_filter:
            self.reading.forget()
            await self.go(press.key)
            return True
        return await super().press(press)

    @property
    def _editing_filter(self) -> bool:
        """Whether ← and → belong to the text on row 22."""
        return self.route[0] is self.typing_line and bool(self.typing_line.text)

    def enter_rows(self) -> None:
        """The keys go to the rows first: Space marks, Suppr deletes, Enter opens."""
        self.direct(self.table, self.typing_line)

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    async def typed(self, text: str) -> None:
        if text.startswith(":"):
            self.typing_line.put(self.state.text)
            await self.action_menu()
            return
        self.state.text = text
        self.show_list(key=None)

    async def accepted(self, text: str) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
        elif text.strip() and self.table.count > 1:
            self.enter_rows()
        else:
            await self.open(int(str(row.key)))

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._show_context()

    def on_record_table_marked(self, notice: RecordTable.Marked) -> None:
        self._show_legend()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.open(int(str(notice.row.key)))

    async def go_tab(self, name: str) -> None:
        """Another state; what is marked stays marked."""
        self.state.mark = self._wanted_mark if name == MARK else ""
        self.state.state = "" if name in (MARK, EVERY) else name
        self.show_list(key=self.state.key)

    async def back(self) -> None:
        if self.route[0] is self.table:
            self.resume_route()
        else:
            self.dismiss()

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        if self.record:
            return [Offer(EDIT), Offer(NEW), Offer(TOOLS), Offer(LOOK)]
        return [
            Offer(EDIT),
            Offer(PRINT),
            Offer(NEW),
            Offer(TRANSFER, NOT_YET),
            Offer(TOOLS),
            Offer(LOOK),
        ]

    async def open(self, row_id: int) -> None:
        if self.record:
            await open_record(self, self.what, row_id, self.listing)
        else:
            await open_document(self, row_id)

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

    action_look = action_edit

    async def action_new(self) -> None:
        await create(self, self.what)

    async def action_print(self) -> None:
        if self.table.marks:
            self.reading.refuse(
                "imprimer plusieurs documents arrive avec la chaîne de vente · Échap"
            )
            return
        row_id = self._current_id()
        if row_id is None:
            return
        from .preview import PreviewScreen

        editor = Editor(self.context, row_id)
        await self.app.push_screen(PreviewScreen(editor), lambda said: self._printed(editor, said))

    def _printed(self, editor: Editor, said: str | None) -> None:
        editor.close()
        if said:
            self.reading.say(said)

    def action_tools(self) -> None:
        tools = "T tri" + ("  A aucune marque" if self.table.marks else "")
        letters = "TA" if self.table.marks else "T"
        self.reading.ask(f"Outils : {tools}", self._tool, letters=letters)

    def _tool(self, letter: str) -> None:
        if letter == "A":
            self.table.unmark()
            self._show_legend()
        elif letter == "T":
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
            self.reading.refuse(
                f"{self._spec.title} : une fiche ne se supprime pas ici · F2, Bloqué"
            )
            return
        ids = [int(str(key)) for key in notice.keys]
        one = this_one(self._spec.gender, self._spec.title)
        what = f"{len(ids)} documents" if len(ids) > 1 else one
        self.reading.ask(
            f"Supprimer {what} définitivement ?",
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
            self.reading.say("Supprimé" if done == 1 else f"{done} documents supprimés")

    def help_text(self) -> list[str]:
        found = (
            "Tapez des mots : la liste se réduit, dans n'importe quel ordre, sans accents."
            if self.record
            else "Tapez des mots (numéro, tiers, objet), >1000, <500 ou 11/26 : la liste se réduit."
        )
        return [
            found,
            "↓ ou Entrée va dans les lignes, Entrée ouvre, Espace marque, F7 T trie.",
            "Échap revient à la ligne, puis d'où l'on vient ; la liste se retrouve telle quelle.",
        ]
