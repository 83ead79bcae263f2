"""Journal: the chained journal of events, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.services.law import events
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("at", "Quand", width=14),
    Column("label", "Événement", width=20, shrinks=True),
    Column("by", "Par", width=12, shrinks=True),
    Column("detail", "Détail", min_width=20, shrinks=True),
)
SHOWN = 2_000


class EventsScreen(BaseScreen[None]):
    """Nothing can be changed here, nor anywhere."""

    where = "le journal des événements"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Aucun événement.")
        self.table.markable = False
        self.found: dict[int, events.Event] = {}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        found = events.newest(self.context, SHOWN)
        self.found = {one.position: one for one in found}
        self.title_bar.show("Journal des événements", f"{found[0].position if found else 0}")
        self.show_commands()
        self.resume_route()
        self.table.show(ListSource([self._row(one) for one in found]))
        self._say(self.table.current)

    def resume_route(self) -> None:
        self.typing_line.show("Le détail entier est en dessous · Échap revient")
        self.direct(self.table)

    @staticmethod
    def _row(one: events.Event) -> Row:
        day = f"{one.at[8:10]}/{one.at[5:7]}/{one.at[2:4]} {one.at[11:16]}"
        return Row(one.position, (day, one.label, one.by, one.detail))

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._say(notice.row)

    def _say(self, row: Row | None) -> None:
        event = self.found.get(int(str(row.key))) if row is not None else None
        self.reading.context(event.detail if event else "")

    async def back(self) -> None:
        self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Impressions, duplicatas, exports, archives, sauvegardes, restaurations, "
            "clés, horloge reculée, contrôles échoués.",
            "Chaque ligne est chaînée à la précédente, rien n'en change.",
        ]
