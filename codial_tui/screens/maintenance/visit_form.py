"""F2 on a visit: all its fields; the last Enter stores them, as one step."""

from __future__ import annotations

from typing import Any

from codial_tui.commands import PICK, VALIDATE
from codial_tui.domain.maintenance.times import MOMENTS, WORDS
from codial_tui.domain.maintenance.visit_entry import parse_clock
from codial_tui.domain.spec import Field, FieldType, Page
from codial_tui.errors import Refused
from codial_tui.screens.form_screen import FormScreen
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import visits
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.frame import Offer

FIELDS = (
    Field("technician_id", "Technicien", FieldType.REFERENCE, picks="user", width=26),
    Field("technician_name", "ou nom libre", max_length=visits.NAME_LIMIT, help="Hors liste."),
    Field("day", "Date", FieldType.DATE, width=10, help="De la première heure."),
    *(
        Field(name, WORDS[name].capitalize(), width=7, max_length=5, help="0835, 8h35.")
        for name in MOMENTS
    ),
    Field("distance", "Kilomètres", FieldType.QUANTITY, width=10, help="Aller et retour."),
    Field("zone", "Zone", width=10, max_length=10, help="De déplacement : son code."),
    Field("note", "Note", max_length=200),
)
PAGE = Page("Visite", tuple(one.name for one in FIELDS))


class VisitScreen(FormScreen[visits.Reading | None]):
    """Answers the visit as it is stored, None on Esc. uid: "" for a new one."""

    where = "la visite"

    def __init__(self, editor: Editor, uid: str = "") -> None:
        super().__init__(PAGE, FIELDS)
        self.editor = editor
        self.visit, self.values = visits.form_values(editor, uid)
        self.is_new = not uid

    def on_mount(self) -> None:
        self.title_bar.show(f"{self.editor.document.ref} · visite")
        said = "Entrée passe au champ suivant ; la dernière enregistre, F8 tout de suite"
        self.tab_bar.say(said)
        self.show_commands()
        self.resume_route()

    def value_of(self, name: str) -> Any:
        return self.values.get(name)

    def _view(self, name: str) -> FieldView:
        view = super()._view(name)
        return FieldView(view.value, view.shown, locked=self.editor.reason)

    async def put(self, field: Field, value: Any) -> None:
        if field.name in MOMENTS:
            at = parse_clock(str(value or ""))
            value = f"{at:%H:%M}" if at else ""
        self.values[field.name] = value
        if field.name == "technician_id" and value:
            self.values["technician_name"] = ""
        elif field.name == "technician_name" and value:
            self.values["technician_id"] = None

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        await self.finish()

    async def finish(self) -> None:
        """Store the visit, or go to the field that does not let us."""
        try:
            found = visits.of_form(self.editor, self.visit, self.values)
            visits.put(self.editor, found.visit)
        except Refused as refused:
            self.reading.refuse(refused.text)
            if (field := refused.problems[0].field) in self.fields:
                await self.form.enter(field)
                self.reading.refuse(refused.text)
            return
        self.dismiss(found)

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(VALIDATE)]

    async def action_validate(self) -> None:
        if await self.form.leave():
            await self.finish()

    async def back(self) -> None:
        self.dismiss(None)

    def help_text(self) -> list[str]:
        return [
            "Une heure avant la précédente est du lendemain. Vide : elle n'est pas connue.",
            "F8 ou la dernière Entrée enregistre d'un geste ; Échap laisse la visite.",
        ]
