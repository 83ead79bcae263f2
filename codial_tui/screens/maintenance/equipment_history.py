"""A machine's life: what it is in and what is in it, its contracts, its interventions."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import LOOK
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.opening import open_document, open_record
from codial_tui.services.maintenance import equipment_views
from codial_tui.services.records import records
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("what", "", width=13),
    Column("ref", "N° ou code", width=14, width_from_data=True),
    Column("day", "Le", width=8),
    Column("words", "Quoi", min_width=20, shrinks=True),
    Column("figure", "HT, durée", width=14),
)
STATES = {"active": "en cours", "suspended": "suspendu", "ended": "résilié"}


class EquipmentHistory(BaseScreen[None]):
    """Enter opens a work order or a machine."""

    where = "l'histoire d'une machine"

    def __init__(self, equipment_id: int) -> None:
        super().__init__()
        self.equipment_id = equipment_id
        self.table = RecordTable(COLUMNS, empty="Aucune intervention encore.")
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.typing_line.label(hint="Entrée ouvre · Échap revient")
        self.show_commands()
        self.resume_route()
        self._show()

    def _show(self) -> None:
        context = self.context
        machine = records.load(context, "equipment", self.equipment_id)
        visits = equipment_views.history(context, self.equipment_id)
        self.title_bar.show(
            f"{machine['code']} · {machine['label']} {machine['serial']}".rstrip(),
            f"{len(visits)} intervention{'s' * (len(visits) > 1)}",
        )
        rows = []
        nodes = (
            equipment_views.tree(context, int(machine["party_id"])) if machine["party_id"] else []
        )
        for node in _family(nodes, self.equipment_id):
            used = "" if node.active else " (hors service)"
            name = "cette machine" if node.id == self.equipment_id else "machine"
            words = f"{'  ' * node.depth}{node.label}{used}"
            rows.append(Row(("equipment", node.id), (name, node.code, "", words, "")))
        for number, label, state, until in equipment_views.contracts(context, self.equipment_id):
            words = f"{label} · {STATES.get(state, state)}"
            rows.append(Row(("", number), ("contrat", number, _day(until), words, "")))
        for one in visits:
            words = f"{one.state} · {one.subject or one.fault}".replace("\n", " ")
            figure = f"{format_cents(one.net)} {one.minutes // 60}:{one.minutes % 60:02d}"
            cells = ("intervention", one.ref, _day(one.day), words, figure)
            rows.append(Row(("document", one.document_id), cells))
        self.table.show(ListSource(rows))

    def resume_route(self) -> None:
        self.direct(self.table)

    def commands(self) -> list[Offer]:
        return [Offer(LOOK)]

    async def action_look(self) -> None:
        row = self.table.current
        what, key = row.key if row is not None and isinstance(row.key, tuple) else ("", "")
        if what == "document":
            await open_document(self, int(key))
        elif what == "equipment" and int(key) != self.equipment_id:
            await open_record(self, "equipment", int(key))
        else:
            raise refuse("look.nothing", "Rien de plus à voir ici", "")

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.guarded(self.action_look)

    def help_text(self) -> list[str]:
        return [
            "En haut les machines dans lesquelles elle est et celles qu'elle contient, puis ses "
            "contrats et ses interventions. Entrée ou F9 ouvre.",
        ]

    async def back(self) -> None:
        self.dismiss()


def _family(nodes: list[equipment_views.Node], own: int) -> list[equipment_views.Node]:
    """Of a customer's tree: the branch a machine stands on, from its top machine."""
    start = 0
    branch: list[equipment_views.Node] = []
    for at, node in enumerate([*nodes, None]):
        if node is None or node.depth == 0:
            group = nodes[start:at]
            if any(one.id == own for one in group):
                branch = group
            start = at
    return branch


def _day(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[2:4]}" if day else ""
