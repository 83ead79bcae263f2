"""A record: its fields written as they are left, and what it has several of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from codial_tui.commands import EDIT, LOOK, NEW, PICK
from codial_tui.domain.records.record_parts import PARTS, page_of
from codial_tui.domain.records.records import record_type
from codial_tui.domain.spec import NUMERIC, Field, RecordType
from codial_tui.errors import Refused
from codial_tui.screens.cells import row_cells
from codial_tui.screens.form_screen import FormScreen
from codial_tui.screens.wording import no_one, this_one
from codial_tui.services.records import record_parts, records
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .quick_create import QuickCreate
from .record_tools import TOOLS

if TYPE_CHECKING:
    from codial_tui.services.lists.lists import Listing


def put_or_empty(put: Callable[[Any], None], field: Field, value: Any) -> None:
    """Write a value; an emptied one is 0 or "" where its column needs a value."""
    try:
        put(value)
    except Refused as refused:
        if value is not None or not refused.problems[0].code.startswith("constraint."):
            raise
        put(0 if field.type in NUMERIC else "")


class RecordScreen(FormScreen[None]):
    """One record. among: the list it was opened from, for Ctrl+G ↑ ↓."""

    def __init__(self, name: str, record_id: int, among: Listing | None = None) -> None:
        self.record = record_type(name)
        super().__init__(self.record.tabs[0].pages[0], self.record.fields)
        self.record_id = record_id
        self.among = among
        self.parts = PARTS.get(name, ())
        self.part: RecordType | None = None
        self.tab = self.record.tabs[0]
        """of its own fields, the one shown last"""
        self.values: dict[str, Any] = {}
        self.table = RecordTable()
        self.table.markable = False

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"la fiche {self.values.get(self.record.key, '')}"

    def compose_body(self) -> Iterable[Widget]:
        self.values = records.load(self.context, self.record.name, self.record_id)
        self.table.display = False
        return (*super().compose_body(), self.table)

    async def on_mount(self) -> None:
        await self.go_tab(self.record.tabs[0].name)

    # what it shows -----------------------------------------------------------------------------

    def _show_title(self) -> None:
        key, label = self.values[self.record.key], self.values[self.record.label]
        used = self.values.get("active", 1) and not self.values.get("blocked")
        remark = records.remark(self.context, self.record.name, self.values)
        told = remark if used else "bloqué"
        words = " · ".join(str(one) for one in dict.fromkeys((key, label)) if one not in ("", None))
        self.title_bar.show(f"{self.record.title} {words}", told)

    def _show_tabs(self) -> None:
        items = [TabItem(one.name, one.label, one.letter) for one in self.record.tabs]
        for part in self.parts:
            count = len(record_parts.listed(self.context, part.name, self.record_id))
            tab = part.tabs[0]
            items.append(TabItem(tab.name, f"{tab.label} {count}", tab.letter))
        self.tab_bar.show(items, self._shown_tab)

    @property
    def _shown_tab(self) -> str:
        return self.part.tabs[0].name if self.part else self.tab.name

    async def go_tab(self, name: str) -> None:
        if self.part is None and not await self.form.leave():
            return
        self.part = next((one for one in self.parts if one.tabs[0].name == name), None)
        self.picker.close()
        self.form.display = self.part is None
        self.table.display = self.part is not None
        if self.part is not None:
            self._show_part()
        elif name != self.tab.name:
            self.tab = next(one for one in self.record.tabs if one.name == name)
            self.form.turn(self.seen(self.tab.pages[0]))
        self._show_title()
        self._show_tabs()
        self.show_commands()
        self.resume_route()

    def _show_part(self, key: int | None = None) -> None:
        part = self.part
        assert part is not None
        found = record_parts.listed(self.context, part.name, self.record_id)
        none, one = no_one(part.gender)
        self.table.empty = f"{none} {part.title.lower()}. F5 en crée {one}."
        may = self.context.user.may
        columns = tuple(one for one in part.list_columns if may(one.right))
        rows = [Row(row["id"], row_cells(columns, row)) for row in found]
        self.table.show(ListSource(rows), columns=columns, key=key)

    def resume_route(self) -> None:
        if self.part is None:
            super().resume_route()
            return
        self.typing_line.label(hint="")
        self.typing_line.show(f"{self.part.plural} · Entrée ouvre, F5 crée, Suppr retire")
        self.reading.say("")
        self.direct(self.table)

    async def go_record(self, step: int) -> None:
        """The previous or next record of the list."""
        at = self.among.index_of(self.record_id) if self.among else None
        if self.among is None or at is None:
            self.reading.refuse("Ouvrez la fiche depuis sa liste pour passer à la voisine")
            return
        found = self.among.rows(at + step, at + step + 1) if at + step >= 0 else []
        if not found:
            self.reading.refuse(
                "C'est la dernière de la liste" if step > 0 else "C'est la première"
            )
        elif self.part is not None or await self.form.leave():
            self.record_id = found[0]["id"]
            self.values = records.load(self.context, self.record.name, self.record_id)
            self.form.reload()
            await self.go_tab(self._shown_tab)

    # values ------------------------------------------------------------------------------------

    def value_of(self, name: str) -> Any:
        return self.values[name]

    async def put(self, field: Field, value: Any) -> None:
        """Write a field through."""
        context, name, record_id = self.context, self.record.name, self.record_id
        seen = self.values[field.name]

        def write(one: Any) -> None:
            records.put(context, name, record_id, field, one, seen)

        try:
            put_or_empty(write, field, value)
        except Refused as error:
            if error.problems[0].code == records.CHANGED:  # as it stands, to be read
                self.values = records.load(context, name, record_id)
                self.form.reload()
            raise
        self.values = records.load(context, name, record_id)
        self._show_title()
        if told := records.noted(context, name, self.values, field):
            self.reading.say(f"! {told}")

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        """The last field leads to the next tab of fields."""
        following = self.record.tabs[self.record.tabs.index(self.tab) + 1 :]
        if following:
            await self.go_tab(following[0].name)
        else:
            self.reading.say("Tout est enregistré · Échap revient")

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        if self.part is not None:
            return [Offer(EDIT), Offer(NEW), Offer(LOOK)]
        offers = [Offer(PICK), Offer(NEW)] if self._makes_more else [Offer(PICK)]
        tool = TOOLS.get(self.record.tool)
        return [*offers, Offer(tool.command)] if tool else offers

    @property
    def _makes_more(self) -> bool:
        """Whether F5 makes another one: not of what there is one of, nor of a part."""
        return bool(self.record.quick) and not self.record.owner

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self._open_part(int(str(notice.row.key)))

    async def action_edit(self) -> None:
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
        else:
            await self._open_part(int(str(row.key)))

    action_look = action_edit

    async def _open_part(self, row_id: int) -> None:
        assert self.part is not None
        part = self.part
        has_parts = part.name in PARTS
        screen = RecordScreen(part.name, row_id) if has_parts else PartScreen(part, row_id)
        await self.app.push_screen(screen, lambda _: self._part_changed(row_id))

    def _part_changed(self, row_id: int | None) -> None:
        if self.part is not None and row_id is not None:
            self._show_part(row_id)
            self._show_tabs()
            if told := record_parts.warning(self.context, self.part.name, row_id):
                self.reading.warn(told)

    async def action_tool(self) -> None:
        """What F7 of this record opens."""
        if await self.form.leave():
            screen = TOOLS[self.record.tool].screen(self.record_id, self.values)
            await self.app.push_screen(screen, self._tool_seen)

    async def _tool_seen(self, made: int | None) -> None:
        self.values = records.load(self.context, self.record.name, self.record_id)
        self.form.reload()
        makes = TOOLS[self.record.tool].makes
        if makes and made is not None:
            from codial_tui.screens.opening import open_record

            await self.guarded(lambda: open_record(self, makes, made))

    async def action_new(self) -> None:
        if self.part is not None:
            await self.app.push_screen(PartCreate(self.part, self.record_id), self._part_changed)
            return
        if not self._makes_more:
            self.reading.refuse("Il n'y en a pas d'autre à créer ici · Échap revient")
            return
        from codial_tui.screens.opening import create

        await create(self, self.record.name)

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        part, row_id = self.part, int(str(notice.keys[0]))
        assert part is not None
        self.reading.ask(
            f"Retirer {this_one(part.gender, part.title)} ?",
            lambda letter: self._remove(part, row_id, letter),
        )

    def _remove(self, part: RecordType, row_id: int, letter: str) -> None:
        if letter == "O":
            record_parts.remove(self.context, part.name, row_id)
            self.values = records.load(self.context, self.record.name, self.record_id)
            self._part_changed(row_id)

    async def back(self) -> None:
        self.dismiss()


class PartScreen(FormScreen[None]):
    """A part, written field by field."""

    def __init__(self, part: RecordType, row_id: int) -> None:
        super().__init__(page_of(part), part.fields)
        self.part = part
        self.row_id = row_id
        self.values: dict[str, Any] = {}

    @property
    def where(self) -> str:  # type: ignore[override]
        return self.part.title.lower()

    def compose_body(self) -> Iterable[Widget]:
        self.values = records.load(self.context, self.part.name, self.row_id)
        return super().compose_body()

    def whose(self) -> int | None:
        return int(self.values[self.part.owner])

    async def on_mount(self) -> None:
        self.title_bar.show(self.part.title)
        self.tab_bar.say("Ce qui est tapé est enregistré · Échap revient")
        self.show_commands()
        self.resume_route()

    def value_of(self, name: str) -> Any:
        return self.values[name]

    async def put(self, field: Field, value: Any) -> None:
        context, name, row_id = self.context, self.part.name, self.row_id
        put_or_empty(lambda one: record_parts.put(context, name, row_id, field, one), field, value)
        self.values = records.load(self.context, self.part.name, self.row_id)

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        self.dismiss()

    def commands(self) -> list[Offer]:
        return [Offer(PICK)]


class PartCreate(QuickCreate):
    """A new part of a record."""

    def __init__(self, part: RecordType, owner_id: int) -> None:
        super().__init__(part)
        self.owner_id = owner_id
        if part.quick[0] == "role":
            self.values["role"] = "delivery"

    def whose(self) -> int | None:
        return self.owner_id

    def make(self, values: dict[str, Any]) -> int:
        return record_parts.create(self.context, self.record.name, self.owner_id, values)
