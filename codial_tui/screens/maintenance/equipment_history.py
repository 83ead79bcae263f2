"""A machine's life: what it is in and what is in it, contracts, interventions, files."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import LOOK, TOOLS
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.document.attachments import ADD, InboxScreen, TextScreen, size_text
from codial_tui.screens.opening import open_document, open_record
from codial_tui.services.documents import attachments
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


OWNER = "equipment"


class EquipmentHistory(BaseScreen[None]):
    """Enter opens a work order or a machine, shows a file."""

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
        for file in self.files:
            cells = ("fichier", "", _day(file.at[:10]), file.name, size_text(file.size))
            rows.append(Row(("file", file.id), cells))
        self.table.show(ListSource(rows))

    @property
    def files(self) -> list[attachments.Attachment]:
        return attachments.listed(self.context, self.uid)

    @property
    def uid(self) -> str:
        return str(records.load(self.context, "equipment", self.equipment_id)["uid"])

    def resume_route(self) -> None:
        self.direct(self.table)

    def commands(self) -> list[Offer]:
        return [Offer(ADD), Offer(TOOLS), Offer(LOOK)]

    def _current(self) -> tuple[str, int]:
        """What is under the cursor, ("", 0) for nothing of ours."""
        row = self.table.current
        if row is None or not isinstance(row.key, tuple) or not isinstance(row.key[1], int):
            return "", 0
        return str(row.key[0]), row.key[1]

    def _file(self) -> attachments.Attachment:
        """The file under the cursor. Raises Refused."""
        what, key = self._current()
        found = next((one for one in self.files if what == "file" and one.id == key), None)
        if found is None:
            raise refuse("attachment.none", "Pas de fichier ici", "F5 en ajoute")
        return found

    async def action_attach(self) -> None:
        """F5: files of the inbox, kept with the machine."""

        def add(names: list[str] | None) -> None:
            for name in names or []:
                attachments.add_from_inbox(self.context, OWNER, self.uid, name)
            self._show()

        async def then(names: list[str] | None) -> None:
            await self.guarded(lambda: add(names))

        await self.app.push_screen(InboxScreen(), then)

    def action_tools(self) -> None:
        def then(letter: str) -> None:
            if letter == "X":
                self.reading.say(f"Copié : {attachments.export(self.context, self._file().id)}")

        self.reading.ask("Outils : X copie le fichier dans le dossier d'export", then, letters="X")

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        file = self._file()

        def then(letter: str) -> None:
            if letter == "O":
                attachments.delete(self.context, file.id)
                self._show()

        self.reading.ask(f"Effacer « {file.name[:40]} » ? O/N", then, letters="ON", final=True)

    async def action_look(self) -> None:
        what, key = self._current()
        if what == "document":
            await open_document(self, key)
        elif what == "equipment" and key != self.equipment_id:
            await open_record(self, "equipment", key)
        elif what == "file":
            file = self._file()
            await self.app.push_screen(
                TextScreen(file.name, attachments.text_view(self.context, file))
            )
        else:
            raise refuse("look.nothing", "Rien de plus à voir ici", "")

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self.guarded(self.action_look)

    def help_text(self) -> list[str]:
        return [
            "En haut les machines dans lesquelles elle est et celles qu'elle contient, puis ses "
            "contrats, ses interventions et ses fichiers. Entrée ou F9 ouvre.",
            "F5 ajoute un fichier de la boîte de dépôt, Suppr l'efface, F7 X le copie.",
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
