"""What every form shares, on a screen of its own or in a tab: what fields are, refusals, the list
above row 22, towns of a postcode."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.cells import cell_len
from textual.widget import Widget

from codial_tui.domain.problems import Invalid
from codial_tui.domain.spec import Column, Field, FieldType, Page
from codial_tui.domain.text import clean, fold
from codial_tui.errors import CodialError, Refused
from codial_tui.services.lists import choices
from codial_tui.services.records import parties
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.long_text import LongTextScreen
from codial_tui.widgets.picker import Picker
from codial_tui.widgets.press import Press
from codial_tui.widgets.row_source import ListSource, Row

from .base import BaseScreen

LAST_SERVED = 12
"""customers offered before anything is typed"""
POSTCODE, TOWN = "postcode", "city"
OFFERED_COLUMNS = (
    Column("label", "Choix", min_width=20, shrinks=True),
    Column("detail", "Détail", width=38, shrinks=True),
)


class FormFields:
    """A form and, while a field has something to choose from, its list above row 22. Whoever
    mixes it in says what a value is (`value_of`) and what to do with one (`put`)."""

    form: FormPane
    creates = True
    """a list may end with the creation of what is not there"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields: dict[str, Field] = {}
        self.picker = Picker()
        self._choices: list[choices.Choice] = []

    @property
    def frame(self) -> BaseScreen[Any]:
        """The screen whose rows 22 and 23 the form uses."""
        raise NotImplementedError

    def form_widgets(self, page: Page, fields: Iterable[Field]) -> tuple[Widget, ...]:
        """The widgets of a page of fields, top to bottom."""
        self.fields = {one.name: one for one in fields}
        self.form = FormPane(page, self.fields, self._view, lambda: self.frame.context.today)
        return (self.form, self.picker)

    # values ------------------------------------------------------------------------------------

    def value_of(self, name: str) -> Any:
        """The value of a field as it stands."""
        raise NotImplementedError

    def whose(self) -> int | None:
        """The customer whose contacts and sites are offered."""
        found = self.value_of("party_id")
        return int(found) if found else None

    async def put(self, field: Field, value: Any) -> None:
        """Take a value. Raises Refused or Invalid; the text then stays."""
        raise NotImplementedError

    def _view(self, name: str) -> FieldView:
        field, value = self.fields[name], self.value_of(name)
        if field.type is FieldType.REFERENCE:
            return FieldView(value, choices.label_of(self.frame.context, field.picks, value))
        if field.type is FieldType.BOOL:
            return FieldView(None if value is None else bool(value))
        return FieldView(value)

    async def _take(self, field: Field, value: Any) -> bool:
        """Put a value and what follows from it; False, with the reason on row 23, if refused."""
        try:
            await self.put(field, value)
            if field.name == POSTCODE and TOWN in self.fields:
                towns = parties.towns(self.frame.context, str(value))
                if len(towns) == 1:
                    await self.put(self.fields[TOWN], towns[0])
                elif towns and self.value_of(TOWN) not in towns:
                    await self.put(self.fields[TOWN], "")
        except (CodialError, Invalid) as error:
            self.frame.reading.refuse(_text_of(error))
            return False
        self.form.reload()
        return True

    # what the form tells -----------------------------------------------------------------------

    async def on_form_pane_field_edited(self, notice: FormPane.FieldEdited) -> None:
        value = int(bool(notice.value)) if notice.field.type is FieldType.BOOL else notice.value
        if not await self._take(notice.field, value):
            notice.refuse()

    def on_form_pane_refused(self, notice: FormPane.Refused) -> None:
        self.frame.reading.refuse(notice.problem.text)

    def on_form_pane_entered(self, notice: FormPane.Entered) -> None:
        self.show_field(notice.field)

    def on_form_pane_picking(self, notice: FormPane.Picking) -> None:
        if notice.accept:
            self.frame.reading.refuse(f"« {notice.text[:30]} » introuvable · F4 montre la liste")
            return
        if not (notice.text or notice.opened or notice.field.required):
            self.picker.close()  # emptied, to be left empty
            self.frame.reading.say("Entrée laisse vide · F4 montre la liste")
            return
        self._list_choices(notice.field, notice.text)
        self.frame.reading.say("")
        if not self.picker.opened:
            what = f"Rien pour « {notice.text[:30]} »" if notice.text else "Aucun choix ici encore"
            self.frame.reading.say(what)

    def _list_choices(self, field: Field, text: str) -> None:
        """The list of a field above row 22, its creation last when nothing is exactly that."""
        if field.type is FieldType.CHOICE:
            self._choices = [choices.Choice(*one) for one in field.choices]
        else:
            whose = self.whose() if field.picks in choices.OF_OWNER else None
            self._choices = choices.offered(self.frame.context, field.picks, text, whose)
        if not text and not self._choices and field.picks in choices.PARTIES:
            from codial_tui.services.records import customers

            found = customers.recent(self.frame.context, LAST_SERVED)
            self._choices = [choices.Choice(hit.id, hit.name, hit.code) for hit in found]
        name = clean(text)
        exact = any(fold(one.label) == fold(name) for one in self._choices)
        create = self.creates and field.picks in choices.CREATES and len(name) > 1 and not exact
        self._open_list(field.label, name, create=create)

    def _open_list(self, title: str, typed: str = "", *, create: bool = False) -> None:
        if not self._choices and not create:
            self.picker.close()
            return
        rows = [Row(at, (one.label, one.detail)) for at, one in enumerate(self._choices)]
        self.picker.open(
            f"{title} · ↑ ↓ choisir, Entrée prendre",
            OFFERED_COLUMNS,
            ListSource(rows),
            typed=typed,
            create=create,
            entered=True,
        )

    async def on_picker_picked(self, notice: Picker.Picked) -> None:
        notice.stop()
        await self._choose(self._choices[int(str(notice.row.key))].value)

    async def on_picker_creating(self, notice: Picker.Creating) -> None:
        """A party made on the spot with the few fields it needs."""
        from .records.quick_create import QuickCreate

        notice.stop()
        self.picker.close()

        async def then(party_id: int | None) -> None:
            if party_id is not None:
                await self._choose(party_id)

        values = {"name": notice.typed}
        await self.frame.app.push_screen(QuickCreate("party", values), then)

    def on_picker_closed(self, notice: Picker.Closed) -> None:
        notice.stop()
        self.form.settle()

    async def _choose(self, value: Any) -> None:
        """Take a value that was chosen, and go on to the next field."""
        self.picker.close()
        field = self.form.current
        if field is not None and await self._take(field, value):
            self.form.settle()
            await self.form.step(1)

    async def on_form_pane_opening(self, notice: FormPane.Opening) -> None:
        """A long text has a screen of its own."""
        before = str(self.value_of(notice.field.name) or "")
        await self._open_text(notice.field, before, before, notice.typed)

    async def _open_text(
        self, field: Field, before: str, shown: str, typed: str = "", said: str = ""
    ) -> None:
        """before: the text as it is kept; shown: what is edited; said: why one is here again. A
        text that is refused is shown again, below what somebody else wrote there meanwhile; left
        once more as it is, it is given up."""

        async def done(found: str | None) -> None:
            reading = self.frame.reading
            if found is None or found == before or (said and found == shown and not typed):
                self.form.reload()
            elif await self._take(field, found):
                reading.forget()
                self.form.reload()
            elif (now := str(self.value_of(field.name) or "")) != before:
                own = f"\n\n{found}" if now else found
                await self._open_text(field, now, now, own, reading.error)
            else:
                await self._open_text(field, before, found, "", reading.error)

        screen = LongTextScreen(field.label, shown, typed=typed, limit=field.max_length, said=said)
        await self.frame.app.push_screen(screen, done)

    def show_field(self, field: Field) -> None:
        """Row 22 says what the current field is; a town with several names shows them."""
        self.picker.close()
        text = f"{field.label} · {field.help}" if field.help else field.label
        keys = {
            FieldType.REFERENCE: "F4 ou 3 lettres : la liste",
            FieldType.CHOICE: "première lettre",
            FieldType.BOOL: "O ou N",
        }.get(field.type, "")
        room = self.frame.size.width - 4  # what the field is comes before how it is filled
        self.frame.typing_line.label(hint=keys if cell_len(text) + cell_len(keys) <= room else "")
        self.frame.typing_line.show(text)
        self.frame.reading.say("")
        if field.name == TOWN and POSTCODE in self.fields:
            self._offer_towns("")

    # towns ---------------------------------------------------------------------------------------

    def _offer_towns(self, typed: str) -> None:
        """The towns of the postcode, while one of them is still to be chosen."""
        towns = parties.towns(self.frame.context, str(self.value_of(POSTCODE) or ""))
        if len(towns) < 2 or self.value_of(TOWN) in towns:
            return
        found = [one for one in towns if fold(one).startswith(fold(typed))]
        self._choices = [choices.Choice(one, one) for one in found]
        self._open_list("Ville")

    def after_press(self, press: Press) -> None:
        """A letter typed in the town field narrows the towns of the postcode."""
        current = self.form.current
        if current is not None and current.name == TOWN and press.printable:
            self._offer_towns(self.form.editor.text)

    def aim_form(self) -> None:
        """Put the keys on the form."""
        self.frame.direct(self.picker, self.form)
        if self.form.current is not None:
            self.show_field(self.form.current)

    async def pick_from_list(self) -> None:
        """F4: the list of the current field."""
        if not await self.form.open_list():
            self.frame.reading.refuse("Ce champ n'a pas de liste · tapez sa valeur")


def _text_of(error: CodialError | Invalid) -> str:
    problem = error.problems[0] if isinstance(error, (Refused, Invalid)) else None
    return problem.text if problem else str(getattr(error, "text", error))
