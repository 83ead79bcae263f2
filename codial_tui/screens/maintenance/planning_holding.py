"""Things of a planning taken and put by keys: another day, time, length or resource."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from codial_tui.domain.maintenance import planning_grid
from codial_tui.domain.maintenance.planning_grid import Item
from codial_tui.errors import refuse
from codial_tui.services.maintenance import planning

from .planning_view import HINT, PlanningView

LENGTH = timedelta(hours=2)
"""of a work order that is put on the planning"""
PLACING = "← → jour  ↑ ↓ qui  - + 15 min  < > durée · Entrée pose, Échap lâche"
PLACING_DAY = "↑ ↓ heure  ← → qui  - + 15 min  < > durée · Entrée pose, Échap lâche"


class PlanningHolding(PlanningView):
    """The part of the planning that holds something until it is put."""

    def _take(self) -> None:
        item = self._current()
        if item is None:
            raise refuse("planning.nothing", "Rien à prendre ici", "F5 : un bon à planifier")
        seen = next(one for one in self.found if one.id == item.id)
        self._hold(item, 0, seen.version)

    def _hold(self, item: Item, document_id: int, version: int = 0) -> None:
        """version: of a thing that is on the planning already, as it was seen when it was taken."""
        self.held, self.placing = item._replace(clash=False), document_id
        self.held_version = version
        self.grid.signs = "+-<>"
        self.direct(self.grid)
        self.typing_line.label(hint="")
        self.typing_line.show(PLACING_DAY if self.by_day else PLACING)
        self.show_commands()
        self._show()

    def _hold_order(self, document_id: int) -> None:
        """A work order, ready to be put: on the day it is wished, after what is there already."""
        waits = planning.wish(self.context, document_id)
        beside, day = self._place()  # of what is shown now: another week has other rows
        if waits.day:
            self.day = day = waits.day
            self._read()
        wanted = [one for one in (waits.resource_id, beside) if one]
        ids = [one.id for one in self.people]
        owner = next((one for one in wanted if one in ids), ids[0])
        starts = datetime.combine(day, planning.hours(self.context).start)
        for one in sorted(self.found, key=lambda one: one.starts):
            if one.resource_id == owner and one.starts < starts + LENGTH and one.ends > starts:
                starts = one.ends
        if starts.date() != day:
            starts = datetime.combine(day, time(8))
        self._hold(Item(0, owner, "work", starts, starts + LENGTH, waits.title), document_id)

    async def _held_key(self, key: str) -> None:
        held = self.held
        assert held is not None
        day, quarter = planning_grid.MIDNIGHT, 15
        along = {"left": -day, "right": day, "pageup": -7 * day, "pagedown": 7 * day}
        if self.by_day:
            along = {"up": -quarter * 2, "down": quarter * 2, "pageup": -day, "pagedown": day}
        along |= {"-": -quarter, "+": quarter}
        longer = {"<": -quarter, ">": quarter}
        across = ("left", "right") if self.by_day else ("up", "down")
        if key in along:
            self.held = planning_grid.shifted(held, minutes=along[key])
        elif key in longer:
            self.held = planning_grid.shifted(held, longer=longer[key])
        elif key in across:
            self.held = planning_grid.shifted(
                held, resource_id=self._neighbour(held.resource_id, 1 if key == across[1] else -1)
            )
        elif key in ("tab", "shift+tab"):
            self.by_day = not self.by_day
            self.typing_line.show(PLACING_DAY if self.by_day else PLACING)
        elif key in ("enter", "space"):
            self._put(held)
            return
        if self.held is not None and self.held.starts.date() not in self._shown_days():
            self.day = self.held.starts.date()
            self._read()
        self._show()

    def _shown_days(self) -> list[date]:
        if self.by_day:
            return [self.day]
        first = planning_grid.monday(self.day)
        return [first + timedelta(days=one) for one in range(7)]

    def _neighbour(self, resource_id: int, step: int) -> int:
        ids = [one.id for one in self.people]
        return ids[max(0, min(len(ids) - 1, ids.index(resource_id) + step))]

    def _put(self, held: Item) -> None:
        """Write what is held where it is."""
        context, span = self.context, (held.starts, held.ends)
        if self.placing:
            done = planning.plan(context, self.placing, held.resource_id, *span)
        else:
            done = planning.move(
                context,
                held.id,
                self.held_version,
                starts=span[0],
                ends=span[1],
                resource_id=held.resource_id,
            )
        self._let_go(done.id)
        told = planning_grid.words(*span)
        if done.conflicts:
            self.reading.warn(f"{told} · {done.conflicts[0].message}")
        else:
            self.reading.done(told)

    def _let_go(self, appointment_id: int) -> None:
        """Nothing is held any more; the cursor stands on a thing where it is written."""
        self.held, self.placing = None, 0
        self.grid.signs = ""
        self.typing_line.show("")
        self.typing_line.label(hint=HINT)
        self.show_commands()
        self.resume_route()
        self.reading.say("")
        self._find(appointment_id)
