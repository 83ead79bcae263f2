"""The fields of a machine of a work order: the machine itself, what covers it, what is billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container

from codial_tui.domain.document import COVERS
from codial_tui.domain.kinds.work_order import BILLED_AS, COVERAGES
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.maintenance.equipment_record import EQUIPMENT
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import YES_NO, Field, FieldType, Page
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.form_fields import FormFields
from codial_tui.services.lists import choices
from codial_tui.services.maintenance import equipment, machine_offers, machines
from codial_tui.services.records import records
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.picker import Picker

if TYPE_CHECKING:
    from .machine_pane import MachinePane

LEFT = (
    Field(
        "equipment_id",
        "N° de série",
        FieldType.REFERENCE,
        picks="equipment",
        help="Tapez-le ou F4. Un numéro inconnu crée la machine.",
    ),
    *(EQUIPMENT.field(name)._replace(width=26) for name in ("brand", "type", "model", "location")),
    Field("commissioned_on", "Mise en service", FieldType.DATE, width=10),
    Field(
        "warranty_until",
        "Garantie au",
        FieldType.DATE,
        width=10,
        help="Au registre : elle couvre le bon prévu avant.",
    ),
    Field("fault", "Panne", FieldType.LONG_TEXT, max_length=machines.TEXT_LIMIT),
    Field(
        "work_done",
        "Travaux faits",
        FieldType.LONG_TEXT,
        max_length=machines.TEXT_LIMIT,
        help="F7 J : une phrase toute faite.",
    ),
)
BOXES = tuple(
    Field(name, label, FieldType.BOOL, choices=YES_NO, width=4, help="Facturé au client, ou non.")
    for name, label in (
        ("bill_labour", "Main d'œuvre"),
        ("bill_travel", "Déplacement"),
        ("bill_articles", "Articles"),
        ("bill_consumables", "Consommables"),
    )
)
RIGHT = (
    Field(
        "coverage",
        "Couverture",
        FieldType.CHOICE,
        choices=COVERAGES,
        width=10,
        help="Décide ce qui est facturé ; les quatre cases se changent ensuite.",
    ),
    Field("contract_id", "Contrat", FieldType.REFERENCE, picks="contract", width=15),
    *BOXES,
)
FIELDS = (*LEFT, *RIGHT)
PAGE = Page("Machine", tuple(one.name for one in LEFT), tuple(one.name for one in RIGHT))
KNOWN = ("brand", "type")
"""Fields whose F4 lists what the register holds."""
CLASS_OF = {field: name for name, field in BILLED_AS.items()}


class MachineForm(FormFields, Container):
    """The fields of the machine in view; leaving one is one step of the document."""

    DEFAULT_CSS = "MachineForm { height: 1fr; width: 1fr; layout: vertical; }"

    def __init__(self, pane: MachinePane) -> None:
        super().__init__()
        self.pane = pane
        self.warning = ""
        """what to know of the value that was just taken, while one goes on to the next field"""

    def compose(self) -> ComposeResult:
        yield from self.form_widgets(PAGE, FIELDS)

    @property
    def frame(self) -> BaseScreen[Any]:
        return self.pane.host

    def whose(self) -> int | None:
        return self.pane.editor.document.number("party_id") or None

    def value_of(self, name: str) -> Any:
        header = self.pane.editor.document.header
        if name in BILLED_AS.values() or (
            name in ("coverage", "contract_id") and not self.pane.machine
        ):
            return header.get(name)
        machine = self.pane.machine
        if machine is not None and name == "warranty_until":
            return machine_offers.warranty(self.frame.context, machine.equipment_id)
        return getattr(machine, name, None)

    def _view(self, name: str) -> FieldView:
        view, machine = super()._view(name), self.pane.machine
        locked, shown, note = self.pane.editor.reason, view.shown, ""
        if name == "equipment_id" and machine is not None:
            shown = machine.serial or shown or machines.name_of(machine)
        elif name == "warranty_until" and (machine is None or machine.equipment_id is None):
            locked = locked or "au registre seulement"
        elif name == "contract_id":
            locked = locked or "il vient de la machine"
        elif name in CLASS_OF:
            box = {one.name: one for one in coverage.summary(self.pane.editor.document)}[
                CLASS_OF[name]
            ]
            why = COVERS.get(box.reason, "").removeprefix("sous ").removeprefix("au ")
            note = format_cents(box.amount) if box.amount else why
        return FieldView(view.value, shown, locked=locked, note=note)

    async def put(self, field: Field, value: Any) -> None:
        editor, name = self.pane.editor, field.name
        uid = self.pane.machine.uid if self.pane.machine else ""
        told: list[Problem] = []
        if name == "equipment_id":
            if value is None:
                raise refuse("machine.empty", "Une machine ne s'efface pas ici", "F7 O l'ôte")
            told = machines.choose(editor, int(value), uid)
        elif name == "warranty_until":
            told = machines.guarantee(editor, uid, value)
        elif name in CLASS_OF:
            machines.bill(editor, name, bool(value))
        elif name == "coverage" and not uid:
            machines.cover(editor, str(value))
        else:
            told = machines.edit(editor, uid, **{name: value})
        await self.pane.done()
        self.warning = " · ".join(one.text for one in told)

    def show_field(self, field: Field) -> None:
        super().show_field(field)
        if self.warning:
            self.frame.reading.warn(self.warning)
            self.warning = ""

    def _list_choices(self, field: Field, text: str, /) -> None:
        """Machines of the site; a serial number that is nowhere makes one."""
        if field.name != "equipment_id":
            super()._list_choices(field, text)
            return
        found = machine_offers.offered(self.pane.host.context, self.pane.editor.document, text)
        self._choices = [choices.Choice(one.id, one.label, one.detail) for one in found]
        if not self.whose():
            self._choices = []
        same = any(fold(one.label.split(" ")[0]) == fold(text.strip()) for one in found)
        self._open_list("Machine", text, create=len(text.strip()) > 1 and not same)

    def offer_known(self, field: Field) -> None:
        """The brands or types that the register knows, those that begin as typed."""
        text = self.form.editor.text if self.form.changed else ""
        found = machine_offers.known(self.frame.context, field.name, text)
        self._choices = [choices.Choice(one, one) for one in found]
        self._open_list(field.label)
        if not found:
            self.frame.reading.say("Aucune encore au registre · tapez-la")

    async def on_picker_creating(self, notice: Picker.Creating) -> None:
        """A serial number that nobody knows yet."""
        notice.stop()
        self.picker.close()
        document = self.pane.editor.document
        if not self.whose():
            raise refuse("machine.party", "À qui est cette machine ?", "choisissez le client")
        values = {
            "party_id": self.whose(),
            "serial": notice.typed,
            "address_id": document.number("address_id") or None,
        }
        context = self.pane.host.context
        made = machine_offers.register(context, values)
        await self._choose(made)
        if twin := equipment.twins(context, records.load(context, "equipment", made)):
            self.frame.reading.warn(twin)

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        notice.stop()
        await self.pane.finished()
