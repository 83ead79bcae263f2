"""Machine: what a work order is about, what covers it, what is billed, what was wrong and done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult

from codial_tui.commands import EDIT, LOOK, PICK, TOOLS
from codial_tui.domain.document import Machine
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, Tab
from codial_tui.errors import refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.opening import open_record
from codial_tui.services.maintenance import (
    machine_history,
    machine_rows,
    machines,
    visit_rows,
)
from codial_tui.services.records import letters
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.row_source import Row
from codial_tui.widgets.rows import Text, TextRows

from .machine_form import KNOWN, MachineForm

TOOLS_ASKED = "A autre machine  O ôter  J phrase"
"""N would be what Esc answers."""


class MachinePane(Pane):
    """One machine at a time; the tab's letter goes to the next one."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.at = 0
        self.form = MachineForm(self)
        self.told = TextRows(Text())

    def compose(self) -> ComposeResult:
        yield self.form
        yield self.told

    # what is shown -----------------------------------------------------------------------------

    @property
    def machine(self) -> Machine | None:
        """The machine in view, None for one that is not there yet."""
        found = sorted(self.editor.document.machines, key=lambda one: one.position)
        return found[self.at] if self.at < len(found) else None

    @property
    def counter(self) -> str:  # type: ignore[override]
        count = len(self.editor.document.machines)
        if self.at >= count > 0:
            return f"+{self.at + 1}"
        return f"{self.at + 1}/{count}" if count > 1 else ""

    @property
    def field_form(self) -> FormPane | None:
        return self.form.form

    async def changed(self) -> None:
        self.at = min(self.at, len(self.editor.document.machines))
        self.form.form.reload()
        self._tell()

    def _tell(self) -> None:
        """Below the form: fault and work in full, times, what happened before."""
        context, document, machine = self.host.context, self.editor.document, self.machine
        under = machine_rows.contract_words(context, document, machine) if machine else ""
        rows = [Text(f"Contrat {under}")] if under else []
        room = 1 if under else 2  # all fields stay in view
        for heading, text in (
            ("PANNE SIGNALÉE", machine.fault if machine else ""),
            ("TRAVAUX FAITS", machine.work_done if machine else ""),
        ):
            lines = text.splitlines()
            shown = lines[:room]
            if len(lines) > room:
                shown[-1] += " …"
            rows += [Text(heading, rule=True), *map(Text, shown)] if shown else []
        if clocks := visit_rows.summary(context, document):
            rows.append(Text(clocks))
        known = machine.equipment_id if machine else None
        if known is not None:
            before = machine_history.before(context, known, document.id, document.text("date"))
            count = f"{len(before)} avant (F9)" if before else "aucune intervention avant"
            rows.append(Text(f"HISTORIQUE {machine_history.words(before)}".rstrip(), count))
        offered = coverage.offered(document)
        given = f"offert {format_cents(offered)}" if offered else ""
        sums = self.editor.totals
        said = f"HT {format_cents(sums.net)}  TVA {format_cents(sums.vat_total)}"
        self.told.show(*rows, Text(f"{said}  TTC {format_cents(sums.gross)}", given))
        self.host.reading.context(self.editor.reason or self._noted())

    def _noted(self) -> str:
        """What to know of the machine in view."""
        context, document, machine = self.host.context, self.editor.document, self.machine
        found = machine_rows.warnings_of(context, document, machine) if machine else []
        said = " · ".join(one.message for one in found)
        return f"! {said}" if said else ""

    # keys --------------------------------------------------------------------------------------

    async def arrive(self) -> None:
        self.aim()

    def aim(self) -> None:
        self.form.aim_form()

    async def again(self) -> None:
        """The next machine, behind the last one the first."""
        self._turn((self.at + 1) % max(1, len(self.editor.document.machines)))

    def _turn(self, at: int) -> None:
        self.at = at
        self.form.form.reload()
        self._tell()
        self.aim()
        self.host.show_tabs()

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(EDIT), Offer(TOOLS), Offer(LOOK)]

    async def finished(self) -> None:
        await self.host.go_tab("lines")

    # changing ----------------------------------------------------------------------------------

    async def done(self) -> None:
        await self.host.refresh_document()
        self.host.show_tabs()

    # commands ----------------------------------------------------------------------------------

    def action_tools(self) -> None:
        tools: dict[str, Callable[[], Any]] = {
            "A": self._another,
            "O": self._remove,
            "J": self.action_phrase,
        }

        async def then(letter: str) -> None:
            if letter in tools:
                await tools[letter]()

        self.host.ask_tools(TOOLS_ASKED, "".join(tools), then)

    async def _another(self) -> None:
        if self.editor.reason:
            raise refuse("document.locked", self.editor.reason)
        self._turn(len(self.editor.document.machines))
        await self.form.form.enter("equipment_id")

    async def _remove(self) -> None:
        if self.machine is None:
            raise refuse("machine.gone", "Aucune machine ici", "")
        machines.remove(self.editor, self.machine.uid)
        self.at = max(0, self.at - 1)
        await self.done()
        self.host.reading.done("Machine ôtée · Ctrl+R annule")

    async def action_phrase(self) -> None:
        """Add a saved phrase to the work done."""
        found = letters.models(self.host.context, "work_done", self.editor.kind.kind)
        if not found:
            raise refuse("phrase.none", "Aucune phrase", "F10 Paramètres, Modèles de texte")
        machine = self.machine
        if machine is None:
            raise refuse("machine.gone", "Aucune machine ici", "tapez son numéro de série")
        uid = machine.uid

        async def then(name: str | None) -> None:
            if name is not None:
                done = machines.find(self.editor.document, uid).work_done
                text = "\n".join(filter(None, (done, dict(found)[name])))
                machines.edit(self.editor, uid, work_done=text)
                await self.done()

        columns = (Column("name", "Phrase", width=26), Column("body", "Texte", min_width=30))
        rows = [Row(name, (name, " ".join(body.split()))) for name, body in found]
        screen = ChooseScreen("Travaux faits", "Entrée ajoute, Échap revient", columns, rows)
        await self.host.app.push_screen(screen, then)

    async def action_pick(self) -> None:
        """F4: the list of the field; phrases for the work that was done; brands and types that
        the register knows."""
        field = self.form.form.current
        if field is not None and field.name == "work_done":
            await self.action_phrase()
        elif field is not None and field.name in KNOWN:
            self.form.offer_known(field)
        else:
            await self.form.pick_from_list()

    def _registered(self) -> int:
        known = self.machine.equipment_id if self.machine else None
        if known is None:
            raise refuse("machine.free", "Pas au registre", "tapez son numéro de série")
        return known

    async def action_edit(self) -> None:
        """F2: the record of the machine."""
        await open_record(self.host, "equipment", self._registered())

    async def action_look(self) -> None:
        """F9: the history of the machine; on its coverage, the contract."""
        from .equipment_history import EquipmentHistory

        field, machine = self.form.form.current, self.machine
        if machine and machine.contract_id and field and field.name == "coverage":
            await open_record(self.host, "contract", machine.contract_id)
            return
        await self.host.app.push_screen(EquipmentHistory(self._registered()))

    async def back(self) -> bool:
        if self.machine is None and self.at:
            self._turn(self.at - 1)
            return True
        return await super().back()

    def after_press(self, press: Press) -> None:
        self.form.after_press(press)

    def help_text(self) -> list[str]:
        return [
            "Un numéro de série connu remplit la machine ; inconnu, il l'ajoute au registre.",
            "Garantie ou contrat décochent ce que le client ne paie pas : les lignes restent, à "
            "zéro, avec la raison. O ou N dans une case la change ; F7 G, dans Lignes, une ligne.",
            "M encore : la machine suivante. F7 A en ajoute une, O l'ôte, J met une phrase toute "
            "faite dans les travaux. F2 ouvre sa fiche, F9 son histoire ; dans Couverture, F9 le "
            "contrat.",
        ]
