"""The one list screen: every kind of document and every record, from its declaration (ux.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.containers import Container

from codial_tui.domain.entry.typing_lines import parse_filter
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.records.records import find_record
from codial_tui.domain.spec import DocType, RecordType
from codial_tui.screens.long_work import LongWork
from codial_tui.services.lists import lists, row_context
from codial_tui.services.lists.record_lists import RecordList
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key
from codial_tui.widgets.rows import Rows, TextRows

from .list_commands import ListCommands
from .list_filter import chosen_words
from .list_rows import (
    EVERY,
    MARK,
    ListRows,
    ListState,
    empty_sentence,
    number,
    state_tabs,
    tab_letters,
)
from .slow_list import SlowReading

if TYPE_CHECKING:
    from codial_tui.services.lists.lists import Count, Listing

USES_ROWS = frozenset({"enter", "down", "up", "pagedown", "pageup", "delete", "space"})
ALL = ""


class ListScreen(ListCommands):
    """Typing filters, ↓ or Enter goes to the rows, Enter opens.

    name: a document kind or a record. mark: only the documents that bear it (À FAIRE). kept: the
    name of the filter it opens with.
    """

    def __init__(self, name: str, *, mark: str = "", kept: str = "") -> None:
        super().__init__()
        self.what = name
        self.record = find_record(name)
        self.kind = None if self.record else doc_type(name)
        self._wanted_mark, self._wanted_filter = mark, kept
        self.table = RecordTable(signs=True)
        self.peek = TextRows()
        self.peek.display = False
        self.legend = TextRows("", "")
        self._slow: SlowReading | None = None
        self.work = LongWork(self)

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"la liste : {self._plural}"

    @property
    def spec(self) -> DocType | RecordType:
        spec = self.record or self.kind
        assert spec is not None
        return spec

    @property
    def _plural(self) -> str:
        return self.spec.plural

    def compose_body(self) -> Iterable[Rows | Container]:
        return (self.table, self.peek, self.legend)

    def on_mount(self) -> None:
        may = self.context.user.may
        self.columns = tuple(one for one in self.spec.list_columns if may(one.right))
        self.state = self._remembered()
        self.typing_line.put(self.state.text)
        self.direct(self.typing_line, self.table)
        self.show_commands()
        if self._wanted_filter:
            self._recalled(self._wanted_filter)
        else:
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
            sort = "date" if self.kind else self.spec.list_columns[0].name
            kept[name] = ListState(first, self._wanted_mark, "", sort, self.kind is not None)
        return kept[name]

    # what it shows -----------------------------------------------------------------------------

    def show_list(self, key: Key | None = None, *, recount: bool = True) -> None:
        """The rows of the filter, state and sort in hand; the cursor on a key if it is there.
        More documents than are counted are read beside the keys, unless an index has them."""
        if recount:
            self.counts = self._counts()
        listing = self.new_listing()
        indexed = not self.state.narrowed and self.state.sort in ("date", "party_name")
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
        self.table.empty = empty_sentence(self.spec, state)
        self.table.show(ListRows(self.listing, self.columns), columns=self.columns, key=key)
        self._show_title()
        if self.kind is None:
            self.tab_bar.say("")
        else:
            self.tab_bar.show(*state_tabs(self.kind, self.counts, state, self._wanted_mark))
        self.show_filter()
        self.show_legend()
        self._show_context()

    def new_listing(self) -> lists.DocumentList | RecordList:
        state, context = self.state, self.context
        if self.record:
            return RecordList(context, self.what, state.text, state.sort, state.descending)
        who: dict[str, Any] = dict(state.chosen)
        wanted = parse_filter(state.text)._replace(**who)
        query = lists.Query(
            self.what, state.state, state.mark, wanted, state.sort, state.descending
        )
        return lists.DocumentList(context, query)

    def marked_listing(self) -> lists.DocumentList | RecordList:
        ids, state = tuple(int(str(key)) for key in self.table.marks), self.state
        if self.record:
            return RecordList(self.context, self.what, "", state.sort, state.descending, ids)
        query = lists.Query(self.what, sort=state.sort, descending=state.descending, ids=ids)
        return lists.DocumentList(self.context, query)

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

    def show_filter(self) -> None:
        """Row 22, right: who and where the list is narrowed to, and its order."""
        state = self.state
        way = "▼" if state.descending else "▲"
        who = chosen_words(self.context, self.kind, state) if self.kind else []
        self.typing_line.label(hint=" · ".join([*who, f"tri : {self._sort_label()} {way}"]))

    def _sort_label(self) -> str:
        """Its column's; documents are in order of date even where no column shows it."""
        labels = (one.label for one in self.columns if one.name == self.state.sort)
        return next(labels, self.state.sort).lower()

    def show_legend(self) -> None:
        marks = self.table.marks
        if marks:
            ids = {int(str(key)) for key in marks}
            text = f"■ {len(ids)} marqué{'s' if len(ids) > 1 else ''}"
            if self.kind:
                net, gross = lists.sums(self.context, ids)
                text += f", HT {format_cents(net)}, TTC {format_cents(gross)}"
        elif self.kind:
            signs = (one for one in self.kind.marks if one.sign)
            text = "   ".join(f"{one.sign} {one.label.lower()}" for one in signs)
        else:
            text = ""
        self.legend.show(text, "")

    def _show_context(self) -> None:
        self.peek.display = False
        row = self.table.current
        self.state.key = None if row is None else row.key
        said = row_context.of(self.context, self.what, int(str(row.key))) if row else ""
        self.reading.context(said)

    # keys --------------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        if self._slow is not None and press.key in USES_ROWS:
            await self._slow.wait()  # never uses an older list
        free = self._asked is None and self.reading.question is None
        if free and press.key == "ctrl+u" and self.state.chosen:
            self.state.chosen = {}  # it empties row 22 too
            self.typing_line.clear()
            self.reading.forget()
            await self.typed("")
            return True
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
        self.show_list(key=None, recount=False)

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
        self.show_legend()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.open(int(str(notice.row.key)))

    async def go_tab(self, name: str) -> None:
        """Another state or mark; what is marked by Space stays marked."""
        is_mark = name.startswith(MARK)
        self.state.mark = name.removeprefix(MARK) if is_mark else ""
        self.state.state = "" if is_mark or name == EVERY else name
        self.show_list(key=self.state.key)

    async def go(self, where: str) -> None:
        """Ctrl+G takes the letters of all marks, shown on row 2 or not."""
        letters = tab_letters(self.kind) if self.kind else {}
        hidden = [name for name, one in letters.items() if one == where.upper()]
        if hidden:
            await self.go_tab(hidden[0])
        else:
            await super().go(where)

    async def back(self) -> None:
        if self.work.escape("Interrompre l'export ? O/N"):
            return
        if self.peek.display:
            self.peek.display = False
        elif self.route[0] is self.table:
            self.resume_route()
        else:
            self.dismiss()

    def help_text(self) -> list[str]:
        found = (
            "Tapez des mots : la liste se réduit, dans n'importe quel ordre, sans accents."
            if self.record
            else "Tapez des mots (numéro, tiers, objet), >1000, <500, 11/26 : la liste se réduit."
        )
        return [
            found,
            "↓ ou Entrée va dans les lignes, Entrée ouvre, Espace marque, F7 T trie.",
            *self._help_with_filters(),
            "Échap revient à la ligne, puis d'où l'on vient ; la liste se retrouve telle quelle.",
        ]

    def _help_with_filters(self) -> list[str]:
        if self.kind is None:
            return []
        letters = tab_letters(self.kind)
        marks = [
            f"{letters[MARK + one.name]} {one.label.lower()}"
            for one in self.kind.marks
            if letters[MARK + one.name]
        ]
        more = [f"Ctrl+G et une lettre : {', '.join(marks)}."] if marks else []
        return ["F7 F filtre (client, commercial, agence…), Ctrl+U efface les filtres.", *more]
