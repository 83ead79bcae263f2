"""What a planning shows: a week of resources by days, a day of half-hours by resources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from codial_tui.domain.maintenance import planning_grid
from codial_tui.domain.maintenance.planning_grid import Item
from codial_tui.domain.maintenance.planning_rules import KINDS
from codial_tui.errors import Refused, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.services.maintenance import holidays, planning, planning_views, resources
from codial_tui.services.maintenance.planning_views import Appointment
from codial_tui.widgets.grid import Grid, GridCell, GridRow

LABEL = 8
"""cells of the first column"""
MOST = 6
"""resources side by side in a day"""
HINT = "[date] 0830 1000 objet · abs congé · Espace prend"


class PlanningView(BaseScreen[None]):
    """What a planning shows, and where its cursor is."""

    where = "le planning"

    def __init__(self, document_id: int = 0) -> None:
        super().__init__()
        self.grid = Grid(LABEL, lambda: not self.typing_line.text)
        self.by_day = False
        self.day = date.min
        self.row = 0
        self.column = 0
        self.first = 0
        """the resource in the first column of a day"""
        self.found: list[Appointment] = []
        self.people: list[resources.Resource] = []
        self.free: dict[date, str] = {}
        self.held: Item | None = None
        """what was taken, as it would be put"""
        self.held_version = 0
        self.placing = document_id
        """the work order that is held, 0 for a thing that is on the planning already"""

    def compose_body(self) -> Iterable[Grid]:
        yield self.grid

    async def on_mount(self) -> None:
        self.day = self.context.today
        self.resume_route()
        self.typing_line.label(hint=HINT)
        await self.guarded(self._begin)

    def _begin(self) -> None:
        self._read()
        if not self.people:
            self.reading.refuse("Personne au planning · F10 Paramètres, Ressources du planning")
        self.show_commands()
        self._show()
        self._begun()

    def _begun(self) -> None:
        """It is in view for the first time."""

    def resume_route(self) -> None:
        self.direct(self.grid, self.typing_line)

    async def on_screen_resume(self) -> None:
        if self.people:
            await self.guarded(self._again)

    def _again(self) -> None:
        self._read()
        self._show()

    # what is shown -----------------------------------------------------------------------------

    @property
    def days(self) -> list[date]:
        return planning_grid.week(self.day, self._items())

    def _read(self) -> None:
        context = self.context
        first = planning_grid.monday(self.day)
        last = first + timedelta(days=6)
        self.found = planning_views.between(context, first, last)
        having = {one.resource_id for one in self.found}
        having |= {self.held.resource_id} if self.held is not None else set()
        self.people = resources.in_view(context, having)
        self.first = max(0, min(self.first, len(self.people) - MOST))
        self.free = holidays.between(context, first, last)

    def _items(self) -> list[Item]:
        """What the grid shows: what is written, and what is held where it would be put."""
        held = self.held.id if self.held is not None else -1
        found = [item_of(one) for one in self.found if one.id != held]
        return found + ([self.held] if self.held is not None else [])

    def _show(self) -> None:
        if self.held is not None:
            self._stand_on(self.held)
        header, rows = self._day_rows() if self.by_day else self._week_rows()
        self.row = max(0, min(self.row, len(rows) - 1))
        self.column = max(0, min(self.column, len(header) - 1))
        self.grid.show(header, rows, (self.row, self.column))
        days = self.days
        span = f"{self.day:%d/%m/%Y}" if self.by_day else f"{days[0]:%d/%m} au {days[-1]:%d/%m/%Y}"
        clashes = sum(1 for one in self.found if one.clashes)
        told = f"{clashes} en conflit" if clashes else ""
        self.title_bar.show(f"Planning · {'jour' if self.by_day else 'semaine'} · {span}", told)
        self._tell()

    def _week_rows(self) -> tuple[list[GridCell], list[GridRow]]:
        days, names = self.days, {one.id: name_of(one) for one in self.people}
        header = [self._head(day) for day in days]
        lines = planning_grid.lines(self._items(), list(names), days)
        rows = [
            GridRow(
                names[line.resource_id] if line.first else "",
                tuple(
                    self._cell(item, planning_grid.week_text(item, day)) if item else GridCell()
                    for item, day in zip(line.items, days, strict=True)
                ),
            )
            for line in lines
        ]
        return header, rows

    def _day_rows(self) -> tuple[list[GridCell], list[GridRow]]:
        header = [GridCell(name_of(one)) for one in self._side_by_side()]
        rows = []
        slots = self._slots()
        for slot in slots:
            first = slots[0].minute
            cells = [self._slot_cell(items, slot.minute, first) for items in slot.items]
            rows.append(GridRow(f"{slot.minute // 60:02d}:{slot.minute % 60:02d}", tuple(cells)))
        return header, rows

    def _slot_cell(self, items: tuple[Item, ...], minute: int, first: int) -> GridCell:
        if not items:
            return GridCell()
        new = [one for one in items if planning_grid.begins(one, self.day, minute, first)]
        if len(items) > 1 and not new:
            return GridCell("! " + "│ " * len(items), "danger")
        text = new[-1].title if new else "│"
        return self._cell(new[-1] if new else items[0], f"!{text}" if len(items) > 1 else text)

    def _cell(self, item: Item, text: str) -> GridCell:
        if self.held is not None and item.id == self.held.id:
            return GridCell(f"■{text}", "current_cell")
        if item.clash:
            return GridCell(text if "!" in text else f"!{text}", "danger")
        return GridCell(text, "muted" if item.kind == "absence" else "")

    def _head(self, day: date) -> GridCell:
        name = self.free.get(day, "")
        today = "*" if day == self.context.today else ""
        text = f"{planning_grid.DAYS[day.weekday()]} {day:%d}{today} {name}".rstrip()
        return GridCell(text, "header")

    def _side_by_side(self) -> list[resources.Resource]:
        """The resources of a day: as many as fit."""
        return self.people[self.first : self.first + MOST]

    def _bring(self, resource_id: int) -> None:
        """Put the cursor of a day on the column of a resource, beside others."""
        at = [one.id for one in self.people].index(resource_id)
        self.first = max(min(self.first, at), at - MOST + 1)
        self.column = at - self.first

    def _slots(self) -> list[planning_grid.Slot]:
        hours = planning.hours(self.context)
        ids = [one.id for one in self._side_by_side()]
        first, last = (one.hour * 60 + one.minute for one in (hours.start, hours.end))
        return planning_grid.slots(self._items(), ids, self.day, first, last)

    def _current(self) -> Item | None:
        """The thing under the cursor."""
        if self.by_day:
            slots = self._slots()
            if not slots or not slots[self.row].items:
                return None
            items = slots[self.row].items[self.column]
            return items[-1] if items else None
        lines = self._lines()
        return lines[self.row].items[self.column] if lines else None

    def _lines(self) -> list[planning_grid.Line]:
        return planning_grid.lines(self._items(), [one.id for one in self.people], self.days)

    def _place(self) -> tuple[int, date]:
        """The resource and the day of the cursor. Raises Refused without resources."""
        if not self.people:
            raise refuse("resource.none", "Personne au planning", "F10 Paramètres, Ressources")
        if self.by_day:
            return self._side_by_side()[self.column].id, self.day
        return self._lines()[self.row].resource_id, self.days[self.column]

    def _stand_on(self, item: Item) -> None:
        """Put the cursor on a thing that is in view."""
        if self.by_day:
            self._bring(item.resource_id)
            first = planning_grid.span(item, self.day)[0] // planning_grid.STEP
            self.row = max(0, first - self._slots()[0].minute // planning_grid.STEP)
            return
        days = self.days
        self.column = next(
            (at for at, day in enumerate(days) if planning_grid.touches(item, day)), 0
        )
        for row, line in enumerate(self._lines()):
            found = line.items[self.column]
            if found is not None and found.id == item.id:
                self.row = row

    def _tell(self) -> None:
        """Row 23: what is under the cursor, or held, in full."""
        if self.held is not None:
            self._tell_held(self.held)
            return
        item = self._current()
        one = next((it for it in self.found if item and it.id == item.id), None)
        if one is None:
            day = self._place()[1] if self.people else self.day
            self.reading.context(self.free.get(day, ""))
            return
        gone = any(it.id == one.resource_id and not it.active for it in self.people)
        told = f"{one.resource}{' (parti)' if gone else ''} "
        told += f"{planning_grid.words(one.starts, one.ends)} "
        told += " · ".join(
            filter(None, (one.ref, one.customer, one.place, one.label, kind_of(one), one.note))
        )
        if one.clashes:
            others = [it for it in self.found if it.id in one.clashes]
            with_ = ", ".join(
                f"{it.label or kind_of(it) or it.ref} {it.starts:%H:%M}" for it in others
            )
            told = f"! conflit : {with_ or 'ailleurs'} · {told}"
        self.reading.context(told)

    def _tell_held(self, held: Item) -> None:
        code = next(one.code for one in self.people if one.id == held.resource_id)
        told = f"{code} {planning_grid.words(held.starts, held.ends)}"
        try:
            problems = planning.told_of(
                self.context, held.resource_id, held.kind, held.starts, held.ends, held.id
            )
        except Refused as refused:
            problems = list(refused.problems)
        if problems:
            self.reading.say(f"! {told} · {problems[0].message}")
        else:
            self.reading.say(f"= {told}")

    # going elsewhere ---------------------------------------------------------------------------

    def _turn(self, by: int) -> None:
        """The next week or day, or the one before."""
        self._go(self.day + timedelta(days=by if self.by_day else 7 * by))

    def _go(self, day: date) -> None:
        self.day = day
        self._read()
        self._show()

    def _go_on(self, day: date) -> None:
        """Go to a day, with the cursor on it, beside whoever it was beside."""
        owner = self._place()[0] if self.people else 0
        self.day = day
        self._read()
        if any(one.id == owner for one in self.people):
            if self.by_day:
                self._bring(owner)
            else:
                lines = enumerate(self._lines())
                self.row = next(at for at, line in lines if line.resource_id == owner)
        if not self.by_day:
            self.column = (day - self.days[0]).days
        self._show()

    def _find(self, appointment_id: int) -> None:
        """Put the cursor on a thing where it is written now."""
        self._read()
        written = next((one for one in self.found if one.id == appointment_id), None)
        if written is not None:
            self._stand_on(item_of(written))
        self._show()


def name_of(one: resources.Resource) -> str:
    """Its code, in brackets when it is no longer on the planning and only what it had stays."""
    return one.code if one.active else f"({one.code})"


def item_of(one: Appointment) -> Item:
    """A thing of the planning as a grid shows it."""
    title = " ".join(filter(None, (one.customer, one.label))) or kind_of(one) or one.ref
    if one.kind != "work":
        title = one.label or kind_of(one)
    return Item(one.id, one.resource_id, one.kind, one.starts, one.ends, title, bool(one.clashes))


def kind_of(one: Appointment) -> str:
    """What it is, "" for a work order."""
    return "" if one.kind == "work" else dict(KINDS)[one.kind]
