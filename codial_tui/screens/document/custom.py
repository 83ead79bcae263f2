"""Fiche perso: the fields a company defines for a kind, as one more form; and defining them."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Container

from codial_tui.commands import EDIT, NEW, PICK, TOOLS, Command
from codial_tui.domain.kinds import doc_types
from codial_tui.domain.spec import Column, Field, FieldType, Page, Tab
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.services.documents import custom_forms
from codial_tui.services.documents.custom_forms import CustomField
from codial_tui.services.records import rights
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from .document import DocumentScreen
from .pane import Pane

ROWS = 17
"""fields one column holds before a second one is needed"""
EMPTY = "Aucun champ défini. F10 « Champs de la fiche perso » en ajoute."
NUMBERS = frozenset({FieldType.QUANTITY})


def typed_value(field: Field, stored: str | None) -> object:
    """What a form shows for a stored text."""
    if not stored:
        return None
    if field.type in NUMBERS:
        return int(stored)
    return stored == "1" if field.type is FieldType.BOOL else stored


def stored_text(value: object) -> str:
    """What is stored for a value of a form; "" takes the value away."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


class CustomPane(Pane):
    """The company's own fields of this kind; a value is stored when its field is left."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.fields: dict[str, CustomField] = {}
        self.values: dict[str, str] = {}
        self.form: FormPane | None = None
        self.nothing = TextRows(Text(EMPTY))
        self.place_of_form = Container()

    def compose(self) -> ComposeResult:
        yield self.nothing
        yield self.place_of_form

    @property
    def field_form(self) -> FormPane | None:
        return self.form

    async def arrive(self) -> None:
        self.host.typing_line.label(hint="")
        self.host.reading.say("")
        self.host.reading.context("")
        self._explain()
        self.aim()

    def aim(self) -> None:
        if self.form is None:
            self.host.direct()
        else:
            self.host.direct(self.form)

    async def changed(self) -> None:
        """Read again; the form is built anew when its fields are not the same."""
        context = self.host.context
        found = custom_forms.fields(context, self.editor.document.kind)
        fields = {one.field.name: one for one in found}
        self.values = custom_forms.values(
            context, self.editor.document.kind, self.editor.document.uid
        )
        if fields != self.fields:
            self.fields = fields
            await self._build()
        elif self.form is not None:
            self.form.reload()

    async def _build(self) -> None:
        if self.form is not None:
            await self.form.remove()
            self.form = None
        self.nothing.display = not self.fields
        if not self.fields:
            return
        names = tuple(self.fields)
        half = len(names) if len(names) <= ROWS else (len(names) + 1) // 2
        page = Page("Fiche", names[:half], names[half:])
        fields = {name: one.field for name, one in self.fields.items()}
        self.form = FormPane(page, fields, self._view, lambda: self.host.context.today)
        await self.place_of_form.mount(self.form)

    def _view(self, name: str) -> FieldView:
        field = self.fields[name].field
        return FieldView(typed_value(field, self.values.get(name)), locked=self.editor.reason)

    def _explain(self) -> None:
        """Row 22: what the current field is, its whole name and its choices."""
        field = None if self.form is None else self.form.current
        if field is None:
            self.host.typing_line.show(self.editor.reason or "Fiche perso")
            return
        choices = " · ".join(label for _, label in field.choices)
        self.host.typing_line.show(f"{field.label} : {choices}" if choices else field.label)

    # the form ----------------------------------------------------------------------------------

    def on_form_pane_entered(self, notice: FormPane.Entered) -> None:
        notice.stop()
        self._explain()

    def on_form_pane_field_edited(self, notice: FormPane.FieldEdited) -> None:
        """Write-through: the value is in the database when the field is left."""
        notice.stop()
        text = stored_text(notice.value)
        try:
            custom_forms.put(
                self.host.context, self.fields[notice.name], self.editor.document.uid, text
            )
        except Exception:
            notice.refuse()
            raise
        self.values[notice.name] = text

    def on_form_pane_refused(self, notice: FormPane.Refused) -> None:
        notice.stop()
        self.host.reading.refuse(notice.problem.text)

    def on_form_pane_picking(self, notice: FormPane.Picking) -> None:
        """F4 in a choice field: its values are few, row 23 says them."""
        notice.stop()
        labels = " · ".join(label for _, label in notice.field.choices)
        self.host.reading.say(f"Tapez la première lettre : {labels}")

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        notice.stop()
        if self.form is not None and self.form.names:
            await self.form.enter(self.form.names[0])

    def commands(self) -> list[Offer]:
        return [Offer(PICK)]

    async def action_pick(self) -> None:
        if self.form is None or not await self.form.open_list():
            raise refuse("pick.none", "Ce champ n'a pas de liste", "tapez sa valeur")

    def help_text(self) -> list[str]:
        return [
            "Les champs de votre société pour cette sorte de document.",
            "Un champ est enregistré quand on le quitte ; vide, il s'efface.",
            "F10 « Champs de la fiche perso » en ajoute (administrateur).",
        ]


COLUMNS = (
    Column("label", "Champ", min_width=24, shrinks=True),
    Column("type", "Type", width=8),
    Column("choices", "Choix", min_width=24, shrinks=True),
)
TYPES = {
    "T": ("text", "texte"),
    "N": ("number", "nombre"),
    "D": ("date", "date"),
    "C": ("choice", "choix"),
    "O": ("yes_no", "oui/non"),
}
ASK_TYPE = "Type : T texte  N nombre  D date  C choix  O oui/non"
ADD = Command("new", "Ajouter un champ", "Ajoute un champ à la fiche", 5, "Ajout", NEW.second)
RENAME = EDIT._replace(label="Renommer", help="Donne un autre nom au champ")
LABELS = {FieldType(custom_forms.TYPES[name]): label for name, label in TYPES.values()}


class DefineScreen(BaseScreen[None]):
    """The fields of each kind's fiche; a typed label adds one."""

    where = "les champs de la fiche perso"

    def __init__(self) -> None:
        super().__init__()
        self.kind = ""
        self.table = RecordTable(
            COLUMNS, empty="Aucun champ. Tapez le nom du premier, puis Entrée."
        )
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    async def on_mount(self) -> None:
        self.title_bar.show("Champs de la fiche perso")
        self.resume_route()
        self.show_commands()
        await self.go_tab(doc_types(self.context.editions)[0].kind)

    def resume_route(self) -> None:
        self.typing_line.label(prompt="Nouveau champ : ")
        self.direct(self.typing_line, self.table)

    async def go_tab(self, name: str) -> None:
        self.kind = name
        kinds = doc_types(self.context.editions)
        self.tab_bar.show([TabItem(one.kind, one.plural, one.key) for one in kinds], name)
        self._fill()

    def _fill(self, key: int | None = None) -> None:
        found = custom_forms.fields(self.context, self.kind)
        rows = [
            Row(
                one.id,
                (
                    one.field.label,
                    LABELS[one.field.type],
                    " · ".join(label for _, label in one.field.choices)
                    if one.field.type is FieldType.CHOICE
                    else "",
                ),
            )
            for one in found
        ]
        self.table.show(ListSource(rows), key=key)

    def commands(self) -> list[Offer]:
        return [Offer(RENAME), Offer(ADD), Offer(TOOLS)]

    def action_new(self) -> None:
        self.reading.say("Tapez le nom du champ, puis Entrée")

    async def accepted(self, text: str) -> None:
        label = text.strip()
        if not label:
            self.action_new()
            return
        rights.require(self.context, "define_forms")

        def then(letter: str) -> None:
            if letter == "C":
                self.ask_text(f"Choix de « {label[:24]} », séparés par ;", choices)
            elif letter:
                self._define(label, TYPES[letter][0])

        def choices(typed: str) -> None:
            self._define(label, "choice", *typed.split(";"))

        self.reading.ask(ASK_TYPE, then, letters="".join(TYPES))

    def _define(self, label: str, kind: str, *choices: str) -> None:
        added = custom_forms.define(self.context, self.kind, label, kind, choices)
        if self._asked is not None:
            self.end_asking()
        self.typing_line.clear()
        self._fill(added)
        self.reading.say(f"« {label} » ajouté à la fiche")

    # one that is there ---------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        free = self._asked is None and self.reading.question is None
        if free and press.key in ("up", "down", "pageup", "pagedown") and self.table.count:
            self.direct(self.table, self.typing_line)  # Suppr and Enter are for the row
        return await super().press(press)

    async def typed(self, text: str) -> None:
        self.direct(self.typing_line, self.table)

    def _field(self) -> CustomField | None:
        """The field under the cursor; row 23 says when there is none."""
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return None
        found = custom_forms.fields(self.context, self.kind)
        return next((one for one in found if one.id == row.key), None)

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Another name; the values stay."""
        rights.require(self.context, "define_forms")
        if (field := self._field()) is None:
            return
        before = field.field.label

        def then(text: str) -> None:
            custom_forms.rename(self.context, field.id, text)
            self._fill(field.id)
            self.reading.say(f"« {before[:24]} » renommé, ce qui est rempli reste")

        self.ask_text("Nouveau nom", then, before)

    def action_tools(self) -> None:
        if (field := self._field()) is None:
            return
        field_id = field.id

        def then(letter: str) -> None:
            if letter == "S":
                self._ask_removal()
            elif letter:
                moved = custom_forms.move(self.context, field_id, -1 if letter == "M" else 1)
                self._fill(field_id)
                if not moved:
                    self.reading.refuse("Il est déjà au bout de la liste")

        tools = "Outils : M monter  D descendre  S retirer"
        self.reading.ask(tools, then, letters="MDS")

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        self._ask_removal()

    def _ask_removal(self) -> None:
        """Says what is in it; it stays in the database."""
        rights.require(self.context, "define_forms")
        if (field := self._field()) is None:
            return
        label, count = field.field.label[:24], custom_forms.used(self.context, field.id)
        kept = f" ({count} valeur{'s' if count > 1 else ''} gardée{'s' if count > 1 else ''})"

        def then(letter: str) -> None:
            if letter == "O":
                custom_forms.remove(self.context, field.id)
                self._fill()
                self.reading.say(f"« {label} » retiré · le même nom et le même type le ramènent")

        self.reading.ask(f"Retirer « {label} » de la fiche ?{kept if count else ''}", then)

    def help_text(self) -> list[str]:
        return [
            "Le nom, puis une lettre pour le type ; un choix demande ses valeurs.",
            "Les champs se remplissent dans l'onglet Fiche de chaque document.",
            "F2 renomme, Suppr ou F7 S retire (les valeurs restent en base), F7 M et D déplacent.",
        ]
