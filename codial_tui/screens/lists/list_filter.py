"""F7 F in a list: everything it can be narrowed to, as one form; and what it is narrowed to, in
words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codial_tui.commands import PICK, VALIDATE
from codial_tui.domain.dates import parse_period
from codial_tui.domain.entry.typing_lines import period_of, with_period
from codial_tui.domain.problems import invalid
from codial_tui.domain.spec import DocType, Field, FieldType, Page
from codial_tui.screens.form_screen import FormScreen
from codial_tui.services.context import Context
from codial_tui.services.lists import choices
from codial_tui.services.lists.list_saved import Kept
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer

from .list_rows import CHOSEN, ListState

PERIOD, BEARS = "period", "mark"


def filter_fields(kind: DocType) -> list[Field]:
    """The fields of the form, from the filters and marks that a kind declares."""
    fields = [
        kind.field(column)._replace(required=False, locked_by=frozenset(), help="", width=30)
        for name, column in CHOSEN.items()
        if name in kind.filters
    ]
    if PERIOD in kind.filters:
        help = "2026, 11/26, 10/26-11/26, 05/11/26-20/11/26, 11/26- (depuis), -11/26 (jusqu'à)."
        fields.append(Field(PERIOD, "Période", width=30, max_length=40, help=help))
    if kind.marks:
        marks = tuple((one.name, one.label) for one in kind.marks)
        none = ("", "tout")
        fields.append(Field(BEARS, "Seulement", FieldType.CHOICE, choices=(none, *marks), width=30))
    return fields


def chosen_words(context: Context, kind: DocType, state: ListState) -> list[str]:
    """Who and where a list is narrowed to: `C00128 MARTIN SARL`, `Lyon`."""
    return [
        choices.label_of(context, kind.field(name).picks, value) or "?"
        for name, value in state.chosen.items()
    ]


def kept_words(context: Context, kind: DocType | None, kept: Kept) -> str:
    """A kept filter in words: `En attente · C00128 MARTIN SARL · >1000`."""
    state, words = ListState(), []
    state.recall(kept, kind, ())
    if kind is not None:
        words = [one.plural or one.label for one in kind.states if one.name == state.state]
        words += [one.label for one in kind.marks if one.name == state.mark]
        words += chosen_words(context, kind, state)
    return " · ".join([*words, state.text] if state.text else words)


class ListFilterForm(FormScreen[ListState | None]):
    """Answers the state the list is to have, None on Esc. The last Enter or F8 answers."""

    where = "le filtre"
    creates = False

    def __init__(self, kind: DocType, state: ListState) -> None:
        self.kind, self.state = kind, state
        self.values: dict[str, Any] = {
            **state.chosen,
            PERIOD: period_of(state.text),
            BEARS: state.mark,
        }
        fields: Sequence[Field] = filter_fields(kind)
        super().__init__(Page("Filtre", tuple(one.name for one in fields)), fields)

    async def on_mount(self) -> None:
        self.title_bar.show(f"{self.kind.plural} · filtrer")
        self.tab_bar.say("Entrée passe au champ suivant ; la dernière filtre, F8 tout de suite")
        self.show_commands()
        self.resume_route()

    def value_of(self, name: str) -> Any:
        return self.values.get(name)

    async def put(self, field: Field, value: Any) -> None:
        if field.name == PERIOD and value and parse_period(value) is None:
            raise invalid("period.unreadable", f"« {value} » n'est pas une période", field.help)
        self.values[field.name] = value

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        self.finish()

    def finish(self) -> None:
        state, values = self.state, self.values
        state.text = with_period(state.text, str(values[PERIOD] or ""))
        state.chosen = {name: values[name] for name in CHOSEN.values() if values.get(name)}
        mark = str(values[BEARS] or "")
        if mark and mark != state.mark:
            state.state = ""  # a mark is looked for in all states
        state.mark, state.key = mark, None
        self.dismiss(state)

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(VALIDATE)]

    async def action_validate(self) -> None:
        if await self.form.leave():
            self.finish()

    async def back(self) -> None:
        self.dismiss(None)
